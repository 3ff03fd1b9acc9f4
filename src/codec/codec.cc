#include "codec/codec.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>

namespace entraide::codec {
namespace {

constexpr std::string_view kUrlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kStdAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 0xff;

constexpr std::array<std::uint8_t, 256> table_of(std::string_view alphabet) {
  std::array<std::uint8_t, 256> table{};
  table.fill(kNone);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    table[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return table;
}
constexpr auto kUrlTable = table_of(kUrlAlphabet);
constexpr auto kStdTable = table_of(kStdAlphabet);

std::string encode(BytesView bytes, std::string_view alphabet) {
  std::string out((bytes.size() * 4 + 2) / 3, '\0');
  char* to = out.data();
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t v = bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2];
    *to++ = alphabet[v >> 18];
    *to++ = alphabet[v >> 12 & 63];
    *to++ = alphabet[v >> 6 & 63];
    *to++ = alphabet[v & 63];
  }
  if (const std::size_t rest = bytes.size() - i; rest > 0) {
    const std::uint32_t v = bytes[i] << 16 | (rest == 2 ? bytes[i + 1] << 8 : 0);
    *to++ = alphabet[v >> 18];
    *to++ = alphabet[v >> 12 & 63];
    if (rest == 2) *to++ = alphabet[v >> 6 & 63];
  }
  return out;
}

Result<Bytes> decode(std::string_view text, const std::array<std::uint8_t, 256>& table, std::string_view what) {
  const auto wrong = [&] {
    return fail(Errc::invalid, "codec." + std::string(what), std::string(what) + ": not a strict encoding");
  };
  if (text.size() % 4 == 1) return wrong();
  Bytes out(text.size() * 3 / 4);
  std::uint8_t* to = out.data();
  const auto digit = [&](std::size_t at) { return std::uint32_t{table[static_cast<std::uint8_t>(text[at])]}; };
  std::size_t i = 0;
  for (; i + 4 <= text.size(); i += 4) {
    const std::uint32_t a = digit(i), b = digit(i + 1), c = digit(i + 2), d = digit(i + 3);
    if (((a | b | c | d) & 0xc0) != 0) return wrong();  // kNone is the only entry over 63
    const std::uint32_t v = a << 18 | b << 12 | c << 6 | d;
    *to++ = static_cast<std::uint8_t>(v >> 16);
    *to++ = static_cast<std::uint8_t>(v >> 8);
    *to++ = static_cast<std::uint8_t>(v);
  }
  std::uint32_t v = 0;
  int bits = 0;
  for (; i < text.size(); ++i) {
    if (digit(i) == kNone) return wrong();
    v = v << 6 | digit(i);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    *to++ = static_cast<std::uint8_t>(v >> bits);
    v &= (1U << bits) - 1;
  }
  if (v != 0) return wrong();  // spare bits: a second spelling of the same bytes
  return out;
}

}  // namespace

std::string base64url(BytesView bytes) { return encode(bytes, kUrlAlphabet); }
Result<Bytes> from_base64url(std::string_view text) { return decode(text, kUrlTable, "base64url"); }

std::string base64(BytesView bytes) {
  std::string out = encode(bytes, kStdAlphabet);
  while (out.size() % 4 != 0) out += '=';
  return out;
}
Result<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return fail(Errc::invalid, "codec.base64", "base64: length is not a multiple of 4");
  if (text.ends_with("==")) {
    text.remove_suffix(2);
  } else if (text.ends_with('=')) {
    text.remove_suffix(1);
  }
  return decode(text, kStdTable, "base64");
}

std::string hex(BytesView bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t b : bytes) {
    out += digits[b >> 4];
    out += digits[b & 15];
  }
  return out;
}
Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return fail(Errc::invalid, "codec.hex", "hex: odd number of digits");
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    std::uint8_t byte = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    if (error != std::errc() || end != text.data() + i + 2)
      return fail(Errc::invalid, "codec.hex", "hex: not a hexadecimal digit");
    out.push_back(byte);
  }
  return out;
}

