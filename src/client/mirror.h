#pragma once

// The verified copy: what this client has seen of the ledger and checked itself. It downloads every entry between
// the checkpoint it holds and the new one (they are 80 bytes each and say nothing about anybody), appends them to the
// tree that it holds, and believes the new checkpoint only if that gives its root. So the ledger cannot take anything
// back, and no act of the directory, a revocation above all, can be kept from this client.
//
// A fork or a rollback is an alarm: it is written down with its evidence and stays until a person has looked at it.

#include <filesystem>
#include <optional>

#include "client/api.h"
#include "directory/directory.h"
#include "merkle/merkle.h"

namespace entraide::client {

/// Tiles of the hub's ledger, over HTTP.
class HubTiles final : public merkle::TileReader {
 public:
  explicit HubTiles(Api& api) : api_(api) {}
  Result<Bytes> read_tile(const merkle::TileId& tile) const override;

 private:
  Api& api_;
};

/// One act of the directory, as the feed gave it and as it was checked.
struct DirectoryEntry {
  std::int64_t index = 0;
  Time time{};
  merkle::Blind blind;
  act::VerifiedAct act;
};

struct Alarm {
  Time at{};
  std::string rule;  // mirror.fork, mirror.rollback
  std::string words;
  std::string evidence;  // the signed notes that contradict each other
};

struct MirrorOptions {
  std::filesystem::path file;  // the state
  std::optional<ActId> genesis;  // the trust anchor; left out, the first one seen is kept for ever
};

class Mirror {
 public:
  /// Reads the state, checking every act in it again; an absent file is an empty mirror.
  /// Rules: mirror.state (not ours, or altered), mirror.genesis.
  static Result<Mirror> load(MirrorOptions options);

  /// Brings the copy up to the hub's newest checkpoint and writes it down. Rules, all Errc::not_authentic:
  /// mirror.alarm (an earlier alarm stands), mirror.checkpoint (not signed by the log of genesis), mirror.fork,
  /// mirror.rollback, mirror.bundle (entries that do not give the signed root), mirror.feed (an act of the directory
  /// missing, altered, or that the directory does not admit), mirror.genesis.
  Result<> update(Api& api);

  bool empty() const { return !anchor_; }
  const std::optional<ActId>& genesis() const { return anchor_; }
  const merkle::Checkpoint& checkpoint() const { return checkpoint_; }
  const std::string& checkpoint_note() const { return note_; }
  /// What an act says of the tree that its signer has seen.
  act::CheckpointRef checkpoint_ref() const;
  const directory::Directory& directory() const { return directory_; }
  /// The directory as it was when the entry at `index` was admitted: acts at lower indices only.
  directory::Directory directory_before(std::int64_t index) const;
  const std::vector<DirectoryEntry>& entries() const { return entries_; }
  const DirectoryEntry* entry(const ActId& id) const;
  /// Log and witnesses that genesis names. The mirror must not be empty.
  Result<merkle::Policy> policy() const;
  std::string policy_text() const;

  /// That the tree (size, root) is a beginning of the verified tree. Rules: mirror.ahead (Errc::conflict: larger than
  /// what is verified, update first), mirror.fork.
  Result<> require_prefix(Api& api, std::uint64_t size, const Digest& root) const;
  /// The proof that the entry at `index` is in the verified tree.
  Result<merkle::Proof> inclusion(Api& api, std::uint64_t index) const;

  /// The last counter that was used by `device` towards `authority`; zero at the beginning.
  std::int64_t sent(const KeyId& device, const Subject& authority) const;
  /// Notes that an act was accepted, and writes the state. Counters only grow.
  Result<> note_sent(const act::Act& act);
  /// Compares with what the hub says of this device: lower is an alarm (mirror.rollback), higher is taken over.
  Result<> reconcile_sent(const KeyId& device, const codec::Json& hub_says, Time now);

  const std::vector<Alarm>& alarms() const { return alarms_; }
  /// A person has looked: the alarms go, the copy that was verified before them stays.
  Result<> clear_alarms();
  /// Writes the state. What another process of this profile has written meanwhile is not lost: counters only grow,
  /// alarms stay, the longer verified copy wins.
  Result<> save();
  /// Takes over what another process has written since: before counting an act.
  Result<> refresh();

 private:
  struct Staged;
  Result<> adopt_file();
  Result<> write();
  explicit Mirror(MirrorOptions options) : options_(std::move(options)) {}
  std::unexpected<Error> raise(Time now, std::string rule, std::string words, std::string evidence);
  Result<merkle::NoteVerifier> bootstrap(Api& api, const merkle::SignedCheckpoint& checkpoint) const;
  Result<> take_entries(Api& api, Staged& staged) const;
  Result<> take_feed(Api& api, Staged& staged) const;
  Result<> admit(Staged& staged, const codec::Json& item) const;
  Result<> explain_mismatch(Api& api, const Staged& staged, Time now);

  MirrorOptions options_;
  std::optional<ActId> anchor_;
  std::string note_;
  merkle::Checkpoint checkpoint_;
  merkle::Frontier frontier_;
  directory::Directory directory_;
  std::vector<DirectoryEntry> entries_;
  std::map<std::string, std::map<std::string, std::int64_t>> sent_;  // device -> authority -> counter
  std::vector<Alarm> alarms_;
  Digest written_{};  // of the file as this mirror knows it
};

}  // namespace entraide::client
