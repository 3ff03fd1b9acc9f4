#pragma once

// How entries lie in rows. This folder's affair.

#include "ledger/ledger.h"

namespace entraide::ledger {

/// Columns: leaf_index, kind, time_s, act_id, body, blind, tree_size, proof.
Result<Entry> entry_of(const store::Row& row);
Digest leaf_hash_of(merkle::EntryKind kind, std::int64_t unix_seconds, const merkle::Blind& blind,
                    const Digest& body_digest);

}  // namespace entraide::ledger
