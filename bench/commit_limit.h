#pragma once

// What a group commit alone costs: the rows that acts left in the hub's database, written again into an empty database of
// the same engine by the same statements in the same groups.

#include <functional>
#include <optional>

#include "bench/measure.h"
#include "store/store.h"

namespace entraide::bench {

class CommitLimit {
 public:
  /// `hub`: the database of a running hub, which is only read; `scratch`: empty, and kept from turn to turn, so that its
  /// tables grow as the hub's do.
  CommitLimit(std::string hub, const std::string& scratch);

  /// CPU in seconds an act, of this thread and of the database's own, and how many acts shared a commit.
  struct Cost {
    double own = 0;
    double database = 0;
    double group = 1;
  };
  /// Writes the rows of the acts [from, from + count) again. `database_cpu` as in `DatabaseCpu`. Reading them is not counted.
  Cost write_again(std::int64_t from, std::int64_t count, const std::function<double()>& database_cpu);

 private:
  std::string hub_;
  std::unique_ptr<store::Database> target_;
  std::optional<store::Connection> connection_;
};

}  // namespace entraide::bench
