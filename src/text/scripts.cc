#include "text/scripts.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "text/data.h"
#include "text/fold.h"
#include "text/lexicon.h"

namespace entraide::text {

namespace {

template <class Use>
void each_line(std::string_view text, Use use) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line.front() != '#') use(line);
  }
}

}  // namespace

Result<Scripts> Scripts::read() {
  Scripts out;
  const std::pair<Script, std::string_view> tables[] = {
      {Script::arabic, data::arabic()},
      {Script::hebrew, data::hebrew()},
      {Script::cyrillic, data::cyrillic()},
      {Script::hangul, data::hangul()},
      {Script::han, data::han()},
      {Script::kana, data::kana()},
      {Script::devanagari, data::devanagari()},
  };
  for (const auto& [script, table] : tables)
    out.romanisers_[static_cast<std::size_t>(script)] = TRY(Romaniser::read(table));
  out.east_asia_ = TRY(EastAsia::read());
  // One line a letter: the letter, a space, its Latin letters.
  bool good = true;
  each_line(data::letters(), [&](std::string_view line) {
    const std::size_t gap = line.find(' ');
    const std::u32string c = decode_utf8(line.substr(0, gap));
    good = good && gap != std::string_view::npos && c.size() == 1;
    if (good) out.letters_.emplace_back(c[0], line.substr(gap + 1));
  });
  if (!good || !std::ranges::is_sorted(out.letters_))
    return fail(Errc::internal, "text.table", "letters table: not one sorted letter a line");
  each_line(data::traditional(), [&](std::string_view line) {
    const std::u32string both = decode_utf8(line);
    good = good && both.size() == 3;
    if (good) out.traditional_.emplace_back(both[0], both[2]);
  });
  if (!good || !std::ranges::is_sorted(out.traditional_))
    return fail(Errc::internal, "text.table", "traditional characters: not one sorted pair a line");
  // The word, then spellings with their share in percent.
  const auto read_word = [&](std::string_view line, bool folded) {
    std::vector<Rendering> renderings;
    std::size_t gap = line.find(' ');
    const std::string_view word = line.substr(0, gap);
    while (gap != std::string_view::npos) {
      line.remove_prefix(gap + 1);
      gap = line.find(' ');
      const std::string_view cell = line.substr(0, gap);
      const std::size_t colon = cell.find(':');
      int percent = 0;
      if (colon != std::string_view::npos)
        std::from_chars(cell.data() + colon + 1, cell.data() + cell.size(), percent);
      good = good && percent > 0 && percent <= 100;
      if (good)
        renderings.push_back({std::string(cell.substr(0, colon)), std::log(static_cast<float>(percent) / 100)});
    }
    out.irregular_.put(folded ? word : fold_word(word), static_cast<std::uint32_t>(out.renderings_.size()));
    out.renderings_.push_back(std::move(renderings));
  };
  // A word is what the first table says of it; the trainer has folded what it wrote.
  each_line(data::ordinals(), [&](std::string_view line) { read_word(line, false); });
  for (const std::string_view table : {data::irregular(), data::irregular_foreign()})
    each_line(table, [&](std::string_view line) { read_word(line, true); });
  if (!good)
    return fail(Errc::internal, "text.table", "irregular words: a line needs a word and spellings with percents");
  return out;
}

std::span<const Rendering> Scripts::irregular(std::string_view word) const {
  const std::uint32_t at = irregular_.find(word);
  return at == WordTable::kNone ? std::span<const Rendering>() : renderings_[at];
}

char32_t Scripts::traditional(char32_t c) const {
  const auto at = std::ranges::lower_bound(traditional_, c, {}, &std::pair<char32_t, char32_t>::first);
  return at != traditional_.end() && at->first == c ? at->second : c;
}

std::string_view Scripts::letter(char32_t c) const {
  const auto at = std::ranges::lower_bound(letters_, c, {}, &std::pair<char32_t, std::string_view>::first);
  return at != letters_.end() && at->first == c ? at->second : std::string_view();
}

}  // namespace entraide::text
