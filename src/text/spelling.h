#pragma once

// How far two Latin spellings lie apart, as people who heard a name wrote it down.

#include <string_view>

namespace entraide::text {

/// What a letter costs that has nothing to do with the one in its place.
inline constexpr int kSpellingLetter = 10;

/// The sum of what its letters cost, in tenths of a letter, to write one word as the other: vowels cost little, and so do doubled
/// letters, a breathed h, and letters that stand for one sound in some system of spelling ("k" and "q", "w" and "v"). The same
/// both ways; 0 for equal words. Letters a to z. At most 10 for each letter of the longer word and at most `most`, which is also
/// what words cost that are not compared (more than 24 letters beside the ones at both ends that are equal).
int spelling_cost(std::string_view a, std::string_view b, int most = 1000);

}  // namespace entraide::text
