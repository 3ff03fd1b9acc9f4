#include "client/admin.h"

#include <array>

#include "codec/codec.h"
#include "crypto/digest.h"
#include "crypto/jws.h"

namespace entraide::client::admin {
namespace {

using codec::Json;
using codec::ObjectReader;

constexpr std::string_view kDeviceFormat = "entraide-device/1";
constexpr std::string_view kDeviceType = "entraide-device+jwt";
constexpr std::string_view kPreparedFormat = "entraide-act/1";

Json keys_of(std::span<const crypto::PublicKey> keys) {
  Json out = Json::array();
  for (const crypto::PublicKey& key : keys) out.push_back(key.jwk());
  return out;
}

Json strings(const std::vector<std::string>& values) {
  Json out = Json::array();
  for (const std::string& value : values) out.push_back(value);
  return out;
}

}  // namespace

Json genesis(std::span<const crypto::PublicKey> roots, std::int64_t threshold, std::string_view log_vkey,
             std::string_view witness_policy, const Digest& rules) {
  return Json::object({{"roots", keys_of(roots)},
                       {"m", threshold},
                       {"log", log_vkey},
                       {"witnesses", witness_policy},
                       {"rb", codec::to_text(rules)}});
}

Json as_demonstration(Json genesis) { return std::move(genesis.set("demonstration", true)); }

Json country(std::string_view code, std::span<const crypto::PublicKey> roots, std::int64_t threshold,
             std::span<const crypto::Certificate> pki) {
  Json certificates = Json::array();
  for (const crypto::Certificate& certificate : pki) certificates.push_back(codec::base64(certificate.der()));
  return Json::object({{"cc", code}, {"roots", keys_of(roots)}, {"m", threshold}, {"pki", std::move(certificates)}});
}

Json authority(const Subject& authority, std::string_view kind, const std::vector<std::string>& competence, Json name,
               std::span<const crypto::PublicKey> administrators) {
  return Json::object({{"au", authority.str()},
                       {"kind", kind},
                       {"competence", strings(competence)},
                       {"name", std::move(name)},
                       {"ops", keys_of(administrators)}});
}

Json officer(const Subject& officer, const std::vector<std::string>& roles, Time until) {
  return Json::object({{"of", officer.str()}, {"roles", strings(roles)}, {"until", codec::rfc3339(until)}});
}

Json device(const Subject& officer, const crypto::PublicKey& sign, const crypto::PublicKey& seal,
            std::string_view assurance_level, const crypto::PublicKey* document, std::string_view certificate) {
  Json out = Json::object({{"of", officer.str()},
                           {"sig", sign.jwk()},
                           {"seal", seal.jwk()},
                           {"aal", assurance_level},
                           {"att", nullptr},
                           {"x5t", certificate.empty() ? Json() : Json(certificate)}});
  if (document != nullptr) out.set("doc", document->jwk());
  return out;
}

Json revoke_key(const KeyId& kid, std::string_view why, Time from) {
  return Json::object({{"kid", kid.str()}, {"why", why}, {"from", codec::rfc3339(from)}});
}
Json revoke_subject(const Subject& subject, std::string_view why, Time from) {
  return Json::object({{"subject", subject.str()}, {"why", why}, {"from", codec::rfc3339(from)}});
}
Json rulebook(const Digest& digest) { return Json::object({{"rb", codec::to_text(digest)}}); }

Subject new_officer(std::string_view country, Random& random) {
  return Subject("of:" + std::string(country) + ":" + codec::base64url(random.bytes(12)));
}

Result<std::string> make_device_request(const Subject& officer, const Subject& authority, const crypto::Signer& sign,
                                        const crypto::PublicKey& seal, std::string_view assurance_level,
                                        const crypto::PublicKey* document, std::string_view certificate) {
  Json request = Json::object({{"format", kDeviceFormat},
                               {"officer", officer.str()},
                               {"authority", authority.str()},
                               {"sig", sign.public_key().jwk()},
                               {"seal", seal.jwk()},
                               {"aal", assurance_level}});
  if (document != nullptr) request.set("doc", document->jwk());
  if (!certificate.empty()) request.set("x5t", certificate);
  const std::string proof =
      TRY(crypto::make_compact_jws(sign, kDeviceType, bytes_of(codec::canonical_json(request))));
  request.set("proof", proof);
  return codec::to_pretty_json(request) + "\n";
}

Result<DeviceRequest> read_device_request(std::string_view text) {
  const Json value = TRY(codec::parse_json(text, {.bytes = 16 << 10}));
  ObjectReader in(value, "device request");
  const std::string format = in.string("format"), officer = in.string("officer"), authority = in.string("authority");
  const Json &sign = in.value("sig"), &seal = in.value("seal");
  const std::string level = in.string("aal"), proof = in.string("proof");
  const Json* document = in.optional_value("doc");
  const auto certificate = in.optional_string("x5t");
  if (!in.failed() && format != kDeviceFormat) in.fault("format", "must be " + std::string(kDeviceFormat));
  TRY(in.finish());
  DeviceRequest out{Subject(officer),
                    Subject(authority),
                    TRY(crypto::PublicKey::from_jwk(sign)),
                    TRY(crypto::PublicKey::from_jwk(seal)),
                    level,
                    {},
                    certificate.value_or("")};
  if (document != nullptr) out.document = TRY(crypto::PublicKey::from_jwk(*document));
  Json signed_part = value;
  std::erase_if(signed_part.members(), [](const Json::Member& member) { return member.first == "proof"; });
  const auto payload = crypto::verify_compact_jws(proof, kDeviceType, out.sign);
  if (!payload || *payload != to_bytes(codec::canonical_json(signed_part)))
    return fail(Errc::not_authentic, "device.request",
                "the request was altered, or its maker does not hold the key in it; ask for a new one");
  return out;
}

std::array<std::string, 4> words_of(const crypto::PublicKey& sign, const crypto::PublicKey& seal) {
  const Digest digest = crypto::sha256(std::string_view("entraide/device-words/v1\n"), sign.point(), seal.point());
  // Proquints (arXiv:0901.4016): 16 bits a word, consonants and vowels in turn, sayable in any language.
  static constexpr char kConsonants[] = "bdfghjklmnprstvz";
  static constexpr char kVowels[] = "aiou";
  std::array<std::string, 4> out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const unsigned bits = codec::read_be16(digest.view().subspan(2 * i, 2));
    out[i] = {kConsonants[bits >> 12 & 15], kVowels[bits >> 10 & 3], kConsonants[bits >> 6 & 15],
              kVowels[bits >> 4 & 3], kConsonants[bits & 15]};
  }
  return out;
}

