#pragma once

// The tables that are compiled into the program, byte for byte as the repository has them.

#include <string_view>

namespace entraide::text::data {

std::string_view words();      // data/words.txt
std::string_view nicknames();  // data/nicknames.txt

/// FNV-1a over all of them, in the order above.
std::uint64_t digest();

}  // namespace entraide::text::data
