#include "rulebook/clocks.h"

#include "codec/codec.h"

namespace entraide::rulebook {

using codec::Json;
using How = PeriodRule::How;

namespace {

const RunningClock* find_running(const CaseState& state, std::string_view clock) {
  for (const RunningClock& running : state.clocks)
    if (running.clock == clock) return &running;
  return nullptr;
}

bool belongs_to(std::string_view clock, const Kind& kind) {
  return clock.size() > kind.id.size() && clock.starts_with(kind.id) && clock[kind.id.size()] == '.';
}

const Period& period_of(const PeriodRule& rule, const Scope& scope) {
  if (rule.how == How::fixed) return rule.fixed;
  const std::string_view value = text_of_operand(rule.operand, scope);
  for (const auto& [code, period] : rule.periods)
    if (rule.operand.of == Operand::Of::basis ? covers(code, value) : code == value) return period;
  return rule.otherwise;
}

const Subject& owner_of(const ClockRule& rule, const ThreadChange& change) {
  return rule.owner == By::requesting ? change.requesting.id : change.requested.id;
}

ClockStart start_of(const ClockRule& rule, const ThreadChange& change, Time due, Time now) {
  ClockStart out{rule.id, rule.kind->id, owner_of(rule, change), due, {}, rule.lapse_rules != nullptr};
  for (const Period& alarm : rule.alarms)
    if (const Time at = add(due, alarm); at > now) out.alarms.push_back(at);
  out.alarms.push_back(due);
  std::sort(out.alarms.begin(), out.alarms.end());
  out.alarms.erase(std::unique(out.alarms.begin(), out.alarms.end()), out.alarms.end());
  return out;
}

/// The instant that a date (its last second) or a date and time names.
std::optional<Time> until(const std::string& field, const Scope& scope) {
  const Json* value = scope.answers == nullptr ? nullptr : scope.answers->find(field);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  if (const auto day = parse_date(value->string())) return *day + std::chrono::hours(24) - Seconds(1);
  return parse_date_time(value->string());
}

struct Due {
  Time due;
  std::optional<WrongPeriod> wrong;
};

/// A minimum is asked when the clock starts; an extension only has to be later than what runs.
Due due_of(const ClockRule& rule, const Scope& scope, bool extends = false) {
  if (rule.period.how != How::until) return {add(scope.now, period_of(rule.period, scope)), {}};
  const std::string path = "d." + rule.period.field;
  const auto due = until(rule.period.field, scope);
  // The form requires the field as a date, so it is there; a wish in the past is too short in any case.
  if (!due || *due <= scope.now)
    return {{}, WrongPeriod{"decide.clock.too-short", path, Json::object({{"min", "PT0S"}})}};
  const auto& least = rule.period.at_least;
  const auto& most = rule.period.at_most;
  if (least && !extends && *due < add(scope.now, *least))
    return {{}, WrongPeriod{"decide.clock.too-short", path, Json::object({{"min", least->text}})}};
  if (most && *due > add(scope.now, *most))
    return {{}, WrongPeriod{"decide.clock.too-long", path, Json::object({{"max", most->text}})}};
  return {*due, {}};
}

bool is_wanted(const StartClock& start, const Scope& scope) { return !start.when || holds(*start.when, scope); }

}  // namespace

void move_clocks(const Kind& kind, const CaseState& state, const ThreadChange& change,
                 const std::vector<StartClock>& starts, const std::vector<std::string>& stops, const Scope& scope,
                 Permitted& out) {
  const bool opens = change.from.empty();
  for (const RunningClock& running : state.clocks) {
    const bool named = std::find(stops.begin(), stops.end(), running.clock) != stops.end();
    const bool ended = (change.is_final || opens) && belongs_to(running.clock, kind);
    const bool restarted = std::any_of(starts.begin(), starts.end(), [&](const StartClock& start) {
      return start.clock == running.clock && is_wanted(start, scope);
    });
    if ((named || ended) && !restarted) out.stopped.push_back(running.clock);
  }
  for (const StartClock& start : starts) {
    const ClockRule& rule = *scope.model.clocks.find(start.clock)->second;
    if (rule.period.how != How::until && is_wanted(start, scope))
      out.started.push_back(start_of(rule, change, due_of(rule, scope).due, scope.now));
  }
}

std::optional<WrongPeriod> set_periods(const CaseState& state, const ThreadChange& change,
                                       const Transition& transition, const Scope& scope, Permitted& out) {
  for (const StartClock& start : transition.starts) {
    const ClockRule& rule = *scope.model.clocks.find(start.clock)->second;
    if (rule.period.how != How::until || !is_wanted(start, scope)) continue;
    Due due = due_of(rule, scope);
    if (due.wrong) return due.wrong;
    out.started.push_back(start_of(rule, change, due.due, scope.now));
  }
  for (const std::string& clock : transition.extends) {
    const RunningClock* running = find_running(state, clock);
    if (running == nullptr) return WrongPeriod{"decide.clock", "case", Json::object({{"clock", clock}})};
    const ClockRule& rule = *scope.model.clocks.find(clock)->second;
    Due due = due_of(rule, scope, true);
    if (due.wrong) return due.wrong;
    if (due.due <= running->due)
      return WrongPeriod{"decide.clock.later", rule.period.how == How::until ? "d." + rule.period.field : "case",
                         Json::object({{"due", codec::rfc3339(running->due)}})};
    out.started.push_back(start_of(rule, change, due.due, scope.now));
  }
  return {};
}

void pass_clocks_on(const Kind& kind, const CaseState& state, const ThreadChange& change, const Model& model,
                    Permitted& out) {
  for (const RunningClock& running : state.clocks) {
    const bool goes_on = std::find(out.stopped.begin(), out.stopped.end(), running.clock) == out.stopped.end() &&
                         std::none_of(out.started.begin(), out.started.end(),
                                      [&](const ClockStart& start) { return start.clock == running.clock; });
    const auto rule = model.clocks.find(running.clock);
    if (!goes_on || rule == model.clocks.end() || rule->second->kind != &kind) continue;
    if (const Subject& owner = owner_of(*rule->second, change); owner != running.owner)
      out.moved.push_back({running.clock, owner});
  }
}

}  // namespace entraide::rulebook
