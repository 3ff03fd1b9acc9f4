// Durable acts over TLS 1.3 against the real server, with the load beside it on the same cores.
//   acts_bench [--small] [--lanes=64] [--object=4096] [--acts=N] [--rounds=R] [--seconds=S] [--database=sqlite|postgresql]
// An act's turn and its limits' turns alternate, a second or two each, so that neighbours disturb both alike; what counts is
// the median of the ratios of the pairs.
// PostgreSQL is measured where ENTRAIDE_TEST_PG leads to one (script/bench starts it, every sync in place).

#include <cstdio>
#include <cstdlib>
#include <unordered_map>

#include "bench/commit_limit.h"
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

// CPU of one act, or of its limits, in seconds; `database`: what PostgreSQL's own processes used for it.
struct Limits {
  double verify = 0;
  CommitLimit::Cost commit;
  double request = 0;
  double own() const { return verify + commit.own + request; }
  double all() const { return own() + commit.database; }
};
struct Turn {
  double own = 0, database = 0, rate = 0, possible = 0, p50 = 0, p99 = 0;
  double ratio = 0, ratio_all = 0;
};

template <class T, class F>
std::string spread(const std::vector<T>& of, const char* format, F&& value) {
  std::vector<double> values;
  for (const T& one : of) values.push_back(value(one));
  const double middle = quantile(values, 0.5), low = quantile(values, 0.25), high = quantile(values, 0.75);
  char text[3][32];
  std::snprintf(text[0], sizeof text[0], format, middle);
  std::snprintf(text[1], sizeof text[1], format, low);
  std::snprintf(text[2], sizeof text[2], format, high);
  return std::string(text[0]) + " (" + text[1] + " to " + text[2] + ")";
}

class Acts {
 public:
  Acts(std::string name, const Plan& plan, const std::string& hub, const std::string& scratch, const char* postgres)
      : name_(std::move(name)),
        plan_(plan),
        folder_("acts-" + name_),
        hub_(hub.empty() ? "sqlite:" + (folder_ / "hub.db") : hub),
        log_(make_log(folder_)),
        server_(folder_, hub_),
        plain_(server_.plain_port(), false),
        scene_(log_, door_to(plain_), plan.lanes, plan.object_bytes),
        echo_(folder_, plan.lanes - 1, kAnswerBytes),
        commit_(hub_, scratch.empty() ? "sqlite:" + (folder_ / "limit.db") : scratch) {
    if (postgres != nullptr) {
      hub_cpu_.emplace(postgres, "bench_hub");
      limit_cpu_.emplace(postgres, "bench_limit");
    }
    for (std::size_t i = 1; i < plan.lanes; ++i) {
      wires_.push_back(std::make_unique<Wire>(server_.tls_port(), true));
      wires_.back()->do_not_block();
    }
    next_ = scene_.world().checkpoint().size;
    one_body_ = scene_.next(0).body;  // never sent: this leaves a gap, and device 0 sends no more
  }

  void run() {
    std::printf("\n## %s, %zu connections, sealed objects of %zu bytes\n", name_.c_str(), plan_.lanes,
                plan_.object_bytes);
    turns();
    if (plan_.seconds > 0) latencies();
    const Memory memory = server_.memory();
    std::printf("server memory: %.0f MiB, at most %.0f MiB\n", memory.now, memory.most);
    server_.stop();
    std::printf("load at the end: %.1f\n", load_average());
    std::fflush(stdout);
  }

 private:
  static constexpr std::size_t kAnswerBytes = 1600;  // about what an act is answered with

