#pragma once

// The live feed: what reached an authority, told to whoever listens for it, in ledger order, each entry once.
// A follower of the ledger: it reads what is committed, never what is under way.

#include <functional>
#include <map>
#include <thread>

#include "delivery/delivery.h"
#include "hub/readers.h"

namespace entraide::hub {

class Feed {
 public:
  /// Told each event; false ends the subscription. Runs on the feed's thread and must not block.
  using Listener = std::function<bool(const delivery::Event&)>;

  Feed(Readers& readers, std::int64_t start_after) : readers_(readers), position_(start_after) {}
  ~Feed() { stop(); }

  void start();
  /// Ends every subscription.
  void stop();
  /// There may be something new. Any thread, never blocks.
  void wake();
  /// All events of `authority` after `after`, past ones first. Any thread.
  void subscribe(const Subject& authority, std::int64_t after, Listener listener);

 private:
  struct Joining {
    Subject authority;
    std::int64_t after;
    Listener listener;
  };
  void run();
  Result<> welcome(Joining joining);
  Result<> tell_new();

  Readers& readers_;
  std::thread thread_;
  std::int64_t position_;                                        // the feed's thread only
  std::map<Subject, std::vector<Listener>> listeners_;           // the feed's thread only
  Mutex mutex_;
  Condition changed_;
  std::vector<Joining> joining_ GUARDED_BY(mutex_);
  bool woken_ GUARDED_BY(mutex_)
  = false;
  bool stopping_ GUARDED_BY(mutex_)
  = false;
};

}  // namespace entraide::hub
