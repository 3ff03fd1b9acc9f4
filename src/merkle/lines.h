#pragma once

// What the line formats of this folder share: lines that end in newline, decimals and hashes with one spelling.

#include <optional>

#include "merkle/tree.h"

namespace entraide::merkle {

/// Takes a text apart, line by line. A line ends in newline; what comes after the last newline is no line.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : rest_(text) {}

  /// The next line without its newline; false where there is none.
  bool next(std::string_view& line);
  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

/// A decimal number of digits alone, without leading zeros, up to `max`.
std::optional<std::uint64_t> decimal(std::string_view text, std::uint64_t max);

/// 32 bytes in base64 with padding: 44 characters.
std::optional<Digest> base64_hash(std::string_view text);

/// Reads a proof, one hash a line, and the empty line after it. Gives what is wrong, or nothing.
std::string_view read_proof(LineReader& lines, Proof& proof);
/// The lines that `read_proof` reads.
std::string proof_lines(const Proof& proof);

}  // namespace entraide::merkle
