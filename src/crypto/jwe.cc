#include "crypto/jwe.h"

#include <unordered_set>

#include "codec/codec.h"
#include "crypto/digest.h"
#include "crypto/jwe_profile.h"
#include "crypto/openssl.h"
#include "crypto/secretbox.h"

namespace entraide::crypto {

const EVP_CIPHER* aes_256_wrap() {
  static EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-WRAP", nullptr);
  ENSURE(cipher != nullptr);
  return cipher;
}

namespace {

using namespace jwe;

constexpr std::size_t kContextMax = 200;

bool is_plain(std::string_view text, std::size_t max) {
  return !text.empty() && text.size() <= max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; });
}

// RFC 7518 section 4.6.2 with Concat KDF (NIST SP 800-56A): one round of SHA-256 gives the whole key.
//   BE32(1) || Z || AlgorithmID = BE32(size) || "ECDH-ES+A256KW" || PartyUInfo = BE32(0) || PartyVInfo = BE32(0)
//   || SuppPubInfo = BE32(256 bits)
SecretBytes key_encryption_key(const SecretBytes& shared) {
  Bytes before, after;
  codec::append_be32(before, 1);
  codec::append_be32(after, static_cast<std::uint32_t>(kAlgorithm.size()));
  append(after, kAlgorithm);
  codec::append_be32(after, 0);
  codec::append_be32(after, 0);
  codec::append_be32(after, 256);
  const Digest key = sha256(before, shared.view(), after);
  return SecretBytes(Bytes(key.value.begin(), key.value.end()));
}

// RFC 3394. OpenSSL asks that wrapping be allowed by a flag of the context.
CipherContext wrap_context() {
  CipherContext context(EVP_CIPHER_CTX_new());
  ENSURE(context != nullptr);
  EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  return context;
}

Bytes wrap_key(const SecretBytes& kek, const SecretBytes& content_key) {
  const CipherContext context = wrap_context();
  Bytes out(kWrappedKeyBytes);
  int size = 0;
  ENSURE(EVP_EncryptInit_ex2(context.get(), aes_256_wrap(), kek.view().data(), nullptr, nullptr) == 1);
  ENSURE(EVP_EncryptUpdate(context.get(), out.data(), &size, content_key.view().data(), kContentKeyBytes) == 1);
  ENSURE(size == static_cast<int>(kWrappedKeyBytes));
  return out;
}

Result<SecretBytes> unwrap_key(const SecretBytes& kek, BytesView wrapped) {
  const QuietErrors quiet;
  const CipherContext context = wrap_context();
  SecretBytes out(kWrappedKeyBytes);  // room that OpenSSL may use while it unwraps
  int size = 0;
  ENSURE(EVP_DecryptInit_ex2(context.get(), aes_256_wrap(), kek.view().data(), nullptr, nullptr) == 1);
  if (EVP_DecryptUpdate(context.get(), out.span().data(), &size, wrapped.data(), kWrappedKeyBytes) != 1 ||
      size != static_cast<int>(kContentKeyBytes))
    return fail(Errc::not_authentic, "jwe.open", "sealed object: does not open with this key");
  return SecretBytes(Bytes(out.view().begin(), out.view().begin() + kContentKeyBytes));
}

std::string recipient_text(const PublicKey& to, const PublicKey& ephemeral, BytesView wrapped) {
  const BytesView point = ephemeral.point();
  return R"({"header":{"alg":"ECDH-ES+A256KW","kid":")" + to.kid().str() +
         R"(","epk":{"kty":"EC","crv":"P-256","x":")" + codec::base64url(point.subspan(1, 32)) + R"(","y":")" +
         codec::base64url(point.subspan(33)) + R"("}},"encrypted_key":")" + codec::base64url(wrapped) + "\"}";
}

Result<> check_recipients(std::span<const PublicKey> recipients) {
  std::unordered_set<KeyId> seen;
  for (const PublicKey& key : recipients) seen.insert(key.kid());
  if (recipients.empty() || recipients.size() > kJweRecipientsMax || seen.size() != recipients.size())
    return refuse("jwe.recipients", "must have 1 to 64 different recipients");
  return {};
}

}  // namespace

Result<> jwe::check_header(const SealHeader& header) {
  if (!is_plain(header.typ, 64) || !is_plain(header.cty, 64) || !is_plain(header.ctx, kContextMax))
    return refuse("jwe.header", "typ, cty and ctx must be short texts of printable ASCII");
  if (!codec::is_base64url(header.cid, 16)) return refuse("jwe.header", "cid must be base64url of 16 bytes");
  return {};
}

Result<std::string> seal(BytesView plaintext, const SealHeader& header, std::span<const PublicKey> recipients,
                         Random& random) {
  TRY(jwe::check_header(header));
  TRY(check_recipients(recipients));
  if (plaintext.size() > kJweBytesMax) return fail(Errc::too_large, "jwe.size", "sealed object: too large");
  const std::string protected_header = codec::base64url(bytes_of(codec::to_json(codec::Json::object(
      {{"enc", kEncryption}, {"typ", header.typ}, {"cty", header.cty}, {"cid", header.cid}, {"ctx", header.ctx}}))));
  SecretBytes content_key(kContentKeyBytes);
  random.fill(content_key.span());
  const Bytes iv = random.bytes(kIvBytes);

  std::string out = R"({"protected":")" + protected_header + R"(","recipients":[)";
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    const PrivateKey ephemeral = PrivateKey::generate(random);
    const SecretBytes shared = TRY(ephemeral.agree(recipients[i]));
    const Bytes wrapped = wrap_key(key_encryption_key(shared), content_key);
    if (i > 0) out += ',';
    out += recipient_text(recipients[i], ephemeral.public_key(), wrapped);
  }
  const Bytes sealed = aes256gcm_encrypt(content_key.view(), iv, bytes_of(protected_header), plaintext);
  const BytesView ciphertext = BytesView(sealed).first(plaintext.size());
  out += R"(],"iv":")" + codec::base64url(iv) + R"(","ciphertext":")" + codec::base64url(ciphertext) +
         R"(","tag":")" + codec::base64url(BytesView(sealed).last(kTagBytes)) + "\"}";
  if (out.size() > kJweBytesMax)
    return fail(Errc::too_large, "jwe.size", "sealed object: too large; send the content as a file");
  return out;
}

Result<SecretBytes> open(const SealedView& sealed, const Agreement& key) {
  const auto& kids = sealed.kids_;
  const auto mine = std::find(kids.begin(), kids.end(), key.public_key().kid());
  if (mine == kids.end())
    return fail(Errc::not_found, "jwe.not_recipient", "sealed object: this key is not among the recipients");
  const auto& entry = sealed.entries_[static_cast<std::size_t>(mine - kids.begin())];
  const SecretBytes shared = TRY(key.agree(entry.ephemeral));
  const SecretBytes content_key = TRY(unwrap_key(key_encryption_key(shared), entry.wrapped_key));
  Bytes ciphertext = sealed.ciphertext_;
  append(ciphertext, sealed.tag_);
  auto plaintext = aes256gcm_decrypt(content_key.view(), sealed.iv_, bytes_of(sealed.protected_), ciphertext);
  if (!plaintext) return fail(Errc::not_authentic, "jwe.open", "sealed object: altered since it was sealed");
  return plaintext;
}

}  // namespace entraide::crypto
