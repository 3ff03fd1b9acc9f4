#include "match/postings.h"

#include <map>
#include <set>

#include "match/collector.h"
#include "match/model.h"
#include "match/people_for_test.h"

using namespace entraide;
using namespace entraide::match;
using namespace entraide::match::testing;

namespace {

std::shared_ptr<const Segment> segment_of(std::span<const Record> records) {
  Builder builder(analyser());
  MUST(builder.add(records));
  return MUST(Segment::from_bytes(MUST(builder.bytes()), Versions::of(*analyser())));
}

}  // namespace

TEST_CASE("every word's list has the records that have the word, whole or in ranges") {
  std::vector<Record> records = People(8).next(3000);
  for (std::size_t i = 0; i < records.size(); i += 3) records[i].names[0].text += " Omnipresent";
  const auto segment = segment_of(records);
  std::vector<std::set<RecordNumber>> wanted(segment->words());
  IndexedName name;
  for (RecordNumber record = 0; record < segment->records(); ++record)
    for (NameReader names(segment->body(record)); names.next(name);) {
      for (unsigned i = 0; i < name.size; ++i) wanted[name.words[i]].insert(record);
      for (unsigned i = 0; i < name.compounds_size; ++i) wanted[name.compounds[i].word].insert(record);
    }
  MarkWorths worths;
  worths.begin({.size = 1}, 0);
  const Worth own = 0;
  const Segment::Range whole[] = {{0, 0, segment->records()}};
  const Segment::Range parts[] = {{0, 10, 200}, {0, 777, 778}, {0, 1500, 4'000'000}};
  const int least = -1'000'000;
  std::size_t longest = 0;
  for (WordNumber word = 0; word < segment->words(); ++word) {
    std::set<RecordNumber> found, in_parts;
    const auto find = [&](RecordNumber record, int, bool) { found.insert(record); };
    const Segment::List list = segment->list(word);
    longest = std::max(longest, wanted[word].size());
    if (list.one_block()) {
      segment->scan(list, worths, own, least, find);
      REQUIRE(found == wanted[word]);
      continue;
    }
    segment->scan(list, whole, worths, own, least, find);
    segment->scan(list, parts, worths, own, least, [&](RecordNumber record, int, bool) { in_parts.insert(record); });
    REQUIRE(found == wanted[word]);
    std::erase_if(found, [](RecordNumber r) { return !((r >= 10 && r < 200) || r == 777 || r >= 1500); });
    REQUIRE(in_parts == found);
  }
  CHECK(longest > 2 * BlockReader::kBlock);
}

TEST_CASE("a list tells records apart by the words beside its own") {
  const std::vector<Record> records = {{.id = "a", .names = {{"Perpetua Lindworm"}}},
                                       {.id = "b", .names = {{"Perpetua Quellfurt"}}},
                                       {.id = "c", .names = {{"Perpetua"}}},
                                       {.id = "d", .names = {{"Perpetua Uno Cinco Tres Lindworm"}}}};
  const auto segment = segment_of(records);
  const auto word = [&](std::string_view letters) {
    WordNumber out = kNone;
    segment->words_of(segment->find_form(text::Alphabet::latin, letters).value(),
                      [&](const FormWord& of) { out = out == kNone ? of.word : out; });
    return out;
  };
  MarkWorths worths;
  // "Perpetua Lindworm" is sought: both words count, the second brings 1600.
  worths.begin({.size = 2, .counted = 2, .likeness = model::kLikeMost}, 3200);
  worths.raise(word("lindworm"), 1600, 1);
  const Worth own = MarkWorths::worth(1600, 1, 0);
  const Segment::List list = segment->list(word("perpetua"));
  REQUIRE(list.one_block());
  std::map<std::string, std::pair<int, bool>> found;
  segment->scan(list, worths, own, -1'000'000, [&](RecordNumber record, int most, bool many) {
    found[std::string(segment->id(record))] = {most * MarkWorths::kStep, many};
  });
  CHECK(found["a"] == std::pair(3200, false));
  // One word on each side contradicts; at best they are as alike as any.
  const double left = 1600 * (1 - model::kContradictionTakes) + model::kContradiction + model::kLikeMost;
  CHECK(found["b"].first >= left);
  CHECK(found["b"].first < left + 4 * MarkWorths::kStep);
  CHECK(found["c"].first >= 1600 + model::kMissing);
  CHECK(found["c"].first < 1600 + model::kMissing + 2 * MarkWorths::kStep);
  // Of four others one at most is the query's: two are too many.
  CHECK(found["d"].second);
  CHECK(found["d"].first >= 3200 + 1600 + 3 * model::kExtra);
  std::size_t passed = 0;
  segment->scan(list, worths, own, 3000 / MarkWorths::kStep, [&](RecordNumber, int, bool) { ++passed; });
  CHECK(passed == 1);
  // Where both are needed, one alone is nothing.
  worths.begin({.size = 2, .counted = 2, .needed = 2}, 3200);
  worths.raise(word("lindworm"), 1600, 1);
  found.clear();
  segment->scan(list, worths, own, -100'000, [&](RecordNumber record, int most, bool many) {
    found[std::string(segment->id(record))] = {most * MarkWorths::kStep, many};
  });
  CHECK(found["a"].first == 3200);
  CHECK(found["b"].first < -500 * kWeightUnit);
  CHECK(found["c"].first < -500 * kWeightUnit);
  // A table is as new for the next name.
  worths.begin({.size = 2, .counted = 2}, 0);
  CHECK(worths.of(mark_of(word("lindworm"), true)) == MarkWorths::worth(0, 0, 1));
  CHECK(worths.of(mark_of(word("lindworm"), false)) == 0);
}

TEST_CASE("a damaged list gives nothing that it has not") {
  Bytes list;
  std::vector<Posting> postings;
  for (RecordNumber i = 0; i < 300; ++i) postings.push_back({i * 7, {1, 2, 3}});
  put_postings(list, postings);
  MarkWorths worths;
  worths.begin({.size = 1}, 0);
  for (std::size_t size = 0; size < list.size(); size += 13) {
    std::size_t read = 0;
    BlockReader::read(BytesView(list).first(size), 128, false, 0, worths, 0, -1'000'000,
                      [&](RecordNumber, int, bool) { ++read; });
    CHECK(read <= 128);
  }
}
