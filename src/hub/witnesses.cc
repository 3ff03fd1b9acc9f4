#include "hub/witnesses.h"

#include "base/log.h"
#include "hub/tiles.h"

namespace entraide::hub {
namespace {

// The witness says what it knows once; what it then still does not take, it does not take.
constexpr int kAttempts = 2;

std::unexpected<Error> refused(const merkle::PolicyWitness& witness, const std::string& why) {
  return fail(Errc::not_authentic, "merkle.witness.refused", "witness " + witness.name + ": " + why);
}

}  // namespace

Witnesses::Witnesses(AskWitness ask, metrics::Registry& metrics)
    : ask_(std::move(ask)),
      witnessed_(metrics.gauge("entraide_witnessed_tree_size",
                               "size of the newest checkpoint with a witness's cosignature")),
      silent_(metrics.counter("entraide_witness_silent_total", "witnesses asked that gave no answer")),
      refused_(metrics.counter("entraide_witness_refused_total", "witnesses asked that would not cosign")) {}

Result<> Witnesses::ask_one(const merkle::PolicyWitness& witness, merkle::SignedCheckpoint& checkpoint,
                            const store::Blobs& blobs) {
  const std::uint64_t size = checkpoint.checkpoint.size;
  std::uint64_t old_size = std::min(cosigned_[witness.name], size);
  for (int attempt = 1;; ++attempt) {
    merkle::AddCheckpoint request{old_size, TRY(consistency_proof(blobs, checkpoint.checkpoint, old_size)),
                                  checkpoint};
    // Other witnesses' lines are none of this one's business.
    request.checkpoint.note.signatures.resize(1);
    const WitnessAnswer answer = TRY(ask_(witness.url + "/add-checkpoint", merkle::to_text(request)));
    if (answer.status == 200) {
      TRY(merkle::add_cosignature(checkpoint, answer.body, witness.key));
      cosigned_[witness.name] = size;
      return {};
    }
    if (answer.status >= 500 || answer.status == 429)
      return fail(Errc::unavailable, "merkle.witness.silent",
                  "witness " + witness.name + ": answered " + std::to_string(answer.status));
    if (answer.status != 409) return refused(witness, "answered " + std::to_string(answer.status));
    const std::uint64_t known = TRY(merkle::parse_conflict(answer.body));
    // A larger tree under our key that we do not have: a restored backup, or a fork.
    if (known > size)
      return refused(witness, "has cosigned size " + std::to_string(known) + ", and this ledger has only " +
                                  std::to_string(size));
    if (attempt == kAttempts) return refused(witness, "answered 409 twice");
    old_size = known;
  }
}

Cosigned Witnesses::ask_all(const merkle::Policy& policy, const merkle::SignedCheckpoint& published,
                            const store::Blobs& blobs) {
  Cosigned out{published};
  for (const merkle::PolicyWitness& witness : policy.witnesses()) {
    if (witness.url.empty()) continue;
    if (const auto asked = ask_one(witness, out.checkpoint, blobs)) {
      ++out.cosignatures;
    } else if (asked.error().code == Errc::unavailable) {
      silent_.add();
      log::warning("witness.silent", {{"witness", witness.name}, {"rule", asked.error().rule}});
    } else {
      refused_.add();
      log::error("witness.refused",
                 {{"witness", witness.name}, {"rule", asked.error().rule}, {"reason", asked.error().message}});
    }
  }
  if (out.cosignatures > 0) witnessed_.set(static_cast<std::int64_t>(published.checkpoint.size));
  return out;
}

}  // namespace entraide::hub
