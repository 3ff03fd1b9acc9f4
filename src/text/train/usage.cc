#include "text/train/usage.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <span>
#include <sstream>

#include "text/fold.h"
#include "text/lexicon.h"
#include "text/romanise.h"
#include "text/skeleton.h"
#include "text/train/pairs.h"

namespace entraide::train {

namespace {

struct Seen {
  std::string code;                      // ISO 15924
  std::u32string units;
  std::map<std::string, double> latin;   // how often
  double total = 0;
};
using Words = std::map<std::string, Seen>;  // by canonical native letters

std::vector<std::pair<std::string, double>> by_frequency(const std::map<std::string, double>& counts) {
  std::vector<std::pair<std::string, double>> out(counts.begin(), counts.end());
  std::ranges::sort(out, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return out;
}

Result<Words> read_words(const std::string& folder) {
  Words out;
  const auto take = [&](std::string_view code, std::string_view latin, std::string_view other, double count) {
    const std::string letters = latin_of(latin);
    const std::u32string units = units_of(other);
    if (letters.size() < 2 || units.empty()) return;
    Seen& seen = out[text::fold_word(other)];
    seen.code = code;
    seen.units = units;
    seen.latin[letters] += count;
    seen.total += count;
  };
  TRY(each_row(folder + "/pairs_token_xscript.tsv.gz", [&](std::span<const std::string_view> row) {
    // netransl_japanese and netransl_katakana are the same pairs
    if (row.size() == 6 && row[1] == "dev" && may_be_shipped(row[0]) && row[0] != "netransl_japanese")
      take(row[4], row[2], row[3], std::stod(std::string(row[5])));
  }));
  // Whole names of as many words: the first for the first.
  TRY(each_row(folder + "/pairs_fullname_xscript.tsv.gz", [&](std::span<const std::string_view> row) {
    if (row.size() != 6 || row[1] != "dev" || row[2] != "Latn" || !may_be_shipped(row[0])) return;
    const auto latin = words_of(row[3]), other = words_of(row[5]);
    if (latin.size() != other.size()) return;
    for (std::size_t i = 0; i < latin.size(); ++i) take(row[4], latin[i], other[i], 1);
  }));
  return out;
}

std::map<std::string, text::Romaniser> read_tables(const std::string& folder) {
  std::map<std::string, text::Romaniser> out;
  for (const auto& [code, name] : std::initializer_list<std::pair<const char*, const char*>>{{"Arab", "arabic"},
                                                                                             {"Hebr", "hebrew"},
                                                                                             {"Cyrl", "cyrillic"},
                                                                                             {"Hang", "hangul"},
                                                                                             {"Hani", "han"},
                                                                                             {"Kana", "kana"}}) {
    std::ifstream file(folder + "/" + name + ".tbl", std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    if (auto table = text::Romaniser::read(bytes.str())) out.emplace(code, std::move(*table));
  }
  return out;
}

Result<> write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) return fail(Errc::storage, "train.write", path + ": cannot be written");
  return {};
}

std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t before = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = before + (a[i - 1] != b[j - 1]);
      before = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, change}));
    }
  }
  return row[b.size()];
}

// Another part of the same person's name is no spelling of this word.
bool sounds_like(std::string_view latin, std::span<const text::Rendering> renderings) {
  return std::ranges::any_of(renderings, [&](const text::Rendering& r) {
    return edits(latin, r.latin) <= std::max<std::size_t>(2, std::max(latin.size(), r.latin.size()) / 2);
  });
}

