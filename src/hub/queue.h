#pragma once

// The only way to the committer: bounded, with a lane for urgent acts. Nothing is dropped silently: who does
// not get in is told at once.

#include <deque>
#include <variant>

#include "base/mutex.h"
#include "hub/intake.h"

namespace entraide::hub {

/// A clock that the timers found ringing or due.
struct ClockFire {
  std::int64_t case_no = 0;
  std::string clock;
};

/// One thing for the committer to do.
struct Work {
  std::variant<Submission, ClockFire> what;
  Answer answer;            // of a submission
  bool urgent = false;
};

class Queue {
 public:
  explicit Queue(std::size_t capacity) : capacity_(capacity) {}

  /// False when the lane is full or the queue is closed; `work` is untouched then. The urgent lane has as much room
  /// again, so that routine traffic cannot shut it out. Any thread.
  bool push(Work& work);
  /// Waits for work and takes up to `most` of it, urgent first, otherwise in order. Empty when closed and drained.
  std::vector<Work> pop(std::size_t most);
  /// No more work is taken in; what is inside is still handed out.
  void close();
  std::size_t size() const;

 private:
  const std::size_t capacity_;
  mutable Mutex mutex_;
  Condition filled_;
  std::deque<Work> urgent_ GUARDED_BY(mutex_);
  std::deque<Work> routine_ GUARDED_BY(mutex_);
  bool closed_ GUARDED_BY(mutex_)
  = false;
};

}  // namespace entraide::hub
