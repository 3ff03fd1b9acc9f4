#include "text/train/east_asia.h"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "text/east_asia.h"
#include "text/fold.h"
#include "text/romanise.h"

namespace entraide::train {

namespace {

Result<std::string> whole_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(Errc::not_found, "train.data", path + ": cannot be opened");
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  for (;;) {
    const std::size_t gap = text.find(at);
    if (gap != 0) out.push_back(text.substr(0, gap));
    if (gap == std::string_view::npos) break;
    text.remove_prefix(gap + 1);
  }
  if (!out.empty() && out.back().empty()) out.pop_back();
  return out;
}

int vowel_groups(std::string_view latin) {
  int groups = 0;
  bool inside = false;
  for (const char c : latin) {
    const bool vowel = std::string_view("aeiouwy").find(c) != std::string_view::npos;
    groups += vowel && !inside;
    inside = vowel;
  }
  return groups;
}

std::vector<Pair> listed(const std::map<std::pair<std::u32string, std::string>, double>& all) {
  std::vector<Pair> out;
  for (const auto& [pair, count] : all)
    out.push_back({pair.first, pair.second, static_cast<float>(1 + std::log2(count))});
  return out;
}

}  // namespace

Result<std::vector<Pair>> read_korean(const std::string& folder) {
  std::map<std::pair<std::u32string, std::string>, double> all;
  TRY(each_row(folder + "/pairs_fullname_xscript.tsv.gz", [&](std::span<const std::string_view> row) {
    if (row.size() != 6 || row[0] != "wikidata_en_ko" || row[1] != "dev" || row[2] != "Latn" || row[4] != "Hang")
      return;
    const std::u32string syllables = text::decode_utf8(row[5]);
    if (syllables.size() != 3 || !std::ranges::all_of(syllables, text::is_hangul)) return;
    const std::vector<std::string_view> words = split(row[3], ' ');
    if (words.size() < 2 || words.size() > 3) return;
    std::vector<std::string> latin;
    for (const std::string_view word : words) latin.push_back(latin_of(word));
    for (const std::string& word : latin)
      if (word.empty()) return;
    // The family name is the word of one syllable; of two such, or of three words, the first.
    std::size_t family = 0;
    if (words.size() == 2 && vowel_groups(latin[0]) >= 2 && vowel_groups(latin[1]) == 1) family = 1;
    std::string given;
    for (std::size_t i = 0; i < latin.size(); ++i)
      if (i != family) given += latin[i];
    if (vowel_groups(given) != 2 || vowel_groups(latin[family]) != 1) return;
    std::u32string units;
    text::append_units(std::u32string_view(syllables).substr(0, 1), units);
    all[{units, latin[family]}] += 1;
    units.clear();
    text::append_units(std::u32string_view(syllables).substr(1), units);
    all[{units, given}] += 1;
  }));
  return listed(all);
}

Result<std::vector<Pair>> by_sounds(const std::vector<Pair>& pairs) {
  const text::EastAsia east_asia = TRY(text::EastAsia::read());
  std::vector<Pair> out;
  for (const Pair& pair : pairs) {
    Pair spoken{.latin = pair.latin, .weight = pair.weight};
    if (east_asia.mandarin_sounds(pair.units, spoken.units)) out.push_back(std::move(spoken));
  }
  return out;
}

Result<std::vector<DictionaryEntry>> read_enamdict(const std::string& enamdict, bool family) {
  const std::string bytes = TRY(whole_file(enamdict));
  UErrorCode status = U_ZERO_ERROR;
  const icu::UnicodeString unicode(bytes.data(), static_cast<std::int32_t>(bytes.size()), "EUC-JP");
  std::string utf8;
  unicode.toUTF8String(utf8);
  if (U_FAILURE(status) || utf8.empty()) return fail(Errc::invalid, "train.data", enamdict + ": is not EUC-JP");
  std::vector<DictionaryEntry> out;
  for (const std::string_view line : split(utf8, '\n')) {
    // 山田 [やまだ] /(p,s) Yamada/
    const std::size_t open = line.find(" ["), slash = line.find("/("), close = line.find(") ", slash);
    if (open == std::string_view::npos || slash == std::string_view::npos || close == std::string_view::npos)
      continue;
    bool wanted = false, place = false;
    for (const std::string_view tag : split(line.substr(slash + 2, close - slash - 2), ',')) {
      wanted = wanted || (family ? tag == "s" : tag == "f" || tag == "m" || tag == "g");
      place = place || tag == "p";
    }
    if (!wanted) continue;
    const std::string_view reading = line.substr(close + 2, line.find('/', close) - close - 2);
    const std::u32string units = units_of(line.substr(0, open));
    const std::string latin = latin_of(reading);
    if (units.empty() || latin.empty() || units.size() > 5 || latin.size() > 20 || latin.size() > units.size() * 10)
      continue;
    out.push_back({units, latin, place});
  }
  return out;
}

