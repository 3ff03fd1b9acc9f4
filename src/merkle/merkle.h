#pragma once

// The ledger's arithmetic: what makes it impossible to change, drop or reorder an entry unseen. Pure: no
// files, no network, no clock; every function may be called from any thread.
//
//   tree.h        leaf and node hashes, `Frontier` (append and root in a few hashes), verification of proofs
//   levels.h      `HashReader`, `HashLevels` (hashes in memory), `Prover`, `BatchProver`: making proofs
//   tiles.h       the tree as static files of 256 hashes, and bundles of entries (c2sp.org/tlog-tiles)
//   entry.h       one entry of the ledger: kind, time, commitment to a body
//   note.h        signed notes and their keys (c2sp.org/signed-note)
//   checkpoint.h  origin, size and root, signed by the log, cosigned by witnesses (c2sp.org/tlog-checkpoint)
//   policy.h      which logs, witnesses and quorum somebody trusts (c2sp.org/tlog-policy)
//   receipt.h     the proof that a body is in the ledger, checked offline (c2sp.org/tlog-proof)
//   witness.h     what a log and a witness say to each other (c2sp.org/tlog-witness)
//   keymap.h      the current keys of every subject, provable entry by entry
//
// An entry's road: body -> commitment -> `Entry` -> bytes -> `leaf_hash` -> `Frontier` -> `Checkpoint` -> note.
// A receipt walks it again, offline.

#include "merkle/checkpoint.h"
#include "merkle/entry.h"
#include "merkle/keymap.h"
#include "merkle/levels.h"
#include "merkle/note.h"
#include "merkle/policy.h"
#include "merkle/receipt.h"
#include "merkle/tiles.h"
#include "merkle/tree.h"
#include "merkle/witness.h"
