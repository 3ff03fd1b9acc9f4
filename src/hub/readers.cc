#include "hub/readers.h"

namespace entraide::hub {

Result<std::unique_ptr<store::Connection>> Readers::borrow() {
  {
    Lock lock(mutex_);
    while (idle_.empty() && lent_ >= most_) returned_.wait(mutex_);
    ++lent_;
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  auto fresh = database_.connect();
  if (fresh) return std::make_unique<store::Connection>(std::move(*fresh));
  Lock lock(mutex_);
  --lent_;
  returned_.notify_one();
  return std::unexpected(fresh.error());
}

void Readers::give_back(std::unique_ptr<store::Connection> connection) {
  Lock lock(mutex_);
  --lent_;
  idle_.push_back(std::move(connection));
  returned_.notify_one();
}

}  // namespace entraide::hub
