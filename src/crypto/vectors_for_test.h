#pragma once

// The golden values in tests/vectors, made by an independent implementation. Included by tests only.

#include <fstream>
#include <iterator>

#include "base/random.h"
#include "codec/codec.h"
#include "codec/json.h"
#include "testing/testing.h"

namespace entraide::crypto {

inline std::string vector_text(const std::string& name) {
  std::ifstream file(std::string(ENTRAIDE_SOURCE_DIR "/tests/vectors/") + name, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), name);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
inline codec::Json vectors(const std::string& name) { return MUST(codec::parse_json(vector_text(name))); }

inline const std::string& text_at(const codec::Json& json, std::string_view key) {
  const codec::Json* found = json.find(key);
  REQUIRE_MESSAGE(found != nullptr, key);
  return found->string();
}
inline std::int64_t number_at(const codec::Json& json, std::string_view key) {
  const codec::Json* found = json.find(key);
  REQUIRE_MESSAGE(found != nullptr, key);
  return found->integer();
}
/// The bytes of a member that is written in hexadecimal.
inline Bytes bytes_at(const codec::Json& json, std::string_view key) {
  return MUST(codec::from_hex(text_at(json, key)));
}

/// Byte i = i mod 251: the plaintexts of the vectors.
inline Bytes counting_bytes(std::size_t size) {
  Bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(i % 251);
  return out;
}
inline Bytes flipped(BytesView bytes, std::size_t bit) {
  Bytes out(bytes.begin(), bytes.end());
  out[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
  return out;
}
inline bool same(BytesView a, BytesView b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

/// Gives the bytes it was told to give, in order: with it a random construction becomes a golden one.
class ScriptedRandom final : public Random {
 public:
  explicit ScriptedRandom(Bytes script) : script_(std::move(script)) {}
  void fill(std::span<std::uint8_t> out) override {
    ENSURE(at_ + out.size() <= script_.size());
    std::copy_n(script_.begin() + static_cast<std::ptrdiff_t>(at_), out.size(), out.begin());
    at_ += out.size();
  }

 private:
  Bytes script_;
  std::size_t at_ = 0;
};

}  // namespace entraide::crypto
