#pragma once

// A checkpoint (c2sp.org/tlog-checkpoint) is a signed note whose text is three lines: the log's origin, the tree
// size, the root hash in base64. Extension lines are allowed there and refused here: nobody could audit them.

#include "merkle/note.h"
#include "merkle/tree.h"

namespace entraide::merkle {

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Digest root = empty_root();
  bool operator==(const Checkpoint&) const = default;
};

/// The text that is signed. `origin` is a key name: the caller's promise.
std::string to_text(const Checkpoint& checkpoint);
/// Rule: merkle.checkpoint.
Result<Checkpoint> parse_checkpoint_text(std::string_view text);

/// A checkpoint with the note that it came in; nothing about the signatures has been checked yet.
struct SignedCheckpoint {
  Checkpoint checkpoint;
  Note note;
};
/// Rules: those of `parse_note` and `parse_checkpoint_text`.
Result<SignedCheckpoint> parse_checkpoint(std::string_view note);

/// Signs as the log; the key's name is the origin.
SignedCheckpoint sign_checkpoint(const Checkpoint& checkpoint, const crypto::LogSigningKey& key);

/// A checkpoint that this log signed. `log` is of type ed25519 and its name is the origin.
/// Rules: merkle.checkpoint.origin, merkle.checkpoint.unsigned, merkle.note.forged.
Result<Checkpoint> verify_checkpoint(const SignedCheckpoint& signed_checkpoint, const NoteVerifier& log);

}  // namespace entraide::merkle
