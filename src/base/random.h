#pragma once

#include "base/base.h"

namespace entraide {

/// Where random bytes come from. Handed in through constructors, so that a simulation owns them.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  Bytes bytes(std::size_t size) {
    Bytes out(size);
    fill(out);
    return out;
  }
  std::uint64_t number() {
    std::uint64_t out = 0;
    fill({reinterpret_cast<std::uint8_t*>(&out), sizeof out});
    return out;
  }
};

/// The kernel's generator (getrandom(2)). Any thread. Stops the process if the kernel has none.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

/// A generator that gives the same bytes for the same seed (splitmix64). For tests and simulation only.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::uint64_t state_;
};

}  // namespace entraide
