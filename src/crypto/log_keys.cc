// The Ed25519 half of keys.h.

#include "crypto/keys.h"
#include "crypto/openssl.h"

namespace entraide::crypto {
namespace {

std::unexpected<Error> wrong_size() {
  return fail(Errc::invalid, "ed25519.key", "log key: must be 32 bytes of Ed25519");
}
EVP_PKEY* pkey(const std::shared_ptr<void>& key) { return static_cast<EVP_PKEY*>(key.get()); }
std::shared_ptr<void> shared(EVP_PKEY* key) {
  return {key, [](void* owned) { EVP_PKEY_free(static_cast<EVP_PKEY*>(owned)); }};
}

}  // namespace

Result<LogVerifyKey> LogVerifyKey::from_raw(BytesView raw) {
  if (raw.size() != 32) return wrong_size();
  LogVerifyKey out;
  std::copy(raw.begin(), raw.end(), out.raw_.begin());
  out.key_ = shared(EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, raw.data(), raw.size()));
  if (out.key_ == nullptr) return wrong_size();
  return out;
}

bool LogVerifyKey::verify(BytesView message, BytesView signature) const {
  const QuietErrors quiet;
  const MessageContext context(EVP_MD_CTX_new());
  ENSURE(context != nullptr);
  return signature.size() == 64 &&
         EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, pkey(key_), nullptr) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

LogSigningKey LogSigningKey::generate(Random& random) {
  SecretBytes seed(std::size_t{32});
  random.fill(seed.span());
  auto key = from_seed(seed.view());
  ENSURE(key.has_value());  // any 32 bytes are a seed
  return std::move(*key);
}

Result<LogSigningKey> LogSigningKey::from_seed(BytesView seed) {
  if (seed.size() != 32) return wrong_size();
  auto key = shared(EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, seed.data(), seed.size()));
  std::array<std::uint8_t, 32> raw{};
  std::size_t size = raw.size();
  ENSURE(key != nullptr && EVP_PKEY_get_raw_public_key(pkey(key), raw.data(), &size) == 1 && size == 32);
  LogVerifyKey public_key = TRY(LogVerifyKey::from_raw(raw));
  return LogSigningKey(std::move(public_key), std::move(key));
}

SecretBytes LogSigningKey::seed() const {
  SecretBytes out(std::size_t{32});
  std::size_t size = out.size();
  ENSURE(EVP_PKEY_get_raw_private_key(pkey(key_), out.span().data(), &size) == 1 && size == 32);
  return out;
}

std::array<std::uint8_t, 64> LogSigningKey::sign(BytesView message) const {
  const MessageContext context(EVP_MD_CTX_new());
  std::array<std::uint8_t, 64> out{};
  std::size_t size = out.size();
  ENSURE(context != nullptr);
  ENSURE(EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, pkey(key_), nullptr) == 1);
  ENSURE(EVP_DigestSign(context.get(), out.data(), &size, message.data(), message.size()) == 1 && size == 64);
  return out;
}

}  // namespace entraide::crypto
