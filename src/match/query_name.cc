#include "match/query_name.h"

#include <algorithm>

#include "match/collector.h"
#include "match/model.h"

namespace entraide::match {
namespace {

/// Whether a token is one letter of an alphabet.
bool is_letter(text::Script script, std::string_view letters) {
  switch (script) {
    case text::Script::latin: return letters.size() == 1 && letters[0] >= 'a' && letters[0] <= 'z';
    case text::Script::cyrillic:
    case text::Script::greek:
    case text::Script::arabic:
    case text::Script::hebrew:
    case text::Script::devanagari:
      return std::count_if(letters.begin(), letters.end(), [](char c) { return (c & 0xc0) != 0x80; }) == 1;
    default: return false;
  }
}

}  // namespace

QueryName query_name(const text::Analyser& analyser, const WrittenName& name, std::uint8_t source) {
  QueryName out;
  out.kind = name.kind;
  out.source = source;
  out.text = name.text;
  text::Name& read = analysed();
  analyser.analyse(name.text, text::Depth::query, read);
  const auto tokens = read.tokens();
  std::vector<std::uint8_t> kept(tokens.size() + 1);  // how many indexed tokens come before
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool keep = is_indexed(tokens[i]) && out.tokens.size() < kQueryTokensMax;
    kept[i + 1] = static_cast<std::uint8_t>(kept[i] + (keep ? 1 : 0));
    if (!keep) continue;
    out.tokens.push_back({.span = tokens[i].span,
                          .role = tokens[i].role,
                          .script = tokens[i].script,
                          .initial = is_letter(tokens[i].script, read.letters(tokens[i])),
                          .counts = counts(tokens[i].role)});
  }
  for (const text::Form& form : read.forms()) {
    if (form.size == 0 || form.size > 255 || std::size_t{form.first} + form.count > tokens.size()) continue;
    const unsigned first = kept[form.first], end = kept[form.first + form.count];
    if (first == end) continue;
    out.forms.push_back({form.kind, form.alphabet, static_cast<std::uint8_t>(first),
                         static_cast<std::uint8_t>(end - first), form.rank, form.of,
                         model::weight(static_cast<double>(form.log_probability)), std::string(read.letters(form))});
  }
  return out;
}

QueryName with_parts(const text::Analyser& analyser, const QueryName& name, std::size_t which,
                     std::span<const std::string> parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : " ") + part;
  const QueryName inside = query_name(analyser, {text, name.kind}, name.source);
  QueryName out;
  out.kind = name.kind;
  out.source = name.source;
  out.text = name.text;
  out.penalty = name.penalty + model::kSegmented;
  for (std::size_t i = 0; i < name.tokens.size(); ++i) {
    if (i != which) {
      out.tokens.push_back(name.tokens[i]);
      continue;
    }
    const text::Span whole = name.tokens[i].span;
    // Letters may have been folded: the share of the span is near enough to point at.
    const auto at = [&](std::uint32_t offset) {
      return whole.begin + static_cast<std::uint32_t>((whole.end - whole.begin) * offset / text.size());
    };
    for (QueryToken token : inside.tokens) {
      token.span = {at(token.span.begin), at(token.span.end)};
      out.tokens.push_back(token);
    }
  }
  out.cut = ((1u << inside.tokens.size()) - 1) << which;
  const int more = static_cast<int>(inside.tokens.size()) - 1;
  for (const QueryForm& form : name.forms) {
    if (form.first <= which && which < std::size_t{form.first} + form.count) continue;
    out.forms.push_back(form);
    if (form.first > which) out.forms.back().first = static_cast<std::uint8_t>(form.first + more);
  }
  for (const QueryForm& form : inside.forms) {
    out.forms.push_back(form);
    out.forms.back().first = static_cast<std::uint8_t>(form.first + which);
  }
  return out;
}

}  // namespace entraide::match
