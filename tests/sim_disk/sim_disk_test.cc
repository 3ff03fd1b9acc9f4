#include "sim_disk/sim_disk.h"

#include <cstdlib>

#include "store/blobs.h"
#include "testing/testing.h"

namespace entraide::sim {
namespace {

using store::Connection;
using store::Open;
using testing::rule_of;

constexpr store::Migration kSchema[] = {
    {"test", 1,
     "create table acts (id bigint not null primary key, body bytes not null);"
     "create table totals (one bigint not null primary key, acts bigint not null);"
     "insert into totals (one, acts) values (1, 0);"},
};
constexpr store::Sql kAct{"test.act", "insert into acts (id, body) values ($1, $2)"};
constexpr store::Sql kTotal{"test.total", "update totals set acts = acts + 1 where one = 1"};
constexpr store::Sql kSeen{"test.seen",
                           "select (select count(*) from acts), (select max(id) from acts), acts from totals"};

/// One act and its total in one transaction.
Result<> add_act(Connection& connection, std::int64_t id) {
  store::Transaction transaction = TRY(store::Transaction::begin(connection));
  TRY(connection.lock_ledger());
  const Bytes body(3000, static_cast<std::uint8_t>(id));
  TRY(connection.execute_later(kAct, {id, body}));
  TRY(connection.execute_later(kTotal));
  return transaction.commit();
}

/// Opens, makes the schema, adds acts from `first` until one fails or `count` are there. Gives how many were
/// acknowledged; the database is gone afterwards, cleanly or not.
std::int64_t work(SimDisk& disk, std::int64_t first, std::int64_t count) {
  auto database = make_sim_database(disk, "/hub/hub.db");
  if (!database || !(*database)->migrate(kSchema)) return 0;
  auto connection = (*database)->connect();
  if (!connection) return 0;
  std::int64_t done = 0;
  while (done < count && add_act(*connection, first + done)) ++done;
  return done;
}

/// What is there after a restart: whole transactions only. Gives the number of acts.
std::int64_t acts_found(SimDisk& disk) {
  auto database = MUST(make_sim_database(disk, "/hub/hub.db"));
  MUST(database->migrate(kSchema));
  Connection connection = MUST(database->connect());
  const store::Rows rows = MUST(connection.query(kSeen));
  const store::Row row = rows.front();
  CHECK(row.integer(0) == row.integer(2));
  CHECK(row.optional_integer(1).value_or(-1) + 1 == row.integer(0));
  CHECK(MUST(connection.query({"t.check", "pragma integrity_check"})).front().text(0) == "ok");
  return row.integer(0);
}

void put(SimDisk& disk, const std::string& path, std::string_view text, bool synced) {
  auto file = MUST(disk.open(path, Open::create));
  MUST(file->write(0, bytes_of(text)));
  if (!synced) return;
  MUST(file->sync());
  MUST(disk.sync_folder("/f"));
}

std::string text_at(SimDisk& disk, const std::string& path) {
  auto bytes = store::read_file(disk, path, 1 << 20);
  return bytes ? std::string(text_of(*bytes)) : bytes.error().rule;
}

}  // namespace

TEST_CASE("what was synced survives every power cut, what was not sometimes does not") {
  int kept = 0, lost = 0, torn = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SimDisk disk(seed);
    put(disk, "/f/synced", "old", true);
    put(disk, "/f/loose", std::string(4096, 'a'), true);
    put(disk, "/f/loose", std::string(4096, 'b'), false);
    CHECK(text_at(disk, "/f/loose") == std::string(4096, 'b'));
    disk.cut_power();
    CHECK(text_at(disk, "/f/synced") == "store.file.failed");
    disk.restart();
    CHECK(text_at(disk, "/f/synced") == "old");
    const std::string loose = text_at(disk, "/f/loose");
    const auto new_bytes = std::count(loose.begin(), loose.end(), 'b');
    CHECK(new_bytes % 512 == 0);  // sectors are whole
    ++(new_bytes == 4096 ? kept : new_bytes == 0 ? lost : torn);
  }
  CHECK(torn > 40);
  for (const unsigned percent : {0u, 100u}) {
    SimDisk disk(1);
    put(disk, "/f/loose", "old", true);
    put(disk, "/f/loose", "new", false);
    disk.survival_percent(percent);
    disk.cut_power();
    disk.restart();
    CHECK(text_at(disk, "/f/loose") == (percent == 0 ? "old" : "new"));
  }
}

