// The road from a signed act to a durable receipt, over the real committer and a real SQLite file.

#include <filesystem>

#include "client/admin.h"
#include "codec/codec.h"
#include "delivery/delivery.h"
#include "demo/cases.h"
#include "hub/hub.h"
#include "hub/rebuild.h"
#include "testing/testing.h"

using namespace entraide;

namespace {

const std::string kRulebook = std::string(ENTRAIDE_SOURCE_DIR) + "/rulebook";

const rulebook::Rulebook& rules() {
  static const rulebook::Rulebook loaded = MUST(rulebook::load_folder(kRulebook));
  return loaded;
}

// A hub on a folder of its own, and a world that sends through its committer.
struct Place {
  std::filesystem::path folder;
  ManualClock clock{MUST(codec::from_rfc3339("2026-11-22T03:00:00Z"))};
  SeededRandom random;
  metrics::Registry metrics;
  ledger::Log log;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<hub::Shelf> shelf;
  std::unique_ptr<hub::Committer> committer;
  std::unique_ptr<demo::World> world;

  explicit Place(std::uint64_t seed)
      : folder(std::filesystem::temp_directory_path() /
               ("entraide-hub-" + std::to_string(getpid()) + "-" + std::to_string(seed))),
        random(seed),
        log{"test/ledger", crypto::LogSigningKey::generate(random)} {
    std::filesystem::remove_all(folder);
    open();
    world = std::make_unique<demo::World>(demo::World::Parts{
        rules(), clock, random, log.verifier().vkey(),
        [this](const std::string& act, const std::vector<std::string>& objects) { return send(act, objects); }});
  }
  ~Place() {
    close();
    std::filesystem::remove_all(folder);
  }
  void open() {
    database = MUST(store::Database::open("sqlite:" + (folder / "hub.db").string()));
    MUST(hub::Committer::migrate(*database));
    auto connection = MUST(database->connect());
    shelf = MUST(hub::Shelf::open(connection));
    MUST(shelf->add(connection, MUST(rulebook::load_folder(kRulebook))));
    committer = MUST(hub::Committer::open({*database, log, *shelf, clock, random, metrics}));
  }
  void close() {
    committer.reset();
    shelf.reset();
    if (database) MUST(database->close());
    database.reset();
  }
  hub::Outcome submit(const std::string& act, const std::vector<std::string>& objects) {
    auto received = hub::receive(act, objects, *committer->directory());
    if (!received) return hub::refused(received.error());
    std::optional<hub::Outcome> outcome;
    std::vector<hub::Work> batch;
    batch.push_back({std::move(*received), [&](hub::Outcome answer) { outcome = std::move(answer); }, false});
    committer->commit(std::move(batch));
    return std::move(*outcome);
  }
  Result<demo::Answer> send(const std::string& act, const std::vector<std::string>& objects) {
    hub::Outcome outcome = submit(act, objects);
    if (!outcome) return std::unexpected(outcome.error().error);
    return demo::Answer{outcome->receipt.index, outcome->receipt.unix_seconds, outcome->receipt.proof_text,
                        outcome->reference};
  }
};

// France's contact point asks Kenya's to preserve something: signed, not yet sent.
Result<demo::Prepared> preservation_request(demo::World& world, const demo::Course& course) {
  static const demo::Answers answers = MUST(demo::Answers::read(kRulebook));
  return world.prepare(course, world.officer_of("au:fr:contact-point"),
                       {"preservation.request",
                        *answers.named("preservation-full", world.now()),
                        "x",
                        {},
                        {},
                        {Subject("au:ke:contact-point")}});
}

}  // namespace

TEST_CASE("a world with cases in every state is built by acts alone, and rebuilt from them to the same rows") {
  Place place(1);
  MUST(demo::build_countries(*place.world));
  const auto answers = MUST(demo::Answers::read(kRulebook));
  const demo::Populated populated = MUST(demo::populate(*place.world, answers));
  for (const std::string& missing : populated.not_reached) MESSAGE(missing);
  CHECK(populated.not_reached.empty());
  CHECK(populated.cases >= 40);

  auto connection = MUST(place.database->connect());
  const auto found = MUST(ledger::check(connection, place.log.verifier()));
  for (const std::string& fault : found.faults) MESSAGE(fault);
  CHECK(found.faults.empty());
  CHECK(found.entries == place.committer->tree_size());

  // Time passes; every clock that rings is recorded as a note.
  place.clock.advance(std::chrono::hours(24 * 400));
  for (int round = 0; round < 200; ++round) {
    const auto due = MUST(clocks::due_by(connection, place.clock.now(), 64));
    if (due.empty()) break;
    std::vector<hub::Work> batch;
    for (const clocks::Clock& clock : due) batch.push_back({hub::ClockFire{clock.case_no, clock.clock}, {}, true});
    place.committer->commit(std::move(batch));
  }
  CHECK(MUST(clocks::due_by(connection, place.clock.now(), 64)).empty());

  const hub::Rebuilt rebuilt = MUST(hub::rebuild(connection, *place.shelf, true));
  CHECK(rebuilt.entries == place.committer->tree_size());
  for (const std::string& table : rebuilt.changed) MESSAGE(table);
  CHECK(rebuilt.changed.empty());
}

