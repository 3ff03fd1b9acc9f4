#pragma once

#include <string>

#include "base/base.h"

namespace entraide::train {

/// Writes the table of single letters (`src/text/data/letters.txt`).
Result<> write_letters(const std::string& path);

}  // namespace entraide::train