// Of the words of some scripts.
std::string irregular(const Words& words, const std::map<std::string, text::Romaniser>& tables,
                      std::initializer_list<std::string_view> codes) {
  constexpr double kTotalMin = 3, kLostMin = 1.5, kShareMin = 0.12;
  constexpr std::size_t kBytesMax = 190'000;
  struct Line {
    double lost;
    std::string text;
  };
  std::vector<Line> lines;
  std::vector<text::Rendering> renderings;
  for (const auto& [word, seen] : words) {
    const auto table = tables.find(seen.code);
    if (seen.total < kTotalMin || table == tables.end() || std::ranges::find(codes, seen.code) == codes.end())
      continue;
    table->second.romanise(seen.units, 12, renderings);
    Line line{0, word};
    for (const auto& [latin, count] : by_frequency(seen.latin)) {
      const double share = count / seen.total;
      if (share < kShareMin || count < 2) break;
      if (!sounds_like(latin, renderings)) continue;
      const auto found = std::ranges::find(renderings, latin, &text::Rendering::latin);
      const bool early = found != renderings.end() && found - renderings.begin() < 4;
      const double given = !early ? 0 : std::exp(found->log_probability);
      line.lost += std::max(0.0, share - given) * seen.total;
      line.text += " " + latin + ":" + std::to_string(std::lround(share * 100));
    }
    if (line.lost >= kLostMin && line.lost >= 0.3 * seen.total) lines.push_back(std::move(line));
  }
  // What would be missed most, then in the order of the words.
  std::ranges::sort(
      lines, [](const Line& a, const Line& b) { return a.lost != b.lost ? a.lost > b.lost : a.text < b.text; });
  std::size_t bytes = 0, count = 0;
  while (count < lines.size() && bytes + lines[count].text.size() + 1 < kBytesMax)
    bytes += lines[count++].text.size() + 1;
  lines.resize(count);
  std::ranges::sort(lines, {}, &Line::text);
  std::string out =
      "# Words that are not written as their letters would say: the word, then Latin spellings with their share in "
      "percent.\n"
      "# Written by entraide-train-names.\n";
  for (const Line& line : lines) out += line.text + "\n";
  return out;
}

std::string variants(const Words& words) {
  constexpr double kCountMin = 2, kShareMin = 0.02;
  constexpr std::size_t kLettersMin = 4, kClassMax = 40, kBytesMax = 190'000;
  struct Claim {
    double count = 0;
    std::string name;
  };
  std::map<std::string, Claim> best;  // Latin spelling -> the name that it stands for most often
  for (const auto& [word, seen] : words) {
    if (seen.code != "Arab" && seen.code != "Cyrl") continue;
    const auto ranked = by_frequency(seen.latin);
    if (ranked.size() < 2 || seen.units.size() < 3) continue;
    std::string skeleton;
    text::append_skeleton(ranked[0].first, true, skeleton);
    if (skeleton.size() < 2) continue;
    std::size_t members = 0;
    for (const auto& [latin, count] : ranked) {
      if (count < kCountMin || count < kShareMin * seen.total || latin.size() < kLettersMin || members == kClassMax)
        continue;
      std::string other;
      text::append_skeleton(latin, true, other);
      if (other != skeleton) continue;
      ++members;
      Claim& claim = best[latin];
      if (count > claim.count) claim = {count, ranked[0].first};
    }
  }
  std::map<std::string, std::map<std::string, double>> classes;
  for (const auto& [latin, claim] : best) {
    // The name of a class is a member of its own class, or follows it there: one step, no chains.
    const auto own = best.find(claim.name);
    const std::string& name = own == best.end() ? claim.name : own->second.name;
    classes[name][latin] = claim.count;
  }
  std::vector<std::pair<double, std::string>> lines;
  for (const auto& [name, members] : classes) {
    if (members.size() < 2) continue;
    double total = 0;
    std::string line = name;
    for (const auto& [latin, count] : members) {
      total += count;
      if (latin != name) line += " " + latin;
    }
    lines.emplace_back(total, line);
  }
  std::ranges::sort(lines, [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  std::size_t bytes = 0, count = 0;
  while (count < lines.size() && bytes + lines[count].second.size() + 1 < kBytesMax)
    bytes += lines[count++].second.size() + 1;
  lines.resize(count);
  std::ranges::sort(lines, {}, &std::pair<double, std::string>::second);
  std::string out =
      "# Latin spellings that stand for one name, because one Arabic or Cyrillic word is often written as any of "
      "them; the\n"
      "# commonest first. Written by entraide-train-names.\n";
  for (const auto& [total, line] : lines) out += line + "\n";
  return out;
}

}  // namespace

Result<> write_usage(const std::string& folder, const std::string& out) {
  const Words words = TRY(read_words(folder));
  const auto tables = read_tables(out);
  TRY(write(out + "/irregular.txt", irregular(words, tables, {"Arab", "Cyrl", "Hani", "Kana"})));
  TRY(write(out + "/irregular_foreign.txt", irregular(words, tables, {"Hebr", "Hang"})));
  return write(out + "/variants.txt", variants(words));
}

}  // namespace entraide::train
