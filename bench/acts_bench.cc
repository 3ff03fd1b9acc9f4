// Durable acts over TLS 1.3 against the real server, with the load beside it on the same cores.
//   acts_bench [--small] [--lanes=64] [--object=4096] [--acts=N] [--rounds=9] [--seconds=S] [--database=sqlite|postgresql]
// CPU of an act and of each limit is the median of several rounds, taken in turns: neighbours disturb both alike.
// PostgreSQL is measured where ENTRAIDE_TEST_PG leads to one (script/bench starts it, every sync in place).

#include <cstdio>
#include <cstdlib>
#include <unordered_map>

#include "bench/limits.h"

using namespace entraide;
using namespace entraide::bench;

namespace {

struct Plan {
  std::size_t lanes, object_bytes, most, rounds, seconds;
};

// Acts with their requests, and who waits for which event.
struct Prepared {
  std::vector<Lane> lanes;
  std::vector<std::vector<std::string>> ids;
  std::unordered_map<std::string, SteadyTime> due;  // by act id, from sending to hearing

  /// `count` acts in turn by the devices [first, end): each device has a lane.
  void prepare(Scene& scene, std::size_t first, std::size_t end, std::size_t count) {
    lanes.assign(end - first, {});
    ids.assign(end - first, {});
    due.clear();
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t lane = i % lanes.size();
      const Scene::Prepared act = scene.next(first + lane);
      lanes[lane].requests.push_back(request_text("POST", "/v1/acts", submission_text(act.body, act.objects)));
      ids[lane].push_back(act.id);
    }
  }
};

void complain(const LoadResult& result) {
  if (result.failed > 0)
    std::printf("  %zu FAILED, the first: %s\n", result.failed, result.first_failure.substr(0, 300).c_str());
}

// Takes the ids out of whole lines of event data, and notes how late each came.
struct Listener {
  Prepared& acts;
  std::vector<double> late_ms;
  void hear(std::string& pending) {
    static constexpr std::string_view kBegin = "\"id\":\"";
    const auto now = std::chrono::steady_clock::now();
    std::size_t end = 0;
    for (std::size_t line; (line = pending.find('\n', end)) != std::string::npos; end = line + 1) {
      const std::string_view text(pending.data() + end, line - end);
      const std::size_t at = text.starts_with("data:") ? text.find(kBegin) : std::string_view::npos;
      if (at == std::string_view::npos) continue;
      const auto found = acts.due.find(std::string(text.substr(at + kBegin.size(), 43)));
      if (found == acts.due.end()) continue;
      late_ms.push_back(std::chrono::duration<double, std::milli>(now - found->second).count());
      acts.due.erase(found);
    }
    pending.erase(0, end);
  }
};

