#pragma once

#include "base/random.h"

namespace entraide::sim {

/// Chance, from a seed.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  /// From 0 to n - 1.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_.number() % n); }
  std::uint64_t between(std::uint64_t least, std::uint64_t most) {
    return least + random_.number() % (most - least + 1);
  }
  bool percent(unsigned chance) { return random_.number() % 100 < chance; }
  template <class List>
  auto& one_of(List& list) {
    return list[below(std::size(list))];
  }

 private:
  SeededRandom random_;
};

}  // namespace entraide::sim
