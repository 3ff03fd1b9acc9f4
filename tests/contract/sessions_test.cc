#include "contract/stage.h"

#include "client/admin.h"
#include "crypto/digest.h"
#include "crypto/jws.h"
#include "http/sessions.h"

namespace entraide::contract {
namespace {

using codec::Json;

// A session made by hand, so that each piece of it can be bent.
struct ByHand {
  Stage& stage;
  const crypto::Signer& device;
  crypto::PrivateKey dpop = crypto::PrivateKey::generate(stage.hub.random());

  std::string nonce() {
    const auto given = stage.raw("POST", "/v1/sessions/challenges",
                                 codec::to_json(Json::object({{"kid", device.public_key().kid().str()}})));
    return json_of(given).find("nonce")->string();
  }
  Json claims() {
    return Json::object({{"nonce", nonce()},
                         {"hub", stage.hub.hub().log().origin},
                         {"jkt", dpop.public_key().kid().str()},
                         {"at", codec::rfc3339(stage.hub.clock().now())}});
  }
  client::HttpResponse open(const Json& payload, std::string_view typ = "entraide-session+jwt") {
    const std::string proof = MUST(crypto::make_compact_jws(device, typ, bytes_of(codec::to_json(payload))));
    return stage.raw("POST", "/v1/sessions", codec::to_json(Json::object({{"proof", proof}})));
  }
  std::string token() { return json_of(open(claims())).find("token")->string(); }

