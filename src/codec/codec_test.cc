#include "codec/codec.h"

#include <algorithm>

#include "testing/testing.h"

using namespace entraide;
using namespace entraide::codec;

TEST_CASE("base64url has one spelling for one value") {
  CHECK(base64url(to_bytes("")) == "");
  CHECK(base64url(to_bytes("f")) == "Zg");
  CHECK(base64url(to_bytes("fo")) == "Zm8");
  CHECK(base64url(to_bytes("foo")) == "Zm9v");
  CHECK(text_of(MUST(from_base64url("Zm8"))) == "fo");
  for (const std::string_view wrong : {"Zm9", "Zh", "Zg==", "Z", "Zm 8", "Zm+8", "Zm/8"})
    CHECK_MESSAGE(!from_base64url(wrong), wrong);
}

TEST_CASE("base64url of any size reads back, and a wrong character is found anywhere in it") {
  Bytes bytes;
  for (int size = 0; size < 40; ++size) {
    const std::string text = base64url(bytes);
    CHECK(MUST(from_base64url(text)) == bytes);
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string wrong = text;
      wrong[i] = '=';
      CHECK(!from_base64url(wrong));
    }
    bytes.push_back(static_cast<std::uint8_t>(size * 37 + 200));
  }
}

TEST_CASE("a byte that is not UTF-8 is found anywhere in a long text") {
  for (std::size_t i = 0; i < 30; ++i) {
    std::string text(30, 'a');
    text[i] = '\xa9';
    CHECK(!is_utf8(text));
    if (i > 0) text[i - 1] = '\xc3';
    CHECK(is_utf8(text) == (i > 0));
  }
}

TEST_CASE("base64 is padded and strict") {
  CHECK(base64(to_bytes("fo")) == "Zm8=");
  CHECK(text_of(MUST(from_base64("Zg=="))) == "f");
  for (const std::string_view wrong : {"Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zm8=\n"})
    CHECK_MESSAGE(!from_base64(wrong), wrong);
}

TEST_CASE("base64url of a known size is read in place") {
  std::array<std::uint8_t, 32> room{};
  const Bytes bytes(32, 0xa7);
  CHECK(decode_base64url(base64url(bytes), room));
  CHECK(std::ranges::equal(room, bytes));
  CHECK(is_base64url(base64url(bytes), 32));
  CHECK(!is_base64url(base64url(bytes), 31));
  for (std::size_t at = 0; at < 43; ++at) {  // a letter that is none, and one that leaves bits over
    std::string wrong = base64url(bytes);
    wrong[at] = at == 42 ? 'd' : '*';
    CHECK(!decode_base64url(wrong, room));
    CHECK(!from_base64url(wrong));
  }
  CHECK(!is_base64url("", 32));
  CHECK(is_base64url("", 0));
}

TEST_CASE("hex reads either case and writes lower case") {
  CHECK(hex(MUST(from_hex("00fFaB"))) == "00ffab");
  CHECK(!from_hex("0"));
  CHECK(!from_hex("0g"));
  CHECK(!from_hex("+1"));
}

TEST_CASE("times are RFC 3339, UTC, whole seconds") {
  CHECK(rfc3339(MUST(from_rfc3339("2026-01-02T03:04:05Z"))) == "2026-01-02T03:04:05Z");
  CHECK(to_seconds(MUST(from_rfc3339("2026-01-02T03:04:05Z"))) == 1767323045);
  CHECK(MUST(from_rfc3339("2028-02-29T00:00:00Z")) != Time());
  for (const std::string_view wrong :
       {"2026-01-02 03:04:05Z", "2026-01-02T03:04:05z", "2026-01-02T03:04:05.0Z", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-01-02T24:00:00Z", "2026-01-02T03:04:60Z", "1969-12-31T23:59:59Z", ""})
    CHECK_MESSAGE(!from_rfc3339(wrong), wrong);
}

TEST_CASE("UTF-8 without surrogates and overlong forms") {
  CHECK(is_utf8("é ق 漢 😀"));
  CHECK(code_points("é ق 漢 😀") == 7);
  for (const std::string_view wrong :
       {"\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "\xe6\xbc"})
    CHECK(!is_utf8(wrong));
}

TEST_CASE("big-endian numbers read back") {
  Bytes out;
  append_be16(out, 0x0102);
  append_be32(out, 0x03040506);
  append_be64(out, 0x0708090a0b0c0d0eULL);
  CHECK(hex(out) == "0102030405060708090a0b0c0d0e");
  CHECK(read_be64(BytesView(out).subspan(6)) == 0x0708090a0b0c0d0eULL);
}
