// The issuing half of certificate.h. The key that signs may be in a token, which OpenSSL knows nothing of: OpenSSL
// encodes what is to be signed, `Signer` signs it, and the three parts are put together here.

#include <openssl/x509v3.h>

#include "crypto/certificate_parsed.h"

namespace entraide::crypto {
namespace {

using X509Owned = std::unique_ptr<X509, Freed<X509_free>>;

std::unexpected<Error> bad_name(const char* why) { return fail(Errc::invalid, "certificate.name", why); }

Result<> add_part(X509_NAME* name, const char* type, const std::string& value) {
  if (value.empty()) return {};
  const QuietErrors quiet;
  const auto* bytes = reinterpret_cast<const unsigned char*>(value.data());
  if (X509_NAME_add_entry_by_txt(name, type, MBSTRING_UTF8, bytes, static_cast<int>(value.size()), -1, 0) != 1)
    return bad_name("certificate: a part of the name is too long or not UTF-8");
  return {};
}

Result<> set_name(X509_NAME* to, const DistinguishedName& name) {
  if (name.common_name.empty()) return bad_name("certificate: the common name is empty");
  if (!name.country.empty() && name.country.size() != 2)
    return bad_name("certificate: the country must be two letters");
  TRY(add_part(to, "C", name.country));
  TRY(add_part(to, "O", name.organization));
  TRY(add_part(to, "CN", name.common_name));
  return {};
}

void add_extension(X509* to, X509* issuer, int what, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, what, value));
  ENSURE(extension != nullptr && X509_add_ext(to, extension.get(), -1) == 1);
}

// Everything of the certificate but the signature.
Result<X509Owned> prepare(const PublicKey& subject_key, const DistinguishedName& name, Validity validity,
                          Random& random) {
  if (validity.from >= validity.until)
    return fail(Errc::invalid, "certificate.validity", "certificate: it would end before it begins");
  X509Owned out(X509_new());
  ENSURE(out != nullptr && X509_set_version(out.get(), X509_VERSION_3) == 1);
  Bytes serial = random.bytes(16);
  serial[0] = static_cast<std::uint8_t>((serial[0] & 0x3f) | 0x40);  // positive, and 16 bytes for every certificate
  const BigNumber number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  ENSURE(number != nullptr && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(out.get())) != nullptr);
  ENSURE(ASN1_TIME_adj(X509_getm_notBefore(out.get()), to_seconds(validity.from), 0, 0) != nullptr);
  ENSURE(ASN1_TIME_adj(X509_getm_notAfter(out.get()), to_seconds(validity.until), 0, 0) != nullptr);
  TRY(set_name(X509_get_subject_name(out.get()), name));
  const Key key = make_public_evp_key(subject_key.point());
  ENSURE(X509_set_pubkey(out.get(), key.get()) == 1);
  return out;
}

// One DER element: tag, size, content.
void append_element(Bytes& to, std::uint8_t tag, BytesView content) {
  to.push_back(tag);
  if (content.size() < 0x80) {
    to.push_back(static_cast<std::uint8_t>(content.size()));
  } else {
    ENSURE(content.size() <= 0xffff);
    if (content.size() > 0xff) {
      to.push_back(0x82);
      to.push_back(static_cast<std::uint8_t>(content.size() >> 8));
    } else {
      to.push_back(0x81);
    }
    to.push_back(static_cast<std::uint8_t>(content.size()));
  }
  append(to, content);
}

// Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue BIT STRING } (RFC 5280 section 4.1)
Result<Certificate> sign_certificate(X509* certificate, const Signer& signer) {
  constexpr std::uint8_t kEcdsaWithSha256[] = {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86,
                                               0x48, 0xce, 0x3d, 0x04, 0x03, 0x02};
  // OpenSSL sets the algorithm inside the signed part only together with a key of its own.
  auto* algorithm = const_cast<X509_ALGOR*>(X509_get0_tbs_sigalg(certificate));
  ENSURE(X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_ecdsa_with_SHA256), V_ASN1_UNDEF, nullptr) == 1);
  unsigned char* encoded = nullptr;
  const int size = i2d_re_X509_tbs(certificate, &encoded);
  ENSURE(size > 0);
  const Bytes signed_part(encoded, encoded + size);
  OPENSSL_free(encoded);
  const Bytes rs = TRY(signer.sign(signed_part));
  const Bytes der = TRY(signature_to_der(rs));
  Bytes bits = {0};  // no unused bits
  append(bits, der);
  Bytes content = signed_part;
  append(content, kEcdsaWithSha256);
  append_element(content, 0x03, bits);
  Bytes out;
  append_element(out, 0x30, content);
  return Certificate::from_der(out);
}

Result<Certificate> issue(const Signer& root_key, const Certificate& root, const PublicKey& subject_key,
                          const DistinguishedName& name, Validity validity, Random& random, const char* constraints,
                          const char* usage) {
  const PublicKey held = TRY(root.public_key());
  if (held != root_key.public_key())
    return fail(Errc::invalid, "certificate.issuer", "certificate: the signing key is not the one of this root");
  const X509Owned certificate = TRY(prepare(subject_key, name, validity, random));
  X509* x = certificate.get();
  X509* issuer = root.parsed().x509.get();
  ENSURE(X509_set_issuer_name(x, X509_get_subject_name(issuer)) == 1);
  add_extension(x, issuer, NID_basic_constraints, constraints);
  add_extension(x, issuer, NID_key_usage, usage);
  add_extension(x, issuer, NID_subject_key_identifier, "hash");
  add_extension(x, issuer, NID_authority_key_identifier, "keyid:always");
  return sign_certificate(x, root_key);
}

}  // namespace

Result<Certificate> create_root(const Signer& root, const DistinguishedName& name, Validity validity,
                                Random& random) {
  const X509Owned certificate = TRY(prepare(root.public_key(), name, validity, random));
  X509* x = certificate.get();
  ENSURE(X509_set_issuer_name(x, X509_get_subject_name(x)) == 1);
  add_extension(x, x, NID_basic_constraints, "critical,CA:TRUE,pathlen:1");
  add_extension(x, x, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(x, x, NID_subject_key_identifier, "hash");
  return sign_certificate(x, root);
}

Result<Certificate> issue_issuer_certificate(const Signer& root_key, const Certificate& root,
                                             const PublicKey& issuer_key, const DistinguishedName& name,
                                             Validity validity, Random& random) {
  return issue(root_key, root, issuer_key, name, validity, random, "critical,CA:TRUE,pathlen:0",
               "critical,keyCertSign,cRLSign");
}

Result<Certificate> issue_signing_certificate(const Signer& root_key, const Certificate& root,
                                              const PublicKey& subject_key, const DistinguishedName& name,
                                              Validity validity, Random& random) {
  return issue(root_key, root, subject_key, name, validity, random, "critical,CA:FALSE",
               "critical,digitalSignature,nonRepudiation");
}

}  // namespace entraide::crypto