  // Acts and limits in turns: an act's turn is held against the mean of the limits' turns before and after it.
  void turns() {
    const std::size_t each = plan_.most / plan_.rounds;
    act_turn(each);  // statements prepared, caches warm
    std::vector<Limits> limits{limit_turn(each)};
    std::vector<Turn> turns;
    for (std::size_t round = 0; round < plan_.rounds; ++round) {
      Turn turn = act_turn(each);
      limits.push_back(limit_turn(each));
      const Limits &before = limits[round], &after = limits[round + 1];
      turn.ratio = turn.own / ((before.own() + after.own()) / 2);
      turn.ratio_all = (turn.own + turn.database) / ((before.all() + after.all()) / 2);
      std::printf(
          "turn %2zu: %.0f acts/s, p50 %.1f ms, p99 %.1f ms; server CPU an act %.0f us, limits %.0f us: ratio %.2f\n",
          round + 1, turn.rate, turn.p50, turn.p99, turn.own * 1e6, after.own() * 1e6, turn.ratio);
      std::fflush(stdout);
      turns.push_back(turn);
    }
    limits.erase(limits.begin());
    const auto us = [](double seconds) { return seconds * 1e6; };
    std::printf("medians of %zu turns (and the middle half of them):\n", plan_.rounds);
    std::printf("  as fast as it goes: %s acts/s; on two cores beside the load generator %s acts/s would fit\n",
                spread(turns, "%.0f", [](const Turn& t) { return t.rate; }).c_str(),
                spread(turns, "%.0f", [](const Turn& t) { return t.possible; }).c_str());
    std::printf("  submit to receipt as fast as it goes: p50 %s ms, p99 %s ms\n",
                spread(turns, "%.1f", [](const Turn& t) { return t.p50; }).c_str(),
                spread(turns, "%.1f", [](const Turn& t) { return t.p99; }).c_str());
    std::printf("  server CPU an act: %s us\n",
                spread(turns, "%.0f", [&](const Turn& t) { return us(t.own); }).c_str());
    std::printf(
        "  limits: ES256 verify %s us + commit of the same rows %s us in groups of %s + TLS request %s us = %s us\n",
        spread(limits, "%.0f", [&](const Limits& l) { return us(l.verify); }).c_str(),
        spread(limits, "%.0f", [&](const Limits& l) { return us(l.commit.own); }).c_str(),
        spread(limits, "%.1f", [&](const Limits& l) { return l.commit.group; }).c_str(),
        spread(limits, "%.0f", [&](const Limits& l) { return us(l.request); }).c_str(),
        spread(limits, "%.0f", [&](const Limits& l) { return us(l.own()); }).c_str());
    verdict("ratio to the limits", turns, [](const Turn& t) { return t.ratio; });
    if (!hub_cpu_) return;
    std::printf("  the database's own processes: %s us an act, %s us of its limit\n",
                spread(turns, "%.0f", [&](const Turn& t) { return us(t.database); }).c_str(),
                spread(limits, "%.0f", [&](const Limits& l) { return us(l.commit.database); }).c_str());
    verdict("ratio with the database's own processes on both sides", turns,
            [](const Turn& t) { return t.ratio_all; });
  }

  template <class F>
  void verdict(const char* what, const std::vector<Turn>& turns, F&& value) {
    std::vector<double> values;
    for (const Turn& turn : turns) values.push_back(value(turn));
    std::printf("  %s: %s; aim: at most 1.50, %s\n", what, spread(turns, "%.2f", value).c_str(),
                quantile(values, 0.5) <= 1.5 ? "reached" : "NOT reached");
    std::fflush(stdout);
  }

  Turn act_turn(std::size_t count) {
    acts_.prepare(scene_, 1, plan_.lanes, count);
    const double database = hub_cpu_ ? (*hub_cpu_)() : 0, cpu = server_.cpu(), mine = process_cpu();
    LoadResult load = run_load(wires_, acts_.lanes, 0, count, 0);
    const auto done = static_cast<double>(load.done);
    Turn turn;
    turn.own = (server_.cpu() - cpu) / done;
    turn.database = hub_cpu_ ? ((*hub_cpu_)() - database) / done : 0;
    turn.possible = 2 / (turn.own + turn.database + (process_cpu() - mine) / done);
    turn.rate = done / load.wall;
    turn.p50 = quantile(load.latency_ms, 0.5);
    turn.p99 = quantile(load.latency_ms, 0.99);
    complain(load);
    if (load.failed > 0) std::exit(1);
    return turn;
  }

  Limits limit_turn(std::size_t count) {
    const auto number = static_cast<std::int64_t>(count);
    Limits out;
    out.request = echo_.measure(acts_.lanes, count);  // the load generator keeps it company
    const Company company(one_body_);
    out.verify = measure_verify(one_body_);
    out.commit = commit_.write_again(next_, number, [&] { return limit_cpu_ ? (*limit_cpu_)() : 0; });
    next_ += number;
    return out;
  }

