#include "hub/committer.h"

#include <set>

#include "base/log.h"
#include "codec/codec.h"
#include "delivery/delivery.h"
#include "drafts/drafts.h"
#include "enrolment/enrolment.h"
#include "evidence/evidence.h"
#include "hub/acknowledge.h"
#include "passkeys/passkeys.h"

namespace entraide::hub {
namespace {

constexpr std::int64_t kFoldPage = 512;

Time whole_seconds(Time time) { return from_seconds(to_seconds(time)); }

}  // namespace

// What became of one submission, until the batch is durable.
struct Committer::Judged {
  std::optional<Outcome> outcome;          // already certain: refused, or admitted long ago
  std::optional<std::size_t> position;     // in the batch's entries; its receipt is still to come
  std::optional<cases::Case> file;
  std::vector<std::pair<std::string, std::string>> states;
  bool is_new = true;
};

struct Committer::Round {
  ledger::Batch ledger;
  Time now;
  std::shared_ptr<const directory::Directory> directory;  // as committed before this batch
  std::shared_ptr<directory::Directory> changed = {};     // a copy, from the batch's first directory act on
  cases::References references = {};
  // Of whom and what the acts admitted so far have changed what the database says.
  std::set<KeyId> devices = {};
  std::set<CaseId> cases = {};

