#pragma once

// Which clocks a move starts, stops and extends, and when they are due.

#include "rulebook/model.h"

namespace entraide::rulebook {

/// What is wrong with a period that an act sets.
struct WrongPeriod {
  std::string_view rule;
  std::string path;
  codec::Json params = codec::Json::object();
};

/// Stops and starts clocks for a change of state; a final state stops every clock of the kind that is not started by the same move.
/// Clocks that run until a field says so are started by `set_periods`.
void move_clocks(const Kind& kind, const CaseState& state, const ThreadChange& change,
                 const std::vector<StartClock>& starts, const std::vector<std::string>& stops, const Scope& scope,
                 Permitted& out);

/// Starts and extends the clocks whose period a field of the act says, and extends the others. Says what is wrong with it, or nothing.
std::optional<WrongPeriod> set_periods(const CaseState& state, const ThreadChange& change,
                                       const Transition& transition, const Scope& scope, Permitted& out);

/// A matter that is handed over takes its running clocks along: those that the move neither stops nor starts anew
/// belong to whoever must act now. Called last.
void pass_clocks_on(const Kind& kind, const CaseState& state, const ThreadChange& change, const Model& model,
                    Permitted& out);

}  // namespace entraide::rulebook
