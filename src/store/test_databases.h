#pragma once

// For tests: every engine that is at hand, each time with an empty database of its own.

#include <stdlib.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>

#include "store/store.h"
#include "testing/testing.h"

namespace entraide::store {

/// A folder that goes with its owner.
class TestFolder {
 public:
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "entraide-store-XXXXXX").string();
    ENSURE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  TestFolder(const TestFolder&) = delete;
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// An empty database and how to get at it again.
struct TestDatabase {
  std::string url;
  std::unique_ptr<Database> database;

  Database& operator*() { return *database; }
  Database* operator->() { return database.get(); }
};

inline TestDatabase new_sqlite(const TestFolder& folder, Options options = {}) {
  static int count = 0;
  TestDatabase out{"sqlite:" + folder.path() + "/test" + std::to_string(++count) + ".db", nullptr};
  out.database = MUST(Database::open(out.url, std::move(options)));
  return out;
}

/// A new PostgreSQL schema on the server of ENTRAIDE_TEST_PG (key=value words, as `script/pg` prints them).
inline TestDatabase new_postgresql(const std::string& conninfo, Options options = {}) {
  static int count = 0;
  // Programs of several modules test at once on one server.
  const std::string schema = "test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
  {
    auto admin = MUST(Database::open(conninfo));
    Connection connection = MUST(admin->connect());
    MUST(connection.execute({"test.drop", "drop schema if exists " + schema + " cascade"}));
    MUST(connection.execute({"test.create", "create schema " + schema}));
  }
  TestDatabase out{conninfo + " options='-c search_path=" + schema + "'", nullptr};
  out.database = MUST(Database::open(out.url, std::move(options)));
  return out;
}

/// Runs `test` on each engine. `make` gives further empty databases of the same engine.
inline void on_each_engine(const std::function<void(const std::function<TestDatabase(Options)>& make)>& test) {
  const TestFolder folder;
  {
    INFO("engine: sqlite");
    test([&](Options options) { return new_sqlite(folder, std::move(options)); });
  }
  const char* conninfo = std::getenv("ENTRAIDE_TEST_PG");  // NOLINT(concurrency-mt-unsafe): one thread here
  if (conninfo != nullptr && *conninfo != '\0') {
    INFO("engine: postgresql");
    test([&](Options options) { return new_postgresql(conninfo, std::move(options)); });
  }
}

/// Runs `test` on each engine, in a write transaction of an empty database with that schema.
inline void in_a_database(std::span<const Migration> schema, const std::function<void(Connection&)>& test) {
  on_each_engine([&](const auto& make) {
    TestDatabase database = make({});
    MUST(database->migrate(schema));
    Connection connection = MUST(database->connect());
    auto transaction = MUST(Transaction::begin(connection));
    test(connection);
    MUST(transaction.commit());
  });
}

}  // namespace entraide::store
