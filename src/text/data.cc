#include "text/data.h"

// The assembler copies each file into the program as it is.
#define ENTRAIDE_TABLE(name, file)                                                                                \
  __asm__(".pushsection .rodata\n.balign 16\n.hidden entraide_text_" #name "\n.global entraide_text_" #name       \
          "\nentraide_text_" #name ":\n.incbin \"" ENTRAIDE_TEXT_DATA "/" file "\"\n.hidden entraide_text_" #name \
          "_end\n.global entraide_text_" #name "_end\nentraide_text_" #name "_end:\n.byte 0\n.popsection\n");     \
  extern "C" {                                                                                                    \
  extern const char entraide_text_##name[];                                                                       \
  extern const char entraide_text_##name##_end[];                                                                 \
  }                                                                                                               \
  std::string_view entraide::text::data::name() {                                                                 \
    return {entraide_text_##name, static_cast<std::size_t>(entraide_text_##name##_end - entraide_text_##name)};   \
  }

ENTRAIDE_TABLE(words, "words.txt")
ENTRAIDE_TABLE(nicknames, "nicknames.txt")
ENTRAIDE_TABLE(spellings, "spellings.txt")
ENTRAIDE_TABLE(variants, "variants.txt")
ENTRAIDE_TABLE(irregular, "irregular.txt")
ENTRAIDE_TABLE(irregular_foreign, "irregular_foreign.txt")
ENTRAIDE_TABLE(ordinals, "ordinals.txt")
ENTRAIDE_TABLE(letters, "letters.txt")
ENTRAIDE_TABLE(traditional, "traditional.txt")
ENTRAIDE_TABLE(arabic, "arabic.tbl")
ENTRAIDE_TABLE(hebrew, "hebrew.tbl")
ENTRAIDE_TABLE(cyrillic, "cyrillic.tbl")
ENTRAIDE_TABLE(hangul, "hangul.tbl")
ENTRAIDE_TABLE(han, "han.tbl")
ENTRAIDE_TABLE(han_sounds, "han_sounds.tbl")
ENTRAIDE_TABLE(kana, "kana.tbl")
ENTRAIDE_TABLE(devanagari, "devanagari.tbl")
ENTRAIDE_TABLE(korean, "korean.tbl")
ENTRAIDE_TABLE(japanese_family, "japanese_family.tbl")
ENTRAIDE_TABLE(japanese_given, "japanese_given.tbl")
ENTRAIDE_TABLE(japanese_single, "japanese_single.txt")
ENTRAIDE_TABLE(japanese_families, "japanese_families.txt")
ENTRAIDE_TABLE(japanese_givens, "japanese_givens.txt")
ENTRAIDE_TABLE(old_forms, "old_forms.txt")
ENTRAIDE_TABLE(hanzi, "hanzi.txt")
ENTRAIDE_TABLE(surnames, "surnames.txt")

namespace entraide::text::data {

std::uint64_t digest() {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const std::string_view table : {words(),           nicknames(),
                                       spellings(),       variants(),
                                       irregular(),       irregular_foreign(),
                                       ordinals(),        letters(),
                                       traditional(),     arabic(),
                                       hebrew(),          cyrillic(),
                                       hangul(),          han(),
                                       han_sounds(),      kana(),
                                       devanagari(),      korean(),
                                       japanese_family(), japanese_given(),
                                       japanese_single(), japanese_families(),
                                       japanese_givens(), old_forms(),
                                       hanzi(),           surnames()})
    for (const char c : table) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

}  // namespace entraide::text::data
