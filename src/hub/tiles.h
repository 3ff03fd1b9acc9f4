#pragma once

// The ledger as static files that anybody's tools can check (c2sp.org/tlog-tiles): a follower that writes tiles,
// entry bundles and the newest checkpoint among the blobs. Rebuildable from the rows at any time.

#include "ledger/ledger.h"
#include "store/blobs.h"

namespace entraide::hub {

/// Where a ledger resource ("checkpoint", "tile/0/000.p/3") lies among the blobs.
std::string ledger_blob_key(std::string_view resource);

/// Writes what has come since the published checkpoint, then publishes the newest one. Gives its size. One caller at a time.
/// A published checkpoint of that size stays as it is, with what witnesses have put to it.
Result<std::int64_t> publish_tiles(store::Connection& connection, store::Blobs& blobs);

/// What is published now; none before the first time.
Result<std::optional<merkle::SignedCheckpoint>> published_checkpoint(const store::Blobs& blobs);
/// That the published tree of `to` begins with its first `old_size` leaves, out of the tiles.
/// Rules: merkle.hash.missing, merkle.proof.root (the tiles are not those of `to`).
Result<merkle::Proof> consistency_proof(const store::Blobs& blobs, const merkle::Checkpoint& to,
                                        std::uint64_t old_size);

}  // namespace entraide::hub
