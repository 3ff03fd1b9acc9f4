#include "bench/limits.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "net/net.h"

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
  on conflict (device) do update set tree_size = excluded.tree_size)sql"};
constexpr Sql kPutReference{"limit.put_reference",
                            R"sql(insert into case_reference (country, year, newest) values ($1, $2, 1)
  on conflict (country, year) do update set newest = case_reference.newest + 1)sql"};
// Of a group.
constexpr Sql kCheckpoints{"limit.checkpoints",
                           "select tree_size, root, note from ledger_checkpoint where tree_size > $1 and tree_size "
                           "<= $2 order by tree_size"};
constexpr Sql kPutCheckpoint{"limit.put_checkpoint",
                             R"sql(insert into ledger_checkpoint (tree_size, root, note) values ($1, $2, $3)
  on conflict (tree_size) do nothing)sql"};
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

}  // namespace

double measure_verify(const std::string& act_body) {
  const auto parsed = BENCH_MUST(act::parse_act(act_body));
  const std::string input = parsed.signatures[0].protected_b64 + "." + parsed.payload_b64;
  // What a verification costs does not depend on whose signature it is.
  SystemRandom random;
  const auto key = crypto::PrivateKey::generate(random);
  const Bytes signature = BENCH_MUST(key.sign(bytes_of(input)));
  return 1 / rate_of([&] { ENSURE(crypto::verify(key.public_key(), bytes_of(input), signature)); });
}

double mean_group(const std::string& database, std::int64_t from, std::int64_t count) {
  auto opened = BENCH_MUST(store::Database::open(database));
  auto connection = BENCH_MUST(opened->connect());
  const auto rows = BENCH_MUST(connection.query(kCheckpoints, {from, from + count}));
  return rows.empty() ? 1 : static_cast<double>(count) / static_cast<double>(rows.size());
}

double measure_commit(const std::string& database, const std::string& scratch, std::int64_t from, std::int64_t count,
                      std::size_t group) {
  auto source = BENCH_MUST(store::Database::open(database));
  std::vector<store::Rows> kept;
  kept.reserve(std::size(kTables) + 3);
  std::map<std::int64_t, std::vector<Written>> acts;
  auto reading = std::make_unique<store::Connection>(BENCH_MUST(source->connect()));
  for (const Table& table : kTables) {
    kept.push_back(BENCH_MUST(reading->query(table.read, {from, from + count})));
    for (const store::Row row : kept.back()) acts[row.integer(0)].push_back({&table.write, values_of(row, 1)});
  }
  const store::Rows counters = BENCH_MUST(reading->query(kCounters));
  const store::Rows checkpoints = BENCH_MUST(reading->query(kCheckpoints, {from, from + count}));
  const store::Rows head = BENCH_MUST(reading->query(kHead));
  ENSURE(!counters.empty() && !checkpoints.empty() && static_cast<std::int64_t>(acts.size()) == count);

  auto target = BENCH_MUST(store::Database::open(scratch));
  BENCH_MUST(hub::Committer::migrate(*target));
  double cpu = 0;
  {
    auto connection = BENCH_MUST(target->connect());
    std::vector<std::vector<Value>> counter_rows, checkpoint_rows;
    for (const store::Row row : counters) counter_rows.push_back(values_of(row, 0));
    for (const store::Row row : checkpoints) checkpoint_rows.push_back(values_of(row, 0));
    const std::vector<Value> head_row = values_of(head.front(), 0);
    const double begin = process_cpu();
    std::size_t number = 0, groups = 0;
    for (auto at = acts.begin(); at != acts.end();) {
      auto transaction = BENCH_MUST(store::Transaction::begin(connection));
      BENCH_MUST(connection.lock_ledger());
      for (std::size_t i = 0; i < group && at != acts.end(); ++i, ++at, ++number) {
        for (const Written& row : at->second) BENCH_MUST(connection.execute_later(*row.statement, row.values));
        const auto& counter = counter_rows[number % counter_rows.size()];
        BENCH_MUST(connection.execute_later(kPutCounter, counter));
        BENCH_MUST(connection.execute_later(kPutSeen, {counter[0], counter[2]}));
        BENCH_MUST(connection.execute_later(kPutReference, {"fr", 2026}));
      }
      BENCH_MUST(connection.execute_later(kPutCheckpoint, checkpoint_rows[groups++ % checkpoint_rows.size()]));
      BENCH_MUST(connection.execute_later(kPutHead, head_row));
      BENCH_MUST(connection.notify("entraide_ledger", "1"));
      BENCH_MUST(transaction.commit());
    }
    cpu = process_cpu() - begin;
  }
  BENCH_MUST(target->close());
  reading.reset();
  BENCH_MUST(source->close());
  return cpu / static_cast<double>(count);
}