  void latencies() {
    Reader reader(plain_, scene_.asked(), scene_.clock(), scene_.random());
    Wire ear(server_.tls_port(), true);
    ear.send(request_text("GET", "/v1/events?authority=" + std::string(Scene::kAsked), {},
                          reader.headers("GET", "https://127.0.0.1/v1/events")));
    while (ear.pending().find("\r\n\r\n") == std::string::npos)
      if (!ear.receive()) break;
    if (!ear.pending().starts_with("HTTP/1.1 200"))
      std::printf("event stream: %s\n", ear.pending().c_str()), std::exit(1);
    ear.do_not_block();
    for (const double rate : {100.0, 500.0, 1000.0}) {
      const auto count = static_cast<std::size_t>(rate) * plan_.seconds;
      acts_.prepare(scene_, 1, plan_.lanes, count);
      Listener listener{acts_, {}};
      Watch watch;
      watch.sent = [&](std::size_t lane, std::size_t number, SteadyTime due) {
        acts_.due[acts_.ids[lane][number]] = due;
      };
      watch.listener = &ear;
      watch.heard = [&](std::string& pending) { listener.hear(pending); };
      const auto failed_by =
          std::chrono::steady_clock::now() + Seconds(static_cast<std::int64_t>(plan_.seconds) + 60);
      watch.complete = [&] { return acts_.due.empty() || std::chrono::steady_clock::now() > failed_by; };
      const double cpu = server_.cpu();
      LoadResult result = run_load(wires_, acts_.lanes, 0, count, rate, watch);
      complain(result);
      const auto done = static_cast<double>(result.done);
      std::printf(
          "%5.0f acts/s offered, %5.0f done: to receipt p50 %6.1f ms, p99 %6.1f ms; to the receiver's event p50 "
          "%6.1f "
          "ms, p99 %6.1f ms (%zu of %zu heard); server CPU an act %.0f us\n",
          rate, done / result.wall, quantile(result.latency_ms, 0.5), quantile(result.latency_ms, 0.99),
          quantile(listener.late_ms, 0.5), quantile(listener.late_ms, 0.99), listener.late_ms.size(), count,
          (server_.cpu() - cpu) / done * 1e6);
      std::fflush(stdout);
    }
  }

  const std::string name_;
  const Plan plan_;
  const Folder folder_;
  const std::string hub_;
  const ledger::Log log_;
  ServerProcess server_;
  Wire plain_;
  Scene scene_;
  Echo echo_;
  CommitLimit commit_;
  std::optional<DatabaseCpu> hub_cpu_, limit_cpu_;
  std::vector<std::unique_ptr<Wire>> wires_;
  Prepared acts_;
  std::string one_body_;
  std::int64_t next_ = 0;  // the index of the first act whose rows the limit has not written yet
};

}  // namespace

int main(int argc, char** argv) {
  if (!not_the_echo(argc, argv)) return 0;
  const bool small = flag(argc, argv, "small");
  const Plan plan{static_cast<std::size_t>(number_option(argc, argv, "lanes", 64)),
                  static_cast<std::size_t>(number_option(argc, argv, "object", 4096)),
                  static_cast<std::size_t>(number_option(argc, argv, "acts", small ? 3000 : 21'000)),
                  static_cast<std::size_t>(number_option(argc, argv, "rounds", small ? 5 : 21)),
                  static_cast<std::size_t>(number_option(argc, argv, "seconds", small ? 4 : 15))};
  print_head("acts: durable, over TLS 1.3, server in a process of its own");
  const std::string only = option(argc, argv, "database", "");
  if (only != "postgresql") Acts("sqlite", plan, "", "", nullptr).run();
  const char* postgres = std::getenv("ENTRAIDE_TEST_PG");
  if (only != "sqlite" && postgres != nullptr) {
    const std::string hub = fresh_postgres(postgres, "bench_hub"), scratch = fresh_postgres(postgres, "bench_limit");
    Acts("postgresql", plan, hub, scratch, postgres).run();
  } else if (only != "sqlite") {
    std::printf("\npostgresql: not measured, ENTRAIDE_TEST_PG is not set\n");
  }
  return 0;
}
