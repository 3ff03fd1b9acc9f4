#pragma once

// The certificate with which an officer signs documents: issued by the key that the country has given to the authority's
// administrators (or by the country's own root), over the key that `dir.device` names, and handed to the device sealed,
// because it names a person.
//
//     JWE typ "entraide-certificate+json", cty "application/json", ctx "certificate:<kid of the device's signing key>",
//     to the device's sealing key alone, around {"format":"entraide-certificate/1","device":kid,"chain":[b64 DER, own first]}

#include "crypto/certificate.h"
#include "directory/directory.h"

namespace entraide::client {

inline constexpr Seconds kCertificateLasts{730 * 86400};

/// Who issues: the key, and its certificates, its own first.
struct Issuer {
  const crypto::Signer& key;
  std::span<const crypto::Certificate> chain;
};

/// A certificate over `document` in the name of `name`, valid from a minute ago for two years or as long as the issuer is,
/// and what links it to one of `pki`, the roots of the issuer's country. Rules: certificate.issuer (does not lead to a
/// root of the country), certificate.name.
Result<std::vector<crypto::Certificate>> certify(const Issuer& issuer, std::span<const Bytes> pki,
                                                 const crypto::PublicKey& document,
                                                 const crypto::DistinguishedName& name, Time now, Random& random);

/// For the device's eyes only. Rule: certificate.device (it is not enrolled, or was revoked).
Result<std::string> seal_certificate(std::span<const crypto::Certificate> chain, const KeyId& device,
                                     const directory::Directory& directory, Random& random);

/// What the device does with it: opens it, and takes it only if it is over `document` and leads to one of `pki`.
/// Rules: certificate.*, jwe.*.
Result<std::vector<crypto::Certificate>> open_certificate(std::string_view jwe, const KeyId& device,
                                                          const crypto::Agreement& seal,
                                                          const crypto::PublicKey& document,
                                                          std::span<const Bytes> pki, Time now);

}  // namespace entraide::client
