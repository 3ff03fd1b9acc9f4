#pragma once

// One name of the person that is sought, thought over once: its tokens, the forms under which a record may have them.

#include <string>
#include <vector>

#include "match/match.h"

namespace entraide::match {

struct QueryToken {
  text::Span span;
  text::Role role = text::Role::unknown;
  text::Script script = text::Script::latin;
  bool initial = false;  // whether the token is nothing but a letter
  bool counts = true;  // whether it is missed where a record lacks it: not so particles and suffixes
  /// Whether its Latin spellings are guesses.
  bool guessed() const { return script != text::Script::latin && script != text::Script::digits; }
};

struct QueryForm {
  text::FormKind kind = text::FormKind::exact;
  text::Alphabet alphabet = text::Alphabet::latin;
  std::uint8_t first = 0, count = 1;  // of the query name's tokens
  std::uint8_t rank = 1, of = 1;
  Weight likeliness = 0;  // ln of its probability
  std::string letters;
};

struct QueryName {
  NameKind kind = NameKind::primary;
  std::uint8_t source = 0;  // which of the person's names
  std::string text;  // as written
  std::vector<QueryToken> tokens;
  std::vector<QueryForm> forms;
  Weight penalty = 0;  // for having been cut out of longer words
  std::uint32_t cut = 0;  // the tokens that were, as bits: all have to be met; 0: none
};

inline constexpr std::size_t kQueryTokensMax = 16;

QueryName query_name(const text::Analyser& analyser, const WrittenName& name, std::uint8_t source);
/// The same name with token `which` cut into `parts` (letters of the Latin alphabet); their spans divide its span.
QueryName with_parts(const text::Analyser& analyser, const QueryName& name, std::size_t which,
                     std::span<const std::string> parts);

/// Whether a token of this role is missed where the other name lacks it.
constexpr bool counts(text::Role role) {
  return role != text::Role::particle && role != text::Role::honorific && role != text::Role::suffix;
}

}  // namespace entraide::match