  const directory::Directory& people() const { return changed ? *changed : *directory; }
  bool has_changed_facts_of(const act::Act& act) const {
    return devices.contains(act.device) || (act.case_id && cases.contains(*act.case_id));
  }
  void changes_facts_of(const act::Act& act) {
    devices.insert(act.device);
    if (act.case_id) cases.insert(*act.case_id);
  }
};

Result<std::int64_t> fold_directory(store::Connection& connection, directory::Directory& directory,
                                    std::int64_t from) {
  const ledger::Head head = TRY(ledger::head(connection));
  while (from < head.size) {
    const auto entries = TRY(ledger::entries_from(connection, from, kFoldPage, merkle::EntryKind::dir));
    for (const ledger::Entry& entry : entries) {
      auto parsed = TRY(act::parse_act(entry.body));
      const auto verified = TRY(act::verify(std::move(parsed), directory));
      TRY(directory.admit(verified, entry.index, entry.time()));
      from = entry.index + 1;
    }
    if (entries.size() < kFoldPage) break;
  }
  return head.size;
}

Result<> Committer::migrate(store::Database& database) {
  std::vector<store::Migration> all;
  for (const auto& some :
       {ledger::migrations(), Shelf::migrations(), cases::migrations(), clocks::migrations(), delivery::migrations(),
        evidence::migrations(), drafts::migrations(), enrolment::migrations(), passkeys::migrations()})
    all.insert(all.end(), some.begin(), some.end());
  return database.migrate(all);
}

Committer::Committer(Parts parts, store::Connection connection)
    : parts_(parts),
      connection_(std::move(connection)),
      directory_(std::make_shared<const directory::Directory>()),
      admitted_(parts.metrics.counter("entraide_acts_admitted_total", "acts admitted to the ledger")),
      refused_(parts.metrics.counter("entraide_acts_refused_total", "acts refused after their signatures verified")),
      batch_time_(parts.metrics.histogram("entraide_batch_seconds", "from the first act of a batch to its commit")) {}

Result<std::unique_ptr<Committer>> Committer::open(Parts parts) {
  auto connection = TRY(parts.database.connect());
  std::unique_ptr<Committer> committer(new Committer(parts, std::move(connection)));
  if (const auto note = TRY(ledger::newest_checkpoint(committer->connection_))) {
    // Another key or origin than the ledger was begun with would sign a second history.
    const auto checkpoint = TRY(merkle::parse_checkpoint(*note));
    if (!merkle::verify_checkpoint(checkpoint, parts.log.verifier()))
      return fail(Errc::invalid, "ledger.key",
                  "ledger: this database was begun under another origin or log key; configure those");
  }
  auto directory = std::make_shared<directory::Directory>();
  const std::int64_t size = TRY(fold_directory(committer->connection_, *directory, 0));
  committer->publish(std::move(directory), size);
  return committer;
}

std::shared_ptr<const directory::Directory> Committer::directory() const {
  Lock lock(mutex_);
  return directory_;
}

void Committer::publish(std::shared_ptr<const directory::Directory> directory, std::int64_t tree_size) {
  Lock lock(mutex_);
  directory_ = std::move(directory);
  tree_size_.store(tree_size, std::memory_order_release);
}

Bench Committer::bench_of(Round& round) {
  return {connection_, round.people(), parts_.shelf, round.now, round.ledger.next_index(), round.references};
}

// Another node may have committed since our last batch: whom it enrolled and revoked counts before we judge.
Result<> Committer::catch_up(Round& round) {
  if (round.ledger.next_index() == tree_size()) return {};
  auto fresh = std::make_shared<directory::Directory>(*round.directory);
  const std::int64_t size = TRY(fold_directory(connection_, *fresh, tree_size()));
  round.directory = std::move(fresh);
  publish(round.directory, size);
  return {};
}

Result<> Committer::admit(Round& round, const Submission& submission, Inquiry& inquiry, Judged& out) {
  const act::VerifiedAct& verified = submission.act();
  const act::Act& act = verified.act();
  if (const auto position = round.ledger.find(verified.id())) {
    out.position = position;
    out.is_new = false;
    if (act.case_id) out.file = TRY(cases::find(connection_, *act.case_id));
    return {};
  }
  Facts facts = round.has_changed_facts_of(act) ? TRY(facts_for(connection_, verified)) : TRY(inquiry.facts());
  if (facts.index) {
    const auto entry = TRY(ledger::entry_at(connection_, *facts.index));
    ENSURE(entry.has_value());  // its index has just been read
    Accepted accepted{verified.id(), entry->kind, TRY(ledger::receipt_of(connection_, *entry)), act.case_id, {}, {},
                      false};
    if (facts.docket.file) accepted.reference = facts.docket.file->reference;
    out.outcome = std::move(accepted);
    return {};
  }

  // A failure of storage ends the batch; every other failure is this act's own.
  const auto refuse = [&](Refusal refusal) -> Result<> {
    if (refusal.error.code == Errc::storage || refusal.error.code == Errc::internal ||
        refusal.error.code == Errc::unavailable)
      return std::unexpected(std::move(refusal.error));
    out.outcome = std::unexpected(std::move(refusal));
    return {};
  };

  const Bench bench = bench_of(round);
  const bool of_directory = directory::is_directory_act(act.type);
  if (of_directory) {
    if (auto checked = check_directory_admission(bench, submission, facts, parts_.log.verifier().vkey()); !checked)
      return refuse({checked.error()});
    if (!round.changed) round.changed = std::make_shared<directory::Directory>(*round.directory);
    if (auto admitted = round.changed->admit(verified, bench.index, round.now); !admitted)
      return refuse({admitted.error()});
    TRY(project_directory_act(bench_of(round), verified));
  } else if (is_acknowledgement(act.type)) {
    if (auto checked = check_admission(bench, submission, facts); !checked) return refuse({checked.error()});
    auto acknowledged = decide_acknowledgement(bench, verified);
    if (!acknowledged) return refuse(std::move(acknowledged.error()));
    TRY(project_acknowledgement(bench, verified, *acknowledged));
    out.file = std::move(acknowledged->file);
  } else {
    if (auto checked = check_admission(bench, submission, facts); !checked) return refuse({checked.error()});
    auto plan = decide_case_act(bench, verified, std::move(facts));
    if (!plan) return refuse(std::move(plan.error()));
    out.file = TRY(project_case_act(bench, verified, *plan));
    for (const rulebook::ThreadChange& change : plan->permitted.threads)
      out.states.emplace_back(change.kind, change.to);
  }
  round.changes_facts_of(act);
  for (std::size_t i = 0; i < submission.objects().size(); ++i)
    TRY(evidence::put_object(connection_, bench.index, static_cast<std::int64_t>(i), submission.objects()[i].hash,
                             submission.objects()[i].jwe));
  out.position = round.ledger.size();
  round.ledger.append(of_directory ? merkle::EntryKind::dir : merkle::EntryKind::act, round.now,
                      verified.signed_act().body, verified.signed_act().body_digest, verified.id());
  return {};
}

Result<> Committer::fire(Round& round, const ClockFire& fire) {
  const Bench bench = bench_of(round);
  const auto note = TRY(examine_clock(bench, fire.case_no, fire.clock));
  if (!note) return {};
  TRY(project_clock(bench, *note));
  round.cases.insert(note->file.id);
  round.ledger.append_note(round.now, note->body(round.now));
  return {};
}

// What every act of the batch makes us read, asked for together.
Result<std::vector<std::optional<Inquiry>>> Committer::ask(std::span<const Work> batch) {
  std::vector<std::optional<Inquiry>> out(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i)
    if (const auto* submission = std::get_if<Submission>(&batch[i].what))
      out[i] = TRY(Inquiry::ask(connection_, submission->act(), &known_roots_));
  for (auto& inquiry : out)
    if (inquiry) TRY(inquiry->ask_on(connection_));
  return out;
}

// One batch, one transaction, one checkpoint. Nothing that it gives back has left the process before the commit.
Result<std::vector<Outcome>> Committer::run(std::span<const Work> batch) {
  auto transaction = TRY(store::Transaction::begin(connection_));
  TRY(connection_.lock_ledger());
  auto head = TRY(ledger::Batch::ask(connection_));  // comes with the answers to what the acts ask
  auto inquiries = TRY(ask(batch));
  auto start = TRY(head.take());
  auto ledger_batch = ledger::Batch::begin(connection_, parts_.log, parts_.random, start);
  const Time now = whole_seconds(std::max(parts_.clock.now(), ledger_batch.last_time()));
  Round round{std::move(ledger_batch), now, directory()};
  TRY(catch_up(round));

  std::vector<Judged> judged(batch.size());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (const auto* submission = std::get_if<Submission>(&batch[i].what))
      TRY(admit(round, *submission, *inquiries[i], judged[i]));
    else TRY(fire(round, std::get<ClockFire>(batch[i].what)));
  }

