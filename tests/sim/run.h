#pragma once

// One run: one seed, one small history with everything going wrong that the seed says.

#include "sim/node.h"

namespace entraide::sim {

struct RunOptions {
  std::uint64_t seed = 1;
  Mutant mutant = Mutant::none;
  int batches = 40;
};

/// What happened, for the record.
struct Tally {
  std::int64_t runs = 0;
  std::int64_t operations = 0;   // of the disk
  std::int64_t batches = 0;
  std::int64_t admitted = 0;     // answers with a receipt for a new act
  std::int64_t repeated = 0;     // with the receipt of an act that was there already
  std::int64_t refused = 0;
  std::int64_t unanswered = 0;   // failed, or lost on the way
  std::int64_t notes = 0;        // clocks that were handed in
  std::int64_t starts = 0;       // of the hub, whether or not it came up
  std::int64_t power_cuts = 0, kills = 0, failures = 0, clean_ends = 0;
  std::map<std::string, std::int64_t> refusals;  // by rule

  Tally& operator+=(const Tally& more);
  std::string words() const;
};

/// Fails with a rule "sim.*" when a promise is broken, and with any other one when something failed that nothing had made fail.
Result<> run(Stage& stage, const RunOptions& options, Tally& tally);

}  // namespace entraide::sim
