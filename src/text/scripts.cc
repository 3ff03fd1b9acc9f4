#include "text/scripts.h"

#include <algorithm>

#include "text/data.h"
#include "text/fold.h"

namespace entraide::text {

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
  std::string_view rest = data::letters();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t gap = line.find(' ');
    if (line.empty() || line.front() == '#' || gap == std::string_view::npos) continue;
    const std::u32string c = decode_utf8(line.substr(0, gap));
    if (c.size() != 1) return fail(Errc::internal, "text.table", "letters table: a line needs one letter first");
    out.letters_.emplace_back(c[0], line.substr(gap + 1));
  }
  if (!std::ranges::is_sorted(out.letters_)) return fail(Errc::internal, "text.table", "letters table: not sorted");
  return out;
}

std::string_view Scripts::letter(char32_t c) const {
  const auto at = std::ranges::lower_bound(letters_, c, {}, &std::pair<char32_t, std::string_view>::first);
  return at != letters_.end() && at->first == c ? at->second : std::string_view();
}

}  // namespace entraide::text
