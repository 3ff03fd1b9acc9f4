#include "hub/project.h"

#include <algorithm>

#include "codec/codec.h"
#include "delivery/delivery.h"
#include "evidence/evidence.h"

namespace entraide::hub {
namespace {

using codec::Json;

cases::Party party_of(const rulebook::Authority& authority) {
  return {authority.id, authority.kind, authority.country};
}

// Threads as they are after `permitted`, with this entry's index on those that changed.
void change_threads(cases::Case& file, const rulebook::Permitted& permitted, std::int64_t index) {
  for (const rulebook::ThreadChange& change : permitted.threads) {
    auto at =
        std::find_if(file.threads.begin(), file.threads.end(), [&](const auto& t) { return t.kind == change.kind; });
    if (at == file.threads.end()) at = file.threads.emplace(at);
    *at = {change.kind,  change.to,       change.basis, party_of(change.requesting), party_of(change.requested),
           change.label, change.is_final, index};
  }
}

std::optional<Time> earliest_due(const rulebook::CaseState& state, const Subject& owner) {
  std::optional<Time> due;
  for (const rulebook::RunningClock& clock : state.clocks)
    if (clock.owner == owner && (!due || clock.due < *due)) due = clock.due;
  return due;
}

std::vector<cases::Box> boxes_after(const Docket& before, const cases::Case& file, const rulebook::CaseState& after,
                                    std::span<const Subject> informed) {
  std::vector<cases::Box> boxes;
  const auto box_of = [&](const Subject& authority) -> cases::Box& {
    for (cases::Box& box : boxes)
      if (box.authority == authority) return box;
    return boxes.emplace_back(cases::Box{authority, cases::Box::Side::informed, {}});
  };
  for (const cases::Box& box : before.boxes) box_of(box.authority);
  for (const Subject& authority : informed) box_of(authority);
  for (const cases::Thread& thread : file.threads) {
    box_of(thread.requesting.authority).side = cases::Box::Side::requesting;
    box_of(thread.requested.authority).side = cases::Box::Side::requested;
  }
  for (cases::Box& box : boxes) box.due = earliest_due(after, box.authority);
  return boxes;
}

// What the feed says of an entry: only what the routing label may say, and only to the parties.
Json event_of(const Bench& bench, const cases::Case& file, std::string_view type) {
  const cases::Thread& thread = file.newest();
  Json out = Json::object({{"index", bench.index},
                           {"time", codec::rfc3339(bench.now)},
                           {"t", type},
                           {"case", file.id.str()},
                           {"reference", file.reference},
                           {"kind", thread.kind},
                           {"state", thread.state}});
  for (const std::string_view fact : {"urgency", "emergency"})
    if (const Json* value = thread.label.find(fact)) out.set(fact, *value);
  return out;
}

Result<> change_clocks(const Bench& bench, std::int64_t case_no, const rulebook::Permitted& permitted) {
  for (const std::string& clock : permitted.stopped) TRY(clocks::stop(bench.connection, case_no, clock));
  for (const rulebook::ClockStart& start : permitted.started)
    TRY(clocks::start(bench.connection, {case_no, start.clock, start.kind, start.owner, bench.now, start.due,
                                         start.alarms, start.lapses}));
  for (const rulebook::ClockMove& move : permitted.moved)
    TRY(clocks::hand_over(bench.connection, case_no, move.clock, move.owner));
  return {};
}

// The part that acts and clocks share: the case as it is now, for each of its parties.
Result<> put_case(const Bench& bench, const Docket& before, const cases::Case& file, const rulebook::CaseState& after,
                  std::span<const Subject> informed, std::string_view type, const Json& event) {
  const std::vector<cases::Box> boxes = boxes_after(before, file, after, informed);
  TRY(cases::put(bench.connection, file, boxes));
  TRY(cases::add_entry(bench.connection, file.case_no, bench.index, type));
  std::vector<Subject> reached;
  for (const cases::Box& box : boxes) reached.push_back(box.authority);
  return delivery::put(bench.connection, bench.index, reached, codec::to_json(event));
}

Result<> count(const Bench& bench, const act::Act& act) {
  for (const auto& [receiver, sent] : act.sent)
    TRY(delivery::set_sent(bench.connection, act.device, Subject(receiver), sent));
  return delivery::set_seen_checkpoint(bench.connection, act.device, act.checkpoint.size);
}

}  // namespace

Result<cases::Case> project_case_act(const Bench& bench, const act::VerifiedAct& verified, const Plan& plan) {
  const act::Act& act = verified.act();
  const auto& opening = plan.permitted.threads;
  cases::Case file;
  if (plan.before.file) {
    file = *plan.before.file;
  } else {
    ENSURE(!opening.empty());  // decide opens a thread in an empty case, or refuses
    file = TRY(cases::open(bench.connection, bench.references, *act.case_id, act.rulebook,
                           opening.front().requesting.country, bench.now, bench.index));
  }
  file.changed = bench.now;
  file.last_index = bench.index;
  change_threads(file, plan.permitted, bench.index);

  const rulebook::CaseState after = rulebook::apply(plan.before.state, plan.permitted, act.type);
  TRY(change_clocks(bench, file.case_no, plan.permitted));
  for (const act::ObjectRef& object : act.objects)
    if (object.kind == act::ObjectRef::Kind::file)
      TRY(evidence::bind_file(bench.connection, object.file_id, bench.index));
  TRY(count(bench, act));

  Json to = Json::array();
  for (const Subject& receiver : act.to) to.push_back(receiver.str());
  Json event = event_of(bench, file, act.type);
  event.set("id", act::to_text(verified.id())).set("for", act.for_authority.str()).set("to", std::move(to));
  TRY(put_case(bench, plan.before, file, after, act.to, act.type, event));
  return file;
}

Result<> project_directory_act(const Bench& bench, const act::VerifiedAct& act) { return count(bench, act.act()); }

std::string ClockNote::body(Time at) const {
  return codec::canonical_json(Json::object({{"v", 1},
                                             {"t", lapsed ? "note.clock.lapsed" : "note.clock.alarm"},
                                             {"case", file.id.str()},
                                             {"clock", clock.clock},
                                             {"owner", clock.owner.str()},
                                             {"due", codec::rfc3339(clock.due)},
                                             {"at", codec::rfc3339(at)}}));
}

Result<NoteBody> parse_note_body(std::string_view body) {
  const Json value = TRY(codec::parse_json(body));
  codec::ObjectReader in(value, "note");
  NoteBody out{CaseId(in.string("case")), in.string("clock")};
  TRY(in.finish_open());
  return out;
}

Result<std::optional<ClockNote>> examine_clock(const Bench& bench, std::int64_t case_no, std::string_view clock) {
  auto file = TRY(cases::find_by_number(bench.connection, case_no));
  if (!file) return std::nullopt;
  Docket docket = TRY(load_docket(bench.connection, *file));
  const auto found = std::find_if(docket.clocks.begin(), docket.clocks.end(), [&](const clocks::Clock& c) {
    return c.clock == clock && c.state == clocks::State::running;
  });
  if (found == docket.clocks.end() || found->alarms.empty() || found->alarms.front() > bench.now) return std::nullopt;
  ClockNote note{*found, std::move(*file), {}, {}, false};
  if (found->lapses && found->due <= bench.now) {
    const auto rules = bench.shelf.find(note.file.rulebook);
    if (!rules)
      return fail(Errc::storage, "shelf.missing",
                  "the rulebook that a case began under is gone; restore the database");
    auto decision = rulebook::fall_due(*rules, docket.state, clock, bench.now);
    if (decision && !decision->threads.empty()) {
      note.permitted = std::move(*decision);
      note.lapsed = true;
    }
  }
  note.before = std::move(docket);
  return note;
}

Result<> project_clock(const Bench& bench, const ClockNote& note) {
  cases::Case file = note.file;
  file.changed = bench.now;
  file.last_index = bench.index;
  change_threads(file, note.permitted, bench.index);
  TRY(change_clocks(bench, file.case_no, note.permitted));
  if (note.lapsed) TRY(clocks::stop(bench.connection, file.case_no, note.clock.clock, clocks::State::lapsed));
  else TRY(clocks::ring(bench.connection, note.clock, bench.now));

  const std::string_view type = note.lapsed ? "note.clock.lapsed" : "note.clock.alarm";
  rulebook::CaseState after = rulebook::apply(note.before.state, note.permitted, type);
  if (note.lapsed) std::erase_if(after.clocks, [&](const auto& clock) { return clock.clock == note.clock.clock; });
  Json event = event_of(bench, file, type);
  event.set("clock", note.clock.clock)
      .set("owner", note.clock.owner.str())
      .set("due_at", codec::rfc3339(note.clock.due));
  return put_case(bench, note.before, file, after, {}, type, event);
}

}  // namespace entraide::hub
