#pragma once

// Reads the pairs of names that a romaniser is trained from, and keeps to the sources whose licence lets us ship it.

#include "text/text.h"
#include "text/train/rows.h"
#include "text/train/train.h"

namespace entraide::train {

/// CC0 and Apache-2.0: name lists taken from Wikidata and from Google's ar2en.
bool may_be_shipped(std::string_view source);

struct Corpus {
  std::vector<Pair> pairs;
};
/// Token pairs of one script, and the tokens of full names that pair off one to one.
struct Wanted {
  std::string_view table;                    // the name of the table that is made
  std::vector<std::string_view> codes;       // ISO 15924, as the data have them
  std::vector<std::string_view> sources;     // prefixes
};
Result<Corpus> read_pairs(const std::string& folder, const Wanted& wanted);

/// Native letters as the romaniser sees them; empty when the text is not of one word.
std::u32string units_of(std::string_view word);
/// Latin letters a to z only; empty when the word has anything else.
std::string latin_of(std::string_view word);
/// The words of a whole name: a space or a middle dot stands between.
std::vector<std::string_view> words_of(std::string_view name);

}  // namespace entraide::train
