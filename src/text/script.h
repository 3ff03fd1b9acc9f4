#pragma once

// Which script a code point belongs to, and the few facts about letters that every step needs.

#include "text/text.h"

namespace entraide::text {

/// What a code point does to a name: makes a letter, disappears, or ends a token.
enum class Kind : std::uint8_t {
  separator,   // space, punctuation, hyphen, symbols, control
  letter,
  digit,
  mark,        // belongs to the letter before it; kept or dropped by script
  silent,      // apostrophes, bidi and zero-width marks, tatweel: dropped, and do not end a token
  comma,       // a separator that may put the family name first
  opening,     // ( [ « " : what follows to the closing one is an aside
  closing,
  middle_dot,  // parts of foreign names in Chinese, Japanese and Korean
};

Kind kind_of(char32_t c);
/// Of a letter, digit or mark; marks without a script of their own are `other`.
Script script_of(char32_t c);

inline bool is_han(char32_t c) {
  return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x20000 && c <= 0x3134f) ||
         c == 0x3005 || c == 0x3007 || (c >= 0xf900 && c <= 0xfaff);
}
inline bool is_hangul(char32_t c) { return c >= 0xac00 && c <= 0xd7a3; }
inline bool is_kana(char32_t c) {
  return (c >= 0x3041 && c <= 0x309f) || (c >= 0x30a1 && c <= 0x30ff && c != 0x30fb);
}

}  // namespace entraide::text
