#include "match/identifiers.h"

#include <algorithm>

namespace entraide::match {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string letters_and_digits(std::string_view text) {
  std::string out;
  for (char c : text) {
    c = upper(c);
    // Plates and numbers of other scripts keep their bytes; signs and spaces between them go.
    if (is_digit(c) || is_upper(c) || static_cast<unsigned char>(c) >= 0x80) out += c;
  }
  return out;
}

std::string phone(std::string_view text) {
  std::string out;
  bool international = false;
  for (const char c : text) {
    if (c == '+' && out.empty()) international = true;
    else if (is_digit(c)) out += c;
    else if (lower(c) == 'x' || c == ';' || c == ',') break;  // an extension
  }
  if (!international && out.starts_with("00")) out.erase(0, 2);
  return out.size() < 5 ? std::string() : out;
}

std::string mail(std::string_view text) {
  const auto from = text.find_first_not_of(" \t<"), to = text.find_last_not_of(" \t>");
  if (from == text.npos) return {};
  std::string out(text.substr(from, to - from + 1));
  const auto at = out.rfind('@');
  if (at == out.npos || at == 0 || at + 1 == out.size()) return {};
  // Nobody gives two people mailboxes that differ by case alone (RFC 5321 2.4 allows it and advises against it).
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::string wallet(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c > ' ') out += c;
  std::string small = out;
  std::transform(small.begin(), small.end(), small.begin(), lower);
  // Ethereum's capitals are a check sum and bech32 is of one case: only base58 tells capitals apart.
  return small.starts_with("0x") || small.starts_with("bc1") || small.starts_with("ltc1") ? small : out;
}

unsigned value_36(char c) {
  return is_digit(c) ? static_cast<unsigned>(c - '0') : static_cast<unsigned>(c - 'A' + 10);
}

/// ISO 13616: the first four characters behind the rest, letters as two digits, modulo 97 is 1.
bool iban_holds(std::string_view iban) {
  unsigned rest = 0;
  for (std::size_t i = 0; i < iban.size(); ++i) {
    const unsigned value = value_36(iban[(i + 4) % iban.size()]);
    rest = (value >= 10 ? rest * 100 + value : rest * 10 + value) % 97;
  }
  return rest == 1;
}

/// ISO/IEC 7812-1 annex B.
bool luhn_holds(std::string_view digits) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const unsigned digit = static_cast<unsigned>(digits[digits.size() - 1 - i] - '0');
    const unsigned twice = i % 2 == 1 ? digit * 2 : digit;
    sum += twice > 9 ? twice - 9 : twice;
  }
  return sum % 10 == 0;
}

/// ICAO 9303 part 3, 4.9: weights 7 3 1.
bool mrz_holds(std::string_view nine_and_check) {
  unsigned sum = 0;
  for (std::size_t i = 0; i + 1 < nine_and_check.size(); ++i)
    sum += value_36(nine_and_check[i]) * (i % 3 == 0 ? 7u : i % 3 == 1 ? 3u : 1u);
  return sum % 10 == static_cast<unsigned>(nine_and_check.back() - '0');
}

bool all(std::string_view text, bool (*test)(char)) { return std::all_of(text.begin(), text.end(), test); }
bool alphanumeric(char c) { return is_digit(c) || is_upper(c); }

}  // namespace

std::string normal_form(const Identifier& identifier) {
  switch (identifier.type) {
    case IdentifierType::phone: return phone(identifier.value);
    case IdentifierType::e_mail: return mail(identifier.value);
    case IdentifierType::wallet: return wallet(identifier.value);
    case IdentifierType::imei: {
      // Sixteen digits are an IMEISV: its last two are the software's version, and it has no check digit.
      std::string out = letters_and_digits(identifier.value);
      return out.size() == 16 ? out.substr(0, 14) : out;
    }
    case IdentifierType::document:
    case IdentifierType::plate:
    case IdentifierType::iban: return letters_and_digits(identifier.value);
  }
  return {};
}

std::optional<bool> check_digits(IdentifierType type, std::string_view normal) {
  switch (type) {
    case IdentifierType::iban:
      if (normal.size() < 15 || normal.size() > 34 || !all(normal, alphanumeric)) return false;
      return is_upper(normal[0]) && is_upper(normal[1]) && is_digit(normal[2]) && is_digit(normal[3]) &&
             iban_holds(normal);
    case IdentifierType::imei:
      if (!all(normal, is_digit)) return false;
      if (normal.size() == 14) return std::nullopt;
      return normal.size() == 15 && luhn_holds(normal);
    case IdentifierType::document:
      // Nine characters and one digit: as a machine-readable zone has it. Shorter and longer numbers have none.
      if (normal.size() != 10 || !all(normal, alphanumeric) || !is_digit(normal[9])) return std::nullopt;
      return mrz_holds(normal) ? std::optional(true) : std::nullopt;
    default: return std::nullopt;
  }
}

std::uint64_t key_of(IdentifierType type, std::string_view normal) {
  std::uint64_t hash = 14695981039346656037ull;
  const auto take = [&](unsigned char byte) { hash = (hash ^ byte) * 1099511628211ull; };
  take(static_cast<unsigned char>(type));
  for (const char c : normal) take(static_cast<unsigned char>(c));
  hash = (hash ^ hash >> 31) * 0x7fb5d329728ea185ull;
  return hash ^ hash >> 29;
}

std::vector<std::string> near_forms(IdentifierType type, std::string_view normal) {
  std::vector<std::string> out;
  const bool checked = type == IdentifierType::iban || type == IdentifierType::imei;
  const auto holds = check_digits(type, normal);
  if (normal.size() < 5 || normal.size() > 64 || holds == true || type == IdentifierType::e_mail) return out;
  const auto keep = [&](const std::string& form) {
    if (out.size() >= kNearMax || form == normal) return;
    if (checked && check_digits(type, form) != true) return;
    out.push_back(form);
  };
  std::string form(normal);
  for (std::size_t i = 0; i + 1 < form.size(); ++i) {
    std::swap(form[i], form[i + 1]);
    keep(form);
    std::swap(form[i], form[i + 1]);
  }
  if (type == IdentifierType::wallet) return out;  // nobody types these
  const bool digits_only = all(normal, is_digit);
  const std::string_view letters = digits_only ? "0123456789" : "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (std::size_t i = 0; i < form.size(); ++i) {
    const char before = form[i];
    if (!alphanumeric(before)) continue;
    for (const char c : letters) {
      form[i] = c;
      keep(form);
    }
    form[i] = before;
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace entraide::match
