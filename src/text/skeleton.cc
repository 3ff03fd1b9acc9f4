#include "text/skeleton.h"

namespace entraide::text {

namespace {

bool is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }

// The consonant that starts at `at`, as its strong letter ('\0' for none), and how many letters it takes.
char consonant(std::string_view s, std::size_t at, std::size_t& taken) {
  const char c = s[at];
  const char next = at + 1 < s.size() ? s[at + 1] : '\0';
  taken = 1;
  if (next == 'h') {
    taken = 2;
    switch (c) {
      case 's': return 'S';
      case 'c': return 'C';
      case 'k': return 'X';
      case 'g': return 'G';
      case 'z': return 'Z';
      case 'p': return 'f';
      case 't': return 't';
      case 'd': return 'd';
      case 'r': return 'r';
      case 'b': return 'b';
      case 'j': return 'j';
      default: taken = 1;
    }
  }
  if (c == 't' && next == 's') return taken = 2, 'C';
  if (c == 't' && s.substr(at).starts_with("tch")) return taken = 3, 'C';
  if (c == 't' && next == 'z') return taken = 2, 'C';
  if (c == 'c' && next == 'z') return taken = 2, 'C';
  if (c == 'd' && next == 'j') return taken = 2, 'j';
  if (c == 'd' && next == 'z') return taken = 2, 'z';
  if (c == 'c' && next == 'k') return taken = 2, 'k';
  if (c == 's' && s.substr(at).starts_with("sch")) return taken = 3, 'S';
  switch (c) {
    case 'c': return next == 'e' || next == 'i' || next == 'y' ? 's' : 'k';
    case 'q': return 'k';
    case 'w': return 'v';
    case 'x': return 'x';
    default: return c;
  }
}

char merged(char strong) {
  switch (strong) {
    case 'k':
    case 'g':
    case 'X':
    case 'G':
    case 'q':
    case 'x': return 'k';
    case 'z':
    case 's':
    case 'j':
    case 'S':
    case 'C':
    case 'Z': return 's';
    case 't':
    case 'd': return 't';
    case 'v':
    case 'b':
    case 'f':
    case 'p': return 'p';
    case 'h':
    case 'A':
    case 'y': return '\0';
    default: return strong;
  }
}

}  // namespace

void append_skeleton(std::string_view latin, bool weak, std::string& out) {
  const std::size_t start = out.size();
  char last = '\0';
  for (std::size_t at = 0; at < latin.size();) {
    const char c = latin[at];
    char letter = '\0';
    std::size_t taken = 1;
    if (is_vowel(c)) {
      if (at == 0) letter = 'A';
    } else if (c == 'y' || c == 'w') {
      // Between vowels and after consonants both stand for vowels as often as not.
      if (at == 0) letter = c == 'y' ? 'y' : 'v';
    } else if (c == 'h' && at + 1 == latin.size()) {
      letter = '\0';
    } else {
      letter = consonant(latin, at, taken);
    }
    at += taken;
    if (weak && letter) letter = merged(letter);
    if (!letter) {
      if (is_vowel(c)) last = '\0';  // a vowel between keeps two equal consonants apart
      continue;
    }
    if (letter == last) continue;
    out.push_back(letter);
    last = letter;
  }
  if (out.size() == start && !latin.empty()) out.push_back('A');
}

}  // namespace entraide::text
