#pragma once

// One life of the hub's process, as far as durability is concerned: database, committer, tiles.

#include "hub/committer.h"
#include "hub/tiles.h"
#include "sim/stage.h"

namespace entraide::sim {

/// The five classic mistakes. They live here only: the product has no switch for them.
enum class Mutant {
  none,                 // the real committer
  copy,                 // the copy that the mutants are made from, without a mistake
  receipt_first,        // answers, then commits
  no_sync,              // commits without syncing
  second_transaction,   // appends in one transaction, projects in another
  carries_on,           // does not look whether a sync has worked
  not_idempotent,       // does not look whether it has the act already
};
std::string_view to_text(Mutant mutant);
inline constexpr Mutant kMistakes[] = {Mutant::receipt_first, Mutant::no_sync, Mutant::second_transaction,
                                       Mutant::carries_on, Mutant::not_idempotent};

class Node {
 public:
  struct Parts {
    SimDisk& disk;
    Stage& stage;
    Random& random;  // the hub's own: blinds
    Mutant mutant = Mutant::none;
    int checkpoint_pages = store::Options().checkpoint_pages;
  };
  /// As the hub starts: recovery, schema, the directory folded from the ledger.
  static Result<std::unique_ptr<Node>> start(Parts parts);
  virtual ~Node() = default;

  /// Answers every submission once.
  virtual void commit(std::vector<hub::Work> batch) = 0;
  virtual std::shared_ptr<const directory::Directory> directory() const = 0;
  virtual bool failed() const = 0;
  /// As SIGTERM ends it. Nothing but destruction is left to do.
  virtual Result<> stop() = 0;

  Result<store::Connection> connect() { return database().connect(); }
  Result<std::int64_t> publish_tiles();
  Result<std::optional<std::string>> published_checkpoint();

 protected:
  explicit Node(Parts parts) : parts_(parts) {}
  virtual store::Database& database() = 0;
  Parts parts_;
};

}  // namespace entraide::sim
