// Passkeys: registered by the device itself, asked for from then on, and worth nothing without the device's key.

#include "contract/stage.h"
#include "crypto/digest.h"
#include "crypto/jws.h"
#include "passkeys/authenticator_for_test.h"

namespace entraide::contract {

using codec::Json;
using passkeys::Authenticator;

namespace {

struct Device {
  Stage& stage;
  const crypto::Signer& key;
  crypto::PrivateKey dpop = crypto::PrivateKey::generate(stage.hub.random());

  std::string nonce() {
    return json_of(stage.raw("POST", "/v1/sessions/challenges",
                             codec::to_json(Json::object({{"kid", key.public_key().kid().str()}}))))
        .find("nonce")
        ->string();
  }
  Json claims(const std::string& nonce, const char* name, const std::string& value) {
    return Json::object({{"nonce", nonce},
                         {"hub", stage.hub.hub().log().origin},
                         {name, value},
                         {"at", codec::rfc3339(stage.hub.clock().now())}});
  }
  std::string jws(const char* typ, const Json& claims) {
    return MUST(crypto::make_compact_jws(key, typ, bytes_of(codec::to_json(claims))));
  }
  Json registration(const Authenticator& by, const Authenticator::Bend& bend = {}) {
    const std::string challenge = nonce(), id = codec::base64url(by.id);
    const passkeys::Registration made = by.create(challenge, bend);
    return Json::object({{"id", id},
                         {"authenticator_data", codec::base64url(made.authenticator_data)},
                         {"client_data", codec::base64url(made.client_data)},
                         {"proof", jws("entraide-passkey+jwt", claims(challenge, "passkey", id))}});
  }
  Json sign_in(const Authenticator* by, const Authenticator::Bend& bend = {}) {
    const std::string challenge = nonce();
    Json out = Json::object(
        {{"proof", jws("entraide-session+jwt", claims(challenge, "jkt", dpop.public_key().kid().str()))}});
    if (by == nullptr) return out;
    const passkeys::Assertion made = by->get(challenge, bend);
    return out.set("passkey", Json::object({{"id", codec::base64url(by->id)},
                                            {"authenticator_data", codec::base64url(made.authenticator_data)},
                                            {"client_data", codec::base64url(made.client_data)},
                                            {"signature", codec::base64url(made.signature)}}));
  }
  client::HttpResponse open(const Json& body) { return stage.raw("POST", "/v1/sessions", codec::to_json(body)); }
};

}  // namespace

void walk_passkeys(Stage& stage) {
  const demo::Officer& officer = *MUST(stage.hub.world().add_officer(stage.hub.world().office("au:fr:central"),
                                                                     "Officer with a passkey", {"officer"}));
  Device device{stage, officer.sign};
  Visitor session(stage, officer.sign);
  const passkeys::RelyingParty party{"hub.test", "http://hub.test"};
  Authenticator token(party, stage.hub.random()), other(party, stage.hub.random());
  token.counter = 1;
  const auto add = [&](const Json& body) { return session.ask("POST", "/v1/passkeys", codec::to_json(body)); };

  // Registering needs a session of the device and its word for this very credential.
  CHECK(verdict(stage.raw("POST", "/v1/passkeys", codec::to_json(device.registration(token)))) ==
        "401 session.missing");
  Visitor administrator(stage, stage.hub.world().office("au:fr:central").administrators[0]);
  CHECK(verdict(administrator.ask("POST", "/v1/passkeys", codec::to_json(device.registration(token)))) ==
        "403 passkey.device");
  CHECK(verdict(add(device.registration(token).set("id", codec::base64url(other.id)))) == "401 session.proof");
  CHECK(verdict(add(device.registration(token).set("proof", "a.b.c"))).starts_with("422 "));
  Device stranger{stage, stage.ke->officer().sign};
  CHECK(verdict(add(stranger.registration(token))) == "422 jose.kid");
  CHECK(verdict(add(device.registration(token, {.origin = "https://elsewhere.example"}))) ==
        "401 session.passkey.origin");
  CHECK(verdict(add(device.registration(token, {.rp_id = "elsewhere.example"}))) == "401 session.passkey.rp");
  CHECK(verdict(add(device.registration(token, {.flags = 0x01}))) == "401 session.passkey.flags");
  CHECK(verdict(add(device.registration(token, {.more = {0x00}}))) == "422 session.passkey.form");
  CHECK(verdict(add(device.registration(token).set("more", 1))) == "422 json.member");
  CHECK(verdict(session.ask("POST", "/v1/passkeys", std::string(20000, ' '))) == "413 http.body.too-large");
  {
    const Json late = device.registration(token);
    stage.hub.clock().advance(Seconds(121));
    CHECK(verdict(add(late)) == "401 session.nonce");
  }
  CHECK(device.open(device.sign_in(nullptr)).status == 201);  // not asked for yet
  CHECK(verdict(device.open(device.sign_in(&token))) == "401 session.passkey.unknown");
  CHECK(add(device.registration(token)).status == 201);
  CHECK(verdict(add(device.registration(token))) == "409 passkey.duplicate");

  // From then on: both keys, or none.
  CHECK(verdict(device.open(device.sign_in(nullptr))) == "401 session.passkey.missing");
  CHECK(verdict(device.open(device.sign_in(&other))) == "401 session.passkey.unknown");
  token.counter = 2;
  const Json used = device.sign_in(&token);
  CHECK(device.open(used).status == 201);
  CHECK(verdict(device.open(used)) == "401 session.passkey.counter");
  token.counter = 1;
  CHECK(verdict(device.open(device.sign_in(&token))) == "401 session.passkey.counter");
  token.counter = 3;
  CHECK(verdict(device.open(device.sign_in(&token, {.origin = "https://elsewhere.example"}))) ==
        "401 session.passkey.origin");
  CHECK(verdict(device.open(device.sign_in(&token, {.rp_id = "elsewhere.example"}))) == "401 session.passkey.rp");
  CHECK(verdict(device.open(device.sign_in(&token, {.flags = 0x01}))) == "401 session.passkey.flags");
  CHECK(verdict(device.open(device.sign_in(&token, {.type = "webauthn.create"}))) ==
        "401 session.passkey.client_data");
  CHECK(verdict(device.open(device.sign_in(&token, {.more = {0x00}}))) == "422 session.passkey.form");
  {  // an answer to another challenge, and another's signature under this one's name
    const Json earlier = device.sign_in(&token);
    stage.hub.clock().advance(Seconds(1));
    CHECK(verdict(device.open(device.sign_in(nullptr).set("passkey", *earlier.find("passkey")))) ==
          "401 session.passkey.challenge");
    Authenticator forger = other;
    forger.id = token.id;
    forger.counter = 9;
    CHECK(verdict(device.open(device.sign_in(&forger))) == "401 session.passkey.signature");
    // The passkey alone is worth nothing: the device's key must sign too.
    Json stolen = stranger.sign_in(nullptr);
    CHECK(verdict(device.open(stolen.set("passkey", *device.sign_in(&token).find("passkey")))) ==
          "401 session.passkey.unknown");
  }

  // Listed and removed by the device itself.
  CHECK(verdict(stage.raw("GET", "/v1/passkeys")) == "401 session.missing");
  const std::string path = "/v1/passkeys/" + codec::base64url(token.id);
  CHECK(json_of(session.ask("GET", "/v1/passkeys")).find("items")->array_items().size() == 1);
  CHECK(json_of(stage.as(*stage.fr, "GET", "/v1/passkeys")).find("items")->array_items().empty());
  CHECK(verdict(stage.raw("DELETE", path)) == "401 session.missing");
  CHECK(verdict(stage.as(*stage.fr, "DELETE", path)) == "404 api.not_found");
  std::vector<Authenticator> more;
  for (int i = 0; i < 5; ++i) more.emplace_back(party, stage.hub.random());
  for (int i = 0; i < 4; ++i) CHECK(add(device.registration(more[static_cast<std::size_t>(i)])).status == 201);
  CHECK(verdict(add(device.registration(more[4]))) == "409 passkey.full");
  CHECK(session.ask("DELETE", path).status == 204);
  CHECK(verdict(session.ask("DELETE", path)) == "404 api.not_found");
  CHECK(verdict(device.open(device.sign_in(&token))) == "401 session.passkey.unknown");
  CHECK(device.open(device.sign_in(&more[0])).status == 201);
}

TEST_CASE("a device with a passkey opens a session with both keys, and with nothing less") {
  Stage stage;
  walk_passkeys(stage);
}

}  // namespace entraide::contract
