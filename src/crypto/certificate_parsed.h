#pragma once

// The inside of a Certificate. Included by this folder's .cc files only.

#include "crypto/certificate.h"
#include "crypto/openssl.h"

namespace entraide::crypto {

inline constexpr std::size_t kCertificateBytesMax = 32 << 10;
inline constexpr std::size_t kChainMax = 8;

struct Certificate::Parsed {
  std::unique_ptr<X509, Freed<X509_free>> x509;
  Bytes der;
  std::string subject, issuer;
  Validity validity;
};

}  // namespace entraide::crypto
