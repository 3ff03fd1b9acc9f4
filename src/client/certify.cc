#include "client/certify.h"

#include "codec/codec.h"
#include "crypto/jwe.h"

namespace entraide::client {
namespace {

using codec::Json;
using crypto::Certificate;

constexpr std::string_view kFormat = "entraide-certificate/1";
constexpr std::string_view kType = "entraide-certificate+json";
constexpr std::size_t kChainMax = 8;

std::string context_of(const KeyId& device) { return "certificate:" + device.str(); }

std::vector<Certificate> read_all(std::span<const Bytes> ders) {
  std::vector<Certificate> out;
  for (const Bytes& der : ders)
    if (auto one = Certificate::from_der(der)) out.push_back(std::move(*one));
  return out;
}

bool is_among(const Certificate& one, std::span<const Certificate> many) {
  return std::ranges::any_of(many, [&](const Certificate& other) { return other.der() == one.der(); });
}

}  // namespace

Result<std::vector<Certificate>> certify(const Issuer& issuer, std::span<const Bytes> pki,
                                         const crypto::PublicKey& document, const crypto::DistinguishedName& name,
                                         Time now, Random& random) {
  ENSURE(!issuer.chain.empty());
  const auto roots = read_all(pki);
  // Whole seconds, and a minute back: clocks differ.
  const Time from = std::max(from_seconds(to_seconds(now) - 60), issuer.chain[0].validity().from);
  const crypto::Validity validity{from, std::min(from + kCertificateLasts, issuer.chain[0].validity().until)};
  std::vector<Certificate> out{
      TRY(crypto::issue_signing_certificate(issuer.key, issuer.chain[0], document, name, validity, random))};
  for (const Certificate& link : issuer.chain)
    if (!is_among(link, roots)) out.push_back(link);
  if (const auto good = crypto::verify_chain(out, roots, now); !good)
    return fail(Errc::refused, "certificate.issuer",
                "the issuing key does not lead to a root that the country has announced: " + good.error().message);
  return out;
}

Result<std::string> seal_certificate(std::span<const Certificate> chain, const KeyId& device,
                                     const directory::Directory& directory, Random& random) {
  const directory::Device* to = directory.device(device);
  const directory::Key* seal = to == nullptr ? nullptr : directory.key(to->seal);
  if (seal == nullptr || !seal->active())
    return fail(Errc::refused, "certificate.device", "device " + device.str() + " is not enrolled, or was revoked");
  Json links = Json::array();
  for (const Certificate& link : chain) links.push_back(codec::base64(link.der()));
  const std::string text =
      codec::to_json(Json::object({{"format", kFormat}, {"device", device.str()}, {"chain", std::move(links)}}));
  const crypto::SealHeader header{std::string(kType), "application/json", codec::base64url(random.bytes(16)),
                                  context_of(device)};
  return crypto::seal(bytes_of(text), header, std::span(&seal->key, 1), random);
}

Result<std::vector<Certificate>> open_certificate(std::string_view jwe, const KeyId& device,
                                                  const crypto::Agreement& seal, const crypto::PublicKey& document,
                                                  std::span<const Bytes> pki, Time now) {
  const crypto::SealedView sealed = TRY(crypto::parse_jwe(jwe));
  if (sealed.header().typ != kType || sealed.header().ctx != context_of(device))
    return fail(Errc::not_authentic, "certificate.seal", "what the hub gave is no certificate of this device");
  const SecretBytes plain = TRY(crypto::open(sealed, seal));
  const Json value = TRY(codec::parse_json(plain.view(), {.bytes = crypto::kJweBytesMax}));
  codec::ObjectReader in(value, "certificate");
  const std::string format = in.string("format"), whose = in.string("device");
  std::vector<Bytes> ders;
  for (const std::string& link : in.strings("chain")) ders.push_back(TRY(codec::from_base64(link)));
  TRY(in.finish());
  std::vector<Certificate> chain;
  for (const Bytes& der : ders) chain.push_back(TRY(Certificate::from_der(der)));
  if (format != kFormat || whose != device.str() || chain.empty() || chain.size() > kChainMax)
    return fail(Errc::not_authentic, "certificate.form", "the certificate is not of this device, or not in its form");
  const auto held = chain[0].public_key();
  if (!held || *held != document)
    return fail(Errc::not_authentic, "certificate.key", "the certificate is over another key than this device's");
  TRY(crypto::verify_chain(chain, read_all(pki), now));
  return chain;
}

}  // namespace entraide::client
