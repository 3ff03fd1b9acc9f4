#include "rulebook/lint.h"
#include "rulebook/show.h"
#include "rulebook/small_rulebook_for_test.h"

namespace entraide::rulebook {

using testing::rule_of;
using testing_world::changed;
using testing_world::small_files;
using testing_world::small_rules;

namespace {

/// The rule by which the changed rulebook is refused, and whether the error says where.
std::string refused(std::string_view file, std::string_view from, std::string_view to) {
  const auto loaded = load(changed(file, from, to));
  if (loaded) return "accepted";
  CHECK(!loaded.error().path.empty());
  CHECK(loaded.error().message.starts_with(loaded.error().path.substr(0, 5)));
  return loaded.error().rule;
}

constexpr std::string_view kKind = "kinds/question.json";
constexpr std::string_view kForm = "forms/question.ask.json";

}  // namespace

TEST_CASE("a small rulebook loads, and knows its acts") {
  const auto types = small_rules().act_types();
  CHECK(types == std::vector<std::string>{"question.ask", "question.answer", "question.prolong", "question.pass",
                                          "question.close", "thanks.say"});
}

TEST_CASE("the digest changes with any rule, and not with an example") {
  Files with_example = small_files();
  with_example["examples/question/x.json"] = R"({"examples": []})";
  CHECK(MUST(load(std::move(with_example))).digest() == small_rules().digest());
  const Rulebook other = MUST(load(changed(kKind, "PT8H", "PT9H")));
  CHECK(other.digest() != small_rules().digest());
}

TEST_CASE("a file that is no strict JSON is refused") {
  CHECK(refused(kKind, "{\"kind\"", "{\"kind\": 1, \"kind\"") == "rulebook.syntax");
  CHECK(refused(kKind, "P5Y\"", "P5Y") == "rulebook.syntax");
}

TEST_CASE("a member that nobody knows, or that is missing, is refused") {
  CHECK(refused(kKind, "\"label\"", "\"labels\"") == "rulebook.member");
  CHECK(refused(kKind, "\"final\": true", "\"final\": 1") == "rulebook.member");
  CHECK(refused(kKind, "\"roles\": [\"officer\"],", "") == "rulebook.member");
  CHECK(refused(kKind, "\"to\": \"asked\",", "") == "rulebook.member");
  CHECK(refused(kKind, "\"from\": null,", "") == "rulebook.member");
  CHECK(refused(kKind, "\"by\": \"either\"", "\"by\": \"anybody\"") == "rulebook.member");
  CHECK(refused(kKind, "step-up", "strong") == "rulebook.member");
  CHECK(refused(kKind, "\"after\": \"final\"", "\"after\": \"never\"") == "rulebook.member");
  CHECK(refused(kForm, "\"in\": \"sealed\"", "\"in\": \"both\"") == "rulebook.member");
  CHECK(refused(kForm, "\"in\": \"sealed\"", "\"in\": \"sealed\", \"prefill\": \"today\"") == "accepted");
  CHECK(refused(kForm, "\"in\": \"sealed\"", "\"in\": \"sealed\", \"prefill\": \"case.facts\"") == "accepted");
  CHECK(refused(kForm, "\"in\": \"sealed\"", "\"in\": \"sealed\", \"prefill\": \"tomorrow\"") == "rulebook.member");
  CHECK(refused(kForm, "\"in\": \"sealed\"", "\"in\": \"sealed\", \"prefill\": \"case.\"") == "rulebook.name");
  CHECK(refused(kKind, "\"owner\": \"requested\"", "\"owner\": \"either\"") == "rulebook.member");
  CHECK(refused("rules-of-use.json", "\"by\": \"agreement\"", "\"by\": \"chance\"") == "rulebook.member");
  CHECK(refused("directory.json", "\"count\": \"threshold\"", "\"count\": 0") == "rulebook.member");
  CHECK(refused("directory.json", "\"P7D\"", "\"-P7D\"") == "rulebook.period");
  CHECK(refused("directory.json", "\"P7D\"", "\"PT4M59S\"") == "rulebook.period");
  CHECK(refused("directory.json", "\"P7D\"", "\"a week\"") == "rulebook.period");
  CHECK(refused("delivery.json", "\"P1D\"", "\"-P1D\"") == "rulebook.period");
  CHECK(refused("delivery.json", "\"PT1H\"", "\"soon\"") == "rulebook.period");
  CHECK(refused("delivery.json", "\"urgent\"", "\"hurry\"") == "rulebook.member");
  CHECK(refused("instruments/pact.json", "2020-01-01", "2020-13-01") == "rulebook.member");
  CHECK(refused("rulebook.json", "\"entraide\"", "\"other\"") == "rulebook.member");
  CHECK(refused("kinds/thanks.json", "\"on\": \"question.close\"", "\"on\": \"thanks.say\"") == "rulebook.member");
}

TEST_CASE("every rule says its source, and how sure we are of it") {
  CHECK(refused(kKind, "\"to\": \"answered\", \"form\": \"question.answer\", \"source\": \"treaty.1\"",
                "\"to\": \"answered\", \"form\": \"question.answer\"") == "rulebook.member");
  CHECK(refused(kKind, "\"confidence\": \"text\",", "") == "rulebook.member");
  CHECK(refused(kKind, "\"confidence\": \"text\",", "\"confidence\": \"hearsay\",") == "rulebook.member");
  CHECK(refused(kKind, "\"source\": \"treaty.2\"", "\"source\": \"treaty.9\"") == "rulebook.reference");
  CHECK(refused(kKind, "\"source\": \"treaty.2\"", "\"source\": \"nowhere.2\"") == "rulebook.reference");
  CHECK(refused(kKind, "\"source\": \"treaty.2\"", "\"source\": \"treaty\"") == "rulebook.name");
}

TEST_CASE("names are lower case, unique, and those of their files") {
  CHECK(refused(kKind, "\"kind\": \"question\"", "\"kind\": \"answer\"") == "rulebook.name");
  CHECK(refused(kKind, "\"t\": \"question.ask\"", "\"t\": \"query.ask\"") == "rulebook.name");
  CHECK(refused(kKind, "\"t\": \"question.ask\"", "\"t\": \"question.Ask\"") == "rulebook.name");
  CHECK(refused(kKind, "\"t\": \"question.prolong\"", "\"t\": \"question.answer\"") == "rulebook.name");
  CHECK(refused(kKind, "{\"state\": \"lapsed\", \"final\": true}", "{\"state\": \"asked\"}") == "rulebook.name");
  CHECK(refused(kKind, "{\"state\": \"lapsed\"", "{\"state\": \"any\"") == "rulebook.name");
  CHECK(refused(kForm, "\"field\": \"years\"", "\"field\": \"speed\"") == "rulebook.name");
  CHECK(refused(kKind, "question.close.answered", "decide.close") == "rulebook.name");
  CHECK(refused("vocab/speed.json", "\"slow\"", "\"fast\"") == "rulebook.name");
}

TEST_CASE("what is named must be there") {
  CHECK(refused(kKind, "\"to\": \"asked\"", "\"to\": \"heard\"") == "rulebook.reference");
  CHECK(refused(kKind, "\"from\": [\"asked\"]", "\"from\": [\"heard\"]") == "rulebook.reference");
  CHECK(refused(kKind, "\"form\": \"question.ask\"", "\"form\": \"question.shout\"") == "rulebook.reference");
  CHECK(refused(kKind, "\"starts\": [\"question.reply\"]", "\"starts\": [\"question.rest\"]") ==
        "rulebook.reference");
  CHECK(refused(kKind, "\"lapse\": \"question.lapse\"", "\"lapse\": \"question.close\"") == "rulebook.reference");
  CHECK(refused(kKind, "\"roles\": [\"officer\"]", "\"roles\": [\"cook\"]") == "rulebook.reference");
  CHECK(refused(kKind, "\"role\": \"magistrate\"", "\"role\": \"cook\"") == "rulebook.reference");
  CHECK(refused(kKind, "[\"bureau\", \"court\"]", "[\"kitchen\"]") == "rulebook.reference");
  CHECK(refused(kKind, "\"basis\": [\"treaty.1\"", "\"basis\": [\"treaty.8\"") == "rulebook.reference");
  CHECK(refused(kKind, "\"label\": [\"speed\"]", "\"label\": [\"text\"]") == "rulebook.reference");
  CHECK(refused(kKind, "label.speed", "label.colour") == "rulebook.reference");
  CHECK(refused(kKind, "thread.question", "thread.nothing") == "rulebook.reference");
  CHECK(refused(kForm, "\"vocab\": \"speed\"", "\"vocab\": \"colour\"") == "rulebook.reference");
  CHECK(refused(kForm, "field.speed", "field.colour") == "rulebook.reference");
  CHECK(refused("kinds/thanks.json", "question.close", "question.open") == "rulebook.reference");
  CHECK(refused("kinds/thanks.json", "\"to\": \"done\"", "\"to\": \"gone\"") == "rulebook.reference");
}

TEST_CASE("the hub is never asked to look into what is sealed") {
  CHECK(refused(kKind, "{\"equals\": [\"thread.question\", \"answered\"]}",
                "{\"equals\": [\"field.text\", \"answered\"]}") == "rulebook.reference");
  CHECK(refused(kForm, "{\"equals\": [\"field.speed\", \"fast\"]}", "{\"equals\": [\"field.text\", \"fast\"]}") ==
        "rulebook.schema");
  CHECK(refused("forms/question.answer.json", "\"field\": \"until\", \"in\": \"routing\"",
                "\"field\": \"until\", \"in\": \"sealed\"") == "rulebook.reference");
  CHECK(refused("forms/thanks.say.json", "\"in\": \"routing\"", "\"in\": \"sealed\"") == "rulebook.reference");
}

TEST_CASE("conditions are of the closed vocabulary") {
  const std::string_view good = "{\"equals\": [\"thread.question\", \"answered\"]}";
  CHECK(refused(kKind, good, "{\"matches\": [\"thread.question\", \".*\"]}") == "rulebook.condition");
  CHECK(refused(kKind, good, "{\"equals\": [\"thread.question\"]}") == "rulebook.condition");
  CHECK(refused(kKind, good, "{\"equals\": [\"the weather\", \"fine\"]}") == "rulebook.condition");
  CHECK(refused(kKind, good, "{\"all\": []}") == "rulebook.condition");
  CHECK(refused(kKind, good, "{}") == "rulebook.condition");
  CHECK(refused(kKind, good, "{\"within\": [\"now\", \"60 days\"]}") == "rulebook.condition");
  CHECK(refused(kKind, good, "{\"sealed_to\": \"nobody\"}") == "rulebook.condition");
  CHECK(refused(kKind, good, "{\"count_at_least\": [\"signers\", true]}") == "rulebook.condition");
  CHECK(refused(kKind, good, "{\"in\": [\"thread.question\", []]}") == "rulebook.condition");
  CHECK(refused(kKind, good, "{\"basis_is\": \"treaty\"}") == "rulebook.condition");
  CHECK(refused(kForm, "{\"equals\": [\"field.speed\", \"fast\"]}", "{\"has_role\": \"officer\"}") ==
        "rulebook.condition");
  CHECK(refused(kForm, "{\"equals\": [\"field.speed\", \"fast\"]}", "{\"equals\": [\"signers\", 2]}") ==
        "rulebook.condition");
}

TEST_CASE("periods and schemas are checked") {
  CHECK(refused(kKind, "\"P7D\"", "\"7 days\"") == "rulebook.period");
  CHECK(refused(kKind, "\"-P1D\"", "\"P\"") == "rulebook.period");
  CHECK(refused(kForm, "\"type\": \"integer\"", "\"type\": \"number\"") == "rulebook.schema");
  CHECK(refused(kForm, "\"minLength\": 3", "\"minLength\": 30") == "rulebook.schema");
  CHECK(refused(kForm, "\"minLength\": 3", "\"minLength\": 0") == "rulebook.schema");
  CHECK(refused(kForm, "\"format\": \"basis\"", "\"format\": \"law\"") == "rulebook.schema");
  CHECK(refused(kForm, "\"vocab\": \"speed\"", "\"vocab\": \"speed\", \"format\": \"date\"") == "rulebook.schema");
  CHECK(refused("forms/question.answer.json", "\"items\": {\"type\": \"string\", \"vocab\": \"ground\"}",
                "\"items\": {\"type\": \"array\", \"items\": {\"type\": \"boolean\"}}") == "rulebook.schema");
}

TEST_CASE("profiles fit their form, words their languages, files their places") {
  CHECK(refused("profiles/bb.json", "\"accepts\": true, ", "") == "rulebook.profile");
  CHECK(refused("profiles/bb.json", "\"threshold\": 3", "\"threshold\": \"three\"") == "rulebook.profile");
  Files files = small_files();
  files["words/xx/a.json"] = "{}";
  CHECK(rule_of(load(files)) == "rulebook.words");
  files.erase("words/xx/a.json");
  files["words/en/a.json"] = R"({"kind.question": "Question"})";
  CHECK(load(files).has_value());
  files["words/en/b.json"] = R"({"kind.question": "Question again"})";
  CHECK(rule_of(load(files)) == "rulebook.words");
  files.erase("words/en/b.json");
  files["notes/a.json"] = "{}";
  CHECK(rule_of(load(files)) == "rulebook.file");
  CHECK(rule_of(load(Files{})) == "rulebook.file");
  CHECK(rule_of(load_folder("/nowhere/at/all")) == "rulebook.folder");
}

TEST_CASE("a bundle is read strictly") {
  const std::string good = small_rules().bundle();
  CHECK(MUST(load_bundle(bytes_of(good))).digest() == small_rules().digest());
  CHECK(rule_of(load_bundle(bytes_of(std::string_view("[]")))) == "rulebook.bundle");
  CHECK(rule_of(load_bundle(bytes_of(std::string_view("{\"files\": {\"rulebook.json\": 1}}")))) == "rulebook.bundle");
  CHECK(rule_of(load_bundle(bytes_of(std::string_view("{\"files\": {\"examples/a.json\": \"{}\"}}")))) ==
        "rulebook.bundle");
  CHECK(rule_of(load_bundle(bytes_of(std::string_view(good).substr(0, good.size() / 2)))) == "rulebook.bundle");
}

TEST_CASE("show prints a kind, and says when there is none") {
  const std::string text = MUST(show(small_rules(), "question", "en"));
  CHECK(text.find("question.ask") != std::string::npos);
  CHECK(text.find("60 `show.days`") != std::string::npos);  // a word that is missing shows its key
  CHECK(rule_of(show(small_rules(), "riddle", "en")) == "rulebook.kind");
  CHECK(rule_of(show(small_rules(), "question", "tlh")) == "rulebook.language");
}

// ---- lint ----------------------------------------------------------------------------------

namespace {
bool lint_says(Files files, std::string_view path, std::string_view what) {
  const Rulebook rules = MUST(load(std::move(files)));
  for (const Finding& finding : lint(rules))
    if (finding.path == path && finding.what.find(what) != std::string::npos)
      return !finding.mend.empty() && !finding.file.empty();
  return false;
}
}  // namespace

TEST_CASE("lint sees states that are never reached or never left") {
  CHECK(lint_says(changed(kKind, "{\"state\": \"lapsed\"", "{\"state\": \"island\"}, {\"state\": \"lapsed\""),
                  "question.island", "cannot be reached"));
  CHECK(lint_says(changed(kKind, "{\"state\": \"lapsed\", \"final\": true}", "{\"state\": \"lapsed\"}"),
                  "question.lapsed", "") == false);  // `from any` leads out of it
  CHECK(lint_says(changed("kinds/thanks.json", "[\"said\"]", "[\"done\"]"), "thanks.said", "no way out"));
  CHECK(lint_says(
      changed(kKind, "\"from\": [\"answered\"], \"to\": \"same\"", "\"from\": [\"closed\"], \"to\": \"answered\""),
      "question.prolong", "out of the final state"));
}

TEST_CASE("lint sees clocks that nobody starts, or that their owner cannot stop") {
  CHECK(lint_says(small_files(), "thanks.smile", "nothing that stops it"));
  CHECK(lint_says(changed(kKind, "\"starts\": [\"question.reply\"],", ""), "question.reply", "nothing starts"));
  CHECK(lint_says(changed(kKind, "\"fast\": \"PT8H\"", "\"rapid\": \"PT8H\""), "question.reply", "no code"));
  CHECK(lint_says(changed(kKind, "\"lapse\": \"question.lapse\",", ""), "question.lapse", "no clock lapses"));
}

TEST_CASE("lint sees words, uses and lists that are missing or idle") {
  CHECK(lint_says(small_files(), "state.question.asked", "no words in `en`"));
  CHECK(lint_says(small_files(), "rule.question.close.answered", "no words"));
  Files files = small_files();
  files["words/en/a.json"] = R"({"state.question.lost": "Lost", "hint.question.ask.colour": "x"})";
  CHECK(lint_says(files, "state.question.lost", "nothing asks"));
  CHECK(lint_says(files, "hint.question.ask.colour", "no field"));
  CHECK(lint_says(changed("rules-of-use.json", "decide.state", "decide.mood"), "1", "is no rule"));
  CHECK(lint_says(small_files(), "decide.role", "no article"));
  files = small_files();
  files["vocab/idle.json"] =
      R"({"vocab": "idle", "source": "treaty.1", "confidence": "text", "codes": [{"code": "x"}]})";
  files["forms/idle.json"] = R"({"form": "idle", "source": "treaty.1", "confidence": "text", "sections": []})";
  CHECK(lint_says(files, "idle", "no form uses"));
  CHECK(lint_says(files, "idle", "no transition uses"));
  CHECK(lint_says(changed(kForm, "[\"field.speed\", \"fast\"]", "[\"field.speed\", \"rapid\"]"),
                  "question.ask.why_fast", "no code"));
}

TEST_CASE("lint asks for an example of each transition, allowed and refused, and runs them") {
  Files files = small_files();
  files["examples/question/a.json"] =
      R"({"examples": [{"name": "wrong hope", "given": {"thread": {"kind": "question", "state": "asked"}},
    "when": {"t": "question.close", "at": "2031-01-01T00:00:00Z"}, "then": {"decision": "allowed"}}]})";
  CHECK(lint_says(files, "wrong hope", "expected allowed, found refused by question.close.answered"));
  CHECK(lint_says(files, "question.ask", "no example allows"));
  CHECK(lint_says(files, "question.ask", "no example refuses"));
  CHECK(lint_says(files, "question.close.answered", "no example is refused by this rule"));
}

}  // namespace entraide::rulebook
