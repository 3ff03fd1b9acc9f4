#include "text/official.h"

#include <algorithm>
#include <cmath>

#include "testing/testing.h"

using namespace entraide;
using namespace entraide::text;

namespace {

std::vector<std::string> official(std::u32string_view letters) {
  std::vector<Rendering> renderings;
  official_spellings(letters, renderings);
  std::vector<std::string> out;
  for (const Rendering& rendering : renderings) out.push_back(rendering.latin);
  return out;
}

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

TEST_CASE("a Cyrillic word has the spellings of its states' tables") {
  const struct {
    std::u32string_view word;
    std::vector<std::string_view> spelt;
  } table[] = {
      {U"щербаковский", {"shcherbakovskii", "shcherbakovskiy", "shcherbakovsky"}},
      {U"евтюх", {"evtiukh", "yevtyukh"}},
      {U"гаврилюк", {"gavriliuk", "gavrilyuk", "havryliuk"}},
      {U"їжак", {"yizhak"}},
      {U"яўген", {"iauhen", "yauhen"}},
  };
  for (const auto& [word, spelt] : table)
    for (const std::string_view one : spelt) CHECK_MESSAGE(has(official(word), one), one);
}

TEST_CASE("a Belarusian's name in Russian spelling is spelt as Belarus spells it") {
  const struct {
    std::u32string_view russian;
    std::string_view spelt;
  } table[] = {{U"коврижкин", "kauryzhkin"},  {U"чернышёв", "charnyshou"},  {U"орлов", "arlou"},
               {U"журавский", "zhurauski"},   {U"дорошенко", "darashenka"}, {U"денисенко", "dzenisenka"},
               {U"целиковец", "tselikavets"}, {U"бузовский", "buzouski"}};
  for (const auto& [russian, spelt] : table) CHECK_MESSAGE(has(official(russian), spelt), spelt);
  // What is Ukrainian or Belarusian already is no Russian spelling.
  CHECK(!has(official(U"іванов"), "ivanou"));
}

TEST_CASE("letters that one language has rule the tables of the others out") {
  CHECK(!has(official(U"їгор"), "igor"));
  CHECK(has(official(U"рыгор"), "ryhor"));
  CHECK(!has(official(U"рыўгор"), "ryugor"));
}

TEST_CASE("the shares of the official spellings sum to one") {
  std::vector<Rendering> renderings;
  for (const std::u32string_view word : {U"гаврилюк", U"рыгор", U"їжак", U"объедков", U"игорь"}) {
    official_spellings(word, renderings);
    double sum = 0;
    for (const Rendering& rendering : renderings) sum += std::exp(static_cast<double>(rendering.log_probability));
    CHECK(std::abs(sum - 1) < 1e-4);
  }
}

TEST_CASE("soft signs alone are spelt by no letter, and so not at all") {
  for (const std::u32string_view word : {U"ьь", U"ьььь"}) CHECK_MESSAGE(official(word).empty(), word.size());
  CHECK(official(U"мьь").size() == 1);
}

TEST_CASE("letters of other languages have no official spelling") {
  CHECK(official(U"ђорђевић").empty());
  CHECK(official(U"david").empty());
  CHECK(official(U"").empty());
}

TEST_CASE("consonants of an Arabic word are those that Arabs say and those that Persians say") {
  std::vector<std::string> out;
  consonants_of_arabic(U"رضوان", out);
  CHECK(has(out, "rdvan"));
  CHECK(has(out, "rzvan"));
  CHECK(has(out, "rduan"));
  consonants_of_arabic(U"پرویز", out);
  CHECK(has(out, "prviz"));
  consonants_of_arabic(U"abc", out);
  CHECK(out.empty());
}
