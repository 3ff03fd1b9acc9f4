#pragma once

#include <array>
#include <compare>
#include <functional>

#include "base/base.h"

namespace entraide {

/// A text identifier that cannot be swapped for one of another kind.
template <class Tag>
class TextId {
 public:
  TextId() = default;
  explicit TextId(std::string text) : text_(std::move(text)) {}
  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const TextId&) const = default;

 private:
  std::string text_;
};

/// `org`, `cc:fr`, `au:fr:parquet-paris`, `of:fr:<b64u 12>`, `dv:<kid>`, `sy:fr:<slug>`, `wi:<slug>`.
using Subject = TextId<struct SubjectTag>;
/// The RFC 7638 thumbprint of a public key, base64url, 43 characters.
using KeyId = TextId<struct KeyIdTag>;
/// A case: base64url of 16 random bytes, 22 characters.
using CaseId = TextId<struct CaseIdTag>;

/// 32 bytes of one meaning.
template <class Tag>
struct Hash32 {
  std::array<std::uint8_t, 32> value{};
  BytesView view() const { return value; }
  auto operator<=>(const Hash32&) const = default;
};

/// SHA-256 of any bytes.
using Digest = Hash32<struct DigestTag>;
/// The name of an act: SHA-256 of its payload bytes.
using ActId = Hash32<struct ActIdTag>;

}  // namespace entraide

template <class Tag>
struct std::hash<entraide::TextId<Tag>> {
  std::size_t operator()(const entraide::TextId<Tag>& id) const { return std::hash<std::string>()(id.str()); }
};
template <class Tag>
struct std::hash<entraide::Hash32<Tag>> {
  // The value is already a cryptographic hash: its first bytes are as good as any.
  std::size_t operator()(const entraide::Hash32<Tag>& of) const {
    std::size_t out = 0;
    for (std::size_t i = 0; i < sizeof out; ++i) out = out << 8 | of.value[i];
    return out;
  }
};
