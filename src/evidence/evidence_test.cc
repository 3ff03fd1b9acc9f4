#include "evidence/evidence.h"

#include "store/test_databases.h"

namespace entraide::evidence {
namespace {

Digest digest_of(std::uint8_t value) {
  Digest out;
  out.value.fill(value);
  return out;
}

void in_a_database(const std::function<void(store::Connection&)>& test) { store::in_a_database(migrations(), test); }

}  // namespace

TEST_CASE("a sealed object is found by its act and its hash together, never by one of them") {
  in_a_database([](store::Connection& connection) {
    MUST(put_object(connection, 3, 0, digest_of(1), "one"));
    MUST(put_object(connection, 3, 1, digest_of(2), "two"));
    MUST(put_object(connection, 4, 0, digest_of(1), "one again"));
    CHECK(MUST(object(connection, 3, digest_of(1))) == "one");
    CHECK(MUST(object(connection, 4, digest_of(1))) == "one again");
    CHECK(!MUST(object(connection, 4, digest_of(2))));
    CHECK(!MUST(object(connection, 5, digest_of(1))));
  });
}

TEST_CASE("a file belongs to the first act that names it, and is rubbish when none does in time") {
  in_a_database([](store::Connection& connection) {
    const Time noon = from_seconds(1'900'000'000);
    for (const char* id : {"a", "b", "c"})
      MUST(put_file(connection, {id, KeyId("device"), 100, digest_of(7), {}},
                    noon + (*id == 'c' ? Seconds(60) : Seconds(0))));
    CHECK(!MUST(file(connection, "a"))->leaf_index);
    MUST(bind_file(connection, "a", 12));
    MUST(bind_file(connection, "a", 13));
    CHECK(MUST(file(connection, "a"))->leaf_index == 12);
    CHECK(MUST(file(connection, "a"))->hash == digest_of(7));
    CHECK(MUST(unbound_since(connection, noon, 10)).empty());
    CHECK(MUST(unbound_since(connection, noon + Seconds(1), 10)) == std::vector<std::string>{"b"});
    CHECK(MUST(unbound_since(connection, noon + Seconds(61), 10)) == std::vector<std::string>{"b", "c"});
    CHECK(MUST(unbound_since(connection, noon + Seconds(61), 1)).size() == 1);
    // What an act names is not forgotten, whoever asks.
    for (const char* id : {"a", "b"}) MUST(forget_file(connection, id));
    CHECK(MUST(file(connection, "a")).has_value());
    CHECK(!MUST(file(connection, "b")).has_value());
  });
}

TEST_CASE("two files never share a blob, though some file systems know no capital letters") {
  const std::string small = "aAAAAAAAAAAAAAAAAAAAAA", large = "AAAAAAAAAAAAAAAAAAAAAA";
  CHECK(blob_key(small) != blob_key(large));
  for (const char c : blob_key(small) + blob_key(large))
    if (c >= 'A' && c <= 'Z') FAIL_CHECK(c);
}

}  // namespace entraide::evidence
