#pragma once

// Legal clocks: rows that run, ring before they are due, and fall due. Which act starts, stops or extends
// which clock is the rulebook's affair; here they are kept and found.

#include <optional>

#include "store/store.h"

namespace entraide::clocks {

std::span<const store::Migration> migrations();

enum class State { running, stopped, lapsed };
std::string_view to_text(State state);

struct Clock {
  std::int64_t case_no = 0;
  std::string clock;             // the rulebook's id: "preservation.lapse"
  std::string kind;
  Subject owner;                 // the authority that must act
  Time started;
  Time due;
  std::vector<Time> alarms;      // ascending, those still to come
  bool lapses = false;           // something happens when it falls due
  State state = State::running;
};

/// All clocks of a case, running or not, by due time.
Result<store::Later<std::vector<Clock>>> ask_of_case(store::Connection& connection, std::int64_t case_no);

/// Starts a clock, or starts it anew with another due time.
Result<> start(store::Connection& connection, const Clock& clock);
Result<> stop(store::Connection& connection, std::int64_t case_no, std::string_view clock, State as = State::stopped);

/// Gives a running clock to another authority; its times stay as they are.
Result<> hand_over(store::Connection& connection, std::int64_t case_no, std::string_view clock, const Subject& owner);

/// Up to `limit` running clocks whose next alarm or due time is not after `now`, earliest first.
Result<std::vector<Clock>> due_by(store::Connection& connection, Time now, std::int64_t limit);
/// When the next clock rings or falls due: none when nothing runs.
Result<std::optional<Time>> next_due(store::Connection& connection);
/// Takes the alarms up to `now` off a clock; one that is due and does not lapse stays, overdue, silent.
Result<> ring(store::Connection& connection, Clock clock, Time now);

}  // namespace entraide::clocks
