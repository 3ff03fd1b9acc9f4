#pragma once

// A few threads for work that blocks. Inside this folder only.

#include <atomic>
#include <deque>
#include <functional>
#include <thread>

#include "base/mutex.h"

namespace entraide::net {

/// Any thread.
class Pool {
 public:
  using Task = std::move_only_function<void()>;

  Pool(std::size_t threads, std::size_t queue_max);
  ~Pool() { stop(); }

  /// Takes a place in the queue for one `run_reserved`; false when it is full.
  bool reserve();
  void run_reserved(Task task);
  /// Runs `task` however long the queue is: for work that belongs to a request let in earlier.
  void run(Task task);
  /// Drops what has not begun, waits for what has.
  void stop();

 private:
  struct Queued {
    Task task;
    bool reserved;
  };
  void add(Queued queued);
  void work();

  const std::size_t queue_max_;
  std::atomic<std::size_t> reserved_{0};
  Mutex mutex_;
  Condition wake_;
  std::deque<Queued> queue_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_)
  = false;
  std::vector<std::thread> threads_;
};

/// Leaves all signals to the threads that expect them, and a write to a closed socket to its error code.
void block_signals_in_this_thread();

}  // namespace entraide::net
