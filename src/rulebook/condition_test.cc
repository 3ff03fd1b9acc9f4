#include "rulebook/condition.h"

#include "codec/codec.h"
#include "rulebook/model.h"
#include "rulebook/small_rulebook_for_test.h"

namespace entraide::rulebook {

using codec::Json;
using testing_world::small_rules;

namespace {

const Authority kA{Subject("au:aa:one"), "bureau", "aa"};
const Authority kB{Subject("au:bb:two"), "court", "bb"};

/// A condition, as it is written, over one invented act on one invented case.
bool is_true(std::string_view text) {
  const Json json = MUST(codec::parse_json(text));
  std::vector<Reference> references;
  const Condition condition = MUST(parse_condition(json, "test", ConditionPlace::transition, references));
  static const Json answers = MUST(codec::parse_json(std::string_view(
      R"({"word": "red", "n": 4, "yes": true, "list": ["a", "b"], "none": [], "day": "2031-03-10", "time": "2031-03-02T10:00:00+01:00",
          "grounds": ["g1"], "blank": "  "})")));
  static const Json label = Json::object({{"speed", "fast"}});
  static const Json profile = Json::object({{"threshold", 3}, {"accepts", true}});
  CaseState state;
  state.threads.push_back({"question", "asked", "treaty.1", kA, kB, Json::object()});
  state.clocks.push_back({"question.reply", kB.id, from_seconds(1'930'000'000)});
  state.happened["question.ask"] = 2;
  ActFacts act;
  act.actor = kA;
  act.receivers = {kB};
  act.signers = {{Subject("of:aa:1"), {"officer"}, DeviceLevel::hw},
                 {Subject("of:aa:2"), {"magistrate"}, DeviceLevel::hw}};
  act.objects = {{"doc", {kA.id, kB.id}}};
  const Scope scope{.model = small_rules().model(),
                    .state = &state,
                    .act = &act,
                    .requesting = &kA,
                    .requested = &kB,
                    .actor = &kA,
                    .basis = "treaty.1.b",
                    .answers = &answers,
                    .label = &label,
                    .profile = &profile,
                    .now = MUST(codec::from_rfc3339("2031-03-02T09:00:00Z"))};
  return holds(condition, scope);
}

}  // namespace

TEST_CASE("each condition is true when it should be, and false when it should not") {
  const std::pair<std::string_view, bool> table[] = {
      {R"({"equals": ["field.word", "red"]})", true},
      {R"({"equals": ["field.word", "blue"]})", false},
      {R"({"equals": ["field.n", 4]})", true},
      {R"({"equals": ["field.yes", true]})", true},
      {R"({"equals": ["field.yes", "true"]})", false},
      {R"({"equals": ["field.absent", "red"]})", false},
      {R"({"not": {"equals": ["field.absent", "red"]}})", true},
      {R"({"equals": ["label.speed", "fast"]})", true},
      {R"({"equals": ["thread.question", "asked"]})", true},
      {R"({"equals": ["thread.thanks", "none"]})", true},
      {R"({"equals": ["actor.kind", "bureau"]})", true},
      {R"({"equals": ["receiver.country", "bb"]})", true},
      {R"({"equals": ["profile.accepts", true]})", true},
      {R"({"in": ["field.word", ["blue", "red"]]})", true},
      {R"({"in": ["field.list", ["a", "b", "c"]]})", true},
      {R"({"in": ["field.list", ["a"]]})", false},
      {R"({"in": ["field.none", ["a"]]})", false},
      {R"({"contains": ["field.list", "b"]})", true},
      {R"({"contains": ["field.list", "c"]})", false},
      {R"({"contains": ["field.word", "red"]})", false},  // no list
      {R"({"contains": ["field.absent", "a"]})", false},
      {R"({"all": [{"equals": ["field.n", 4]}, {"equals": ["field.n", 5]}]})", false},
      {R"({"any": [{"equals": ["field.n", 4]}, {"equals": ["field.n", 5]}]})", true},
      {R"({"has_role": "magistrate"})", true},
      {R"({"has_role": "cook"})", false},
      {R"({"same_authority": ["actor", "requesting"]})", true},
      {R"({"same_authority": ["actor", "receiver"]})", false},
      {R"({"sealed_to": "requested"})", true},
      {R"({"basis_is": ["treaty"]})", true},
      {R"({"basis_is": ["treaty.1"]})", true},
      {R"({"basis_is": ["treat"]})", false},
      {R"({"basis_is": ["treaty.1.b.2", "pact"]})", false},
      {R"({"within": ["field.day", "P8D"]})", true},
      {R"({"within": ["field.day", "P7DT15H"]})", true},
      {R"({"within": ["field.day", "P6D"]})", false},
      {R"({"within": ["field.word", "P9D"]})", false},
      {R"({"within": ["field.absent", "P9D"]})", false},
      {R"({"before": ["now", "field.day"]})", true},
      {R"({"before": ["field.day", "now"]})", false},
      {R"({"before": ["field.time", "now"]})", false},  // the same instant, written with another offset
      {R"({"before": ["now", "clock.question.reply"]})", false},
      {R"({"before": ["now", "clock.question.end"]})", false},
      {R"({"ground_in": ["g1", "g2"]})", true},
      {R"({"ground_in": ["g2"]})", false},
      {R"({"ground_in": "ground"})", true},
      {R"({"ground_in": "speed"})", false},
      {R"({"count_at_least": ["field.list", 2]})", true},
      {R"({"count_at_least": ["field.list", 3]})", false},
      {R"({"count_at_least": ["field.none", 1]})", false},
      {R"({"count_at_least": ["field.blank", 1]})", false},
      {R"({"count_at_least": ["field.word", 1]})", true},
      {R"({"count_at_least": ["field.n", 4]})", true},
      {R"({"count_at_least": ["field.n", 5]})", false},
      {R"({"count_at_least": ["field.n", "profile.threshold"]})", true},
      {R"({"count_at_least": ["profile.threshold", "field.n"]})", false},
      {R"({"count_at_least": ["field.n", "profile.absent"]})", false},
      {R"({"count_at_least": ["happened.question.ask", 2]})", true},
      {R"({"count_at_least": ["happened.question.close", 1]})", false},
      {R"({"count_at_least": ["signers", 2]})", true},
      {R"({"count_at_least": ["signers", 3]})", false},
  };
  for (const auto& [text, expected] : table) {
    CAPTURE(text);
    CHECK(is_true(text) == expected);
  }
}

TEST_CASE("periods are read and added by the calendar") {
  const auto moved = [](std::string_view from, std::string_view period) {
    const auto parsed = parse_period(period);
    REQUIRE(parsed);
    return codec::rfc3339(add(MUST(codec::from_rfc3339(from)), *parsed));
  };
  CHECK(moved("2031-03-02T09:00:00Z", "P60D") == "2031-05-01T09:00:00Z");
  CHECK(moved("2031-03-02T09:00:00Z", "PT8H") == "2031-03-02T17:00:00Z");
  CHECK(moved("2031-01-31T09:00:00Z", "P1M") == "2031-02-28T09:00:00Z");
  CHECK(moved("2032-01-31T09:00:00Z", "P1M") == "2032-02-29T09:00:00Z");
  CHECK(moved("2032-02-29T09:00:00Z", "P1Y") == "2033-02-28T09:00:00Z");
  CHECK(moved("2031-03-02T09:00:00Z", "-P21D") == "2031-02-09T09:00:00Z");
  CHECK(moved("2031-03-02T09:00:00Z", "P1W") == "2031-03-09T09:00:00Z");
  CHECK(moved("2031-03-02T09:00:00Z", "P1DT12H30M5S") == "2031-03-03T21:30:05Z");
  for (const std::string_view bad : {"", "P", "PT", "60D", "P60", "P1H", "PT1D", "P1D1D", "P1D1M", "P-1D", "--P1D",
                                     "P99999D", "P1DT", "p1d", "P1.5D"}) {
    CAPTURE(bad);
    CHECK(!parse_period(bad));
  }
}

TEST_CASE("dates and times are real ones, and a time has its offset") {
  CHECK(parse_date("2032-02-29"));
  CHECK(parse_date("1871-01-18"));
  for (const std::string_view bad :
       {"2031-02-29", "2031-13-01", "2031-00-10", "0000-01-01", "31-01-01", "2031/01/01", "2031-1-1", "2031-01-01T"})
    CHECK(!parse_date(bad));
  CHECK(parse_date_time("2031-03-02T10:00:00+01:00") == parse_date_time("2031-03-02T09:00:00Z"));
  CHECK(parse_date_time("2031-03-02T00:30:00-05:30") == parse_date_time("2031-03-02T06:00:00Z"));
  for (const std::string_view bad :
       {"2031-03-02T10:00:00", "2031-03-02 10:00:00Z", "2031-03-02T24:00:00Z", "2031-03-02T10:60:00Z",
        "2031-03-02T10:00:60Z", "2031-03-02T10:00:00+15:00", "2031-03-02T10:00:00+0100", "2031-03-02T10:00Z"})
    CHECK(!parse_date_time(bad));
}

}  // namespace entraide::rulebook
