#pragma once

// What comes back for a submission.

#include <functional>

#include "act/act.h"
#include "ledger/ledger.h"

namespace entraide::hub {

/// Admitted, now or earlier: the receipt is durable.
struct Accepted {
  ActId id;
  merkle::EntryKind kind = merkle::EntryKind::act;
  ledger::Receipt receipt;
  std::optional<CaseId> case_id;
  std::string reference;                                    // of the case, empty without one
  std::vector<std::pair<std::string, std::string>> states;  // kind -> state, threads that this act changed
  bool is_new = true;                                       // false: the same act had been admitted before
  Subject directory_of = {};                                // for an act of the directory, whom it is for
};

/// Not admitted. A refusal by a rule carries the article that it stands on and the words' parameters.
struct Refusal {
  Error error;
  std::string source = {};
  codec::Json params = codec::Json::object();
};

using Outcome = std::expected<Accepted, Refusal>;
/// Called once, on the committer's thread, after the batch is durable or has failed. Must not block.
using Answer = std::function<void(Outcome)>;

/// What would become of an act: the state that each of its kinds would be in, or the refusal.
using Judgement = std::expected<std::vector<std::pair<std::string, std::string>>, Refusal>;

inline std::unexpected<Refusal> refused(Error error) { return std::unexpected(Refusal{std::move(error)}); }

}  // namespace entraide::hub
