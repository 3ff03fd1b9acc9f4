#include "crypto/document.h"

#include <openssl/rsa.h>

#include "codec/codec.h"
#include "codec/json.h"
#include "crypto/certificate_parsed.h"
#include "crypto/content.h"
#include "crypto/digest.h"

namespace entraide::crypto {
namespace {

using codec::Json;

constexpr std::size_t kHeaderBytesMax = 256 << 10;  // eight certificates
constexpr Seconds kClockSkew{300};
constexpr int kRsaBitsMin = 2048;
constexpr int kRsaBitsMax = 8192;

std::unexpected<Error> refuse(const char* rule, const std::string& what) {
  return fail(Errc::invalid, rule, "document: " + what);
}

std::string signing_input(std::string_view protected_header, std::string_view payload) {
  return std::string(protected_header) + "." + std::string(payload);
}

Result<Bytes> decode(std::string_view text, const char* what) {
  auto bytes = codec::from_base64url(text);
  if (!bytes) return refuse("document.form", std::string(what) + " is not strict base64url");
  return bytes;
}

struct Envelope {
  std::string payload, protected_header, signature;
};

// Flattened JSON: payload, protected, signature; and, where there are time stamps, a header with `etsiU` alone.
Result<Envelope> read_envelope(BytesView document) {
  const Json json = TRY(codec::parse_json(document, {.bytes = kDocumentBytesMax, .depth = 8, .values = 4096}));
  codec::ObjectReader in(json, "document");
  Envelope out{in.string("payload"), in.string("protected"), in.string("signature")};
  const Json* header = in.optional_value("header");
  auto read = in.finish();
  if (!read) return refuse("document.form", read.error().message);
  if (header == nullptr) return out;
  codec::ObjectReader unprotected(*header, "document.header");
  unprotected.array("etsiU");
  read = unprotected.finish();
  if (!read) return refuse("document.header", read.error().message);
  return out;
}

struct Header {
  std::string algorithm;
  std::int64_t signed_at = 0;
  std::vector<Certificate> chain;
};

Result<std::vector<Certificate>> read_chain(const std::vector<std::string>& x5c, std::string_view thumbprint) {
  if (x5c.empty() || x5c.size() > kChainMax)
    return refuse("document.certificate", "x5c must have 1 to 8 certificates");
  std::vector<Certificate> out;
  for (const std::string& text : x5c) {
    const auto der = codec::from_base64(text);
    if (!der) return refuse("document.certificate", "x5c must hold strict base64");
    out.push_back(TRY(Certificate::from_der(*der)));
  }
  if (codec::to_text(out[0].fingerprint()) != thumbprint)
    return refuse("document.certificate", "x5t#S256 is not the thumbprint of the first certificate");
  return out;
}

Result<Header> read_header(std::string_view protected_header) {
  const Bytes bytes = TRY(decode(protected_header, "protected"));
  const Json json = TRY(codec::parse_json(bytes, {.bytes = kHeaderBytesMax, .depth = 3}));
  if (json.find("crit") != nullptr) return refuse("document.crit", "extensions (crit) are not accepted");
  codec::ObjectReader in(json, "document.protected");
  Header out;
  out.algorithm = in.string("alg");
  const std::string content_type = in.string("cty"), thumbprint = in.string("x5t#S256");
  out.signed_at = in.integer("iat");
  const auto x5c = in.strings("x5c");
  in.optional_string("typ");
  const auto read = in.finish();
  if (!read) return refuse("document.header", read.error().message);
  if (out.algorithm != "ES256" && out.algorithm != "RS256" && out.algorithm != "PS256")
    return refuse("document.alg", "alg must be ES256, RS256 or PS256");
  if (content_type != kDocumentType) return refuse("document.header", "cty must be application/json");
  if (out.signed_at < 0) return refuse("document.iat", "iat lies before 1970");
  out.chain = TRY(read_chain(x5c, thumbprint));
  return out;
}

bool rsa_verify(EVP_PKEY* key, bool pss, BytesView message, BytesView signature) {
  const int bits = EVP_PKEY_get_bits(key);
  if (EVP_PKEY_is_a(key, "RSA") != 1 || bits < kRsaBitsMin || bits > kRsaBitsMax) return false;
  const MessageContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;
  ENSURE(context != nullptr);
  if (EVP_DigestVerifyInit_ex(context.get(), &options, "SHA256", nullptr, nullptr, key, nullptr) != 1) return false;
  // PS256 (RFC 7518 section 3.5): MGF1 with SHA-256, and a salt of the size of the hash.
  if (pss && (EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) != 1 ||
              EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) != 1))
    return false;
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

bool signature_holds(const Header& header, BytesView message, BytesView signature) {
  const QuietErrors quiet;
  const Certificate& signer = header.chain[0];
  if (header.algorithm == "ES256") {
    const auto key = signer.public_key();
    return key && verify(*key, message, signature);
  }
  EVP_PKEY* key = X509_get0_pubkey(signer.parsed().x509.get());
  return key != nullptr && rsa_verify(key, header.algorithm == "PS256", message, signature);
}

}  // namespace

Result<std::string> make_document(BytesView payload, const Signer& signer, std::span<const Certificate> chain,
                                  Time signed_at) {
  if (chain.empty() || chain.size() > kChainMax) return refuse("document.chain", "needs 1 to 8 certificates");
  const auto certified = chain[0].public_key();
  if (!certified || *certified != signer.public_key())
    return refuse("document.chain", "the first certificate does not hold the signer's key");
  Json x5c = Json::array();
  for (const Certificate& link : chain) x5c.push_back(codec::base64(link.der()));
  const Json header = Json::object({{"alg", "ES256"},
                                    {"cty", kDocumentType},
                                    {"iat", to_seconds(signed_at)},
                                    {"x5t#S256", codec::to_text(chain[0].fingerprint())},
                                    {"x5c", std::move(x5c)}});
  const std::string protected_header = codec::base64url(bytes_of(codec::to_json(header)));
  const std::string body = codec::base64url(payload);
  const Bytes signature = TRY(signer.sign(bytes_of(signing_input(protected_header, body))));
  std::string out = R"({"payload":")" + body + R"(","protected":")" + protected_header + R"(","signature":")" +
                    codec::base64url(signature) + "\"}";
  if (out.size() > kDocumentBytesMax)
    return fail(Errc::too_large, "content.size",
                "document: larger than 1 MiB once signed; send a part of it as a file");
  return out;
}

Result<VerifiedDocument> verify_document(BytesView document, std::span<const Certificate> roots, Time at) {
  const Envelope envelope = TRY(read_envelope(document));
  Header header = TRY(read_header(envelope.protected_header));
  Bytes payload = TRY(decode(envelope.payload, "payload"));
  const Bytes signature = TRY(decode(envelope.signature, "signature"));
  if (!signature_holds(header, bytes_of(signing_input(envelope.protected_header, envelope.payload)), signature))
    return fail(Errc::not_authentic, "document.signature", "document: the signature is not good");
  TRY(verify_chain(header.chain, roots, at));
  if (from_seconds(header.signed_at) > at + kClockSkew) return refuse("document.iat", "signed in the future");
  return VerifiedDocument{std::move(payload), std::move(header.algorithm), from_seconds(header.signed_at),
                          std::move(header.chain)};
}

}  // namespace entraide::crypto
