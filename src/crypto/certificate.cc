#include "crypto/certificate.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "crypto/certificate_parsed.h"
#include "crypto/digest.h"

namespace entraide::crypto {
namespace {

std::string name_text(const X509_NAME* name) {
  const std::unique_ptr<BIO, Freed<BIO_free>> out(BIO_new(BIO_s_mem()));
  ENSURE(out != nullptr);
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB & ~XN_FLAG_SPC_EQ);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

Result<Time> time_of(const ASN1_TIME* time) {
  tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1)
    return fail(Errc::invalid, "certificate.form", "certificate: its validity is not a time");
  using namespace std::chrono;
  const auto day = sys_days(year(parts.tm_year + 1900) / (parts.tm_mon + 1) / parts.tm_mday);
  return Time(day.time_since_epoch() + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec));
}

struct FreeStackOnly {  // the certificates in it belong to others
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};

std::unexpected<Error> no_chain(const char* rule, const std::string& why) {
  return fail(Errc::not_authentic, rule, "certificate: " + why);
}

}  // namespace

Result<Certificate> Certificate::from_der(BytesView der) {
  const QuietErrors quiet;
  auto parsed = std::make_shared<Parsed>();
  const std::uint8_t* at = der.data();
  const long size = static_cast<long>(std::min(der.size(), kCertificateBytesMax));
  parsed->x509.reset(d2i_X509(nullptr, &at, size));
  if (parsed->x509 == nullptr || at != der.data() + der.size())
    return fail(Errc::invalid, "certificate.form", "certificate: not one X.509 certificate in DER");
  parsed->der.assign(der.begin(), der.end());
  parsed->subject = name_text(X509_get_subject_name(parsed->x509.get()));
  parsed->issuer = name_text(X509_get_issuer_name(parsed->x509.get()));
  parsed->validity.from = TRY(time_of(X509_get0_notBefore(parsed->x509.get())));
  parsed->validity.until = TRY(time_of(X509_get0_notAfter(parsed->x509.get())));
  // OpenSSL reads a certificate's extensions at their first use and keeps them: done here, before threads share it.
  X509_check_purpose(parsed->x509.get(), -1, 0);
  return Certificate(std::move(parsed));
}

const Bytes& Certificate::der() const { return parsed_->der; }
Digest Certificate::fingerprint() const { return sha256(parsed_->der); }
const std::string& Certificate::subject() const { return parsed_->subject; }
const std::string& Certificate::issuer() const { return parsed_->issuer; }
Validity Certificate::validity() const { return parsed_->validity; }

Result<PublicKey> Certificate::public_key() const {
  const QuietErrors quiet;
  const EVP_PKEY* key = X509_get0_pubkey(parsed_->x509.get());
  std::array<char, 32> group{};
  std::array<std::uint8_t, 65> point{};
  std::size_t size = 0;
  // The group is asked for by name: another curve's point may have 65 bytes too.
  if (key == nullptr || EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) != 1 ||
      OBJ_sn2nid(group.data()) != NID_X9_62_prime256v1 ||
      EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", point.data(), point.size(), &size) != 1)
    return fail(Errc::invalid, "certificate.key", "certificate: its key is not on P-256");
  return PublicKey::from_point(BytesView(point).first(size));
}

Result<> verify_chain(std::span<const Certificate> chain, std::span<const Certificate> roots, Time at) {
  const QuietErrors quiet;
  if (chain.empty() || chain.size() > kChainMax)
    return no_chain("certificate.chain", "the chain must have 1 to 8 links");
  const std::unique_ptr<X509_STORE, Freed<X509_STORE_free>> anchors(X509_STORE_new());
  const std::unique_ptr<STACK_OF(X509), FreeStackOnly> others(sk_X509_new_null());
  const std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
  ENSURE(anchors != nullptr && others != nullptr && context != nullptr);
  for (const Certificate& root : roots) ENSURE(X509_STORE_add_cert(anchors.get(), root.parsed().x509.get()) == 1);
  for (const Certificate& link : chain.subspan(1)) ENSURE(sk_X509_push(others.get(), link.parsed().x509.get()) > 0);
  X509* leaf = chain[0].parsed().x509.get();
  ENSURE(X509_STORE_CTX_init(context.get(), anchors.get(), leaf, others.get()) == 1);
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(rules, to_seconds(at));
  X509_VERIFY_PARAM_set_depth(rules, static_cast<int>(kChainMax));
  // Strict: basic constraints, key usage and identifiers as RFC 5280 has them. Level 2: no SHA-1, no short keys.
  X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT | X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_auth_level(rules, 2);
  if (X509_verify_cert(context.get()) != 1)
    return no_chain("certificate.chain", X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())));
  // A certificate that may not sign documents (a CA, a server) proves nothing about a document.
  const std::uint32_t usage = X509_get_key_usage(leaf);
  if (X509_check_ca(leaf) != 0 || usage == UINT32_MAX || (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0)
    return no_chain("certificate.use", "it is not meant for signing documents");
  return {};
}

}  // namespace entraide::crypto
