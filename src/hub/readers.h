#pragma once

// Connections that only read, lent out one call at a time.

#include "base/mutex.h"
#include "store/store.h"

namespace entraide::hub {

class Readers {
 public:
  /// `most` connections at the same time; further calls wait for one.
  Readers(store::Database& database, std::size_t most) : database_(database), most_(most) {}

  /// Runs `read(connection)` in a read transaction: one moment of the database throughout. `read` returns a Result.
  template <class F>
  auto operator()(F&& read) -> std::invoke_result_t<F, store::Connection&> {
    auto connection = TRY(borrow());
    auto result = [&]() -> std::invoke_result_t<F, store::Connection&> {
      TRY(connection->begin(store::Access::read));
      auto value = read(*connection);
      // Nothing was written; a failed rollback shows at the connection's next use.
      (void)connection->rollback();
      return value;
    }();
    give_back(std::move(connection));
    return result;
  }

 private:
  Result<std::unique_ptr<store::Connection>> borrow();
  void give_back(std::unique_ptr<store::Connection> connection);

  store::Database& database_;
  const std::size_t most_;
  Mutex mutex_;
  Condition returned_;
  std::vector<std::unique_ptr<store::Connection>> idle_ GUARDED_BY(mutex_);
  std::size_t lent_ GUARDED_BY(mutex_)
  = 0;
};

}  // namespace entraide::hub
