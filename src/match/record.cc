#include "match/record.h"

#include <array>
#include <charconv>

#include "text/text.h"

namespace entraide::match {
namespace {

constexpr std::array<std::string_view, kNameKinds> kNameWords = {"primary",         "alias",  "weak_alias", "former",
                                                                 "original_script", "father", "mother"};
constexpr std::array<std::string_view, kIdentifierTypes> kIdentifierWords = {"document", "plate", "phone", "e_mail",
                                                                             "wallet",   "iban",  "imei"};

template <class Kind, std::size_t size>
std::optional<Kind> kind_of(const std::array<std::string_view, size>& words, std::string_view word) {
  for (std::size_t i = 0; i < size; ++i)
    if (words[i] == word) return static_cast<Kind>(i);
  return std::nullopt;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::optional<unsigned> number(std::string_view text, std::size_t size_min, std::size_t size_max) {
  if (text.size() < size_min || text.size() > size_max) return std::nullopt;
  unsigned out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

unsigned days_in(unsigned year, unsigned month) {
  constexpr std::array<unsigned, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[month - 1];
}

bool sound(const BirthDate& date) {
  if (date.year == 0 || date.year > 4095) return false;
  if (date.month == 0) return date.day == 0;
  return date.month <= 12 && date.day <= days_in(date.year, date.month);
}

Result<> too_many(std::string_view what) {
  return fail(Errc::too_large, "match.record.size",
              std::string(what) + ": more than " + std::to_string(kNamesMax) + " of them, or one that is too long");
}

}  // namespace

std::string_view word_for(NameKind kind) { return kNameWords.at(static_cast<std::size_t>(kind)); }
std::string_view word_for(IdentifierType type) { return kIdentifierWords.at(static_cast<std::size_t>(type)); }
std::string_view word_for(Gender gender) {
  constexpr std::array<std::string_view, 4> words = {"unknown", "female", "male", "other"};
  return words.at(static_cast<std::size_t>(gender));
}

Result<NameKind> name_kind(std::string_view word) {
  if (const auto kind = kind_of<NameKind>(kNameWords, word)) return *kind;
  return fail(Errc::invalid, "match.record.kind",
              "name kind \"" + std::string(word) +
                  "\": the kinds are primary, alias, weak_alias, former, original_script, father and mother");
}

Result<IdentifierType> identifier_type(std::string_view word) {
  if (const auto type = kind_of<IdentifierType>(kIdentifierWords, word)) return *type;
  return fail(Errc::invalid, "match.record.identifier",
              "identifier type \"" + std::string(word) +
                  "\": the types are document, plate, phone, e_mail, wallet, iban and imei");
}

Result<BirthDate> BirthDate::parse(std::string_view text) {
  BirthDate out;
  std::string_view rest = text;
  for (const std::string_view mark : {"circa ", "Circa ", "ca. ", "c. ", "~"})
    if (rest.starts_with(mark)) {
      out.circa = true;
      rest.remove_prefix(mark.size());
      break;
    }
  const auto wrong = [&] {
    return fail(
        Errc::invalid, "match.record.date",
        "birth date of " + std::to_string(text.size()) + " bytes: write 1960-05-20, 1960-05, 1960 or circa 1960");
  };
  const auto year = number(rest.substr(0, 4), 4, 4);
  if (!year) return wrong();
  out.year = static_cast<std::uint16_t>(*year);
  rest.remove_prefix(4);
  for (std::uint8_t* part : {&out.month, &out.day}) {
    if (rest.empty()) break;
    if (rest[0] != '-') return wrong();
    const auto value = number(rest.substr(1, 2), 2, 2);
    if (!value || *value == 0) return wrong();
    *part = static_cast<std::uint8_t>(*value);
    rest.remove_prefix(3);
  }
  if (!rest.empty() || !sound(out)) return wrong();
  return out;
}

std::string BirthDate::text() const {
  const auto two = [](unsigned value) {
    return std::string{static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
  };
  std::string out = circa ? "circa " : "";
  out += two(year / 100) + two(year % 100);
  if (month != 0) out += "-" + two(month);
  if (day != 0) out += "-" + two(day);
  return out;
}

Result<> check(const Record& record) {
  if (record.id.empty() || record.id.size() > kIdBytesMax)
    return fail(Errc::invalid, "match.record.id",
                "id of " + std::to_string(record.id.size()) + " bytes: 1 to " + std::to_string(kIdBytesMax) +
                    " are possible");
  if (record.audience > kAudienceMax)
    return fail(Errc::too_large, "match.record.size", "audience: the greatest is " + std::to_string(kAudienceMax));
  if (record.names.size() > kNamesMax) return too_many("names");
  for (const WrittenName& name : record.names)
    if (name.text.size() > text::kNameBytesMax) return too_many("names");
  if (record.born.size() > kNamesMax) return too_many("birth dates");
  for (const BirthDate& date : record.born)
    if (!sound(date)) return fail(Errc::invalid, "match.record.date", "birth date: there is no such day");
  if (record.countries.size() > kNamesMax) return too_many("countries");
  for (const std::string& country : record.countries)
    if (country.size() != 2 || !is_letter(country[0]) || !is_letter(country[1]))
      return fail(Errc::invalid, "match.record.country", "country: write the two letters of ISO 3166-1");
  if (record.birth_places.size() > kNamesMax) return too_many("birth places");
  for (const std::string& place : record.birth_places)
    if (place.size() > kPlaceBytesMax) return too_many("birth places");
  if (record.identifiers.size() > kNamesMax) return too_many("identifiers");
  for (const Identifier& identifier : record.identifiers)
    if (identifier.value.size() > kPlaceBytesMax) return too_many("identifiers");
  return {};
}

}  // namespace entraide::match
