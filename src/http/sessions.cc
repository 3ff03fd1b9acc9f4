#include "http/sessions.h"

#include "codec/codec.h"
#include "codec/json.h"
#include "crypto/digest.h"
#include "crypto/jws.h"

namespace entraide::http {
namespace {

using codec::Json;

constexpr std::size_t kSeenMax = 1 << 20;

std::unexpected<Error> no(std::string rule, std::string message) {
  return fail(Errc::unauthenticated, std::move(rule), std::move(message));
}

// A device that was enrolled with a certificate signs in and reads over TLS connections under that one only, as RFC 8705
// section 3 binds a token to its client. The directory is what says which: it is signed, and who issued it is not asked.
Result<> check_certificate(const net::Request& request, const KeyId& kid, const directory::Directory& people) {
  const directory::Device* device = people.device(kid);
  if (device == nullptr || device->certificate_thumbprint.empty()) return {};
  if (!request.client_certificate)
    return no("session.certificate.missing",
              "session: this device signs in with its TLS certificate; come over the hub's mtls:// address with it");
  if (codec::base64url(*request.client_certificate) != device->certificate_thumbprint)
    return no("session.certificate",
              "session: the connection's certificate is not the one that the device was enrolled with");
  return {};
}

}  // namespace

bool Caller::acts_for(const Subject& authority) const {
  return std::any_of(authorities.begin(), authorities.end(), [&](const auto& one) { return one.first == authority; });
}

Result<Caller> who_is(const KeyId& kid, const directory::Directory& people, Time now) {
  const directory::Key* key = people.key(kid);
  if (key == nullptr || key->use == directory::Key::Use::seal)
    return no("act.device.unknown", "key " + kid.str() + " is not in the directory; enrol the device first");
  if (!key->active()) return no("act.device.revoked", "device " + kid.str() + " has been revoked");
  Caller out{key->holder, kid, {}, {}};
  if (const directory::Device* device = people.device(kid)) {
    const directory::Officer* officer = people.officer(device->officer);
    if (officer == nullptr || officer->status != directory::Status::active)
      return no("act.officer.closed", "the officer " + device->officer.str() + " has been revoked");
    for (const auto& [authority, assignment] : officer->assignments) {
      if (assignment.until > now && people.active_authority(authority) != nullptr)
        out.authorities.emplace_back(authority, assignment.roles);
    }
    out.assurance_level = device->assurance_level;
  }
  return out;
}

Sessions::Sessions(SecretBytes key, std::string origin, const Clock& clock)
    : key_(std::move(key)), origin_(std::move(origin)), clock_(clock) {
  ENSURE(key_.size() == 32);
}

// base64url(payload) "." base64url(HMAC): two purposes can never be taken for each other.
std::string Sessions::sign(std::string_view purpose, std::string_view payload) const {
  const std::string body = codec::base64url(bytes_of(payload));
  const std::string input = "entraide/" + std::string(purpose) + "/v1\n" + body;
  return body + "." + codec::base64url(crypto::hmac_sha256(key_.view(), bytes_of(input)).view());
}

Result<Json> Sessions::open_signed(std::string_view purpose, std::string_view text, std::string_view rule) const {
  const std::size_t dot = text.find('.');
  const auto payload = dot == std::string_view::npos ? Result<Bytes>() : codec::from_base64url(text.substr(0, dot));
  if (dot == std::string_view::npos || !payload ||
      !crypto::equal_in_constant_time(bytes_of(sign(purpose, text_of(*payload))), bytes_of(text)))
    return no(std::string(rule), std::string(purpose) + ": not one that this hub gave");
  return codec::parse_json(*payload);
}

Sessions::Challenge Sessions::challenge(const KeyId& kid) const {
  const Time expires = clock_.now() + kChallengeLasts;
  return {sign("challenge", codec::to_json(Json::object({{"k", kid.str()}, {"e", to_seconds(expires)}}))), expires};
}

Result<> Sessions::check_nonce(std::string_view nonce, std::string_view hub, const KeyId& device) const {
  const Json challenge = TRY(open_signed("challenge", nonce, "session.nonce"));
  if (hub != origin_) return no("session.proof", "session: the proof was made for another hub");
  if (challenge.find("k")->string() != device.str() || challenge.find("e")->integer() < to_seconds(clock_.now()))
    return no("session.nonce", "session: the challenge is over or was for another key; ask for a new one");
  return {};
}

Result<Sessions::Proven> Sessions::prove(std::string_view proof, const net::Request& request,
                                         const directory::Directory& people) const {
  constexpr std::string_view typ = "entraide-session+jwt";
  const KeyId kid = TRY(crypto::compact_jws_key_id(proof, typ));
  const auto key = people.signing_key(kid);
  if (!key) TRY(who_is(kid, people, clock_.now()));
  ENSURE(key.has_value());  // who_is has found it
  const Bytes payload = TRY(crypto::verify_compact_jws(proof, typ, *key));
  const Json value = TRY(codec::parse_json(payload, {.bytes = 4096}));
  codec::ObjectReader in(value, "proof");
  const std::string nonce = in.string("nonce");
  const std::string hub = in.string("hub");
  const std::string jkt = in.string("jkt");
  in.string("at");
  TRY(in.finish());
  TRY(codec::from_base64url_sized(jkt, 32, "proof.jkt"));
  TRY(check_nonce(nonce, hub, kid));
  TRY(check_certificate(request, kid, people));
  TRY(who_is(kid, people, clock_.now()));
  return Proven{kid, nonce, jkt};
}

Session Sessions::grant(const Proven& proven) const {
  const Time expires = from_seconds(to_seconds(clock_.now() + kSessionLasts));
  return {
      sign("session",
           codec::to_json(Json::object({{"k", proven.device.str()}, {"j", proven.jkt}, {"e", to_seconds(expires)}}))),
      expires};
}

Result<std::string> Sessions::statement(std::string_view jws, std::string_view typ, const crypto::PublicKey& device,
                                        std::string_view name, std::string_view value) const {
  const Bytes payload = TRY(crypto::verify_compact_jws(jws, typ, device));
  const Json read = TRY(codec::parse_json(payload, {.bytes = 8192}));
  codec::ObjectReader in(read, "proof");
  std::string nonce = in.string("nonce");
  const std::string hub = in.string("hub"), said = in.string(name);
  in.string("at");
  TRY(in.finish());
  TRY(check_nonce(nonce, hub, device.kid()));
  if (said != value) return no("session.proof", "session: the proof speaks of another " + std::string(name));
  return nonce;
}

Result<> Sessions::remember(std::string_view jti, Time now) {
  if (jti.empty() || jti.size() > 64)
    return no("session.proof", "session: the proof's jti must have 1 to 64 characters");
  Lock lock(mutex_);
  if (now - swept_ > kProofWindow || seen_.size() >= kSeenMax) {
    std::erase_if(seen_, [&](const auto& one) { return one.second < now; });
    swept_ = now;
  }
  if (seen_.size() >= kSeenMax) return fail(Errc::unavailable, "hub.queue", "the hub is busy; try again shortly");
  if (!seen_.emplace(jti, now + 2 * kProofWindow).second)
    return no("session.proof.replayed", "session: this proof has been used; make a new one for each request");
  return {};
}

Result<Sessions::Proof> Sessions::proof_of(const net::Request& request, std::string_view url) const {
  if (request.headers.count("dpop") != 1)
    return no("session.proof", "session: exactly one DPoP proof goes with each request");
  auto proof = crypto::verify_dpop_proof(request.headers.get("dpop"));
  if (!proof) return no("session.proof", "session: " + proof.error().message);
  codec::ObjectReader in(proof->claims, "dpop");
  const std::string jti = in.string("jti"), htm = in.string("htm"), htu = in.string("htu");
  const std::string ath = in.optional_string("ath").value_or("");
  const std::int64_t iat = in.integer("iat");
  if (auto ok = in.finish_open(); !ok) return no("session.proof", ok.error().message);
  if (htm != request.method || htu != url)
    return no("session.proof",
              "session: the proof is for another request than " + request.method + " " + std::string(url));
  if (std::abs(iat - to_seconds(clock_.now())) > kProofWindow.count())
    return no("session.proof", "session: the proof is older or newer than 60 s; set the clock");
  return Proof{std::move(proof->key), jti, ath};
}

Result<Caller> Sessions::caller(const net::Request& request, std::string_view url,
                                const directory::Directory& people) {
  constexpr std::string_view scheme = "DPoP ";
  const std::string_view authorization = request.headers.get("authorization");
  if (!authorization.starts_with(scheme))
    return no("session.missing", "reading needs a session; open one at /v1/sessions");
  const std::string_view token = authorization.substr(scheme.size());
  const Json session = TRY(open_signed("session", token, "session.token"));
  const Time now = clock_.now();
  if (session.find("e")->integer() < to_seconds(now))
    return no("session.expired", "the session has ended; open a new one");

  const Proof proof = TRY(proof_of(request, url));
  if (proof.key.kid().str() != session.find("j")->string())
    return no("session.proof", "session: the proof is by another key than the session is bound to");
  if (proof.ath != codec::to_text(crypto::sha256(token)))
    return no("session.proof", "session: the proof is for another token");
  TRY(remember(proof.jti, now));
  const KeyId kid(session.find("k")->string());
  TRY(check_certificate(request, kid, people));
  return who_is(kid, people, now);
}

Result<crypto::PublicKey> Sessions::holder(const net::Request& request, std::string_view url) {
  Proof proof = TRY(proof_of(request, url));
  TRY(remember(proof.jti, clock_.now()));
  return std::move(proof.key);
}

}  // namespace entraide::http
