#pragma once

// One batch at a time: judge, append, project, sign one checkpoint, commit with full sync, and only then answer.
// Straight-line code on one thread, with clock, randomness and storage handed in, so that a simulation runs it
// as it is.

#include "base/clock.h"
#include "base/metrics.h"
#include "hub/project.h"
#include "hub/queue.h"

namespace entraide::hub {

constexpr std::size_t kBatchMax = 256;

class Committer {
 public:
  struct Parts {
    store::Database& database;
    const ledger::Log& log;
    Shelf& shelf;
    const Clock& clock;
    Random& random;
    metrics::Registry& metrics;
  };
  /// Every module's schema, in order.
  static Result<> migrate(store::Database& database);
  /// Folds the directory from the ledger and checks that the kept head belongs to this log.
  static Result<std::unique_ptr<Committer>> open(Parts parts);

  /// Commits a batch (at most `kBatchMax`) and calls every answer, in order, once its fate is known. After a storage
  /// failure the committer is dead: every later batch is answered with `store.failed`, and the process should end.
  void commit(std::vector<Work> batch);
  bool failed() const { return failed_; }

  /// The directory of one moment, against which acts are rehearsed.
  struct Scene {
    std::shared_ptr<const directory::Directory> people;
    std::optional<directory::Directory> copy = {};  // made when first needed; a refused act leaves it as it was
  };
  /// What would happen to this submission now: the same judgement, nothing written. Any thread, with its own connection.
  Judgement judge_only(store::Connection& connection, const Submission& submission, Scene& scene) const;

  /// The directory as of the newest committed batch. Any thread; what is given stays as it was.
  std::shared_ptr<const directory::Directory> directory() const;
  /// The ledger's size as of the newest committed batch. Any thread.
  std::int64_t tree_size() const { return tree_size_.load(std::memory_order_acquire); }

 private:
  struct Judged;  // one piece of work and what became of it
  struct Round;  // one batch under way

  explicit Committer(Parts parts, store::Connection connection);
  void answer(std::span<Work> batch);
  Result<std::vector<Outcome>> run(std::span<const Work> batch);
  Result<Outcome> look_up(const Submission& submission);
  Result<std::vector<std::optional<Inquiry>>> ask(std::span<const Work> batch);
  Result<> admit(Round& round, const Submission& submission, Inquiry& inquiry, Judged& out);
  Result<> fire(Round& round, const ClockFire& fire);
  Result<> catch_up(Round& round);
  void publish(std::shared_ptr<const directory::Directory> directory, std::int64_t tree_size);
  Bench bench_of(Round& round);

  Parts parts_;
  store::Connection connection_;
  KnownRoots known_roots_;
  mutable Mutex mutex_;
  std::shared_ptr<const directory::Directory> directory_ GUARDED_BY(mutex_);
  std::atomic<std::int64_t> tree_size_{0};
  std::atomic<bool> failed_{false};

  metrics::Counter& admitted_;
  metrics::Counter& refused_;
  metrics::Histogram& batch_time_;
};

/// Folds the directory acts from `from` on into `directory`; gives the ledger's size. Every signature is verified anew.
Result<std::int64_t> fold_directory(store::Connection& connection, directory::Directory& directory,
                                    std::int64_t from);

}  // namespace entraide::hub
