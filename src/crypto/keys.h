#pragma once

// Keys: P-256 pairs that sign acts and open seals, and the Ed25519 pair of a log or a witness.

#include <array>
#include <memory>

#include "base/ids.h"
#include "base/random.h"
#include "codec/json.h"

namespace entraide::crypto {

/// A P-256 public key: a point that is on the curve and is not infinity. Cheap to copy; the copies share what was
/// parsed. Two keys are equal when their points are. Any thread.
class PublicKey {
 public:
  /// Exactly the members crv, kty, x, y. Rules: jwk.member, jwk.curve, jwk.encoding, jwk.point.
  static Result<PublicKey> from_jwk(const codec::Json& jwk);
  /// From the 65 bytes 0x04 || x || y (SEC 1). Rule: jwk.point.
  static Result<PublicKey> from_point(BytesView uncompressed);

  /// {"crv":"P-256","kty":"EC","x":"..","y":".."}, in this order: the form that RFC 7638 hashes.
  codec::Json jwk() const;
  /// The RFC 7638 thumbprint, 43 characters.
  const KeyId& kid() const;
  /// 0x04 || x || y.
  BytesView point() const;

  bool operator==(const PublicKey& other) const;

  struct Parsed;  // this folder's affair
  const Parsed& parsed() const { return *parsed_; }

 private:
  explicit PublicKey(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

/// Whether `signature` (64 bytes, r || s) is a good ES256 signature of `message`. Anything else is false: a wrong
/// size, r or s zero or not below the order of the curve. About 0.1 ms. Any thread.
bool verify(const PublicKey& key, BytesView message, BytesView signature);
/// The same where the SHA-256 of the message is known.
bool verify(const PublicKey& key, const Digest& message, BytesView signature);

/// r || s of an ECDSA signature on P-256 as X.509 and WebAuthn spell it (DER). Rule: crypto.signature.
Result<Bytes> signature_from_der(BytesView der);

/// Something that signs with a P-256 key it may not show: a key in memory, a smart card, an HSM.
class Signer {
 public:
  virtual ~Signer() = default;
  virtual const PublicKey& public_key() const = 0;
  /// ES256: 64 bytes, r || s. Fails when the device does.
  virtual Result<Bytes> sign(BytesView message) const = 0;
};

/// Something that computes the ECDH secret of a P-256 key it may not show.
class Agreement {
 public:
  virtual ~Agreement() = default;
  virtual const PublicKey& public_key() const = 0;
  /// The x-coordinate of the shared point, 32 bytes.
  virtual Result<SecretBytes> agree(const PublicKey& other) const = 0;
};

/// A P-256 pair in memory. A key has one use, `sig` or `seal`; which one, its holder knows. Copies share the
/// secret, which is wiped with the last of them. Any thread.
class PrivateKey final : public Signer, public Agreement {
 public:
  static PrivateKey generate(Random& random);
  /// Exactly the members crv, kty, x, y, d; d must be the secret of (x, y). Rules: as `PublicKey::from_jwk`,
  /// jwk.secret.
  static Result<PrivateKey> from_jwk(const codec::Json& jwk);
  /// The same from its JSON text.
  static Result<PrivateKey> from_secret_jwk(BytesView text);

  /// The private JWK as JSON text: crv, kty, x, y, d.
  SecretBytes secret_jwk() const;

  const PublicKey& public_key() const override;
  Result<Bytes> sign(BytesView message) const override;
  Result<SecretBytes> agree(const PublicKey& other) const override;

 private:
  struct Secret;
  explicit PrivateKey(std::shared_ptr<const Secret> secret) : secret_(std::move(secret)) {}
  static Result<PrivateKey> from_scalar(BytesView scalar);
  std::shared_ptr<const Secret> secret_;
};

/// The Ed25519 public key that checks checkpoints or cosignatures. Cheap to copy. Any thread.
class LogVerifyKey {
 public:
  /// 32 bytes. Rule: ed25519.key.
  static Result<LogVerifyKey> from_raw(BytesView raw);
  const std::array<std::uint8_t, 32>& raw() const { return raw_; }
  /// RFC 8032; a signature that is not 64 bytes is false.
  bool verify(BytesView message, BytesView signature) const;

 private:
  LogVerifyKey() = default;
  std::array<std::uint8_t, 32> raw_{};
  std::shared_ptr<void> key_;
};

/// The Ed25519 pair of a log or a witness. Signing is deterministic. Any thread.
class LogSigningKey {
 public:
  static LogSigningKey generate(Random& random);
  /// The 32-byte seed of RFC 8032. Rule: ed25519.key.
  static Result<LogSigningKey> from_seed(BytesView seed);
  SecretBytes seed() const;
  const LogVerifyKey& verify_key() const { return public_; }
  std::array<std::uint8_t, 64> sign(BytesView message) const;

 private:
  LogSigningKey(LogVerifyKey public_key, std::shared_ptr<void> key)
      : public_(std::move(public_key)), key_(std::move(key)) {}
  LogVerifyKey public_;
  std::shared_ptr<void> key_;
};

}  // namespace entraide::crypto
