#pragma once

// Gzip-compressed tables of tab-separated values: the layout of the data that names are trained and measured with.

#include <functional>
#include <span>
#include <string>

#include "base/base.h"

namespace entraide::train {

/// Calls `use` with the cells of each row of a table, without its header line. Rule: train.data.
Result<> each_row(const std::string& path, const std::function<void(std::span<const std::string_view>)>& use);

}  // namespace entraide::train
