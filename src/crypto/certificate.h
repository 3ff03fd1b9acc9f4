#pragma once

// X.509 certificates of officers' legal signatures and the national roots that issue them. Trust comes from the roots
// that the caller hands in, and from nothing else: no system store, no network.

#include <span>

#include "crypto/keys.h"

namespace entraide::crypto {

/// The parts of a distinguished name that we write. Empty parts are left out; `country` is two letters.
struct DistinguishedName {
  std::string country;
  std::string organization;
  std::string common_name;
};

struct Validity {
  Time from;
  Time until;
};

/// A parsed certificate. Cheap to copy. Any thread.
class Certificate {
 public:
  /// Exactly one certificate, nothing after it. Rule: certificate.form.
  static Result<Certificate> from_der(BytesView der);
  const Bytes& der() const;
  /// SHA-256 of the DER: `x5t#S256`.
  Digest fingerprint() const;
  /// "C=FR, O=..., CN=..." for people.
  const std::string& subject() const;
  const std::string& issuer() const;
  Validity validity() const;
  /// The key, when it is on P-256; a certificate over RSA has none. Rule: certificate.key.
  Result<PublicKey> public_key() const;

  struct Parsed;  // this folder's affair
  const Parsed& parsed() const { return *parsed_; }

 private:
  explicit Certificate(std::shared_ptr<const Parsed> parsed) : parsed_(std::move(parsed)) {}
  std::shared_ptr<const Parsed> parsed_;
};

/// A self-signed root over the signer's key, allowed to sign certificates only: of document signers, and of issuers
/// below it. Rules: certificate.name, certificate.validity, and what the signer fails with.
Result<Certificate> create_root(const Signer& root, const DistinguishedName& name, Validity validity, Random& random);

/// A certificate with which an authority's administrators issue those of its document signers, and nothing below them.
/// Rules: as for the next.
Result<Certificate> issue_issuer_certificate(const Signer& root_key, const Certificate& root,
                                             const PublicKey& issuer_key, const DistinguishedName& name,
                                             Validity validity, Random& random);

/// A certificate for signing documents (digitalSignature and nonRepudiation, not a CA) over `subject_key`.
/// Rules: certificate.name, certificate.validity, certificate.issuer (the signer does not hold `root`'s key). `root` may be an issuer below one.
Result<Certificate> issue_signing_certificate(const Signer& root_key, const Certificate& root,
                                              const PublicKey& subject_key, const DistinguishedName& name,
                                              Validity validity, Random& random);

/// Holds when `chain` (leaf first, then intermediates in any order) leads to one of `roots` and every certificate
/// on the way is valid at `at`. Revocation is the directory's affair. Rules: certificate.chain, certificate.use
/// (the leaf may not sign documents); Errc::not_authentic.
Result<> verify_chain(std::span<const Certificate> chain, std::span<const Certificate> roots, Time at);

}  // namespace entraide::crypto
