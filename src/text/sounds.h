#pragma once

// What a Latin spelling sounds like, roughly: finer than a skeleton, which has no vowels, and coarser than letters.

#include <string>
#include <string_view>

namespace entraide::text {

/// Appends the sounds of `latin` (a to z): doubled letters once, vowels in three classes (a; e, i, y; o, u), consonants that
/// transliterations take for each other as one (kh and h, q and k, w and v, zh and j). "Hussain" and "Husein" sound alike, and
/// so do "Ahmadinezhad" and "Ahmadinejad".
void append_sounds(std::string_view latin, std::string& out);

}  // namespace entraide::text
