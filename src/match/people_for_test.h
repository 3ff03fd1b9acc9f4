#pragma once

// Invented people for the tests of the engine: drawn from a seed, in several scripts, with names that repeat.

#include <memory>

#include "base/random.h"
#include "match/match.h"
#include "testing/testing.h"

namespace entraide::match::testing {

inline std::shared_ptr<const text::Analyser> analyser() {
  static const auto one = std::make_shared<const text::Analyser>(*text::Analyser::make());
  return one;
}

/// Draws records: given names and family names of two to four syllables, a few of them very common.
class People {
 public:
  explicit People(std::uint64_t seed) : random_(seed) {
    for (int i = 0; i < 400; ++i) given_.push_back(word(2 + below(2)));
    for (int i = 0; i < 3000; ++i) family_.push_back(word(2 + below(3)));
  }
  std::size_t below(std::size_t size) { return random_.number() % size; }
  Record next() {
    Record out;
    out.id = "P" + std::to_string(1'000'000 + count_++);
    std::string name = common(given_);
    if (below(3) == 0) name += " " + common(given_);
    name += " " + common(family_);
    out.names.push_back({name});
    if (below(5) == 0) {
      name = common(given_);
      name += " " + common(family_);
      out.names.push_back({name, NameKind::alias});
    }
    out.born.push_back({static_cast<std::uint16_t>(1935 + below(70)), static_cast<std::uint8_t>(1 + below(12)),
                        static_cast<std::uint8_t>(1 + below(28))});
    if (below(20) == 0) out.born.clear();
    out.gender = below(2) == 0 ? Gender::female : Gender::male;
    out.countries.push_back(below(2) == 0 ? "fr" : "ke");
    return out;
  }
  std::vector<Record> next(std::size_t size) {
    std::vector<Record> out;
    while (out.size() < size) out.push_back(next());
    return out;
  }
  /// One letter of the name left out, doubled, replaced or swapped.
  std::string mistyped(std::string name) {
    const std::size_t at = 1 + below(name.size() - 2);
    switch (below(4)) {
      case 0: name.erase(at, 1); break;
      case 1: name.insert(at, 1, name[at]); break;
      case 2: name[at] = static_cast<char>('a' + below(26)); break;
      default: std::swap(name[at], name[at - 1]);
    }
    return name;
  }

 private:
  std::string word(std::size_t syllables) {
    static constexpr std::string_view consonants = "bdfghjklmnprstvz", vowels = "aeiou";
    std::string out;
    for (std::size_t i = 0; i < syllables; ++i) {
      out += consonants[below(consonants.size())];
      out += vowels[below(vowels.size())];
      if (below(3) == 0) out += consonants[below(consonants.size())];
    }
    return out;
  }
  // The first of a list are the common ones.
  const std::string& common(const std::vector<std::string>& list) {
    // One after the other: compilers may evaluate arguments in any order, and the same people must come of it.
    const std::size_t one = below(list.size()), two = below(list.size()), three = below(list.size());
    return list[std::min(one, two * three / list.size())];
  }

  SeededRandom random_;
  std::size_t count_ = 0;
  std::vector<std::string> given_, family_;
};

inline std::unique_ptr<Index> index_of(std::span<const Record> records) {
  auto index = Index::empty(analyser());
  MUST(index->insert(records));
  return index;
}
inline Record person(std::string name) { return {.names = {{std::move(name)}}}; }

inline Hit hit_for(const Index& index, const Query& query, std::string_view id) {
  const auto hit = index.snapshot().compare(query, id);
  REQUIRE(hit.has_value());
  return *hit;
}
inline Weight score_for(const Index& index, const Query& query, std::string_view id) {
  return hit_for(index, query, id).score;
}

inline Weight sum_of(const Trace& trace) {
  Weight sum = trace.prior;
  for (const Evidence& evidence : trace.evidence) sum += evidence.weight;
  return sum;
}

}  // namespace entraide::match::testing
