#include "sim/mutant.h"

#include "evidence/evidence.h"

namespace entraide::sim {
namespace {

using hub::Outcome;

class MutantNode final : public Node {
 public:
  MutantNode(Parts parts, std::unique_ptr<store::Database> database) : Node(parts), database_(std::move(database)) {}

  Result<> open() {
    TRY(hub::Committer::migrate(*database_));
    auto connection = TRY(database_->connect());
    connection_.emplace(std::move(connection));
    if (parts_.mutant == Mutant::no_sync) TRY(connection_->query({"mutant.no_sync", "pragma synchronous = off"}));
    auto directory = std::make_shared<directory::Directory>();
    TRY(hub::fold_directory(*connection_, *directory, 0));
    directory_ = std::move(directory);
    return {};
  }

  void commit(std::vector<hub::Work> batch) override {
    const std::size_t at_once = parts_.mutant == Mutant::second_transaction ? 1 : batch.size();
    for (std::size_t i = 0; i < batch.size(); i += at_once) commit_some(std::span(batch).subspan(i, at_once));
  }
  std::shared_ptr<const directory::Directory> directory() const override { return directory_; }
  bool failed() const override { return failed_; }
  Result<> stop() override {
    connection_.reset();
    return failed_ ? Result<>() : database_->close();
  }

 private:
  struct Step {
    std::optional<Outcome> outcome;
    std::optional<std::size_t> position;
    std::vector<std::pair<std::string, std::string>> states;
  };
  struct Round {
    ledger::Batch ledger;
    Time now;
    std::shared_ptr<directory::Directory> directory;
    cases::References references = {};
    std::vector<std::function<Result<>()>> later = {};  // projections of the second transaction
  };

  void commit_some(std::span<hub::Work> batch) {
    std::size_t answered = 0;
    Result<> done = failed_ ? fail(Errc::storage, "store.failed", "stopped") : run(batch, answered);
    if (done) return;
    if (done.error().code == Errc::storage || database_->failed()) failed_ = true;
    for (; answered < batch.size(); ++answered)
      if (batch[answered].answer) batch[answered].answer(hub::refused(done.error()));
  }

  Result<std::optional<Outcome>> known(const hub::Submission& submission) {
    const act::VerifiedAct& act = submission.act();
    const auto entry = TRY(ledger::find_entry(*connection_, act.id()));
    if (!entry) return std::nullopt;
    auto receipt = TRY(ledger::receipt_of(*connection_, *entry));
    return Outcome(hub::Accepted{act.id(), entry->kind, std::move(receipt), act.act().case_id, {}, {}, false});
  }

  Result<> admit(Round& round, const hub::Submission& submission, Step& out) {
    const act::VerifiedAct& verified = submission.act();
    if (parts_.mutant != Mutant::not_idempotent) {
      out.position = round.ledger.find(verified.id());
      if (out.position) return {};
      out.outcome = TRY(known(submission));
      if (out.outcome) return {};
    }
    const hub::Bench bench{*connection_, *round.directory,          parts_.stage.shelf(),
                           round.now,    round.ledger.next_index(), round.references};
    hub::Facts facts = TRY(hub::facts_for(*connection_, verified));
    const auto refuse = [&](Error error) -> Result<> {
      if (error.code == Errc::storage || error.code == Errc::unavailable) return std::unexpected(std::move(error));
      out.outcome = hub::refused(std::move(error));
      return {};
    };
    const bool second = parts_.mutant == Mutant::second_transaction;
    merkle::EntryKind kind = merkle::EntryKind::act;
    if (directory::is_directory_act(verified.act().type)) {
      kind = merkle::EntryKind::dir;
      if (auto ok = hub::check_directory_admission(bench, submission, facts, parts_.stage.log().verifier().vkey());
          !ok)
        return refuse(ok.error());
      if (auto ok = round.directory->admit(verified, bench.index, round.now); !ok) return refuse(ok.error());
      TRY(hub::project_directory_act(bench, verified));
    } else {
      if (auto ok = hub::check_admission(bench, submission, facts); !ok) return refuse(ok.error());
      auto plan = hub::decide_case_act(bench, verified, std::move(facts));
      if (!plan) return refuse(plan.error().error);
      for (const auto& change : plan->permitted.threads) out.states.emplace_back(change.kind, change.to);
      const auto project = [bench, verified, plan = *plan]() -> Result<> {
        TRY(hub::project_case_act(bench, verified, plan));
        return {};
      };
      if (second) round.later.push_back(project);
      else TRY(project());
    }
    for (std::size_t i = 0; i < submission.objects().size(); ++i)
      TRY(evidence::put_object(*connection_, bench.index, static_cast<std::int64_t>(i), submission.objects()[i].hash,
                               submission.objects()[i].jwe));
    out.position = round.ledger.size();
    round.ledger.append(kind, round.now, verified.signed_act().body, verified.signed_act().body_digest,
                        verified.id());
    return {};
  }

