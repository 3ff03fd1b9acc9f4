#include "crypto/jws.h"

#include "codec/codec.h"

namespace entraide::crypto {
namespace {

constexpr std::size_t kHeaderBytesMax = 1024;
constexpr std::string_view kDpopType = "dpop+jwt";

std::unexpected<Error> refuse(const char* rule, std::string message) {
  return fail(Errc::invalid, rule, std::move(message));
}

Result<Bytes> decode(std::string_view text, const char* what) {
  auto bytes = codec::from_base64url(text);
  if (!bytes) return refuse("jose.encoding", std::string("jws: the ") + what + " is not strict base64url");
  return bytes;
}

// The header as JSON, once what every profile asks has been checked: no `crit`, ES256, the right `typ`.
Result<codec::Json> read_header(std::string_view protected_header, std::string_view typ) {
  const Bytes bytes = TRY(decode(protected_header, "protected header"));
  codec::Json header = TRY(codec::parse_json(bytes, {.bytes = kHeaderBytesMax, .depth = 2}));
  if (!header.is_object()) return refuse("jose.header", "jws: the protected header is not an object");
  if (header.find("crit") != nullptr) return refuse("jose.crit", "jws: extensions (crit) are not accepted");
  const codec::Json* alg = header.find("alg");
  if (alg == nullptr || *alg != codec::Json("ES256")) return refuse("jose.alg", "jws: alg must be ES256");
  const codec::Json* is = header.find("typ");
  if (is == nullptr || *is != codec::Json(typ)) return refuse("jose.typ", "jws: typ must be " + std::string(typ));
  return header;
}

Result<> exactly(codec::ObjectReader& in) {
  in.string("alg");
  in.string("typ");
  auto read = in.finish();
  if (!read) return refuse("jose.header", "jws: " + read.error().message);
  return {};
}

std::string signing_input(std::string_view protected_header, std::string_view payload) {
  std::string out;
  out.reserve(protected_header.size() + 1 + payload.size());
  out += protected_header;
  out += '.';
  out += payload;
  return out;
}

Result<> check_signature(std::string_view protected_header, std::string_view payload, std::string_view signature,
                         const PublicKey& key) {
  const Bytes rs = TRY(decode(signature, "signature"));
  if (!verify(key, bytes_of(signing_input(protected_header, payload)), rs))
    return fail(Errc::not_authentic, "jose.signature", "jws: the signature is not good");
  return {};
}

struct Compact {
  std::string_view protected_header, payload, signature;
};
Result<Compact> split(std::string_view compact) {
  const std::size_t first = compact.find('.');
  const std::size_t second = first == std::string_view::npos ? first : compact.find('.', first + 1);
  if (second == std::string_view::npos || compact.find('.', second + 1) != std::string_view::npos)
    return refuse("jose.form", "jws: must be three parts with dots between them");
  return Compact{compact.substr(0, first), compact.substr(first + 1, second - first - 1), compact.substr(second + 1)};
}

Result<std::string> join(const Signer& signer, std::string_view header, BytesView payload) {
  std::string input = signing_input(codec::base64url(bytes_of(header)), codec::base64url(payload));
  const Bytes signature = TRY(signer.sign(bytes_of(input)));
  return input + '.' + codec::base64url(signature);
}

std::string header_text(const Signer& signer, std::string_view typ) {
  return codec::to_json(
      codec::Json::object({{"alg", "ES256"}, {"kid", signer.public_key().kid().str()}, {"typ", typ}}));
}

}  // namespace

Result<JwsSignature> sign_jws(const Signer& signer, std::string_view typ, std::string_view payload) {
  JwsSignature out;
  out.protected_header = codec::base64url(bytes_of(header_text(signer, typ)));
  const Bytes signature = TRY(signer.sign(bytes_of(signing_input(out.protected_header, payload))));
  out.signature = codec::base64url(signature);
  return out;
}

Result<KeyId> jws_key_id(std::string_view protected_header, std::string_view typ) {
  const codec::Json header = TRY(read_header(protected_header, typ));
  codec::ObjectReader in(header, "header");
  const std::string kid = in.string("kid");
  TRY(exactly(in));
  if (!codec::is_base64url(kid, 32))
    return refuse("jose.kid", "jws: kid must be a thumbprint, base64url of 32 bytes");
  return KeyId(kid);
}

Result<> verify_jws(const JwsSignature& signature, std::string_view payload, std::string_view typ,
                    const PublicKey& key) {
  const KeyId kid = TRY(jws_key_id(signature.protected_header, typ));
  if (kid != key.kid()) return refuse("jose.kid", "jws: signed with another key than the one expected");
  return check_signature(signature.protected_header, payload, signature.signature, key);
}

Result<std::string> make_compact_jws(const Signer& signer, std::string_view typ, BytesView payload) {
  return join(signer, header_text(signer, typ), payload);
}

Result<KeyId> compact_jws_key_id(std::string_view compact, std::string_view typ) {
  const Compact parts = TRY(split(compact));
  return jws_key_id(parts.protected_header, typ);
}

Result<Bytes> verify_compact_jws(std::string_view compact, std::string_view typ, const PublicKey& key) {
  const Compact parts = TRY(split(compact));
  const KeyId kid = TRY(jws_key_id(parts.protected_header, typ));
  if (kid != key.kid()) return refuse("jose.kid", "jws: signed with another key than the one expected");
  Bytes payload = TRY(decode(parts.payload, "payload"));
  TRY(check_signature(parts.protected_header, parts.payload, parts.signature, key));
  return payload;
}

Result<std::string> make_dpop_proof(const Signer& signer, const codec::Json& claims) {
  const auto header = codec::Json::object({{"typ", kDpopType}, {"alg", "ES256"}, {"jwk", signer.public_key().jwk()}});
  return join(signer, codec::to_json(header), bytes_of(codec::to_json(claims)));
}

Result<DpopProof> verify_dpop_proof(std::string_view compact) {
  const Compact parts = TRY(split(compact));
  const codec::Json header = TRY(read_header(parts.protected_header, kDpopType));
  codec::ObjectReader in(header, "header");
  const codec::Json& jwk = in.value("jwk");
  TRY(exactly(in));
  PublicKey key = TRY(PublicKey::from_jwk(jwk));
  const Bytes payload = TRY(decode(parts.payload, "payload"));
  TRY(check_signature(parts.protected_header, parts.payload, parts.signature, key));
  codec::Json claims = TRY(codec::parse_json(payload, {.bytes = 4096, .depth = 4}));
  if (!claims.is_object()) return refuse("jose.form", "dpop: the claims are not an object");
  return DpopProof{std::move(key), std::move(claims)};
}

}  // namespace entraide::crypto