TEST_CASE("names that were not synced in their folder may be lost, in order") {
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SimDisk disk(seed);
    put(disk, "/f/a", "one", true);
    put(disk, "/f/b", "two", true);
    MUST(disk.rename("/f/b", "/f/a"));
    MUST(disk.remove("/f/a"));
    disk.cut_power();
    disk.restart();
    seen.insert(text_at(disk, "/f/a") + "," + text_at(disk, "/f/b"));
  }
  CHECK(seen == std::set<std::string>{"one,two", "two,store.file.missing", "store.file.missing,store.file.missing"});
  SimDisk disk(1);
  disk.survival_percent(0);
  put(disk, "/f/a", "one", true);
  MUST(disk.rename("/f/a", "/f/b"));
  MUST(disk.sync_folder("/f"));
  disk.cut_power();
  disk.restart();
  CHECK(MUST(disk.list("/f")) == std::vector<std::string>{"b"});
}

TEST_CASE("a failed sync calls lost bytes clean: later syncs succeed, the power cut shows the loss") {
  SimDisk disk(3);
  disk.survival_percent(0);
  put(disk, "/f/a", "old", true);
  auto file = MUST(disk.open("/f/a", Open::existing));
  MUST(file->write(0, bytes_of("new")));
  disk.fail_sync_at(1);
  CHECK(rule_of(file->sync()) == "store.file.failed");
  MUST(file->sync());
  CHECK(text_at(disk, "/f/a") == "new");
  disk.cut_power();
  disk.restart();
  CHECK(text_at(disk, "/f/a") == "old");
  CHECK(rule_of(file->size()) == "store.file.failed");  // the handle died with its machine
}

TEST_CASE("a full disk and a bad write say so, and a cut disk says nothing more") {
  SimDisk disk(5);
  auto file = MUST(disk.open("/f/a", Open::create));
  disk.fail_write_at(2, SimDisk::WriteFault::no_space);
  MUST(file->write(0, bytes_of("x")));
  CHECK(rule_of(file->write(1, bytes_of("y"))) == "store.file.full");
  CHECK(rule_of(file->write(1, bytes_of("y"))) == "store.file.full");
  disk.free_space();
  MUST(file->write(1, bytes_of("y")));
  disk.fail_write_at(1, SimDisk::WriteFault::io_error);
  CHECK(rule_of(file->write(2, bytes_of("z"))) == "store.file.failed");
  disk.cut_power_at(1);
  CHECK(rule_of(file->write(2, bytes_of("z"))) == "store.file.failed");
  CHECK(!disk.powered());
  CHECK(rule_of(disk.exists("/f/a")) == "store.file.failed");
}

TEST_CASE("the store keeps every acknowledged transaction whole, wherever the power is cut") {
  std::uint64_t total = 0;
  {
    SimDisk disk(1);
    CHECK(work(disk, 0, 12) == 12);
    total = disk.operations();
  }
  MESSAGE("operations of an undisturbed run: ", total);
  for (std::uint64_t cut = 1; cut <= total; ++cut) {
    CAPTURE(cut);
    SimDisk disk(cut);
    disk.cut_power_at(cut);
    const std::int64_t acknowledged = work(disk, 0, 12);
    disk.cut_power();
    disk.restart();
    const std::int64_t found = acts_found(disk);
    CHECK(found >= acknowledged);
    CHECK(found <= acknowledged + 1);
    CHECK(work(disk, found, 3) == 3);  // and life goes on
    CHECK(acts_found(disk) == found + 3);
  }
}

TEST_CASE("a failed write, sync or full disk ends the database for good") {
  enum class Fault { sync, write, full };
  for (const Fault fault : {Fault::sync, Fault::write, Fault::full}) {
    SimDisk disk(7);
    auto database = MUST(make_sim_database(disk, "/hub/hub.db"));
    MUST(database->migrate(kSchema));
    Connection writer = MUST(database->connect()), reader = MUST(database->connect());
    MUST(add_act(writer, 0));
    if (fault == Fault::sync) disk.fail_sync_at(1);
    if (fault == Fault::write) disk.fail_write_at(1, SimDisk::WriteFault::io_error);
    if (fault == Fault::full) disk.fail_write_at(1, SimDisk::WriteFault::no_space);
    const Result<> failed = add_act(writer, 1);
    CHECK(rule_of(failed) == "store.write");
    CHECK(failed.error().code == Errc::storage);
    CHECK(database->failed());
    disk.free_space();
    CHECK(rule_of(add_act(writer, 1)) == "store.failed");
    CHECK(rule_of(reader.query(kSeen)) == "store.failed");
    CHECK(rule_of(database->connect()) == "store.failed");
  }
}

