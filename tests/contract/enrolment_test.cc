// Enrolment by invitation: a device comes into the ledger, and whoever is not invited, or not an administrator, gets nowhere.

#include "enrolment/enrolment.h"
#include "client/certify.h"
#include "client/enrol.h"
#include "client/invitation.h"
#include "contract/stage.h"
#include "crypto/digest.h"
#include "crypto/jws.h"

namespace entraide::contract {

using codec::Json;

namespace {

std::string text(const Json& value) { return codec::to_json(value); }

// Somebody with new keys and, if they were told it, a code.
struct Newcomer {
  Stage& stage;
  std::string code;
  crypto::PrivateKey sign = crypto::PrivateKey::generate(stage.hub.random());
  crypto::PrivateKey seal = crypto::PrivateKey::generate(stage.hub.random());
  crypto::PrivateKey document = crypto::PrivateKey::generate(stage.hub.random());

  std::string ticket() const { return client::invitation_ticket(code); }
  client::HttpResponse look() {
    return stage.raw("POST", "/v1/invitations/open", text(Json::object({{"ticket", ticket()}})));
  }
  client::Invited invited() { return MUST(client::read_invited(json_of(look()))); }
  std::string half() {
    const crypto::PublicKey certified = document.public_key();
    return MUST(client::device_half(invited(), sign, seal.public_key(), "prf", stage.hub.clock().now(),
                                    stage.hub.random(), &certified));
  }
  client::HttpResponse answer(const std::string& act) {
    return stage.raw("POST", "/v1/enrolments", text(Json::object({{"ticket", ticket()}, {"act", act}})));
  }
  client::HttpResponse poll(const std::string& id, const crypto::Signer& key) {
    const std::string path = "/v1/enrolments/" + id;
    const Json claims = Json::object({{"htm", "GET"},
                                      {"htu", std::string(kit::kUrl) + path},
                                      {"iat", to_seconds(stage.hub.clock().now())},
                                      {"jti", codec::base64url(stage.hub.random().bytes(16))}});
    return stage.raw("GET", path, {}, {{"DPoP", MUST(crypto::make_dpop_proof(key, claims))}});
  }
};

}  // namespace

void walk_enrolment(Stage& stage) {
  demo::Office& office = stage.hub.world().office("au:fr:central");
  const demo::Officer& officer = stage.fr->officer();
  const crypto::PrivateKey& administrator = office.administrators[0];
  Visitor admin(stage, administrator);
  Visitor foreign(stage, stage.hub.world().office("au:ke:central").administrators[0]);
  const std::string of_fr = "?authority=au:fr:central";

  // ---- inviting is for the authority's administrators
  Newcomer person{stage, MUST(client::read_invitation_code(client::new_invitation_code(stage.hub.random())))};
  const auto invitation_for = [&](const Subject& whom, const std::string& ticket) {
    return Json::object({{"authority", "au:fr:central"},
                         {"officer", whom.str()},
                         {"ticket_hash", codec::to_text(enrolment::hash_of_ticket(ticket))}});
  };
  const std::string body = text(invitation_for(officer.id, person.ticket()));
  CHECK(verdict(stage.raw("POST", "/v1/invitations", body)) == "401 session.missing");
  CHECK(verdict(foreign.ask("POST", "/v1/invitations", body)) == "403 api.administrator");
  CHECK(verdict(stage.as(*stage.fr, "POST", "/v1/invitations", body)) == "403 api.administrator");
  CHECK(verdict(admin.ask("POST", "/v1/invitations",
                          text(invitation_for(stage.ke->officer().id, person.ticket())))) == "422 enrolment.officer");
  CHECK(verdict(admin.ask("POST", "/v1/invitations", text(invitation_for(officer.id, "x").set("more", 1)))) ==
        "422 json.member");
  CHECK(verdict(admin.ask("POST", "/v1/invitations", std::string(20000, ' '))) == "413 http.body.too-large");
  CHECK(verdict(person.look()) == "404 enrolment.ticket");
  const auto invited = admin.ask("POST", "/v1/invitations", body);
  REQUIRE(invited.status == 201);
  const std::string invitation = json_of(invited).find("invitation")->string();
  CHECK(verdict(admin.ask("POST", "/v1/invitations", body)) == "409 enrolment.duplicate");

  CHECK(json_of(admin.ask("GET", "/v1/invitations" + of_fr)).find("items")->array_items().size() == 1);
  for (const char* list : {"/v1/invitations", "/v1/enrolments"}) {
    CHECK(verdict(foreign.ask("GET", list + of_fr)) == "403 api.administrator");
    CHECK(verdict(stage.as(*stage.fr, "GET", list + of_fr)) == "403 api.administrator");
    CHECK(verdict(stage.raw("GET", list + of_fr)) == "401 session.missing");
    CHECK(verdict(admin.ask("GET", list)) == "403 api.administrator");
  }

  // ---- the newcomer
  CHECK(verdict(stage.raw("POST", "/v1/invitations/open", "{}")) == "422 json.member");
  CHECK(verdict(stage.raw("POST", "/v1/invitations/open", std::string(20000, ' '))) == "413 http.body.too-large");
  const client::Invited told = person.invited();
  CHECK(told.officer == officer.id);
  CHECK(told.administrator == administrator.public_key().kid());
  const auto bent = [&](auto bend) {
    client::Invited other = told;
    bend(other);
    return verdict(person.answer(MUST(client::device_half(other, person.sign, person.seal.public_key(), "prf",
                                                          stage.hub.clock().now(), stage.hub.random()))));
  };
  CHECK(bent([](auto& i) { i.officer = Subject("of:fr:AAAAAAAAAAAAAAAA"); }) == "422 enrolment.act");
  CHECK(bent([](auto& i) { i.authority = Subject("au:ke:central"); }) == "422 enrolment.act");
  CHECK(bent([&](auto& i) { i.administrator = office.administrators[1].public_key().kid(); }) == "422 enrolment.act");
  const auto made = [&](const crypto::Signer& sign, const crypto::PublicKey& seal, std::string_view level, Time at) {
    return verdict(person.answer(MUST(client::device_half(told, sign, seal, level, at, stage.hub.random()))));
  };
  const Time now = stage.hub.clock().now();
  CHECK(made(person.sign, person.seal.public_key(), "gold", now) == "422 enrolment.act");
  CHECK(made(person.sign, person.sign.public_key(), "prf", now) == "422 enrolment.act");
  CHECK(made(person.sign, person.seal.public_key(), "prf", now - Seconds(301)) == "422 enrolment.act");
  CHECK(made(person.sign, person.seal.public_key(), "prf", now + Seconds(301)) == "422 enrolment.act");
  CHECK(made(officer.sign, person.seal.public_key(), "prf", now) == "422 enrolment.act");
  const auto certifying = [&](const crypto::PublicKey& document) {
    return verdict(person.answer(MUST(client::device_half(told, person.sign, person.seal.public_key(), "prf", now,
                                                          stage.hub.random(), &document))));
  };
  CHECK(certifying(person.sign.public_key()) == "422 enrolment.act");
  CHECK(certifying(person.seal.public_key()) == "422 enrolment.act");
  CHECK(made(person.sign, officer.seal.public_key(), "prf", now) == "422 enrolment.act");
  const std::string half = person.half();
  CHECK(verdict(person.answer(MUST(act::add_signature(half, officer.sign)))) == "422 enrolment.act");
  std::string forged = half;
  forged[forged.size() - 10] = forged[forged.size() - 10] == 'A' ? 'B' : 'A';
  CHECK(verdict(person.answer(forged)) == "422 jose.signature");
  CHECK(verdict(person.answer(std::string(9000, 'A'))) == "413 enrolment.act");
  CHECK(verdict(person.answer(std::string(20000, 'A'))) == "413 http.body.too-large");
  Newcomer stranger{stage, MUST(client::read_invitation_code(client::new_invitation_code(stage.hub.random())))};
  CHECK(verdict(stranger.answer(half)) == "404 enrolment.ticket");

  const auto begun = person.answer(half);
  REQUIRE(begun.status == 201);
  const std::string enrolment = json_of(begun).find("enrolment")->string();
  CHECK(json_of(person.answer(half)).find("enrolment")->string() == enrolment);
  CHECK(verdict(person.answer(person.half())) == "409 enrolment.used");
  CHECK(json_of(person.poll(enrolment, person.sign)).find("state")->string() == "pending");
  CHECK(verdict(person.poll(enrolment, stranger.sign)) == "404 api.not_found");
  CHECK(verdict(person.poll(nothing(16), person.sign)) == "404 api.not_found");
  CHECK(verdict(stage.raw("GET", "/v1/enrolments/" + enrolment)) == "401 session.proof");

  // ---- the administrator: the same words on both sides, other words for other keys
  const Json waiting = json_of(admin.ask("GET", "/v1/enrolments" + of_fr)).find("items")->array_items().at(0);
  const client::ReadHalf read = MUST(
      client::read_half(waiting.find("act")->string(), Subject("au:fr:central"), administrator.public_key().kid()));
  CHECK(read.officer == officer.id);
  CHECK(read.document == person.document.public_key());
  const auto words = client::invitation_words(person.code, read.sign.kid(), read.seal.kid());
  CHECK(words ==
        client::invitation_words(person.code, person.sign.public_key().kid(), person.seal.public_key().kid()));
  CHECK(words !=
        client::invitation_words(person.code, stranger.sign.public_key().kid(), person.seal.public_key().kid()));
  const auto not_for = [&](const Subject& authority, const KeyId& key) {
    return testing::rule_of(client::read_half(half, authority, key));
  };
  CHECK(not_for(Subject("au:ke:central"), administrator.public_key().kid()) == "enrolment.act");
  CHECK(not_for(Subject("au:fr:central"), officer.sign.public_key().kid()) == "enrolment.act");
  CHECK(stage.submit(MUST(act::add_signature(half, administrator)), {}).status == 201);
  CHECK(json_of(person.poll(enrolment, person.sign)).find("state")->string() == "admitted");
  Visitor newcomer(stage, person.sign);
  CHECK(json_of(newcomer.ask("GET", "/v1/me")).find("subject")->string() == officer.id.str());

  // ---- its certificate: issued by the administrator, sealed to the device, for nobody else
  const directory::Directory people = *stage.hub.hub().directory();
  const KeyId kid = person.sign.public_key().kid();
  const auto& pki = people.country(Subject("cc:fr"))->pki;
  const std::vector issuer{office.issuer};
  const auto chain = MUST(client::certify({office.issuer_key, issuer}, pki, *people.device(kid)->document,
                                          {"FR", "au:fr:central", "N. Ewcomer"}, now, stage.hub.random()));
  const std::string jwe = MUST(client::seal_certificate(chain, kid, people, stage.hub.random()));
  const std::string place = "/v1/certificates/" + kid.str();
  const auto leaving = [](const std::string& sealed) {
    return text(Json::object({{"authority", "au:fr:central"}, {"jwe", sealed}}));
  };
  CHECK(verdict(newcomer.ask("GET", place)) == "404 api.not_found");
  CHECK(verdict(stage.raw("PUT", place, leaving(jwe))) == "401 session.missing");
  CHECK(verdict(foreign.ask("PUT", place, leaving(jwe))) == "403 api.administrator");
  CHECK(verdict(newcomer.ask("PUT", place, leaving(jwe))) == "403 api.administrator");
  CHECK(verdict(admin.ask("PUT", "/v1/certificates/" + stage.ke->officer().sign.public_key().kid().str(),
                          leaving(jwe))) == "422 certificate.device");
  CHECK(verdict(admin.ask("PUT", "/v1/certificates/" + officer.sign.public_key().kid().str(), leaving(jwe))) ==
        "422 certificate.seal");
  CHECK(verdict(admin.ask("PUT", place, leaving("{}"))) == "422 jwe.member");
  CHECK(verdict(admin.ask("PUT", place, leaving(std::string(33'000, 'x')))) == "413 certificate.size");
  CHECK(verdict(admin.ask("PUT", place, std::string(50'000, ' '))) == "413 http.body.too-large");
  CHECK(admin.ask("PUT", place, leaving(jwe)).status == 204);
  CHECK(admin.ask("PUT", place, leaving(jwe)).status == 204);
  const std::string certified = "/v1/certificates" + of_fr;
  CHECK(json_of(admin.ask("GET", certified)).find("items")->array_items().size() == 1);
  CHECK(verdict(newcomer.ask("GET", certified)) == "403 api.administrator");
  CHECK(verdict(stage.raw("GET", certified)) == "401 session.missing");
  CHECK(verdict(stage.raw("GET", place)) == "401 session.missing");
  CHECK(verdict(admin.ask("GET", place)) == "404 api.not_found");
  const Json given = json_of(newcomer.ask("GET", place));
  CHECK(MUST(client::open_certificate(given.find("jwe")->string(), kid, person.seal, person.document.public_key(),
                                      pki, now))
            .size() == 2);

  // ---- to refuse, to withdraw, and to be over
  CHECK(verdict(foreign.ask("DELETE", "/v1/enrolments/" + enrolment)) == "404 api.not_found");
  CHECK(verdict(newcomer.ask("DELETE", "/v1/enrolments/" + enrolment)) == "404 api.not_found");
  CHECK(verdict(stage.raw("DELETE", "/v1/enrolments/" + enrolment)) == "401 session.missing");
  CHECK(admin.ask("DELETE", "/v1/enrolments/" + enrolment).status == 204);
  CHECK(verdict(person.poll(enrolment, person.sign)) == "404 api.not_found");
  CHECK(verdict(admin.ask("DELETE", "/v1/invitations/" + invitation)) == "404 api.not_found");

  CHECK(admin.ask("POST", "/v1/invitations", text(invitation_for(officer.id, stranger.ticket()))).status == 201);
  const std::string second = json_of(admin.ask("GET", "/v1/invitations" + of_fr))
                                 .find("items")
                                 ->array_items()
                                 .at(0)
                                 .find("invitation")
                                 ->string();
  CHECK(verdict(foreign.ask("DELETE", "/v1/invitations/" + second)) == "404 api.not_found");
  CHECK(verdict(stage.raw("DELETE", "/v1/invitations/" + second)) == "401 session.missing");
  CHECK(admin.ask("DELETE", "/v1/invitations/" + second).status == 204);
  CHECK(verdict(stranger.look()) == "404 enrolment.ticket");

  for (int i = 0; i < 50; ++i)
    CHECK(admin.ask("POST", "/v1/invitations", text(invitation_for(officer.id, "t" + std::to_string(i)))).status ==
          201);
  CHECK(verdict(admin.ask("POST", "/v1/invitations", text(invitation_for(officer.id, stranger.ticket())))) ==
        "409 enrolment.full");
  stage.hub.clock().advance(enrolment::kInvitationLasts);
  Visitor later(stage, administrator);
  CHECK(json_of(later.ask("GET", "/v1/invitations" + of_fr)).find("items")->array_items().empty());
  CHECK(later.ask("POST", "/v1/invitations", text(invitation_for(officer.id, stranger.ticket()))).status == 201);

  // ---- who has no session may not knock without end
  stage.hub.clock().advance(Seconds(61));
  std::map<std::string, int> verdicts;
  for (int i = 0; i < 121; ++i) ++verdicts[verdict(person.look())];
  CHECK(verdicts == std::map<std::string, int>{{"404 enrolment.ticket", 120}, {"429 api.rate", 1}});
  CHECK(verdict(person.answer(half)) == "429 api.rate");
  const auto slow = person.poll(enrolment, person.sign);
  CHECK(verdict(slow) == "429 api.rate");
  CHECK(slow.header("retry-after") == "60");
}

TEST_CASE("a device is enrolled by an invitation, four words and two signatures, and in no other way") {
  Stage stage;
  walk_enrolment(stage);
}

}  // namespace entraide::contract
