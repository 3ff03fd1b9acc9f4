#include "text/romanise.h"

#include "testing/testing.h"
#include "text/data.h"
#include "text/east_asia.h"
#include "text/skeleton.h"

using namespace entraide;
using namespace entraide::text;
using entraide::testing::rule_of;

TEST_CASE("a table that is cut off, longer or another file is refused") {
  const std::string whole(data::devanagari());
  CHECK(rule_of(Romaniser::read(whole)) == "accepted");
  CHECK(rule_of(Romaniser::read("")) == "text.table");
  CHECK(rule_of(Romaniser::read("entraide-romaniser 2\n" + whole.substr(21))) == "text.table");
  CHECK(rule_of(Romaniser::read(whole + "x")) == "text.table");
  for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 97)
    CHECK_MESSAGE(rule_of(Romaniser::read(std::string_view(whole).substr(0, size))) == "text.table", size);
}

TEST_CASE("a word of unknown letters or too long has no renderings") {
  const Romaniser romaniser = MUST(Romaniser::read(data::devanagari()));
  std::vector<Rendering> renderings{{"old", 0}};
  romaniser.romanise(U"абв", 12, renderings);
  CHECK(renderings.empty());
  romaniser.romanise(std::u32string(Romaniser::kUnitsMax + 1, U'र'), 12, renderings);
  CHECK(renderings.empty());
  romaniser.romanise(U"राम", 0, renderings);
  CHECK(renderings.empty());
  romaniser.romanise(U"राम", 3, renderings);
  REQUIRE(!renderings.empty());
  CHECK(renderings.size() <= 3);
  CHECK(renderings[0].latin == "ram");
}

TEST_CASE("a Chinese syllable in three systems") {
  for (const auto& [pinyin, expected] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{{"zhang", "chang"},
                                                                            {"xi", "hsi"},
                                                                            {"jin", "chin"},
                                                                            {"guo", "kuo"},
                                                                            {"zi", "tzu"},
                                                                            {"shi", "shih"},
                                                                            {"duo", "to"},
                                                                            {"jian", "chien"},
                                                                            {"xiong", "hsiung"},
                                                                            {"yan", "yen"},
                                                                            {"ke", "ko"},
                                                                            {"rong", "jung"},
                                                                            {"lv", "lu"},
                                                                            {"gui", "kuei"}})
    CHECK_MESSAGE(wade_giles(pinyin) == expected, pinyin);
  for (const auto& [jyutping, expected] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{{"gwok", "kwok"},
                                                                            {"lau", "lau"},
                                                                            {"zoeng", "cheung"},
                                                                            {"ng", "ng"},
                                                                            {"zi", "tsz"},
                                                                            {"ho", "ho"},
                                                                            {"jip", "yip"},
                                                                            {"tou", "to"}})
    CHECK_MESSAGE(hong_kong(jyutping).at(0).latin == expected, jyutping);
  CHECK(hong_kong("xyz").empty());
  for (const std::string_view jyutping : {"zan", "gwok", "m", "ji", "dik"}) {
    double sum = 0;
    for (const Spelling& one : hong_kong(jyutping)) sum += one.share;
    CHECK_MESSAGE(std::abs(sum - 1) < 1e-9, jyutping);
  }
}

TEST_CASE("what can be one syllable and what cannot") {
  for (const std::string_view one : {"jin", "kwok", "tsz", "ng", "hyok", "xiang", "o", "yeong"})
    CHECK_MESSAGE(is_syllable(one), one);
  for (const std::string_view more : {"", "anna", "smith", "wright", "strand", "jinping", "brk"})
    CHECK_MESSAGE(!is_syllable(more), more);
}

TEST_CASE("skeletons keep the consonants that transliterations agree on") {
  const auto skeleton = [](std::string_view latin, bool weak) {
    std::string out;
    append_skeleton(latin, weak, out);
    return out;
  };
  for (const std::string_view same : {"muhammad", "mohamed", "muhamad", "mohammed"})
    CHECK(skeleton(same, false) == "mhmd");
  CHECK(skeleton("khalid", false) != skeleton("kalid", false));
  CHECK(skeleton("khalid", true) == skeleton("galit", true));
  CHECK(skeleton("umar", false) == skeleton("omar", false));
  CHECK(skeleton("fatimah", false) == skeleton("fatima", false));
  CHECK(skeleton("", false).empty());
}
