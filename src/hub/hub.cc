#include "hub/hub.h"

#include <algorithm>
#include <condition_variable>

#include "base/log.h"
#include "codec/codec.h"
#include "enrolment/enrolment.h"
#include "evidence/evidence.h"

namespace entraide::hub {
namespace {

constexpr Milliseconds kTimersEvery{500};
constexpr std::int64_t kClocksAtOnce = 256;
constexpr int kWitnessRoundsMax = 64;
constexpr auto kUnboundFilesLive = std::chrono::hours(24);

}  // namespace

Hub::Hub(Options options, ledger::Log log, const Clock& clock, Random& random, metrics::Registry& metrics,
         std::unique_ptr<store::Database> database, store::Blobs blobs)
    : options_(std::move(options)),
      log_(std::move(log)),
      clock_(clock),
      random_(random),
      database_(std::move(database)),
      blobs_(std::move(blobs)),
      queue_(options_.queue),
      witnesses_(options_.ask_witness, metrics),
      waiting_(metrics.gauge("entraide_queue_acts", "acts waiting for the committer")) {}

Hub::~Hub() { (void)stop(); }

Result<std::unique_ptr<Hub>> Hub::open(Options options, ledger::Log log, const Clock& clock, Random& random,
                                       metrics::Registry& metrics) {
  store::Options store_options;
  store_options.metrics = &metrics;
  auto database = TRY(store::Database::open(options.database, store_options));
  auto blobs = TRY(store::Blobs::open(options.blobs));
  TRY(Committer::migrate(*database));
  std::unique_ptr<Hub> hub(
      new Hub(std::move(options), std::move(log), clock, random, metrics, std::move(database), std::move(blobs)));
  {
    auto connection = TRY(hub->database_->connect());
    hub->shelf_ = TRY(Shelf::open(connection));
    if (!hub->options_.rulebook.empty()) {
      auto rulebook = TRY(rulebook::load_folder(hub->options_.rulebook));
      TRY(hub->shelf_->add(connection, std::move(rulebook)));
    }
  }
  hub->committer_ = TRY(Committer::open({*hub->database_, hub->log_, *hub->shelf_, clock, random, metrics}));
  hub->readers_ = std::make_unique<Readers>(*hub->database_, hub->options_.readers);
  hub->feed_ = std::make_unique<Feed>(*hub->readers_, hub->committer_->tree_size() - 1);
  return hub;
}

void Hub::start() {
  threads_.emplace_back([this] { run_committer(); });
  threads_.emplace_back([this] { run_timers(); });
  threads_.emplace_back([this] { run_tiles(); });
  if (options_.ask_witness) threads_.emplace_back([this] { run_witnesses(); });
  if (database_->engine() == store::Engine::postgresql) threads_.emplace_back([this] { run_notices(); });
  feed_->start();
}

Result<> Hub::stop() {
  if (!database_) return {};
  {
    Lock lock(writing_);
    writer_.reset();
  }
  if (!feed_) {  // `open` failed half-way: nothing runs yet
    committer_.reset();
    readers_.reset();
    auto closed = database_->close();
    database_.reset();
    return closed;
  }
  {
    Lock lock(mutex_);
    stopping_ = true;
    stop_changed_.notify_all();
    committed_.notify_all();
  }
  queue_.close();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  feed_->stop();
  if (!failed())
    if (auto published = publish_now(); !published) log::warning("tiles.publish", {{"rule", published.error().rule}});
  feed_.reset();
  readers_.reset();
  const bool had_failed = failed();
  auto committer = std::move(committer_);
  committer.reset();
  auto closed = had_failed ? Result<>() : database_->close();
  database_.reset();
  return closed;
}

Error Hub::queue_full() const {
  return {Errc::unavailable, "hub.queue", "the hub is busy or stopping; send the same act again shortly"};
}

void Hub::submit(std::string_view act, std::vector<std::string> objects, Answer answer) {
  const auto people = directory();
  auto received = receive(act, std::move(objects), *people);
  if (!received) return answer(refused(received.error()));
  const act::Act& what = received->act().act();
  const auto rules = shelf_->find(what.rulebook);
  const bool urgent = rules != nullptr && rulebook::is_urgent(*rules, what.type, what.d);
  Work work{std::move(*received), std::move(answer), urgent};
  if (!queue_.push(work)) return work.answer(refused(queue_full()));
  waiting_.set(static_cast<std::int64_t>(queue_.size()));
}

Judgement Hub::rehearse_on(Committer::Scene& scene, std::string_view act, std::vector<std::string> objects) {
  const auto received = receive(act, std::move(objects), *scene.people);
  if (!received) return refused(received.error());
  std::optional<Judgement> judgement;
  const auto read_ok = (*readers_)([&](store::Connection& connection) -> Result<> {
    judgement = committer_->judge_only(connection, *received, scene);
    return {};
  });
  if (!read_ok) return refused(read_ok.error());
  return std::move(*judgement);
}

Judgement Hub::rehearse(std::string_view act, std::vector<std::string> objects) {
  Committer::Scene scene{directory()};
  return rehearse_on(scene, act, std::move(objects));
}

std::vector<Judgement> Hub::rehearse_each(std::span<const std::string> acts) {
  Committer::Scene scene{directory()};
  std::vector<Judgement> out;
  for (const std::string& act : acts) out.push_back(rehearse_on(scene, act, {}));
  return out;
}

std::shared_ptr<const rulebook::Rulebook> Hub::rulebook() const {
  const auto people = directory();
  return people->rulebooks().empty() ? nullptr : shelf_->find(people->rulebooks().back());
}

Result<> Hub::keep_file(const evidence::File& file) {
  auto connection = TRY(database_->connect());
  return evidence::put_file(connection, file, clock_.now());
}

Result<std::int64_t> Hub::publish_now() {
  Lock lock(publishing_);
  return (*readers_)([&](store::Connection& connection) { return publish_tiles(connection, blobs_); });
}

void Hub::run_committer() {
  while (true) {
    std::vector<Work> batch = queue_.pop(kBatchMax);
    if (batch.empty()) return;
    waiting_.set(static_cast<std::int64_t>(queue_.size()));
    committer_->commit(std::move(batch));
    feed_->wake();
    {
      Lock lock(mutex_);
      committed_.notify_all();
    }
  }
}

// True when it is time to end.
bool Hub::wait_for_stop(Milliseconds time) {
  Lock lock(mutex_);
  if (!stopping_) stop_changed_.wait_for(mutex_, time);
  return stopping_;
}

void Hub::run_timers() {
  std::int64_t rounds = 0;
  while (!wait_for_stop(kTimersEvery)) {
    if (auto looked = look_at_clocks(); !looked) log::warning("timers.clocks", {{"rule", looked.error().rule}});
    if (rounds++ % 1200 == 0)
      if (auto swept = sweep_uploads(); !swept) log::warning("timers.uploads", {{"rule", swept.error().rule}});
  }
}

Result<> Hub::look_at_clocks() {
  const auto due = TRY((*readers_)([&](store::Connection& connection) {
    return clocks::due_by(connection, from_seconds(to_seconds(clock_.now())), kClocksAtOnce);
  }));
  if (due.empty()) return {};
  // Waits until these have rung: the next look must not find them again.
  Mutex mutex;
  Condition done;
  std::size_t left = due.size();
  const auto one_done = [&](const Outcome&) {
    Lock lock(mutex);
    if (--left == 0) done.notify_all();
  };
  for (const clocks::Clock& clock : due) {
    Work work{ClockFire{clock.case_no, clock.clock}, one_done, true};
    if (!queue_.push(work)) one_done({});
  }
  Lock lock(mutex);
  while (left > 0) done.wait(mutex);
  return {};
}

// Ciphertext that no act has named for a day is nobody's: the sender uploads again.
Result<> Hub::sweep_uploads() {
  auto connection = TRY(database_->connect());
  TRY(enrolment::sweep(connection, clock_.now()));
  for (const std::string& id : TRY(evidence::unbound_since(connection, clock_.now() - kUnboundFilesLive, 100))) {
    TRY(evidence::forget_file(connection, id));
    TRY(blobs_.remove(evidence::blob_key(id)));
  }
  return {};
}

// An officer's desk counts an act as sent when it stands in the published tree: what was committed is published at once.
// Under load the publishing rests nineteen times as long as it took, at most `tiles_every`: a twentieth of a thread.
void Hub::run_tiles() {
  std::int64_t published = -1;
  Milliseconds rest{0};
  do {
    if (tree_size() == published || failed()) continue;
    const auto began = std::chrono::steady_clock::now();
    const auto size = publish_now();
    if (size) published = *size;
    else log::warning("tiles.publish", {{"rule", size.error().rule}, {"reason", size.error().message}});
    const auto took = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - began);
    rest = size ? std::min(19 * took, options_.tiles_every) : options_.tiles_every;
  } while (!wait_for_stop(rest) && !wait_for_commit(published));
}

