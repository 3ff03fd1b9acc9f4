#include "delivery/delivery.h"
#include "http/api/api.h"

namespace entraide::http {
namespace {

using codec::Json;

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

Result<net::Response> open_session(const Api& api, const net::Request& request) {
  const Json value = TRY(codec::parse_json(request.body, {.bytes = 8192}));
  codec::ObjectReader in(value, "body");
  const std::string proof = in.string("proof");
  TRY(in.finish());
  const auto people = api.hub.directory();
  const Session session = TRY(api.sessions.open(proof, *people));
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
  router.add("POST", "/v1/sessions", open_to_all(api, open_session), {.body_limit = 8192});
  router.add("GET", "/v1/me",
             reading(api, [api](const Caller& caller, const net::Request&) { return who_am_i(api, caller); }),
             kOnPool);
}

}  // namespace entraide::http
