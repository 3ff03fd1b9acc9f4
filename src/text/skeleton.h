#pragma once

// Consonant skeletons of Latin spellings: what is left of a name when transliterations disagree on its vowels.

#include <string>
#include <string_view>

namespace entraide::text {

/// Strong: consonants with digraphs as one letter (sh = S, ch = C, kh = X, gh = G), doubled letters once, vowels gone but
/// for a first one ('A'), q as k, w as v, a last h gone. Weak: also merges what alphabets confuse: q k g kh gh; z s j sh ch;
/// t d; v w b f p; h gone. Appended to `out`; `latin` is a-z and 0-9.
void append_skeleton(std::string_view latin, bool weak, std::string& out);

}  // namespace entraide::text
