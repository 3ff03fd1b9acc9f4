// The fold: who may change what, in which order, and who speaks for whom afterwards. Trust core section 4.

#include "directory/directory.h"

#include "codec/codec.h"
#include "testing/testing.h"

namespace entraide::directory {
namespace {

using codec::Json;
using crypto::PrivateKey;
using crypto::Signer;
using Signers = std::vector<const Signer*>;

const Subject kOrg("org"), kFrance("cc:fr"), kCentral("au:fr:central"), kUnit("au:fr:unit");
const std::string kDigest = codec::base64url(Bytes(32, 7));

Json jwks(const std::vector<PrivateKey>& keys) {
  Json out = Json::array();
  for (const PrivateKey& key : keys) out.push_back(key.public_key().jwk());
  return out;
}
Json texts(const std::vector<std::string>& values) {
  Json out = Json::array();
  for (const std::string& value : values) out.push_back(value);
  return out;
}
Signers all(const std::vector<PrivateKey>& keys) {
  Signers out;
  for (const PrivateKey& key : keys) out.push_back(&key);
  return out;
}
Signers operator+(Signers one, const Signers& other) {
  one.insert(one.end(), other.begin(), other.end());
  return one;
}

struct Person {
  Subject id;
  PrivateKey sign, seal;
};

// A ledger in the small: acts are admitted at one index after another, or refused.
struct Ledger {
  SeededRandom random{7};
  Directory people;
  std::int64_t index = 0;
  Time now = from_seconds(1'924'992'000);
  std::int64_t seen = 0;  // the size in `cp`
  std::vector<PrivateKey> roots = keys(3), roots_fr = keys(2), administrators = keys(2);

  std::vector<PrivateKey> keys(int count) {
    std::vector<PrivateKey> out;
    for (int i = 0; i < count; ++i) out.push_back(PrivateKey::generate(random));
    return out;
  }
  Subject name(const std::string& country = "fr") {
    return Subject("of:" + country + ":" + codec::base64url(random.bytes(12)));
  }

  act::Act act_of(const Subject& by, const Subject& for_authority, std::string type, Json d, const Signer& device) {
    act::Act act;
    act.type = std::move(type);
    act.nonce = codec::base64url(random.bytes(16));
    act.by = by;
    act.device = device.public_key().kid();
    act.for_authority = for_authority;
    act.at = now;
    act.checkpoint.size = seen;
    act.d = std::move(d);
    return act;
  }
  act::VerifiedAct verified(const act::Act& act, const Signers& signers) {
    return MUST(act::verify(MUST(act::parse_act(MUST(act::sign_act(act, signers)))), people));
  }
  /// The rule that refuses, or "accepted".
  std::string tries(const Subject& by, const Subject& for_authority, std::string type, Json d,
                    const Signers& signers) {
    const auto act = verified(act_of(by, for_authority, std::move(type), std::move(d), *signers.front()), signers);
    const auto admitted = people.admit(act, index, now);
    if (admitted) ++index;
    return testing::rule_of(admitted);
  }

  static Json genesis(const std::vector<PrivateKey>& roots, std::int64_t m) {
    return Json::object(
        {{"roots", jwks(roots)}, {"m", m}, {"log", "hub+00000000+AA"}, {"witnesses", ""}, {"rb", kDigest}});
  }
  static Json country(const std::string& cc, const std::vector<PrivateKey>& roots, std::int64_t m) {
    return Json::object({{"cc", cc}, {"roots", jwks(roots)}, {"m", m}, {"pki", Json::array()}});
  }
  static Json authority(const Subject& name, const std::vector<PrivateKey>& administrators) {
    return Json::object({{"au", name.str()},
                         {"kind", "central-authority"},
                         {"competence", Json::array()},
                         {"name", Json::object({{"en", "An authority"}})},
                         {"ops", jwks(administrators)}});
  }
  Json officer(const Subject& who, const std::vector<std::string>& roles, Seconds lasts = Seconds(86400)) const {
    return Json::object({{"of", who.str()}, {"roles", texts(roles)}, {"until", codec::rfc3339(now + lasts)}});
  }
  static Json device(const Person& person, Json x5t = nullptr, const std::string& aal = "prf") {
    return Json::object({{"of", person.id.str()},
                         {"sig", person.sign.public_key().jwk()},
                         {"seal", person.seal.public_key().jwk()},
                         {"aal", aal},
                         {"att", nullptr},
                         {"x5t", std::move(x5t)}});
  }
  Json revoke(const std::string& what, const std::string& value) const {
    return Json::object({{what, value}, {"why", "left"}, {"from", codec::rfc3339(now)}});
  }
  static Json ring(const Subject& of, std::int64_t g, const PrivateKey& key, std::int64_t previous) {
    return Json::object({{"au", of.str()},
                         {"g", g},
                         {"pub", key.public_key().jwk()},
                         {"wrap", kDigest},
                         {"esc", nullptr},
                         {"prev", previous}});
  }
  static Json grant(const Subject& of, std::int64_t g, const KeyId& to) {
    return Json::object({{"au", of.str()}, {"g", g}, {"dv", to.str()}, {"wrap", kDigest}});
  }

  void begin() { REQUIRE(tries(kOrg, kOrg, "dir.genesis", genesis(roots, 2), {&roots[0], &roots[1]}) == "accepted"); }
  void found() {
    begin();
    REQUIRE(tries(kOrg, kOrg, "dir.country", country("fr", roots_fr, 2),
                  Signers{&roots[0], &roots[1]} + all(roots_fr)) == "accepted");
    REQUIRE(tries(kFrance, kFrance, "dir.authority", authority(kCentral, administrators), all(roots_fr)) ==
            "accepted");
  }
  Person enrol(const std::vector<std::string>& roles) {
    Person person{name(), PrivateKey::generate(random), PrivateKey::generate(random)};
    REQUIRE(tries(kCentral, kCentral, "dir.officer", officer(person.id, roles), all(administrators)) == "accepted");
    REQUIRE(tries(kCentral, kCentral, "dir.device", device(person), {&administrators[0], &person.sign}) ==
            "accepted");
    return person;
  }
  std::string may(const Person& person, const Subject& for_authority) {
    return testing::rule_of(people.authorise(
        verified(act_of(person.id, for_authority, "message.send", Json::object(), person.sign), {&person.sign}),
        now));
  }
};

}  // namespace

TEST_CASE("a ledger begins with its genesis, signed by as many of its roots as it says") {
  Ledger ledger;
  CHECK(ledger.tries(kOrg, kOrg, "dir.country", Ledger::country("fr", ledger.roots_fr, 2), all(ledger.roots_fr)) ==
        "dir.genesis.missing");
  CHECK(ledger.tries(kOrg, kOrg, "dir.genesis", Ledger::genesis(ledger.roots, 2), {&ledger.roots[0]}) ==
        "dir.signers");
  CHECK(ledger.tries(kOrg, kOrg, "dir.genesis", Ledger::genesis(ledger.roots, 0), all(ledger.roots)) ==
        "dir.threshold");
  CHECK(ledger.tries(kOrg, kOrg, "dir.genesis", Ledger::genesis(ledger.roots, 4), all(ledger.roots)) ==
        "dir.threshold");
  CHECK(ledger.tries(kFrance, kOrg, "dir.genesis", Ledger::genesis(ledger.roots, 2), all(ledger.roots)) == "act.by");
  CHECK(ledger.tries(kOrg, kFrance, "dir.genesis", Ledger::genesis(ledger.roots, 2), all(ledger.roots)) ==
        "act.authority.wrong");
  CHECK(!ledger.people.genesis());
  ledger.begin();
  CHECK(ledger.people.genesis()->threshold == 2);
  CHECK(!ledger.people.genesis()->demonstration);
  CHECK(ledger.tries(kOrg, kOrg, "dir.genesis", Ledger::genesis(ledger.roots, 2), all(ledger.roots)) ==
        "dir.duplicate");
}

TEST_CASE("several must sign: below the threshold, twice by one, or by the wrong ones is not enough") {
  Ledger ledger;
  ledger.begin();
  const Json d = Ledger::country("fr", ledger.roots_fr, 2);
  const Signers theirs = all(ledger.roots_fr);
  CHECK(ledger.tries(kOrg, kOrg, "dir.country", d, Signers{&ledger.roots[0]} + theirs) == "dir.signers");
  CHECK(ledger.tries(kOrg, kOrg, "dir.country", d, {&ledger.roots[0], &ledger.roots[1], theirs[0]}) ==
        "dir.possession");
  // A second signature by the same key is no second signature: the format does not even carry it.
  const std::string body =
      MUST(act::sign_act(ledger.act_of(kOrg, kOrg, "dir.country", d, ledger.roots[0]), Signers{&ledger.roots[0]}));
  CHECK(testing::rule_of(act::add_signature(body, ledger.roots[0])) == "act.signature.twice");
  CHECK(ledger.tries(kOrg, kOrg, "dir.country", d, Signers{&ledger.roots[0], &ledger.roots[2]} + theirs) ==
        "accepted");
  CHECK(ledger.tries(kOrg, kOrg, "dir.country", d, Signers{&ledger.roots[0], &ledger.roots[2]} + theirs) ==
        "dir.duplicate");
  // A root that was revoked does not count any more.
  CHECK(ledger.tries(kOrg, kOrg, "dir.revoke", ledger.revoke("kid", ledger.roots[2].public_key().kid().str()),
                     {&ledger.roots[0]}) == "accepted");
  const auto others = ledger.keys(2);
  CHECK(ledger.tries(kOrg, kOrg, "dir.country", Ledger::country("ke", others, 2),
                     Signers{&ledger.roots[0], &ledger.roots[2]} + all(others)) == "dir.signers");
  CHECK(ledger.tries(kOrg, kOrg, "dir.country", Ledger::country("ke", others, 2),
                     Signers{&ledger.roots[2], &ledger.roots[0]} + all(others)) == "act.device.revoked");
}

TEST_CASE("nobody acts in the name of another, nor with a key that the directory has for something else") {
  Ledger ledger;
  ledger.found();
  const Person person = ledger.enrol({"officer"});
  const Json d = ledger.officer(ledger.name(), {"officer"});
  CHECK(ledger.tries(kFrance, kCentral, "dir.officer", d, all(ledger.administrators)) == "act.by");
  CHECK(ledger.tries(person.id, kCentral, "dir.officer", d, {&person.sign}) == "dir.signers");
  CHECK(ledger.tries(kCentral, kCentral, "dir.pardon", Json::object(), all(ledger.administrators)) ==
        "act.type.unknown");
  // A key has one holder and one purpose, for ever.
  const auto reused = std::vector<PrivateKey>{person.sign, ledger.keys(1)[0]};
  CHECK(ledger.tries(kFrance, kFrance, "dir.authority", Ledger::authority(kUnit, reused), all(ledger.roots_fr)) ==
        "dir.key.duplicate");
  CHECK(ledger.tries(kCentral, kCentral, "ring.new", Ledger::ring(kCentral, 1, person.seal, 0),
                     {&ledger.administrators[0]}) == "dir.key.duplicate");
  const auto act = ledger.act_of(person.id, kCentral, "message.send", Json::object(), person.seal);
  CHECK(testing::rule_of(act::verify(MUST(act::parse_act(MUST(act::sign_act(act, Signers{&person.seal})))),
                                     ledger.people)) == "act.device.unknown");
}

TEST_CASE("what is refused changes nothing") {
  Ledger ledger;
  ledger.found();
  const auto keys = ledger.keys(2);
  CHECK(ledger.tries(kFrance, kFrance, "dir.authority", Ledger::authority(Subject("au:ke:central"), keys),
                     all(ledger.roots_fr)) == "dir.parent");
  CHECK(ledger.people.key(keys[0].public_key().kid()) == nullptr);
  CHECK(ledger.tries(kFrance, kFrance, "dir.authority", Ledger::authority(kUnit, {keys[0]}), all(ledger.roots_fr)) ==
        "dir.keys");
  CHECK(ledger.tries(kFrance, kFrance, "dir.authority", Ledger::authority(kUnit, {keys[0], keys[0]}),
                     all(ledger.roots_fr)) == "dir.key.duplicate");
  CHECK(ledger.tries(kFrance, kFrance, "dir.authority", Ledger::authority(kUnit, keys).set("more", 1),
                     all(ledger.roots_fr)) == "json.member");
  CHECK(ledger.people.authority(kUnit) == nullptr);
  CHECK(ledger.tries(kFrance, kFrance, "dir.authority", Ledger::authority(kUnit, keys), all(ledger.roots_fr)) ==
        "accepted");
}

TEST_CASE("an officer acts for an authority in given roles and for a time, and later acts replace earlier ones") {
  Ledger ledger;
  ledger.found();
  const Person person = ledger.enrol({"officer"});
  CHECK(ledger.may(person, kCentral) == "accepted");
  CHECK(ledger.may(person, kUnit) == "act.authority.wrong");
  const auto give = [&](const std::vector<std::string>& roles, const Signers& signers,
                        Seconds lasts = Seconds(86400)) {
    return ledger.tries(kCentral, kCentral, "dir.officer", ledger.officer(person.id, roles, lasts), signers);
  };
  const Signers one{&ledger.administrators[0]}, both = all(ledger.administrators);
  CHECK(give({"magistrate"}, one) == "dir.signers");
  CHECK(give({}, both) == "dir.roles");
  CHECK(give({"officer"}, one, Seconds(0)) == "dir.until");
  CHECK(ledger.tries(kCentral, kCentral, "dir.officer", ledger.officer(ledger.name("ke"), {"officer"}), both) ==
        "dir.parent");
  // Signed before the assignment that it would undo was logged: its signers had not seen that one.
  CHECK(give({"supervisor"}, one) == "dir.superseded");
  ledger.seen = ledger.index;
  CHECK(give({"magistrate"}, both) == "accepted");
  CHECK(ledger.people.officer(person.id)->assignments.at(kCentral).has_role("magistrate"));
  CHECK(!ledger.people.officer(person.id)->assignments.at(kCentral).has_role("officer"));
  ledger.now += Seconds(86400);
  CHECK(ledger.may(person, kCentral) == "act.officer.expired");
  CHECK(!ledger.people.is_member(kCentral, person.sign.public_key().kid(), ledger.now));
}

TEST_CASE("a device is enrolled by an administrator and by its own key; a system's names its certificate") {
  Ledger ledger;
  ledger.found();
  Person person{ledger.name(), PrivateKey::generate(ledger.random), PrivateKey::generate(ledger.random)};
  const Signer* administrator = &ledger.administrators[0];
  const auto enrol = [&](const Json& d, const Signers& signers) {
    return ledger.tries(kCentral, kCentral, "dir.device", d, signers);
  };
  const Signers both{administrator, &person.sign};
  CHECK(enrol(Ledger::device(person), both) == "dir.parent");
  REQUIRE(ledger.tries(kCentral, kCentral, "dir.officer", ledger.officer(person.id, {"officer"}), {administrator}) ==
          "accepted");
  CHECK(enrol(Ledger::device(person), {administrator}) == "dir.possession");
  CHECK(enrol(Ledger::device(person, nullptr, "best"), both) == "dir.aal");
  CHECK(enrol(Ledger::device(person, "short"), both) == "codec.base64url");
  CHECK(enrol(Ledger::device({person.id, person.sign, person.sign}), both) == "dir.key.duplicate");
  CHECK(enrol(Ledger::device(person), both) == "accepted");
  CHECK(enrol(Ledger::device(person), both) == "dir.key.duplicate");
  CHECK(ledger.people.chain(person.sign.public_key().kid(), kCentral).size() == 5);
  CHECK(ledger.people.chain(person.seal.public_key().kid(), kCentral).empty());

  const Person system{Subject("sy:fr:gateway"), PrivateKey::generate(ledger.random),
                      PrivateKey::generate(ledger.random)};
  CHECK(ledger.tries(kCentral, kCentral, "dir.officer",
                     ledger.officer(Subject("dv:" + person.sign.public_key().kid().str()), {"officer"}),
                     {administrator}) == "act.subject");
  CHECK(ledger.tries(kCentral, kCentral, "dir.officer", ledger.officer(system.id, {"ring-admin"}),
                     all(ledger.administrators)) == "dir.system.role");
  REQUIRE(ledger.tries(kCentral, kCentral, "dir.officer", ledger.officer(system.id, {"officer"}), {administrator}) ==
          "accepted");
  CHECK(enrol(Ledger::device(system), {administrator, &system.sign}) == "dir.system.certificate");
  CHECK(enrol(Ledger::device(system, kDigest), {administrator, &system.sign}) == "accepted");
  CHECK(ledger.people.device(system.sign.public_key().kid())->certificate_thumbprint == kDigest);
  CHECK(ledger.may(system, kCentral) == "accepted");
}

TEST_CASE("generations of a ring come one after another, and are granted to members only") {
  Ledger ledger;
  ledger.found();
  const Person keeper = ledger.enrol({"ring-admin"}), member = ledger.enrol({"officer"});
  const auto pairs = ledger.keys(3);
  const Signers administrator{&ledger.administrators[0]};
  CHECK(ledger.tries(kCentral, kCentral, "ring.new", Ledger::ring(kCentral, 2, pairs[0], 1), administrator) ==
        "ring.generation");
  CHECK(ledger.tries(kCentral, kCentral, "ring.new", Ledger::ring(kUnit, 1, pairs[0], 0), administrator) ==
        "dir.parent");
  CHECK(ledger.tries(keeper.id, kCentral, "ring.new", Ledger::ring(kCentral, 1, pairs[0], 0), {&keeper.sign}) ==
        "dir.signers");
  CHECK(ledger.tries(kCentral, kCentral, "ring.new", Ledger::ring(kCentral, 1, pairs[0], 0), administrator) ==
        "accepted");
  CHECK(ledger.tries(kCentral, kCentral, "ring.new", Ledger::ring(kCentral, 1, pairs[1], 0), administrator) ==
        "ring.generation");
  CHECK(ledger.tries(kCentral, kCentral, "ring.new", Ledger::ring(kCentral, 2, pairs[0], 1), administrator) ==
        "dir.key.duplicate");
  CHECK(ledger.tries(kCentral, kCentral, "ring.new", Ledger::ring(kCentral, 2, pairs[1], 1), administrator) ==
        "accepted");
  CHECK(ledger.people.authority(kCentral)->current_ring()->generation == 2);
  CHECK(ledger.people.authority(kCentral)->rings.at(1).key == pairs[0].public_key());

  const KeyId to = member.sign.public_key().kid();
  CHECK(ledger.tries(member.id, kCentral, "ring.grant", Ledger::grant(kCentral, 1, to), {&member.sign}) ==
        "act.role.missing");
  CHECK(ledger.tries(keeper.id, kCentral, "ring.grant", Ledger::grant(kCentral, 3, to), {&keeper.sign}) ==
        "ring.unknown");
  CHECK(ledger.tries(keeper.id, kCentral, "ring.grant", Ledger::grant(kCentral, 1, pairs[2].public_key().kid()),
                     {&keeper.sign}) == "ring.member");
  CHECK(ledger.tries(keeper.id, kCentral, "ring.grant", Ledger::grant(kCentral, 1, to), {&keeper.sign}) ==
        "accepted");
  // Who was revoked is no member, from the next index on.
  CHECK(ledger.tries(kCentral, kCentral, "dir.revoke", ledger.revoke("kid", to.str()), administrator) == "accepted");
  CHECK(ledger.tries(keeper.id, kCentral, "ring.grant", Ledger::grant(kCentral, 2, to), {&keeper.sign}) ==
        "ring.member");
  CHECK(ledger.people.members(kCentral, ledger.now).size() == 1);
}

TEST_CASE("a revocation takes effect at its index: before it the key was good, after it no more, and never again") {
  Ledger ledger;
  ledger.found();
  const Person person = ledger.enrol({"officer"}), colleague = ledger.enrol({"officer"});
  const KeyId kid = person.sign.public_key().kid();
  const Json d = ledger.revoke("kid", kid.str());
  CHECK(ledger.tries(colleague.id, kCentral, "dir.revoke", d, {&colleague.sign}) == "dir.signers");
  CHECK(ledger.tries(kCentral, kCentral, "dir.revoke", Json(d).set("subject", person.id.str()),
                     all(ledger.administrators)) == "dir.revoke.target");
  CHECK(ledger.tries(kCentral, kCentral, "dir.revoke", ledger.revoke("kid", kDigest), all(ledger.administrators)) ==
        "dir.unknown");
  const std::int64_t enrolled = ledger.people.key(kid)->from, at = ledger.index;
  CHECK(ledger.tries(person.id, kCentral, "dir.revoke", d, {&person.sign}) == "accepted");  // one's own
  const Key& key = *ledger.people.key(kid);
  CHECK(!key.active_at(enrolled));
  CHECK(key.active_at(enrolled + 1));
  CHECK(key.active_at(at));
  CHECK(!key.active_at(at + 1));
  CHECK(!ledger.people.key(person.seal.public_key().kid())->active());  // a device's two keys go together
  CHECK(ledger.may(person, kCentral) == "act.device.revoked");
  CHECK(ledger.tries(kCentral, kCentral, "dir.revoke", d, all(ledger.administrators)) == "dir.duplicate");

  // The person: every device, and no way back under that pseudonym.
  CHECK(ledger.tries(kCentral, kCentral, "dir.revoke", ledger.revoke("subject", colleague.id.str()),
                     {&ledger.administrators[1]}) == "accepted");
  CHECK(ledger.may(colleague, kCentral) == "act.device.revoked");
  ledger.seen = ledger.index;
  CHECK(ledger.tries(kCentral, kCentral, "dir.officer", ledger.officer(colleague.id, {"officer"}),
                     all(ledger.administrators)) == "act.officer.closed");
}

TEST_CASE("who is above may suspend: an authority by its country, a country by the organisation") {
  Ledger ledger;
  ledger.found();
  const Person person = ledger.enrol({"officer"});
  CHECK(ledger.tries(kCentral, kCentral, "dir.revoke", ledger.revoke("subject", kCentral.str()),
                     all(ledger.administrators)) == "dir.signers");
  Ledger other = ledger;
  CHECK(ledger.tries(kFrance, kFrance, "dir.revoke", ledger.revoke("subject", kCentral.str()),
                     {&ledger.roots_fr[0]}) == "accepted");
  CHECK(ledger.people.active_authority(kCentral) == nullptr);
  CHECK(ledger.may(person, kCentral) == "act.authority.wrong");

  CHECK(other.tries(kFrance, kFrance, "dir.revoke", other.revoke("subject", "cc:fr"), all(other.roots_fr)) ==
        "dir.signers");
  CHECK(other.tries(kOrg, kOrg, "dir.revoke", other.revoke("subject", "cc:fr"), {&other.roots[0]}) == "dir.signers");
  CHECK(other.tries(kOrg, kOrg, "dir.revoke", other.revoke("subject", "cc:fr"), {&other.roots[0], &other.roots[1]}) ==
        "accepted");
  CHECK(other.may(person, kCentral) == "act.authority.wrong");
  CHECK(other.tries(kFrance, kFrance, "dir.authority", Ledger::authority(kUnit, other.keys(2)),
                    all(other.roots_fr)) == "dir.parent");
  CHECK(other.people.authority(kCentral)->status ==
        Status::active);  // its own status is as it was: it comes back with its country
}

TEST_CASE("the rulebook in force is the newest that the organisation's roots have named") {
  Ledger ledger;
  ledger.begin();
  const std::string next = codec::base64url(Bytes(32, 8));
  const auto put = [&](const std::string& digest, const Signers& signers) {
    return ledger.tries(kOrg, kOrg, "dir.rulebook", Json::object({{"rb", digest}}), signers);
  };
  CHECK(put(next, {&ledger.roots[0]}) == "dir.signers");
  CHECK(put("short", {&ledger.roots[0], &ledger.roots[1]}) == "codec.base64url");
  CHECK(put(kDigest, {&ledger.roots[0], &ledger.roots[1]}) == "dir.duplicate");
  CHECK(put(next, {&ledger.roots[0], &ledger.roots[1]}) == "accepted");
  CHECK(codec::to_text(ledger.people.rulebooks().back()) == next);
  CHECK(ledger.people.rulebooks().size() == 2);
}

}  // namespace entraide::directory
