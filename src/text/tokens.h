#pragma once

// Letters to tokens: where a name is cut, and what the writing itself says of each part.

#include "text/fold.h"

namespace entraide::text {

/// A token before anything is known of it: a run of letters of one script.
struct RawToken {
  Span span;
  Script script = Script::latin;
  std::uint32_t begin = 0, end = 0;  // its letters in RawTokens::letters
  bool joined = false;      // a hyphen, full stop or nothing, not a space, keeps it from the token before
  bool after_comma = false; // the first token after a comma
  bool upper = false;       // written in capitals throughout
  bool aside = false;       // inside brackets
  bool dotted = false;      // a middle dot is beside it: part of a foreign name in East Asian writing
};

struct RawTokens {
  std::vector<RawToken> tokens;
  std::string after;         // of each letter: what some write after it, or NUL
  std::vector<Span> spans;  // of each letter
  std::u32string letters;  // folded, not yet canonical: the romaniser wants hamza and nukta
  bool truncated = false;
};

/// Cuts at separators and where the script changes; a Latin letter inside a Cyrillic or Greek token, or the other way
/// round, is taken for the letter that it looks like. Keeps to `kTokensMax` and `kTokenLettersMax`.
void cut_tokens(std::string_view name, const std::vector<Letter>& letters, RawTokens& out);

}  // namespace entraide::text
