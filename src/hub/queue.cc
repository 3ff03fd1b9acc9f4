#include "hub/queue.h"

namespace entraide::hub {

bool Queue::push(Work& work) {
  Lock lock(mutex_);
  auto& lane = work.urgent ? urgent_ : routine_;
  if (closed_ || lane.size() >= capacity_) return false;
  lane.push_back(std::move(work));
  filled_.notify_one();
  return true;
}

std::vector<Work> Queue::pop(std::size_t most) {
  Lock lock(mutex_);
  while (!closed_ && urgent_.empty() && routine_.empty()) filled_.wait(mutex_);
  std::vector<Work> out;
  for (auto* lane : {&urgent_, &routine_})
    while (out.size() < most && !lane->empty()) {
      out.push_back(std::move(lane->front()));
      lane->pop_front();
    }
  return out;
}

void Queue::close() {
  Lock lock(mutex_);
  closed_ = true;
  filled_.notify_all();
}

std::size_t Queue::size() const {
  Lock lock(mutex_);
  return urgent_.size() + routine_.size();
}

}  // namespace entraide::hub
