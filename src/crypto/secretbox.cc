#include "crypto/secretbox.h"

#include <openssl/evp.h>

#include "crypto/openssl.h"

namespace entraide::crypto {

const EVP_CIPHER* aes_256_gcm() {
  static EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  ENSURE(cipher != nullptr);
  return cipher;
}

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

constexpr std::string_view kMagic = "entraide/box/v1\n";
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kBoxHeadBytes = kMagic.size() + 3 + kSaltBytes + kNonceBytes;
constexpr std::uint64_t kScryptMemoryMax = std::uint64_t{1} << 30;

// OpenSSL's sizes are int; nothing of ours comes near.
int int_size(BytesView bytes) {
  ENSURE(bytes.size() < (std::size_t{1} << 30));
  return static_cast<int>(bytes.size());
}

bool is_acceptable(const ScryptCost& cost) {
  if (cost.log2_n < 1 || cost.log2_n > 20 || cost.r < 1 || cost.p < 1 || cost.p > 16) return false;
  return (std::uint64_t{128} * cost.r << cost.log2_n) <= kScryptMemoryMax;
}

Result<SecretBytes> derive(BytesView passphrase, BytesView salt, const ScryptCost& cost) {
  SecretBytes key(kKeyBytes);
  const std::uint8_t none = 0;
  const auto* text = reinterpret_cast<const char*>(passphrase.empty() ? &none : passphrase.data());
  const QuietErrors quiet;
  if (EVP_PBE_scrypt(text, passphrase.size(), salt.data(), salt.size(), std::uint64_t{1} << cost.log2_n, cost.r,
                     cost.p, kScryptMemoryMax + (64 << 20), key.span().data(), key.size()) != 1)
    return fail(Errc::unavailable, "box.memory", "key box: not enough memory to try the passphrase");
  return key;
}

}  // namespace

Bytes aes256gcm_encrypt(BytesView key, BytesView nonce, BytesView additional, BytesView plaintext) {
  ENSURE(key.size() == kKeyBytes && nonce.size() == kNonceBytes);
  const CipherContext context(EVP_CIPHER_CTX_new());
  Bytes out(plaintext.size() + kTagBytes);
  int size = 0;
  ENSURE(context != nullptr);
  ENSURE(EVP_EncryptInit_ex2(context.get(), aes_256_gcm(), key.data(), nonce.data(), nullptr) == 1);
  ENSURE(EVP_EncryptUpdate(context.get(), nullptr, &size, additional.data(), int_size(additional)) == 1);
  ENSURE(plaintext.empty() ||
         EVP_EncryptUpdate(context.get(), out.data(), &size, plaintext.data(), int_size(plaintext)) == 1);
  ENSURE(EVP_EncryptFinal_ex(context.get(), out.data() + plaintext.size(), &size) == 1);
  ENSURE(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes, out.data() + plaintext.size()) == 1);
  return out;
}

Result<SecretBytes> aes256gcm_decrypt(BytesView key, BytesView nonce, BytesView additional, BytesView sealed) {
  ENSURE(key.size() == kKeyBytes && nonce.size() == kNonceBytes);
  const auto altered = [] {
    return fail(Errc::not_authentic, "cipher.tag", "ciphertext: altered, or not for this key");
  };
  if (sealed.size() < kTagBytes) return altered();
  const BytesView ciphertext = sealed.first(sealed.size() - kTagBytes);
  std::array<std::uint8_t, kTagBytes> tag{};
  std::copy(sealed.end() - kTagBytes, sealed.end(), tag.begin());
  const CipherContext context(EVP_CIPHER_CTX_new());
  SecretBytes out(ciphertext.size());
  int size = 0;
  ENSURE(context != nullptr);
  ENSURE(EVP_DecryptInit_ex2(context.get(), aes_256_gcm(), key.data(), nonce.data(), nullptr) == 1);
  ENSURE(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag.data()) == 1);
  ENSURE(EVP_DecryptUpdate(context.get(), nullptr, &size, additional.data(), int_size(additional)) == 1);
  ENSURE(ciphertext.empty() ||
         EVP_DecryptUpdate(context.get(), out.span().data(), &size, ciphertext.data(), int_size(ciphertext)) == 1);
  const QuietErrors quiet;
  std::uint8_t none = 0;
  if (EVP_DecryptFinal_ex(context.get(), &none, &size) != 1) return altered();
  return out;
}

Result<Bytes> lock_box(BytesView secret, BytesView passphrase, Random& random, ScryptCost cost) {
  ENSURE(is_acceptable(cost));
  Bytes box = to_bytes(kMagic);
  append(box, Bytes{cost.log2_n, cost.r, cost.p});
  append(box, random.bytes(kSaltBytes + kNonceBytes));
  const BytesView salt = BytesView(box).subspan(kMagic.size() + 3, kSaltBytes);
  const SecretBytes key = TRY(derive(passphrase, salt, cost));
  const Bytes sealed = aes256gcm_encrypt(key.view(), BytesView(box).last(kNonceBytes), box, secret);
  append(box, sealed);
  return box;
}

Result<SecretBytes> open_box(BytesView box, BytesView passphrase) {
  if (box.size() < kBoxHeadBytes + kTagBytes || text_of(box.first(kMagic.size())) != kMagic)
    return fail(Errc::invalid, "box.form", "key box: not a file of this kind");
  const BytesView head = box.first(kBoxHeadBytes);
  const BytesView costs = head.subspan(kMagic.size(), 3);
  const ScryptCost cost{costs[0], costs[1], costs[2]};
  if (!is_acceptable(cost)) return fail(Errc::invalid, "box.cost", "key box: asks for an unreasonable scrypt cost");
  const SecretBytes key = TRY(derive(passphrase, head.subspan(kMagic.size() + 3, kSaltBytes), cost));
  auto secret = aes256gcm_decrypt(key.view(), head.last(kNonceBytes), head, box.subspan(kBoxHeadBytes));
  if (!secret)
    return fail(Errc::not_authentic, "box.passphrase", "key box: wrong passphrase, or the file was altered");
  return secret;
}

}  // namespace entraide::crypto