  Json dpop_claims(const std::string& token) {
    return Json::object({{"htm", "GET"},
                         {"htu", std::string(kit::kUrl) + "/v1/me"},
                         {"iat", to_seconds(stage.hub.clock().now())},
                         {"jti", codec::base64url(stage.hub.random().bytes(16))},
                         {"ath", codec::base64url(crypto::sha256(std::string_view(token)).view())}});
  }
  client::HttpResponse read(const std::string& token, const std::string& proof) {
    return stage.raw("GET", "/v1/me", {}, {{"Authorization", "DPoP " + token}, {"DPoP", proof}});
  }
  client::HttpResponse read(const std::string& token, const Json& claims) {
    return read(token, MUST(crypto::make_dpop_proof(dpop, claims)));
  }
};

}  // namespace

void walk_sessions(Stage& stage) {
  const demo::Officer& officer = stage.fr->officer();
  ByHand hand{stage, officer.sign};

  CHECK(verdict(stage.raw("POST", "/v1/sessions/challenges", "{}")) == "422 json.member");
  CHECK(verdict(stage.raw("POST", "/v1/sessions/challenges", R"({"kid":"short"})")) == "422 codec.base64url");
  CHECK(verdict(stage.raw("POST", "/v1/sessions/challenges", R"({"kid":1,"kid":2})")) == "422 json.duplicate");
  CHECK(verdict(stage.raw("POST", "/v1/sessions/challenges", std::string(5000, ' '))) == "413 http.body.too-large");
  CHECK(verdict(stage.raw("POST", "/v1/sessions", std::string(20000, ' '))) == "413 http.body.too-large");

  // The proof of a session.
  const std::string token = hand.token();
  CHECK(verdict(hand.open(hand.claims().set("hub", "another.example/ledger"))) == "401 session.proof");
  CHECK(verdict(hand.open(hand.claims().set("nonce", "bm8.bm8"))) == "401 session.nonce");
  CHECK(verdict(hand.open(hand.claims().set("nonce", token))) == "401 session.nonce");
  CHECK(verdict(hand.open(hand.claims().set("more", 1))) == "422 json.member");
  CHECK(verdict(hand.open(hand.claims().set("jkt", "short"))) == "422 codec.base64url");
  CHECK(verdict(hand.open(hand.claims(), "entraide-act+json")) == "422 jose.typ");
  {
    const auto stranger = crypto::PrivateKey::generate(stage.hub.random());
    CHECK(verdict(ByHand{stage, stranger}.open(hand.claims())) == "401 act.device.unknown");
    // Another enrolled device cannot use a challenge that was given to this one.
    ByHand other{stage, stage.ke->officer().sign};
    CHECK(verdict(other.open(hand.claims())) == "401 session.nonce");
    const std::string proof =
        MUST(crypto::make_compact_jws(officer.sign, "entraide-session+jwt", bytes_of(codec::to_json(hand.claims()))));
    std::string forged = proof;
    forged[proof.size() - 10] = forged[proof.size() - 10] == 'A' ? 'B' : 'A';
    CHECK(verdict(stage.raw("POST", "/v1/sessions", codec::to_json(Json::object({{"proof", forged}})))) ==
          "422 jose.signature");
  }
  {
    const Json late = hand.claims();
    stage.hub.clock().advance(Seconds(121));
    CHECK(verdict(hand.open(late)) == "401 session.nonce");
  }

  // Each request proves the key anew.
  const auto good = [&] { return hand.dpop_claims(token); };
  CHECK(hand.read(token, good()).status == 200);
  const auto missing = stage.raw("GET", "/v1/me");
  CHECK(verdict(missing) == "401 session.missing");
  CHECK(missing.header("www-authenticate") == "DPoP algs=\"ES256\"");
  CHECK(verdict(stage.raw("GET", "/v1/me", {}, {{"Authorization", "Bearer " + token}})) == "401 session.missing");
  CHECK(verdict(stage.raw("GET", "/v1/me", {}, {{"Authorization", "DPoP " + token}})) == "401 session.proof");
  CHECK(verdict(hand.read(token + "A", good())) == "401 session.token");
  CHECK(verdict(hand.read(hand.nonce(), good())) == "401 session.token");
  CHECK(verdict(hand.read(token, good().set("htm", "POST"))) == "401 session.proof");
  CHECK(verdict(hand.read(token, good().set("htu", std::string(kit::kUrl) + "/v1/cases"))) == "401 session.proof");
  CHECK(verdict(hand.read(token, good().set("htu", "https://elsewhere.example/v1/me"))) == "401 session.proof");
  CHECK(verdict(hand.read(token,
                          good().set("ath", codec::base64url(crypto::sha256(std::string_view("another")).view())))) ==
        "401 session.proof");
  CHECK(verdict(hand.read(token, good().set("iat", to_seconds(stage.hub.clock().now()) - 61))) ==
        "401 session.proof");
  CHECK(verdict(hand.read(token, good().set("iat", to_seconds(stage.hub.clock().now()) + 61))) ==
        "401 session.proof");
  CHECK(hand.read(token, good().set("iat", to_seconds(stage.hub.clock().now()) - 59)).status == 200);
  CHECK(verdict(hand.read(token, good().set("jti", ""))) == "401 session.proof");
  CHECK(verdict(hand.read(token, good().set("jti", std::string(65, 'j')))) == "401 session.proof");
  const Json once = good();
  CHECK(hand.read(token, once).status == 200);
  CHECK(verdict(hand.read(token, once)) == "401 session.proof.replayed");
  CHECK(verdict(hand.read(token, MUST(crypto::make_dpop_proof(crypto::PrivateKey::generate(stage.hub.random()),
                                                              good())))) == "401 session.proof");
  CHECK(verdict(hand.read(token, std::string("not.a.proof"))) == "401 session.proof");
  {
    const std::string one = MUST(crypto::make_dpop_proof(hand.dpop, good())),
                      two = MUST(crypto::make_dpop_proof(hand.dpop, good()));
    CHECK(
        verdict(stage.raw("GET", "/v1/me", {}, {{"Authorization", "DPoP " + token}, {"DPoP", one}, {"DPoP", two}})) ==
        "401 session.proof");
  }

  // Sessions end: by time, and at once when the device is revoked.
  demo::Office& office = stage.hub.world().office("au:fr:central");
  const demo::Officer& leaving = *MUST(stage.hub.world().add_officer(office, "Officer who leaves", {"officer"}));
  ByHand gone{stage, leaving.sign};
  const std::string theirs = gone.token();
  CHECK(gone.read(theirs, gone.dpop_claims(theirs)).status == 200);
  MUST(stage.hub.world().revoke_device(office, leaving, "left the service"));
  CHECK(verdict(gone.read(theirs, gone.dpop_claims(theirs))) == "401 act.device.revoked");
  const auto shut = gone.open(gone.claims());
  CHECK(verdict(shut) == "401 act.device.revoked");
  // Whoever shows that the key is theirs is told by which act, and can check it.
  const Json told = json_of(shut);
  REQUIRE(told.at_path("revoked.act") != nullptr);
  const auto revoking =
      MUST(act::verify(MUST(act::parse_act(told.at_path("revoked.act")->string())), stage.hub.world().directory()));
  CHECK(revoking.act().type == "dir.revoke");
  CHECK(revoking.act().by == office.authority);
  CHECK(*revoking.act().d.find("kid") == Json(leaving.sign.public_key().kid().str()));
  CHECK(merkle::parse_receipt(told.at_path("revoked.receipt")->string()).has_value());
  CHECK(json_of(gone.open(gone.claims().set("hub", "elsewhere.example/ledger"))).find("revoked") == nullptr);
  stage.hub.clock().advance(http::kSessionLasts);
  CHECK(verdict(hand.read(token, good())) == "401 session.expired");
  const std::string anew = hand.token();
  CHECK(hand.read(anew, hand.dpop_claims(anew)).status == 200);

  // Administrators read too; they act for nobody.
  ByHand administrator{stage, office.administrators[0]};
  const std::string badge = administrator.token();
  CHECK(json_of(administrator.read(badge, administrator.dpop_claims(badge)))
            .find("authorities")
            ->array_items()
            .empty());
}

TEST_CASE("a system reads under the certificate that it was enrolled with, and under no other") {
  Stage stage;
  demo::World& world = stage.hub.world();
  demo::Office& office = world.office("au:fr:central");
  const Subject system("sy:fr:gateway"), &authority = office.authority;
  const auto sign = crypto::PrivateKey::generate(stage.hub.random()),
             seal = crypto::PrivateKey::generate(stage.hub.random());
  const auto certificate = crypto::sha256(std::string_view("the system's certificate")).value;
  const auto another = crypto::sha256(std::string_view("somebody else's")).value;
  const auto try_act = [&](std::string type, Json d, std::vector<const crypto::Signer*> signers) {
    act::Act act = world.compose(world.officer_of("au:fr:central"), std::move(type), {});
    act.by = authority;
    act.device = signers.front()->public_key().kid();
    act.d = std::move(d);
    return verdict(stage.submit(MUST(act::sign_act(act, signers)), {}));
  };
  const auto enrolled = [&](const Subject& who, std::vector<std::string> roles) {
    return client::admin::officer(who, std::move(roles), world.now() + std::chrono::hours(24));
  };
  const auto device = [&](std::string_view x5t) {
    return client::admin::device(system, sign.public_key(), seal.public_key(), "soft", nullptr, x5t);
  };
  const crypto::Signer *one = &office.administrators[0], *two = &office.administrators[1];

  // Its enrolment: for its own country, in no role that asks for a person, never without a certificate.
  CHECK(try_act("dir.officer", enrolled(Subject("sy:ke:gateway"), {"officer"}), {one}) == "403 dir.parent");
  CHECK(try_act("dir.officer", enrolled(system, {"magistrate"}), {one, two}) == "403 dir.system.role");
  CHECK(try_act("dir.officer", enrolled(system, {"ring-admin"}), {one, two}) == "403 dir.system.role");
  CHECK(try_act("dir.officer", enrolled(system, {"officer"}), {&sign}) == "403 act.device.unknown");
  MUST(world.enact(authority, authority, "dir.officer", enrolled(system, {"officer"}), {one}));
  CHECK(try_act("dir.device", device(""), {one, &sign}) == "422 dir.system.certificate");
  CHECK(try_act("dir.device", device("c2hvcnQ"), {one, &sign}) == "422 codec.base64url");
  MUST(world.enact(authority, authority, "dir.device", device(codec::base64url(certificate)), {one, &sign}));

  // Its sessions.
  ByHand hand{stage, sign};
  CHECK(verdict(hand.open(hand.claims())) == "401 session.certificate.missing");
  stage.anyone->certificate = another;
  CHECK(verdict(hand.open(hand.claims())) == "401 session.certificate");
  stage.anyone->certificate = certificate;
  const std::string token = hand.token();
  CHECK(hand.read(token, hand.dpop_claims(token)).status == 200);
  // A stolen token and its key are worth nothing over another connection.
  stage.anyone->certificate = another;
  CHECK(verdict(hand.read(token, hand.dpop_claims(token))) == "401 session.certificate");
  stage.anyone->certificate = {};
  CHECK(verdict(hand.read(token, hand.dpop_claims(token))) == "401 session.certificate.missing");
  // The certificate alone opens nothing, and binds nobody who was enrolled without one.
  stage.anyone->certificate = certificate;
  CHECK(verdict(stage.raw("GET", "/v1/me")) == "401 session.missing");
  ByHand person{stage, stage.fr->officer().sign};
  const std::string theirs = person.token();
  CHECK(person.read(theirs, person.dpop_claims(theirs)).status == 200);

  MUST(world.enact(authority, authority, "dir.revoke", client::admin::revoke_subject(system, "replaced", world.now()),
                   {one}));
  CHECK(verdict(hand.read(token, hand.dpop_claims(token))) == "401 act.device.revoked");
  CHECK(verdict(hand.open(hand.claims())) == "401 act.device.revoked");
}

TEST_CASE("a session is worth nothing without its key, after its time, or once its device is revoked") {
  Stage stage;
  walk_sessions(stage);
}

}  // namespace entraide::contract
