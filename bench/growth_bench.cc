// What a full ledger costs: commit speed at N acts against that at 10,000, start-up, memory, bytes an act. SQLite.
//   growth_bench [--acts=N]   default 1,000,000; --small: 100,000
// Acts are signed here, checked as the hub checks them, and committed in batches of 256 by the hub's own committer.

#include <filesystem>

#include "bench/scene.h"

using namespace entraide;
using namespace entraide::bench;

namespace {

constexpr std::size_t kDevices = 16;
constexpr std::size_t kBatch = 256;

double mib(const std::string& file) {
  std::error_code none;
  const auto size = std::filesystem::file_size(file, none);
  return none ? 0 : static_cast<double>(size) / (1 << 20);
}

// The commit alone, an act: CPU and wall.
struct Cost {
  double cpu = 0, wall = 0;
  std::size_t acts = 0;
};

struct Filler {
  hub::Committer& committer;
  Scene& scene;
  std::size_t number = 0;

  Cost fill(std::size_t acts) {
    Cost cost;
    while (cost.acts < acts) {
      std::vector<hub::Submission> batch;
      const auto people = committer.directory();
      for (std::size_t i = 0; i < kBatch; ++i) {
        Scene::Prepared act = scene.next(number++ % kDevices);
        batch.push_back(BENCH_MUST(hub::receive(act.body, std::move(act.objects), *people)));
      }
      const double cpu = thread_cpu();
      const auto wall = std::chrono::steady_clock::now();
      for (const hub::Outcome& outcome : commit(committer, std::move(batch)))
        if (!outcome)
          std::fprintf(stderr, "bench: refused: %s\n", outcome.error().error.message.c_str()), std::exit(1);
      cost.cpu += thread_cpu() - cpu;
      cost.wall += seconds_since(wall);
      cost.acts += kBatch;
    }
    return cost;
  }
};

void print(const char* what, const Cost& cost) {
  std::printf("%-34s %7.0f acts/s of commit wall time, %6.0f us CPU an act\n", what,
              static_cast<double>(cost.acts) / cost.wall, cost.cpu / static_cast<double>(cost.acts) * 1e6);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const auto acts =
      static_cast<std::size_t>(number_option(argc, argv, "acts", flag(argc, argv, "small") ? 100'000 : 1'000'000));
  print_head("growth: what a full ledger costs (SQLite)");
  const Folder folder("growth");
  const ledger::Log log = make_log(folder);
  const std::string file = folder / "hub.db";
  constexpr std::size_t kEarly = 10'000, kWindow = 5120;
  double early = 0, late = 0, early_cpu = 0, late_cpu = 0;
  {
    SystemRandom random;
    SystemClock clock;
    metrics::Registry metrics;
    auto database = BENCH_MUST(store::Database::open("sqlite:" + file));
    BENCH_MUST(hub::Committer::migrate(*database));
    std::unique_ptr<hub::Shelf> shelf;
    {
      auto connection = BENCH_MUST(database->connect());
      shelf = BENCH_MUST(hub::Shelf::open(connection));
      BENCH_MUST(shelf->add(connection, BENCH_MUST(rulebook::load_folder(ENTRAIDE_RULEBOOK))));
    }
    auto committer = BENCH_MUST(hub::Committer::open({*database, log, *shelf, clock, random, metrics}));
    Scene scene(log, door_to(*committer), kDevices);
    Filler filler{*committer, scene};
    const auto begin = std::chrono::steady_clock::now();
    filler.fill(kEarly);
    const Cost first = filler.fill(kWindow);
    print("at 10,000 acts:", first);
    if (acts > kEarly + 2 * kWindow) filler.fill(acts - kEarly - 2 * kWindow);
    const Cost last = filler.fill(kWindow);
    print(("at " + std::to_string(committer->tree_size()) + " acts:").c_str(), last);
    early = static_cast<double>(first.acts) / first.wall, late = static_cast<double>(last.acts) / last.wall;
    early_cpu = first.cpu / static_cast<double>(first.acts), late_cpu = last.cpu / static_cast<double>(last.acts);
    std::printf("throughput kept: %.0f %% by wall time, %.0f %% by CPU (aim: 90 %%) %s\n", late / early * 100,
                early_cpu / late_cpu * 100, late >= 0.9 * early ? "reached" : "NOT reached");
    std::printf("filled in %.0f s; this process, which signs as well: %.0f MiB at most\n", seconds_since(begin),
                memory_of(getpid()).most);
    const auto stored = static_cast<double>(committer->tree_size());
    committer.reset();
    shelf.reset();
    BENCH_MUST(database->close());
    std::printf("database: %.0f MiB, %.0f bytes an act\n", mib(file), mib(file) * (1 << 20) / stored);
  }
  // The first start publishes tiles for all that is there; the second one is every later start.
  for (const char* which : {"first start (tiles of all entries follow)", "start-up"}) {
    ServerProcess server(folder, "sqlite:" + file);
    std::printf("%s: answers after %.2f s%s\n", which, server.started_in(),
                server.started_in() < 2 ? " (aim: 2 s) reached" : " (aim: 2 s) NOT reached");
    Wire wire(server.plain_port(), false);
    (void)wire.get("/v1/status");
    const Memory fresh = server.memory();
    while (wire.get("/ledger/checkpoint").status != 200) usleep(100'000);
    const Memory later = server.memory();
    std::printf("server memory: %.0f MiB after start, %.0f MiB with tiles published, at most %.0f MiB\n", fresh.now,
                later.now, later.most);
    std::fflush(stdout);
  }
  std::printf("load at the end: %.1f\n", load_average());
  return 0;
}
