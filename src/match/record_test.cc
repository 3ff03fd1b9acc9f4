#include "match/identifiers.h"
#include "testing/testing.h"

using namespace entraide;
using namespace entraide::match;
using entraide::testing::rule_of;

TEST_CASE("a birth date is read as far as it is known, and written the same") {
  for (const char* text : {"1960-05-20", "1960-05", "1960", "circa 1960", "1960-02-29"})
    CHECK(MUST(BirthDate::parse(text)).text() == text);
  CHECK(MUST(BirthDate::parse("~1957")).circa);
}

TEST_CASE("a day that does not exist is no birth date") {
  for (const char* text : {"", "60", "1960-13", "1960-00-01", "1961-02-29", "1960-05-32", "1960-05-20x", "1960/05",
                           "0000", "1960-5-2", "circa"})
    CHECK_MESSAGE(rule_of(BirthDate::parse(text)) == "match.record.date", text);
}

TEST_CASE("a record keeps its bounds") {
  const Record good{.id = "a", .names = {{"Ada"}}, .born = {{1960, 2, 29}}, .countries = {"fr", "KE"}};
  CHECK(rule_of(check(good)) == "accepted");
  const auto with = [&](auto change) {
    Record record = good;
    change(record);
    return rule_of(check(record));
  };
  CHECK(with([](Record& r) { r.id = ""; }) == "match.record.id");
  CHECK(with([](Record& r) { r.id.assign(256, 'x'); }) == "match.record.id");
  CHECK(with([](Record& r) { r.names.resize(256); }) == "match.record.size");
  CHECK(with([](Record& r) { r.names[0].text.assign(5000, 'x'); }) == "match.record.size");
  CHECK(with([](Record& r) { r.born[0].day = 30; }) == "match.record.date");
  CHECK(with([](Record& r) { r.born[0].month = 0; }) == "match.record.date");
  CHECK(with([](Record& r) { r.countries = {"fra"}; }) == "match.record.country");
  CHECK(with([](Record& r) { r.countries = {"1f"}; }) == "match.record.country");
  CHECK(with([](Record& r) { r.audience = 65'536; }) == "match.record.size");
}

TEST_CASE("the kinds of names and identifiers have words, and no other words are taken") {
  for (std::size_t i = 0; i < kNameKinds; ++i)
    CHECK(MUST(name_kind(word_for(static_cast<NameKind>(i)))) == static_cast<NameKind>(i));
  CHECK(rule_of(name_kind("nick")) == "match.record.kind");
  for (std::size_t i = 0; i < kIdentifierTypes; ++i)
    CHECK(MUST(identifier_type(word_for(static_cast<IdentifierType>(i)))) == static_cast<IdentifierType>(i));
  CHECK(rule_of(identifier_type("shoe size")) == "match.record.identifier");
}

TEST_CASE("an identifier has one spelling, however it is written") {
  struct Case {
    IdentifierType type;
    const char* written;
    const char* normal;
  };
  for (const Case& of :
       {Case{IdentifierType::iban, "gb82 west 1234 5698 7654 32", "GB82WEST12345698765432"},
        Case{IdentifierType::phone, "+33 (0)1-23 45", "33012345"},
        Case{IdentifierType::phone, "0033 123 45 67", "331234567"}, Case{IdentifierType::phone, "12", ""},
        Case{IdentifierType::e_mail, " <Ada@Example.ORG>", "ada@example.org"},
        Case{IdentifierType::e_mail, "nobody", ""}, Case{IdentifierType::plate, "ab-123-cd", "AB123CD"},
        Case{IdentifierType::document, "l898902c", "L898902C"},
        Case{IdentifierType::imei, "49-015420-323751-8", "490154203237518"},
        Case{IdentifierType::wallet, "0xAbC 123", "0xabc123"},
        Case{IdentifierType::wallet, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"}})
    CHECK_MESSAGE(normal_form({of.type, of.written}) == of.normal, of.written);
}

TEST_CASE("check digits tell a written identifier from a mistyped one") {
  CHECK(check_digits(IdentifierType::iban, "GB82WEST12345698765432") == true);
  CHECK(check_digits(IdentifierType::iban, "GB82WEST12345698765433") == false);
  CHECK(check_digits(IdentifierType::imei, "490154203237518") == true);
  CHECK(check_digits(IdentifierType::imei, "490154203237519") == false);
  CHECK(check_digits(IdentifierType::document, "L898902C36") == true);
  CHECK(!check_digits(IdentifierType::plate, "AB123CD").has_value());
}

TEST_CASE("one wrong character leads back to the identifier that was meant") {
  const auto has = [](const std::vector<std::string>& list, const char* wanted) {
    return std::find(list.begin(), list.end(), wanted) != list.end();
  };
  const auto iban = near_forms(IdentifierType::iban, "GB82WEST12345698765423");  // two digits swapped
  CHECK(has(iban, "GB82WEST12345698765432"));
  CHECK(iban.size() < 60);  // the check digits leave few
  CHECK(has(near_forms(IdentifierType::imei, "490154203237578"), "490154203237518"));
  CHECK(has(near_forms(IdentifierType::document, "AB1234568"), "AB1234567"));
  CHECK(near_forms(IdentifierType::iban, "GB82WEST12345698765432").empty());  // it holds: it is meant as written
  CHECK(near_forms(IdentifierType::e_mail, "ada@example.org").empty());
}
