#pragma once

// Sealing: JWE General JSON (RFC 7516) narrowed to ECDH-ES+A256KW on P-256 and A256GCM, for 1 to 64 recipients.
//
//   {"protected": b64u({"enc":"A256GCM","typ":..,"cty":..,"cid":..,"ctx":..}),
//    "recipients": [{"header": {"alg":"ECDH-ES+A256KW","kid":..,"epk":{kty,crv,x,y}},
//                    "encrypted_key": b64u(40 bytes)}, ..],
//    "iv": b64u(12 bytes), "ciphertext": b64u, "tag": b64u(16 bytes)}
//
// Exactly these members: no `aad`, no `unprotected`, no `zip`, no `crit`.

#include <span>

#include "crypto/keys.h"

namespace entraide::crypto {

inline constexpr std::size_t kJweBytesMax = 3 << 19;  // 1.5 MiB: a padded document of 1 MiB to 64 recipients
inline constexpr std::size_t kJweRecipientsMax = 64;

/// What the protected header of a sealed object says; the reader of the routing sees it, the tag binds it.
struct SealHeader {
  std::string typ;  // for example entraide-seal+json, entraide-ring+json
  std::string cty;  // jose+json, jwk-set+json
  std::string cid;  // the object's own id: base64url of 16 random bytes
  std::string ctx;  // what it belongs to: a case id, "ring:<authority>:<generation>"; 1 to 200 printable ASCII
  bool operator==(const SealHeader&) const = default;
};

/// Seals `plaintext` to every recipient: 1 to 64 different keys, each with a fresh ephemeral key. The bytes given
/// back are what is hashed, stored and sent. Rules: jwe.recipients, jwe.size, jwe.header.
Result<std::string> seal(BytesView plaintext, const SealHeader& header, std::span<const PublicKey> recipients,
                         Random& random);

/// A well-formed sealed object, still closed. Every ephemeral key in it is on the curve. Any thread.
class SealedView {
 public:
  const SealHeader& header() const { return header_; }
  /// In the order in which they stand; no two are the same.
  const std::vector<KeyId>& recipients() const { return kids_; }

 private:
  friend Result<SealedView> parse_jwe(BytesView jwe);
  friend Result<SecretBytes> open(const SealedView& sealed, const Agreement& key);
  struct Recipient {
    PublicKey ephemeral;
    Bytes wrapped_key;
  };
  SealHeader header_;
  std::string protected_;  // as received: the additional data of the tag
  std::vector<KeyId> kids_;
  std::vector<Recipient> entries_;
  Bytes iv_, ciphertext_, tag_;
};

/// Reads without a key. Rules: jwe.size, json.*, jwe.member, jwe.encoding, jwe.header, jwe.enc, jwe.alg,
/// jwe.recipients, jwe.encrypted_key, jwe.epk, jwe.iv, jwe.tag.
Result<SealedView> parse_jwe(BytesView jwe);
inline Result<SealedView> parse_jwe(std::string_view jwe) { return parse_jwe(bytes_of(jwe)); }

/// The plaintext, only once the tag has verified. Rules: jwe.not_recipient (no entry for this key; Errc::not_found),
/// jwe.open (the key or the ciphertext was altered; Errc::not_authentic).
Result<SecretBytes> open(const SealedView& sealed, const Agreement& key);
inline Result<SecretBytes> open(std::string_view jwe, const Agreement& key) {
  const auto sealed = TRY(parse_jwe(jwe));
  return open(sealed, key);
}

}  // namespace entraide::crypto
