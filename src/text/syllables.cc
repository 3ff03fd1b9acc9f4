// One Chinese syllable in the romanisations that passports and newspapers use.

#include "text/east_asia.h"

namespace entraide::text {

namespace {

using Spelling = std::pair<std::string_view, std::string_view>;

constexpr Spelling kWadeGiles[] = {{"zh", "ch"}, {"ch", "ch"}, {"sh", "sh"}, {"b", "p"},  {"p", "p"},  {"m", "m"},
                                   {"f", "f"},   {"d", "t"},   {"t", "t"},   {"n", "n"},  {"l", "l"},  {"g", "k"},
                                   {"k", "k"},   {"h", "h"},   {"j", "ch"},  {"q", "ch"}, {"x", "hs"}, {"r", "j"},
                                   {"z", "ts"},  {"c", "ts"},  {"s", "s"},   {"y", "y"},  {"w", "w"}};

struct Initial {
  std::string_view jyutping;
  std::array<std::string_view, 3> spelt;
};
constexpr Initial kHongKongInitials[] = {
    {"gw", {"kw", "gw", ""}}, {"kw", {"kw", "", ""}}, {"ng", {"ng", "", ""}}, {"b", {"p", "b", ""}},
    {"p", {"p", "", ""}},     {"m", {"m", "", ""}},   {"f", {"f", "", ""}},   {"d", {"t", "d", ""}},
    {"t", {"t", "", ""}},     {"n", {"n", "l", ""}},  {"l", {"l", "", ""}},   {"g", {"k", "g", ""}},
    {"k", {"k", "", ""}},     {"h", {"h", "", ""}},   {"w", {"w", "", ""}},   {"z", {"ch", "ts", "j"}},
    {"c", {"ch", "ts", ""}},  {"s", {"s", "sh", ""}}, {"j", {"y", "", ""}}};
struct Final {
  std::string_view jyutping;
  std::array<std::string_view, 3> spelt;
};
constexpr Final kHongKongFinals[] = {{"aai", {"ai"}},
                                     {"aau", {"au"}},
                                     {"aam", {"am"}},
                                     {"aan", {"an"}},
                                     {"aang", {"ang"}},
                                     {"aap", {"ap"}},
                                     {"aat", {"at"}},
                                     {"aak", {"ak"}},
                                     {"aa", {"a", "ah"}},
                                     {"ai", {"ai"}},
                                     {"au", {"au", "ow"}},
                                     {"am", {"am", "um"}},
                                     {"an", {"an", "un"}},
                                     {"ang", {"ang"}},
                                     {"ap", {"ap", "up"}},
                                     {"at", {"at"}},
                                     {"ak", {"ak"}},
                                     {"ei", {"ei", "i", "ee"}},
                                     {"eng", {"eng"}},
                                     {"ek", {"ek"}},
                                     {"e", {"e"}},
                                     {"iu", {"iu"}},
                                     {"im", {"im"}},
                                     {"in", {"in"}},
                                     {"ing", {"ing"}},
                                     {"ip", {"ip"}},
                                     {"it", {"it"}},
                                     {"ik", {"ik"}},
                                     {"i", {"i", "ee"}},
                                     {"oi", {"oi", "oy"}},
                                     {"ou", {"o", "ou"}},
                                     {"on", {"on"}},
                                     {"ong", {"ong"}},
                                     {"ok", {"ok"}},
                                     {"ot", {"ot"}},
                                     {"oeng", {"eung"}},
                                     {"oek", {"euk", "eok"}},
                                     {"oe", {"eu"}},
                                     {"eoi", {"ui"}},
                                     {"eon", {"un", "on"}},
                                     {"eot", {"ut"}},
                                     {"o", {"o"}},
                                     {"ui", {"ui"}},
                                     {"un", {"un"}},
                                     {"ung", {"ung"}},
                                     {"ut", {"ut"}},
                                     {"uk", {"uk"}},
                                     {"u", {"u", "oo"}},
                                     {"yun", {"uen", "yuen"}},
                                     {"yut", {"uet", "yuet"}},
                                     {"yu", {"u", "yu", "ue"}},
                                     {"m", {"m"}},
                                     {"ng", {"ng"}}};

}  // namespace

std::string wade_giles(std::string_view pinyin) {
  std::string_view initial, spelt;
  for (const auto& [from, to] : kWadeGiles) {
    if (!pinyin.starts_with(from)) continue;
    initial = from;
    spelt = to;
    break;
  }
  std::string end(pinyin.substr(initial.size()));
  const bool sibilant = initial == "z" || initial == "c" || initial == "s";
  const bool retroflex = initial == "zh" || initial == "ch" || initial == "sh" || initial == "r";
  if (end == "i" && sibilant) return initial == "s" ? "ssu" : "tzu";
  if (end == "i" && retroflex) end = "ih";
  if (end == "ian") end = "ien";
  if (end == "ie" || end == "ue" || end == "ve") end = end == "ie" ? "ieh" : "ueh";
  if (end == "ui" && (initial == "g" || initial == "k")) end = "uei";
  if (end == "uo" && !(initial == "g" || initial == "k" || initial == "h" || initial == "sh")) end = "o";
  if (end == "ong") end = "ung";
  if (end == "iong") end = "iung";
  if (end == "e" && (initial == "g" || initial == "k" || initial == "h")) end = "o";
  if (initial == "y") {
    if (end == "i") return "i";
    if (end == "e") end = "eh";
    if (end == "an") end = "en";
    if (end == "ong") end = "ung";
  }
  if (end == "you") end = "yu";
  if (pinyin == "you") return "yu";
  if (pinyin == "er") return "erh";
  std::string out(spelt);
  for (const char c : end) out.push_back(c == 'v' ? 'u' : c);
  return out;
}

std::vector<std::string> hong_kong(std::string_view jyutping) {
  if (jyutping == "zi" || jyutping == "ci") return {"tsz", "chi", "tse"};
  if (jyutping == "si") return {"sze", "si", "see"};
  if (jyutping == "ji") return {"yi", "yee", "i"};
  if (jyutping == "ng" || jyutping == "m") return {"ng"};
  const Initial* initial = nullptr;
  for (const Initial& candidate : kHongKongInitials) {
    if (!jyutping.starts_with(candidate.jyutping)) continue;
    initial = &candidate;
    break;
  }
  const std::string_view rest = jyutping.substr(initial ? initial->jyutping.size() : 0);
  for (const Final& end : kHongKongFinals) {
    if (end.jyutping != rest) continue;
    std::vector<std::string> out;
    for (const std::string_view b : end.spelt) {
      for (std::size_t a = 0; a < 3; ++a) {
        const std::string_view first = initial ? initial->spelt[a] : std::string_view();
        if (b.empty() || (initial && first.empty()) || (!initial && a)) continue;
        const bool doubled_y = first == "y" && b.starts_with("y");
        out.push_back(std::string(first) + std::string(doubled_y ? b.substr(1) : b));
      }
    }
    return out;
  }
  return {};
}

void append_syllable_class(std::string_view latin, std::string& out) {
  const auto is_vowel = [](char c) { return std::string_view("aeiouyw").find(c) != std::string_view::npos; };
  for (std::size_t at = 0; at < latin.size();) {
    if (is_vowel(latin[at])) {
      std::size_t end = at;
      while (end < latin.size() && is_vowel(latin[end])) ++end;
      const std::string_view group = latin.substr(at, end - at);
      const auto has = [&](char c) { return group.find(c) != std::string_view::npos; };
      if (has('a') && group != "ae") out.push_back('a');
      else if (has('o') || has('u')) out.push_back('o');
      else if (has('e') && group != "ee") out.push_back('e');
      else out.push_back('i');
      at = end;
      continue;
    }
    // A consonant with what follows it in some system: zh ch sh hs ts tz ng.
    static constexpr std::pair<std::string_view, char> kClasses[] = {
        {"tch", 'j'}, {"tsz", 'j'}, {"zh", 'j'}, {"ch", 'j'}, {"ts", 'j'}, {"tz", 'j'}, {"sh", 's'},
        {"hs", 's'},  {"ng", 'n'},  {"j", 'j'},  {"q", 'j'},  {"z", 'j'},  {"c", 'j'},  {"s", 's'},
        {"x", 's'},   {"k", 'k'},   {"g", 'k'},  {"b", 'p'},  {"p", 'p'},  {"t", 't'},  {"d", 't'},
        {"l", 'l'},   {"n", 'n'},   {"m", 'm'},  {"f", 'f'},  {"v", 'p'}};
    std::size_t taken = 1;
    char letter = '\0';
    for (const auto& [spelt, stands_for] : kClasses) {
      if (!latin.substr(at).starts_with(spelt)) continue;
      letter = stands_for;
      taken = spelt.size();
      break;
    }
    // h and r are letters before a vowel only: shih, erh.
    if ((latin[at] == 'h' || latin[at] == 'r') && at + 1 < latin.size() && is_vowel(latin[at + 1]))
      letter = latin[at] == 'h' ? 'h' : 'l';
    if (letter && (out.empty() || out.back() != letter)) out.push_back(letter);
    at += taken;
  }
}

bool is_syllable(std::string_view latin) {
  if (latin.empty() || latin.size() > 6) return false;
  if (latin == "ng") return true;
  static constexpr std::string_view kStarts[] = {
      "zh", "ch", "sh", "ts", "tz", "hs", "kw", "gw", "ng", "kk", "tt", "pp", "ss", "jj", "b", "p", "m", "f",
      "d",  "t",  "n",  "l",  "g",  "k",  "h",  "j",  "q",  "x",  "r",  "z",  "c",  "s",  "y", "w", "v"};
  for (const std::string_view start : kStarts) {
    if (!latin.starts_with(start)) continue;
    latin.remove_prefix(start.size());
    break;
  }
  std::size_t vowels = 0;
  while (vowels < latin.size() && std::string_view("aeiouyw").find(latin[vowels]) != std::string_view::npos) ++vowels;
  const std::string_view end = latin.substr(vowels);
  if (vowels == 0) return end == "z";  // tsz
  if (vowels > 4) return false;
  for (const std::string_view allowed : {"", "n", "ng", "m", "k", "t", "p", "l", "h", "r", "g", "b", "rh", "ck"})
    if (end == allowed) return true;
  return false;
}

}  // namespace entraide::text
