#pragma once

// Two small tables on a fresh database, for the tests of what both engines promise alike.

#include "store/test_databases.h"

namespace entraide::store {

inline constexpr Migration kSchema[] = {
    {"test", 1,
     "create table things (id bigint not null primary key, name text unique, hash bytes check (length(hash) = 32),"
     "  note text default 'the word bytes stays' not null);  -- and bytes in a comment, too\n"
     "create table parts (thing bigint not null references things (id), number bigint not null,"
     "  body bytes not null, primary key (thing, number));"},
    {"test", 2, "create index things_noted on things (name) where note <> '';"},
};

inline constexpr Sql kInsert{"test.insert", "insert into things (id, name, hash) values ($1, $2, $3)"};
inline constexpr Sql kCount{"test.count", "select count(*) from things"};
inline constexpr Sql kPart{"test.part", "insert into parts (thing, number, body) values ($1, $2, $3)"};

inline Bytes filled(std::size_t size, std::uint8_t with) { return Bytes(size, with); }

struct Ready {
  TestDatabase test;
  Connection connection;
};

inline Ready ready(const std::function<TestDatabase(Options)>& make, Options options = {}) {
  TestDatabase test = make(std::move(options));
  MUST(test->migrate(kSchema));
  Connection connection = MUST(test->connect());
  return {std::move(test), std::move(connection)};
}

inline std::int64_t count_of(Connection& connection) { return MUST(connection.query(kCount)).front().integer(0); }

}  // namespace entraide::store
