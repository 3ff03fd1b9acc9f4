#pragma once

// What all runs of a process share: the rulebook, the keys of a small world, and the bytes of a database in which
// that world is enrolled. Built once, by real acts through the real committer; every run begins with a copy.

#include "demo/world.h"
#include "hub/rebuild.h"
#include "merkle/policy.h"
#include "sim_disk/sim_disk.h"

namespace entraide::sim {

inline constexpr char kDatabasePath[] = "/hub/hub.db";

/// Makes OpenSSL draw from a generator of ours, begun anew with `seed`: signatures and serial numbers are then the same
/// each time. For a whole process, and for one thread.
void seed_openssl(std::uint64_t seed);

class Stage {
 public:
  /// The same world in every process.
  static Result<std::unique_ptr<Stage>> build();

  /// Sets time, randomness and OpenSSL for a run, and gives it a world of its own whose acts go to `door`.
  demo::World begin(std::uint64_t seed, demo::Door door);

  /// A disk as the machine finds it on the day that the run begins.
  Result<> furnish(SimDisk& disk) const;

  const rulebook::Rulebook& rules() const { return *rules_; }
  hub::Shelf& shelf() { return *shelf_; }
  const ledger::Log& log() const { return log_; }
  const merkle::Policy& policy() const { return policy_; }
  /// What officers fill in, by the name of the file in the rulebook's examples.
  const codec::Json& answers(const std::string& name) const { return answers_.at(name); }

  ManualClock clock;
  SeededRandom random;  // of the clients

 private:
  Stage(ledger::Log log, merkle::Policy policy);
  Result<> read_answers();
  Result<> enrol();

  std::unique_ptr<hub::Shelf> shelf_;
  std::shared_ptr<const rulebook::Rulebook> rules_;
  ledger::Log log_;
  merkle::Policy policy_;
  std::map<std::string, codec::Json> answers_;
  demo::Door door_;
  std::optional<demo::World> world_;
  Bytes database_;
};

}  // namespace entraide::sim
