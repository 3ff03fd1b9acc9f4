#pragma once

// What qpdf does for us, in the C++17 that its headers and clang agree on: standard types only.

#include <string>
#include <vector>

namespace entraide::print {

struct Embedded {
  std::string name, type, description, bytes;
};

/// The PDF with its language and these files inside; the same bytes for the same input.
/// Throws std::exception if the PDF cannot be read.
std::string embed(const std::string& pdf, const std::string& language, const std::vector<Embedded>& files);

}  // namespace entraide::print
