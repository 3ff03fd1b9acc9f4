#include "codec/codec.h"

#include <array>
#include <charconv>
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

std::string encode(BytesView bytes, std::string_view alphabet, bool padded) {
  std::string out(padded ? (bytes.size() + 2) / 3 * 4 : (bytes.size() * 4 + 2) / 3, '=');
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

// Four letters give three bytes: for each of the four places, what a letter there adds to them. A letter that is none
// leaves its mark above the 24 bits.
struct Quads {
  std::array<std::array<std::uint32_t, 256>, 4> place{};
  constexpr explicit Quads(const std::array<std::uint8_t, 256>& table) {
    for (std::size_t at = 0; at < 4; ++at)
      for (std::size_t c = 0; c < 256; ++c)
        place[at][c] = table[c] == kNone ? kNoLetter : std::uint32_t{table[c]} << (18 - 6 * at);
  }
  static constexpr std::uint32_t kNoLetter = 1U << 24;
};
constexpr Quads kUrlQuads(kUrlTable);
constexpr Quads kStdQuads(kStdTable);

constexpr std::size_t decoded_size(std::size_t letters) { return letters * 3 / 4; }

// Writes `decoded_size` bytes, or says that `text` is no strict encoding.
bool decode(std::string_view text, const Quads& quads, const std::array<std::uint8_t, 256>& table, std::uint8_t* to) {
  if (text.size() % 4 == 1) return false;
  const auto* from = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::uint8_t* const end = from + text.size() / 4 * 4;
  std::uint32_t all = 0;
  for (; from != end; from += 4, to += 3) {
    const std::uint32_t v =
        quads.place[0][from[0]] | quads.place[1][from[1]] | quads.place[2][from[2]] | quads.place[3][from[3]];
    all |= v;
    to[0] = static_cast<std::uint8_t>(v >> 16);
    to[1] = static_cast<std::uint8_t>(v >> 8);
    to[2] = static_cast<std::uint8_t>(v);
  }
  if ((all & Quads::kNoLetter) != 0) return false;
  std::uint32_t v = 0;
  int bits = 0;
  for (std::size_t rest = text.size() % 4; rest > 0; --rest, ++from) {
    if (table[*from] == kNone) return false;
    v = v << 6 | table[*from];
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    *to++ = static_cast<std::uint8_t>(v >> bits);
    v &= (1U << bits) - 1;
  }
  return v == 0;  // spare bits would be a second spelling of the same bytes
}

std::unexpected<Error> not_strict(const std::string& what) {
  return fail(Errc::invalid, "codec." + what, what + ": not a strict encoding");
}

}  // namespace

std::string base64url(BytesView bytes) { return encode(bytes, kUrlAlphabet, false); }
Result<Bytes> from_base64url(std::string_view text) {
  Bytes out(decoded_size(text.size()));
  if (!decode(text, kUrlQuads, kUrlTable, out.data())) return not_strict("base64url");
  return out;
}
bool decode_base64url(std::string_view text, std::span<std::uint8_t> into) {
  return decoded_size(text.size()) == into.size() && decode(text, kUrlQuads, kUrlTable, into.data());
}

std::string base64(BytesView bytes) { return encode(bytes, kStdAlphabet, true); }
Result<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return fail(Errc::invalid, "codec.base64", "base64: length is not a multiple of 4");
  if (text.ends_with("==")) {
    text.remove_suffix(2);
  } else if (text.ends_with('=')) {
    text.remove_suffix(1);
  }
  Bytes out(decoded_size(text.size()));
  if (!decode(text, kStdQuads, kStdTable, out.data())) return not_strict("base64");
  return out;
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
  Bytes out(size);
  TRY(read_base64url(text, out, what));
  return out;
}

Result<> read_base64url(std::string_view text, std::span<std::uint8_t> into, std::string_view what) {
  if (decode_base64url(text, into)) return {};
  return fail(Errc::invalid, "codec.base64url",
              std::string(what) + ": must be base64url of " + std::to_string(into.size()) + " bytes");
}

bool is_base64url(std::string_view text, std::size_t size) {
  std::array<std::uint8_t, 64> bytes{};
  ENSURE(size <= bytes.size());
  return decode_base64url(text, std::span(bytes).first(size));
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
  std::string text = "0000-00-00T00:00:00Z";
  const auto put = [&](std::size_t at, std::size_t digits, long value) {
    for (std::size_t i = at + digits; i-- > at; value /= 10) text[i] = static_cast<char>('0' + value % 10);
  };
  put(0, 4, static_cast<int>(date.year()));
  put(5, 2, static_cast<unsigned>(date.month()));
  put(8, 2, static_cast<unsigned>(date.day()));
  put(11, 2, clock.hours().count());
  put(14, 2, clock.minutes().count());
  put(17, 2, clock.seconds().count());
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
    // Most of what comes is ASCII: thirty-two bytes at a time.
    std::uint64_t words[4];
    for (; i + sizeof words <= text.size(); i += sizeof words) {
      std::memcpy(words, text.data() + i, sizeof words);
      if (((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080) != 0) break;
    }
    if (i + 8 <= text.size()) {
      std::memcpy(words, text.data() + i, 8);
      if ((words[0] & 0x8080808080808080) == 0) {
        i += 8;
        continue;
      }
    }
    if (i == text.size()) break;
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
