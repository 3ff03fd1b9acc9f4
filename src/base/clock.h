#pragma once

#include "base/base.h"

namespace entraide {

/// Where the time comes from. Handed in through constructors, so that a test owns it. Any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

/// The machine's clock, UTC.
class SystemClock final : public Clock {
 public:
  Time now() const override { return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now()); }
};

/// A clock that only moves when it is told to. One thread.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start) : now_(start) {}
  Time now() const override { return now_; }
  void advance(Milliseconds by) { now_ += by; }
  void set(Time time) { now_ = time; }

 private:
  Time now_;
};

}  // namespace entraide