double measure_request(const Folder& folder, const std::vector<Lane>& lanes, std::size_t count,
                       std::size_t answer_bytes) {
  const std::uint16_t port = free_port();
  make_certificate(folder / "echo.pem", folder / "echo.key");
  const std::vector<std::string> arguments{
      "bench", "--echo=" + std::to_string(port), "--answer=" + std::to_string(answer_bytes),
      "--certificate=" + (folder / "echo.pem"), "--key=" + (folder / "echo.key")};
  std::vector<char*> raw;
  for (const std::string& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
  raw.push_back(nullptr);
  int ready[2];
  if (::pipe(ready) != 0) std::abort();
  const int child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::dup2(ready[1], 3);
    ::execv("/proc/self/exe", raw.data());
    _exit(127);
  }
  ::close(ready[1]);
  char byte = 0;
  if (::read(ready[0], &byte, 1) != 1) std::fprintf(stderr, "bench: the echo server did not start\n"), std::exit(1);
  std::vector<std::unique_ptr<Wire>> wires;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    wires.push_back(std::make_unique<Wire>(port, true));
    wires.back()->do_not_block();
  }
  const double begin = process_cpu(child);
  const LoadResult result = run_load(wires, lanes, 0, count, 0);
  const double cpu = process_cpu(child) - begin;
  wires.clear();
  ::kill(child, SIGTERM);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  return cpu / static_cast<double>(result.done);
}

bool not_the_echo(int argc, char** argv) {
  const std::string port = option(argc, argv, "echo", "");
  if (port.empty()) return true;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  SystemClock clock;
  SystemRandom random;
  metrics::Registry metrics;
  net::ServerOptions options{.listen = {"https://127.0.0.1:" + port}};
  options.tls = net::TlsFiles{option(argc, argv, "certificate", ""), option(argc, argv, "key", "")};
  net::Router router;
  const std::string answer(static_cast<std::size_t>(number_option(argc, argv, "answer", 1)), 'x');
  router.add("POST", "/v1/acts", [answer](net::Request, net::Reply reply) {
    std::move(reply).send(net::Response::of(201, "application/json", answer));
  });
  auto server = BENCH_MUST(net::Server::start(std::move(options), std::move(router), {clock, random, metrics}));
  if (::write(3, "r", 1) != 1) std::exit(1);
  int signal = 0;
  sigwait(&set, &signal);
  server.reset();
  std::exit(0);
}

std::string fresh_postgres(const std::string& conninfo, const std::string& name) {
  const std::string command = "psql -q \"" + conninfo + "\" -c 'drop database if exists " + name +
                              "' -c 'create database " + name + "' 2>/dev/null";
  if (std::system(command.c_str()) != 0)
    std::fprintf(stderr, "bench: psql could not make a database\n"), std::exit(1);
  std::string out = conninfo;
  const std::size_t at = out.find("dbname=");
  if (at == std::string::npos) return out + " dbname=" + name;
  return out.replace(at, out.find(' ', at) == std::string::npos ? out.size() - at : out.find(' ', at) - at,
                     "dbname=" + name);
}

}  // namespace entraide::bench
