#pragma once

// The ledger as static files that anybody's tools can check (c2sp.org/tlog-tiles): a follower that writes tiles,
// entry bundles and the newest checkpoint among the blobs. Rebuildable from the rows at any time.

#include "ledger/ledger.h"
#include "store/blobs.h"

namespace entraide::hub {

/// Where a ledger resource ("checkpoint", "tile/0/000.p/3") lies among the blobs.
std::string ledger_blob_key(std::string_view resource);

/// Writes what has come since the published checkpoint, then publishes the newest one. Gives its size. One caller at a time.
Result<std::int64_t> publish_tiles(store::Connection& connection, store::Blobs& blobs);

}  // namespace entraide::hub
