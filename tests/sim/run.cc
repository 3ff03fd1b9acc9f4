#include "sim/run.h"

#include <fmt/format.h>

#include "clocks/clocks.h"
#include "sim/clients.h"

namespace entraide::sim {
namespace {

constexpr std::size_t kBatchMost = 20;
constexpr int kStartsMost = 25;                        // before a run gives up on a hub that does not come up
constexpr auto kTimeMost = std::chrono::hours(24 * 200);  // officers are assigned for a year
constexpr unsigned kSurvival[] = {0, 10, 50, 90, 100};
constexpr int kCheckpointPages[] = {8000, 200, 60};  // of the log: rarely folded in, or often

class Run {
 public:
  Run(Stage& stage, const RunOptions& options, Tally& tally)
      : stage_(stage),
        options_(options),
        tally_(tally),
        dice_(options.seed),
        disk_(options.seed),
        blinds_(options.seed * 2 + 1),
        world_(stage.begin(options.seed,
                           [this](const std::string& body, const std::vector<std::string>& objects) {
                             return door(body, objects);
                           })),
        memory_(stage),
        clients_(stage, world_, memory_, dice_) {}

  Result<> go();

 private:
  Result<> start();
  Result<bool> come_up();
  Result<> look(bool thorough);
  void end_process();
  void arm();
  void arm_start();
  bool down() const { return disk_.process_is_dead() || node_ == nullptr || node_->failed(); }

  void turn_clock();
  Result<> step();
  Result<std::vector<SentAct*>> gather();
  Result<> commit(const std::vector<SentAct*>& acts, bool with_clocks);
  Result<> take(SentAct& sent, const hub::Outcome& outcome);
  Result<> add_clocks(std::vector<hub::Work>& batch);
  Result<> something_else();
  Result<> change_directory();
  Result<> settle();
  Result<demo::Answer> door(const std::string& body, const std::vector<std::string>& objects);

