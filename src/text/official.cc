#include "text/official.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace entraide::text {

namespace {

struct Letter {
  char32_t letter;
  std::string_view latin;
};

// What all systems agree on.
constexpr Letter kCommon[] = {
    {U'а', "a"},  {U'б', "b"},    {U'в', "v"}, {U'г', "g"},  {U'д', "d"}, {U'е', "e"},  {U'ж', "zh"}, {U'з', "z"},
    {U'и', "i"},  {U'й', "i"},    {U'к', "k"}, {U'л', "l"},  {U'м', "m"}, {U'н', "n"},  {U'о', "o"},  {U'п', "p"},
    {U'р', "r"},  {U'с', "s"},    {U'т', "t"}, {U'у', "u"},  {U'ф', "f"}, {U'х', "kh"}, {U'ц', "ts"}, {U'ч', "ch"},
    {U'ш', "sh"}, {U'щ', "shch"}, {U'ъ', ""},  {U'ы', "y"},  {U'ь', ""},  {U'э', "e"},  {U'ю', "iu"}, {U'я', "ia"},
    {U'ё', "e"},  {U'і', "i"},    {U'ї', "i"}, {U'є', "ie"}, {U'ґ', "g"}, {U'ў', "u"}};

enum Language : unsigned { kRussian = 1, kUkrainian = 2, kBelarusian = 4 };

struct System {
  unsigned language;
  float share;  // among the systems of its language
  // Instead of the above, anywhere; and at the beginning of a word or after a vowel or sign.
  std::array<Letter, 6> other;
  std::array<Letter, 6> first;
  std::string_view ending;  // -ий and -ый
};

constexpr System kSystems[] = {
    {kRussian, 0.35F, {}, {}, "ii"},  // ICAO
    {kRussian, 0.35F, {{{U'ю', "yu"}, {U'я', "ya"}, {U'й', "y"}}}, {{{U'е', "ye"}, {U'ё', "yo"}}}, "iy"},  // BGN
    {kRussian, 0.3F, {{{U'ю', "yu"}, {U'я', "ya"}, {U'й', "y"}, {U'ё', "yo"}}}, {}, "y"},
    {kUkrainian,
     0.7F,
     {{{U'г', "h"}, {U'и', "y"}}},
     {{{U'є', "ye"}, {U'ї', "yi"}, {U'й', "y"}, {U'ю', "yu"}, {U'я', "ya"}}},
     "yi"},
    {kUkrainian, 0.3F, {{{U'г', "h"}, {U'и', "y"}, {U'й', "y"}, {U'ю', "yu"}, {U'я', "ya"}, {U'є', "ye"}}}, {}, "yy"},
    {kBelarusian, 0.6F, {{{U'г', "h"}, {U'е', "e"}, {U'ё', "io"}}}, {{{U'е', "ie"}}}, "i"},
    {kBelarusian,
     0.4F,
     {{{U'г', "h"}, {U'й', "y"}, {U'ю', "yu"}, {U'я', "ya"}, {U'ё', "yo"}}},
     {{{U'е', "ye"}}},
     "y"},
};

bool has(std::u32string_view letters, std::u32string_view any) { return letters.find_first_of(any) != letters.npos; }

const std::string_view* find(const auto& in, char32_t letter) {
  const auto at = std::ranges::find(in, letter, &Letter::letter);
  return at == std::end(in) || letter == 0 ? nullptr : &at->latin;
}

std::string spelt_by(const System& system, std::u32string_view letters) {
  std::string latin;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const char32_t c = letters[i];
    const bool ends = i + 2 == letters.size() && (c == U'и' || c == U'ы') && letters[i + 1] == U'й';
    if (ends && letters.size() > 4) return latin += system.ending;
    const bool apart = i == 0 || has(letters.substr(i - 1, 1), U"аеиоуыэюяёіїєьъ");
    const std::string_view* spelt = apart ? find(system.first, c) : nullptr;
    if (spelt == nullptr) spelt = find(system.other, c);
    if (spelt == nullptr) spelt = find(kCommon, c);
    latin += *spelt;
  }
  return latin;
}

constexpr float kAbroad = 0.08F;  // of Russian words, the share that are names of Belarusians
constexpr std::u32string_view kVowels = U"аеёиоуыэюя";

// A Russian word as Belarusian spelling has it, as far as letters tell: o and e are written as they sound where the stress is
// elsewhere, v behind a vowel is short u, t and d are soft before soft vowels. `stressed`: the o before that short u.
std::u32string in_belarusian(std::u32string_view russian, bool stressed) {
  constexpr std::u32string_view kHard = U"жшчщрц";
  const auto vowels = std::ranges::count_if(russian, [](char32_t c) { return has({&c, 1}, kVowels); });
  std::u32string out;
  bool first = true;  // vowel
  for (std::size_t i = 0; i < russian.size(); ++i) {
    const char32_t c = russian[i];
    const std::u32string_view before = russian.substr(i - (i > 0 ? 1 : 0), i > 0 ? 1 : 0),
                              after = russian.substr(i + 1, 1);
    const bool hard = has(before, kHard), vowel = has({&c, 1}, kVowels);
    const bool short_u = c == U'в' && has(before, kVowels) && !has(after, kVowels) && !has(after, U"ь");
    const bool before_short_u = after == U"в" && !has(russian.substr(i + 2, 1), kVowels);
    switch (c) {
      case U'и':
        if (i + 2 == russian.size() && after == U"й") return out += hard ? U"ы" : U"і";
        out += hard ? U'ы' : U'і';
        break;
      case U'ы':
        out += U'ы';
        if (i + 2 == russian.size() && after == U"й") return out;
        break;
      case U'о': out += vowels > 1 && !(before_short_u && stressed) ? U'а' : U'о'; break;
      case U'ё': out += hard ? U'о' : U'ё'; break;
      case U'е': out += before == U"ц" ? U'э' : first && hard ? U'а' : first && vowels == 2 ? U'я' : U'е'; break;
      case U'т': out += has(after, U"еёиюяь") ? U'ц' : U'т'; break;
      case U'д': out += has(after, U"еёиюяь") ? U"дз" : U"д"; break;
      case U'щ': out += U"шч"; break;
      default: out += short_u ? U'ў' : c;
    }
    first = first && !vowel;
  }
  return out;
}

}  // namespace