Result<std::vector<Pair>> read_japanese(const std::string& enamdict, bool family) {
  std::map<std::pair<std::u32string, std::string>, double> all;
  // A surname that is also a place is borne by more people than one that is only in the dictionary.
  for (const DictionaryEntry& entry : TRY(read_enamdict(enamdict, family)))
    all[{entry.units, entry.latin}] += family && entry.place ? 4 : 1;
  return listed(all);
}

Result<> write_single_names(const std::string& enamdict, const std::string& path) {
  std::map<std::u32string, std::string> all;
  for (const Pair& pair : TRY(read_japanese(enamdict, false)))
    if (pair.units.size() == 1 && pair.units[0] >= 0x3400) all[pair.units] += " " + pair.latin;
  std::string out =
      "# Japanese given names of one character and their readings. From ENAMDICT, (c) Electronic Dictionary Research "
      "and\n"
      "# Development Group, CC BY-SA, and under that licence; written by entraide-train-names.\n";
  for (const auto& [units, readings] : all) {
    text::append_utf8(out, units[0]);
    out += readings + "\n";
  }
  std::ofstream file(path, std::ios::binary);
  file << out;
  if (!file.flush()) return fail(Errc::storage, "train.write", path + ": cannot be written");
  return {};
}

namespace {

// Pinyin without its tone; the dots of u are kept as v.
std::string plain_pinyin(std::string_view syllable) {
  std::string out;
  for (const char32_t letter : text::decode_utf8(syllable)) {
    if (letter == U'ü' || letter == U'ǖ' || letter == U'ǘ' || letter == U'ǚ' || letter == U'ǜ') {
      out += 'v';
      continue;
    }
    std::string one;
    text::append_utf8(one, letter);
    out += latin_of(one);
  }
  return out;
}

// Readings of one character, the usual one first.
struct Readings {
  static constexpr std::size_t kMost = 3;
  std::vector<std::string> all;
  void add(std::string reading) {
    if (!reading.empty() && all.size() < kMost && std::ranges::find(all, reading) == all.end())
      all.push_back(std::move(reading));
  }
  std::string text() const {
    std::string out;
    for (const std::string& one : all) out += (out.empty() ? "" : ",") + one;
    return out.empty() ? "-" : out;
  }
};

}  // namespace

Result<> write_hanzi(const std::string& unihan, const std::string& path) {
  const std::string text = TRY(whole_file(unihan));
  struct Character {
    Readings mandarin, cantonese;
    std::vector<std::string> others;  // Mandarin, of a dictionary for schools: behind those that Unihan finds usual
  };
  std::map<char32_t, Character> all;
  for (const std::string_view line : split(text, '\n')) {
    const std::vector<std::string_view> cells = split(line, '\t');
    if (cells.size() != 3 || !cells[0].starts_with("U+")) continue;
    const char32_t c = static_cast<char32_t>(std::stoul(std::string(cells[0].substr(2)), nullptr, 16));
    if (c > 0xffff) continue;
    Character& character = all[c];
    for (const std::string_view word : split(cells[2], ' ')) {
      if (cells[1] == "kMandarin") character.mandarin.add(plain_pinyin(word));
      if (cells[1] == "kCantonese")
        character.cantonese.add(std::string(word.substr(0, word.find_first_of("123456"))));
      // Where it stands in the dictionary, a colon, readings.
      if (cells[1] == "kTGHZ2013")
        for (const std::string_view reading : split(word.substr(word.find(':') + 1), ','))
          character.others.push_back(plain_pinyin(reading));
    }
  }
  std::map<std::string, std::string> lines;
  for (auto& [c, character] : all) {
    // Without a Cantonese reading only what is in use today.
    if (character.mandarin.all.empty() || (character.cantonese.all.empty() && character.others.empty())) continue;
    for (std::string& reading : character.others) character.mandarin.add(std::move(reading));
    text::append_utf8(lines[character.mandarin.text() + " " + character.cantonese.text()], c);
  }
  std::string out =
      "# How Han characters are read: Mandarin (pinyin, v for u with dots), Cantonese (Jyutping), the usual reading "
      "first, then all\n# characters that are read so. From Unihan of Unicode 15.0, Unicode licence; written by "
      "entraide-train-names.\n";
  for (const auto& [readings, characters] : lines) out += readings + " " + characters + "\n";
  std::ofstream file(path, std::ios::binary);
  file << out;
  if (!file.flush()) return fail(Errc::storage, "train.write", path + ": cannot be written");
  return {};
}

}  // namespace entraide::train
