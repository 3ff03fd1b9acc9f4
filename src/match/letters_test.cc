#include "match/letters.h"

#include "match/collector.h"
#include "match/people_for_test.h"

using namespace entraide;
using namespace entraide::match;
using namespace entraide::match::testing;

namespace {

/// The textbook's table: insert, delete, replace, swap two neighbours.
unsigned plain_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<unsigned>> at(a.size() + 1, std::vector<unsigned>(b.size() + 1));
  for (unsigned i = 0; i <= a.size(); ++i)
    for (unsigned j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        at[i][j] = i + j;
        continue;
      }
      at[i][j] = std::min({at[i - 1][j] + 1, at[i][j - 1] + 1, at[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        at[i][j] = std::min(at[i][j], at[i - 2][j - 2] + 1);
    }
  return at[a.size()][b.size()];
}

/// The same where what has been swapped may be parted by letters put in: Damerau's distance without restriction.
unsigned unrestricted_distance(std::string_view a, std::string_view b) {
  unsigned least = plain_distance(a, b);
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t j = i + 1; j < a.size(); ++j)
      for (std::size_t k = 0; k < b.size(); ++k)
        for (std::size_t l = k + 1; l < b.size(); ++l)
          if (a[i] == b[l] && a[j] == b[k])
            least = std::min(least, plain_distance(a.substr(0, i), b.substr(0, k)) +
                                        static_cast<unsigned>(j - i - 1) + 1 + static_cast<unsigned>(l - k - 1) +
                                        plain_distance(a.substr(j + 1), b.substr(l + 1)));
  return least;
}

std::string any_word(SeededRandom& random) {
  std::string out;
  for (std::size_t size = 1 + random.number() % 9; size > 0; --size)
    out += static_cast<char>('a' + random.number() % 4);
  return out;
}

}  // namespace

TEST_CASE("the bit-parallel distance is the textbook's, and letter bags never rule out a neighbour") {
  SeededRandom random(7);
  for (int i = 0; i < 20'000; ++i) {
    const std::string a = any_word(random), b = any_word(random);
    const unsigned wanted = plain_distance(a, b);
    const unsigned found = EditPattern(a).distance(b, 3);
    if (wanted <= 3) REQUIRE_MESSAGE(found == wanted, a, " ", b);
    else REQUIRE_MESSAGE(found > 3, a, " ", b);
    const std::size_t apart = std::max(a.size(), b.size()) - std::min(a.size(), b.size());
    const auto bits = static_cast<unsigned>(std::popcount(letter_bag(a) ^ letter_bag(b)));
    REQUIRE_MESSAGE(bits + apart <= 2 * wanted, a, " ", b);
    REQUIRE(static_cast<unsigned>(std::popcount(half_of_bag(letter_bag(a)) ^ half_of_bag(letter_bag(b)))) <= bits);
  }
}

TEST_CASE("counts are told apart only roughly, and few of anything look alike") {
  CHECK(share_of(0) == share_of(8));
  CHECK(share_of(9) > share_of(8));
  CHECK(share_of(1000) == share_of(1001));
  for (std::uint64_t count = 8; count < 5'000'000; count = count * 3 / 2) {
    CHECK(count_of(share_of(count)) >= count);
    CHECK(static_cast<double>(count_of(share_of(count))) <= 1.2 * static_cast<double>(count) + 1);
  }
}

TEST_CASE("the neighbours of a word are found as by looking at every word") {
  People people(3);
  Builder builder(analyser());
  for (const Record& record : people.next(2000)) MUST(builder.add(record));
  const auto segment = MUST(Segment::from_bytes(MUST(builder.bytes()), Versions::of(*analyser())));
  std::vector<Neighbour> near;
  for (int i = 0; i < 50; ++i) {
    std::string word = people.next().names[0].text;
    word = word.substr(0, word.find(' '));
    for (const unsigned most : {1u, 2u}) {
      find_neighbours(*segment, word, most, near);
      std::vector<FormNumber> found, wanted;
      for (const Neighbour& neighbour : near) found.push_back(neighbour.form);
      for (const Segment::Group& group : segment->groups())
        for (FormNumber form = group.begin; group.alphabet == text::Alphabet::latin && form < group.end; ++form)
          if (const std::string_view other = segment->letters(group, form);
              std::max(other.size(), word.size()) <= std::min(other.size(), word.size()) + most && other != word &&
              (most == 1 ? plain_distance(word, other) : unrestricted_distance(word, other)) <= most)
            wanted.push_back(form);
      std::sort(found.begin(), found.end());
      CHECK_MESSAGE(found == wanted, word);
    }
  }
}

TEST_CASE("two letters that have changed places around a third are two slips") {
  Builder builder(analyser());
  for (const char* name : {"Velkorran Quillon", "Tessaley Brandor"})
    MUST(builder.add(Record{.id = name, .names = {{name}}}));
  const auto segment = MUST(Segment::from_bytes(MUST(builder.bytes()), Versions::of(*analyser())));
  const auto near = [&](std::string_view word) {
    std::vector<Neighbour> found;
    find_neighbours(*segment, word, 2, found);
    return found.size();
  };
  CHECK(near("velkrxorran") == 1);  // "or" has become "rxo"
  CHECK(near("velkrxyorran") == 0);
  CHECK(near("tseaxsley") == 0);
  CHECK(near("tesasxley") == 1);
}