void official_spellings(std::u32string_view letters, std::vector<Rendering>& out) {
  out.clear();
  if (letters.size() < 2) return;
  for (const char32_t c : letters)
    if (find(kCommon, c) == nullptr) return;
  // Letters that only some of the languages have.
  unsigned languages = kRussian | kUkrainian | kBelarusian;
  if (has(letters, U"їєґ")) languages &= kUkrainian;
  if (has(letters, U"ў")) languages &= kBelarusian;
  if (has(letters, U"і")) languages &= kUkrainian | kBelarusian;
  if (has(letters, U"ыэё")) languages &= kRussian | kBelarusian;
  if (has(letters, U"ищъ")) languages &= kRussian | kUkrainian;
  if (has(letters, U"ъ")) languages &= kRussian;
  const auto part = [&](unsigned language) {
    if ((languages & language) == 0) return 0.0F;
    if (languages == language) return 1.0F;
    return language == kRussian ? 0.75F : (languages & kRussian) == 0 ? 0.5F : languages == 7 ? 0.125F : 0.25F;
  };
  // Of nothing but soft signs a table leaves nothing.
  const auto add = [&](const System& system, std::u32string_view spelt, float share) {
    if (std::string latin = spelt_by(system, spelt); !latin.empty() && share > 0)
      merge_rendering(out, std::move(latin), std::log(share));
  };
  for (const System& system : kSystems) add(system, letters, part(system.language) * system.share);
  // Whom the Russians write by their rules Belarus writes by its own.
  if ((languages & kRussian) == 0 || has(letters, U"ъэ") || letters.size() < 4) return;
  for (Rendering& rendering : out) rendering.log_probability += std::log(1 - kAbroad);
  for (const bool stressed : {true, false})
    for (const System& system : kSystems)
      if (system.language == kBelarusian) add(system, in_belarusian(letters, stressed), kAbroad / 2 * system.share);
}

void consonants_of_arabic(std::u32string_view letters, std::vector<std::string>& out) {
  // As in Arabic; as in Persian and Urdu, where it differs.
  struct Consonant {
    char32_t letter;
    std::string_view arabic, persian;
  };
  constexpr Consonant kConsonants[] = {
      {U'ا', "a", ""},   {U'أ', "a", ""},  {U'إ', "i", ""},  {U'آ', "a", ""},  {U'ٱ', "a", ""},  {U'ء', "", ""},
      {U'ؤ', "", ""},    {U'ئ', "", ""},   {U'ب', "b", ""},  {U'پ', "p", ""},  {U'ت', "t", ""},  {U'ث', "th", "s"},
      {U'ج', "j", ""},   {U'چ', "ch", ""}, {U'ح', "h", ""},  {U'خ', "kh", ""}, {U'د', "d", ""},  {U'ذ', "dh", "z"},
      {U'ر', "r", ""},   {U'ز', "z", ""},  {U'ژ', "zh", ""}, {U'س', "s", ""},  {U'ش', "sh", ""}, {U'ص', "s", ""},
      {U'ض', "d", "z"},  {U'ط', "t", ""},  {U'ظ', "z", ""},  {U'ع', "a", ""},  {U'غ', "gh", ""}, {U'ف', "f", ""},
      {U'ق', "q", "gh"}, {U'ك', "k", ""},  {U'ک', "k", ""},  {U'گ', "g", ""},  {U'ل', "l", ""},  {U'م', "m", ""},
      {U'ن', "n", ""},   {U'ه', "h", ""},  {U'ة', "a", ""},  {U'و', "v", ""},  {U'ي', "i", ""},  {U'ی', "i", ""},
      {U'ى', "a", ""},   {U'ڤ', "v", ""},  {U'ڨ', "g", ""},  {U'ٹ', "t", ""},  {U'ڈ', "d", ""},  {U'ڑ', "r", ""},
      {U'ے', "e", ""},   {U'ں', "n", ""},  {U'ھ', "h", ""},  {U'ہ', "h", ""},  {U'ۀ', "h", ""},  {U'ټ', "t", ""},
      {U'ډ', "d", ""},   {U'ړ', "r", ""},  {U'ښ', "sh", ""}, {U'ځ', "z", ""},  {U'څ', "ts", ""}, {U'ګ', "g", ""}};
  out.clear();
  const bool has_waw = letters.size() > 1 && letters.substr(1).find(U'و') != letters.npos;
  for (const bool persian : {false, true})
    for (const bool silent : {false, true}) {
      if (silent && !has_waw) continue;
      std::string latin;
      for (std::size_t i = 0; i < letters.size(); ++i) {
        const auto at = std::ranges::find(kConsonants, letters[i], &Consonant::letter);
        if (at == std::end(kConsonants)) return out.clear();
        if (letters[i] == U'و' && silent && i > 0) latin += 'u';
        else if (letters[i] == U'ي' || letters[i] == U'ی') latin += i == 0 ? 'y' : 'i';
        else latin += persian && !at->persian.empty() ? at->persian : at->arabic;
      }
      if (std::ranges::find(out, latin) == out.end()) out.push_back(std::move(latin));
    }
}

}  // namespace entraide::text
