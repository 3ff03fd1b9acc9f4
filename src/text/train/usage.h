#pragma once

// What whole names are written as, where that is not what their letters would give, and which Latin spellings are one name.

#include <string>

#include "base/base.h"

namespace entraide::train {

/// Writes irregular.txt (native words whose usual Latin spellings the table of their script in `out` does not put first) and
/// variants.txt (Latin spellings that often stand for one Arabic or Cyrillic word, by their commonest).
Result<> write_usage(const std::string& folder, const std::string& out);

}  // namespace entraide::train
