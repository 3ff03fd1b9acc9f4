#include "match/likeness.h"

#include "match/model.h"
#include "match/people_for_test.h"

using namespace entraide;
using namespace entraide::match;
using namespace entraide::match::testing;

namespace {

std::unique_ptr<Index> town() {
  std::vector<Record> records = People(21).next(3'000);
  records.push_back({.id = "ozz", .names = {{"Valdemar Ozzenbrink"}}});
  records.push_back({.id = "apart", .names = {{"Zita Quellen Furt"}}});
  return index_of(records);
}

}  // namespace

TEST_CASE("another word weighs less against a record the more letters and sounds both have") {
  const auto index = town();
  const auto with = [&](const char* family) {
    return hit_for(*index, {.person = person(std::string("Valdemar ") + family)}, "ozz");
  };
  const Hit other = with("Tessaley"), begins = with("Ostergren"), alike = with("Ozzebarring");
  CHECK(begins.score > other.score);
  CHECK(alike.score > begins.score);
  CHECK(alike.score - other.score <= model::kLikeMost + model::kRespeltMost);
  CHECK(alike.score <= score_for(*index, {.person = person("Valdemar")}, "ozz"));
  for (const Hit* hit : {&other, &begins, &alike}) CHECK(sum_of(hit->trace) == hit->score);
  const auto contradiction = [](const Hit& hit) {
    return *std::ranges::find(hit.trace.evidence, EvidenceKind::contradiction, &Evidence::kind);
  };
  CHECK(contradiction(alike).detail == "alike");
  CHECK(contradiction(other).detail.empty());
  for (const char* language : {"en", "fr", "es", "ar"})
    CHECK(explain(alike.trace, contradiction(alike), language) !=
          explain(alike.trace, contradiction(other), language));
  // A word of another script, whose spelling is a guess, weighs less against it; and it begins so too.
  const Weight guessed = score_for(*index, {.person = person("Valdemar Тессалин")}, "ozz");
  CHECK(guessed - other.score == model::kGuessed);
  CHECK(score_for(*index, {.person = person("Valdemar Острогин")}, "ozz") > guessed);
}

TEST_CASE("words that do not meet are as alike whichever of two names is sought") {
  const std::vector<std::pair<std::string, std::string>> pairs = {{"Valdemar Ozzenbrink", "Valdemar Ozzebarring"},
                                                                  {"Perpetua Lindworm", "Perpetua Lundquist"},
                                                                  {"Zita Quellfurt", "Zita Quelenford"},
                                                                  {"Theodor Unbekannt", "Theodor Tessaley"}};
  std::vector<Record> records = People(23).next(1'000);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    records.push_back({.id = "left" + std::to_string(i), .names = {{pairs[i].first}}});
    records.push_back({.id = "right" + std::to_string(i), .names = {{pairs[i].second}}});
  }
  const auto index = index_of(records);
  for (std::size_t i = 0; i < pairs.size(); ++i)
    CHECK(score_for(*index, {.person = person(pairs[i].first)}, "right" + std::to_string(i)) ==
          score_for(*index, {.person = person(pairs[i].second)}, "left" + std::to_string(i)));
}

TEST_CASE("what a search says of a hit is what a comparison says") {
  People people(59);
  const std::vector<Record> records = people.next(5'000);
  const auto index = index_of(records);
  std::size_t contradicted = 0, same = 0, less = 0;
  for (int i = 0; i < 100; ++i) {
    Query query{.person = person(people.mistyped(records[people.below(records.size())].names[0].text))};
    for (const Hit& hit : index->snapshot().search(query).hits) {
      if (std::ranges::none_of(hit.trace.evidence,
                               [](const Evidence& of) { return of.kind == EvidenceKind::contradiction; }))
        continue;
      ++contradicted;
      const Hit compared = hit_for(*index, query, hit.id);
      // A comparison looks for more slips than a search that is satisfied; it may find one that says less than likeness did.
      if (compared.score < hit.score) ++less;
      if (!std::ranges::equal(compared.trace.evidence, hit.trace.evidence, {}, &Evidence::kind, &Evidence::kind))
        continue;
      ++same;
      CHECK(compared.score == hit.score);
    }
  }
  CHECK(contradicted > 100);
  CHECK(same * 100 > contradicted * 97);
  CHECK(less * 500 <= contradicted);
}

TEST_CASE("words that are one word on the other side are as alike as they are written together") {
  const auto index = town();
  const Weight joined = score_for(*index, {.person = person("Zita Quellenfrut")}, "apart"),
               other = score_for(*index, {.person = person("Zita Tessaleyborn")}, "apart");
  CHECK(joined > other);
  CHECK(joined - other <= model::kLikeMost);
}

TEST_CASE("a word that both names have is never called another name of the two") {
  // Order speaks against these names, and one word is so common that not to meet it would cost less.
  std::vector<Record> records = People(31).next(3'000);
  for (std::size_t i = 0; i < records.size(); i += 4) records[i].names[0].text += " Tessaley";
  records.push_back({.id = "here", .names = {{"Quillonmarr Brandor Tessaley"}}});
  const auto index = index_of(records);
  const Hit hit = hit_for(*index, {.person = person("Ozzenbrink Tessaley Quillonmarr")}, "here");
  std::size_t others = 0;
  for (const Evidence& evidence : hit.trace.evidence) {
    if (evidence.kind != EvidenceKind::contradiction) continue;
    ++others;
    CHECK_MESSAGE(
        hit.trace.query_text.substr(evidence.query.begin, evidence.query.end - evidence.query.begin) !=
            hit.trace.record_text.substr(evidence.record.begin, evidence.record.end - evidence.record.begin),
        explain(hit.trace, evidence, "en"));
  }
  CHECK(others == 1);
}

TEST_CASE("the share of letters that two words have in common is counted by edits") {
  SeededRandom random(11);
  const auto any_word = [&] {
    std::string out;
    for (std::size_t size = 1 + random.number() % 9; size > 0; --size)
      out += static_cast<char>('a' + random.number() % 4);
    return out;
  };
  for (int i = 0; i < 5'000; ++i) {
    const std::string a = any_word(), b = any_word();
    const auto longer = static_cast<Weight>(std::max(a.size(), b.size()));
    const Weight wanted = 1024 * (longer - static_cast<Weight>(EditPattern(a).distance(b, 64))) / longer;
    REQUIRE_MESSAGE(LetterPattern(a).shared(b, 0) == wanted, a, " ", b);
    REQUIRE_MESSAGE(LetterPattern(a).shared(b, 1) == LetterPattern(b).shared(a, 1), a, " ", b);
    if (const Weight most = LetterPattern(a).shared(b, 500); wanted < 450) REQUIRE_MESSAGE(most == 0, a, " ", b);
  }
  CHECK(LetterPattern("").shared("ada", 0) == 0);
  CHECK(LetterPattern("ada").shared("", 0) == 0);
}
