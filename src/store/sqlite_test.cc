// What only a file beside us has to show: who may open it, and how its last use ended.

#include <sys/stat.h>

#include "store/recovery.h"
#include "store/test_databases.h"

namespace entraide::store {
namespace {

using testing::rule_of;

constexpr Sql kMake{"t.make", "create table t (id bigint not null primary key)"};
constexpr Sql kPut{"t.put", "insert into t (id) values ($1)"};
constexpr Sql kRows{"t.count", "select count(*) from t"};

std::uint64_t inode_of(const std::string& path) {
  struct stat about{};
  ENSURE(::stat(path.c_str(), &about) == 0);
  return about.st_ino;
}

/// What a process leaves that dies with the database open: its files, and the mark beside them.
void die(const std::string& path, const std::string& boot) {
  MUST(write_file_durably(real_files(), path + ".open", bytes_of(boot)));
}

}  // namespace

TEST_CASE("one process opens a SQLite database; one that only looks may stand beside it") {
  const TestFolder folder;
  TestDatabase test = new_sqlite(folder);
  Connection c = MUST(test->connect());
  MUST(c.execute(kMake));
  MUST(c.execute(kPut, {1}));
  CHECK(rule_of(Database::open(test.url)) == "store.in_use");
  auto looking = MUST(Database::open(test.url, {.read_only = true}));
  {
    Connection look = MUST(looking->connect());
    CHECK(MUST(look.query(kRows)).front().integer(0) == 1);
    MUST(c.execute(kPut, {2}));
    CHECK(MUST(look.query(kRows)).front().integer(0) == 2);
    CHECK(rule_of(look.execute(kPut, {3})) == "store.read_only");
    CHECK(rule_of(look.begin()) == "store.read_only");
  }
  MUST(looking->close());
  CHECK(MUST(c.query(kRows)).front().integer(0) == 2);
}

TEST_CASE("looking does not make a database that is not there") {
  const TestFolder folder;
  CHECK(rule_of(Database::open("sqlite:" + folder.path() + "/none.db", {.read_only = true})) == "store.file.missing");
  CHECK(!MUST(real_files().exists(folder.path() + "/none.db")));
}

TEST_CASE("a clean end leaves one file and no mark, and nothing is rewritten") {
  const TestFolder folder;
  const std::string path = folder.path() + "/deep/er/hub.db";
  for (int i = 0; i < 3; ++i) {
    auto database = MUST(Database::open("sqlite:" + path));
    CHECK(MUST(real_files().exists(path + ".open")));
    {
      Connection c = MUST(database->connect());
      if (i == 0) MUST(c.execute(kMake));
      MUST(c.execute(kPut, {i}));
    }
    MUST(database->close());
    CHECK(!MUST(real_files().exists(path + ".open")));
    CHECK(!MUST(real_files().exists(path + "-wal")));
  }
  const std::uint64_t inode = inode_of(path);
  MUST(MUST(Database::open("sqlite:" + path))->close());
  CHECK(inode_of(path) == inode);
}

TEST_CASE("an unclean end in this boot has the files rewritten, one in an earlier boot has not") {
  const TestFolder folder;
  const std::string path = folder.path() + "/hub.db";
  {
    auto database = MUST(Database::open("sqlite:" + path));
    Connection c = MUST(database->connect());
    MUST(c.execute(kMake));
    MUST(c.execute(kPut, {1}));
  }
  const std::uint64_t before = inode_of(path);
  die(path, "some earlier boot");
  MUST(MUST(Database::open("sqlite:" + path))->close());
  CHECK(inode_of(path) == before);
  die(path, MUST(real_files().boot_id()));
  {
    auto database = MUST(Database::open("sqlite:" + path));
    CHECK(inode_of(path) != before);
    Connection c = MUST(database->connect());
    CHECK(MUST(c.query(kRows)).front().integer(0) == 1);
  }
  CHECK(!MUST(real_files().exists(path + ".rewrite")));
}

TEST_CASE("a file that is no database is refused and left as it is") {
  const TestFolder folder;
  const std::string path = folder.path() + "/hub.db", words(9000, 'x');
  MUST(write_file_durably(real_files(), path, bytes_of(words)));
  CHECK(rule_of(Database::open("sqlite:" + path)) == "store.write");
  CHECK(text_of(MUST(read_file(real_files(), path, 10'000))) == words);
}

TEST_CASE("a statement of SQLite that is two, or numbers its placeholders with gaps, is refused") {
  const TestFolder folder;
  TestDatabase test = new_sqlite(folder);
  Connection c = MUST(test->connect());
  CHECK(rule_of(c.query({"t.two", "select 1; select 2"})) == "store.statement");
  CHECK(rule_of(c.query({"t.gap", "select $1, $3"}, {1, 2})) == "store.statement");
  CHECK(rule_of(c.query({"t.empty", "  "})) == "store.statement");
  CHECK(MUST(c.query({"t.order", "select $2, $1, $2"}, {1, 2})).front().integer(0) == 2);
  CHECK(rule_of(c.listen("ledger")) == "store.statement");
  MUST(c.begin());
  MUST(c.notify("ledger", "1"));
  MUST(c.commit());
}

}  // namespace entraide::store
