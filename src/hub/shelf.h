#pragma once

// Every rulebook version that this ledger has known, by digest.

#include <map>
#include <memory>

#include "base/mutex.h"
#include "rulebook/rulebook.h"
#include "store/store.h"

namespace entraide::hub {

class Shelf {
 public:
  static std::span<const store::Migration> migrations();

  /// Reads the versions that the database keeps.
  static Result<std::unique_ptr<Shelf>> open(store::Connection& connection);
  /// Keeps a version for ever, here and in the database. Known ones are left alone.
  Result<> add(store::Connection& connection, rulebook::Rulebook rulebook);

  /// Null when the version is not known. What is given stays valid as long as it is held. Any thread.
  std::shared_ptr<const rulebook::Rulebook> find(const Digest& digest) const;
  /// The version's text as clients load it; empty when it is not known. Any thread.
  std::shared_ptr<const std::string> bundle(const Digest& digest) const;

 private:
  struct Kept {
    std::shared_ptr<const rulebook::Rulebook> rulebook;
    std::shared_ptr<const std::string> bundle;
  };
  void keep(rulebook::Rulebook rulebook, std::string bundle);

  mutable Mutex mutex_;
  std::map<Digest, Kept> kept_ GUARDED_BY(mutex_);
};

}  // namespace entraide::hub
