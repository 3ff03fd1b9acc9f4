#pragma once

// What a log and a witness say to each other (c2sp.org/tlog-witness), as text; the HTTP around it is elsewhere.
//
//   POST <prefix>/add-checkpoint     old <size>\n  <base64 hash>\n ...  \n  <checkpoint>
//   200                              signature lines
//   409, text/x.tlog.size            <size>\n: the witness knows that size; try again from there

#include "merkle/checkpoint.h"

namespace entraide::merkle {

struct AddCheckpoint {
  std::uint64_t old_size = 0;
  Proof proof;  // of consistency; empty from zero
  SignedCheckpoint checkpoint;
};
std::string to_text(const AddCheckpoint& request);
/// Rules: merkle.witness.request, and those of `parse_checkpoint`.
Result<AddCheckpoint> parse_add_checkpoint(std::string_view body);

/// The size of a 409 answer. Rule: merkle.witness.size.
Result<std::uint64_t> parse_conflict(std::string_view body);
std::string conflict_text(std::uint64_t size);

/// Takes from a 200 answer the cosignature of that witness, checked, and puts it to the checkpoint in place of
/// an older one by the same key; lines of other keys are left out. Says when the witness cosigned.
/// Rules: merkle.witness.silent, merkle.note.forged, merkle.note.signature, merkle.note.size.
Result<std::int64_t> add_cosignature(SignedCheckpoint& to, std::string_view answer, const NoteVerifier& witness);

}  // namespace entraide::merkle
