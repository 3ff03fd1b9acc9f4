#pragma once

// Hashes and what is made of them alone.

#include <array>
#include <memory>

#include "base/ids.h"

namespace entraide::crypto {

using Digest512 = std::array<std::uint8_t, 64>;

/// SHA-256 fed piece by piece. One thread; a copy is not possible, reuse is meant: `finish` leaves it empty
/// and ready for the next hash, which is about three times faster than a fresh context for short inputs.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  Sha256& update(BytesView bytes);
  Sha256& update(std::string_view text) { return update(bytes_of(text)); }
  template <class Tag>
  Sha256& update(const Hash32<Tag>& hash) {
    return update(hash.view());
  }
  Digest finish();

 private:
  void* context_;  // an EVP_MD_CTX
};

namespace detail {
/// This thread's own hash, empty between two calls.
Sha256& thread_sha256();
}  // namespace detail

/// SHA-256 over the parts, one after the other: `sha256("entraide/commit/v1\n", blind, body_digest)`.
/// A part is bytes, a text, or a 32-byte hash. Never fails. Any thread.
template <class... Parts>
Digest sha256(const Parts&... parts) {
  Sha256& hash = detail::thread_sha256();
  (hash.update(parts), ...);
  return hash.finish();
}

Digest512 sha512(BytesView bytes);
Digest hmac_sha256(BytesView key, BytesView message);
Digest512 hmac_sha512(BytesView key, BytesView message);

/// RFC 5869, extract then expand. `size` is at most 8,160.
SecretBytes hkdf_sha256(BytesView input_key, BytesView salt, BytesView info, std::size_t size);
/// RFC 5869 section 2.3 alone. `size` is at most 16,320.
SecretBytes hkdf_expand_sha512(BytesView key, BytesView info, std::size_t size);

/// Whether two values are the same, in a time that depends on their sizes only.
bool equal_in_constant_time(BytesView a, BytesView b);

}  // namespace entraide::crypto