  std::vector<ledger::Receipt> receipts;
  if (!round.ledger.empty()) {
    const std::int64_t tree_size = round.ledger.next_index();
    receipts = TRY(round.ledger.finish());
    TRY(connection_.notify("entraide_ledger", std::to_string(tree_size)));
    TRY(transaction.commit());
    publish(round.changed ? round.changed : round.directory, tree_size);
    known_roots_.add(tree_size, round.ledger.root());
    admitted_.add(receipts.size());
  }

  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    Judged& one = judged[i];
    const auto* submission = std::get_if<Submission>(&batch[i].what);
    if (one.outcome) {
      if (!one.outcome->has_value()) refused_.add();
      outcomes.push_back(std::move(*one.outcome));
    } else if (submission != nullptr) {
      const act::Act& act = submission->act().act();
      const bool is_of_directory = directory::is_directory_act(act.type);
      outcomes.push_back(
          Accepted{submission->act().id(), is_of_directory ? merkle::EntryKind::dir : merkle::EntryKind::act,
                   receipts[*one.position], act.case_id, one.file ? one.file->reference : std::string(),
                   std::move(one.states), one.is_new, is_of_directory ? act.for_authority : Subject()});
    } else {
      outcomes.push_back(Accepted{});  // a clock: nobody waits for it
    }
  }
  return outcomes;
}

// After a COMMIT whose outcome is unknown: the ledger itself says whether the act is in.
Result<Outcome> Committer::look_up(const Submission& submission) {
  const auto entry = TRY(ledger::find_entry(connection_, submission.act().id()));
  if (!entry)
    return Outcome(refused({Errc::unavailable, "hub.retry",
                            "the database went away before the act was stored; send the same act again"}));
  Accepted out{submission.act().id(),
               entry->kind,
               TRY(ledger::receipt_of(connection_, *entry)),
               submission.act().act().case_id,
               {},
               {},
               true};
  return Outcome(std::move(out));
}

void Committer::answer(std::span<Work> batch) {
  auto outcomes =
      failed_ ? Result<std::vector<Outcome>>(fail(Errc::storage, "store.failed", "this node has stopped taking acts"))
              : run(batch);
  if (outcomes) {
    for (std::size_t i = 0; i < batch.size(); ++i)
      if (batch[i].answer) batch[i].answer(std::move((*outcomes)[i]));
    return;
  }
  const Error error = outcomes.error();
  if (error.code == Errc::storage || parts_.database.failed()) {
    if (!failed_.exchange(true)) log::error("hub.stopped", {{"rule", error.rule}, {"reason", error.message}});
  } else if (error.rule == "store.commit.unknown") {
    for (Work& work : batch) {
      if (!work.answer) continue;
      const auto* submission = std::get_if<Submission>(&work.what);
      auto found = submission != nullptr ? look_up(*submission) : Result<Outcome>(Outcome(refused(error)));
      work.answer(found ? std::move(*found) : Outcome(refused(found.error())));
    }
    return;
  } else if (batch.size() > 1) {
    // Something in this batch cannot be stored: let each stand alone, so that it takes no other with it.
    for (Work& work : batch) answer({&work, 1});
    return;
  }
  for (Work& work : batch)
    if (work.answer) work.answer(refused(error));
}

void Committer::commit(std::vector<Work> batch) {
  ENSURE(batch.size() <= kBatchMax);
  const auto begin = std::chrono::steady_clock::now();
  answer(batch);
  batch_time_.observe(
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin));
}

Judgement Committer::judge_only(store::Connection& connection, const Submission& submission, Scene& scene) const {
  cases::References references;
  const Bench bench{connection,  *scene.people, parts_.shelf, whole_seconds(parts_.clock.now()),
                    tree_size(), references};
  const act::VerifiedAct& act = submission.act();
  auto facts = facts_for(connection, act);
  if (!facts) return refused(facts.error());
  std::vector<std::pair<std::string, std::string>> states;
  if (directory::is_directory_act(act.act().type)) {
    if (auto checked = check_directory_admission(bench, submission, *facts, parts_.log.verifier().vkey()); !checked)
      return refused(checked.error());
    if (!scene.copy) scene.copy = *scene.people;
    if (auto admitted = scene.copy->admit(act, bench.index, bench.now); !admitted) return refused(admitted.error());
    scene.copy.reset();  // it has taken the act in; the next one is judged without it
    return states;
  }
  if (auto checked = check_admission(bench, submission, *facts); !checked) return refused(checked.error());
  if (is_acknowledgement(act.act().type)) {
    if (auto decided = decide_acknowledgement(bench, act); !decided)
      return std::unexpected(std::move(decided.error()));
    return states;
  }
  auto plan = decide_case_act(bench, act, std::move(*facts));
  if (!plan) return std::unexpected(std::move(plan.error()));
  for (const rulebook::ThreadChange& change : plan->permitted.threads) states.emplace_back(change.kind, change.to);
  return states;
}

}  // namespace entraide::hub
