#pragma once

// From bytes to letters: every letter folded, marks dropped where they carry nothing, and for each letter the bytes
// of the original that it came from.

#include "text/script.h"

namespace entraide::text {

/// One folded letter, or a boundary between tokens.
struct Letter {
  char32_t c = 0;
  Kind kind = Kind::separator;
  char after = '\0';  // what some write after it: ue for u-umlaut, oe, ae; aa for a with a ring
  Script script = Script::other;
  Span span;
};

/// Folds `name` into `out` (cleared first): NFKC, case folding, bidi and zero-width marks and apostrophes gone, Latin
/// letters spelt in a to z, Arabic and Hebrew without vowel points, Hebrew letters with a geresh as one. Hamza carriers, Persian letters and the marks of
/// Indic scripts stay: the romaniser wants them, `canonical_letter` takes them away. Bytes that are not UTF-8 are a
/// separator. Reads at most `kNameBytesMax` bytes; says whether it left any out.
bool fold_letters(std::string_view name, std::vector<Letter>& out);

/// Hebrew letters that a geresh gives another sound (gimel: j) are letters of their own to the romaniser: in the private
/// use area, where no written letter is. Other letters are given back as they are.
inline constexpr char32_t kGeresh = 0xe000;
char32_t with_geresh(char32_t c);
char32_t without_geresh(char32_t c);

/// The letter under which spellings of one script meet: hamza carriers as alif, Persian and Urdu letters as their
/// Arabic ones, Cyrillic yo as ye. 0 where the letter is dropped (nukta).
char32_t canonical_letter(char32_t c);

void append_utf8(std::string& to, char32_t c);
/// The code points of well-formed UTF-8.
void decode_utf8(std::string_view text, std::u32string& out);
std::u32string decode_utf8(std::string_view text);

}  // namespace entraide::text
