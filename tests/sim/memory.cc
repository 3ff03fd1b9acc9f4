#include "sim/memory.h"

#include "codec/codec.h"

namespace entraide::sim {
namespace {

std::unexpected<Error> breach(std::string rule, std::string message) {
  return fail(Errc::internal, "sim." + std::move(rule), std::move(message));
}
std::string name_of(const SentAct& sent) { return sent.act.type + " " + codec::to_text(sent.id).substr(0, 8); }

bool to_be_sent_again(const Error& error) {
  return error.code == Errc::unavailable || error.code == Errc::storage || error.code == Errc::internal;
}

}  // namespace

Result<SentAct*> Memory::remember(std::string body, std::vector<std::string> objects) {
  auto parsed = TRY(act::parse_act(body));
  auto& kept = sent_[parsed.id];
  if (!kept) {
    kept = std::make_unique<SentAct>();
    kept->id = parsed.id;
    kept->act = std::move(parsed.act);
    kept->body = std::move(body);
    kept->objects = std::move(objects);
  }
  return kept.get();
}

SentAct* Memory::find(const ActId& id) {
  const auto found = sent_.find(id);
  return found == sent_.end() ? nullptr : found->second.get();
}

Result<> Memory::publish(std::int64_t size, const Digest& root) {
  const auto [known, is_new] = published_.emplace(size, root);
  if (!is_new && known->second != root)
    return breach("checkpoint.fork", "two checkpoints of size " + std::to_string(size) + " have left the process");
  return {};
}

act::CheckpointRef Memory::newest_checkpoint() const {
  if (published_.empty()) return {0, merkle::empty_root()};
  return {published_.rbegin()->first, published_.rbegin()->second};
}

Result<> Memory::take_checkpoint(std::string_view note) {
  const auto parsed = merkle::parse_checkpoint(note);
  const auto checkpoint = parsed ? merkle::verify_checkpoint(*parsed, stage_.log().verifier())
                                 : Result<merkle::Checkpoint>(std::unexpected(parsed.error()));
  if (!checkpoint) return breach("checkpoint.false", checkpoint.error().message);
  return publish(static_cast<std::int64_t>(checkpoint->size), checkpoint->root);
}

Result<> Memory::take_answer(SentAct& sent, const hub::Outcome& outcome, bool heard) {
  if (!outcome) {
    const Error& error = outcome.error().error;
    if (to_be_sent_again(error)) return {};
    if (sent.fate == SentAct::Fate::admitted)
      return breach("refused.admitted", name_of(sent) + ": has a receipt, and is refused by " + error.rule);
    if (error.rule == "act.checkpoint.unknown")
      return breach("refused.checkpoint", name_of(sent) + ": names a checkpoint that the hub itself has given out");
    if (heard) sent.fate = SentAct::Fate::refused;
    return {};
  }
  const ledger::Receipt& receipt = outcome->receipt;
  const auto kind = sent.act.type.starts_with("dir.") || sent.act.type.starts_with("ring.") ? merkle::EntryKind::dir
                                                                                            : merkle::EntryKind::act;
  const auto verdict = merkle::verify_receipt(bytes_of(sent.body), kind, receipt.proof_text, stage_.policy());
  if (!verdict.logged) return breach("receipt.false", name_of(sent) + ": the receipt does not hold");
  if (sent.fate == SentAct::Fate::admitted && sent.receipt != receipt.proof_text)
    return breach("receipt.changed", name_of(sent) + ": sent again, another receipt comes back");
  const merkle::Checkpoint& checkpoint = verdict.receipt->checkpoint.checkpoint;
  TRY(publish(static_cast<std::int64_t>(checkpoint.size), checkpoint.root));
  if (!heard || sent.fate == SentAct::Fate::admitted) return {};
  sent.fate = SentAct::Fate::admitted;
  sent.receipt = receipt.proof_text;
  sent.index = receipt.index;
  admitted_.push_back(&sent);
  return {};
}

Result<> Memory::check(store::Connection& connection) const {
  const auto findings = TRY(ledger::check(connection, stage_.log().verifier()));
  if (!findings.faults.empty()) return breach("fsck", findings.faults.front());
  for (const SentAct* sent : admitted_) {
    const auto receipt = TRY(ledger::find_receipt(connection, sent->id));
    if (!receipt) return breach("receipt.lost", name_of(*sent) + ": was acknowledged and is gone");
    if (receipt->proof_text != sent->receipt || receipt->index != sent->index)
      return breach("receipt.changed", name_of(*sent) + ": the ledger has another receipt for it now");
  }
  for (const auto& [size, root] : published_) {
    const auto kept = TRY(ledger::checkpoint_root(connection, size));
    if (!kept || *kept != root)
      return breach("checkpoint.lost", "the checkpoint of size " + std::to_string(size) +
                                           " that had left the process is not in the ledger");
  }
  return check_entries(connection);
}

Result<> Memory::check_entries(store::Connection& connection) const {
  constexpr std::int64_t kPage = 256;
  std::set<ActId> seen;
  std::map<std::pair<KeyId, std::string>, std::int64_t> counters;
  for (std::int64_t from = 0;; from += kPage) {
    const auto entries = TRY(ledger::entries_from(connection, from, kPage));
    for (const ledger::Entry& entry : entries) {
      if (!entry.act_id) continue;
      if (!seen.insert(*entry.act_id).second)
        return breach("act.twice", "entry " + std::to_string(entry.index) + ": the act is in the ledger already");
      const auto known = sent_.find(*entry.act_id);
      if (known == sent_.end()) {
        if (entry.kind == merkle::EntryKind::act)
          return breach("act.foreign", "entry " + std::to_string(entry.index) + ": nobody has sent this");
        continue;  // from before the run
      }
      const SentAct& sent = *known->second;
      if (entry.body != sent.body) return breach("act.changed", name_of(sent) + ": the ledger has other bytes");
      if (sent.fate == SentAct::Fate::refused)
        return breach("refused.admitted", name_of(sent) + ": was refused, and is in the ledger");
      for (const auto& [receiver, count] : sent.act.sent)
        if (count != ++counters[{sent.act.device, receiver}])
          return breach("counter", name_of(sent) + ": its counter to " + receiver + " is " + std::to_string(count) +
                                       ", not the next one");
    }
    if (entries.size() < static_cast<std::size_t>(kPage)) return {};
  }
}

Result<> Memory::check_projections(store::Connection& connection) const {
  const auto rebuilt = hub::rebuild(connection, stage_.shelf(), false);
  if (!rebuilt) {
    if (rebuilt.error().code == Errc::storage) return std::unexpected(rebuilt.error());
    return breach("projection", rebuilt.error().message);
  }
  if (rebuilt->changed.empty()) return {};
  std::string names;
  for (const std::string& name : rebuilt->changed) names += (names.empty() ? "" : ", ") + name;
  return breach("projection", "the ledger alone gives other rows in " + names);
}

}  // namespace entraide::sim
