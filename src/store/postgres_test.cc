// What only a server of its own has to show.

#include "store/test_databases.h"

namespace entraide::store {
namespace {

using testing::rule_of;

/// Runs `test` with an empty database where a server is named; without one there is nothing to show.
void on_postgresql(const std::function<void(TestDatabase&, const std::string& conninfo)>& test) {
  const char* conninfo = std::getenv("ENTRAIDE_TEST_PG");
  if (conninfo == nullptr || *conninfo == '\0') return;
  TestDatabase database = new_postgresql(conninfo);
  test(database, conninfo);
}

constexpr Sql kPid{"t.pid", "select pg_backend_pid()"};

void cut(Connection& killer, std::int64_t pid) {
  MUST(killer.query({"t.cut", "select pg_terminate_backend(cast($1 as integer), 5000)"}, {pid}));
}

}  // namespace

TEST_CASE("a notice reaches those who listen, once its transaction commits") {
  on_postgresql([](TestDatabase& test, const std::string&) {
    Connection listener = MUST(test->connect()), writer = MUST(test->connect());
    MUST(listener.listen("ledger"));
    CHECK(!MUST(listener.wait_notice(Milliseconds(0))));
    MUST(writer.begin());
    MUST(writer.notify("ledger", "lost"));
    MUST(writer.rollback());
    MUST(writer.begin());
    MUST(writer.notify("ledger", "42"));
    CHECK(!MUST(listener.wait_notice(Milliseconds(0))));
    MUST(writer.commit());
    CHECK(MUST(listener.wait_notice(Milliseconds(5000))) == "42");
    CHECK(!MUST(listener.wait_notice(Milliseconds(0))));
  });
}

TEST_CASE("a connection lost before commit is a failure to try again, and the next use reconnects") {
  on_postgresql([](TestDatabase& test, const std::string&) {
    Connection killer = MUST(test->connect()), c = MUST(test->connect());
    MUST(c.execute({"t.make", "create table t (id bigint not null primary key)"}));
    constexpr Sql kPut{"t.put", "insert into t (id) values ($1)"};
    const std::int64_t pid = MUST(c.query(kPid)).front().integer(0);
    MUST(c.begin());
    MUST(c.execute(kPut, {1}));
    cut(killer, pid);
    const auto lost = c.execute(kPut, {2});
    CHECK(rule_of(lost) == "store.connection");
    CHECK(lost.error().code == Errc::unavailable);
    CHECK(rule_of(c.commit()) == "store.transaction");
    MUST(c.rollback());
    MUST(c.begin());
    MUST(c.execute(kPut, {3}));
    MUST(c.commit());
    CHECK(MUST(c.query({"t.all", "select id from t"})).front().integer(0) == 3);
    CHECK(!test->failed());
  });
}

TEST_CASE("a connection lost at commit leaves the outcome unknown, and says so") {
  on_postgresql([](TestDatabase& test, const std::string&) {
    Connection killer = MUST(test->connect()), c = MUST(test->connect());
    MUST(c.execute({"t.make", "create table t (id bigint not null primary key)"}));
    const std::int64_t pid = MUST(c.query(kPid)).front().integer(0);
    MUST(c.begin());
    MUST(c.execute_later({"t.put", "insert into t (id) values ($1)"}, {1}));
    cut(killer, pid);
    const Result<> outcome = c.commit();
    CHECK(rule_of(outcome) == "store.commit.unknown");
    CHECK(outcome.error().code == Errc::unavailable);
    MUST(c.rollback());
    CHECK(MUST(c.query({"t.count", "select count(*) from t"})).front().integer(0) == 0);  // looked up
  });
}

TEST_CASE("a listener that lost its connection listens again") {
  on_postgresql([](TestDatabase& test, const std::string&) {
    Connection killer = MUST(test->connect()), listener = MUST(test->connect());
    MUST(listener.listen("ledger"));
    const std::int64_t pid = MUST(listener.query(kPid)).front().integer(0);
    cut(killer, pid);
    CHECK(rule_of(listener.wait_notice(Milliseconds(5000))) == "store.connection");
    CHECK(!MUST(listener.wait_notice(Milliseconds(0))));
    MUST(killer.begin());
    MUST(killer.notify("ledger", "again"));
    MUST(killer.commit());
    CHECK(MUST(listener.wait_notice(Milliseconds(5000))) == "again");
  });
}

TEST_CASE("a PostgreSQL database that sorts by language is refused") {
  on_postgresql([](TestDatabase& test, const std::string& conninfo) {
    Connection c = MUST(test->connect());
    MUST(c.execute({"t.drop", "drop database if exists sorted_by_language"}));
    MUST(c.execute({"t.create",
                    "create database sorted_by_language template template0 encoding 'UTF8'"
                    " locale_provider icu icu_locale 'fr' locale 'C'"}));
    CHECK(rule_of(Database::open(conninfo + " dbname=sorted_by_language")) == "store.collation");
  });
}

TEST_CASE("each of the server's failures is what it means for us, and a failed disk ends the database") {
  on_postgresql([](TestDatabase& test, const std::string&) {
    {
      Connection c = MUST(test->connect());
      MUST(c.execute({"t.raise",
                      "create function give_up(state text) returns bigint language plpgsql as"
                      " 'begin raise exception using errcode = state; end'"}));
    }
    struct Case {
      const char* state;
      const char* rule;
      Errc code;
    };
    constexpr Case kCases[] = {
        {"40001", "store.busy", Errc::unavailable},    {"40P01", "store.busy", Errc::unavailable},
        {"55P03", "store.busy", Errc::unavailable},    {"57014", "store.busy", Errc::unavailable},
        {"53300", "store.busy", Errc::unavailable},    {"57P01", "store.connection", Errc::unavailable},
        {"23505", "store.constraint", Errc::conflict}, {"54000", "store.too_large", Errc::too_large},
        {"22P02", "store.statement", Errc::internal},  {"42P01", "store.statement", Errc::internal},
        {"53100", "store.write", Errc::storage},       {"58030", "store.write", Errc::storage},
        {"XX001", "store.write", Errc::storage},       {"XX002", "store.write", Errc::storage},
    };
    for (const Case& one : kCases) {
      CAPTURE(one.state);
      auto database = MUST(Database::open(test.url));
      Connection c = MUST(database->connect());
      const auto given = c.query({"t.give_up", "select give_up($1)"}, {one.state});
      CHECK(rule_of(given) == one.rule);
      CHECK(given.error().code == one.code);
      CHECK(database->failed() == (one.code == Errc::storage));
      CHECK(rule_of(c.query(kPid)) == (one.code == Errc::storage ? "store.failed" : "accepted"));
    }
  });
}

TEST_CASE("a statement may not change the type of an argument from call to call") {
  on_postgresql([](TestDatabase& test, const std::string&) {
    Connection c = MUST(test->connect());
    constexpr Sql kEcho{"t.echo", "select $1"};
    CHECK(MUST(c.query(kEcho, {"text"})).front().text(0) == "text");
    CHECK(rule_of(c.query(kEcho, {5})) == "store.statement");
    CHECK(MUST(c.query(kEcho, {nullptr})).front().is_null(0));
  });
}

}  // namespace entraide::store
