#pragma once

// CBOR (RFC 8949), as much as WebAuthn needs and no more: definite lengths, shortest forms (section 4.2.1), integers,
// byte strings, texts, arrays, maps, false, true and null; nothing deeper than four. Reads forward, never allocates.

#include "base/base.h"

namespace entraide::passkeys {

class CborReader {
 public:
  explicit CborReader(BytesView bytes) : rest_(bytes) {}

  // Each takes the next item or fails. Rule: session.passkey.form.
  Result<std::int64_t> integer();
  Result<BytesView> bytes();
  /// How many pairs follow.
  Result<std::size_t> map();
  /// Takes a whole item, whatever it is.
  Result<> skip(int depth = 4);

  BytesView rest() const { return rest_; }

 private:
  struct Head {
    int type = 0;
    std::uint64_t argument = 0;
  };
  Result<Head> head();
  Result<BytesView> take(std::uint64_t count);

  BytesView rest_;
};

}  // namespace entraide::passkeys
