#include "crypto/jws.h"
#include "delivery/delivery.h"
#include "http/api/api.h"

namespace entraide::http {
namespace {

using codec::Json;

constexpr std::string_view kSessionProof = "entraide-session+jwt";
constexpr std::size_t kSessionBytesMax = 16384;  // a proof, and what a passkey says

Json names_of(const std::vector<std::string>& names) {
  Json out = Json::array();
  for (const std::string& name : names) out.push_back(name);
  return out;
}

Result<net::Response> give_challenge(const Api& api, const net::Request& request) {
  const Json value = TRY(codec::parse_json(request.body, {.bytes = 4096}));
  codec::ObjectReader in(value, "body");
  const KeyId kid(in.string("kid"));
  TRY(in.finish());
  TRY(codec::from_base64url_sized(kid.str(), 32, "kid"));
  const auto challenge = api.sessions.challenge(kid);
  return json(200, Json::object({{"nonce", challenge.nonce}, {"expires_at", codec::rfc3339(challenge.expires)}}));
}

// A device that has a passkey opens no session without it.
Result<> check_passkey(Api& api, const net::Request& request, const Sessions::Proven& proven, const Json* given) {
  const auto known = TRY(
      api.hub.read()([&](store::Connection& connection) { return passkeys::of_device(connection, proven.device); }));
  if (known.empty() && given == nullptr) return {};
  if (given == nullptr)
    return fail(Errc::unauthenticated, "session.passkey.missing",
                "session: this device has a passkey; sign in with it as well");
  codec::ObjectReader in(*given, "passkey");
  const std::string id = in.string("id");
  const std::string data = in.string("authenticator_data"), client = in.string("client_data"),
                    signature = in.string("signature");
  TRY(in.finish());
  const passkeys::Assertion assertion{TRY(codec::from_base64url(data)), TRY(codec::from_base64url(client)),
                                      TRY(codec::from_base64url(signature))};
  for (const passkeys::Passkey& passkey : known) {
    if (passkey.id != id) continue;
    const std::int64_t counter = TRY(passkeys::check_assertion(relying_party(api, request), proven.nonce, passkey.key,
                                                               passkey.counter, assertion));
    return api.hub.write([&](store::Connection& connection) {
      return passkeys::use(connection, passkey, counter, api.hub.clock().now());
    });
  }
  return fail(Errc::unauthenticated, "session.passkey.unknown", "session: this passkey is not one of the device's");
}

// Who was shut out is told by which act, with its receipt, to check it by a directory of their own: a device that has just
// shown that it holds the key reads no feed any more.
net::Response shut_out(const Api& api, const net::Request& request, const Error& refusal, std::string_view proof) {
  const auto kid = crypto::compact_jws_key_id(proof, kSessionProof);
  const auto people = api.hub.directory();
  const directory::Key* key = kid ? people->key(*kid) : nullptr;
  if (key == nullptr || !key->revoked) return problem_of(api, refusal, request);
  const auto told = api.hub.read()([&](store::Connection& connection) -> Result<Json> {
    const auto entry = TRY(ledger::entry_at(connection, *key->revoked));
    if (!entry) return nothing_there("act");
    return Json::object({{"act", entry->body}, {"receipt", TRY(ledger::receipt_of(connection, *entry)).proof_text}});
  });
  return problem_of(api, hub::Refusal{refusal}, request, told ? Json::object({{"revoked", *told}}) : Json::object());
}

Result<net::Response> open_session(Api& api, const net::Request& request) {
  const Json value = TRY(codec::parse_json(request.body, {.bytes = kSessionBytesMax}));
  codec::ObjectReader in(value, "body");
  const std::string proof = in.string("proof");
  const Json* passkey = in.optional_value("passkey");
  TRY(in.finish());
  const auto people = api.hub.directory();
  const auto proven = api.sessions.prove(proof, request, *people);
  if (!proven && (proven.error().rule == "act.device.revoked" || proven.error().rule == "act.officer.closed"))
    return shut_out(api, request, proven.error(), proof);
  TRY(check_passkey(api, request, TRY(proven), passkey));
  const Session session = api.sessions.grant(*proven);
  return json(201, Json::object({{"token", session.token}, {"expires_at", codec::rfc3339(session.expires)}}));
}

Result<net::Response> who_am_i(const ApiPtr& api, const Caller& caller) {
  const auto people = api->hub.directory();
  Json authorities = Json::array();
  for (const auto& [authority, roles] : caller.authorities) {
    const directory::Authority* of = people->authority(authority);
    const directory::Ring* ring = of->current_ring();
    authorities.push_back(Json::object(
        {{"authority", authority.str()},
         {"kind", of->kind},
         {"roles", names_of(roles)},
         {"until", codec::rfc3339(people->officer(caller.subject)->assignments.at(authority).until)},
         {"ring",
          ring == nullptr ? Json() : Json::object({{"g", ring->generation}, {"kid", ring->key.kid().str()}})}}));
  }
  return api->hub.read()([&](store::Connection& connection) -> Result<net::Response> {
    Json sent = Json::object();
    for (const auto& [authority, count] : TRY(delivery::all_sent(connection, caller.device)))
      sent.set(authority.str(), count);
    const ledger::Head head = TRY(ledger::head(connection));
    Json out =
        Json::object({{"subject", caller.subject.str()},
                      {"device", caller.device.str()},
                      {"authorities", std::move(authorities)},
                      {"sent", std::move(sent)},
                      {"rulebook", codec::to_text(people->rulebooks().back())},
                      {"checkpoint", Json::object({{"n", head.size}, {"h", codec::base64(head.root.view())}})}});
    return json(200, out);
  });
}

}  // namespace

void add_session_routes(net::Router& router, ApiPtr api) {
  router.add("POST", "/v1/sessions/challenges", open_to_all(api, give_challenge), {.body_limit = 4096});
  router.add("POST", "/v1/sessions",
             open_to_all(api, [api](const Api&, const net::Request& request) { return open_session(*api, request); }),
             {.body_limit = kSessionBytesMax, .pool = true});
  router.add("GET", "/v1/me",
             reading(api, [api](const Caller& caller, const net::Request&) { return who_am_i(api, caller); }),
             kOnPool);
}

}  // namespace entraide::http
