#include "http/api/api.h"

// Passkeys of a device: registered by the device itself, in a session of its own.

namespace entraide::http {
namespace {

using codec::Json;

constexpr std::size_t kRegistrationBytesMax = 16384;

// Administrators' and roots' keys are in smart cards: they have no passkey.
Result<crypto::PublicKey> device_key(const Api& api, const Caller& caller) {
  const auto people = api.hub.directory();
  if (people->device(caller.device) == nullptr)
    return fail(Errc::refused, "passkey.device", "passkeys: are for officers' devices");
  return *people->signing_key(caller.device);
}

Result<net::Response> register_one(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const crypto::PublicKey device = TRY(device_key(*api, caller));
  const Json value = TRY(codec::parse_json(request.body, {.bytes = kRegistrationBytesMax}));
  codec::ObjectReader in(value, "body");
  const std::string id = in.string("id"), data = in.string("authenticator_data"), client = in.string("client_data"),
                    proof = in.string("proof");
  TRY(in.finish());
  const passkeys::Registration registration{TRY(codec::from_base64url(id)), TRY(codec::from_base64url(data)),
                                            TRY(codec::from_base64url(client))};
  const std::string nonce = TRY(api->sessions.statement(proof, "entraide-passkey+jwt", device, "passkey", id));
  auto key = TRY(passkeys::check_registration(relying_party(*api, request), nonce, registration));
  const Time now = from_seconds(to_seconds(api->hub.clock().now()));
  const passkeys::Passkey passkey{id, caller.device, std::move(key.key), key.counter, now, {}};
  TRY(api->hub.write([&](store::Connection& connection) { return passkeys::add(connection, passkey); }));
  return json(201, Json::object({{"passkey", id}, {"created_at", codec::rfc3339(now)}}));
}

Result<net::Response> list_passkeys(const ApiPtr& api, const Caller& caller, const net::Request&) {
  const auto known = TRY(
      api->hub.read()([&](store::Connection& connection) { return passkeys::of_device(connection, caller.device); }));
  Json items = Json::array();
  for (const passkeys::Passkey& passkey : known)
    items.push_back(Json::object({{"passkey", passkey.id},
                                  {"created_at", codec::rfc3339(passkey.created)},
                                  {"used_at", passkey.used ? Json(codec::rfc3339(*passkey.used)) : Json()}}));
  return json(200, Json::object({{"items", std::move(items)}}));
}

Result<net::Response> remove(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const bool was_there = TRY(api->hub.write([&](store::Connection& connection) {
    return passkeys::remove(connection, caller.device, request.captured.get("passkey"));
  }));
  if (!was_there) return nothing_there("passkey");
  return done();
}

}  // namespace

void add_passkey_routes(net::Router& router, ApiPtr api) {
  const auto with = [&](auto read) {
    return reading(
        api, [api, read](const Caller& caller, const net::Request& request) { return read(api, caller, request); });
  };
  router.add("POST", "/v1/passkeys", with(register_one), {.body_limit = kRegistrationBytesMax, .pool = true});
  router.add("GET", "/v1/passkeys", with(list_passkeys), kOnPool);
  router.add("DELETE", "/v1/passkeys/{passkey}", with(remove), kOnPool);
}

}  // namespace entraide::http
