#include <atomic>
#include <thread>

#include "match/people_for_test.h"

using namespace entraide;
using namespace entraide::match;
using namespace entraide::match::testing;

TEST_CASE("readers find what was there before, while others insert, correct, withdraw and tidy up") {
  const std::vector<Record> first = People(1).next(300);
  std::vector<Record> more = People(2).next(300);
  for (Record& record : more) record.id = "M" + record.id;
  auto index = index_of(first);
  std::atomic<bool> done = false;
  std::atomic<std::size_t> lost = 0, unsummed = 0;
  std::vector<std::thread> readers;
  for (std::size_t reader = 0; reader < 2; ++reader)
    readers.emplace_back([&, reader] {
      for (std::size_t i = reader; !done || i < 40; i = i + 7) {
        const Record& wanted = first[i % first.size()];
        bool found = false;
        for (const Hit& hit : index->snapshot().search({.person = wanted}).hits) {
          found = found || hit.id == wanted.id;
          unsummed += sum_of(hit.trace) != hit.score;
        }
        lost += !found;
      }
    });
  std::thread tidier([&] {
    while (!done) index->maintain();
  });
  for (std::size_t i = 0; i < more.size(); ++i) {
    MUST(index->insert(more[i]));
    if (i % 3 == 0) MUST(index->withdraw(more[i].id));
    if (i % 3 == 1) MUST(index->correct(more[i]));
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  tidier.join();
  CHECK(lost == 0);
  CHECK(unsummed == 0);
  CHECK(index->snapshot().facts().records == 500);
  for (std::size_t i = 0; i < more.size(); ++i) CHECK(index->snapshot().find(more[i].id).has_value() == (i % 3 != 0));
}