std::string to_text(const PreparedAct& act) {
  Json objects = Json::array();
  for (const std::string& object : act.objects) objects.push_back(object);
  return codec::to_pretty_json(Json::object({{"format", kPreparedFormat},
                                             {"payload", act.payload},
                                             {"body", act.body},
                                             {"objects", std::move(objects)}})) +
         "\n";
}

Result<PreparedAct> parse_prepared(std::string_view text) {
  const Json value = TRY(codec::parse_json(text, {.bytes = 64 << 20}));
  ObjectReader in(value, "prepared act");
  const std::string format = in.string("format");
  PreparedAct out;
  out.payload = in.string("payload");
  out.body = in.string("body");
  out.objects = in.strings("objects");
  if (!in.failed() && format != kPreparedFormat) in.fault("format", "must be " + std::string(kPreparedFormat));
  TRY(in.finish());
  if (!out.body.empty()) {
    const act::SignedAct parsed = TRY(act::parse_act(out.body));
    if (parsed.payload_b64 != codec::base64url(bytes_of(out.payload)))
      return fail(Errc::not_authentic, "act.prepared",
                  "the file shows another act than the one that was signed; sign nothing of it");
  }
  return out;
}

Result<> cosign(PreparedAct& act, const crypto::Signer& signer) {
  if (!act.body.empty()) {
    act.body = TRY(act::add_signature(act.body, signer));
    return {};
  }
  const std::string payload = codec::base64url(bytes_of(act.payload));
  const crypto::JwsSignature made = TRY(crypto::sign_jws(signer, "entraide-act+json", payload));
  std::string body = payload + "\n" + made.protected_header + "." + made.signature + "\n";
  TRY(act::parse_act(body));
  act.body = std::move(body);
  return {};
}

}  // namespace entraide::client::admin
