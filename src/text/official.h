#pragma once

// How the states themselves write names in Latin letters: passports and registers follow these tables, whatever people
// would write. Letters only, no learning: ICAO Doc 9303 part 3 section 6, the Ukrainian resolution 55 of 2010, the
// Belarusian instruction of 2007, and the system of the BGN and PCGN that journalists have made shorter.

#include <string>
#include <string_view>
#include <vector>

#include "text/romanise.h"

namespace entraide::text {

/// The official spellings of a Cyrillic word, with their shares; none where a letter belongs to another language than
/// Russian, Ukrainian and Belarusian. The letters tell which of the three are meant, where they differ. A Russian word has
/// besides the spellings that Belarus would give a citizen of that name.
void official_spellings(std::u32string_view letters, std::vector<Rendering>& out);

/// The consonants of an Arabic-script word in Latin letters, as Arabs and as Persians say them; waw is `v` or
/// silent. Empty where a letter is not known. For skeletons only: what comes out is no spelling.
void consonants_of_arabic(std::u32string_view letters, std::vector<std::string>& out);

}  // namespace entraide::text
