#pragma once

// Names written without spaces, cut at words that the register knows.

#include "match/evidence.h"

namespace entraide::match {

/// Other readings of a name in which a long word is cut into two to six that the register has; likeliest first,
/// at most `most`.
std::vector<QueryName> cut_names(const text::Analyser& analyser, const QueryName& name, const Segment& register_words,
                                 const Statistics& statistics, std::size_t most);

}  // namespace entraide::match
