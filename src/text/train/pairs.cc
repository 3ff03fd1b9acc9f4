#include "text/train/pairs.h"

#include <cmath>

#include "text/fold.h"
#include "text/romanise.h"

namespace entraide::train {

bool may_be_shipped(std::string_view source) {
  for (const std::string_view prefix : {"netransl_", "google_ar2en", "wikidata_", "popular_"})
    if (source.starts_with(prefix)) return true;
  return false;
}

std::u32string units_of(std::string_view word) {
  std::vector<text::Letter> letters;
  text::fold_letters(word, letters);
  std::u32string folded, out;
  for (const text::Letter& letter : letters) {
    if (letter.kind != text::Kind::letter || letter.script == text::Script::latin) {
      if (letter.c == '-') continue;
      return {};
    }
    folded.push_back(letter.c);
  }
  text::append_units(folded, out);
  return out;
}

std::string latin_of(std::string_view word) {
  std::vector<text::Letter> letters;
  text::fold_letters(word, letters);
  std::string out;
  for (const text::Letter& letter : letters) {
    if (letter.c == '-') continue;
    if (letter.c < 'a' || letter.c > 'z') return {};
    out.push_back(static_cast<char>(letter.c));
  }
  return out;
}

std::vector<std::string_view> words_of(std::string_view name) {
  std::vector<std::string_view> out;
  while (!name.empty()) {
    std::size_t gap = name.find(' ');
    std::size_t skip = 1;
    if (const std::size_t dot = name.find("\xc2\xb7"); dot < gap) gap = dot, skip = 2;  // middle dot
    if (gap != 0) out.push_back(name.substr(0, gap));
    if (gap == std::string_view::npos) break;
    name.remove_prefix(gap + skip);
  }
  return out;
}

Result<Corpus> read_pairs(const std::string& folder, const Wanted& wanted) {
  const auto of_interest = [&](std::string_view source, std::string_view split, std::string_view code) {
    return split == "dev" && may_be_shipped(source) && std::ranges::find(wanted.codes, code) != wanted.codes.end() &&
           std::ranges::any_of(wanted.sources, [&](std::string_view prefix) { return source.starts_with(prefix); });
  };
  std::map<std::pair<std::u32string, std::string>, double> all;
  const auto take = [&](std::string_view latin, std::string_view other, double count) {
    const std::u32string units = units_of(other);
    const std::string letters = latin_of(latin);
    if (units.empty() || letters.empty() || units.size() > 30 || letters.size() > 30) return;
    if (letters.size() > units.size() * 6 || units.size() > letters.size() * 3 + 1) return;
    all[{units, letters}] += count;
  };
  TRY(each_row(folder + "/pairs_token_xscript.tsv.gz", [&](std::span<const std::string_view> row) {
    // source split latin other script count
    if (row.size() == 6 && of_interest(row[0], row[1], row[4])) take(row[2], row[3], std::stod(std::string(row[5])));
  }));
  TRY(each_row(folder + "/pairs_fullname_xscript.tsv.gz", [&](std::span<const std::string_view> row) {
    // source split script_a name_a script_b name_b
    if (row.size() != 6 || row[2] != "Latn" || !of_interest(row[0], row[1], row[4])) return;
    const auto latin = words_of(row[3]), other = words_of(row[5]);
    if (latin.size() != other.size()) return;
    for (std::size_t i = 0; i < latin.size(); ++i) take(latin[i], other[i], 1);
  }));
  Corpus out;
  for (const auto& [pair, count] : all) {
    out.pairs.push_back({pair.first, pair.second, static_cast<float>(1 + std::log2(count))});
    // Some leave the geresh out.
    constexpr float kSeldom = 0.2F;
    std::u32string plain = pair.first;
    for (char32_t& c : plain) c = text::without_geresh(c);
    if (plain != pair.first) out.pairs.push_back({std::move(plain), pair.second, kSeldom});
  }
  return out;
}

}  // namespace entraide::train
