#pragma once

// Whether a segment may have a form of the Latin alphabet: one bit of sixteen a form, in memory only. It says no to
// nearly all misspellings of a word, so that every word one edit away can be tried.

#include <bit>
#include <cstdint>
#include <string_view>
#include <vector>

namespace entraide::match {

class FormFilter {
 public:
  /// The hash of letters is a polynomial in it: changing one of them is one multiplication.
  static constexpr std::uint64_t kBase = 0x9e3779b97f4a7c15ull;
  static std::uint64_t hash(std::string_view letters) {
    std::uint64_t out = 0;
    for (const char c : letters) out = out * kBase + static_cast<unsigned char>(c);
    return out;
  }

  void fit(std::size_t forms) {
    const std::size_t bits = std::bit_ceil(forms * 16 + 64);
    bits_.assign(bits / 64, 0);
    shift_ = static_cast<unsigned>(64 - std::countr_zero(bits));
  }
  void add(std::string_view letters) {
    const std::uint64_t at = place(hash(letters));
    bits_[at / 64] |= std::uint64_t{1} << (at % 64);
  }
  bool may_have(std::uint64_t hash) const {
    const std::uint64_t at = place(hash);
    return (bits_[at / 64] >> (at % 64) & 1) != 0;
  }

 private:
  std::uint64_t place(std::uint64_t hash) const { return (hash ^ hash >> 29) * 0xbf58476d1ce4e5b9ull >> shift_; }
  std::vector<std::uint64_t> bits_{0};
  unsigned shift_ = 58;
};

}  // namespace entraide::match
