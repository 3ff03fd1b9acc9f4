#include "http/rates.h"

#include <algorithm>

namespace entraide::http {

bool Rates::allow(std::string_view who, Time now) {
  const std::int64_t full = std::int64_t{1000} * burst_;
  Lock lock(mutex_);
  if (buckets_.size() >= most_)  // an address that has been quiet for a minute has a full bucket again
    std::erase_if(buckets_, [&](const auto& one) { return now - one.second.at >= Seconds(60); });
  if (buckets_.size() >= most_ && !buckets_.contains(std::string(who))) return false;
  auto [place, is_new] = buckets_.try_emplace(std::string(who), Bucket{full, now});
  Bucket& bucket = place->second;
  const std::int64_t passed_ms = std::clamp<std::int64_t>((now - bucket.at).count(), 0, 60'000);
  bucket.left_thousandths = std::min(full, bucket.left_thousandths + passed_ms * full / 60'000);
  bucket.at = now;
  if (bucket.left_thousandths < 1000) return false;
  bucket.left_thousandths -= 1000;
  return true;
}

}  // namespace entraide::http
