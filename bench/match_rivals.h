#pragma once

// PostgreSQL with pg_trgm and Xapian with trigrams as terms, on the same names: what one would use otherwise.

#include "bench/match_data.h"

namespace entraide::bench {

/// `records`: id and name. At most `each` questions a class, name only. Both get names and questions in the same general
/// romanisation of ICU, so that other scripts are not held against them. PostgreSQL is left out where ENTRAIDE_TEST_PG says
/// of none.
void measure_rivals(const std::vector<std::pair<std::string, std::string>>& records,
                    const std::vector<const Question*>& questions, std::size_t each);

}  // namespace entraide::bench
