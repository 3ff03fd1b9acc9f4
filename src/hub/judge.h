#pragma once

// Decides one act against the ledger's state, and says what it changes. Reads, never writes; the committer
// asks it inside the batch's transaction, so it sees what the acts before it in the batch have written.

#include "cases/cases.h"
#include "clocks/clocks.h"
#include "directory/directory.h"
#include "hub/intake.h"
#include "hub/shelf.h"

namespace entraide::hub {

/// What judging needs to see.
struct Bench {
  store::Connection& connection;
  const directory::Directory& directory;
  const Shelf& shelf;
  Time now;                                // admission time, whole seconds
  std::int64_t index = 0;                  // where the act will stand
};

/// A case as the rules see it, and as it is kept.
struct Docket {
  std::optional<cases::Case> file;         // none yet when the act opens it
  std::vector<clocks::Clock> clocks;
  rulebook::CaseState state;
};

/// What an admitted case act changes.
struct Plan {
  Docket before;
  rulebook::Permitted permitted;
  std::shared_ptr<const rulebook::Rulebook> rules;
};

Result<Docket> load_docket(store::Connection& connection, std::optional<cases::Case> file);

/// Whether the act is what its signer could have meant at this moment: time, rulebook, checkpoint, counters,
/// receivers, ring generations, files. Rules: act.time.window, act.rulebook.unknown, act.checkpoint.unknown,
/// act.checkpoint.stale, act.recipient.unknown, act.st.gap, act.st.replayed, act.ring.generation, act.file.missing.
Result<> check_admission(const Bench& bench, const Submission& submission);
/// The same for a directory act: time, rulebook, checkpoint, and the ring's wrap being sealed to the right devices.
/// Rules: as above, ring.members, dir.genesis.log, dir.rulebook.unknown.
Result<> check_directory_admission(const Bench& bench, const Submission& submission, std::string_view log_vkey);

/// Who acts and what the rulebook says. Also used to rebuild, where the first step is past.
std::expected<Plan, Refusal> decide_case_act(const Bench& bench, const act::VerifiedAct& act);

}  // namespace entraide::hub
