#pragma once

#include <condition_variable>
#include <mutex>

// A mutex that clang's thread-safety analysis understands; with g++ the annotations vanish.
#if defined(__clang__)
#define ENTRAIDE_THREAD(x) __attribute__((x))
#else
#define ENTRAIDE_THREAD(x)
#endif
#define CAPABILITY(x) ENTRAIDE_THREAD(capability(x))
#define SCOPED_CAPABILITY ENTRAIDE_THREAD(scoped_lockable)
#define GUARDED_BY(x) ENTRAIDE_THREAD(guarded_by(x))
#define REQUIRES(...) ENTRAIDE_THREAD(requires_capability(__VA_ARGS__))
#define ACQUIRE(...) ENTRAIDE_THREAD(acquire_capability(__VA_ARGS__))
#define RELEASE(...) ENTRAIDE_THREAD(release_capability(__VA_ARGS__))
#define EXCLUDES(...) ENTRAIDE_THREAD(locks_excluded(__VA_ARGS__))

namespace entraide {

class CAPABILITY("mutex") Mutex {
 public:
  void lock() ACQUIRE() { mutex_.lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class SCOPED_CAPABILITY Lock {
 public:
  explicit Lock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~Lock() RELEASE() { mutex_.unlock(); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  Mutex& mutex_;
};

/// Waits on a `Mutex` that the caller holds; always call it in a loop that re-checks the condition.
class Condition {
 public:
  void wait(Mutex& mutex) REQUIRES(mutex) { condition_.wait(mutex); }
  /// False when the time ran out first.
  bool wait_for(Mutex& mutex, std::chrono::milliseconds time) REQUIRES(mutex) {
    return condition_.wait_for(mutex, time) == std::cv_status::no_timeout;
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable_any condition_;
};

}  // namespace entraide
