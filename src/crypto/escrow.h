#pragma once

// Escrow of an authority's ring inside its own country: the ring's plaintext is boxed under a random secret R, and
// R is split among custodians so that any m of n, and no fewer, can bring it back.

#include <span>

#include "base/random.h"

namespace entraide::crypto {

/// The box of generation `generation` of `authority`. `secret` (R) is 32 random bytes, used for one box only:
/// AES-256-GCM(key = HMAC-SHA-512(R, "entraide/escrow/v1\n")[0:32], nonce = zeros, aad = authority "\n" generation).
Bytes seal_escrow(BytesView secret, std::string_view authority, std::int64_t generation, BytesView ring_plaintext);
/// Rules: escrow.secret (not 32 bytes), cipher.tag.
Result<SecretBytes> open_escrow(BytesView secret, std::string_view authority, std::int64_t generation, BytesView box);

/// Shamir's scheme over GF(2^8), polynomial 0x11b, each byte apart. A share is the y-bytes followed by its x-byte
/// (random, not zero, different for each). 2 <= threshold <= shares <= 255. Rule: shamir.threshold.
Result<std::vector<SecretBytes>> split_secret(BytesView secret, std::size_t threshold, std::size_t shares,
                                              Random& random);
/// Joins shares; with fewer than the threshold the result is noise, which the escrow box then refuses.
/// Rules: shamir.shares (fewer than 2, sizes differ), shamir.x (zero, or the same twice).
Result<SecretBytes> join_secret(std::span<const SecretBytes> shares);

}  // namespace entraide::crypto
