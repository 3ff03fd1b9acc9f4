#include "text/sounds.h"

namespace entraide::text {

namespace {

char vowel(char c) {
  switch (c) {
    case 'a': return 'a';
    case 'e':
    case 'i':
    case 'y': return 'i';
    case 'o':
    case 'u': return 'u';
    default: return '\0';
  }
}

// The consonant that begins at `at`, and how many letters it takes.
char consonant(std::string_view latin, std::size_t at, std::size_t& taken) {
  const std::string_view rest = latin.substr(at);
  const char c = rest[0], next = rest.size() > 1 ? rest[1] : '\0';
  taken = 1;
  if (rest.starts_with("sch")) return taken = 3, 'S';
  if (rest.starts_with("tch") || rest.starts_with("tsch")) return taken = rest[1] == 's' ? 4 : 3, 'C';
  if (next == 'h') {
    taken = 2;
    switch (c) {
      case 's': return 'S';
      case 'c': return 'C';
      case 'k': return 'h';
      case 'g': return 'g';
      case 'z': return 'j';
      case 'p': return 'f';
      case 't': return 't';
      case 'd': return 'd';
      case 'r': return 'r';
      default: taken = 1;
    }
  }
  if (c == 't' && (next == 's' || next == 'z')) return taken = 2, 'c';
  if (c == 'd' && next == 'j') return taken = 2, 'j';
  if (c == 'c' && next == 'k') return taken = 2, 'k';
  switch (c) {
    case 'c': return next == 'e' || next == 'i' || next == 'y' ? 's' : 'k';
    case 'q': return 'k';
    case 'w': return 'v';
    default: return c;
  }
}

}  // namespace

void append_sounds(std::string_view latin, std::string& out) {
  char last = '\0';
  for (std::size_t at = 0; at < latin.size();) {
    std::size_t taken = 1;
    char sound = vowel(latin[at]);
    // A final h is breath.
    if (sound == '\0' && !(latin[at] == 'h' && at + 1 == latin.size())) sound = consonant(latin, at, taken);
    at += taken;
    if (sound == '\0' || sound == last) continue;
    // Of several vowels in a row the first counts, but "ou" is one sound with u, and "ai" and "ei" one with i.
    if (vowel(sound) != '\0' && last != '\0' && vowel(last) != '\0' && !out.empty()) {
      if (sound == 'a') continue;
      out.back() = last = sound;
      continue;
    }
    out.push_back(sound);
    last = sound;
  }
}

}  // namespace entraide::text