Result<Bytes> from_base64url_sized(std::string_view text, std::size_t size, std::string_view what) {
  auto bytes = from_base64url(text);
  if (!bytes || bytes->size() != size)
    return fail(Errc::invalid, "codec.base64url",
                std::string(what) + ": must be base64url of " + std::to_string(size) + " bytes");
  return bytes;
}

namespace {
template <class Int>
void append_be(Bytes& to, Int value) {
  for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8)
    to.push_back(static_cast<std::uint8_t>(value >> shift));
}
template <class Int>
Int read_be(BytesView from) {
  ENSURE(from.size() >= sizeof(Int));
  Int out = 0;
  for (std::size_t i = 0; i < sizeof out; ++i) out = static_cast<Int>(out << 8 | from[i]);
  return out;
}
}  // namespace

void append_be16(Bytes& to, std::uint16_t value) { append_be(to, value); }
void append_be32(Bytes& to, std::uint32_t value) { append_be(to, value); }
void append_be64(Bytes& to, std::uint64_t value) { append_be(to, value); }
std::uint16_t read_be16(BytesView from) { return read_be<std::uint16_t>(from); }
std::uint32_t read_be32(BytesView from) { return read_be<std::uint32_t>(from); }
std::uint64_t read_be64(BytesView from) { return read_be<std::uint64_t>(from); }

std::string rfc3339(Time time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<Seconds>(time - day));
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

Result<Time> from_rfc3339(std::string_view text) {
  using namespace std::chrono;
  const auto wrong = [] {
    return fail(Errc::invalid, "codec.time",
                "time: must be RFC 3339 in UTC with whole seconds, like 2026-01-02T03:04:05Z");
  };
  constexpr std::string_view shape = "0000-00-00T00:00:00Z";
  if (text.size() != shape.size()) return wrong();
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == '0' ? !digit : text[i] != shape[i]) return wrong();
  }
  const auto number = [&](std::size_t at, std::size_t size) {
    int out = 0;
    std::from_chars(text.data() + at, text.data() + at + size, out);
    return out;
  };
  const year_month_day date(year(number(0, 4)), month(static_cast<unsigned>(number(5, 2))),
                            day(static_cast<unsigned>(number(8, 2))));
  const int h = number(11, 2), m = number(14, 2), s = number(17, 2);
  if (!date.ok() || date.year() < year(1970) || h > 23 || m > 59 || s > 59) return wrong();
  return Time(sys_days(date).time_since_epoch() + hours(h) + minutes(m) + Seconds(s));
}

bool is_utf8(std::string_view text) {
  std::size_t i = 0;
  const auto continues = [&](std::size_t at) {
    return at < text.size() && (static_cast<std::uint8_t>(text[at]) & 0xc0) == 0x80;
  };
  while (i < text.size()) {
    // Most of what comes is ASCII: eight bytes at a time.
    std::uint64_t eight = 0;
    if (i + sizeof eight <= text.size()) {
      std::memcpy(&eight, text.data() + i, sizeof eight);
      if ((eight & 0x8080808080808080) == 0) {
        i += sizeof eight;
        continue;
      }
    }
    const auto a = static_cast<std::uint8_t>(text[i]);
    const auto b = i + 1 < text.size() ? static_cast<std::uint8_t>(text[i + 1]) : std::uint8_t{0};
    if (a < 0x80) {
      i += 1;
    } else if (a >= 0xc2 && a <= 0xdf && continues(i + 1)) {
      i += 2;
    } else if (a >= 0xe0 && a <= 0xef && continues(i + 1) && continues(i + 2) && !(a == 0xe0 && b < 0xa0) &&
               !(a == 0xed && b > 0x9f)) {
      i += 3;
    } else if (a >= 0xf0 && a <= 0xf4 && continues(i + 1) && continues(i + 2) && continues(i + 3) &&
               !(a == 0xf0 && b < 0x90) && !(a == 0xf4 && b > 0x8f)) {
      i += 4;
    } else {
      return false;
    }
  }
  return true;
}

std::size_t code_points(std::string_view text) {
  std::size_t n = 0;
  for (const char c : text) n += (static_cast<std::uint8_t>(c) & 0xc0) != 0x80;
  return n;
}

}  // namespace entraide::codec
