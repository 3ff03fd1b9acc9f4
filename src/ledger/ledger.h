#pragma once

// The ledger: one append-only sequence of entries, hashed into one tree, one signed checkpoint a batch.
// Everything here happens inside the caller's transaction: leaves, frontier and checkpoint are durable
// together with what the batch projects, or not at all (trust core section 8).

#include <deque>
#include <optional>
#include <unordered_map>

#include "act/act.h"
#include "base/random.h"
#include "crypto/keys.h"
#include "merkle/merkle.h"
#include "store/store.h"

namespace entraide::ledger {

std::span<const store::Migration> migrations();

/// Who signs checkpoints, and under which name. Shared, immutable. Any thread.
struct Log {
  std::string origin;  // "<host>/ledger"
  crypto::LogSigningKey key;

  merkle::NoteVerifier verifier() const;
};

/// One entry as it is kept, with what its receipt needs.
struct Entry {
  std::int64_t index = 0;
  merkle::EntryKind kind = merkle::EntryKind::act;
  std::int64_t unix_seconds = 0;
  std::optional<ActId> act_id;      // none for notes
  std::string body;                 // empty once erased
  merkle::Blind blind;
  std::int64_t tree_size = 0;       // of the checkpoint in its receipt
  merkle::Proof proof;

  Time time() const { return from_seconds(unix_seconds); }
};

/// What everybody gets back for an act, byte for byte the same for ever.
struct Receipt {
  std::int64_t index = 0;
  std::int64_t unix_seconds = 0;
  std::string proof_text;           // c2sp.org/tlog-proof@v1
};

struct Head {
  std::int64_t size = 0;
  Digest root;
};

/// One batch under way: read the head, append, finish. The connection is in a write transaction and holds the
/// ledger's lock. One thread.
class Batch {
 public:
  static Result<Batch> begin(store::Connection& connection, const Log& log, Random& random);
  /// The same where the head was asked for together with something else.
  struct Start {
    merkle::Frontier frontier;
    Time last_time{};
  };
  static Result<store::Later<Start>> ask(store::Connection& connection);
  static Batch begin(store::Connection& connection, const Log& log, Random& random, Start start);

  /// The index that the next append gets.
  std::int64_t next_index() const { return static_cast<std::int64_t>(before_.size() + leaves_.size()); }
  bool empty() const { return leaves_.empty(); }
  std::size_t size() const { return leaves_.size(); }

  /// Takes an act's body in, which must live until `finish` returns, with its SHA-256; gives its index. `time` is not
  /// before the newest entry's time: the caller asks `last_time` and never runs back.
  std::int64_t append(merkle::EntryKind kind, Time time, std::string_view body, const Digest& body_digest,
                      std::optional<ActId> act_id);
  /// The same for a note of the hub's own, whose body is kept here.
  std::int64_t append_note(Time time, std::string body);
  Time last_time() const { return last_time_; }

  /// The position in this batch of an act appended to it.
  std::optional<std::size_t> find(const ActId& id) const;

  /// Writes leaves, frontier and one signed checkpoint, and gives a receipt for each entry, in order. The
  /// receipts mean nothing until the transaction has been committed.
  Result<std::vector<Receipt>> finish();
  /// Of the tree with this batch in it, once it is finished.
  const Digest& root() const { return root_; }

 private:
  Batch(store::Connection& connection, const Log& log, Random& random)
      : connection_(&connection), log_(&log), random_(&random) {}

  store::Connection* connection_;
  const Log* log_;
  Random* random_;
  merkle::Frontier before_;
  Digest root_;
  Time last_time_{};
  struct Leaf {
    std::int64_t index;
    merkle::EntryKind kind;
    std::int64_t unix_seconds;
    std::optional<ActId> act_id;
    std::string_view body;
    merkle::Blind blind;
    Digest body_digest;
  };
  std::vector<Leaf> leaves_;
  std::deque<std::string> notes_;  // bodies that nobody else keeps
  std::unordered_map<ActId, std::size_t> positions_;
};

/// The receipt of an act that is in the ledger already, the same bytes as the first time.
Result<std::optional<Receipt>> find_receipt(store::Connection& connection, const ActId& id);
Result<std::optional<Entry>> find_entry(store::Connection& connection, const ActId& id);
Result<store::Later<std::optional<Entry>>> ask_entry(store::Connection& connection, const ActId& id);
/// Where an act stands, without its body: none when it is not in the ledger.
Result<store::Later<std::optional<std::int64_t>>> ask_index(store::Connection& connection, const ActId& id);
Result<std::optional<Entry>> entry_at(store::Connection& connection, std::int64_t index);
/// Up to `limit` entries from `from` on, of one kind if given, in order.
Result<std::vector<Entry>> entries_from(store::Connection& connection, std::int64_t from, std::int64_t limit,
                                        std::optional<merkle::EntryKind> kind = {});
/// The entries of the tree [from, to) in order, without their bodies: what tiles and bundles are made of.
Result<std::vector<merkle::Entry>> leaves_between(store::Connection& connection, std::int64_t from, std::int64_t to);
Result<Receipt> receipt_of(store::Connection& connection, const Entry& entry);
/// The same where the checkpoint of `entry.tree_size` was asked for together with something else.
Result<Receipt> receipt_of(const Entry& entry, const std::optional<std::string>& checkpoint);

Result<Head> head(store::Connection& connection);
/// The root that this ledger signed at `size`: none if it never did. Nobody signs the empty tree: its root is known.
Result<std::optional<Digest>> checkpoint_root(store::Connection& connection, std::int64_t size);
Result<store::Later<std::optional<Digest>>> ask_checkpoint_root(store::Connection& connection, std::int64_t size);
/// The newest signed checkpoint, a note; none while the ledger is empty.
Result<std::optional<std::string>> newest_checkpoint(store::Connection& connection);
Result<std::optional<std::string>> checkpoint_at(store::Connection& connection, std::int64_t size);
Result<store::Later<std::optional<std::string>>> ask_checkpoint_at(store::Connection& connection, std::int64_t size);

/// What `check` found.
struct Findings {
  std::int64_t entries = 0;
  std::int64_t checkpoints = 0;
  std::vector<std::string> faults;  // each a sentence; empty when all is well
};

/// Recomputes every leaf, root, checkpoint signature and receipt from the rows. Reads only; time grows with
/// the number of entries (about 10 us each). A fault does not stop it; the first 100 are kept.
Result<Findings> check(store::Connection& connection, const merkle::NoteVerifier& log);

}  // namespace entraide::ledger
