#include "text/tokens.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace entraide::text {

namespace {

// Pairs that look alike, lower case: Latin, Cyrillic.
constexpr std::pair<char32_t, char32_t> kLookalikes[] = {
    {'a', 0x430}, {'e', 0x435}, {'o', 0x43e}, {'p', 0x440}, {'c', 0x441}, {'x', 0x445}, {'y', 0x443}, {'i', 0x456},
    {'j', 0x458}, {'s', 0x455}, {'k', 0x43a}, {'m', 0x43c}, {'t', 0x442}, {'h', 0x43d}, {'b', 0x432}};

char32_t lookalike(char32_t c, Script wanted) {
  for (const auto& [latin, cyrillic] : kLookalikes) {
    if (wanted == Script::cyrillic && c == latin) return cyrillic;
    if (wanted == Script::latin && c == cyrillic) return latin;
  }
  return 0;
}

// Whether every letter of the bytes is a capital, and there are two at least.
bool in_capitals(std::string_view bytes) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const std::int32_t size = static_cast<std::int32_t>(bytes.size());
  int capitals = 0;
  for (std::int32_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT(data, at, size, c);
    if (c < 0 || u_islower(c)) return false;
    if (u_isupper(c)) ++capitals;
  }
  return capitals >= 2;
}

// A digit goes with whatever it touches; kanji and kana make up one Japanese name.
bool one_token(Script a, Script b) {
  const bool japanese = (a == Script::han && b == Script::kana) || (a == Script::kana && b == Script::han);
  return a == b || a == Script::digits || b == Script::digits || japanese;
}

}  // namespace

void cut_tokens(std::string_view name, const std::vector<Letter>& letters, RawTokens& out) {
  out.tokens.clear();
  out.letters.clear();
  out.spans.clear();
  out.after.clear();
  int depth = 0;
  bool comma = false, space = true, dot = false;
  const std::size_t size = letters.size();
  for (std::size_t at = 0; at < size;) {
    const Letter& first = letters[at];
    if (first.kind != Kind::letter && first.kind != Kind::digit) {
      switch (first.kind) {
        case Kind::comma:
          comma = true;
          space = true;
          break;
        case Kind::opening:
          ++depth;
          space = true;
          break;
        case Kind::closing:
          depth = std::max(0, depth - 1);
          space = true;
          break;
        case Kind::middle_dot:
          dot = true;
          if (!out.tokens.empty()) out.tokens.back().dotted = true;
          space = true;
          break;
        default:
          space = space || first.c == ' ' || first.c == '\t' || first.c == '/' || first.c == '_' || first.c > 0x7f;
      }
      ++at;
      continue;
    }
    // A run of letters and digits; where scripts mix, decide whether a stranger is a lookalike.
    std::size_t end = at;
    std::size_t latin = 0, cyrillic = 0, only_latin = 0, only_cyrillic = 0;
    while (end < size && (letters[end].kind == Kind::letter || letters[end].kind == Kind::digit)) {
      latin += letters[end].script == Script::latin;
      cyrillic += letters[end].script == Script::cyrillic;
      only_latin += letters[end].script == Script::latin && !lookalike(letters[end].c, Script::cyrillic);
      only_cyrillic += letters[end].script == Script::cyrillic && !lookalike(letters[end].c, Script::latin);
      ++end;
    }
    // Letters that exist in one script only decide; two real scripts in one run are two tokens.
    const bool mixed = latin && cyrillic && !(only_latin && only_cyrillic);
    const Script wanted = only_cyrillic || (!only_latin && cyrillic >= latin) ? Script::cyrillic : Script::latin;
    bool first_of_run = true;
    while (at < end) {
      if (out.tokens.size() == kTokensMax) {
        out.truncated = true;
        return;
      }
      RawToken token{.begin = static_cast<std::uint32_t>(out.letters.size()),
                     .joined = !first_of_run || (!space && !out.tokens.empty()),
                     .after_comma = comma && !out.tokens.empty() && first_of_run,
                     .aside = depth > 0,
                     .dotted = dot && first_of_run};
      token.script = letters[at].script;
      token.span = letters[at].span;
      std::size_t taken = 0;
      for (; at < end; ++at) {
        const Letter& letter = letters[at];
        Script script = letter.script;
        char32_t c = letter.c;
        if (mixed && (script == Script::latin || script == Script::cyrillic) && script != wanted) {
          if (const char32_t twin = lookalike(c, wanted)) {
            c = twin;
            script = wanted;
          }
        }
        if (taken == 0) token.script = script;
        if (taken && !one_token(token.script, script)) break;
        if (token.script == Script::digits || (token.script == Script::kana && script == Script::han))
          token.script = script;
        token.span.end = std::max(token.span.end, letter.span.end);
        if (taken++ < kTokenLettersMax) {
          out.letters.push_back(c);
          out.spans.push_back(letter.span);
          out.after.push_back(letter.after);
        } else {
          out.truncated = true;
        }
      }
      token.end = static_cast<std::uint32_t>(out.letters.size());
      token.upper = in_capitals(name.substr(token.span.begin, token.span.end - token.span.begin));
      out.tokens.push_back(token);
      first_of_run = false;
      comma = space = dot = false;
    }
    space = false;
  }
}

}  // namespace entraide::text
