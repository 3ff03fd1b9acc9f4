#pragma once

// How often one address may knock where no session is asked for. A bucket an address, in memory, bounded.

#include <unordered_map>

#include "base/base.h"
#include "base/mutex.h"

namespace entraide::http {

class Rates {
 public:
  /// `burst` calls at once, and so many again each minute.
  explicit Rates(int burst, std::size_t most = 1 << 16) : burst_(burst), most_(most) {}
  /// Whether `who` may call now. Any thread.
  bool allow(std::string_view who, Time now);

 private:
  struct Bucket {
    std::int64_t left_thousandths = 0;
    Time at{};
  };
  const int burst_;
  const std::size_t most_;
  Mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_ GUARDED_BY(mutex_);
};

}  // namespace entraide::http
