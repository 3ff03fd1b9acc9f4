#pragma once

// What the engine knows of a person: the same shape for a record that is indexed and for the person that is sought.

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/base.h"

namespace entraide::match {

/// What a written name is to the person. Weak aliases (noms de guerre, single common words) count only when they are
/// written nearly the same.
enum class NameKind : std::uint8_t { primary, alias, weak_alias, former, original_script, father, mother };
inline constexpr std::size_t kNameKinds = 7;
std::string_view word_for(NameKind kind);
Result<NameKind> name_kind(std::string_view word);  // rule: match.record.kind

struct WrittenName {
  std::string text;
  NameKind kind = NameKind::primary;
  friend bool operator==(const WrittenName&, const WrittenName&) = default;
};

/// A birth date as far as it is known: month and day are 0 where they are not. `circa`: the year is an estimate.
struct BirthDate {
  std::uint16_t year = 0;  // 1 to 4095
  std::uint8_t month = 0;
  std::uint8_t day = 0;
  bool circa = false;
  auto operator<=>(const BirthDate&) const = default;

  /// "1960-05-20", "1960-05", "1960", any of them after "circa " or "~". Rule: match.record.date.
  static Result<BirthDate> parse(std::string_view text);
  std::string text() const;
};

enum class Gender : std::uint8_t { unknown, female, male, other };
std::string_view word_for(Gender gender);

/// What an identifier is: decides how two spellings of it are brought to one, and which check digits it has.
enum class IdentifierType : std::uint8_t { document, plate, phone, e_mail, wallet, iban, imei };
inline constexpr std::size_t kIdentifierTypes = 7;
std::string_view word_for(IdentifierType type);
Result<IdentifierType> identifier_type(std::string_view word);  // rule: match.record.identifier

struct Identifier {
  IdentifierType type = IdentifierType::document;
  std::string value;
  friend bool operator==(const Identifier&, const Identifier&) = default;
};

struct Record {
  std::string id;                       // the owner's name for it, 1 to kIdBytesMax bytes, unique in an index
  std::vector<WrittenName> names;       // every one of them is searched; fathers and mothers are compared
  std::vector<BirthDate> born;          // alternatives
  Gender gender = Gender::unknown;
  std::vector<std::string> countries;   // nationalities and countries of birth, ISO 3166-1 alpha-2 in any case
  std::vector<std::string> birth_places;
  std::vector<Identifier> identifiers;
  std::uint32_t audience = 0;           // who may see it: a number whose meaning is the caller's (see Query)
  friend bool operator==(const Record&, const Record&) = default;
};

inline constexpr std::size_t kIdBytesMax = 255;
inline constexpr std::size_t kNamesMax = 255;         // of a record; also the bound of every other list
inline constexpr std::size_t kPlaceBytesMax = 1024;
inline constexpr std::uint32_t kAudienceMax = 65'535;

/// Whether a record keeps the bounds above. Rules: match.record.id, match.record.size, match.record.country,
/// match.record.date.
Result<> check(const Record& record);

}  // namespace entraide::match
