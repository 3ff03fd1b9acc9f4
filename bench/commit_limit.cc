#include "bench/commit_limit.h"

#include <map>

#include "hub/committer.h"

namespace entraide::bench {
namespace {

using store::Sql;
using store::Value;

// Rows by the act that wrote them, and the statement that the hub writes them with. The first column read is the act.
struct Table {
  Sql read;  // $1 from, $2 to
  Sql write;
};
const Table kTables[] = {
    {{"limit.leaves",
      R"sql(select leaf_index, leaf_index, kind, time_s, act_id, body, blind, body_digest, leaf_hash, tree_size, proof
        from ledger_leaf where leaf_index >= $1 and leaf_index < $2)sql"},
     {"limit.put_leaf",
      R"sql(insert into ledger_leaf (leaf_index, kind, time_s, act_id, body, blind, body_digest, leaf_hash, tree_size, proof)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10))sql"}},
    {{"limit.objects",
      "select leaf_index, leaf_index, position, hash, jwe from sealed_object where leaf_index >= $1 and leaf_index < "
      "$2"},
     {"limit.put_object", "insert into sealed_object (leaf_index, position, hash, jwe) values ($1, $2, $3, $4)"}},
    {{"limit.files",
      R"sql(select opened_index, case_no, case_id, reference, rulebook, opened_ms, changed_ms, opened_index, last_index
        from case_file where opened_index >= $1 and opened_index < $2)sql"},
     {"limit.put_file",
      R"sql(insert into case_file (case_no, case_id, reference, rulebook, opened_ms, changed_ms, opened_index, last_index)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (case_no) do update set changed_ms = excluded.changed_ms, last_index = excluded.last_index)sql"}},
    {{"limit.threads",
      R"sql(select changed_index, case_no, position, kind, state, basis, requesting, requesting_kind, requested, requested_kind,
        label, is_final, changed_index from case_thread where changed_index >= $1 and changed_index < $2)sql"},
     {"limit.put_thread",
      R"sql(insert into case_thread (case_no, position, kind, state, basis, requesting, requesting_kind, requested,
          requested_kind, label, is_final, changed_index) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict (case_no, position) do update set state = excluded.state, basis = excluded.basis,
          requesting = excluded.requesting, requesting_kind = excluded.requesting_kind, requested = excluded.requested,
          requested_kind = excluded.requested_kind, label = excluded.label, is_final = excluded.is_final,
          changed_index = excluded.changed_index)sql"}},
    {{"limit.boxes",
      R"sql(select last_index, authority, case_no, side, is_final, kind, state, other_country, due_ms, last_index from case_box
        where last_index >= $1 and last_index < $2)sql"},
     {"limit.put_box",
      R"sql(insert into case_box (authority, case_no, side, is_final, kind, state, other_country, due_ms, last_index)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (authority, case_no) do update set side = excluded.side, is_final = excluded.is_final, kind = excluded.kind,
          state = excluded.state, other_country = excluded.other_country, due_ms = excluded.due_ms, last_index = excluded.last_index)sql"}},
    {{"limit.entries",
      "select leaf_index, case_no, leaf_index, type from case_entry where leaf_index >= $1 and leaf_index < $2"},
     {"limit.put_entry", "insert into case_entry (case_no, leaf_index, type) values ($1, $2, $3)"}},
    {{"limit.tallies",
      R"sql(select f.opened_index, t.case_no, t.type from case_tally t join case_file f on f.case_no = t.case_no
        where f.opened_index >= $1 and f.opened_index < $2)sql"},
     {"limit.put_tally",
      R"sql(insert into case_tally (case_no, type, times) values ($1, $2, 1)
        on conflict (case_no, type) do update set times = case_tally.times + 1)sql"}},
    {{"limit.clocks",
      R"sql(select f.opened_index, c.case_no, c.clock, c.kind, c.owner, c.started_ms, c.due_ms, c.alarms, c.lapses, c.next_ms
        from clock c join case_file f on f.case_no = c.case_no where f.opened_index >= $1 and f.opened_index < $2)sql"},
     {"limit.put_clock",
      R"sql(insert into clock (case_no, clock, kind, owner, started_ms, due_ms, alarms, lapses, state, next_ms)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 'running', $9)
        on conflict (case_no, clock) do update set owner = excluded.owner, started_ms = excluded.started_ms, due_ms = excluded.due_ms,
          alarms = excluded.alarms, lapses = excluded.lapses, state = 'running', next_ms = excluded.next_ms)sql"}},
    {{"limit.events", "select leaf_index, leaf_index, data from event where leaf_index >= $1 and leaf_index < $2"},
     {"limit.put_event", "insert into event (leaf_index, data) values ($1, $2)"}},
    {{"limit.deliveries",
      "select leaf_index, authority, leaf_index from delivery where leaf_index >= $1 and leaf_index < $2"},
     {"limit.put_delivery", "insert into delivery (authority, leaf_index) values ($1, $2)"}},
};

// Of a device and of a country: one row for many acts, written with each.
constexpr Sql kCounters{"limit.counters", "select device, authority, sent from sent_counter order by device"};
constexpr Sql kPutCounter{"limit.put_counter",
                          R"sql(insert into sent_counter (device, authority, sent) values ($1, $2, $3)
  on conflict (device, authority) do update set sent = excluded.sent)sql"};
constexpr Sql kPutSeen{"limit.put_seen", R"sql(insert into seen_checkpoint (device, tree_size) values ($1, $2)
  on conflict (device) do update set tree_size = excluded.tree_size
  where excluded.tree_size > seen_checkpoint.tree_size)sql"};
constexpr Sql kPutReference{"limit.put_reference",
                            R"sql(insert into case_reference (country, year, newest) values ($1, $2, $3)
  on conflict (country, year) do update set newest = excluded.newest)sql"};
// Of a group.
constexpr Sql kCheckpoints{"limit.checkpoints",
                           "select tree_size, root, note from ledger_checkpoint where tree_size > $1 and tree_size "
                           "<= $2 order by tree_size"};
constexpr Sql kPutCheckpoint{"limit.put_checkpoint",
                             "insert into ledger_checkpoint (tree_size, root, note) values ($1, $2, $3)"};
constexpr Sql kHead{"limit.head", "select tree_size, frontier, last_time_s from ledger_head where id = 1"};
constexpr Sql kPutHead{"limit.put_head",
                       R"sql(insert into ledger_head (id, tree_size, frontier, last_time_s) values (1, $1, $2, $3)
  on conflict (id) do update set tree_size = excluded.tree_size, frontier = excluded.frontier, last_time_s = excluded.last_time_s)sql"};

std::vector<Value> values_of(const store::Row& row, std::size_t from) {
  std::vector<Value> out;
  for (std::size_t i = from; i < row.size(); ++i) out.push_back(row.value(i));
  return out;
}

struct Written {
  const Sql* statement;
  std::vector<Value> values;  // they point into rows that are kept
};

// The hub's own file is held by the running hub: one may only look at it.
std::unique_ptr<store::Database> look_at(const std::string& database) {
  store::Options options;
  options.read_only = database.starts_with("sqlite:");
  return BENCH_MUST(store::Database::open(database, options));
}

}  // namespace

CommitLimit::CommitLimit(std::string hub, const std::string& scratch)
    : hub_(std::move(hub)), target_(BENCH_MUST(store::Database::open(scratch))) {
  BENCH_MUST(hub::Committer::migrate(*target_));
  connection_.emplace(BENCH_MUST(target_->connect()));
}

CommitLimit::Cost CommitLimit::write_again(std::int64_t from, std::int64_t count,
                                           const std::function<double()>& database_cpu) {
  auto source = look_at(hub_);
  std::vector<store::Rows> kept;
  kept.reserve(std::size(kTables));
  std::map<std::int64_t, std::vector<Written>> acts;
  auto reading = std::make_unique<store::Connection>(BENCH_MUST(source->connect()));
  for (const Table& table : kTables) {
    kept.push_back(BENCH_MUST(reading->query(table.read, {from, from + count})));
    for (const store::Row row : kept.back()) acts[row.integer(0)].push_back({&table.write, values_of(row, 1)});
  }
  const store::Rows counters = BENCH_MUST(reading->query(kCounters));
  const store::Rows checkpoints = BENCH_MUST(reading->query(kCheckpoints, {from, from + count}));
  const store::Rows head = BENCH_MUST(reading->query(kHead));
  reading.reset();
  BENCH_MUST(source->close());
  ENSURE(!counters.empty() && !checkpoints.empty() && static_cast<std::int64_t>(acts.size()) == count);
  std::vector<std::vector<Value>> counter_rows, checkpoint_rows;
  for (const store::Row row : counters) counter_rows.push_back(values_of(row, 0));
  for (const store::Row row : checkpoints) checkpoint_rows.push_back(values_of(row, 0));
  const std::vector<Value> head_row = values_of(head.front(), 0);

  // The hub's own groups: each ends where it signed a checkpoint.
  store::Connection& connection = *connection_;
  const double begin = thread_cpu(), database_begin = database_cpu();
  std::size_t number = 0, group = 0;
  for (auto at = acts.begin(); at != acts.end(); ++group) {
    const std::int64_t end = group < checkpoint_rows.size() ? checkpoint_rows[group][0].integer()
                                                            : std::numeric_limits<std::int64_t>::max();
    auto transaction = BENCH_MUST(store::Transaction::begin(connection));
    BENCH_MUST(connection.lock_ledger());
    for (; at != acts.end() && at->first < end; ++at, ++number) {
      for (const Written& row : at->second) BENCH_MUST(connection.execute_later(*row.statement, row.values));
      const auto& counter = counter_rows[number % counter_rows.size()];
      BENCH_MUST(connection.execute_later(kPutCounter, counter));
      BENCH_MUST(connection.execute_later(kPutSeen, {counter[0], at->first}));
      BENCH_MUST(connection.execute_later(kPutReference, {"fr", 2026, at->first}));
    }
    if (group < checkpoint_rows.size()) BENCH_MUST(connection.execute_later(kPutCheckpoint, checkpoint_rows[group]));
    BENCH_MUST(connection.execute_later(kPutHead, head_row));
    BENCH_MUST(connection.notify("entraide_ledger", "1"));
    BENCH_MUST(transaction.commit());
  }
  const auto each = static_cast<double>(count);
  return {(thread_cpu() - begin) / each, (database_cpu() - database_begin) / each,
          each / static_cast<double>(std::max<std::size_t>(1, group))};
}

}  // namespace entraide::bench
