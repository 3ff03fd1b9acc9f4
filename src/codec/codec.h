#pragma once

// Bytes to text and back, strictly: what does not read back to the same bytes is refused.

#include "base/ids.h"

namespace entraide::codec {

/// Base64url without padding (RFC 4648 section 5). Reading refuses padding, white space, letters outside
/// the alphabet and spare bits that are not zero: one value has one spelling.
std::string base64url(BytesView bytes);
Result<Bytes> from_base64url(std::string_view text);

/// Base64 with padding (RFC 4648 section 4), as C2SP formats use it. As strict as above.
std::string base64(BytesView bytes);
Result<Bytes> from_base64(std::string_view text);

/// Lower-case hexadecimal. Reading takes an even number of digits of either case.
std::string hex(BytesView bytes);
Result<Bytes> from_hex(std::string_view text);

/// `size` bytes of base64url: fails when it spells more or fewer. `what` names the thing in the message.
Result<Bytes> from_base64url_sized(std::string_view text, std::size_t size, std::string_view what);

/// The same into `into`, whose size is the size asked for.
Result<> read_base64url(std::string_view text, std::span<std::uint8_t> into, std::string_view what);
/// The same where the caller has words of its own for what is wrong: only whether it went well.
bool decode_base64url(std::string_view text, std::span<std::uint8_t> into);
/// Whether `text` is strict base64url of `size` bytes, at most 64.
bool is_base64url(std::string_view text, std::size_t size);

/// 32 bytes of one meaning, as base64url and back.
template <class Tag>
std::string to_text(const Hash32<Tag>& hash) {
  return base64url(hash.view());
}
template <class Hash>
Result<Hash> hash_from_text(std::string_view text, std::string_view what) {
  Hash hash;
  TRY(read_base64url(text, hash.value, what));
  return hash;
}
/// 32 bytes taken as they are; the caller promises the size.
template <class Hash>
Hash hash_from_bytes(BytesView bytes) {
  ENSURE(bytes.size() == 32);
  Hash hash;
  std::copy(bytes.begin(), bytes.end(), hash.value.begin());
  return hash;
}

void append_be16(Bytes& to, std::uint16_t value);
void append_be32(Bytes& to, std::uint32_t value);
void append_be64(Bytes& to, std::uint64_t value);
std::uint16_t read_be16(BytesView from);  // the caller promises 2, 4 or 8 bytes
std::uint32_t read_be32(BytesView from);
std::uint64_t read_be64(BytesView from);

/// RFC 3339, UTC, whole seconds, `Z`: `2026-01-02T03:04:05Z`, 20 characters, years 1970 to 9999.
std::string rfc3339(Time time);
Result<Time> from_rfc3339(std::string_view text);

/// Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view text);
/// How many code points a well-formed UTF-8 text has.
std::size_t code_points(std::string_view text);

}  // namespace entraide::codec
