#include "clocks/clocks.h"

#include <algorithm>
#include <charconv>

namespace entraide::clocks {
namespace {

using store::Migration;
using store::Sql;

// `next_ms` is the next alarm, or null when the clock has nothing more to say.
constexpr Migration kMigrations[] = {{"clocks", 1, R"sql(
  create table clock (
    case_no bigint not null,
    clock text not null,
    kind text not null,
    owner text not null,
    started_ms bigint not null,
    due_ms bigint not null,
    alarms text not null,
    lapses bigint not null,
    state text not null,
    next_ms bigint,
    primary key (case_no, clock)
  );
  create index clock_next on clock (next_ms, case_no) where next_ms is not null;
)sql"}};

constexpr Sql kOfCase{"clocks.of_case", R"sql(
  select case_no, clock, kind, owner, started_ms, due_ms, alarms, lapses, state from clock
  where case_no = $1 order by due_ms, clock)sql"};
constexpr Sql kDueBy{"clocks.due_by", R"sql(
  select case_no, clock, kind, owner, started_ms, due_ms, alarms, lapses, state from clock
  where next_ms is not null and next_ms <= $1 order by next_ms, case_no, clock limit $2)sql"};
constexpr Sql kNext{"clocks.next", "select next_ms from clock where next_ms is not null order by next_ms limit 1"};
constexpr Sql kPut{"clocks.put", R"sql(
  insert into clock (case_no, clock, kind, owner, started_ms, due_ms, alarms, lapses, state, next_ms)
  values ($1, $2, $3, $4, $5, $6, $7, $8, 'running', $9)
  on conflict (case_no, clock) do update set owner = excluded.owner, started_ms = excluded.started_ms,
    due_ms = excluded.due_ms, alarms = excluded.alarms, lapses = excluded.lapses, state = 'running',
    next_ms = excluded.next_ms)sql"};
constexpr Sql kStop{"clocks.stop", R"sql(
  update clock set state = $3, next_ms = null where case_no = $1 and clock = $2 and state = 'running')sql"};
constexpr Sql kHandOver{"clocks.hand_over", R"sql(
  update clock set owner = $3 where case_no = $1 and clock = $2 and state = 'running')sql"};
constexpr Sql kRing{"clocks.ring", "update clock set alarms = $3, next_ms = $4 where case_no = $1 and clock = $2"};

// Alarms lie in one column as milliseconds between spaces: they are only ever read together.
std::string joined(const std::vector<Time>& times) {
  std::string out;
  for (const Time time : times) {
    if (!out.empty()) out += ' ';
    out += std::to_string(to_ms(time));
  }
  return out;
}
std::vector<Time> parted(std::string_view text) {
  std::vector<Time> out;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    std::int64_t ms = 0;
    const auto [stop, error] = std::from_chars(at, end, ms);
    ENSURE(error == std::errc());
    out.push_back(from_ms(ms));
    at = stop == end ? end : stop + 1;
  }
  return out;
}

State state_of(std::string_view text) {
  if (text == "running") return State::running;
  return text == "lapsed" ? State::lapsed : State::stopped;
}

Clock clock_of(const store::Row& row) {
  return {row.integer(0),
          std::string(row.text(1)),
          std::string(row.text(2)),
          Subject(std::string(row.text(3))),
          row.time(4),
          row.time(5),
          parted(row.text(6)),
          row.integer(7) != 0,
          state_of(row.text(8))};
}

Result<std::vector<Clock>> all(const store::Rows& rows) {
  std::vector<Clock> out;
  for (const store::Row row : rows) out.push_back(clock_of(row));
  return out;
}

std::optional<std::int64_t> next_of(const std::vector<Time>& alarms) {
  return alarms.empty() ? std::nullopt : std::optional(to_ms(alarms.front()));
}

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

std::string_view to_text(State state) {
  switch (state) {
    case State::running: return "running";
    case State::stopped: return "stopped";
    case State::lapsed: return "lapsed";
  }
  return "stopped";
}

Result<store::Later<std::vector<Clock>>> ask_of_case(store::Connection& connection, std::int64_t case_no) {
  return store::Later<std::vector<Clock>>::ask(connection, kOfCase, {case_no}, all);
}

Result<> start(store::Connection& connection, const Clock& clock) {
  return connection.execute_later(kPut, {clock.case_no, clock.clock, clock.kind, clock.owner, clock.started,
                                         clock.due, joined(clock.alarms), clock.lapses, next_of(clock.alarms)});
}

Result<> stop(store::Connection& connection, std::int64_t case_no, std::string_view clock, State as) {
  return connection.execute_later(kStop, {case_no, clock, to_text(as)});
}

Result<> hand_over(store::Connection& connection, std::int64_t case_no, std::string_view clock,
                   const Subject& owner) {
  return connection.execute_later(kHandOver, {case_no, clock, owner});
}

Result<std::vector<Clock>> due_by(store::Connection& connection, Time now, std::int64_t limit) {
  return all(TRY(connection.query(kDueBy, {now, limit})));
}

Result<std::optional<Time>> next_due(store::Connection& connection) {
  const store::Rows rows = TRY(connection.query(kNext));
  if (rows.empty()) return std::nullopt;
  return rows.front().time(0);
}

Result<> ring(store::Connection& connection, Clock clock, Time now) {
  std::erase_if(clock.alarms, [&](Time alarm) { return alarm <= now; });
  return connection.execute_later(kRing, {clock.case_no, clock.clock, joined(clock.alarms), next_of(clock.alarms)});
}

}  // namespace entraide::clocks