  Stage& stage_;
  const RunOptions options_;
  Tally& tally_;
  Dice dice_;
  SimDisk disk_;
  SeededRandom blinds_;
  demo::World world_;
  Memory memory_;
  Clients clients_;
  const int checkpoint_pages_ = dice_.one_of(kCheckpointPages);
  std::unique_ptr<Node> node_;
  Milliseconds ran_back_{0};
  Milliseconds ran_on_{0};
  std::optional<Error> breach_;  // found where only the door could say so
};

// ---- what goes wrong -------------------------------------------------------------------------

void Run::arm() {
  disk_.calm();
  disk_.survival_percent(dice_.one_of(kSurvival));
  const std::size_t what = dice_.below(100);
  if (what < 30) disk_.cut_power_at(dice_.between(1, 600));
  else if (what < 50) disk_.fail_sync_at(dice_.between(1, 12));
  else if (what < 60) disk_.fail_write_at(dice_.between(1, 500), SimDisk::WriteFault::no_space);
  else if (what < 70) disk_.fail_write_at(dice_.between(1, 500), SimDisk::WriteFault::io_error);
  else if (what < 90) disk_.kill_process_at(dice_.between(1, 600));
}

void Run::arm_start() {
  disk_.calm();
  const std::size_t what = dice_.below(100);
  if (what < 15) disk_.cut_power_at(dice_.between(1, 40));
  else if (what < 25) disk_.kill_process_at(dice_.between(1, 40));
  else if (what < 32) disk_.fail_sync_at(dice_.between(1, 6));
  else if (what < 40)
    disk_.fail_write_at(dice_.between(1, 20),
                        dice_.percent(50) ? SimDisk::WriteFault::no_space : SimDisk::WriteFault::io_error);
}

void Run::end_process() {
  if (node_ != nullptr && !disk_.process_is_dead() && node_->failed()) ++tally_.failures;
  node_.reset();
  if (disk_.powered()) {
    if (disk_.process_is_dead()) ++tally_.kills;
    disk_.kill_process();
    // Now and then the power goes right after: what the page cache alone held is gone.
    if (dice_.percent(20)) disk_.cut_power();
  }
  if (!disk_.powered()) {
    ++tally_.power_cuts;
    disk_.restart();
  }
}

// ---- starting --------------------------------------------------------------------------------

Result<> Run::start() {
  for (int i = 0; i < kStartsMost; ++i) {
    end_process();
    if (i + 5 < kStartsMost) arm_start();
    else disk_.calm();
    const bool up = TRY(come_up());
    if (!up) continue;
    arm();
    return {};
  }
  return fail(Errc::internal, "sim.start", "the hub did not come up on a disk without faults");
}

// False when what had been armed struck.
Result<bool> Run::come_up() {
  ++tally_.starts;
  const std::uint64_t faults = disk_.faults();
  const auto struck = [&] { return disk_.faults() != faults; };
  auto node = Node::start({disk_, stage_, blinds_, options_.mutant, checkpoint_pages_});
  if (!node) {
    if (struck() && node.error().rule != "store.damaged") return false;
    return std::unexpected(node.error());
  }
  node_ = std::move(*node);
  if (struck()) return false;
  disk_.calm();
  TRY(look(false));
  return true;
}

// The ledger is held against what has left the process; projections, which take as long as all the rest, not always.
Result<> Run::look(bool thorough) {
  auto connection = TRY(node_->connect());
  TRY(memory_.check(connection));
  if (thorough || dice_.percent(40)) TRY(memory_.check_projections(connection));
  const auto published = TRY(node_->published_checkpoint());
  return published ? memory_.take_checkpoint(*published) : Result<>();
}

// ---- a day's work ----------------------------------------------------------------------------

void Run::turn_clock() {
  using namespace std::chrono_literals;
  const auto on = [&](Milliseconds by) {
    if (ran_on_ + by > kTimeMost) return;
    ran_on_ += by;
    stage_.clock.advance(by);
  };
  on(Milliseconds(dice_.below(4000)));
  const std::size_t what = dice_.below(100);
  if (what < 10) on(Seconds(dice_.below(600)));
  else if (what < 16) on(std::chrono::minutes(dice_.below(2000)));
  else if (what < 19) on(std::chrono::hours(24 * dice_.below(70)));
  else if (what < 23) stage_.clock.advance(-Seconds(dice_.below(200)));
  else if (what < 25 && ran_back_ == Milliseconds(0)) {
    ran_back_ = std::chrono::hours(1 + dice_.below(30));
    stage_.clock.advance(-ran_back_);
  } else if (what < 50 && ran_back_ != Milliseconds(0)) {
    stage_.clock.advance(ran_back_);
    ran_back_ = Milliseconds(0);
  }
}

// A batch: new acts, what is still unanswered, what has been answered long ago, and some of it twice.
Result<std::vector<SentAct*>> Run::gather() {
  std::vector<SentAct*> out;
  const std::size_t most = 1 + dice_.below(kBatchMost);
  for (SentAct* sent : clients_.under_way())
    if (out.size() < most && dice_.percent(90)) out.push_back(sent);
  while (out.size() < most) {
    SentAct* sent = nullptr;
    if (dice_.percent(75)) sent = TRY(clients_.begin_act());
    else if (!out.empty() && dice_.percent(30)) sent = dice_.one_of(out);
    else if (!memory_.admitted().empty()) sent = dice_.one_of(memory_.admitted());
    if (sent == nullptr) break;
    out.push_back(sent);
  }
  return out;
}

Result<> Run::take(SentAct& sent, const hub::Outcome& outcome) {
  const bool heard = !dice_.percent(4);  // the line breaks before the answer is there
  if (!outcome) ++tally_.refusals[outcome.error().error.rule];
  if (!heard) ++tally_.unanswered;
  else if (outcome) ++(outcome->is_new ? tally_.admitted : tally_.repeated);
  else
    ++(outcome.error().error.code == Errc::storage || outcome.error().error.code == Errc::unavailable
           ? tally_.unanswered
           : tally_.refused);
  TRY(memory_.take_answer(sent, outcome, heard));
  if (heard) clients_.learn(sent, outcome);
  return {};
}

Result<> Run::add_clocks(std::vector<hub::Work>& batch) {
  auto connection = TRY(node_->connect());
  const auto due = TRY(clocks::due_by(connection, from_seconds(to_seconds(stage_.clock.now())), 8));
  for (const clocks::Clock& clock : due) {
    ++tally_.notes;
    batch.insert(batch.begin(), hub::Work{hub::ClockFire{clock.case_no, clock.clock}, {}, true});
  }
  return {};
}

Result<> Run::commit(const std::vector<SentAct*>& acts, bool with_clocks) {
  std::vector<hub::Work> batch;
  std::vector<std::optional<hub::Outcome>> outcomes(acts.size());
  for (std::size_t i = 0; i < acts.size(); ++i) {
    auto received = hub::receive(acts[i]->body, acts[i]->objects, *node_->directory());
    if (!received) {
      outcomes[i] = hub::refused(received.error());
      continue;
    }
    batch.push_back({std::move(*received),
                     [this, &outcome = outcomes[i]](hub::Outcome answer) {
                       // Only what a living process says is heard by anybody.
                       if (!disk_.process_is_dead()) outcome = std::move(answer);
                     },
                     false});
  }
  if (with_clocks)
    if (auto added = add_clocks(batch); !added && added.error().code != Errc::storage) return added;
  ++tally_.batches;
  if (!batch.empty()) node_->commit(std::move(batch));
  const bool dead = disk_.process_is_dead();
  for (std::size_t i = 0; i < acts.size(); ++i) {
    if (outcomes[i]) TRY(take(*acts[i], *outcomes[i]));
    else if (!dead) return fail(Errc::internal, "sim.answer", "a submission was not answered");
    else ++tally_.unanswered;
  }
  return {};
}

// The world's own acts, of the directory: sent until their fate is known.
Result<demo::Answer> Run::door(const std::string& body, const std::vector<std::string>& objects) {
  const auto sent = memory_.remember(body, objects);
  if (!sent) return std::unexpected(sent.error());
  while ((*sent)->fate == SentAct::Fate::unsettled) {
    Result<> done = down() ? start() : Result<>();
    if (done) done = commit({*sent}, false);
    if (!done) {
      breach_ = done.error();
      return std::unexpected(done.error());
    }
  }
  if ((*sent)->fate == SentAct::Fate::refused)
    return fail(Errc::refused, "world.refused", "the hub refused an act of the directory");
  const auto receipt = TRY(merkle::parse_receipt((*sent)->receipt));
  return demo::Answer{(*sent)->index, receipt.unix_seconds, (*sent)->receipt, {}};
}

Result<> Run::change_directory() {
  demo::Office& office = dice_.one_of(world_.offices());
  std::vector<const demo::Officer*> active;
  for (const demo::Officer& officer : world_.officers())
    if (officer.authority == office.authority && !clients_.is_retired(officer)) active.push_back(&officer);
  // A refusal (a clock that ran back, say) leaves the world as it was; what broke a promise is in `breach_`.
  Result<> done;
  if (active.size() > 1 && dice_.percent(50)) {
    const demo::Officer& leaving = *dice_.one_of(active);
    clients_.retire(leaving);
    done = world_.revoke_device(office, leaving, "lost");
  } else if (active.size() < 4) {
    const auto added = world_.add_officer(office, "Newcomer", {"officer", "duty-officer"}, "hw");
    if (!added) done = std::unexpected(added.error());
  }
  if (done && dice_.percent(50)) done = world_.renew_ring(office);
  return breach_ ? Result<>(std::unexpected(*breach_)) : Result<>();
}

// What the hub does besides: tiles, an orderly end, an end that nobody ordered.
Result<> Run::something_else() {
  const std::size_t what = dice_.below(100);
  if (what < 12) {
    if (auto published = node_->publish_tiles(); !published && published.error().code != Errc::storage)
      return std::unexpected(published.error());
    if (disk_.process_is_dead()) return {};
    const auto note = node_->published_checkpoint();
    if (note && *note) return memory_.take_checkpoint(**note);
  } else if (what < 16) {
    ++tally_.clean_ends;
    const bool clean = node_->stop().has_value();
    node_.reset();
    // A start after it finds either an orderly end or the marks of the fault that spoiled it.
    if (clean && dice_.percent(30)) disk_.cut_power();
  } else if (what < 18) {
    ++tally_.kills;
    node_.reset();
  } else if (what < 20) {
    disk_.cut_power();
  } else if (what < 28) {
    return change_directory();
  }
  return {};
}

Result<> Run::step() {
  turn_clock();
  if (down()) TRY(start());
  const auto acts = TRY(gather());
  TRY(commit(acts, dice_.percent(60)));
  if (!down()) TRY(something_else());
  return {};
}

// In the end all is quiet: what is unanswered gets its answer, and the disk alone, after a last power cut, still has everything.
Result<> Run::settle() {
  for (int round = 0; round < 2; ++round) {
    node_.reset();
    disk_.survival_percent(0);
    disk_.cut_power();
    end_process();
    const bool up = TRY(come_up());
    if (!up) return fail(Errc::internal, "sim.start", "the hub did not come up on a disk without faults");
    std::vector<SentAct*> again = clients_.under_way();
    for (int i = 0; i < 10 && !memory_.admitted().empty(); ++i) again.push_back(dice_.one_of(memory_.admitted()));
    for (std::size_t i = 0; i < again.size(); i += kBatchMost)
      TRY(commit({again.begin() + static_cast<std::ptrdiff_t>(i),
                  again.begin() + static_cast<std::ptrdiff_t>(std::min(again.size(), i + kBatchMost))},
                 false));
    if (node_->failed()) return fail(Errc::internal, "sim.failed", "the hub stopped on a disk without faults");
  }
  TRY(look(true));
  return node_->stop();
}

Result<> Run::go() {
  TRY(stage_.furnish(disk_));
  node_ = TRY(Node::start({disk_, stage_, blinds_, options_.mutant, checkpoint_pages_}));
  arm();
  for (int i = 0; i < options_.batches; ++i) TRY(step());
  TRY(settle());
  tally_.operations += static_cast<std::int64_t>(disk_.operations());
  ++tally_.runs;
  return {};
}

}  // namespace

Result<> run(Stage& stage, const RunOptions& options, Tally& tally) { return Run(stage, options, tally).go(); }

Tally& Tally::operator+=(const Tally& more) {
  for (auto member : {&Tally::runs, &Tally::operations, &Tally::batches, &Tally::admitted, &Tally::repeated,
                      &Tally::refused, &Tally::unanswered, &Tally::notes, &Tally::starts, &Tally::power_cuts,
                      &Tally::kills, &Tally::failures, &Tally::clean_ends})
    this->*member += more.*member;
  for (const auto& [rule, count] : more.refusals) refusals[rule] += count;
  return *this;
}

std::string Tally::words() const {
  return fmt::format(
      "{} runs, {} disk operations, {} batches: {} acts admitted, {} repeated, {} refused, {} unanswered, {} clocks; "
      "{} starts after {} power cuts, {} kills, {} storage failures, {} orderly ends",
      runs, operations, batches, admitted, repeated, refused, unanswered, notes, starts, power_cuts, kills, failures,
      clean_ends);
}

}  // namespace entraide::sim
