#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <set>

#include "match/collector.h"
#include "match/people_for_test.h"

using namespace entraide;
using namespace entraide::match;
using namespace entraide::match::testing;
using entraide::testing::rule_of;

namespace {

struct Folder {
  std::string path = [] {
    char name[] = "/tmp/entraide-match-XXXXXX";
    return std::string(::mkdtemp(name));
  }();
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file(const char* name) const { return path + "/" + name; }
};

Bytes bytes_in(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

TEST_CASE("equal records give equal bytes, in whatever order and way they came") {
  const Folder folder;
  std::vector<Record> records = People(5).next(600);
  records[3].identifiers = {{IdentifierType::phone, "+33 123456789"}, {IdentifierType::document, "X123"}};
  records[4].birth_places = {"Port-Imaginaire"};
  records[5].names.push_back({"Pierre Imaginaire", NameKind::father});
  records[6].audience = 9;
  Builder one(analyser());
  MUST(one.add(records));
  const Digest content = MUST(one.write(folder.file("one.idx")));

  std::reverse(records.begin(), records.end());
  Builder two(analyser(), 2);
  MUST(two.add(records));
  MUST(two.write(folder.file("two.idx")));
  CHECK(bytes_in(folder.file("one.idx")) == bytes_in(folder.file("two.idx")));

  // Record by record, with a detour that leaves nothing behind.
  auto index = Index::empty(analyser());
  MUST(index->insert(Record{.id = "gone", .names = {{"Zyx Wvu"}}}));
  for (const Record& record : records) MUST(index->insert(record));
  MUST(index->withdraw("gone"));
  CHECK(MUST(index->write(folder.file("three.idx"))) == content);
  CHECK(bytes_in(folder.file("one.idx")) == bytes_in(folder.file("three.idx")));
  CHECK(MUST(verify_index(folder.file("three.idx"))) == content);
}

TEST_CASE("a record is found when it is inserted, as it is after a correction, and no more when it is withdrawn") {
  auto index = index_of(People(1).next(200));
  const Snapshot before = index->snapshot();
  MUST(index->insert(Record{.id = "x", .names = {{"Quirin Oxenstarn"}}}));
  const auto first = [&](const char* name) {
    const Answer answer = index->snapshot().search({.person = person(name)});
    return answer.hits.empty() ? std::string() : answer.hits[0].id;
  };
  CHECK(first("Quirin Oxenstarn") == "x");
  CHECK(before.search({.person = person("Quirin Oxenstarn")}).hits.size() < 10);
  for (const Hit& hit : before.search({.person = person("Quirin Oxenstarn")}).hits) CHECK(hit.id != "x");

  MUST(index->correct(Record{.id = "x", .names = {{"Balthasar Yggdras"}}, .gender = Gender::male}));
  CHECK(first("Quirin Oxenstarn") != "x");
  CHECK(first("Balthasar Yggdras") == "x");
  CHECK(index->snapshot().find("x")->gender == Gender::male);

  MUST(index->withdraw("x"));
  CHECK(first("Balthasar Yggdras") != "x");
  CHECK(!index->snapshot().find("x"));
  CHECK(rule_of(index->withdraw("x")) == "match.record.unknown");
  CHECK(rule_of(index->correct(Record{.id = "x", .names = {{"A"}}})) == "match.record.unknown");
}

TEST_CASE("an id is given once") {
  const Record record{.id = "a", .names = {{"Ada"}}};
  auto index = index_of({&record, 1});
  CHECK(rule_of(index->insert(record)) == "match.record.exists");
  const Record twice[] = {{.id = "b"}, {.id = "b"}};
  CHECK(rule_of(index->insert(twice)) == "match.record.exists");
  CHECK(!index->snapshot().find("b"));
  Builder builder(analyser());
  MUST(builder.add(record));
  MUST(builder.add(record));
  CHECK(rule_of(builder.bytes()) == "match.record.exists");
}

TEST_CASE("what a record says comes back as it was given") {
  const Record record{
      .id = "a",
      .names = {{"Ada Álvarez", NameKind::primary}, {"L’Ombre", NameKind::weak_alias}, {"Jan", NameKind::father}},
      .born = {{1960, 5, 0}, {1961, 0, 0, true}},
      .gender = Gender::female,
      .countries = {"fr", "ke"},
      .birth_places = {"Port-Imaginaire"},
      .audience = 7};
  CHECK(*index_of({&record, 1})->snapshot().find("a") == record);
}

TEST_CASE("small segments are joined, and searches see no difference") {
  People people(11);
  const std::vector<Record> records = people.next(1500);
  auto index = Index::empty(analyser());
  for (const Record& record : records) MUST(index->insert(record));
  CHECK(index->snapshot().facts().records == 1500);
  CHECK(index->snapshot().facts().segments < 40);
  MUST(index->withdraw(records[17].id));
  while (index->maintain()) {}
  CHECK(index->snapshot().facts().segments < 8);
  CHECK(index->snapshot().facts().records == 1499);
  CHECK(!index->snapshot().find(records[17].id));
  for (std::size_t i = 100; i < 200; ++i) {
    bool found = false;
    for (const Hit& hit : index->snapshot().search({.person = records[i]}).hits)
      found = found || hit.id == records[i].id;
    CHECK(found);
  }
}

TEST_CASE("an index file that is cut off or of other versions is refused with what to do") {
  const Folder folder;
  Builder builder(analyser());
  MUST(builder.add(People(2).next(50)));
  MUST(builder.write(folder.file("a.idx")));
  CHECK(rule_of(Index::open(folder.file("none.idx"), analyser())) == "file.read");
  const Bytes good = bytes_in(folder.file("a.idx"));
  const auto opened = [&](const Bytes& bytes) {
    std::ofstream(folder.file("b.idx"), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return rule_of(Index::open(folder.file("b.idx"), analyser()));
  };
  CHECK(opened(good) == "accepted");
  CHECK(opened({}) == "match.index.form");
  CHECK(opened(Bytes(good.begin(), good.begin() + 500)) == "match.index.form");
  CHECK(opened(Bytes(good.begin(), good.end() - 64)) == "match.index.form");
  Bytes other = good;
  other[0] ^= 1;
  CHECK(opened(other) == "match.index.form");
  other = good;
  other[16] ^= 1;  // format
  CHECK(opened(other) == "match.index.version");
  other = good;
  other[64] ^= 1;  // tables
  CHECK(opened(other) == "match.index.version");
  other = good;
  other[76] ^= 1;  // number of records
  CHECK(opened(other) == "match.index.form");
  other = good;
  other.back() ^= 0;
  other[good.size() / 2] ^= 0x55;
  CHECK(opened(other) == "accepted");  // content is not looked at on opening ...
  CHECK(rule_of(verify_index(folder.file("b.idx"))) == "match.index.hash");  // ... but on request
}

TEST_CASE("a damaged index gives wrong answers, not wrong memory") {
  Builder builder(analyser());
  MUST(builder.add(People(2).next(300)));
  const Bytes good = MUST(builder.bytes());
  SeededRandom random(99);
  const Versions versions = Versions::of(*analyser());
  std::size_t survived = 0;
  for (int i = 0; i < 150; ++i) {
    Bytes bad = good;
    for (int k = 0; k < 20; ++k)
      bad[192 + random.number() % (bad.size() - 192)] = static_cast<std::uint8_t>(random.number());
    const auto segment = Segment::from_bytes(std::move(bad), versions);
    if (!segment) continue;
    ++survived;
    Collector collector(analyser().get());
    collector.add(**segment, [](RecordNumber) { return true; });
    for (RecordNumber record = 0; record < (*segment)->records(); ++record) (*segment)->find((*segment)->id(record));
  }
  CHECK(survived > 20);
}

TEST_CASE("a file is replaced whole or not at all") {
  const Folder folder;
  Builder builder(analyser());
  MUST(builder.add(People(2).next(5)));
  CHECK(rule_of(builder.write(folder.file("no/such/folder.idx"))) == "file.write");
  MUST(builder.add(People(2).next(5)));
  MUST(builder.write(folder.file("a.idx")));
  // A reader keeps what it has mapped while the file is replaced under it, and nothing else is left in the folder.
  auto index = MUST(Index::open(folder.file("a.idx"), analyser()));
  Builder other(analyser());
  MUST(other.add(People(8).next(50)));
  MUST(other.write(folder.file("a.idx")));
  CHECK(index->snapshot().facts().records == 5);
  CHECK(index->snapshot().find("P1000004"));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path), {}) == 1);
}
