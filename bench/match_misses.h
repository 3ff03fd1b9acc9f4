#pragma once

// Why persons were not found: every question that was not answered among ten is asked again of its own records alone.

#include "bench/match_report.h"

namespace entraide::bench {

/// How many misses of each class were never looked at, looked at and ranked too low, or cannot be told from others.
void print_misses(const char* what, const match::Snapshot& snapshot, const std::vector<Asked>& asked, bool with_year);
/// A line for each question that was not answered among ten or raised no alert, and for each stranger that raised one.
void note_misses(std::FILE* to, const match::Snapshot& snapshot, const std::vector<Asked>& asked, bool with_year);

}  // namespace entraide::bench
