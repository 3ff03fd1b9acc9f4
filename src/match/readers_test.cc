#include "match/readers.h"

#include "testing/testing.h"

using namespace entraide;
using namespace entraide::match;
using entraide::testing::rule_of;

TEST_CASE("a line of tab-separated values is a record") {
  const TsvHead head =
      MUST(TsvHead::parse("rid\tname\talias\tdob\tgender\tcountry\tbirth_place\tfather\tphone\tremark\taudience"));
  const Record record = MUST(head.record(
      "7\tAda Invented\tA. Invented|Ada I.\t1960-05|circa 1961\tf\tfr|ke\tPort\tJan\t+33 1234567\tx\t9\r"));
  CHECK(record == Record{.id = "7",
                         .names = {{"Ada Invented"},
                                   {"A. Invented", NameKind::alias},
                                   {"Ada I.", NameKind::alias},
                                   {"Jan", NameKind::father}},
                         .born = {{1960, 5, 0}, {1961, 0, 0, true}},
                         .gender = Gender::female,
                         .countries = {"fr", "ke"},
                         .birth_places = {"Port"},
                         .identifiers = {{IdentifierType::phone, "+33 1234567"}},
                         .audience = 9});
  // Fields may end early; a date that nobody can read is left out.
  CHECK(MUST(head.record("8\tBo\t\tunknown")) == Record{.id = "8", .names = {{"Bo"}}});
}

TEST_CASE("a table without names, or a line that does not fit it, is refused") {
  CHECK(rule_of(TsvHead::parse("")) == "match.line.head");
  CHECK(rule_of(TsvHead::parse("id\tnom")) == "match.line.head");
  CHECK(rule_of(TsvHead::parse("name\tname")) == "match.line.head");
  CHECK(rule_of(TsvHead::parse("rid\tid\tname")) == "match.line.head");
  const TsvHead head = MUST(TsvHead::parse("id\tname\taudience"));
  CHECK(rule_of(head.record("1\tAda\t7\tmore")) == "match.line.columns");
  CHECK(rule_of(head.record("1\tAda\tx")) == "match.line.columns");
  CHECK(rule_of(head.record("1\tAda\t70000")) == "match.record.size");
  CHECK(rule_of(head.record("\tAda")) == "match.record.id");
  CHECK(rule_of(head.record(std::string(kLineBytesMax + 1, 'x'))) == "match.line.size");
  CHECK(MUST(MUST(TsvHead::parse("name")).record("Ada")).id.empty());
}

TEST_CASE("a FollowTheMoney person is a record, a company is none") {
  const auto record = MUST(record_from_entity(
      R"({"id":"q1","schema":"Person","properties":{"name":["Ada Invented"],"weakAlias":["Owl"],"previousName":["Ada Olden"],)"
      R"("birthDate":["1960-05-20"],"gender":["female"],"nationality":["fr"],"citizenship":["fr","ke"],"birthPlace":["Port"],)"
      R"("motherName":["Eva"],"passportNumber":["X1234567"],"notes":["kept elsewhere"]}})"));
  CHECK(*record == Record{.id = "q1",
                          .names = {{"Ada Invented"},
                                    {"Owl", NameKind::weak_alias},
                                    {"Ada Olden", NameKind::former},
                                    {"Eva", NameKind::mother}},
                          .born = {{1960, 5, 20}},
                          .gender = Gender::female,
                          .countries = {"fr", "ke"},
                          .birth_places = {"Port"},
                          .identifiers = {{IdentifierType::document, "X1234567"}}});
  CHECK(!MUST(record_from_entity(R"({"id":"q2","schema":"Company","properties":{"name":["Invented Ltd"]}})")));
}

TEST_CASE("a line that is no entity is refused") {
  CHECK(rule_of(record_from_entity("")) == "json.syntax");
  CHECK(rule_of(record_from_entity("{}")) == "match.line.entity");
  CHECK(rule_of(record_from_entity(R"({"id":1,"schema":"Person","properties":{}})")) == "match.line.entity");
  CHECK(rule_of(record_from_entity(R"({"id":"a","schema":"Person","properties":{"name":"Ada"}})")) ==
        "match.line.entity");
  CHECK(rule_of(record_from_entity(R"({"id":"","schema":"Person","properties":{}})")) == "match.record.id");
  CHECK(rule_of(record_from_entity(std::string(kLineBytesMax + 1, ' '))) == "match.line.size");
}
