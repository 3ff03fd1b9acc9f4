// One Chinese syllable in the romanisations that passports and newspapers use.

#include "text/east_asia.h"

namespace entraide::text {

namespace {

constexpr std::pair<std::string_view, std::string_view> kWadeGiles[] = {
    {"zh", "ch"}, {"ch", "ch"}, {"sh", "sh"}, {"b", "p"},  {"p", "p"}, {"m", "m"}, {"f", "f"},  {"d", "t"},
    {"t", "t"},   {"n", "n"},   {"l", "l"},   {"g", "k"},  {"k", "k"}, {"h", "h"}, {"j", "ch"}, {"q", "ch"},
    {"x", "hs"},  {"r", "j"},   {"z", "ts"},  {"c", "ts"}, {"s", "s"}, {"y", "y"}, {"w", "w"}};

struct Spelt {
  std::string_view letters;
  int percent = 0;
};

// Spellings of Hong Kong's registrations, the likeliest first, each with its share in percent.
struct Sound {
  std::string_view jyutping;
  std::array<Spelt, 4> spelt;
};
constexpr Sound kHongKongInitials[] = {{"gw", {{{"kw", 85}, {"gw", 15}}}},
                                       {"kw", {{{"kw", 100}}}},
                                       {"ng", {{{"ng", 85}, {"", 15}}}},
                                       {"b", {{{"p", 75}, {"b", 25}}}},
                                       {"p", {{{"p", 100}}}},
                                       {"m", {{{"m", 100}}}},
                                       {"f", {{{"f", 100}}}},
                                       {"d", {{{"t", 80}, {"d", 20}}}},
                                       {"t", {{{"t", 100}}}},
                                       {"n", {{{"n", 90}, {"l", 10}}}},
                                       {"l", {{{"l", 100}}}},
                                       {"g", {{{"k", 85}, {"g", 15}}}},
                                       {"k", {{{"k", 100}}}},
                                       {"h", {{{"h", 100}}}},
                                       {"w", {{{"w", 100}}}},
                                       {"z", {{{"ch", 80}, {"ts", 13}, {"j", 7}}}},
                                       {"c", {{{"ch", 80}, {"ts", 20}}}},
                                       {"s", {{{"s", 85}, {"sh", 15}}}},
                                       {"j", {{{"y", 100}}}}};
constexpr Sound kHongKongFinals[] = {{"aai", {{{"ai", 100}}}},
                                     {"aau", {{{"au", 90}, {"aw", 10}}}},
                                     {"aam", {{{"am", 100}}}},
                                     {"aan", {{{"an", 100}}}},
                                     {"aang", {{{"ang", 100}}}},
                                     {"aap", {{{"ap", 100}}}},
                                     {"aat", {{{"at", 100}}}},
                                     {"aak", {{{"ak", 100}}}},
                                     {"aa", {{{"a", 70}, {"ah", 30}}}},
                                     {"ai", {{{"ai", 92}, {"ay", 8}}}},
                                     {"au", {{{"au", 88}, {"ow", 12}}}},
                                     {"am", {{{"am", 60}, {"um", 40}}}},
                                     {"an", {{{"an", 60}, {"un", 40}}}},
                                     {"ang", {{{"ang", 90}, {"ung", 10}}}},
                                     {"ap", {{{"ap", 65}, {"up", 35}}}},
                                     {"at", {{{"at", 75}, {"ut", 25}}}},
                                     {"ak", {{{"ak", 90}, {"uk", 10}}}},
                                     {"ei", {{{"ei", 65}, {"i", 20}, {"ee", 10}, {"ay", 5}}}},
                                     {"eng", {{{"eng", 90}, {"ing", 10}}}},
                                     {"ek", {{{"ek", 90}, {"ik", 10}}}},
                                     {"e", {{{"e", 85}, {"eh", 15}}}},
                                     {"iu", {{{"iu", 90}, {"ieu", 10}}}},
                                     {"im", {{{"im", 90}, {"imm", 10}}}},
                                     {"in", {{{"in", 85}, {"een", 8}, {"en", 7}}}},
                                     {"ing", {{{"ing", 100}}}},
                                     {"ip", {{{"ip", 100}}}},
                                     {"it", {{{"it", 100}}}},
                                     {"ik", {{{"ik", 85}, {"ick", 10}, {"ek", 5}}}},
                                     {"i", {{{"i", 70}, {"ee", 20}, {"e", 10}}}},
                                     {"oi", {{{"oi", 85}, {"oy", 15}}}},
                                     {"ou", {{{"o", 80}, {"ou", 10}, {"oo", 5}, {"u", 5}}}},
                                     {"on", {{{"on", 100}}}},
                                     {"ong", {{{"ong", 100}}}},
                                     {"ok", {{{"ok", 100}}}},
                                     {"ot", {{{"ot", 100}}}},
                                     {"oeng", {{{"eung", 100}}}},
                                     {"oek", {{{"euk", 60}, {"eok", 25}, {"eak", 15}}}},
                                     {"oe", {{{"eu", 60}, {"euh", 20}, {"or", 20}}}},
                                     {"eoi", {{{"ui", 100}}}},
                                     {"eon", {{{"un", 80}, {"on", 10}, {"eun", 10}}}},
                                     {"eot", {{{"ut", 100}}}},
                                     {"o", {{{"o", 90}, {"or", 10}}}},
                                     {"ui", {{{"ui", 80}, {"oi", 10}, {"ooi", 10}}}},
                                     {"un", {{{"un", 85}, {"oon", 15}}}},
                                     {"ung", {{{"ung", 100}}}},
                                     {"ut", {{{"ut", 85}, {"oot", 15}}}},
                                     {"uk", {{{"uk", 90}, {"ook", 10}}}},
                                     {"u", {{{"u", 75}, {"oo", 25}}}},
                                     {"yun", {{{"uen", 75}, {"yuen", 15}, {"un", 10}}}},
                                     {"yut", {{{"uet", 75}, {"yuet", 15}, {"ut", 10}}}},
                                     {"yu", {{{"u", 60}, {"yu", 20}, {"ue", 20}}}},
                                     {"m", {{{"m", 100}}}},
                                     {"ng", {{{"ng", 100}}}}};

std::vector<Spelt> customary_in_hong_kong(std::string_view jyutping) {
  if (jyutping == "zi" || jyutping == "ci") return {{"tsz", 45}, {"chi", 45}, {"tse", 10}};
  if (jyutping == "si") return {{"sze", 50}, {"si", 25}, {"see", 15}, {"shi", 10}};
  if (jyutping == "ji") return {{"yi", 70}, {"yee", 20}, {"i", 5}, {"e", 5}};
  if (jyutping == "jan") return {{"yan", 90}, {"yun", 10}};
  if (jyutping == "ng" || jyutping == "m") return {{"ng", 100}};
  return {};
}

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

std::vector<Spelling> hong_kong(std::string_view jyutping) {
  std::vector<Spelling> out;
  const auto add = [&](std::string latin, double share) {
    const auto twin = std::ranges::find(out, latin, &Spelling::latin);
    if (twin == out.end()) out.push_back({std::move(latin), share});
    else twin->share += share;
  };
  for (const Spelt& one : customary_in_hong_kong(jyutping)) add(std::string(one.letters), one.percent / 100.0);
  if (!out.empty()) return out;
  static constexpr Sound kNone{"", {{{"", 100}}}};
  const Sound* initial = &kNone;
  for (const Sound& candidate : kHongKongInitials) {
    if (!jyutping.starts_with(candidate.jyutping)) continue;
    initial = &candidate;
    break;
  }
  const auto end = std::ranges::find(kHongKongFinals, jyutping.substr(initial->jyutping.size()), &Sound::jyutping);
  if (end == std::end(kHongKongFinals)) return out;
  for (const Spelt& first : initial->spelt) {
    for (const Spelt& last : end->spelt) {
      if (!first.percent || !last.percent) continue;
      const bool doubled_y = first.letters == "y" && last.letters.starts_with("y");
      add(std::string(first.letters) + std::string(doubled_y ? last.letters.substr(1) : last.letters),
          first.percent * last.percent / 1e4);
    }
  }
  std::ranges::sort(out, [](const Spelling& a, const Spelling& b) {
    return a.share != b.share ? a.share > b.share : a.latin < b.latin;
  });
  return out;
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
