// Making a bundle: which acts of the directory go along, and every receipt anew for one tree.

#include <algorithm>
#include <deque>

#include "client/proof.h"
#include "codec/codec.h"

namespace entraide::client {
namespace {

using codec::Json;

/// The receipt made anew for the newest verified checkpoint.
Result<std::string> renew(Api& api, const Mirror& mirror, const merkle::Blind& blind, std::int64_t index, Time time) {
  merkle::Receipt receipt;
  receipt.blind = blind;
  receipt.unix_seconds = to_seconds(time);
  receipt.leaf_index = static_cast<std::uint64_t>(index);
  receipt.proof = TRY(mirror.inclusion(api, receipt.leaf_index));
  receipt.checkpoint = TRY(merkle::parse_checkpoint(mirror.checkpoint_note()));
  return merkle::to_text(receipt);
}

/// The acts of the directory that say something of the signers: the chain that makes them who they are, and whatever
/// was decided later about a key or a subject in it, revocations above all. Who signed such an act is explained too.
class Relevant {
 public:
  explicit Relevant(const Mirror& mirror) : mirror_(mirror) {}

  void add_chain(const KeyId& signer, const Subject& authority) {
    for (const ActId& id : mirror_.directory().chain(signer, authority)) add(mirror_.entry(id));
    subjects_.insert({authority, act::country_of(authority)});
  }
  void add_all_until(std::int64_t index) {
    for (const DirectoryEntry& entry : mirror_.entries())
      if (entry.index <= index) add(&entry);
  }
  /// Goes on until nothing new is found.
  const std::map<std::int64_t, const DirectoryEntry*>& close() {
    while (!waiting_.empty()) {
      const DirectoryEntry& entry = *waiting_.front();
      waiting_.pop_front();
      note(entry);
      for (const KeyId& signer : entry.act.signers()) add(announcing(signer));
      if (waiting_.empty())
        for (const DirectoryEntry& other : mirror_.entries())
          if (concerns_us(other.act.act())) add(&other);
    }
    return entries_;
  }

 private:
  void add(const DirectoryEntry* entry) {
    if (entry != nullptr && entries_.emplace(entry->index, entry).second) waiting_.push_back(entry);
  }
  // Whom and which keys the entry speaks of: what is said of those later is our business.
  void note(const DirectoryEntry& entry) {
    const act::Act& act = entry.act.act();
    if (const auto keys = act::announced_keys(act))
      for (const crypto::PublicKey& key : *keys) keys_.insert(key.kid());
    if (const Json* seal = act.d.find("seal"))
      if (const auto key = crypto::PublicKey::from_jwk(*seal)) keys_.insert(key->kid());
    for (const char* name : {"au", "of"})
      if (const Json* value = act.d.find(name); value != nullptr && value->is_string())
        subjects_.insert(Subject(value->string()));
  }
  const DirectoryEntry* announcing(const KeyId& key) const {
    for (const DirectoryEntry& entry : mirror_.entries())
      if (const auto keys = act::announced_keys(entry.act.act()))
        for (const crypto::PublicKey& one : *keys)
          if (one.kid() == key) return &entry;
    return nullptr;
  }
  bool names(const act::Act& act, const char* member) const {
    const Json* value = act.d.find(member);
    return value != nullptr && value->is_string() && subjects_.contains(Subject(value->string()));
  }
  bool concerns_us(const act::Act& act) const {
    if (act.type == "dir.rulebook") return true;
    if (act.type == "dir.officer") return names(act, "of");
    if (act.type != "dir.revoke") return false;
    const Json* kid = act.d.find("kid");
    return names(act, "subject") || (kid != nullptr && kid->is_string() && keys_.contains(KeyId(kid->string())));
  }

  const Mirror& mirror_;
  std::map<std::int64_t, const DirectoryEntry*> entries_;
  std::deque<const DirectoryEntry*> waiting_;
  std::set<Subject> subjects_;
  std::set<KeyId> keys_;
};

}  // namespace

Result<ProofBundle> export_proof(Api& api, Mirror& mirror, std::span<const OpenedAct> acts, bool disclose,
                                 const RulebookSource& rulebook) {
  ProofBundle out;
  ENSURE(mirror.genesis().has_value());
  out.genesis = *mirror.genesis();
  out.policy = mirror.policy_text();
  Relevant directory(mirror);
  std::map<std::int64_t, ProofItem> act_items;
  std::set<Digest> rulebooks;
  for (const OpenedAct& opened : acts) {
    if (const Step* failed = opened.verdict.first_failure())
      return fail(
          Errc::not_authentic, "proof.not-good",
          "act " + act::to_text(opened.id) + " does not hold here (" + failed->words + "); no proof of it is made");
    const act::SignedAct parsed = TRY(act::parse_act(opened.body));
    for (const act::Signature& signature : parsed.signatures)
      directory.add_chain(signature.kid, parsed.act.for_authority);
    if (directory::is_directory_act(parsed.act.type)) {
      // A directory act is judged by the directory before it: all of that goes along.
      directory.add_all_until(opened.index);
      continue;
    }
    if (rulebook && rulebooks.insert(parsed.act.rulebook).second)
      out.rulebooks.push_back(TRY(rulebook(parsed.act.rulebook)));
    const merkle::Receipt receipt = TRY(merkle::parse_receipt(opened.receipt));
    ProofItem item{
        opened.body, TRY(renew(api, mirror, receipt.blind, opened.index, opened.time)), false, {}, Json::array()};
    for (const OpenedObject& object : opened.objects) {
      if (!disclose || !object.plaintext) continue;
      const BytesView plaintext = object.plaintext->view();
      item.documents.push_back({object.ref.hash, Bytes(plaintext.begin(), plaintext.end())});
      for (const FileEntry& file : object.files)
        item.files.push_back(Json::object(
            {{"fid", file.file_id}, {"name", file.name}, {"sha256", codec::to_text(file.plaintext_hash)}}));
    }
    act_items.emplace(opened.index, std::move(item));
  }
  for (const auto& [index, entry] : directory.close())
    out.items.push_back({entry->act.signed_act().body,
                         TRY(renew(api, mirror, entry->blind, index, entry->time)),
                         true,
                         {},
                         Json::array()});
  for (auto& [index, item] : act_items) out.items.push_back(std::move(item));
  return out;
}

}  // namespace entraide::client
