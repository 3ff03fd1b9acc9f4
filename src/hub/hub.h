#pragma once

// The hub as one thing: opens the store, runs committer, timers and followers, and lets others submit and read.
//
//   submit ─► receive (caller's thread) ─► Queue ─► Committer (its thread) ─► answer
//                                                      └─► Feed, tiles: followers, each with its own thread
//   read   ─► Readers (caller's thread)

#include <atomic>
#include <thread>

#include "evidence/evidence.h"
#include "hub/committer.h"
#include "hub/feed.h"
#include "hub/tiles.h"
#include "hub/witnesses.h"

namespace entraide::hub {

struct Options {
  std::string database;              // "sqlite:PATH" or "postgresql://..."
  std::string blobs;                 // a folder
  std::string rulebook;              // a folder; its version is kept in the database from then on
  std::size_t queue = 4096;          // acts waiting, per lane
  std::size_t readers = 8;           // reading connections
  Milliseconds tiles_every{1000};    // how long a commit waits at most for its tiles and the public checkpoint
  AskWitness ask_witness = {};       // how witnesses are reached; empty: nobody is asked
};

class Hub {
 public:
  /// Opens and checks everything; starts no thread. Rules: store.*, ledger.key, shelf.*, rulebook.*.
  static Result<std::unique_ptr<Hub>> open(Options options, ledger::Log log, const Clock& clock, Random& random,
                                           metrics::Registry& metrics);
  ~Hub();

  void start();
  /// Takes nothing more in, answers what is inside, publishes, ends the threads and closes the database cleanly.
  Result<> stop();
  /// A storage failure has ended this node: stop it and exit.
  bool failed() const { return committer_->failed(); }

  /// Checks the act on this thread, then hands it to the committer. `answer` is called once: at once when the act is
  /// malformed or the queue is full (hub.queue), otherwise when its fate is durable. Any thread; never blocks.
  void submit(std::string_view act, std::vector<std::string> objects, Answer answer);
  /// What `submit` would answer, with nothing written. Blocks on the database.
  Judgement rehearse(std::string_view act, std::vector<std::string> objects);
  /// The same for many acts without sealed objects, each by itself, all against the directory of one moment: it is copied
  /// once, and once more after each act that could be admitted.
  std::vector<Judgement> rehearse_each(std::span<const std::string> acts);

  std::shared_ptr<const directory::Directory> directory() const { return committer_->directory(); }
  /// The rulebook in force; null before genesis.
  std::shared_ptr<const rulebook::Rulebook> rulebook() const;
  const Shelf& shelf() const { return *shelf_; }
  const ledger::Log& log() const { return log_; }
  std::int64_t tree_size() const { return committer_->tree_size(); }
  const Clock& clock() const { return clock_; }
  Random& random() { return random_; }

  /// Reads in one moment of the database. Blocks: call it on the pool.
  Readers& read() { return *readers_; }
  store::Blobs& blobs() { return blobs_; }
  Feed& feed() { return *feed_; }

  /// Changes what is no act and stands beside the ledger: all of `change` or nothing of it, durable when this returns.
  /// One at a time. `change` returns a Result. Blocks: call it on the pool.
  template <class F>
  auto write(F&& change) -> std::invoke_result_t<F, store::Connection&> {
    Lock lock(writing_);
    if (!writer_) writer_.emplace(TRY(database_->connect()));
    auto transaction = TRY(store::Transaction::begin(*writer_));
    auto value = change(*writer_);
    if (value) TRY(transaction.commit());
    return value;
  }
  /// Files a whole, checked upload under its id: ready to be named by an act. Blocks.
  Result<> keep_file(const evidence::File& file);
  /// Publishes tiles and checkpoint now, instead of within a second.
  Result<std::int64_t> publish_now();
  /// Asks the witnesses that genesis names to cosign what is published, instead of within a second; how many did. One caller
  /// at a time.
  Result<std::size_t> ask_witnesses_now();

 private:
  Hub(Options options, ledger::Log log, const Clock& clock, Random& random, metrics::Registry& metrics,
      std::unique_ptr<store::Database> database, store::Blobs blobs);
  void run_committer();
  void run_timers();
  void run_tiles();
  void run_witnesses();
  void run_notices();
  Result<> look_at_clocks();
  Result<> sweep_uploads();
  bool wait_for_stop(Milliseconds time);
  bool wait_for_commit(std::int64_t published);
  Error queue_full() const;
  Judgement rehearse_on(Committer::Scene& scene, std::string_view act, std::vector<std::string> objects);

  Options options_;
  ledger::Log log_;
  const Clock& clock_;
  Random& random_;
  std::unique_ptr<store::Database> database_;
  store::Blobs blobs_;
  std::unique_ptr<Shelf> shelf_;
  std::unique_ptr<Readers> readers_;
  std::unique_ptr<Committer> committer_;
  std::unique_ptr<Feed> feed_;
  Queue queue_;
  Mutex writing_;
  std::optional<store::Connection> writer_ GUARDED_BY(writing_);

  std::vector<std::thread> threads_;
  Mutex mutex_;
  Condition stop_changed_;
  Condition committed_;
  bool stopping_ GUARDED_BY(mutex_)
  = false;
  Mutex publishing_;
  Witnesses witnesses_;
  metrics::Gauge& waiting_;
};

}  // namespace entraide::hub
