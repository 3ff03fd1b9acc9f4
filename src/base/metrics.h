#pragma once

#include <array>
#include <atomic>
#include <deque>

#include "base/base.h"
#include "base/mutex.h"

namespace entraide::metrics {

/// A number that only grows. Any thread.
class Counter {
 public:
  void add(std::uint64_t by = 1) { value_.fetch_add(by, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// A number that goes up and down. Any thread.
class Gauge {
 public:
  void set(std::int64_t to) { value_.store(to, std::memory_order_relaxed); }
  void add(std::int64_t by) { value_.fetch_add(by, std::memory_order_relaxed); }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

/// Times in microseconds, in buckets that double from 64 µs to about 34 s. Any thread.
class Histogram {
 public:
  static constexpr std::size_t kBuckets = 20;
  void observe(std::chrono::microseconds time);
  std::uint64_t bucket(std::size_t i) const { return buckets_[i].load(std::memory_order_relaxed); }
  std::uint64_t count() const { return count_.load(std::memory_order_relaxed); }
  std::uint64_t sum_us() const { return sum_us_.load(std::memory_order_relaxed); }

 private:
  std::array<std::atomic<std::uint64_t>, kBuckets> buckets_{};
  std::atomic<std::uint64_t> count_{0};
  std::atomic<std::uint64_t> sum_us_{0};
};

/// Every metric of one process. A metric is asked for by name once and kept by reference: it lives as
/// long as the registry. Names follow Prometheus: `entraide_acts_total`. Any thread.
class Registry {
 public:
  Counter& counter(std::string_view name, std::string_view help, std::string_view labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, std::string_view labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, std::string_view labels = {});

  /// Prometheus text format, version 0.0.4.
  std::string text() const;

 private:
  template <class T>
  struct Named {
    std::string name, help, labels;
    T metric;
  };
  template <class T>
  T& find(std::deque<Named<T>>& among, std::string_view name, std::string_view help, std::string_view labels);

  mutable Mutex mutex_;
  std::deque<Named<Counter>> counters_ GUARDED_BY(mutex_);
  std::deque<Named<Gauge>> gauges_ GUARDED_BY(mutex_);
  std::deque<Named<Histogram>> histograms_ GUARDED_BY(mutex_);
};

}  // namespace entraide::metrics