void measure(const std::string& name, const Plan& plan, const std::string& database_url,
             const std::function<std::string()>& fresh_scratch) {
  const Folder folder("acts-" + name);
  const std::string database = database_url.empty() ? "sqlite:" + (folder / "hub.db") : database_url;
  const ledger::Log log = make_log(folder);
  ServerProcess server(folder, database);
  Wire plain(server.plain_port(), false);
  Scene scene(log, door_to(plain), plan.lanes, plan.object_bytes);
  std::vector<std::unique_ptr<Wire>> wires;
  for (std::size_t i = 0; i < plan.lanes; ++i) {
    wires.push_back(std::make_unique<Wire>(server.tls_port(), true));
    wires.back()->do_not_block();
  }

  Prepared acts;
  std::printf("\n## %s, %zu connections, sealed objects of %zu bytes\n", name.c_str(), plan.lanes, plan.object_bytes);
  acts.prepare(scene, 0, plan.lanes, plan.lanes * 4);
  complain(run_load(wires, acts.lanes, 0, plan.lanes * 4, 0));  // statements prepared, caches warm

  // A device whose act was not sent leaves a gap: the others go on.
  std::vector<std::unique_ptr<Wire>> rest;
  for (std::size_t i = 1; i < wires.size(); ++i) rest.push_back(std::move(wires[i]));
  const std::int64_t first = scene.world().checkpoint().size + static_cast<std::int64_t>(plan.lanes) * 4;
  const std::string one_body = scene.next(0).body;  // never sent: device 0 sends no more
  std::vector<double> act_cpu, possible, verify_cpu, request_cpu, commit_cpu;
  for (std::size_t round = 0; round < plan.rounds; ++round) {
    acts.prepare(scene, 1, plan.lanes, plan.most / plan.rounds);
    const double cpu_before = server.cpu(), mine_before = process_cpu();
    LoadResult most = run_load(rest, acts.lanes, 0, plan.most / plan.rounds, 0);
    const auto done = static_cast<double>(most.done);
    const double cpu = (server.cpu() - cpu_before) / done, mine = (process_cpu() - mine_before) / done;
    complain(most);
    std::printf(
        "as fast as it goes: %.0f acts/s; submit to receipt p50 %.1f ms, p99 %.1f ms; server CPU an act %.0f us, the "
        "load "
        "generator's %.0f us\n",
        done / most.wall, quantile(most.latency_ms, 0.5), quantile(most.latency_ms, 0.99), cpu * 1e6, mine * 1e6);
    act_cpu.push_back(cpu);
    possible.push_back(2 / (cpu + mine));
    verify_cpu.push_back(measure_verify(one_body));
    request_cpu.push_back(measure_request(folder, acts.lanes, plan.most / plan.rounds, 2000));
  }
  const double an_act = quantile(act_cpu, 0.5);
  std::printf(
      "server CPU an act: %.0f us; with the load generator's, two cores would do %.0f acts/s (medians of %zu)\n",
      an_act * 1e6, quantile(possible, 0.5), plan.rounds);
  Reader reader(plain, scene.asked(), scene.clock(), scene.random());
  Wire ear(server.tls_port(), true);
  ear.send(request_text("GET", "/v1/events?authority=" + std::string(Scene::kAsked), {},
                        reader.headers("GET", "https://127.0.0.1/v1/events")));
  while (ear.pending().find("\r\n\r\n") == std::string::npos)
    if (!ear.receive()) break;
  if (!ear.pending().starts_with("HTTP/1.1 200"))
    std::printf("event stream: %s\n", ear.pending().c_str()), std::exit(1);
  ear.do_not_block();
  for (const double rate : {100.0, 500.0, 1000.0}) {
    const auto count = static_cast<std::size_t>(rate) * plan.seconds;
    Prepared some;
    some.prepare(scene, 1, plan.lanes, count);
    Listener listener{some, {}};
    Watch watch;
    watch.sent = [&](std::size_t lane, std::size_t number, SteadyTime due) {
      some.due[some.ids[lane][number]] = due;
    };
    watch.listener = &ear;
    watch.heard = [&](std::string& pending) { listener.hear(pending); };
    const auto failed_by = std::chrono::steady_clock::now() + Seconds(static_cast<std::int64_t>(plan.seconds) + 60);
    watch.complete = [&] { return some.due.empty() || std::chrono::steady_clock::now() > failed_by; };
    LoadResult result = run_load(rest, some.lanes, 0, count, rate, watch);
    complain(result);
    std::printf(
        "%5.0f acts/s offered, %5.0f done: to receipt p50 %6.1f ms, p99 %6.1f ms; to the receiver's event p50 %6.1f "
        "ms, p99 %6.1f ms (%zu of %zu heard)\n",
        rate, static_cast<double>(result.done) / result.wall, quantile(result.latency_ms, 0.5),
        quantile(result.latency_ms, 0.99), quantile(listener.late_ms, 0.5), quantile(listener.late_ms, 0.99),
        listener.late_ms.size(), count);
    std::fflush(stdout);
  }
  const Memory memory = server.memory();
  std::printf("server memory: %.0f MiB, at most %.0f MiB\n", memory.now, memory.most);
  server.stop();

  const auto count = static_cast<std::int64_t>(std::min<std::size_t>(plan.most, 8000));
  const double group = std::max(1.0, mean_group(database, first, static_cast<std::int64_t>(plan.most)));
  for (std::size_t round = 0; round < plan.rounds; ++round) {
    const std::string scratch =
        fresh_scratch ? fresh_scratch() : "sqlite:" + (folder / ("limit" + std::to_string(round) + ".db"));
    commit_cpu.push_back(measure_commit(database, scratch, first, count, static_cast<std::size_t>(group + 0.5)));
  }
  const Limits limits{quantile(verify_cpu, 0.5), quantile(commit_cpu, 0.5), quantile(request_cpu, 0.5)};
  std::printf(
      "limits, CPU: ES256 verify %.0f us + commit of the same rows in groups of %.1f %.0f us + TLS request %.0f us = "
      "%.0f us\n",
      limits.verify * 1e6, group, limits.commit * 1e6, limits.request * 1e6, limits.sum() * 1e6);
  std::printf("ratio: %.2f of the sum of limits (aim: at most 1.50) %s\n", an_act / limits.sum(),
              an_act <= 1.5 * limits.sum() ? "reached" : "NOT reached");
  std::printf("load at the end: %.1f\n", load_average());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (!not_the_echo(argc, argv)) return 0;
  const bool small = flag(argc, argv, "small");
  const Plan plan{static_cast<std::size_t>(number_option(argc, argv, "lanes", 64)),
                  static_cast<std::size_t>(number_option(argc, argv, "object", 4096)),
                  static_cast<std::size_t>(number_option(argc, argv, "acts", small ? 3000 : 20'000)),
                  static_cast<std::size_t>(number_option(argc, argv, "rounds", small ? 2 : 5)),
                  static_cast<std::size_t>(number_option(argc, argv, "seconds", small ? 4 : 15))};
  print_head("acts: durable, over TLS 1.3, server in a process of its own");
  const std::string only = option(argc, argv, "database", "");
  if (only != "postgresql") measure("sqlite", plan, "", nullptr);
  const char* postgres = std::getenv("ENTRAIDE_TEST_PG");
  if (only != "sqlite" && postgres != nullptr) {
    measure("postgresql", plan, fresh_postgres(postgres, "bench_hub"),
            [&] { return fresh_postgres(postgres, "bench_limit"); });
  } else if (only != "sqlite") {
    std::printf("\npostgresql: not measured, ENTRAIDE_TEST_PG is not set\n");
  }
  return 0;
}
