#pragma once

// Words as letters: which letters they have, how many edits lie between two, and which words of a vocabulary are near.

#include "match/segment.h"

namespace entraide::match {

/// Which letters a word has, in 64 bits that differ in at most two places for each edit, and in one for a letter more or
/// less: for a-z whether there is a first and a second one, for the eleven commonest a third, for digits whether there is
/// any.
std::uint64_t letter_bag(std::string_view letters);

/// A part of its bits: whether there is a first of each letter, and a second one of the six commonest that are doubled.
std::uint32_t half_of_bag(std::uint64_t bag);

/// How many of something there are, as a power of 2^(1/4), rounded up. Few counts as eight: a rare value must not tell
/// whether one hidden record has it, and is not as rare as a register believes that has seen it once.
std::uint8_t share_of(std::uint64_t count);
inline constexpr std::uint8_t kLeastShare = 12;
/// 2^(share/4), to the nearest whole number.
std::uint64_t count_of(std::uint8_t share);

/// The optimal string alignment distance (insert, delete, replace, swap two neighbours) of a word of `size` letters, 1 to 64,
/// and another, or anything above `most` when it is greater than that. `places`: of a letter, where the word has it, as bits.
/// Hyyro's bit-parallel method.
template <class Places>
unsigned alignment_distance(unsigned size, std::string_view other, unsigned most, Places places) {
  std::uint64_t up = ~std::uint64_t{0}, down = 0, diagonal = 0, places_before = 0;
  const std::uint64_t last = std::uint64_t{1} << (size - 1);
  unsigned distance = size;
  for (std::size_t i = 0; i < other.size(); ++i) {
    const std::uint64_t here = places(other[i]);
    const std::uint64_t swapped = (((~diagonal) & here) << 1) & places_before;
    diagonal = (((here & up) + up) ^ up) | here | down | swapped;
    std::uint64_t right = down | ~(diagonal | up);
    std::uint64_t left = diagonal & up;
    distance += (right & last) != 0 ? 1 : 0;
    distance -= (left & last) != 0 ? 1 : 0;
    // Each letter still to come takes away one at most.
    if (distance > most + (other.size() - 1 - i)) return most + 1;
    right = right << 1 | 1;
    left <<= 1;
    up = left | ~(diagonal | right);
    down = right & diagonal;
    places_before = here;
  }
  return distance;
}

/// One word, ready to be compared with many: the optimal string alignment distance (insert, delete, replace, swap two
/// neighbours), by Hyyro's bit-parallel method. Words of more than 64 bytes are not compared.
class EditPattern {
 public:
  explicit EditPattern(std::string_view letters);
  /// The distance, or anything above `most` when it is greater than that.
  unsigned distance(std::string_view other, unsigned most) const;

 private:
  std::array<std::uint64_t, 256> places_{};
  unsigned size_;
};

struct Neighbour {
  FormNumber form = 0;
  std::uint8_t edits = 0;
};
/// The Latin forms of a segment within `most` edits, without those that are equal. Bounded by kNeighboursMax. A thread
/// remembers what it has found of late: the same words are asked again in one search, and in many.
inline constexpr std::size_t kNeighboursMax = 2048;
void find_neighbours(const Segment& segment, std::string_view letters, unsigned most, std::vector<Neighbour>& out);

}  // namespace entraide::match
