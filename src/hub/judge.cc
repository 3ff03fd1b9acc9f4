#include "hub/judge.h"

#include <algorithm>
#include <set>

#include "codec/codec.h"
#include "crypto/jwe.h"
#include "evidence/evidence.h"
#include "ledger/ledger.h"

namespace entraide::hub {
namespace {

// Of four subjects, in one statement: every act asks all of it, and most acts ask nothing else.
constexpr store::Sql kKnown{"hub.known", R"sql(
  select (select leaf_index from ledger_leaf where act_id = $1),
         (select case_no from case_file where case_id = $2),
         (select tree_size from seen_checkpoint where device = $3),
         (select sent from sent_counter where device = $3 and authority = $4))sql"};

rulebook::Authority authority_of(const cases::Party& party) { return {party.authority, party.kind, party.country}; }

rulebook::DeviceLevel level_of(std::string_view assurance_level) {
  if (assurance_level == "hw") return rulebook::DeviceLevel::hw;
  return assurance_level == "prf" ? rulebook::DeviceLevel::prf : rulebook::DeviceLevel::soft;
}

std::string country_code(const Subject& subject) {
  const std::string country = act::country_of(subject).str();
  return country.empty() ? country : country.substr(3);
}

Time admissible_until(const Bench& bench, const act::Act& act) {
  const auto rules = bench.shelf.find(act.rulebook);
  return rules ? rulebook::admissible_until(*rules, act.type, act.at) : act.at + rulebook::kSigningWindow;
}

Result<> check_time(const Bench& bench, const act::Act& act) {
  const Time until = admissible_until(bench, act);
  if (bench.now > until || act.at > bench.now + rulebook::kSigningWindow)
    return fail(Errc::refused, "act.time.window",
                "act: signed at " + codec::rfc3339(act.at) + ", can be admitted until " + codec::rfc3339(until) +
                    ", and here it is " + codec::rfc3339(bench.now) + "; set the clock and sign again");
  return {};
}

Result<> check_rulebook(const Bench& bench, const act::Act& act, const Facts& facts) {
  const std::vector<Digest>& versions = bench.directory.rulebooks();
  if (!versions.empty() && act.rulebook == versions.back()) return {};
  // A case goes on under the version that it began with.
  if (facts.docket.file && facts.docket.file->rulebook == act.rulebook) return {};
  return fail(Errc::conflict, "act.rulebook.unknown",
              "act: names a rulebook that is not in force; fetch the current one and check again");
}

Result<> check_checkpoint(const Bench& bench, const act::Act& act, const Facts& facts) {
  if (facts.checkpoint_root != act.checkpoint.root)
    return fail(Errc::refused, "act.checkpoint.unknown",
                "act: names a checkpoint that this ledger never signed; verify the ledger before you go on");
  // An act that may wait for its other signatures is overtaken by what its first signer signs meanwhile.
  if (admissible_until(bench, act) > act.at + rulebook::kSigningWindow) return {};
  if (act.checkpoint.size < facts.seen_checkpoint)
    return fail(Errc::refused, "act.checkpoint.stale",
                "act: names a checkpoint of size " + std::to_string(act.checkpoint.size) +
                    ", but this device has verified one of size " + std::to_string(facts.seen_checkpoint));
  return {};
}

Result<> check_counters(const act::Act& act, const Facts& facts) {
  for (const auto& [receiver, count] : act.sent) {
    const std::int64_t newest = facts.sent.at(receiver);
    if (count <= newest)
      return fail(Errc::conflict, "act.st.replayed",
                  "act: st " + std::to_string(count) + " to " + receiver + " was used before; the next is " +
                      std::to_string(newest + 1));
    if (count > newest + 1)
      return fail(Errc::conflict, "act.st.gap",
                  "act: st " + std::to_string(count) + " to " + receiver + " leaves a gap; the next is " +
                      std::to_string(newest + 1));
  }
  return {};
}

Result<> check_receivers(const Bench& bench, const act::Act& act) {
  for (const Subject& receiver : act.to) {
    if (bench.directory.active_authority(receiver) == nullptr)
      return fail(Errc::refused, "act.recipient.unknown", receiver.str() + " is not an active authority");
  }
  return {};
}

Result<> check_objects(const Bench& bench, const act::Act& act) {
  for (const act::ObjectRef& object : act.objects) {
    if (object.kind == act::ObjectRef::Kind::file) {
      const auto file = TRY(evidence::file(bench.connection, object.file_id));
      if (!file || file->hash != object.hash || file->bytes != object.bytes)
        return fail(
            Errc::invalid, "act.file.missing",
            "file " + object.file_id + ": not uploaded, or not the bytes that the act names; upload it first");
      if (file->leaf_index || file->uploaded_by != act.device)
        return fail(
            Errc::refused, "act.file.taken",
            "file " + object.file_id + ": was uploaded by another device or sent in another act; upload it anew");
      continue;
    }
    for (const act::SealedTo& to : object.to) {
      const directory::Authority* found = bench.directory.authority(to.authority);
      const directory::Ring* ring = found == nullptr ? nullptr : found->current_ring();
      if (ring == nullptr)
        return fail(Errc::refused, "act.recipient.unknown", to.authority.str() + " has no key to seal to");
      if (to.generation != ring->generation || to.kid != ring->key.kid())
        return fail(Errc::conflict, "act.ring.generation",
                    "sealed to generation " + std::to_string(to.generation) + " of " + to.authority.str() +
                        "; the current one is " + std::to_string(ring->generation) + ": seal again");
    }
  }
  return {};
}

std::expected<rulebook::ActFacts, Refusal> facts_of(const Bench& bench, const act::VerifiedAct& verified) {
  const auto actor = bench.directory.authorise(verified, bench.now);
  if (!actor) return refused(actor.error());
  const act::Act& act = verified.act();
  rulebook::ActFacts facts;
  facts.type = act.type;
  facts.actor = {actor->authority, actor->authority_kind, country_code(actor->authority)};
  for (const directory::ActingOfficer& officer : actor->officers)
    facts.signers.push_back({officer.officer, officer.roles, level_of(officer.assurance_level)});
  for (const Subject& receiver : act.to) {
    const directory::Authority* found = bench.directory.authority(receiver);
    facts.receivers.push_back({receiver, found == nullptr ? std::string() : found->kind, country_code(receiver)});
  }
  for (const act::ObjectRef& object : act.objects) {
    if (object.kind != act::ObjectRef::Kind::seal) continue;
    rulebook::SealedObject sealed{object.role, {}};
    for (const act::SealedTo& to : object.to) sealed.to.push_back(to.authority);
    facts.objects.push_back(std::move(sealed));
  }
  facts.d = act.d;
  return facts;
}

std::unexpected<Refusal> unknown_case() {
  // A case that is not there and one that is none of the asker's business look the same.
  return refused({Errc::not_found, "act.case.unknown", "there is no such case for this authority"});
}

// Whether the act may speak in its case at all.
std::optional<std::unexpected<Refusal>> check_case(const act::Act& act, const Facts& facts) {
  const auto is_own = [&](const cases::Box& box) { return box.authority == act.for_authority; };
  if (facts.docket.file && std::ranges::none_of(facts.docket.boxes, is_own)) return unknown_case();
  if (act.previous) {
    if (!facts.docket.file) return unknown_case();
    if (!facts.previous_in_case)
      return refused({Errc::conflict, "act.prev.unknown", "act: `prev` is not an act of this case"});
  } else if (facts.docket.file) {
    return refused({Errc::conflict, "act.prev.unknown",
                    "act: an act in an existing case names in `prev` the newest act that you have seen"});
  }
  return std::nullopt;
}

}  // namespace

// ---- facts -----------------------------------------------------------------------------------

Result<Inquiry::OfCase> Inquiry::OfCase::ask(store::Connection& connection, std::int64_t case_no) {
  return OfCase{TRY(cases::ask_boxes(connection, case_no)), TRY(clocks::ask_of_case(connection, case_no)),
                TRY(cases::ask_happened(connection, case_no))};
}

Result<Docket> Inquiry::OfCase::docket(cases::Case file) {
  Docket out;
  out.boxes = TRY(boxes.take());
  out.clocks = TRY(clocks.take());
  out.state.happened = TRY(happened.take());
  for (const cases::Thread& thread : file.threads)
    out.state.threads.push_back({thread.kind, thread.state, thread.basis, authority_of(thread.requesting),
                                 authority_of(thread.requested), thread.label});
  for (const clocks::Clock& clock : out.clocks)
    if (clock.state == clocks::State::running) out.state.clocks.push_back({clock.clock, clock.owner, clock.due});
  out.file = std::move(file);
  return out;
}

Result<Inquiry> Inquiry::ask(store::Connection& connection, const act::VerifiedAct& verified, KnownRoots* known) {
  const act::Act& act = verified.act();
  const std::string first = act.sent.empty() ? std::string() : act.sent.begin()->first;
  Inquiry out(TRY(Later<Known>::ask(
      connection, kKnown, {verified.id(), act.case_id ? act.case_id->str() : std::string(), act.device, first},
      [](const store::Rows& rows) -> Result<Known> {
        const store::Row row = rows.front();
        return Known{row.optional_integer(0),
                     row.optional_integer(1),
                     {row.optional_integer(2).value_or(0), row.optional_integer(3).value_or(0)}};
      })));
  out.checkpoint_size_ = act.checkpoint.size;
  out.known_ = known;
  if (act.checkpoint.size == 0) out.root_ = merkle::empty_root();
  else if (const Digest* root = known != nullptr ? known->find(act.checkpoint.size) : nullptr) out.root_ = *root;
  else out.checkpoint_root_ = TRY(ledger::ask_checkpoint_root(connection, act.checkpoint.size));
  out.first_receiver_ = first;
  for (const auto& [receiver, count] : act.sent)
    if (receiver != first)
      out.counters_.emplace_back(receiver, TRY(delivery::ask_counters(connection, act.device, Subject(receiver))));
  if (act.previous) out.previous_ = TRY(ledger::ask_index(connection, *act.previous));
  return out;
}

Result<> Inquiry::ask_on(store::Connection& connection) {
  found_ = TRY(asked_.take());
  if (!found_.case_no) return {};
  file_ = TRY(cases::ask_case(connection, *found_.case_no));
  const auto previous = previous_ ? TRY(previous_->take()) : std::nullopt;
  if (previous) previous_in_case_ = TRY(cases::ask_has_entry(connection, *found_.case_no, *previous));
  of_case_ = TRY(OfCase::ask(connection, *found_.case_no));
  return {};
}

Result<Facts> Inquiry::facts() {
  Facts out;
  out.index = found_.index;
  out.checkpoint_root = checkpoint_root_ ? TRY(checkpoint_root_->take()) : root_;
  if (checkpoint_root_ && known_ != nullptr && out.checkpoint_root)
    known_->add(checkpoint_size_, *out.checkpoint_root);
  out.seen_checkpoint = found_.counters.seen_checkpoint;
  out.sent.emplace(first_receiver_, found_.counters.sent);
  for (auto& [receiver, later] : counters_) out.sent.emplace(receiver, TRY(later.take()).sent);
  if (of_case_) {
    auto file = TRY(file_->take());
    ENSURE(file.has_value());  // its number has just been read
    out.docket = TRY(of_case_->docket(std::move(*file)));
  }
  if (previous_in_case_) out.previous_in_case = TRY(previous_in_case_->take());
  return out;
}

Result<Facts> facts_for(store::Connection& connection, const act::VerifiedAct& act) {
  Inquiry inquiry = TRY(Inquiry::ask(connection, act));
  TRY(inquiry.ask_on(connection));
  return inquiry.facts();
}

Result<Docket> load_docket(store::Connection& connection, cases::Case file) {
  auto of_case = TRY(Inquiry::OfCase::ask(connection, file.case_no));
  return of_case.docket(std::move(file));
}

// ---- judging -----------------------------------------------------------------------------------

Result<> check_admission(const Bench& bench, const Submission& submission, const Facts& facts) {
  const act::Act& act = submission.act().act();
  TRY(check_time(bench, act));
  TRY(check_rulebook(bench, act, facts));
  TRY(check_checkpoint(bench, act, facts));
  TRY(check_receivers(bench, act));
  TRY(check_counters(act, facts));
  return check_objects(bench, act);
}

Result<> check_directory_admission(const Bench& bench, const Submission& submission, const Facts& facts,
                                   std::string_view log_vkey) {
  const act::Act& act = submission.act().act();
  TRY(check_time(bench, act));
  if (act.type == "dir.genesis") {
    const codec::Json* log = act.d.find("log");
    if (log == nullptr || !log->is_string() || log->string() != log_vkey)
      return fail(Errc::refused, "dir.genesis.log",
                  "dir.genesis: `log` must be this hub's verifier key, " + std::string(log_vkey));
  } else {
    TRY(check_rulebook(bench, act, facts));
  }
  TRY(check_checkpoint(bench, act, facts));
  TRY(check_receivers(bench, act));
  TRY(check_counters(act, facts));
  if (act.type == "dir.genesis" || act.type == "dir.rulebook") {
    const codec::Json* rb = act.d.find("rb");
    const auto digest =
        rb != nullptr && rb->is_string() ? codec::hash_from_text<Digest>(rb->string(), "d.rb") : Result<Digest>();
    if (!digest || bench.shelf.find(*digest) == nullptr)
      return fail(Errc::refused, "dir.rulebook.unknown",
                  act.type + ": this hub does not have that rulebook; install it there first");
  }
  if (!act.type.starts_with("ring.")) return {};

  std::set<KeyId> expected;
  const codec::Json* au = act.d.find("au");
  if (act.type == "ring.new" && au != nullptr && au->is_string()) {
    for (const directory::Device* device : bench.directory.members(Subject(au->string()), bench.now))
      expected.insert(device->seal);
  } else if (const codec::Json* dv = act.d.find("dv"); dv != nullptr && dv->is_string()) {
    if (const directory::Device* device = bench.directory.device(KeyId(dv->string()))) expected.insert(device->seal);
  }
  if (submission.objects().empty())
    return fail(Errc::invalid, "act.object.missing", act.type + ": the wrapped key was not sent along");
  const auto sealed = TRY(crypto::parse_jwe(submission.objects().front().jwe));
  const std::set<KeyId> recipients(sealed.recipients().begin(), sealed.recipients().end());
  if (recipients != expected || expected.empty())
    return fail(Errc::refused, "ring.members",
                act.type + ": the key must be wrapped to every active device of the authority and to no other");
  return {};
}

std::expected<Plan, Refusal> decide_case_act(const Bench& bench, const act::VerifiedAct& verified, Facts known) {
  const act::Act& act = verified.act();
  if (!act.case_id) return refused({Errc::invalid, "act.case.missing", "act: names no case"});
  auto facts = facts_of(bench, verified);
  if (!facts) return std::unexpected(std::move(facts.error()));
  if (auto no = check_case(act, known)) return std::move(*no);
  Docket& docket = known.docket;
  auto rules = bench.shelf.find(act.rulebook);
  if (!rules)
    return refused({Errc::refused, "act.rulebook.unknown", "act: names a rulebook that this hub does not have"});

  auto decision = rulebook::decide(*rules, docket.state, *facts, bench.now);
  if (!decision) {
    const rulebook::Refused& no = decision.error();
    // Only an opening act may name a case that is not there; any other is told what a stranger is told.
    if (!docket.file && no.rule == "decide.case") return unknown_case();
    return std::unexpected(
        Refusal{{Errc::refused, no.rule, act.type + ": refused by rule " + no.rule + " (" + no.source + ")", no.path},
                no.source,
                no.params});
  }
  return Plan{std::move(docket), std::move(*decision), std::move(rules)};
}

}  // namespace entraide::hub
