#pragma once

// The steps of training a romaniser: pairs of names -> aligned steps -> an n-gram model -> a table of a given size.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/base.h"

namespace entraide::train {

struct Pair {
  std::u32string units;
  std::string latin;  // a to z
  float weight = 1;
};

/// One unit with the letters that it gave.
struct Step {
  char32_t unit = 0;
  std::string letters;
  friend auto operator<=>(const Step&, const Step&) = default;
};
using Chain = std::vector<Step>;

struct Shape {
  std::size_t letters_max = 4;  // of one step
  std::size_t order = 4;        // of the n-gram model
  std::size_t bytes_max = 190'000;
  double unfit = 0.08;          // share of the pairs that fits worst and is left out
};

/// Expectation maximisation over all ways to cut each pair into steps, then the best way for each. Pairs that do not seem
/// to sound alike (translations, other names) are left out. `seeds` are steps that exist whatever the data say.
struct Aligned {
  std::vector<std::pair<Chain, float>> chains;
  std::size_t dropped = 0;
};
Aligned align(const std::vector<Pair>& pairs, const Shape& shape, const std::vector<Step>& seeds);

/// The table file of `text/romanise.h` over the chains, with as many n-grams as `bytes_max` has room for.
std::string make_table(const Aligned& aligned, const Shape& shape, const std::vector<Step>& seeds);

}  // namespace entraide::train
