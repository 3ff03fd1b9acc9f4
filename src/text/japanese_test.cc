#include <algorithm>

#include "text/analyser_for_test.h"

using namespace entraide;
using namespace entraide::text;

namespace {

// The renderings of one token, likeliest first.
std::vector<std::string> readings_in(const Name& name, std::size_t token) {
  std::vector<std::string> out;
  for (const Form& form : name.forms_of(name.tokens()[token]))
    if (form.kind == FormKind::romanised && form.count == 1) out.emplace_back(name.letters(form));
  return out;
}

bool among(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

TEST_CASE("a Japanese surname is read as most families of that name are") {
  for (const auto& [written, family] :
       {std::pair{"遠藤美咲", "endo"}, {"安藤美咲", "ando"}, {"近藤美咲", "kondo"}, {"佐藤美咲", "sato"}}) {
    const Name name = analyser().analyse(written);
    REQUIRE(name.tokens().size() == 2);
    const auto read = readings_in(name, 0);
    CHECK_MESSAGE(std::ranges::find(read, family) - read.begin() < 2, family);
  }
}

TEST_CASE("a reading that only the dictionary knows is read, but not first") {
  const auto read = readings_in(analyser().analyse("我妻建治"), 0);
  CHECK(among(read, "agatsuma"));
  CHECK(read.front() != "agatsuma");
}

TEST_CASE("old forms of characters are read as those of today") {
  const Name name = analyser().analyse("櫻井學");
  CHECK(name.japanese);
  REQUIRE(name.tokens().size() == 2);
  CHECK(among(readings_in(name, 0), "sakurai"));
  CHECK(among(readings_in(name, 1), "manabu"));
  CHECK(name.letters(name.tokens()[1]) == "學");
}

TEST_CASE("a character that no table knows does not make a Japanese name Chinese") {
  const Name name = analyser().analyse("今泉濬");
  CHECK(name.japanese);
  REQUIRE(name.tokens().size() == 2);
  CHECK(name.letters(name.tokens()[0]) == "今泉");
  CHECK_FALSE(analyser().analyse("王濬").japanese);
}

TEST_CASE("a name in kana before one in characters is the family name, read as it is said") {
  for (const auto& [written, family] :
       {std::pair{"こずえ鈴", "kozue"}, {"はっとり健", "hattori"}, {"おおた健", "oota"}, {"バロン健", "baron"}}) {
    const Name name = analyser().analyse(written);
    REQUIRE(name.tokens().size() == 2);
    CHECK_MESSAGE(among(readings_in(name, 0), family), family);
  }
}

TEST_CASE("a query has all readings of a given name of one character, an index few") {
  CHECK(readings_in(analyser().analyse("大野智"), 1).size() > 15);
  CHECK(among(readings_in(analyser().analyse("大野智"), 1), "satoshi"));
  CHECK(readings_in(analyser().analyse("大野智", Depth::index), 1).size() <= 6);
}

TEST_CASE("what was read before does not change how a name is read") {
  Name name;
  analyser().analyse("大野智", Depth::index, name);
  analyser().analyse("大野智", Depth::query, name);
  CHECK(readings_in(name, 1) == readings_in(analyser().analyse("大野智"), 1));
  CHECK(readings_in(name, 0) == readings_in(analyser().analyse("大野智"), 0));
}
