#pragma once

// Identifiers brought to one spelling, and what somebody may have meant who got one character of them wrong.

#include "match/record.h"

namespace entraide::match {

/// The spelling under which an identifier is kept: no spaces and signs, one case, ICAO 9303 letters for documents,
/// E.164 digits for phones ("0044..." and "+44..." are one), mail with its domain in lower case. Empty where nothing
/// that identifies is left. Any thread.
std::string normal_form(const Identifier& identifier);

/// Whether the check digits hold: IBAN (mod 97), IMEI (Luhn), and document numbers whose tenth character is the check
/// digit of nine (ICAO 9303). Nothing where there are none that can be checked.
std::optional<bool> check_digits(IdentifierType type, std::string_view normal);

/// A number that stands for one identifier in an index: FNV-1a and a mixer over type and normal form.
std::uint64_t key_of(IdentifierType type, std::string_view normal);

/// The identifiers one character away (another character, or two neighbours swapped) that could be meant: with check
/// digits that hold, where the type has them. Empty when the check digits of `normal` itself hold, for then it is
/// meant as written. At most kNearMax.
inline constexpr std::size_t kNearMax = 4096;
std::vector<std::string> near_forms(IdentifierType type, std::string_view normal);

}  // namespace entraide::match
