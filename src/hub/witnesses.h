#pragma once

// The witnesses that genesis names, asked for their cosignature of each published checkpoint (c2sp.org/tlog-witness, the
// log's side). A follower: nobody waits for it, acts are accepted while every witness is silent. A cosigned checkpoint takes
// the place of the published one; whoever makes a proof from it shows the quorum with it.

#include <functional>
#include <map>

#include "base/metrics.h"
#include "merkle/merkle.h"
#include "store/blobs.h"

namespace entraide::hub {

struct WitnessAnswer {
  int status = 0;
  std::string content_type;
  std::string body;
};
/// Posts a body to an address and gives what came back. Blocks for some seconds at most.
using AskWitness = std::function<Result<WitnessAnswer>(const std::string& url, const std::string& body)>;

/// What became of one round.
struct Cosigned {
  merkle::SignedCheckpoint checkpoint;
  std::size_t cosignatures = 0;
};

/// One thread.
class Witnesses {
 public:
  Witnesses(AskWitness ask, metrics::Registry& metrics);

  /// Asks every witness of `policy` that has an address to cosign `published`, whose tiles are in `blobs`. A witness that is
  /// out of reach is asked again in the next round. One that refuses (it has seen another history, or knows this ledger not at
  /// all) is an alarm: logged as an error, and counted.
  Cosigned ask_all(const merkle::Policy& policy, const merkle::SignedCheckpoint& published,
                   const store::Blobs& blobs);

 private:
  Result<> ask_one(const merkle::PolicyWitness& witness, merkle::SignedCheckpoint& checkpoint,
                   const store::Blobs& blobs);

  AskWitness ask_;
  std::map<std::string, std::uint64_t> cosigned_;  // by the witness's name: the size that it is known to have seen
  metrics::Gauge& witnessed_;
  metrics::Counter& silent_;
  metrics::Counter& refused_;
};

}  // namespace entraide::hub
