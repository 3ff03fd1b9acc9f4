#include "hub/acknowledge.h"

#include <algorithm>
#include <set>

#include "codec/codec.h"
#include "delivery/delivery.h"
#include "ledger/ledger.h"

namespace entraide::hub {
namespace {

using codec::Json;

struct Named {
  ActId act;
  std::set<std::string> contents;
};

Result<Named> read_d(const act::Act& act) {
  codec::ObjectReader in(act.d, "d");
  const std::string id = in.string("act");
  const std::vector<std::string> contents = in.strings("cc");
  TRY(in.finish());
  Named out{TRY(act::act_id_from_text(id)), {contents.begin(), contents.end()}};
  if (out.contents.size() != contents.size()) return fail(Errc::invalid, "ack.form", "d.cc: names a content twice");
  return out;
}

// A case or an act that is not the asker's business looks like one that is not there.
std::unexpected<Refusal> nothing_there() {
  return refused({Errc::not_found, "act.case.unknown", "there is no such case for this authority"});
}

// The contents of the act that are sealed to `authority`.
std::set<std::string> sealed_to(const act::Act& act, const Subject& authority) {
  std::set<std::string> out;
  for (const act::ObjectRef& object : act.objects)
    if (std::any_of(object.to.begin(), object.to.end(), [&](const auto& to) { return to.authority == authority; }))
      out.insert(object.content_commitment);
  return out;
}

}  // namespace

bool is_acknowledgement(std::string_view act_type) { return act_type == "ack.delivered" || act_type == "ack.opened"; }

std::expected<Acknowledged, Refusal> decide_acknowledgement(const Bench& bench, const act::VerifiedAct& verified) {
  const act::Act& act = verified.act();
  const auto actor = bench.directory.authorise(verified, bench.now);
  if (!actor) return refused(actor.error());
  if (!act.case_id) return refused({Errc::invalid, "act.case.missing", "act: names no case"});
  const auto named = read_d(act);
  if (!named) return refused({Errc::invalid, "ack.form", named.error().message});
  if (!act.to.empty() || !act.objects.empty())
    return refused({Errc::invalid, "ack.form", act.type + ": has no receivers and carries no objects"});

  const auto file = cases::find(bench.connection, *act.case_id);
  if (!file) return refused(file.error());
  if (!*file) return nothing_there();
  const auto party = cases::is_party(bench.connection, (*file)->case_no, act.for_authority);
  if (!party) return refused(party.error());
  if (!*party) return nothing_there();

  const auto entry = ledger::find_entry(bench.connection, named->act);
  if (!entry) return refused(entry.error());
  const auto entries = cases::entries(bench.connection, (*file)->case_no);
  if (!entries) return refused(entries.error());
  if (!*entry || std::none_of(entries->begin(), entries->end(),
                              [&](const cases::EntryRef& of_case) { return of_case.index == (*entry)->index; }))
    return refused({Errc::not_found, "ack.act", act.type + ": the case has no such act"});
  if (act.previous != named->act)
    return refused({Errc::conflict, "act.prev.unknown", act.type + ": `prev` names the act that is acknowledged"});
  const auto parsed = act::parse_act((*entry)->body);
  if (!parsed) return refused(parsed.error());

  const act::Act& received = parsed->act;
  if (std::find(received.to.begin(), received.to.end(), act.for_authority) == received.to.end())
    return refused(
        {Errc::refused, "ack.receiver", act.type + ": the act was not sent to " + act.for_authority.str()});
  const std::set<std::string> contents = sealed_to(received, act.for_authority);
  if (!std::includes(contents.begin(), contents.end(), named->contents.begin(), named->contents.end()))
    return refused({Errc::refused, "ack.content",
                    act.type + ": `cc` names a content that is not in the act, or not sealed to this authority"});
  const bool opened = act.type == "ack.opened";
  if (opened && named->contents.empty())
    return refused({Errc::invalid, "ack.form", "ack.opened: says in `cc` which contents were opened"});

  const auto known = delivery::acknowledgement(bench.connection, (*entry)->index, act.for_authority);
  if (!known) return refused(known.error());
  if (*known && (!opened || (*known)->opened))
    return refused(
        {Errc::conflict, "ack.known", act.type + ": has been said already for " + act.for_authority.str()});
  return Acknowledged{**file, (*entry)->index, received.for_authority, named->act, opened};
}

Result<> project_acknowledgement(const Bench& bench, const act::VerifiedAct& verified, const Acknowledged& what) {
  const act::Act& act = verified.act();
  if (what.opened) TRY(delivery::set_opened(bench.connection, what.index, act.for_authority, bench.now));
  else TRY(delivery::set_delivered(bench.connection, what.index, act.for_authority, bench.now));
  TRY(delivery::set_seen_checkpoint(bench.connection, act.device, act.checkpoint.size));
  const cases::Thread& thread = what.file.newest();
  const Json event = Json::object({{"index", bench.index},
                                   {"time", codec::rfc3339(bench.now)},
                                   {"t", act.type},
                                   {"case", what.file.id.str()},
                                   {"reference", what.file.reference},
                                   {"kind", thread.kind},
                                   {"state", thread.state},
                                   {"id", act::to_text(verified.id())},
                                   {"for", act.for_authority.str()},
                                   {"to", Json::array()},
                                   {"act", act::to_text(what.act)}});
  std::vector<Subject> reached{act.for_authority};
  if (what.sender != act.for_authority) reached.push_back(what.sender);
  return delivery::put(bench.connection, bench.index, reached, codec::to_json(event));
}

}  // namespace entraide::hub
