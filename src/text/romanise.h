#pragma once

// How names of one script are written in Latin letters, learned from pairs of names.
//
// A name is a chain of *steps*, each one native unit (a letter, a jamo of a Hangul syllable, a Han character) with the
// Latin letters that it gave in the pair, none to several. A table holds the steps and how likely each follows the steps
// before it (an n-gram model with back-off). To romanise is to find the likeliest chains over the units of a token.
//
// A table file, all numbers as unsigned LEB128 unless said:
//   "entraide-romaniser 1\n"
//   order N, number of steps S, then S times: unit (code point), letters: size, bytes
//   for each order 1..N: number of n-grams, then for each, sorted: how many leading ids it shares with the one before;
//     the remaining ids, the first of them less the one before's where it may be (sorted, so not negative);
//     one byte: -log2 P in 1/8, at most 255; below order N one more byte: back-off log2 in 1/16, 128 is 0
// Step ids: 0 begins a word, 1 ends it, k + 2 is the k-th of the list.

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/base.h"

namespace entraide::text {

struct Rendering {
  std::string latin;
  float log_probability = 0;  // natural, of this rendering among all
};

/// ln(e^a + e^b).
float add_logarithms(float a, float b);
/// Adds a rendering, or its probability to that of the same letters.
void merge_rendering(std::vector<Rendering>& into, std::string latin, float log_probability);

/// Likeliest first, equal ones by their letters.
void likeliest_first(std::vector<Rendering>& renderings);

class Romaniser {
 public:
  /// Fails (`text.table`) on bytes that are not such a table.
  static Result<Romaniser> read(std::string_view table);

  /// The `count` likeliest renderings, likeliest first. Units that the table does not know are passed over; empty when it
  /// knows none. Deterministic.
  /// `likelihood`, where asked for, gets ln P of the units under the table, over all their renderings: how much they look
  /// like its kind of name. A unit that it does not know costs kUnknown.
  void romanise(std::u32string_view units, std::size_t count, std::vector<Rendering>& out,
                float* likelihood = nullptr) const;
  bool knows(char32_t unit) const;

  static constexpr std::size_t kUnitsMax = 40;  // of a word; longer ones have no renderings
  static constexpr float kUnknown = -40;
  static constexpr std::size_t kLatinMax = 48;  // letters of a rendering

 private:
  struct Step {
    char32_t unit = 0;
    std::uint8_t size = 0;
    char letters[11] = {};
    float log_probability = 0;  // order 1
  };
  struct Cell {
    float log_probability = 0;
    float back_off = 0;
  };
  const Cell* find(std::uint64_t key) const;
  /// A history and the shorter ones that it backs off to, with what that costs: looked up once for all steps.
  struct Histories {
    std::array<std::uint64_t, 4> ids{};
    std::array<float, 4> back_off{};
    std::size_t size = 0;
  };
  Histories histories_of(std::uint64_t history) const;
  float score(const Histories& histories, std::uint32_t step) const;
  bool put(std::uint64_t key, const Cell& cell);

  std::vector<Step> steps_;  // by unit
  std::vector<std::pair<char32_t, std::uint32_t>> units_;  // sorted: unit, where its steps begin
  // A hash table in two halves, since most looks at it find nothing: the keys are ids, 16 bits each, the latest lowest; 0
  // is an empty place.
  std::vector<std::uint64_t> keys_;
  std::vector<Cell> cells_;
  std::uint64_t mask_ = 0;
  std::uint32_t order_ = 0;
};

/// The units of letters: Hangul syllables as their jamo, hiragana as katakana, everything else as it is.
void append_units(std::u32string_view letters, std::u32string& out);

}  // namespace entraide::text
