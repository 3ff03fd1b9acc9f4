// A rulebook from outside, and answers to its forms. The first byte says what the input is: a bundle, a condition, or answers
// and routing fields for the forms of the repository's own rulebook. Whatever comes: no crash, and what loads can be used.

#include "codec/json.h"
#include "rulebook/condition.h"
#include "rulebook/lint.h"
#include "rulebook/model.h"
#include "rulebook/show.h"

using namespace entraide;
using namespace entraide::rulebook;

namespace {

const Rulebook& repository_rules() {
  static const Rulebook rules = [] {
    auto loaded = load_folder(ENTRAIDE_SOURCE_DIR "/rulebook");
    ENSURE(loaded.has_value());
    return std::move(*loaded);
  }();
  return rules;
}

void bundle(BytesView bytes) {
  const auto loaded = load_bundle(bytes);
  if (!loaded) return;
  const std::string again = loaded->bundle();
  const auto copy = load_bundle(bytes_of(again));
  ENSURE(copy && copy->digest() == loaded->digest());
  lint(*loaded);
  for (const std::string& kind : kinds(*loaded))
    for (const std::string& language : loaded->languages()) ENSURE(show(*loaded, kind, language).has_value());
}

void condition(const codec::Json& json) {
  std::vector<Reference> references;
  const auto parsed = parse_condition(json, "fuzz", ConditionPlace::transition, references);
  if (!parsed) return;
  const codec::Json answers = codec::Json::object({{"grounds", codec::Json::array({"a"})}, {"x", "2031-03-02"}});
  holds(*parsed, Scope{.model = repository_rules().model(),
                       .basis = "uncc.40",
                       .answers = &answers,
                       .now = from_seconds(1'930'000'000)});
}

void answers(const codec::Json& json) {
  const Rulebook& rules = repository_rules();
  const Time now = from_seconds(1'930'000'000);
  for (const auto& [id, form] : rules.model().forms) {
    validate_form(rules, id, "uncc.40", json, profile_of(rules, "ke"), now);
    const PartedAnswers parted = part_answers(rules, id, "uncc.40", json, nullptr, now);
    // What is parted is what is valid or not: parting twice changes nothing.
    ENSURE(part_answers(rules, id, "uncc.40", parted.routing, nullptr, now).sealed.members().empty());
  }
  for (const std::string& type : rules.act_types()) {
    ActFacts act;
    act.type = type;
    act.actor = {Subject("au:fr:a"), "central-authority", "fr"};
    act.receivers = {{Subject("au:ke:b"), "central-authority", "ke"}};
    act.signers = {{Subject("of:fr:1"), {"officer", "magistrate"}, DeviceLevel::hw},
                   {Subject("of:fr:2"), {"officer"}, DeviceLevel::hw}};
    for (const char* role : {"doc", "sum"}) act.objects.push_back({role, {act.actor.id, act.receivers[0].id}});
    act.d = json;
    const Decision decision = decide(rules, {}, act, now);
    if (decision) apply({}, *decision, type);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const BytesView rest{data + 1, size - 1};
  if (data[0] == 'b') {
    bundle(rest);
    return 0;
  }
  const auto json = codec::parse_json(rest);
  if (!json) return 0;
  if (data[0] == 'c') condition(*json);
  else answers(*json);
  return 0;
}
