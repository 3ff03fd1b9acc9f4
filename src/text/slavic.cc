#include "text/slavic.h"

#include <algorithm>

namespace entraide::text {

namespace {

constexpr std::size_t kLettersMin = 5;

bool is_vowel(char c) { return std::string_view("aeiouyj").contains(c); }

bool is_slavic(std::string_view latin) {
  constexpr std::string_view kEndings[] = {"ov",   "ev",    "ou",    "au",   "eu",   "ova",  "eva", "ava",  "vich",
                                           "vych", "vna",   "auna",  "ouna", "euna", "sky",  "ski", "skii", "skiy",
                                           "skyi", "skaya", "skaia", "enko", "enka", "anka", "yuk", "iuk",  "chuk"};
  return latin.size() >= kLettersMin &&
         std::ranges::any_of(kEndings, [&](std::string_view ending) { return latin.ends_with(ending); });
}

// The consonant that begins at `at`, and how many letters it takes.
char consonant(std::string_view latin, std::size_t at, std::size_t& taken) {
  const std::string_view rest = latin.substr(at);
  const auto two = [&](std::string_view letters, char one) {
    if (!rest.starts_with(letters)) return false;
    taken = letters.size();
    return one != '\0';
  };
  if (two("shch", 'S')) return 'S';
  if (two("sh", 'S')) return 'S';
  if (two("ch", 'C')) return 'C';
  if (two("zh", 'Z')) return 'Z';
  if (two("kh", 'X')) return 'X';
  if (two("dz", 'd')) return 'd';
  if (two("ts", 't')) return 't';
  taken = 1;
  switch (rest[0]) {
    case 'h': return 'g';
    case 'w': return 'v';
    case 'q':
    case 'c': return 'k';
    default: return rest[0];
  }
}

}  // namespace

bool append_slavic_spelling(std::string_view latin, std::string& out) {
  if (!is_slavic(latin)) return false;
  constexpr char kVowel = 'a';
  const std::size_t start = out.size();
  const auto put = [&](char letter) {
    if (out.size() == start || out.back() != letter) out.push_back(letter);
  };
  for (std::size_t at = 0; at < latin.size();) {
    const char c = latin[at];
    std::size_t taken = 1;
    if (c == 'u' && at > 0 && std::string_view("aeo").contains(latin[at - 1]) &&
        (at + 1 == latin.size() || !is_vowel(latin[at + 1]))) {
      put('v');
    } else if (is_vowel(c)) {
      put(kVowel);
    } else {
      put(consonant(latin, at, taken));
    }
    at += taken;
  }
  return true;
}

}  // namespace entraide::text
