#pragma once

// What a rule says to a person, for programs that have no rulebook at hand: no network yet, a wrong passphrase, a damaged
// file. The words are those of the repository's rulebook, as the program was built with them.

#include <span>
#include <string>
#include <string_view>

namespace entraide::rulebook {

/// The words of `rule` ("box.passphrase") in `language`, with their {places} as they stand; empty where there are none.
std::string built_in_words(std::string_view language, std::string_view rule);

/// One file of the rulebook's words. This folder's affair.
struct WordsFile {
  std::string_view language;
  std::string_view text;  // JSON
};
std::span<const WordsFile> words_files();

}  // namespace entraide::rulebook
