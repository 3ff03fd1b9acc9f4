#pragma once

// Acts of the directory that more persons must sign than one: where such an act waits between its first signature and its
// last. Nothing here changes the directory; the whole act does, through the ordinary door, with all its signatures.
//
// Whoever may sign an act may read it here, and nobody else. It goes when it lapses, which is when it could no longer be
// admitted. What was refused stays in sight until then, for the person who signed it first.

#include "act/act.h"
#include "store/store.h"

namespace entraide::enrolment {

constexpr std::int64_t kWaitingMax = 50;  // for one authority
constexpr std::size_t kWaitingBytesMax = 16384;

/// Somebody has said no: `why` is a code, `mistake`, `person`, `unexpected` or `withdrawn`. Never a text: the hub reads it.
struct Declined {
  KeyId by;
  std::string why;
  Time at;
};
bool is_reason_to_decline(std::string_view why);

struct WaitingAct {
  ActId id;
  Subject for_authority;  // or country, or `org`
  std::string body;  // with the signatures that there are
  Time created, expires;
  std::optional<Declined> declined;
};

/// `body` with the signature lines of `more` that it lacks. Both are one act; rules otherwise: act.*.
Result<std::string> with_signatures_of(const act::SignedAct& body, const act::SignedAct& more);

/// Keeps it, or replaces its body. Makes room by forgetting what was declined. Rule: waiting.full.
Result<> keep(store::Connection& connection, const WaitingAct& waiting, Time now);
/// None once it has lapsed.
Result<std::optional<WaitingAct>> find_waiting(store::Connection& connection, const ActId& id, Time now);
/// Oldest first; at most kWaitingMax.
Result<std::vector<WaitingAct>> waiting_for(store::Connection& connection, const Subject& authority, Time now);
/// Once. Rule: waiting.declined.
Result<> decline(store::Connection& connection, const ActId& id, const Declined& declined);
Result<> forget_waiting(store::Connection& connection, const ActId& id);

}  // namespace entraide::enrolment
