#pragma once

// The small grammar that header fields share (RFC 9110 section 5.6). Inside this folder only.

#include <algorithm>
#include <string_view>

namespace entraide::net {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// Equal but for the case of ASCII letters.
constexpr bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

/// Without blanks and tabs at either end.
constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Calls `each(item)` for the trimmed, non-empty items of a list that commas separate. Not for lists with quotes.
template <class Each>
void for_each_item(std::string_view list, Each each) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::string_view item = trimmed(list.substr(0, end));
    if (!item.empty()) each(item);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
}

/// A quality value (RFC 9110 section 12.4.2) in thousandths; 0 where it does not read.
constexpr int weight_of(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return 0;
  int out = (text[0] - '0') * 1000;
  if (text.size() > 1 && text[1] != '.') return 0;
  int scale = 100;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (c < '0' || c > '9') return 0;
    out += (c - '0') * scale;
    scale /= 10;
  }
  return std::min(out, 1000);
}

/// Calls `each(name, thousandths)` for the items of a list with weights: "fr-CH, en;q=0.8".
template <class Each>
void for_each_weighted(std::string_view list, Each each) {
  for_each_item(list, [&](std::string_view item) {
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    const std::string_view name = trimmed(item.substr(0, semicolon));
    int weight = 1000;
    std::string_view parameters = item.substr(semicolon);
    while (!parameters.empty()) {
      parameters.remove_prefix(1);
      const std::size_t end = std::min(parameters.find(';'), parameters.size());
      const std::string_view parameter = trimmed(parameters.substr(0, end));
      if (parameter.starts_with("q=") || parameter.starts_with("Q=")) weight = weight_of(parameter.substr(2));
      parameters.remove_prefix(end);
    }
    each(name, weight);
  });
}

}  // namespace entraide::net
