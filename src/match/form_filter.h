#pragma once

// Whether a segment may have a form of the Latin alphabet: sixteen bits a form, in memory only. It says no to
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
    const std::size_t words = std::bit_ceil(forms / 4 + 1);
    words_.assign(words, 0);
    shift_ = static_cast<unsigned>(63 - std::countr_zero(words));
  }
  void add(std::uint64_t hash) {
    const Place at = place(hash);
    words_[at.word] |= at.bits;
  }
  bool may_have(std::uint64_t hash) const {
    const Place at = place(hash);
    return (words_[at.word] & at.bits) == at.bits;
  }

 private:
  struct Place {
    std::uint64_t word, bits;
  };
  /// Three bits of one word: to ask costs one look at memory.
  Place place(std::uint64_t hash) const {
    const std::uint64_t mixed = (hash ^ hash >> 29) * 0xbf58476d1ce4e5b9ull;
    const auto bit = [&](unsigned from) { return std::uint64_t{1} << (mixed >> from & 63); };
    // The highest bits are mixed best; one of them is spared so that a filter of one word is no special case.
    return {mixed >> 1 >> shift_, bit(8) | bit(14) | bit(20)};
  }
  std::vector<std::uint64_t> words_{0};
  unsigned shift_ = 63;
};

}  // namespace entraide::match
