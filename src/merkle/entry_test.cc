#include "merkle/entry.h"

#include "merkle/test_support.h"

using namespace entraide;
using namespace entraide::merkle;
using namespace entraide::merkle::test;

TEST_CASE("an entry is three lines and reads back") {
  for (const EntryKind kind : {EntryKind::act, EntryKind::dir, EntryKind::map, EntryKind::note}) {
    const Entry entry = {kind, 1767323045, commit(Blind{}, Digest{})};
    CHECK(MUST(parse_entry(to_text(entry))) == entry);
  }
  const std::string first = vector_json("ledger.json").find("entry_0")->string();
  CHECK(MUST(parse_entry(first)) == vector_entries()[0]);
  CHECK(MUST(parse_entry(to_text(Entry{.unix_seconds = 0}))).unix_seconds == 0);
  CHECK(MUST(parse_entry(to_text(Entry{.unix_seconds = kEntrySecondsMax}))).unix_seconds == kEntrySecondsMax);
}

TEST_CASE("what is not an entry is refused") {
  const std::string good = to_text(Entry{.kind = EntryKind::act, .unix_seconds = 1767323045});
  CHECK(good == "entraide/1 act\n1767323045\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
  for (const std::string& wrong :
       {std::string(), good.substr(0, good.size() - 1), good + "\n", good + "x",
        with(good, "entraide/1", "entraide/2"), with(good, "entraide/1 ", "entraide/1"), with(good, "1767", "01767"),
        with(good, "1767", "-1767"), with(good, "1767", " 1767"), with(good, "1767323045", ""),
        with(good, "1767323045", "253402300800"), with(good, "1767323045", "99999999999999999999"),
        with(good, "AAA=", "AAB="), with(good, "AAA=", "AAA"), with(good, "AAA=", "="),
        with(good, "AAAAAAAA", "AAAA"), with(good, "AA", "A A")})
    CHECK_MESSAGE(testing::rule_of(parse_entry(wrong)) == "merkle.entry", wrong);
  for (const std::string& wrong :
       {with(good, " act", " Act"), with(good, " act", " "), with(good, " act", "  act"), with(good, " act", " act "),
        with(good, " act", " acts"), with(good, "\n", "\r\n")})
    CHECK_MESSAGE(testing::rule_of(parse_entry(wrong)) == "merkle.entry.kind", wrong);
}

TEST_CASE("a commitment changes with blind and body, and says which is which") {
  Blind blind;
  Digest body;
  const Commitment both_zero = commit(blind, body);
  blind.value[0] = 1;
  const Commitment blinded = commit(blind, body);
  blind.value[0] = 0;
  body.value[0] = 1;
  CHECK(blinded != both_zero);
  CHECK(commit(blind, body) != both_zero);
  CHECK(commit(blind, body) != blinded);
}