// Until the tree is another one than `published`, or for `tiles_every`. Whether the hub stops.
bool Hub::wait_for_commit(std::int64_t published) {
  Lock lock(mutex_);
  if (!stopping_ && tree_size() == published) committed_.wait_for(mutex_, options_.tiles_every);
  return stopping_;
}

Result<std::size_t> Hub::ask_witnesses_now() {
  const auto people = directory();
  const auto& genesis = people->genesis();
  const auto published = TRY(published_checkpoint(blobs_));
  if (!options_.ask_witness || !genesis || genesis->witness_policy.empty() || !published) return 0;
  const auto policy = TRY(merkle::Policy::parse(genesis->witness_policy));
  const Cosigned round = witnesses_.ask_all(policy, *published, blobs_);
  if (round.cosignatures == 0) return 0;
  // What has been published meanwhile is newer, and will be asked about next.
  Lock lock(publishing_);
  const auto now = TRY(published_checkpoint(blobs_));
  if (now->note.text == published->note.text)
    TRY(blobs_.put(ledger_blob_key("checkpoint"), bytes_of(merkle::to_text(round.checkpoint.note))));
  return round.cosignatures;
}

namespace {
bool is_cosigned_by_all(const merkle::SignedCheckpoint& checkpoint, const std::string& policy_text) {
  const auto policy = merkle::Policy::parse(policy_text);
  if (!policy) return true;  // nobody to ask
  const auto asked = std::count_if(policy->witnesses().begin(), policy->witnesses().end(),
                                   [](const merkle::PolicyWitness& one) { return !one.url.empty(); });
  return static_cast<std::ptrdiff_t>(checkpoint.note.signatures.size()) - 1 >= asked;
}
}  // namespace

