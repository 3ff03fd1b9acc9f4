#include "codec/codec.h"
#include "rulebook/small_rulebook_for_test.h"

// The engine's course through a whole form is in rulebook/examples/forms, which other languages run too; here is what the vectors do not say.

namespace entraide::rulebook {

using codec::Json;
using testing_world::changed;
using testing_world::small_rules;

namespace {

std::string defects(const Rulebook& rules, const Json& answers, std::string_view basis = "") {
  std::string out;
  for (const Defect& defect : validate_form(rules, "question.ask", basis, answers, nullptr, Time()))
    out += (out.empty() ? "" : " ") + defect.path + ":" + defect.code;
  return out;
}
std::string defects(const Json& answers) { return defects(small_rules(), answers); }

Json answers() { return Json::object({{"basis", "treaty.1"}, {"speed", "slow"}, {"text", "why not"}}); }
Json with(const char* name, Json value) {
  Json out = answers();
  out.set(name, std::move(value));
  return out;
}

}  // namespace

TEST_CASE("complete answers have no defect; an unknown form is one") {
  CHECK(defects(answers()).empty());
  CHECK(validate_form(small_rules(), "no.form", "", answers(), nullptr, Time())[0].code == "unknown");
  CHECK(defects(Json("text")) == ":type");
  CHECK(defects(Json()) == ":type");
}

TEST_CASE("the basis that the answers name decides what is mandatory") {
  CHECK(defects(with("speed", "fast")) == "why_fast:required");
  Json other = with("speed", "fast");
  other.set("basis", "pact.7");
  CHECK(defects(other).empty());
  CHECK(defects(small_rules(), other, "treaty.1").empty());  // the answers' own basis wins over the one handed in
}

TEST_CASE("answers that the form hides are removed and named; the rest is parted by who may see it") {
  Json given = with("why_fast", "left over");
  given.set("years", Json());
  CHECK(defects(given).empty());
  const PartedAnswers parted = part_answers(small_rules(), "question.ask", "", given, nullptr, Time());
  CHECK(parted.removed == std::vector<std::string>{"why_fast"});
  CHECK(parted.routing == Json::object({{"basis", "treaty.1"}, {"speed", "slow"}}));
  CHECK(parted.sealed == Json::object({{"text", "why not"}}));
}

TEST_CASE("each format takes what it is for and nothing else") {
  struct Row {
    const char* format;
    std::vector<const char*> good;
    std::vector<const char*> bad;
  };
  const Row table[] = {
      {"date", {"2031-03-02", "1900-12-31"}, {"2031-3-2", "02/03/2031", "2031-02-30"}},
      {"date-time", {"2031-03-02T09:00:00Z", "2031-03-02T09:00:00-03:30"}, {"2031-03-02T09:00:00", "2031-03-02"}},
      {"country", {"fr", "ke"}, {"FR", "fra", "f", "f1"}},
      {"email",
       {"a@b.example", "first.last+tag@sub.b.example"},
       {"a@b", "@b.example", "a b@c.example", "a@@b.example", "a@.example", "a@b.", "é@b.example"}},
      {"authority",
       {"au:fr:parquet-paris", "cc:fr", "au:fr:a.b_c"},
       {"fr", "au:fr:", "au:FR:x", "au:fr:Paris", "of:fr:x", "cc:fra"}},
      {"language", {"fr", "swa"}, {"FR", "f", "fran", "fr-ca"}},
      {"offset", {"+01:00", "-05:30", "+14:00"}, {"Z", "1", "+1:00", "+14:30", "+0100", "+00:60"}},
      {"period", {"P60D", "-PT8H"}, {"60", "P"}},
      {"basis", {"treaty.1", "pact.7"}, {"treaty", "treaty.2", "nowhere.1"}},
  };
  for (const Row& row : table) {
    CAPTURE(row.format);
    const std::string schema = std::string("{\"type\": \"string\", \"format\": \"") + row.format + "\"}";
    const Rulebook rules = MUST(load(
        changed("forms/question.ask.json", "{\"type\": \"string\", \"minLength\": 3, \"maxLength\": 10}", schema)));
    for (const char* good : row.good) CHECK_MESSAGE(defects(rules, with("text", good)).empty(), good);
    for (const char* bad : row.bad) CHECK_MESSAGE(defects(rules, with("text", bad)) == "text:format", bad);
  }
}

TEST_CASE("a profile decides what is asked of its country") {
  const Rulebook rules = MUST(load(changed("forms/question.ask.json", "{\"basis_is\": [\"treaty\"]}",
                                           "{\"equals\": [\"profile.accepts\", true]}")));
  const Json fast = with("speed", "fast");
  CHECK(validate_form(rules, "question.ask", "", fast, profile_of(rules, "bb"), Time()).size() == 1);
  CHECK(validate_form(rules, "question.ask", "", fast, profile_of(rules, "aa"), Time()).empty());
  const Json declines = Json::object({{"accepts", false}});
  CHECK(validate_form(rules, "question.ask", "", fast, &declines, Time()).empty());
}

}  // namespace entraide::rulebook
