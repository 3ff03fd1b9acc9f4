#pragma once

// The tables that are compiled into the program, byte for byte as the repository has them.

#include <string_view>

namespace entraide::text::data {

std::string_view words();      // data/words.txt
std::string_view nicknames();  // data/nicknames.txt
std::string_view spellings();  // data/spellings.txt
std::string_view variants();   // data/variants.txt
std::string_view irregular();  // data/irregular.txt
std::string_view irregular_foreign();  // data/irregular_foreign.txt: in Hebrew letters and Hangul
std::string_view ordinals();   // data/ordinals.txt
std::string_view letters();    // data/letters.txt
std::string_view traditional();  // data/traditional.txt
std::string_view arabic();     // data/arabic.tbl, and so on: what the trainer made
std::string_view hebrew();
std::string_view cyrillic();
std::string_view hangul();
std::string_view han();
std::string_view han_sounds();
std::string_view kana();
std::string_view devanagari();
std::string_view korean();           // personal names of Koreans
std::string_view japanese_family();  // kanji
std::string_view japanese_given();
std::string_view japanese_single();  // given names of one character
std::string_view japanese_families();  // readings that the tables above do not give early
std::string_view japanese_givens();
std::string_view old_forms();        // data/old_forms.txt
std::string_view hanzi();            // data/hanzi.txt
std::string_view surnames();         // data/surnames.txt

/// FNV-1a over all of them, in the order above.
std::uint64_t digest();

}  // namespace entraide::text::data
