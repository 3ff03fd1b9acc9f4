#include <fmt/format.h>

#include "base/log.h"
#include "sim/run.h"
#include "testing/testing.h"

namespace entraide::sim {
namespace {

constexpr int kBatches = 30;
constexpr std::uint64_t kSeedsMost = 25;  // within which every mistake must show; most do with the first

Stage& stage() {
  static const std::unique_ptr<Stage> built = [] {
    log::set_level(
        static_cast<log::Level>(static_cast<int>(log::Level::error) + 1));  // storage fails all the time here
    return MUST(Stage::build());
  }();
  return *built;
}

std::string outcome_of(const Result<>& done) {
  return done ? "all promises kept" : done.error().rule + ": " + done.error().message;
}

}  // namespace

TEST_CASE("the real committer, and the copy that mistakes are planted in, keep every promise") {
  for (const Mutant mutant : {Mutant::none, Mutant::copy}) {
    Tally tally;
    const std::string outcome = outcome_of(run(stage(), {1, mutant, kBatches}, tally));
    INFO("committer: ", to_text(mutant), ", seed 1");
    CHECK(outcome == "all promises kept");
    // It did see disasters, and acts went through between them.
    CHECK(tally.admitted > 20);
    CHECK(tally.power_cuts + tally.kills + tally.failures > 3);
  }
}

TEST_CASE("every planted mistake is found within a few seeds") {
  for (const Mutant mutant : kMistakes) {
    std::uint64_t seed = 1;
    Tally tally;
    Result<> done;
    while ((done = run(stage(), {seed, mutant, kBatches}, tally)) && seed < kSeedsMost) ++seed;
    INFO("mistake: ", to_text(mutant));
    CHECK(!done);
    if (!done) fmt::print("{}: found with seed {}: {}\n", to_text(mutant), seed, outcome_of(done));
  }
}

TEST_CASE("the same seed gives the same run") {
  Tally first, second;
  MUST(run(stage(), {7, Mutant::none, 8}, first));
  MUST(run(stage(), {7, Mutant::none, 8}, second));
  CHECK(first.words() == second.words());
  CHECK(first.refusals == second.refusals);
}

}  // namespace entraide::sim
