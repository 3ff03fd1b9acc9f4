#pragma once

#include <string>

#include "base/base.h"

namespace entraide::train {

/// Writes the table of single letters (`src/text/data/letters.txt`).
Result<> write_letters(const std::string& path);

/// Writes the table of simplified Han characters (`src/text/data/traditional.txt`).
Result<> write_traditional(const std::string& path);

}  // namespace entraide::train