TEST_CASE("after a failed sync only rewriting the files makes what reads show true") {
  // With and without our recovery: without it, the mark of the unclean end is taken away before reopening.
  for (const bool recovers : {false, true}) {
    SimDisk disk(11);
    disk.survival_percent(0);  // of the failing sync nothing reaches the disk
    {
      auto database = MUST(make_sim_database(disk, "/hub/hub.db"));
      MUST(database->migrate(kSchema));
      Connection connection = MUST(database->connect());
      MUST(add_act(connection, 0));
      disk.fail_sync_at(1);
      CHECK(rule_of(add_act(connection, 1)) == "store.write");
      disk.kill_process();
    }
    if (!recovers) MUST(disk.remove("/hub/hub.db.open"));
    std::int64_t shown = 0;
    {
      auto database = MUST(make_sim_database(disk, "/hub/hub.db"));
      Connection connection = MUST(database->connect());
      shown = MUST(connection.query(kSeen)).front().integer(0);
      CHECK(shown == 2);  // the commit that failed is there to read: somebody may be told that it holds
      disk.cut_power();
    }
    disk.restart();
    CHECK(acts_found(disk) == (recovers ? shown : shown - 1));
  }
}

TEST_CASE("random lives of the store lose nothing that was acknowledged") {
  const char* given = std::getenv("ENTRAIDE_SEED");
  const std::uint64_t first_seed = given ? std::strtoull(given, nullptr, 10) : 1;
  MESSAGE("120 seeds from ENTRAIDE_SEED=", first_seed);
  for (std::uint64_t seed = first_seed; seed < first_seed + 120; ++seed) {
    CAPTURE(seed);
    SimDisk disk(seed, seed % 2 ? 512 : 4096);
    SeededRandom random(seed * 7919);
    std::int64_t acknowledged = 0;
    for (int life = 0; life < 6; ++life) {
      const std::uint64_t when = 1 + random.number() % 120;
      switch (random.number() % 5) {
        case 0: disk.cut_power_at(when); break;
        case 1: disk.fail_sync_at(1 + when / 8); break;
        case 2: disk.fail_write_at(when, SimDisk::WriteFault::io_error); break;
        case 3: disk.fail_write_at(when, SimDisk::WriteFault::no_space); break;
        default: break;
      }
      const std::uint64_t ending = random.number() % 3;
      if (auto database = make_sim_database(disk, "/hub/hub.db"); database && (*database)->migrate(kSchema)) {
        auto connection = (*database)->connect();
        auto rows = connection ? connection->query(kSeen) : fail(Errc::storage, "t.none", "test: none");
        if (rows) {
          // What can be read now has been promised to somebody, if only by a second look at an unknown outcome.
          const std::int64_t start = rows->front().integer(0);
          REQUIRE(start >= acknowledged);
          acknowledged = start;
          while (acknowledged < start + 15 && add_act(*connection, acknowledged)) ++acknowledged;
        }
        if (ending == 0) disk.cut_power();  // in the midst of work, or after a clean end
        if (ending == 1) disk.kill_process();
      }
      if (!disk.powered()) disk.restart();
      disk.free_space();
    }
    disk.cut_power();
    disk.restart();
    CHECK(acts_found(disk) >= acknowledged);
  }
}

TEST_CASE("a log of many commits is folded into the database and read beside the writer") {
  SimDisk disk(13);
  auto database = MUST(make_sim_database(disk, "/hub/hub.db"));
  MUST(database->migrate(kSchema));
  Connection writer = MUST(database->connect()), reader = MUST(database->connect());
  store::Transaction reading = MUST(store::Transaction::begin(reader, store::Access::read));
  CHECK(MUST(reader.query(kSeen)).front().integer(0) == 0);
  for (std::int64_t i = 0; i < 300; ++i) MUST(add_act(writer, i));
  CHECK(MUST(reader.query(kSeen)).front().integer(0) == 0);
  MUST(reading.commit());
  CHECK(MUST(reader.query(kSeen)).front().integer(0) == 300);
}

TEST_CASE("the same seed gives the same life") {
  const auto live = [](std::uint64_t seed) {
    SimDisk disk(seed);
    disk.cut_power_at(40);
    const std::int64_t acknowledged = work(disk, 0, 12);
    disk.cut_power();
    disk.restart();
    const auto bytes = store::read_file(disk, "/hub/hub.db-wal", 1 << 24);
    return std::tuple(acknowledged, disk.operations(), bytes ? *bytes : Bytes{});
  };
  CHECK(live(21) == live(21));
}

