// What both engines promise alike. PostgreSQL joins in when ENTRAIDE_TEST_PG names a server (see script/pg);
// one that is named and cannot be reached fails every test.

#include <atomic>
#include <thread>

#include "store/things_for_test.h"

namespace entraide::store {

using testing::rule_of;

TEST_CASE("integers, texts, bytes and nulls come back as they were given") {
  on_each_engine([](const auto& make) {
    auto [test, c] = ready(make);
    MUST(c.execute({"t.make", "create table v (n bigint not null, i bigint, t text, b " +
                                  std::string(c.engine() == Engine::sqlite ? "blob" : "bytea") + ")"}));
    constexpr Sql kPut{"t.put", "insert into v (n, i, t, b) values ($1, $2, $3, $4)"};
    constexpr Sql kGet{"t.get", "select i, t, b from v where n = $1"};
    struct Case {
      std::optional<std::int64_t> i;
      std::optional<std::string> t;
      std::optional<Bytes> b;
    };
    const Case cases[] = {
        {},  // nulls first, so that the engine has to learn the types later
        {0, "", Bytes{}},
        {std::numeric_limits<std::int64_t>::max(), "a 'quoted' $1 \"text\"", Bytes{0, 1, 0, 255}},
        {std::numeric_limits<std::int64_t>::min(), "\xd8\xb7\xd9\x84\xd8\xa8 \xe2\x82\xac", filled(32, 7)},
        {-1, std::nullopt, std::nullopt},
        {std::nullopt, "only text", std::nullopt},
    };
    for (std::size_t n = 0; n < std::size(cases); ++n) {
      const Case& one = cases[n];
      CHECK(MUST(c.execute(kPut, {n, one.i, one.t, one.b})) == 1);
      const Rows rows = MUST(c.query(kGet, {n}));
      REQUIRE(rows.size() == 1);
      CHECK(rows.front().optional_integer(0) == one.i);
      CHECK(rows.front().optional_text(1) == one.t);
      const auto bytes = rows.front().optional_blob(2);
      REQUIRE(bytes.has_value() == one.b.has_value());
      if (bytes) CHECK(std::equal(bytes->begin(), bytes->end(), one.b->begin(), one.b->end()));
    }
    Digest digest;
    digest.value.fill(9);
    const Rows echoed = MUST(c.query(
        {"t.echo", "select cast($1 as bigint), b from v where b = $2"},
        {from_ms(1'700'000'000'000),
         Digest{{7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7}}}));
    REQUIRE(echoed.size() == 1);
    CHECK(to_ms(echoed.front().time(0)) == 1'700'000'000'000);
    CHECK(echoed.front().hash<Digest>(1).value[31] == 7);
    const Rows sums =
        MUST(c.query({"t.sum", "select sum(n), count(*), max(i), n = 5 from v where n = 5 group by n"}));
    CHECK(sums.front().integer(0) == 5);
    CHECK(sums.front().is_null(2));
    CHECK(sums.front().integer(3) == 1);
    const Rows big = MUST(c.query(
        {"t.bigsum", "select sum(x), sum(-x), sum(x - 123456789012345) from (select i as x from v where n = 2) y"}));
    CHECK(big.front().integer(0) == std::numeric_limits<std::int64_t>::max());
    CHECK(big.front().integer(1) == -std::numeric_limits<std::int64_t>::max());
    CHECK(big.front().integer(2) == std::numeric_limits<std::int64_t>::max() - 123456789012345);
  });
}

TEST_CASE("a text that is not UTF-8 or holds a zero byte is refused before the engine sees it") {
  on_each_engine([](const auto& make) {
    auto [test, c] = ready(make);
    for (const std::string& bad : {std::string("a\0b", 3), std::string("\xff"), std::string("\xed\xa0\x80")}) {
      CHECK(rule_of(c.execute(kInsert, {1, bad, nullptr})) == "store.text");
      MUST(c.begin());
      CHECK(rule_of(c.execute_later(kInsert, {1, bad, nullptr})) == "store.text");
      CHECK(rule_of(c.commit()) == "store.transaction");
      MUST(c.rollback());
    }
    CHECK(count_of(c) == 0);
  });
}

TEST_CASE("the shared subset of SQL gives the same answers") {
  on_each_engine([](const auto& make) {
    auto [test, c] = ready(make);
    constexpr Sql kUpsert{"t.upsert",
                          "insert into things (id, name) values ($1, $2)"
                          " on conflict (id) do update set name = excluded.name returning id, name"};
    CHECK(MUST(c.query(kUpsert, {1, "one"})).front().text(1) == "one");
    CHECK(MUST(c.query(kUpsert, {1, "uno"})).front().text(1) == "uno");
    CHECK(MUST(c.execute(kUpsert, {1, "one"})) == 1);
    for (int i = 2; i <= 9; ++i)
      MUST(c.execute(kInsert, {i, i % 3 == 0 ? std::optional<std::string>() : "n" + std::to_string(i), nullptr}));

    const Rows tree = MUST(c.query({"t.cte",
                                    "with recursive up(n) as (select cast($1 as bigint) union all select n + 1"
                                    " from up where n < $2) select n from up order by n"},
                                   {3, 6}));
    REQUIRE(tree.size() == 4);
    CHECK(tree[3].integer(0) == 6);

    const Rows window = MUST(c.query({"t.window",
                                      "select id, row_number() over (order by name desc nulls last, id),"
                                      " count(*) filter (where name is null) over ()"
                                      " from things order by 2 limit $1"},
                                     {2}));
    REQUIRE(window.size() == 2);
    CHECK(window[0].integer(0) == 1);  // "one" sorts after every "n..."
    CHECK(window[1].integer(1) == 2);
    CHECK(window[1].integer(2) == 3);

    const Rows order = MUST(c.query({"t.order",
                                     "select x from (select 'a' as x union all select 'B' union all select"
                                     " 'a b' union all select 'a-b' union all select '\xc3\xa9') y order by x"}));
    std::string spelled;
    for (const Row row : order) spelled += std::string(row.text(0)) + "|";
    CHECK(spelled == "B|a|a b|a-b|\xc3\xa9|");  // byte by byte, whatever the language

    const Rows page =
        MUST(c.query({"t.page", "select id from things where (note, id) > ($1, $2) order by note, id limit 3"},
                     {"the word bytes stays", 4}));
    REQUIRE(page.size() == 3);
    CHECK(page[0].integer(0) == 5);
    CHECK(page.begin() != page.end());
    CHECK(MUST(c.execute({"t.update", "update things set note = '' where id > $1"}, {7})) == 2);
    CHECK(MUST(c.execute({"t.delete", "delete from things where id > $1"}, {70})) == 0);
    CHECK(MUST(c.query({"t.none", "select id from things where id > $1"}, {70})).empty());
  });
}

TEST_CASE("every constraint is kept and named as a conflict") {
  on_each_engine([](const auto& make) {
    auto [test, c] = ready(make);
    MUST(c.execute(kInsert, {1, "one", filled(32, 1)}));
    CHECK(rule_of(c.execute(kInsert, {1, "two", nullptr})) == "store.constraint");          // primary key
    CHECK(rule_of(c.execute(kInsert, {2, "one", nullptr})) == "store.constraint");          // unique
    CHECK(rule_of(c.execute(kInsert, {2, "two", filled(31, 1)})) == "store.constraint");    // check
    CHECK(rule_of(c.execute(kInsert, {nullptr, "two", nullptr})) == "store.constraint");    // not null
    CHECK(rule_of(c.execute(kPart, {9, 1, filled(1, 1)})) == "store.constraint");           // foreign key
    const Result<std::int64_t> twice = c.execute(kInsert, {2, "one", nullptr});
    CHECK(twice.error().code == Errc::conflict);
    CHECK(count_of(c) == 1);
    CHECK(!test->failed());
  });
}

TEST_CASE("a statement that is wrong fails, and the next one works") {
  on_each_engine([](const auto& make) {
    auto [test, c] = ready(make);
    CHECK(rule_of(c.query({"t.syntax", "selekt 1"})) == "store.statement");
    CHECK(rule_of(c.query({"t.table", "select * from nowhere"})) == "store.statement");
    CHECK(rule_of(c.query(kCount, {1})) == "store.statement");
    CHECK(rule_of(c.execute(kInsert, {1, "one"})) == "store.statement");
    CHECK(rule_of(c.query({"t.fraction", "select 0.5"})) == "store.statement");
    CHECK(count_of(c) == 0);
  });
}

TEST_CASE("what was not committed is not there, and a failed transaction does nothing more") {
  on_each_engine([](const auto& make) {
    auto [test, c] = ready(make);
    {
      Transaction transaction = MUST(Transaction::begin(c));
      MUST(c.execute(kInsert, {1, "one", nullptr}));
      CHECK(count_of(c) == 1);
    }
    CHECK(count_of(c) == 0);
    {
      Transaction transaction = MUST(Transaction::begin(c));
      MUST(c.execute(kInsert, {1, "one", nullptr}));
      CHECK(rule_of(c.execute(kInsert, {1, "again", nullptr})) == "store.constraint");
      CHECK(rule_of(c.execute(kInsert, {2, "two", nullptr})) == "store.transaction");
      CHECK(rule_of(c.query(kCount)) == "store.transaction");
      CHECK(rule_of(transaction.commit()) == "store.transaction");
    }
    CHECK(count_of(c) == 0);
    {
      Transaction transaction = MUST(Transaction::begin(c));
      MUST(c.execute(kInsert, {1, "one", nullptr}));
      MUST(transaction.commit());
    }
    Connection other = MUST(test->connect());
    CHECK(count_of(other) == 1);
  });
}

TEST_CASE("a read transaction sees one moment and cannot write") {
  on_each_engine([](const auto& make) {
    auto [test, c] = ready(make);
    Connection reader = MUST(test->connect());
    {
      Transaction reading = MUST(Transaction::begin(reader, Access::read));
      CHECK(count_of(reader) == 0);
      MUST(c.execute(kInsert, {1, "one", nullptr}));
      CHECK(count_of(reader) == 0);
      CHECK(rule_of(reader.execute(kInsert, {2, "two", nullptr})) == "store.read_only");
    }
    CHECK(count_of(reader) == 1);
  });
}

TEST_CASE("two writers take turns under the ledger's lock and see each other's work") {
  on_each_engine([](const auto& make) {
    auto [test, c] = ready(make);
    constexpr Sql kNext{"t.next", "insert into things (id) select coalesce(max(id) + 1, 0) from things"};
    constexpr int kEach = 40;
    std::atomic<int> failures{0};
    const auto write = [&database = *test.database, &failures, &kNext] {
      auto connection = database.connect();
      if (!connection) {
        failures += 1000;
        return;
      }
      for (int i = 0; i < kEach; ++i) {
        Result<> done = connection->begin();
        if (done) done = connection->lock_ledger();
        if (done) done = connection->execute_later(kNext);
        if (done) done = connection->commit();
        if (!done) ++failures;
        if (connection->in_transaction()) (void)connection->rollback();
      }
    };
    std::thread one(write), two(write);
    one.join();
    two.join();
    CHECK(failures == 0);
    CHECK(count_of(c) == 2 * kEach);
    CHECK(MUST(c.query({"t.max", "select max(id) from things"})).front().integer(0) == 2 * kEach - 1);
  });
}

TEST_CASE("a writer that waits too long is told to try again, and can") {
  on_each_engine([](const auto& make) {
    auto [test, c] = ready(make, {.busy_timeout = Milliseconds(50)});
    Connection other = MUST(test->connect());
    Transaction first = MUST(Transaction::begin(c));
    MUST(c.lock_ledger());
    MUST(c.execute(kInsert, {1, "one", nullptr}));
    Result<> second = other.begin();
    if (second) second = other.lock_ledger();
    if (second) second = other.flush();
    CHECK(rule_of(second) == "store.busy");
    if (other.in_transaction()) MUST(other.rollback());
    MUST(first.commit());
    MUST(other.begin());
    MUST(other.lock_ledger());
    MUST(other.execute(kInsert, {2, "two", nullptr}));
    MUST(other.commit());
    CHECK(count_of(c) == 2);
  });
}

TEST_CASE("queued writes run in order, and the failure of one fails the whole transaction") {
  on_each_engine([](const auto& make) {
    auto [test, c] = ready(make);
    MUST(c.begin());
    for (int i = 0; i < 500; ++i) MUST(c.execute_later(kInsert, {i, std::to_string(i), nullptr}));
    CHECK(count_of(c) == 500);  // a query sees what was queued before it
    MUST(c.execute_later({"t.rename", "update things set name = 'last' where id = $1"}, {499}));
    MUST(c.commit());
    CHECK(MUST(c.query({"t.last", "select id from things where name = 'last'"})).front().integer(0) == 499);

    // The failure comes out at the latest when the work is to be made durable.
    for (const bool flush_first : {false, true}) {
      MUST(c.begin());
      Result<> outcome = c.execute_later(kInsert, {1000, "thousand", nullptr});
      if (outcome) outcome = c.execute_later(kInsert, {0, "there already", nullptr});
      if (outcome) outcome = c.execute_later(kInsert, {1001, "more", nullptr});
      if (outcome && flush_first) outcome = c.flush();
      if (outcome) outcome = c.commit();
      CHECK(rule_of(outcome) == "store.constraint");
      CHECK(rule_of(c.commit()) == "store.transaction");
      MUST(c.rollback());
    }
    CHECK(count_of(c) == 500);

    std::vector<std::vector<Value>> rows;
    for (int i = 500; i < 800; ++i) rows.push_back({i, nullptr, nullptr});
    MUST(c.execute_many(kInsert, rows));
    CHECK(count_of(c) == 800);
    rows.push_back({800, nullptr, nullptr});
    rows.push_back({0, nullptr, nullptr});
    for (auto& row : rows) row[0] = Value(row[0].integer() + 300);
    rows.back()[0] = 0;
    CHECK(rule_of(c.execute_many(kInsert, rows)) == "store.constraint");
    CHECK(count_of(c) == 800);
  });
}

TEST_CASE("what is asked together is answered one by one, each as of its asking") {
  constexpr Sql kName{"test.name", "select name from things where id = $1"};
  constexpr Sql kAsk{"test.wrong_ask", "select nonsense from things where id = $1"};
  using Name = std::optional<std::string>;
  const Later<Name>::Read read = [](const Rows& rows) -> Result<Name> {
    if (rows.empty()) return std::nullopt;
    return Name(rows.front().text(0));
  };
  on_each_engine([&](const auto& make) {
    auto [test, c] = ready(make);
    MUST(c.execute(kInsert, {1, "one", nullptr}));
    MUST(c.begin());
    std::vector<Later<Name>> asked;
    for (int i = 0; i < 300; ++i) asked.push_back(MUST(Later<Name>::ask(c, kName, {i % 3}, read)));
    MUST(c.execute_later(kInsert, {2, "two", nullptr}));
    Later<Name> after = MUST(Later<Name>::ask(c, kName, {2}, read));
    CHECK(MUST(asked[1].take()) == "one");
    CHECK(MUST(after.take()) == "two");       // in any order, with other statements in between
    CHECK(count_of(c) == 2);
    for (std::size_t i = 2; i < 250; ++i)     // the last fifty are never taken
      CHECK(MUST(asked[i].take()) == (i % 3 == 1 ? Name("one") : Name()));
    MUST(c.commit());

    // A question that cannot be answered ends the transaction, at the latest when an answer is wanted.
    MUST(c.begin());
    Later<Name> good = MUST(Later<Name>::ask(c, kName, {1}, read));
    const auto wrong = Later<Name>::ask(c, kAsk, {1}, read);
    CHECK(rule_of(wrong ? good.take() : Result<Name>(std::unexpected(wrong.error()))) == "store.statement");
    CHECK(rule_of(c.commit()) == "store.transaction");
    MUST(c.rollback());
    MUST(c.begin(Access::read));              // and nothing of it is left for the next one
    CHECK(MUST(MUST(Later<Name>::ask(c, kName, {2}, read)).take()) == "two");
    MUST(c.rollback());
  });
}

TEST_CASE("large blobs and ten thousand rows pass whole, by query, pages and scan") {
  on_each_engine([](const auto& make) {
    auto [test, c] = ready(make);
    MUST(c.execute(kInsert, {1, "big", nullptr}));
    Bytes body(2 << 20);
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<std::uint8_t>(i * 31 + (i >> 8));
    MUST(c.begin());
    for (int i = 0; i < 3; ++i) MUST(c.execute_later(kPart, {1, i, body}));
    MUST(c.commit());
    const Rows parts = MUST(c.query({"t.parts", "select body from parts order by number"}));
    REQUIRE(parts.size() == 3);
    CHECK(std::equal(body.begin(), body.end(), parts[2].blob(0).begin(), parts[2].blob(0).end()));

    MUST(c.begin());
    for (int i = 2; i <= 10'000; ++i) MUST(c.execute_later(kInsert, {i, "name " + std::to_string(i), nullptr}));
    MUST(c.commit());
    constexpr Sql kPage{"t.page", "select id, name from things where id > $1 order by id limit $2"};
    std::int64_t after = 0, seen = 0, pages = 0;
    while (true) {
      const Rows rows = MUST(c.query(kPage, {after, 999}));
      if (rows.empty()) break;
      for (const Row row : rows) CHECK(row.integer(0) == ++seen);
      after = rows[rows.size() - 1].integer(0);
      ++pages;
    }
    CHECK(seen == 10'000);
    CHECK(pages == 11);
    CHECK(MUST(c.query(kPage, {0, 20'000})).size() == 10'000);

    std::int64_t scanned = 0;
    constexpr Sql kScan{"t.scan", "select id from things where id > $1 order by id"};
    MUST(c.scan(kScan, {10}, [&](const Row& row) -> Result<> {
      ++scanned;
      CHECK(row.integer(0) == scanned + 10);
      return {};
    }));
    CHECK(scanned == 9'990);
    CHECK(!c.in_transaction());
    const Result<> stopped =
        c.scan(kScan, {10}, [&](const Row&) -> Result<> { return fail(Errc::invalid, "t.enough", "test: enough"); });
    CHECK(rule_of(stopped) == "t.enough");
    CHECK(count_of(c) == 10'000);
  });
}

TEST_CASE("schema steps run once, in order, and refuse a database of another history") {
  on_each_engine([](const auto& make) {
    TestDatabase test = make(Options{});
    MUST(test->migrate(std::span(kSchema).first(1)));
    MUST(test->migrate(kSchema));
    MUST(test->migrate(kSchema));
    constexpr Migration kOther[] = {{"other", 1, "create table others (id bigint not null primary key);"}};
    MUST(test->migrate(kOther));
    Connection c = MUST(test->connect());
    CHECK(MUST(c.query({"t.steps", "select count(*) from store_steps"})).front().integer(0) == 3);
    CHECK(MUST(c.query({"t.note", "select count(*) from things where note = 'x'"})).front().integer(0) == 0);
    MUST(c.execute(kInsert, {1, nullptr, nullptr}));
    CHECK(MUST(c.query({"t.kept", "select note from things"})).front().text(0) == "the word bytes stays");

    CHECK(rule_of(test->migrate(std::span(kSchema).first(1))) == "store.migration.newer");
    constexpr Migration kChanged[] = {{"test", 1, "create table things (id bigint);"}, kSchema[1]};
    CHECK(rule_of(test->migrate(kChanged)) == "store.migration.changed");
    // A step that fails leaves nothing of itself.
    constexpr Migration kBad[] = {{"bad", 1, "create table half (id bigint); create table half (id bigint);"}};
    CHECK(rule_of(test->migrate(kBad)) == "store.statement");
    CHECK(rule_of(c.query({"t.half", "select count(*) from half"})) == "store.statement");
  });
}

TEST_CASE("prepared statements go on after the schema changes") {
  on_each_engine([](const auto& make) {
    auto [test, c] = ready(make);
    constexpr Sql kAll{"t.all", "select * from things where id = $1"};
    MUST(c.execute(kInsert, {1, "one", nullptr}));
    CHECK(MUST(c.query(kAll, {1})).front().size() == 4);
    MUST(c.execute({"t.alter", "alter table things add column more bigint"}));
    CHECK(MUST(c.query(kAll, {1})).front().size() == 5);
    MUST(c.execute(kInsert, {2, "two", nullptr}));
    CHECK(count_of(c) == 2);
  });
}

TEST_CASE("statements are timed by name") {
  on_each_engine([](const auto& make) {
    metrics::Registry registry;
    auto [test, c] = ready(make, {.metrics = &registry});
    MUST(c.query(kCount));
    MUST(c.query(kCount));
    CHECK(registry.histogram("entraide_store_statement_seconds", "", "statement=\"test.count\"").count() == 2);
  });
}

TEST_CASE("a url that names no database is refused") {
  for (const char* url : {"", "sqlite:", "mysql://x", "/var/lib/x.db"})
    CHECK(rule_of(Database::open(url)) == "store.url");
  CHECK(rule_of(Database::open("host=/nowhere port=1 dbname=x")) == "store.connection");
}

}  // namespace entraide::store