  Result<> fire(Round& round, const hub::ClockFire& clock) {
    const hub::Bench bench{*connection_, *round.directory,          parts_.stage.shelf(),
                           round.now,    round.ledger.next_index(), round.references};
    const auto note = TRY(hub::examine_clock(bench, clock.case_no, clock.clock));
    if (!note) return {};
    TRY(hub::project_clock(bench, *note));
    round.ledger.append_note(round.now, note->body(round.now));
    return {};
  }

  Result<> run(std::span<hub::Work> batch, std::size_t& answered) {
    auto transaction = TRY(store::Transaction::begin(*connection_));
    auto ledger_batch = TRY(ledger::Batch::begin(*connection_, parts_.stage.log(), parts_.random));
    const Time now = std::max(from_seconds(to_seconds(parts_.stage.clock.now())), ledger_batch.last_time());
    Round round{std::move(ledger_batch), now, std::make_shared<directory::Directory>(*directory_), {}};
    std::vector<Step> steps(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto* submission = std::get_if<hub::Submission>(&batch[i].what);
      if (submission != nullptr) TRY(admit(round, *submission, steps[i]));
      else TRY(fire(round, std::get<hub::ClockFire>(batch[i].what)));
    }
    std::vector<ledger::Receipt> receipts;
    if (!round.ledger.empty()) receipts = TRY(round.ledger.finish());
    const auto answer_all = [&] {
      for (; answered < batch.size(); ++answered) answer(batch[answered], steps[answered], receipts);
    };
    if (parts_.mutant == Mutant::receipt_first) answer_all();
    if (!receipts.empty()) {
      TRY(transaction.commit());
      if (!round.later.empty()) TRY(project_later(round));
      directory_ = round.directory;
    }
    answer_all();
    return {};
  }

  Result<> project_later(const Round& round) {
    auto transaction = TRY(store::Transaction::begin(*connection_));
    for (const auto& project : round.later) TRY(project());
    return transaction.commit();
  }

  static void answer(hub::Work& work, Step& step, const std::vector<ledger::Receipt>& receipts) {
    if (!work.answer) return;
    const auto* submission = std::get_if<hub::Submission>(&work.what);
    if (submission == nullptr) return work.answer(hub::Accepted{});
    if (step.outcome) return work.answer(std::move(*step.outcome));
    const act::VerifiedAct& act = submission->act();
    const bool of_directory = directory::is_directory_act(act.act().type);
    work.answer(hub::Accepted{act.id(),
                              of_directory ? merkle::EntryKind::dir : merkle::EntryKind::act,
                              receipts[*step.position],
                              act.act().case_id,
                              {},
                              std::move(step.states),
                              true});
  }

  store::Database& database() override { return *database_; }

  std::unique_ptr<store::Database> database_;
  std::optional<store::Connection> connection_;
  std::shared_ptr<const directory::Directory> directory_;
  bool failed_ = false;
};

}  // namespace

Result<std::unique_ptr<Node>> start_mutant(Node::Parts parts, std::unique_ptr<store::Database> database) {
  auto node = std::make_unique<MutantNode>(parts, std::move(database));
  TRY(node->open());
  return Result<std::unique_ptr<Node>>(std::move(node));
}

}  // namespace entraide::sim