TEST_CASE("a blob is whole or absent after any power cut, and whole once put has returned") {
  for (std::uint64_t cut = 1; cut <= 20; ++cut) {
    CAPTURE(cut);
    SimDisk disk(cut);
    store::Blobs blobs = MUST(store::Blobs::open("/hub/objects", disk));
    MUST(blobs.put("a/1", bytes_of("old")));
    disk.cut_power_at(cut);
    const std::string body(5000, 'n');
    const bool put_new = blobs.put("a/1", bytes_of(body)).has_value();
    const bool put_more = blobs.append("up", 0, bytes_of("part")) && blobs.append("up", 4, bytes_of(" two"));
    const bool finished = put_more && blobs.finish("up", "a/2");
    disk.cut_power();
    disk.restart();
    const Bytes now = MUST(blobs.get("a/1"));
    const bool is_new = text_of(now) == body;
    CHECK((is_new || text_of(now) == "old"));
    if (put_new) CHECK(is_new);
    const auto second = blobs.get("a/2");
    if (finished) CHECK(second.has_value());
    if (second) CHECK(text_of(*second) == "part two");
    if (put_more && !second) CHECK(MUST(blobs.upload_size("up")) == 8);
  }
}

TEST_CASE("damage is found at the start after an unclean end") {
  SimDisk disk(17);
  CHECK(work(disk, 0, 40) == 40);
  {
    auto file = MUST(disk.open("/hub/hub.db", Open::existing));
    const Bytes junk(600, 0x5a);
    for (std::uint64_t page = 4; page < 9; ++page) MUST(file->write(page * 4096 + 8, junk));
    MUST(file->sync());
    auto mark = MUST(disk.open("/hub/hub.db.open", Open::create));
    MUST(mark->write(0, bytes_of("boot 0")));
  }
  const auto opened = make_sim_database(disk, "/hub/hub.db");
  CHECK(rule_of(opened) == "store.damaged");
  CHECK(opened.error().code == Errc::storage);
}

TEST_CASE("a database that is open elsewhere is not opened again") {
  SimDisk disk(19);
  auto database = MUST(make_sim_database(disk, "/hub/hub.db"));
  CHECK(rule_of(make_sim_database(disk, "/hub/hub.db")) == "store.in_use");
  MUST(database->close());
  database.reset();
  MUST(make_sim_database(disk, "/hub/hub.db"));
}

TEST_CASE("a process that dies at an operation says nothing more, and memory outlives it") {
  SimDisk disk(1);
  put(disk, "/f/loose", "old", true);
  disk.kill_process_at(2);
  put(disk, "/f/loose", "new", false);
  auto file = MUST(disk.open("/f/loose", Open::existing));
  CHECK(rule_of(file->write(0, bytes_of("bad"))) == "store.file.failed");
  CHECK(disk.process_is_dead());
  CHECK(disk.faults() == 1);
  CHECK(rule_of(disk.open("/f/loose", Open::existing)) == "store.file.failed");
  disk.kill_process();
  CHECK_FALSE(disk.process_is_dead());
  CHECK(rule_of(file->write(0, bytes_of("bad"))) == "store.file.failed");  // the dead one's handle
  CHECK(text_at(disk, "/f/loose") == "new");
  disk.survival_percent(0);
  disk.cut_power();
  disk.restart();
  CHECK(text_at(disk, "/f/loose") == "old");
}

TEST_CASE("a failed sync can be hidden: it says that it worked, and the bytes are gone with the power") {
  SimDisk disk(1);
  put(disk, "/f/loose", "old", true);
  put(disk, "/f/loose", "new", false);
  disk.survival_percent(0);
  disk.hide_failed_syncs(true);
  disk.fail_sync_at(1);
  auto file = MUST(disk.open("/f/loose", Open::existing));
  MUST(file->sync());
  CHECK(text_at(disk, "/f/loose") == "new");
  disk.cut_power();
  disk.restart();
  CHECK(text_at(disk, "/f/loose") == "old");
}

TEST_CASE("calm takes back every fault that was asked for") {
  SimDisk disk(1);
  disk.cut_power_at(1);
  disk.kill_process_at(1);
  disk.fail_sync_at(1);
  disk.fail_write_at(1, SimDisk::WriteFault::io_error);
  disk.calm();
  put(disk, "/f/a", "one", true);
  CHECK(text_at(disk, "/f/a") == "one");
  CHECK(disk.faults() == 0);
}

}  // namespace entraide::sim
