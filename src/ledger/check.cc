#include "codec/codec.h"
#include "crypto/digest.h"
#include "ledger/rows.h"

namespace entraide::ledger {
namespace {

using store::Sql;

constexpr std::size_t kFaultsMax = 100;
constexpr Sql kAllLeaves{"ledger.all_leaves", R"sql(
  select leaf_index, kind, time_s, act_id, body, blind, tree_size, proof, body_digest, leaf_hash
  from ledger_leaf order by leaf_index)sql"};
constexpr Sql kCheckpoints{"ledger.checkpoints",
                           "select tree_size, root, note from ledger_checkpoint order by tree_size"};

void note_fault(Findings& found, std::string words) {
  if (found.faults.size() < kFaultsMax) found.faults.push_back(std::move(words));
}

struct Signed {
  std::int64_t size;
  Digest root;
};

Result<> check_checkpoint(Findings& found, const store::Row& row, const merkle::NoteVerifier& log,
                          std::vector<Signed>& out) {
  const std::int64_t size = row.integer(0);
  const auto root = row.hash<Digest>(1);
  const std::string name = "checkpoint of size " + std::to_string(size);
  const auto parsed = merkle::parse_checkpoint(row.text(2));
  const auto verified =
      parsed ? merkle::verify_checkpoint(*parsed, log) : Result<merkle::Checkpoint>(std::unexpected(parsed.error()));
  if (!verified) note_fault(found, name + ": " + verified.error().message);
  else if (static_cast<std::int64_t>(verified->size) != size || verified->root != root)
    note_fault(found, name + ": the note says another size or root than the row");
  out.push_back({size, root});
  ++found.checkpoints;
  return {};
}

}  // namespace

Result<Findings> check(store::Connection& connection, const merkle::NoteVerifier& log) {
  Findings found;
  std::vector<Signed> signed_heads;
  TRY(connection.scan(kCheckpoints, {},
                      [&](const store::Row& row) { return check_checkpoint(found, row, log, signed_heads); }));

  merkle::Frontier frontier;
  std::size_t next_head = 0;
  std::int64_t last_time = 0;
  TRY(connection.scan(kAllLeaves, {}, [&](const store::Row& row) -> Result<> {
    const Entry entry = TRY(entry_of(row));
    const std::string name = "entry " + std::to_string(entry.index);
    const auto body_digest = row.hash<Digest>(8);
    const auto leaf = row.hash<Digest>(9);
    if (entry.index != found.entries) note_fault(found, name + ": an index is missing before it");
    if (entry.unix_seconds < last_time) note_fault(found, name + ": its time runs back");
    last_time = entry.unix_seconds;
    if (!entry.body.empty() && crypto::sha256(entry.body) != body_digest)
      note_fault(found, name + ": the body is not the one that was committed to");
    if (leaf_hash_of(entry.kind, entry.unix_seconds, entry.blind, body_digest) != leaf)
      note_fault(found, name + ": the leaf hash does not fit");
    if (entry.act_id && !entry.body.empty()) {
      const auto parsed = act::parse_act(entry.body);
      if (!parsed || parsed->id != *entry.act_id)
        note_fault(found, name + ": the body is not the act that it is filed under");
    }
    frontier.append(leaf);
    ++found.entries;

    const auto head_of_entry =
        std::find_if(signed_heads.begin() + static_cast<std::ptrdiff_t>(next_head), signed_heads.end(),
                     [&](const Signed& head) { return head.size >= entry.tree_size; });
    if (head_of_entry == signed_heads.end() || head_of_entry->size != entry.tree_size) {
      note_fault(found, name + ": there is no checkpoint of size " + std::to_string(entry.tree_size));
    } else if (!merkle::verify_inclusion(leaf, static_cast<std::uint64_t>(entry.index),
                                         static_cast<std::uint64_t>(entry.tree_size), entry.proof,
                                         head_of_entry->root)) {
      note_fault(found, name + ": its receipt does not hold");
    }
    while (next_head < signed_heads.size() && signed_heads[next_head].size <= found.entries) {
      const Signed& here = signed_heads[next_head++];
      if (here.size < found.entries || frontier.root() != here.root)
        note_fault(found, "checkpoint of size " + std::to_string(here.size) + ": the entries give another root");
    }
    return {};
  }));
  if (next_head != signed_heads.size()) note_fault(found, "a checkpoint names more entries than there are");
  const Head kept = TRY(head(connection));
  if (kept.size != found.entries || kept.root != frontier.root())
    note_fault(found, "the kept head is not the head of the entries");
  if (found.entries > 0 && (signed_heads.empty() || signed_heads.back().size != found.entries))
    note_fault(found, "the newest checkpoint does not cover the newest entry");
  return found;
}

}  // namespace entraide::ledger
