#pragma once

// A case as the hub tells it, and what a command needs of it.

#include "apps/entraide/case_words.h"
#include "apps/entraide/context.h"
#include "client/acknowledge.h"

namespace entraide::cli {

struct CaseView {
  codec::Json json;
  CaseId id;
  std::string reference;
  std::vector<std::string> can;
  std::optional<ActId> newest;     // the last act that the hub shows: `prev` of the next one

  /// The thread of that kind; null where there is none.
  const codec::Json* thread(std::string_view kind) const;
};
/// By reference or case id. Rules: the hub's, json.member.
Result<CaseView> read_case(Context& context, const std::string& name);

/// What is needed to open acts as `authority`.
Result<client::Reader> reader_for(Context& context, const Subject& authority);

/// Refuses a kind, or a state of it, that the rulebook does not have: nothing is ever found in it, and that would look like
/// an empty inbox, or be waited for in vain. Empty: any. Rule: usage.
Result<> check_state(const rulebook::Rulebook& rules, const std::string& kind, const std::string& state);

/// A member of an object that is text; empty where there is none.
std::string text_member(const codec::Json& object, std::string_view key);

/// The opened document as text for people: every answer with its label, in their language.
std::string show_document(const CaseWords& say, const codec::Json& document);
codec::Json json_of(const client::OpenedAct& act);

/// What the receivers of an act have acknowledged, from the case's JSON; empty for an act without receivers.
struct Delivery {
  std::string authority, delivered_at, opened_at, due_at;
  bool overdue = false;
};
std::vector<Delivery> deliveries_of(const codec::Json& act);

/// Tells the sender of an act that it has arrived here, or was opened, unless --no-ack. A failure is told to the person
/// and is no failure of the command: what they asked for has been done.
void acknowledge(Context& context, const client::OpenedAct& act, client::Acknowledgement what);
Option no_acknowledgement();

/// The sealed summaries of many cases, as text, in the order of the cases (their JSON, each with `summary`): fetched
/// together, and their senders told that the acts have arrived. A failure says why one cannot be read.
std::vector<Result<std::string>> open_summaries(Context& context, client::Reader& reader,
                                                std::span<const codec::Json> cases);

}  // namespace entraide::cli
