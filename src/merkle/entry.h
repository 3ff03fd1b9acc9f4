#pragma once

// One entry of the ledger, three lines of ASCII:
//
//   entraide/1 <kind>\n          act | dir | map | note
//   <unix seconds>\n             decimal, no leading zeros: when the hub admitted it
//   <base64 of 32 bytes>\n       the commitment to a body: H("entraide/commit/v1\n" || blind || H(body))
//
// Nothing of the body is in it: once the blind is destroyed, the commitment says nothing to anybody.

#include "base/ids.h"

namespace entraide::merkle {

/// `note` is the hub's own statement (a clock fired, an erasure was done): no act, and it binds nobody.
enum class EntryKind { act, dir, map, note };

/// 32 random bytes that keep a commitment silent.
using Blind = Hash32<struct BlindTag>;
/// What an entry says of its body.
using Commitment = Hash32<struct CommitmentTag>;

struct Entry {
  EntryKind kind = EntryKind::act;
  std::int64_t unix_seconds = 0;  // 0 to kEntrySecondsMax
  Commitment commitment;
  bool operator==(const Entry&) const = default;
};
constexpr std::int64_t kEntrySecondsMax = 253402300799;  // 9999-12-31T23:59:59Z

std::string_view to_text(EntryKind kind);
/// Rule: merkle.entry.kind.
Result<EntryKind> entry_kind_from_text(std::string_view text);

Commitment commit(const Blind& blind, const Digest& body_digest);

/// The bytes that are hashed as a leaf and served in bundles.
std::string to_text(const Entry& entry);
/// Strict: one entry has one text. Rules: merkle.entry, merkle.entry.kind.
Result<Entry> parse_entry(std::string_view text);

}  // namespace entraide::merkle
