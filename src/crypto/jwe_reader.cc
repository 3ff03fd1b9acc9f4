// The strict reader of jwe.h: what is not exactly the profile is refused before any key is used.

#include "codec/codec.h"
#include "crypto/jwe.h"
#include "crypto/jwe_profile.h"

namespace entraide::crypto {
namespace {

using jwe::refuse;

constexpr std::size_t kHeaderBytesMax = 1024;

// Everything of this object has been read, and nothing else is in it.
Result<> only(codec::ObjectReader& in, const char* rule) {
  auto read = in.finish();
  if (!read) return refuse(rule, read.error().message);
  return {};
}

Result<Bytes> decode(std::string_view text, const char* what) {
  auto bytes = codec::from_base64url(text);
  if (!bytes) return refuse("jwe.encoding", std::string(what) + " is not strict base64url");
  return bytes;
}

Result<Bytes> decode_sized(std::string_view text, std::size_t size, const char* rule, const char* what) {
  Bytes bytes = TRY(decode(text, what));
  if (bytes.size() != size) return refuse(rule, std::string(what) + " must be " + std::to_string(size) + " bytes");
  return bytes;
}

Result<SealHeader> read_header(std::string_view protected_header) {
  const Bytes bytes = TRY(decode(protected_header, "protected"));
  const codec::Json json = TRY(codec::parse_json(bytes, {.bytes = kHeaderBytesMax, .depth = 2}));
  codec::ObjectReader in(json, "protected");
  const std::string_view enc = in.text("enc");
  SealHeader header;
  header.typ = in.string("typ");
  header.cty = in.string("cty");
  header.cid = in.string("cid");
  header.ctx = in.string("ctx");
  TRY(only(in, "jwe.header"));
  if (enc != jwe::kEncryption) return refuse("jwe.enc", "enc must be A256GCM");
  TRY(jwe::check_header(header));
  return header;
}

struct Recipient {
  std::string kid;
  PublicKey ephemeral;
  Bytes wrapped_key;
};

Result<Recipient> read_recipient(const codec::Json& json) {
  codec::ObjectReader in(json, "recipient");
  const codec::Json& header_json = in.value("header");
  const std::string_view encrypted_key = in.text("encrypted_key");
  TRY(only(in, "jwe.member"));
  codec::ObjectReader header(header_json, "recipient.header");
  const std::string_view alg = header.text("alg"), kid = header.text("kid");
  const codec::Json& epk = header.value("epk");
  TRY(only(header, "jwe.member"));
  if (alg != jwe::kAlgorithm) return refuse("jwe.alg", "alg must be ECDH-ES+A256KW");
  if (!codec::is_base64url(kid, 32))
    return refuse("jwe.recipients", "kid must be a thumbprint, base64url of 32 bytes");
  auto ephemeral = PublicKey::from_jwk(epk);
  if (!ephemeral) return refuse("jwe.epk", "the ephemeral " + ephemeral.error().message);
  Bytes wrapped = TRY(decode_sized(encrypted_key, jwe::kWrappedKeyBytes, "jwe.encrypted_key", "encrypted_key"));
  return Recipient{std::string(kid), std::move(*ephemeral), std::move(wrapped)};
}

}  // namespace

Result<SealedView> parse_jwe(BytesView jwe) {
  if (jwe.size() > kJweBytesMax) return fail(Errc::too_large, "jwe.size", "sealed object: larger than 1.5 MiB");
  const codec::Json json = TRY(codec::parse_json(jwe, {.bytes = kJweBytesMax, .depth = 5, .values = 1024}));
  codec::ObjectReader in(json, "jwe");
  SealedView out;
  out.protected_ = in.string("protected");
  const std::string_view iv = in.text("iv"), ciphertext = in.text("ciphertext"), tag = in.text("tag");
  const auto& recipients = in.array("recipients");
  TRY(only(in, "jwe.member"));
  if (recipients.empty() || recipients.size() > kJweRecipientsMax)
    return refuse("jwe.recipients", "must have 1 to 64 recipients");
  out.header_ = TRY(read_header(out.protected_));
  out.iv_ = TRY(decode_sized(iv, jwe::kIvBytes, "jwe.iv", "iv"));
  out.tag_ = TRY(decode_sized(tag, jwe::kTagBytes, "jwe.tag", "tag"));
  out.ciphertext_ = TRY(decode(ciphertext, "ciphertext"));
  out.kids_.reserve(recipients.size());
  out.entries_.reserve(recipients.size());
  for (const codec::Json& item : recipients) {
    Recipient recipient = TRY(read_recipient(item));
    for (const KeyId& kid : out.kids_)  // at most 64: comparing all costs less than a set
      if (kid.str() == recipient.kid) return refuse("jwe.recipients", "a recipient is there twice");
    for (const auto& entry : out.entries_)
      if (entry.ephemeral == recipient.ephemeral) return refuse("jwe.epk", "an ephemeral key is used twice");
    out.kids_.emplace_back(std::move(recipient.kid));
    out.entries_.push_back({std::move(recipient.ephemeral), std::move(recipient.wrapped_key)});
  }
  return out;
}

}  // namespace entraide::crypto
