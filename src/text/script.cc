#include "text/script.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

namespace entraide::text {

Kind kind_of(char32_t c) {
  if (c < 0x80) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return Kind::letter;
    if (c >= '0' && c <= '9') return Kind::digit;
    switch (c) {
      case '\'':
      case '`': return Kind::silent;
      case ',':
      case ';': return Kind::comma;
      case '(':
      case '[':
      case '{': return Kind::opening;
      case ')':
      case ']':
      case '}': return Kind::closing;
      default: return Kind::separator;
    }
  }
  switch (c) {
    case 0x2018:
    case 0x2019:
    case 0x201a:
    case 0x201b:
    case 0x2032:
    case 0x00b4:
    case 0x02bb:
    case 0x02bc:
    case 0x02bd:
    case 0x02be:
    case 0x02bf:
    case 0x02b9:
    case 0x02c8:
    case 0x05f3:
    case 0x05f4:
    case 0x0640:
    case 0xa78c:
    case 0xff07: return Kind::silent;
    case 0x060c:
    case 0x061b:
    case 0x3001:
    case 0xff0c: return Kind::comma;
    case 0x00ab:
    case 0x3010:
    case 0x300c:
    case 0xff08: return Kind::opening;
    case 0x00bb:
    case 0x3011:
    case 0x300d:
    case 0xff09: return Kind::closing;
    case 0x00b7:
    case 0x2027:
    case 0x2022:
    case 0x30fb:
    case 0xff65:
    case 0x22c5:
    case 0x2219:
    case 0x0387: return Kind::middle_dot;
    case 0x30fc: return Kind::letter;  // the kana length mark is a letter of the token
    case 0x3005:
    case 0x3007: return Kind::letter;
    default: break;
  }
  switch (u_charType(static_cast<UChar32>(c))) {
    case U_UPPERCASE_LETTER:
    case U_LOWERCASE_LETTER:
    case U_TITLECASE_LETTER:
    case U_OTHER_LETTER:
    case U_LETTER_NUMBER: return Kind::letter;
    case U_MODIFIER_LETTER: return Kind::silent;
    case U_DECIMAL_DIGIT_NUMBER: return Kind::digit;
    case U_NON_SPACING_MARK:
    case U_COMBINING_SPACING_MARK: return Kind::mark;
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR: return Kind::silent;
    default: return Kind::separator;
  }
}

Script script_of(char32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9' ? Script::digits : Script::latin;
  if (c >= 0x400 && c < 0x530) return Script::cyrillic;
  if (c >= 0x600 && c < 0x700) return c >= 0x660 && c <= 0x669 ? Script::digits : Script::arabic;
  if (is_han(c)) return Script::han;
  if (is_hangul(c)) return Script::hangul;
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(static_cast<UChar32>(c), &status)) {
    case USCRIPT_LATIN: return Script::latin;
    case USCRIPT_CYRILLIC: return Script::cyrillic;
    case USCRIPT_GREEK: return Script::greek;
    case USCRIPT_ARABIC: return Script::arabic;
    case USCRIPT_HEBREW: return Script::hebrew;
    case USCRIPT_DEVANAGARI: return Script::devanagari;
    case USCRIPT_HANGUL: return Script::hangul;
    case USCRIPT_HAN: return Script::han;
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_KATAKANA_OR_HIRAGANA: return Script::kana;
    case USCRIPT_THAI: return Script::thai;
    case USCRIPT_COMMON:
    case USCRIPT_INHERITED:
      if (c == 0x30fc) return Script::kana;
      return u_charDigitValue(static_cast<UChar32>(c)) >= 0 ? Script::digits : Script::other;
    default: return Script::other;
  }
}

}  // namespace entraide::text