void Hub::run_witnesses() {
  std::uint64_t asked = 0;
  int left_out = 0, leave_out = 1;  // rounds; while nothing changes, a silent witness is asked less and less often
  while (!wait_for_stop(options_.tiles_every)) {
    const auto published = published_checkpoint(blobs_);
    const auto people = directory();
    const auto& genesis = people->genesis();
    if (!published || !*published || !genesis) continue;
    if ((*published)->checkpoint.size != asked) left_out = leave_out = 1;
    else if (is_cosigned_by_all(**published, genesis->witness_policy) || left_out++ < leave_out) continue;
    asked = (*published)->checkpoint.size;
    left_out = 0;
    leave_out = std::min(leave_out * 2, kWitnessRoundsMax);
    if (const auto done = ask_witnesses_now(); !done)
      log::warning("witness.round", {{"rule", done.error().rule}, {"reason", done.error().message}});
  }
}

// Another node's commits: wake the feed as soon as the database tells of them.
void Hub::run_notices() {
  auto connection = database_->connect();
  if (connection)
    if (auto listening = connection->listen("entraide_ledger"); !listening)
      log::warning("notices.listen", {{"rule", listening.error().rule}});
  while (connection && !wait_for_stop(Milliseconds(0))) {
    const auto notice = connection->wait_notice(Milliseconds(500));
    if (!notice && wait_for_stop(Milliseconds(500))) break;
    if (notice && *notice) feed_->wake();
  }
}

}  // namespace entraide::hub
