#pragma once

// A receipt shows, offline, that a body is in the ledger (c2sp.org/tlog-proof, version 1):
//
//   c2sp.org/tlog-proof@v1
//   extra <base64 of: blind, 32 bytes; unix seconds, BE64>
//   index <leaf index>
//   <base64 hash>                      zero or more, leaf to root
//   <empty line>
//   <checkpoint, with its signatures>
//
// Body and kind travel beside it. From them and the extra line the entry is made again, from the entry the
// leaf, from leaf and hashes the root; the root is what the log signed and the witnesses cosigned.

#include "merkle/entry.h"
#include "merkle/policy.h"

namespace entraide::merkle {

constexpr std::size_t kReceiptBytesMax = kNoteBytesMax + (8 << 10);

struct Receipt {
  Blind blind;
  std::int64_t unix_seconds = 0;
  std::uint64_t leaf_index = 0;
  Proof proof;
  SignedCheckpoint checkpoint;
};

std::string to_text(const Receipt& receipt);
/// The same for many receipts of one checkpoint, whose text (`note`) is made once.
std::string receipt_text(const Blind& blind, std::int64_t unix_seconds, std::uint64_t leaf_index, const Proof& proof,
                         std::string_view note);
/// Strict and bounded. Rules: merkle.receipt, and those of `parse_checkpoint`.
Result<Receipt> parse_receipt(std::string_view text);

/// What was looked at, in the order in which it is looked at.
enum class ReceiptCheck {
  format,         // the text is a receipt
  entry,          // the entry made again from kind, time, blind and body; never fails by itself
  inclusion,      // the hashes lead from the entry to the checkpoint's root
  log_signature,  // a log of the policy signed the checkpoint
  cosignature,    // one step for each witness of the policy
  quorum,         // enough of them, as the policy counts
};
std::string_view to_text(ReceiptCheck check);

struct ReceiptStep {
  ReceiptCheck check;
  bool holds = false;
  std::string words;  // one sentence, for a person
  std::vector<std::pair<std::string, std::string>> values = {};
};

/// What a receipt is worth. Every step is there that could be taken; a step that could not (because the one
/// before it failed) is left out.
struct ReceiptVerdict {
  bool logged = false;     // in a tree that a log of the policy signed
  bool witnessed = false;  // and enough witnesses saw the same tree
  std::vector<ReceiptStep> steps;
  std::optional<Receipt> receipt;  // once it could be read
};

/// `body_digest` is SHA-256 of the body: of an act file, or of a map entry's text. Any thread.
ReceiptVerdict verify_receipt(const Digest& body_digest, EntryKind kind, std::string_view proof_text,
                              const Policy& policy);
ReceiptVerdict verify_receipt(BytesView body, EntryKind kind, std::string_view proof_text, const Policy& policy);

}  // namespace entraide::merkle
