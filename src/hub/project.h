#pragma once

// Writes what an admitted act, or a clock, changes: projections, all in the caller's transaction. The same
// code runs when an act is admitted and when projections are rebuilt from the ledger.

#include "hub/judge.h"

namespace entraide::hub {

/// Writes case, threads, clocks, boxes, counters and the event of an admitted case act.
Result<cases::Case> project_case_act(const Bench& bench, const act::VerifiedAct& act, const Plan& plan);
/// Counters of an admitted directory act; the directory itself is a fold over the ledger.
Result<> project_directory_act(const Bench& bench, const act::VerifiedAct& act);

/// A clock that rang or fell due: what the hub's note says and what it changes.
struct ClockNote {
  clocks::Clock clock;
  cases::Case file;
  Docket before;
  rulebook::Permitted permitted;   // empty for an alarm
  bool lapsed = false;

  /// The note's body: canonical JSON {"at","case","clock","due","owner","t","v"}.
  std::string body(Time at) const;
};
/// None when the clock has nothing to say any more (it was stopped meanwhile).
Result<std::optional<ClockNote>> examine_clock(const Bench& bench, std::int64_t case_no, std::string_view clock);
Result<> project_clock(const Bench& bench, const ClockNote& note);

/// What a note's body names: for rebuilding.
struct NoteBody {
  CaseId case_id;
  std::string clock;
};
Result<NoteBody> parse_note_body(std::string_view body);

}  // namespace entraide::hub
