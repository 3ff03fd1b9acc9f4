#pragma once

// What has left the hub's process and can never be taken back: answers that clients remember, checkpoints that anybody may
// have seen. After every restart the ledger is held against it. A breach is an error of a rule "sim.*".

#include <map>

#include "hub/outcome.h"
#include "sim/stage.h"

namespace entraide::sim {

struct SentAct {
  enum class Fate {
    unsettled,  // no answer, or one that says to send it again
    admitted,  // a receipt came back
    refused,  // and it is never sent again
  };
  ActId id;
  act::Act act;
  std::string body;
  std::vector<std::string> objects;
  Fate fate = Fate::unsettled;
  std::string receipt;
  std::int64_t index = 0;
};

class Memory {
 public:
  explicit Memory(Stage& stage) : stage_(stage) {}

  /// Before an act is sent for the first time. The reference stays valid.
  Result<SentAct*> remember(std::string body, std::vector<std::string> objects);
  SentAct* find(const ActId& id);
  const std::vector<SentAct*>& admitted() const { return admitted_; }

  /// An answer that has left the process; `heard` says whether the client got it.
  /// Rules: sim.receipt.changed, sim.receipt.false, sim.checkpoint.fork, sim.refused.admitted, sim.refused.checkpoint.
  Result<> take_answer(SentAct& sent, const hub::Outcome& outcome, bool heard);
  /// A checkpoint as the world can fetch it. Rules: sim.checkpoint.false, sim.checkpoint.fork.
  Result<> take_checkpoint(std::string_view note);
  /// The newest one that has left the process.
  act::CheckpointRef newest_checkpoint() const;

  /// The ledger keeps every promise. Rules: sim.fsck, sim.receipt.lost, sim.receipt.changed, sim.checkpoint.lost,
  /// sim.act.twice, sim.act.foreign, sim.act.changed, sim.refused.admitted, sim.counter.
  Result<> check(store::Connection& connection) const;
  /// Projections are what the ledger says. Rule: sim.projection.
  Result<> check_projections(store::Connection& connection) const;

 private:
  Result<> publish(std::int64_t size, const Digest& root);
  Result<> check_entries(store::Connection& connection) const;

  Stage& stage_;
  std::map<ActId, std::unique_ptr<SentAct>> sent_;
  std::vector<SentAct*> admitted_;
  std::map<std::int64_t, Digest> published_;
};

}  // namespace entraide::sim
