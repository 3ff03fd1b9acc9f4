#include "crypto/digest.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include "crypto/openssl.h"

namespace entraide::crypto {

const EVP_MD* sha256_method() {
  static EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  ENSURE(method != nullptr);
  return method;
}

namespace {

EVP_MD_CTX* context_of(void* context) { return static_cast<EVP_MD_CTX*>(context); }

const EVP_MD* sha512_method() {
  static EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA512", nullptr);
  ENSURE(method != nullptr);
  return method;
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  ENSURE(context_ != nullptr);
  ENSURE(EVP_DigestInit_ex2(context_of(context_), sha256_method(), nullptr) == 1);
}
Sha256::Sha256(Sha256&& other) noexcept : context_(std::exchange(other.context_, nullptr)) {}
Sha256& Sha256::operator=(Sha256&& other) noexcept {
  std::swap(context_, other.context_);
  return *this;
}
Sha256::~Sha256() { EVP_MD_CTX_free(context_of(context_)); }

Sha256& Sha256::update(BytesView bytes) {
  ENSURE(EVP_DigestUpdate(context_of(context_), bytes.data(), bytes.size()) == 1);
  return *this;
}

Digest Sha256::finish() {
  Digest out;
  ENSURE(EVP_DigestFinal_ex(context_of(context_), out.value.data(), nullptr) == 1);
  ENSURE(EVP_DigestInit_ex2(context_of(context_), nullptr, nullptr) == 1);
  return out;
}

Sha256& detail::thread_sha256() {
  thread_local Sha256 hash;
  return hash;
}

Digest512 sha512(BytesView bytes) {
  Digest512 out;
  ENSURE(EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, sha512_method(), nullptr) == 1);
  return out;
}

Digest hmac_sha256(BytesView key, BytesView message) {
  Digest out;
  // HMAC() takes a null key for "the same as before": an empty key needs an address.
  const std::uint8_t none = 0;
  ENSURE(HMAC(sha256_method(), key.empty() ? &none : key.data(), static_cast<int>(key.size()), message.data(),
              message.size(), out.value.data(), nullptr) != nullptr);
  return out;
}

Digest512 hmac_sha512(BytesView key, BytesView message) {
  Digest512 out;
  const std::uint8_t none = 0;
  ENSURE(HMAC(sha512_method(), key.empty() ? &none : key.data(), static_cast<int>(key.size()), message.data(),
              message.size(), out.data(), nullptr) != nullptr);
  return out;
}

namespace {

// RFC 5869 section 2.3: T(i) = HMAC(key, T(i-1) || info || i), and the output is T(1) || T(2) || ..
template <class Mac>
SecretBytes expand(Mac mac, std::size_t hash_size, BytesView key, BytesView info, std::size_t size) {
  ENSURE(size <= 255 * hash_size);
  SecretBytes out(size);
  SecretBytes block;
  for (std::size_t done = 0, i = 1; done < size; ++i) {
    Bytes input(block.view().begin(), block.view().end());
    append(input, info);
    input.push_back(static_cast<std::uint8_t>(i));
    const SecretBytes message(std::move(input));
    block = mac(key, message.view());
    const std::size_t take = std::min(hash_size, size - done);
    std::copy_n(block.view().begin(), take, out.span().begin() + static_cast<std::ptrdiff_t>(done));
    done += take;
  }
  return out;
}

}  // namespace

SecretBytes hkdf_sha256(BytesView input_key, BytesView salt, BytesView info, std::size_t size) {
  const auto mac = [](BytesView key, BytesView message) {
    const Digest out = hmac_sha256(key, message);
    return SecretBytes(Bytes(out.value.begin(), out.value.end()));
  };
  const SecretBytes extracted = mac(salt, input_key);  // an absent salt and 32 zero bytes are the same HMAC key
  return expand(mac, 32, extracted.view(), info, size);
}

SecretBytes hkdf_expand_sha512(BytesView key, BytesView info, std::size_t size) {
  const auto mac = [](BytesView k, BytesView message) {
    const Digest512 out = hmac_sha512(k, message);
    return SecretBytes(Bytes(out.begin(), out.end()));
  };
  return expand(mac, 64, key, info, size);
}

bool equal_in_constant_time(BytesView a, BytesView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace entraide::crypto
