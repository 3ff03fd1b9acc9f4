// entraide-train-names [--check] DIR OUT [TABLE...]: learns how names of each script are romanised from the pairs of names in
// DIR (layout in docs/matching.md) and writes one table a script into OUT. The same DIR gives the same bytes. With --check,
// every twentieth word is kept back from the training, nothing is written, and what the table makes of them is printed.
// entraide-train-names DIR OUT usage | letters | single | readings | hanzi FILE: the tables of words, of single letters, of
// Japanese given names of one character, of what the learned tables do not remember of Japanese names, of Han characters.

#include <cstdio>
#include <fstream>
#include <set>

#include "text/lexicon.h"
#include "text/romanise.h"
#include "text/train/east_asia.h"
#include "text/train/letters.h"
#include "text/train/pairs.h"
#include "text/train/usage.h"

using namespace entraide;
using namespace entraide::train;

namespace {

struct Recipe {
  Wanted wanted;
  Shape shape;
  std::vector<Step> seeds = {};
  enum class From { pairs, sounds, korean, surnames, given_names } from = From::pairs;
};

// Letters of Ukrainian, Belarusian, Serbian and Macedonian: the pairs are Russian ones.
const std::vector<Step> kCyrillicSeeds = {
    {U'і', "i"},  {U'і', "y"},   {U'ї', "i"},  {U'ї', "yi"}, {U'ї', "ji"}, {U'є', "ie"}, {U'є', "ye"}, {U'є', "e"},
    {U'є', "je"}, {U'ў', "u"},   {U'ў', "w"},  {U'ў', "v"},  {U'ґ', "g"},  {U'г', "h"},  {U'ђ', "dj"}, {U'ђ', "d"},
    {U'ј', "j"},  {U'ј', "y"},   {U'љ', "lj"}, {U'љ', "l"},  {U'њ', "nj"}, {U'њ', "n"},  {U'ћ', "c"},  {U'ћ', "ch"},
    {U'џ', "dz"}, {U'џ', "dzh"}, {U'ѓ', "gj"}, {U'ќ', "kj"}, {U'и', "y"},  {U'ѕ', "dz"}, {U'қ', "k"},  {U'қ', "q"},
    {U'ғ', "g"},  {U'ғ', "gh"},  {U'ұ', "u"},  {U'ү', "u"},  {U'ө', "o"},  {U'ә', "a"},  {U'һ', "h"},  {U'ң', "n"},
    {U'ҳ', "h"},  {U'ҷ', "j"},   {U'ӣ', "i"},  {U'ӯ', "u"}};

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> all = {
      {{"arabic", {"Arab"}, {"netransl_arabic", "google_ar2en", "popular_"}}, {.letters_max = 4, .order = 3}},
      {{"hebrew", {"Hebr"}, {"netransl_hebrew", "wikidata_en_he", "popular_"}}, {.letters_max = 4, .order = 3}},
      {{"cyrillic", {"Cyrl"}, {"netransl_russian", "popular_"}}, {.letters_max = 4, .order = 3}, kCyrillicSeeds},
      {{"hangul", {"Hang"}, {"netransl_korean", "wikidata_en_ko", "popular_"}},
       {.letters_max = 4, .order = 4, .unfit = 0.25}},
      {{"han", {"Hani"}, {"netransl_chinese", "wikidata_politicians_en_zh"}}, {.letters_max = 6, .order = 3}},
      {{"han_sounds", {"Hani"}, {"netransl_chinese", "wikidata_politicians_en_zh"}},
       {.letters_max = 6, .order = 2},
       {},
       Recipe::From::sounds},
      {{"kana", {"Kana", "Hira"}, {"netransl_katakana", "popular_"}}, {.letters_max = 4, .order = 4}},
      {{"devanagari", {"Deva"}, {"wikidata_politicians_en_hi", "popular_"}},
       {.letters_max = 4, .order = 3, .bytes_max = 60'000, .unfit = 0.05}},
      {{"korean", {}, {}}, {.letters_max = 4, .order = 4, .bytes_max = 120'000}, {}, Recipe::From::korean},
      {{"japanese_family", {}, {}}, {.letters_max = 10, .order = 3, .unfit = 0.03}, {}, Recipe::From::surnames},
      {{"japanese_given", {}, {}}, {.letters_max = 10, .order = 3, .unfit = 0.03}, {}, Recipe::From::given_names},
  };
  return all;
}

const char kEnamdict[] = "/usr/share/edict/enamdict";

Result<std::vector<Pair>> pairs_of(const Recipe& recipe, const std::string& folder) {
  switch (recipe.from) {
    case Recipe::From::sounds: return by_sounds(TRY(read_pairs(folder, recipe.wanted)).pairs);
    case Recipe::From::korean: return read_korean(folder);
    case Recipe::From::surnames: return read_japanese(kEnamdict, true);
    case Recipe::From::given_names: return read_japanese(kEnamdict, false);
    case Recipe::From::pairs: break;
  }
  return TRY(read_pairs(folder, recipe.wanted)).pairs;
}

bool within_one_edit(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  std::size_t i = 0;
  while (i < a.size() && a[i] == b[i]) ++i;
  if (a.size() == b.size()) return i == a.size() || a.substr(i + 1) == b.substr(i + 1);
  return a.substr(i) == b.substr(i + 1);
}

// What share of the words kept back is found among the first renderings, exactly and within one edit.
void report(const text::Romaniser& romaniser, const std::vector<Pair>& kept_back) {
  constexpr std::size_t kFirst[] = {1, 4, 12, 30};
  double exact[4] = {}, close[4] = {};
  std::vector<text::Rendering> renderings;
  const std::clock_t begin = std::clock();
  for (const Pair& pair : kept_back) {
    romaniser.romanise(pair.units, 30, renderings);
    for (std::size_t k = 0; k < 4; ++k) {
      const auto first = std::span(renderings).first(std::min(kFirst[k], renderings.size()));
      exact[k] += std::ranges::any_of(first, [&](const auto& r) { return r.latin == pair.latin; });
      close[k] += std::ranges::any_of(first, [&](const auto& r) { return within_one_edit(r.latin, pair.latin); });
    }
  }
  const double size = static_cast<double>(kept_back.size());
  const double us = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC * 1e6 / size;
  std::printf(
      "  kept back %zu: exact among the first 1/4/12/30: %.2f %.2f %.2f %.2f; within one edit: %.2f %.2f %.2f %.2f; "
      "%.0f us a word\n",
      kept_back.size(), exact[0] / size, exact[1] / size, exact[2] / size, exact[3] / size, close[0] / size,
      close[1] / size, close[2] / size, close[3] / size, us);
}

Result<> train_one(const Recipe& recipe, const std::string& folder, const std::string& out, bool check) {
  std::vector<Pair> pairs = TRY(pairs_of(recipe, folder));
  std::vector<Pair> kept_back;
  if (check) {
    std::vector<Pair> rest;
    for (Pair& pair : pairs) {
      const std::string word(reinterpret_cast<const char*>(pair.units.data()), pair.units.size() * sizeof(char32_t));
      const bool seldom = pair.weight < 1;
      if (text::WordTable::hash(word) % 20 != 0) rest.push_back(std::move(pair));
      else if (!seldom) kept_back.push_back(std::move(pair));
    }
    pairs = std::move(rest);
  }
  const Aligned aligned = align(pairs, recipe.shape, recipe.seeds);
  const std::string table = make_table(aligned, recipe.shape, recipe.seeds);
  std::printf("%s: %zu pairs, %zu left out, table %zu bytes\n", std::string(recipe.wanted.table).c_str(),
              pairs.size(), aligned.dropped, table.size());
  const text::Romaniser romaniser = TRY(text::Romaniser::read(table));
  if (check) {
    report(romaniser, kept_back);
    return {};
  }
  const std::string path = out + "/" + std::string(recipe.wanted.table) + ".tbl";
  std::ofstream file(path, std::ios::binary);
  file << table;
  if (!file.flush()) return fail(Errc::storage, "train.write", path + ": cannot be written");
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const bool check = std::erase(words, "--check") > 0;
  if (words.size() < 2) {
    std::fprintf(stderr,
                 "usage: entraide-train-names [--check] DIR OUT [TABLE... | usage | letters | single | readings | "
                 "hanzi FILE]\n");
    return 2;
  }
  if (words.size() == 3 && words[2] == "letters") {
    Result<> done = write_letters(words[1] + "/letters.txt");
    if (done) done = write_traditional(words[1] + "/traditional.txt");
    if (!done) std::fprintf(stderr, "entraide-train-names: %s\n", done.error().message.c_str());
    return done ? 0 : 1;
  }
  if (words.size() == 3 && words[2] == "usage") {
    const Result<> done = write_usage(words[0], words[1]);
    if (!done) std::fprintf(stderr, "entraide-train-names: %s\n", done.error().message.c_str());
    return done ? 0 : 1;
  }
  if (words.size() == 3 && words[2] == "single") {
    const Result<> done = write_single_names(kEnamdict, words[1] + "/japanese_single.txt");
    if (!done) std::fprintf(stderr, "entraide-train-names: %s\n", done.error().message.c_str());
    return done ? 0 : 1;
  }
  if (words.size() == 3 && words[2] == "readings") {
    const Result<> done = write_readings(kEnamdict, words[1]);
    if (!done) std::fprintf(stderr, "entraide-train-names: %s\n", done.error().message.c_str());
    return done ? 0 : 1;
  }
  if (words.size() == 4 && words[2] == "hanzi") {
    const Result<> done = write_hanzi(words[3], words[1] + "/hanzi.txt");
    if (!done) std::fprintf(stderr, "entraide-train-names: %s\n", done.error().message.c_str());
    return done ? 0 : 1;
  }
  for (const Recipe& recipe : recipes()) {
    if (words.size() > 2 && std::find(words.begin() + 2, words.end(), recipe.wanted.table) == words.end()) continue;
    if (const Result<> done = train_one(recipe, words[0], words[1], check); !done) {
      std::fprintf(stderr, "entraide-train-names: %s\n", done.error().message.c_str());
      return 1;
    }
    std::fflush(stdout);
  }
  return 0;
}
