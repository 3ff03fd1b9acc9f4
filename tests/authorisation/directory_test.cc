// Every act of the directory, signed by everybody who might try: trust core section 4, row by row.

#include "authorisation/bench.h"

#include "client/admin.h"
#include "client/rings.h"
#include "codec/codec.h"

namespace entraide::authorisation {

using codec::Json;
using crypto::Signer;

namespace {

// Who signs: a name, the subject that their first key speaks for, their keys.
struct Signers {
  std::string name;
  Subject by;
  std::vector<const Signer*> keys;
};

// What they try: whose signatures are enough, what else must sign, and the act.
struct Attempt {
  std::string name, type;
  Subject for_authority;
  Json d;
  std::set<std::string> enough;
  std::vector<const Signer*> besides = {};   // the keys that the act brings, which show that they are there
  std::vector<std::string> objects = {};
  std::string when_enough = "permitted";
};

std::vector<const Signer*> first(const std::vector<crypto::PrivateKey>& keys, std::size_t count) {
  std::vector<const Signer*> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(&keys[i]);
  return out;
}
std::vector<crypto::PublicKey> publics(const std::vector<crypto::PrivateKey>& keys) {
  std::vector<crypto::PublicKey> out;
  for (const auto& key : keys) out.push_back(key.public_key());
  return out;
}

}  // namespace

TEST_CASE("an act of the directory is refused to everybody whom the rules do not name") {
  Bench bench;
  demo::World& world = bench.hub.world();
  Random& random = bench.hub.random();
  const Subject org("org"), fr("cc:fr"), central("au:fr:central");
  demo::Office &office = world.office("au:fr:central"), &foreign = world.office("au:ke:central");
  const demo::Officer& officer = bench.officer(central, "officer");
  const demo::Officer& keeper = bench.officer(central, "ring-admin");
  const demo::Officer& stranger = bench.officer(Subject("au:ke:central"), "ring-admin");
  auto& roots_fr = world.countries().at("fr").roots;
  auto& roots_ke = world.countries().at("ke").roots;

  const std::vector<Signers> everybody{
      {"one root of the organisation", org, first(world.roots(), 1)},
      {"two roots of the organisation", org, first(world.roots(), 2)},
      {"one root of the country", fr, first(roots_fr, 1)},
      {"two roots of the country", fr, first(roots_fr, 2)},
      {"two roots of another country", Subject("cc:ke"), first(roots_ke, 2)},
      {"an administrator", central, first(office.administrators, 1)},
      {"two administrators", central, first(office.administrators, 2)},
      {"two administrators of another authority", foreign.authority, first(foreign.administrators, 2)},
      {"the officer", officer.id, {&officer.sign}},
      {"the keeper of keys", keeper.id, {&keeper.sign}},
      {"a keeper of keys of another authority", stranger.id, {&stranger.sign}},
      {"a revoked device", bench.revoked->id, {&bench.revoked->sign}},
      {"an officer whose mandate has ended", bench.expired->id, {&bench.expired->sign}},
  };

  std::vector<crypto::PrivateKey> fresh;
  for (int i = 0; i < 5; ++i) fresh.push_back(crypto::PrivateKey::generate(random));
  const std::vector<crypto::PrivateKey> no_keys;
  const std::vector<crypto::Certificate> pki{world.countries().at("fr").pki};
  const Subject newcomer = client::admin::new_officer("fr", random);
  const Time until = world.now() + std::chrono::hours(24);
  const auto people = bench.hub.hub().directory();
  const client::NewRing ring = MUST(client::make_ring(*people, central, nullptr, world.now(), random));
  const client::Grant grant =
      MUST(client::grant_ring(*people, central, people->authority(central)->current_ring()->generation, *office.ring,
                              officer.sign.public_key().kid(), random));
  const std::string one = "one root of the organisation", two = "two roots of the organisation",
                    country_one = "one root of the country", country_two = "two roots of the country",
                    administrator = "an administrator", administrators = "two administrators";
  const crypto::PublicKey for_documents = fresh[4].public_key(), for_acts = fresh[2].public_key(),
                          an_administrators = office.administrators[0].public_key();
  const std::vector<crypto::PublicKey> brought{fresh[0].public_key(), fresh[1].public_key()};

  const std::vector<Attempt> attempts{
      {"a second genesis",
       "dir.genesis",
       org,
       client::admin::genesis(publics(world.roots()), 2, bench.hub.hub().log().verifier().vkey(), "",
                              kit::rules().digest()),
       {}},
      {"a country", "dir.country", org, client::admin::country("mx", brought, 2, pki), {two}, {&fresh[0], &fresh[1]}},
      {"a country that does not show its keys",
       "dir.country",
       org,
       client::admin::country("mx", brought, 2, pki),
       {two},
       {},
       {},
       "dir.possession"},
      {"a country that is there",
       "dir.country",
       org,
       client::admin::country("ke", brought, 2, pki),
       {two},
       {&fresh[0], &fresh[1]},
       {},
       "dir.duplicate"},
      {"an authority",
       "dir.authority",
       fr,
       client::admin::authority(Subject("au:fr:third"), "unit", {}, Json::object({{"en", "Third"}}), brought),
       {country_two}},
      {"an authority, for the organisation",
       "dir.authority",
       org,
       client::admin::authority(Subject("au:fr:third"), "unit", {}, Json::object({{"en", "Third"}}), brought),
       {}},
      {"an officer",
       "dir.officer",
       central,
       client::admin::officer(newcomer, {"officer"}, until),
       {administrator, administrators}},
      {"a magistrate",
       "dir.officer",
       central,
       client::admin::officer(newcomer, {"officer", "magistrate"}, until),
       {administrators}},
      {"a keeper of keys",
       "dir.officer",
       central,
       client::admin::officer(newcomer, {"ring-admin"}, until),
       {administrators}},
      {"an officer of another country",
       "dir.officer",
       central,
       client::admin::officer(stranger.id, {"officer"}, until),
       {administrator, administrators},
       {},
       {},
       "dir.parent"},
      {"an officer until yesterday",
       "dir.officer",
       central,
       client::admin::officer(newcomer, {"officer"}, world.now() - std::chrono::hours(24)),
       {administrator, administrators},
       {},
       {},
       "dir.until"},
      {"an officer who was revoked",
       "dir.officer",
       central,
       client::admin::officer(bench.closed->id, {"officer"}, until),
       {administrator, administrators},
       {},
       {},
       "act.officer.closed"},
      {"a device",
       "dir.device",
       central,
       client::admin::device(officer.id, fresh[2].public_key(), fresh[3].public_key(), "prf"),
       {administrator, administrators},
       {&fresh[2]}},
      {"a device that does not show its key",
       "dir.device",
       central,
       client::admin::device(officer.id, fresh[2].public_key(), fresh[3].public_key(), "prf"),
       {administrator, administrators},
       {},
       {},
       "dir.possession"},
      {"a device with a key for documents",
       "dir.device",
       central,
       client::admin::device(officer.id, fresh[2].public_key(), fresh[3].public_key(), "prf", &for_documents),
       {administrator, administrators},
       {&fresh[2]}},
      {"a device whose key for documents is an administrator's",
       "dir.device",
       central,
       client::admin::device(officer.id, fresh[2].public_key(), fresh[3].public_key(), "prf", &an_administrators),
       {administrator, administrators},
       {&fresh[2]},
       {},
       "dir.key.duplicate"},
      {"a device with one key for two uses",
       "dir.device",
       central,
       client::admin::device(officer.id, fresh[2].public_key(), fresh[3].public_key(), "prf", &for_acts),
       {administrator, administrators},
       {&fresh[2]},
       {},
       "dir.key.duplicate"},
      {"a device with a key that was used",
       "dir.device",
       central,
       client::admin::device(officer.id, keeper.sign.public_key(), fresh[3].public_key(), "prf"),
       {administrator, administrators},
       {&keeper.sign},
       {},
       "dir.key.duplicate"},
      {"the end of a device",
       "dir.revoke",
       central,
       client::admin::revoke_key(officer.sign.public_key().kid(), "lost", world.now()),
       {one, two, country_one, country_two, administrator, administrators, "the officer"}},
      {"the end of an officer",
       "dir.revoke",
       central,
       client::admin::revoke_subject(officer.id, "left", world.now()),
       {one, two, country_one, country_two, administrator, administrators}},
      {"the end of an administrator's key",
       "dir.revoke",
       central,
       client::admin::revoke_key(office.administrators[1].public_key().kid(), "lost", world.now()),
       {one, two, country_one, country_two, administrator, administrators}},
      {"the end of an authority",
       "dir.revoke",
       central,
       client::admin::revoke_subject(central, "closed", world.now()),
       {one, two, country_one, country_two}},
      {"the end of a country", "dir.revoke", org, client::admin::revoke_subject(fr, "suspended", world.now()), {two}},
      {"the end of nobody",
       "dir.revoke",
       org,
       client::admin::revoke_subject(Subject("au:zz:nobody"), "closed", world.now()),
       {}},
      {"a rulebook",
       "dir.rulebook",
       org,
       client::admin::rulebook(kit::rules().digest()),
       {two},
       {},
       {},
       "dir.duplicate"},
      {"a rulebook that the hub does not have",
       "dir.rulebook",
       org,
       client::admin::rulebook(Digest{}),
       {two},
       {},
       {},
       "dir.rulebook.unknown"},
      {"a ring", "ring.new", central, ring.d, {administrator, administrators}, {}, {ring.wrap}},
      {"a ring without its wrap",
       "ring.new",
       central,
       ring.d,
       {administrator, administrators},
       {},
       {},
       "act.object.missing"},
      {"a ring of another authority", "ring.new", foreign.authority, ring.d, {}, {}, {ring.wrap}},
      {"a grant", "ring.grant", central, grant.d, {"the keeper of keys"}, {}, {grant.wrap}},
      {"an act that there is not", "dir.pardon", org, Json::object(), {}},
  };

  std::size_t refused = 0, permitted = 0;
  for (const Attempt& attempt : attempts) {
    for (const Signers& who : everybody) {
      INFO(attempt.name << " by " << who.name);
      std::vector<const Signer*> signers = who.keys;
      for (const Signer* more : attempt.besides)
        if (std::find(signers.begin(), signers.end(), more) == signers.end()) signers.push_back(more);
      act::Act act;
      act.type = attempt.type;
      act.nonce = codec::base64url(random.bytes(16));
      act.by = who.by;
      act.device = signers.front()->public_key().kid();
      act.for_authority = attempt.for_authority;
      act.at = world.now();
      act.rulebook = kit::rules().digest();
      act.checkpoint = world.checkpoint();
      act.d = attempt.d;
      const std::int64_t before = bench.hub.hub().tree_size();
      const bool enough = attempt.enough.contains(who.name);
      const auto body = MUST(act::sign_act(act, signers));
      if (enough && attempt.when_enough == "permitted") {
        const Verdict verdict = bench.rehearse(body, attempt.objects);
        CHECK_MESSAGE(verdict == "permitted", verdict);
        ++permitted;
        // The same signatures under another name, or for another subject, are nobody's.
        act.by = who.by == org ? Subject("cc:ke") : org;
        CHECK(bench.submit(MUST(act::sign_act(act, signers)), attempt.objects) == "act.by");
        act.by = who.by;
        if (attempt.type != "dir.revoke") {
          act.for_authority = Subject("au:ke:central");
          const Verdict elsewhere = bench.submit(MUST(act::sign_act(act, signers)), attempt.objects);
          const bool known =
              elsewhere == "act.authority.wrong" || elsewhere == "dir.parent" || elsewhere == "dir.signers";
          CHECK_MESSAGE(known, elsewhere);
        }
        // Signed long ago, or by a clock that is ahead, it does not count either.
        act.for_authority = attempt.for_authority;
        const auto window = rulebook::admissible_until(kit::rules(), attempt.type, Time{}) - Time{};
        act.at = world.now() - window;
        CHECK(bench.rehearse(MUST(act::sign_act(act, signers)), attempt.objects) == "permitted");
        for (const Time at : {world.now() - window - Seconds(1), world.now() + Seconds(301)}) {
          act.at = at;
          CHECK(bench.submit(MUST(act::sign_act(act, signers)), attempt.objects) == "act.time.window");
        }
      } else {
        const Verdict verdict = bench.submit(body, attempt.objects);
        CHECK(verdict != "permitted");
        if (enough) CHECK(verdict == attempt.when_enough);
        CHECK_MESSAGE(has_words(verdict), verdict);
        ++refused;
      }
      CHECK(bench.hub.hub().tree_size() == before);
    }
  }
  MESSAGE(attempts.size() << " acts by " << everybody.size() << " signers: " << permitted << " permitted, " << refused
                          << " refused");

  // A ring is wrapped to every member and to nobody else: a member less is refused.
  {
    directory::Directory fewer = *people;
    std::vector<const Signer*> signers{&office.administrators[0]};
    const Json d = client::admin::revoke_key(officer.sign.public_key().kid(), "left out", world.now());
    act::Act act;
    act.type = "dir.revoke";
    act.nonce = codec::base64url(random.bytes(16));
    act.by = central;
    act.device = signers.front()->public_key().kid();
    act.for_authority = central;
    act.at = world.now();
    act.rulebook = kit::rules().digest();
    act.checkpoint = world.checkpoint();
    act.d = d;
    MUST(fewer.admit(MUST(act::verify(MUST(act::parse_act(MUST(act::sign_act(act, signers)))), fewer)),
                     bench.hub.hub().tree_size(), world.now()));
    const client::NewRing without = MUST(client::make_ring(fewer, central, nullptr, world.now(), random));
    act.type = "ring.new";
    act.d = without.d;
    CHECK(bench.submit(MUST(act::sign_act(act, signers)), {without.wrap}) == "ring.members");
  }
}

}  // namespace entraide::authorisation
