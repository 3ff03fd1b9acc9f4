#pragma once

// Secrets at rest: AES-256-GCM as it is, and a box that a passphrase opens.

#include "base/base.h"
#include "base/random.h"

namespace entraide::crypto {

/// AES-256-GCM: ciphertext followed by the 16-byte tag. `key` is 32 bytes, `nonce` 12, never used twice with one key.
Bytes aes256gcm_encrypt(BytesView key, BytesView nonce, BytesView additional, BytesView plaintext);
/// The plaintext, only once the tag has verified. Rule: cipher.tag (Errc::not_authentic).
Result<SecretBytes> aes256gcm_decrypt(BytesView key, BytesView nonce, BytesView additional, BytesView sealed);

/// The cost of guessing a passphrase (RFC 7914). The default takes 128 MiB and about half a second.
struct ScryptCost {
  std::uint8_t log2_n = 17;
  std::uint8_t r = 8;
  std::uint8_t p = 1;
};

/// A secret that the passphrase opens again:
///   "entraide/box/v1\n" || log2 N (1) || r (1) || p (1) || salt (16) || nonce (12)
///   || AES-256-GCM(scrypt key, nonce, aad = all before)
/// Rule: box.memory (the machine does not have it).
Result<Bytes> lock_box(BytesView secret, BytesView passphrase, Random& random, ScryptCost cost = {});
/// Rules: box.form, box.cost (asks for more than 1 GiB or too little), box.passphrase (wrong, or the box was altered;
/// Errc::not_authentic), box.memory.
Result<SecretBytes> open_box(BytesView box, BytesView passphrase);

}  // namespace entraide::crypto
