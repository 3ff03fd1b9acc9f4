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
