#pragma once

// The live feed: what reached an authority, told to whoever listens for it, in ledger order, each entry once.
// A follower of the ledger: it reads what is committed, never what is under way.

#include <chrono>
#include <functional>
#include <map>
#include <thread>

#include "delivery/delivery.h"
#include "hub/readers.h"

namespace entraide::hub {

/// How many may wait for their next event at one time, on this node.
constexpr std::size_t kWaitersMax = 4096;

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

  /// Told once: the first event, or nothing when there was none in time. Runs on the feed's thread and must not block.
  using Waiter = std::function<void(std::optional<delivery::Event>)>;
  /// The next event of `authority` after `after`, for at most `patience`. Told nothing at once when `kWaitersMax` wait
  /// already, and when the feed has stopped waiting. Any thread.
  void wait(const Subject& authority, std::int64_t after, Milliseconds patience, Waiter waiter);
  /// Tells everybody who waits nothing, now and from now on: the node is about to stop. Subscriptions go on.
  void stop_waiting();

 private:
  using Moment = std::chrono::steady_clock::time_point;
  struct Joining {
    Subject authority;
    std::int64_t after;
    Listener listener;
  };
  struct Waiting {
    Subject authority;
    std::int64_t after;
    Moment until;
    Waiter waiter;
  };
  void run();
  Milliseconds until_next(Moment now) const;
  Result<> welcome(Joining joining);
  Result<> welcome(Waiting waiting);
  Result<> tell_new();
  void tell(const std::optional<delivery::Event>& event, const std::function<bool(const Waiting&)>& whom);
  void end_waiting(Moment past);

  Readers& readers_;
  std::thread thread_;
  std::int64_t position_;  // the feed's thread only
  std::map<Subject, std::vector<Listener>> listeners_;  // the feed's thread only
  Mutex mutex_;
  Condition changed_;
  std::vector<Waiting> waiting_;  // the feed's thread only
  std::vector<Joining> joining_ GUARDED_BY(mutex_);
  std::vector<Waiting> asking_ GUARDED_BY(mutex_);
  std::size_t waiters_ GUARDED_BY(mutex_)
  = 0;  // asking or waiting
  bool nobody_waits_ GUARDED_BY(mutex_)
  = false;
  bool woken_ GUARDED_BY(mutex_)
  = false;
  bool nobody_listens_ GUARDED_BY(mutex_)
  = false;  // the thread sleeps, and what is new is nobody's business yet
  bool stopping_ GUARDED_BY(mutex_)
  = false;
};

}  // namespace entraide::hub
