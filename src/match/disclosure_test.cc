// What the asker may not see changes no answer, no count and no score.

#include "match/people_for_test.h"

using namespace entraide;
using namespace entraide::match;
using namespace entraide::match::testing;

TEST_CASE("a record that the asker may not see cannot be told from one that is not there") {
  std::vector<Record> records = People(9).next(2000);
  for (std::size_t i = 0; i < records.size(); ++i) records[i].audience = static_cast<std::uint32_t>(i % 3);
  const auto without = index_of(records);
  Record hidden{.id = "hidden", .names = {{"Valdemar Ozzenbrink"}}, .born = {{1961, 4, 7}}, .audience = 7};
  hidden.identifiers = {{IdentifierType::phone, "+33 1 2345 6789"}};
  records.push_back(hidden);
  const auto with = index_of(records);
  Audiences open;
  for (const std::uint32_t audience : {0u, 1u, 2u}) open.add(audience);
  People people(10);
  for (int i = 0; i < 60; ++i) {
    Record sought = i == 0   ? hidden
                    : i == 1 ? person("Waldemar Ozenbrink")
                    : i == 2 ? person("Ozzenbrink")
                             : people.next();
    const Query query{.person = sought, .open = &open};
    const Answer a = without->snapshot().search(query), b = with->snapshot().search(query);
    CHECK(a.considered == b.considered);
    CHECK(a.widened == b.widened);
    CHECK(a.bounded == b.bounded);
    CHECK(a.referrals.empty());
    CHECK(b.referrals.empty());
    REQUIRE(a.hits.size() == b.hits.size());
    for (std::size_t k = 0; k < a.hits.size(); ++k) {
      CHECK(a.hits[k].id == b.hits[k].id);
      CHECK(a.hits[k].score == b.hits[k].score);
    }
  }
  CHECK(!with->snapshot().compare({.person = hidden, .open = &open}, "hidden"));
  Audiences all = open;
  all.add(7);
  CHECK(with->snapshot().search({.person = hidden, .open = &all}).hits.at(0).id == "hidden");
}

TEST_CASE("a record that answers by referral is in no hit, and its ticket says nothing") {
  std::vector<Record> records = People(9).next(500);
  records.push_back({.id = "referred", .names = {{"Valdemar Ozzenbrink"}}, .audience = 7});
  const auto index = index_of(records);
  Audiences open, referred;
  open.add(0);
  referred.add(7);
  const Query query{.person = person("Valdemar Ozzenbrink"), .open = &open, .referred = &referred};
  const Answer one = index->snapshot().search(query), two = index->snapshot().search(query);
  for (const Hit& hit : one.hits) CHECK(hit.id != "referred");
  REQUIRE(!one.referrals.empty());
  CHECK(one.referrals[0].id == "referred");
  CHECK(one.referrals[0].ticket.size() == 22);
  CHECK(one.referrals[0].ticket != two.referrals[0].ticket);
}
