#pragma once

// The data that the matcher is measured with: DIR of `script/bench match --data DIR`, layout in docs/matching.md.

#include "bench/measure.h"
#include "match/match.h"

namespace entraide::bench {

struct Question {
  std::string kind;                    // the class of the benchmark: alias_arab, typo1, ..., negative
  std::string name;
  std::uint16_t year = 0;  // of birth, perturbed as a witness would: one in ten a year off, 3 % wrong; 0: unknown
  std::vector<std::string> accepted;  // ids that all count as a hit
  double overlap = 0;  // share of the words with a counterpart in the record
};

struct LabelledPair {
  std::string left, right;
  bool same = false;
};

struct MatchData {
  std::vector<match::Record> targets;  // one name each
  std::vector<Question> questions;
  std::vector<LabelledPair> pairs;  // persons only
};

Result<MatchData> read_match_data(const std::string& folder);
/// `count` synthetic records by the data's own generator, handed on in batches.
Result<> generate_records(const std::string& folder, std::size_t count,
                          const std::function<Result<>(std::span<const match::Record>)>& use);

}  // namespace entraide::bench
