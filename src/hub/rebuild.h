#pragma once

// Recomputes projections from the ledger alone. What the rules decided then, they decide again: the same acts in
// the same order under the versions that they name, at their admission times.

#include "hub/committer.h"

namespace entraide::hub {

struct Rebuilt {
  std::int64_t entries = 0;
  /// Tables whose rows differ from what was there before; empty when the projections were right.
  std::vector<std::string> changed;
};

/// In one transaction; with `keep` false everything is rolled back and only the comparison is given. The hub must not
/// be running. Rule: rebuild.refused when the rules refuse an act that the ledger holds.
Result<Rebuilt> rebuild(store::Connection& connection, const Shelf& shelf, bool keep);

}  // namespace entraide::hub