TEST_CASE("an act sent twice gets the same receipt, also a year and a restart later") {
  Place place(2);
  MUST(demo::build_countries(*place.world));
  const auto prepared = MUST(preservation_request(*place.world, place.world->new_course()));
  const auto first = place.submit(prepared.body, prepared.objects);
  REQUIRE(first.has_value());
  CHECK(first->is_new);
  CHECK(first->reference == "FR-2026-00001");

  place.close();
  place.open();
  place.clock.advance(std::chrono::hours(24 * 365));
  const auto second = place.submit(prepared.body, prepared.objects);
  REQUIRE(second.has_value());
  CHECK(!second->is_new);
  CHECK(second->receipt.proof_text == first->receipt.proof_text);
  CHECK(second->reference == first->reference);
}

TEST_CASE("a device that was revoked has no say any more, in the very next act") {
  Place place(3);
  MUST(demo::build_countries(*place.world));
  const auto prepared = MUST(preservation_request(*place.world, place.world->new_course()));
  const demo::Officer& asking = place.world->officer_of("au:fr:contact-point");
  MUST(place.world->revoke_device(place.world->office("au:fr:contact-point"), asking, "lost"));
  const auto outcome = place.submit(prepared.body, prepared.objects);
  REQUIRE(!outcome.has_value());
  CHECK(outcome.error().error.rule == "act.device.revoked");
}

TEST_CASE("an act of the directory may gather its signatures for a week, and undoes nothing that came meanwhile") {
  Place place(4);
  demo::World& world = *place.world;
  MUST(demo::build_countries(world));
  const demo::Office& office = world.office("au:fr:contact-point");
  const auto& administrators = office.administrators;
  const auto appoint = [&](const Subject& person, std::vector<std::string> roles) {
    act::Act act;
    act.type = "dir.officer";
    act.nonce = codec::base64url(place.random.bytes(16));
    act.by = act.for_authority = office.authority;
    act.device = administrators[0].public_key().kid();
    act.at = world.now();
    act.rulebook = rules().digest();
    act.checkpoint = world.checkpoint();
    act.d = client::admin::officer(person, std::move(roles), world.now() + std::chrono::hours(24 * 90));
    const crypto::Signer* first = &administrators[0];
    return MUST(act::sign_act(act, {&first, 1}));
  };
  const auto enact = [&](const codec::Json& d, std::string type) {
    return world.enact(office.authority, office.authority, std::move(type), d, {&administrators[0]});
  };
  const auto verdict = [&](const std::string& body) {
    const auto outcome = place.submit(body, {});
    return outcome ? std::string("admitted") : outcome.error().error.rule;
  };
  const auto days = [](int count) { return std::chrono::hours(24 * count); };

  // The second administrator signs six days later; the first has sent another act meanwhile.
  const Subject judge = client::admin::new_officer("fr", place.random);
  const Subject clerk = client::admin::new_officer("fr", place.random);
  const std::string half = appoint(judge, {"magistrate"});
  const std::string forgotten = appoint(clerk, {"magistrate"});
  const std::string overtaken = appoint(clerk, {"officer"});
  place.clock.advance(days(6));
  MUST(enact(client::admin::officer(clerk, {"officer"}, world.now() + days(30)), "dir.officer"));
  CHECK(verdict(half) == "dir.signers");
  const std::string whole = MUST(act::add_signature(half, administrators[1]));
  const auto first = place.submit(whole, {});
  REQUIRE(first.has_value());
  CHECK(place.committer->directory()->officer(judge)->assignments.at(office.authority).has_role("magistrate"));

  // What the clerk may do was decided after these were signed.
  CHECK(verdict(overtaken) == "dir.superseded");
  CHECK(verdict(MUST(act::add_signature(forgotten, administrators[1]))) == "dir.superseded");
  CHECK(!place.committer->directory()->officer(clerk)->assignments.at(office.authority).has_role("magistrate"));

  // The same act again is the same act, however late.
  place.clock.advance(days(30));
  const auto again = place.submit(whole, {});
  REQUIRE(again.has_value());
  CHECK(!again->is_new);
  CHECK(again->receipt.proof_text == first->receipt.proof_text);

  // A week is the end of it, and whoever lost the right to sign before it was sent has not signed.
  const Subject third = client::admin::new_officer("fr", place.random);
  const std::string late = MUST(act::add_signature(appoint(third, {"magistrate"}), administrators[1]));
  place.clock.advance(days(7) + std::chrono::seconds(1));
  CHECK(verdict(late) == "act.time.window");
  const std::string undone = MUST(act::add_signature(appoint(third, {"magistrate"}), administrators[1]));
  MUST(enact(client::admin::revoke_key(administrators[1].public_key().kid(), "left", world.now()), "dir.revoke"));
  CHECK(verdict(undone) == "dir.signers");

  auto connection = MUST(place.database->connect());
  CHECK(MUST(hub::rebuild(connection, *place.shelf, false)).changed.empty());
}

