#pragma once

// How this folder holds OpenSSL's objects. Included by its .cc files only.

#include <array>
#include <memory>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/base.h"

namespace entraide::crypto {

template <auto free_function>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    free_function(object);
  }
};
using BigNumber = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;
using BigNumberContext = std::unique_ptr<BN_CTX, Freed<BN_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;
using CurvePoint = std::unique_ptr<EC_POINT, Freed<EC_POINT_clear_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using MessageContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

/// OpenSSL keeps a queue of errors for each thread, and TLS code of the same thread takes what it finds there for its
/// own. Where bad input may make a call fail, this takes our errors out again.
class QuietErrors {
 public:
  QuietErrors() { ERR_set_mark(); }
  ~QuietErrors() { ERR_pop_to_mark(); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;
};

/// The curve P-256, built once and shared by all threads, which only read it.
const EC_GROUP* p256();

/// Ciphers looked up by name once: OpenSSL 3.0 otherwise searches its providers at every use.
const EVP_CIPHER* aes_256_gcm();
const EVP_CIPHER* aes_256_wrap();
const EVP_MD* sha256_method();

/// The DER of a signature, without touching the heap: verifying makes one each time. `rs` is 64 bytes.
struct DerSignature {
  std::array<std::uint8_t, 72> bytes{};
  std::size_t size = 0;
};
DerSignature der_of(BytesView rs);

/// r || s of 32 bytes each, to the DER that OpenSSL and X.509 speak, and back. Both refuse what does not fit.
Result<Bytes> signature_to_der(BytesView rs);

/// A public P-256 key as OpenSSL wants it, from its 65-byte point.
Key make_public_evp_key(BytesView point);

}  // namespace entraide::crypto
