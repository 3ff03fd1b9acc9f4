#include "text/spelling.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace entraide::text {

namespace {

constexpr int kSwap = 8;
constexpr std::size_t kLettersMax = 24;

constexpr std::size_t place(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<std::size_t>(c - 'a') : std::size_t{26};
}
constexpr std::string_view kVowels = "aeiouy";

using Costs = std::array<std::array<std::uint8_t, 27>, 27>;
constexpr Costs replacement_costs() {
  Costs out{};
  for (std::size_t a = 0; a < out.size(); ++a)
    for (std::size_t b = 0; b < out.size(); ++b) out[a][b] = kSpellingLetter;
  const auto group = [&](std::string_view letters, std::uint8_t cost) {
    for (const char a : letters)
      for (const char b : letters) out[place(a)][place(b)] = std::min(out[place(a)][place(b)], cost);
  };
  group(kVowels, 4);
  group("eiy", 2);
  group("ouw", 2);
  group("kqcg", 4);
  group("xhk", 5);
  group("szc", 5);
  group("jiyg", 4);
  group("wvuf", 4);
  group("td", 5);
  group("bpv", 5);
  group("pf", 4);
  group("mn", 7);
  group("jz", 5);
  group("hg", 5);
  group("bw", 6);
  for (std::size_t a = 0; a + 1 < out.size(); ++a) out[a][a] = 0;
  return out;
}
constexpr Costs kReplace = replacement_costs();

/// What it costs that the other word lacks a letter: inside the word, and at its beginning or end.
struct Alone {
  std::uint8_t inside = kSpellingLetter, outside = kSpellingLetter;
};
constexpr std::array<Alone, 27> costs_alone() {
  std::array<Alone, 27> out{};
  for (const char c : kVowels) out[place(c)] = {4, 5};
  out[place('h')] = {3, 3};
  out[place('w')] = {6, 6};
  return out;
}
constexpr std::array<Alone, 27> kAlone = costs_alone();
constexpr std::uint8_t kDoubled = 1;

/// The letters of a word that are compared, from `begin`, as places in the tables.
struct Letters {
  std::size_t size = 0;
  std::array<std::uint8_t, kLettersMax> places, alone;

  Letters(std::string_view word, std::size_t begin, std::size_t end) : size(end - begin) {
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t at = begin + i, letter = place(word[at]);
      places[i] = static_cast<std::uint8_t>(letter);
      alone[i] = at > 0 && word[at - 1] == word[at] ? kDoubled
                 : at == 0 || at + 1 == word.size() ? kAlone[letter].outside
                                                    : kAlone[letter].inside;
    }
  }
};

}  // namespace

int spelling_cost(std::string_view a, std::string_view b, int most) {
  std::size_t begin = 0, a_end = a.size(), b_end = b.size();
  while (begin < a_end && begin < b_end && a[begin] == b[begin]) ++begin;
  while (a_end > begin && b_end > begin && a[a_end - 1] == b[b_end - 1]) --a_end, --b_end;
  most = std::min(most, static_cast<int>(std::max(a.size(), b.size())) * kSpellingLetter);
  if (a_end - begin > kLettersMax || b_end - begin > kLettersMax) return most;
  const Letters ours(a, begin, a_end), theirs(b, begin, b_end);
  std::array<std::array<int, kLettersMax + 1>, 3> rows;  // the last three
  rows[0][0] = 0;
  for (std::size_t j = 0; j < theirs.size; ++j) rows[0][j + 1] = rows[0][j] + theirs.alone[j];
  std::size_t now = 0;
  int least_before = 0;
  for (std::size_t i = 0; i < ours.size; ++i) {
    const auto& last = rows[now];
    const auto& before = rows[(now + 2) % 3];
    now = (now + 1) % 3;
    auto& row = rows[now];
    const auto& replace = kReplace[ours.places[i]];
    const int without = ours.alone[i];
    int least = row[0] = last[0] + without;
    for (std::size_t j = 0; j < theirs.size; ++j) {
      int cost = std::min(last[j + 1] + without, row[j] + theirs.alone[j]);
      cost = std::min(cost, last[j] + replace[theirs.places[j]]);
      if (i > 0 && j > 0 && ours.places[i] == theirs.places[j - 1] && ours.places[i - 1] == theirs.places[j])
        cost = std::min(cost, before[j - 1] + kSwap);
      row[j + 1] = cost;
      least = std::min(least, cost);
    }
    if (std::min(least, least_before) >= most) return most;  // two letters that changed places skip a row
    least_before = least;
  }
  return std::min(most, rows[now][theirs.size]);
}

}  // namespace entraide::text
