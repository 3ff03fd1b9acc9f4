#pragma once

// Numbers in index files: little-endian, and LEB128 where most are small. Reading past an end gives zeros, never
// memory that is not ours.

#include <bit>
#include <cstring>

#include "base/base.h"

namespace entraide::match {

static_assert(std::endian::native == std::endian::little, "index files are mapped as they are");

inline void put_varint(Bytes& to, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) to.push_back(static_cast<std::uint8_t>(value | 0x80));
  to.push_back(static_cast<std::uint8_t>(value));
}
template <class Number>
void put(Bytes& to, Number value) {
  std::uint8_t raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  to.insert(to.end(), raw, raw + sizeof value);
}
inline void put_text(Bytes& to, std::string_view text) {
  put_varint(to, text.size());
  append(to, text);
}

class Cursor {
 public:
  Cursor() = default;
  Cursor(const std::uint8_t* at, const std::uint8_t* end) : at_(at), end_(end) {}
  explicit Cursor(BytesView bytes) : Cursor(bytes.data(), bytes.data() + bytes.size()) {}

  bool done() const { return at_ >= end_; }
  const std::uint8_t* at() const { return at_; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  std::uint8_t byte() { return at_ < end_ ? *at_++ : 0; }
  std::uint32_t varint() {
    if (at_ < end_ && *at_ < 0x80) [[likely]]
      return *at_++;
    return long_varint();
  }
  std::uint32_t u32() {
    std::uint32_t out = 0;
    if (left() >= sizeof out) std::memcpy(&out, at_, sizeof out);
    skip(sizeof out);
    return out;
  }
  BytesView bytes(std::size_t size) {
    const BytesView out(at_, size < left() ? size : left());
    at_ += out.size();
    return out;
  }
  std::string_view text() {
    const std::uint32_t size = varint();
    return text_of(bytes(size));
  }
  void skip(std::size_t size) { at_ += size < left() ? size : left(); }

 private:
  /// Seldom needed: inlined, it would keep `varint` from being so.
  [[gnu::noinline]] std::uint32_t long_varint() {
    std::uint32_t out = 0;
    for (unsigned shift = 0; at_ < end_ && shift < 35; shift += 7) {
      const std::uint8_t byte = *at_++;
      out |= static_cast<std::uint32_t>(byte & 0x7f) << (shift < 32 ? shift : 31);
      if (byte < 0x80) break;
    }
    return out;
  }

  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
};

}  // namespace entraide::match
