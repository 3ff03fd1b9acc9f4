// sim [--seed=N] [--runs=N | --seconds=N] [--mutant=NAME] [--verbose]
//
// Simulates one run a seed, beginning with --seed, until the runs or the seconds are over or a promise is broken: then it
// prints the seed and what broke, and ends with 1. Without --seed it begins where the clock says. Without --runs and
// --seconds it takes ENTRAIDE_SIM_SECONDS, 30 if that is not set.

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "base/log.h"
#include "sim/run.h"

namespace entraide::sim {
namespace {

struct Arguments {
  std::uint64_t seed = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
  std::uint64_t runs = 0;
  std::uint64_t seconds = 0;
  Mutant mutant = Mutant::none;
  bool verbose = false;
};

bool read_number(std::string_view text, std::uint64_t& out) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc() && end == text.data() + text.size();
}

bool read(std::string_view argument, Arguments& out) {
  const std::size_t equals = argument.find('=');
  const std::string_view name = argument.substr(0, equals);
  const std::string_view value = equals == std::string_view::npos ? std::string_view() : argument.substr(equals + 1);
  if (name == "--seed") return read_number(value, out.seed);
  if (name == "--runs") return read_number(value, out.runs);
  if (name == "--seconds") return read_number(value, out.seconds);
  if (name == "--verbose") return out.verbose = true;
  if (name != "--mutant") return false;
  if (value == to_text(Mutant::copy)) return out.mutant = Mutant::copy, true;
  for (const Mutant mutant : kMistakes)
    if (value == to_text(mutant)) return out.mutant = mutant, true;
  return false;
}

int simulate(const Arguments& arguments) {
  auto stage = Stage::build();
  if (!stage) {
    fmt::print(stderr, "sim: {}: {}\n", stage.error().rule, stage.error().message);
    return 2;
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  Tally all;
  fmt::print("sim: from seed {}\n", arguments.seed);
  for (std::uint64_t i = 0;
       arguments.runs > 0 ? i < arguments.runs : seconds() < static_cast<double>(arguments.seconds); ++i) {
    Tally tally;
    const auto done = run(**stage, {arguments.seed + i, arguments.mutant}, tally);
    if (!done) {
      fmt::print("sim: seed {}: [{}] {}\nsim: again with --seed={} --runs=1\n", arguments.seed + i, done.error().rule,
                 done.error().message, arguments.seed + i);
      return 1;
    }
    all += tally;
  }
  fmt::print("sim: {}; {:.1f} s\n", all.words(), seconds());
  if (arguments.verbose)
    for (const auto& [rule, count] : all.refusals) fmt::print("sim: {:6} {}\n", count, rule);
  return 0;
}

}  // namespace
}  // namespace entraide::sim

int main(int count, char** words) {
  using namespace entraide;
  sim::Arguments arguments;
  const char* seconds = std::getenv("ENTRAIDE_SIM_SECONDS");
  bool good = sim::read_number(seconds != nullptr ? seconds : "30", arguments.seconds);
  for (int i = 1; i < count; ++i) good = good && sim::read(words[i], arguments);
  if (!good) {
    fmt::print(stderr, "usage: sim [--seed=N] [--runs=N | --seconds=N] [--mutant=NAME] [--verbose]\n");
    return 2;
  }
  setvbuf(stdout, nullptr, _IOLBF, 0);
  // Storage fails all the time here: the log would say nothing else.
  log::set_level(static_cast<log::Level>(static_cast<int>(log::Level::error) + (arguments.verbose ? 0 : 1)));
  return sim::simulate(arguments);
}