TEST_CASE("a case that is handed over takes its clocks along: the inbox, the alarms and a rebuild say the same") {
  Place place(5);
  demo::World& world = *place.world;
  MUST(demo::build_countries(world));
  const auto answers = MUST(demo::Answers::read(kRulebook));
  demo::Course course = world.new_course();
  const demo::Officer& asking = world.officer_of("au:fr:contact-point");
  const demo::Officer& asked = world.officer_of("au:ke:contact-point");
  const Subject heir("au:ke:central-authority");
  const auto take = [&](const demo::Officer& officer, std::string type, codec::Json with, std::vector<Subject> to) {
    return MUST(world.take(course, officer, {std::move(type), std::move(with), "x", {}, {}, std::move(to)}));
  };
  MUST(world.send(course, MUST(preservation_request(world, course))));
  auto connection = MUST(place.database->connect());
  const auto clocks_now = [&] {
    const auto moment = MUST(store::Transaction::begin(connection, store::Access::read));
    const auto file = MUST(cases::find(connection, course.id));
    REQUIRE(file.has_value());
    return MUST(MUST(clocks::ask_of_case(connection, file->case_no)).take());
  };
  const auto waiting_for = [&](const Subject& authority) {
    return MUST(cases::list(connection, {.authority = authority})).size();
  };
  const auto before = clocks_now();
  REQUIRE(!before.empty());
  REQUIRE(before.front().owner == asked.authority);
  CHECK(waiting_for(asked.authority) == 1);

  place.clock.advance(std::chrono::minutes(10));
  codec::Json hand_over = *answers.named("preservation-hand-over", world.now());
  hand_over.set("new_authority", heir.str());
  take(asked, "preservation.hand-over", std::move(hand_over), {asking.authority, heir});

  const auto after = clocks_now();
  REQUIRE(after.size() == before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    CHECK(after[i].owner == (before[i].owner == asked.authority ? heir : before[i].owner));
    CHECK(after[i].started == before[i].started);
    CHECK(after[i].due == before[i].due);
    CHECK(after[i].alarms == before[i].alarms);
  }
  CHECK(waiting_for(asked.authority) == 0);
  CHECK(waiting_for(heir) == 1);

  // When it rings, it rings for the one who must act now.
  place.clock.advance(std::chrono::hours(24 * 30));
  for (const clocks::Clock& clock : MUST(clocks::due_by(connection, place.clock.now(), 64))) {
    std::vector<hub::Work> batch;
    batch.push_back({hub::ClockFire{clock.case_no, clock.clock}, {}, true});
    place.committer->commit(std::move(batch));
  }
  const auto newest = MUST(ledger::entry_at(connection, place.committer->tree_size() - 1));
  REQUIRE(newest->kind == merkle::EntryKind::note);
  CHECK(newest->body.find(heir.str()) != std::string::npos);

  CHECK(MUST(hub::rebuild(connection, *place.shelf, false)).changed.empty());
}

TEST_CASE("what was acknowledged is rebuilt from the ledger to the same rows") {
  Place place(6);
  demo::World& world = *place.world;
  MUST(demo::build_countries(world));
  demo::Course course = world.new_course();
  const demo::Officer& asked = world.officer_of("au:ke:contact-point");
  const auto request = MUST(preservation_request(world, course));
  const demo::Answer answer = MUST(world.send(course, request));
  const auto say = [&](std::string type, codec::Json contents) {
    act::Act act = world.compose(asked, std::move(type), {});
    act.case_id = course.id;
    act.previous = course.newest;
    act.d = codec::Json::object({{"act", act::to_text(course.newest)}, {"cc", std::move(contents)}});
    const crypto::Signer* const keys[] = {&asked.sign};
    return place.submit(MUST(act::sign_act(act, keys)), {});
  };
  REQUIRE(say("ack.delivered", codec::Json::array()).has_value());
  const Time delivered = world.now();
  place.clock.advance(std::chrono::minutes(3));
  codec::Json contents = codec::Json::array();
  contents.push_back(request.act.objects.front().content_commitment);
  const auto opened = say("ack.opened", std::move(contents));
  REQUIRE(opened.has_value());
  CHECK(opened->reference == course.reference);

  auto connection = MUST(place.database->connect());
  CHECK(MUST(delivery::acknowledgements(connection, answer.index)) ==
        std::vector<delivery::Acknowledgement>{{asked.authority, delivered, world.now()}});
  const hub::Rebuilt rebuilt = MUST(hub::rebuild(connection, *place.shelf, true));
  for (const std::string& table : rebuilt.changed) MESSAGE(table);
  CHECK(rebuilt.changed.empty());
  CHECK(MUST(delivery::acknowledgements(connection, answer.index)).size() == 1);
}
