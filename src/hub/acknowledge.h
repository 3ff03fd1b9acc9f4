#pragma once

// Acknowledgements: a receiver's own signed word that an act has arrived (`ack.delivered`) or that what was sealed in
// it has been opened (`ack.opened`). They move no state of the case; they tell its sender what a postman would.
//
//     d = {"act": aid, "cc": [content commitment, ...]}
//
// `cc` names the sealed objects that were received, or opened: the signer has held that content and no other.

#include "hub/judge.h"

namespace entraide::hub {

bool is_acknowledgement(std::string_view act_type);

/// What an admitted acknowledgement changes.
struct Acknowledged {
  cases::Case file;
  std::int64_t index = 0;  // of the act that is acknowledged
  Subject sender;  // for whom that act was signed
  ActId act;
  bool opened = false;
};

/// Only who received an act can acknowledge it, for itself, each thing once. To everybody else the case does not exist.
/// Rules: ack.form, ack.act, ack.receiver, ack.content, ack.known, act.case.unknown, and those of authorise.
std::expected<Acknowledged, Refusal> decide_acknowledgement(const Bench& bench, const act::VerifiedAct& act);

/// Writes it down and tells the sender and the colleagues of the receiver.
Result<> project_acknowledgement(const Bench& bench, const act::VerifiedAct& act, const Acknowledged& what);

}  // namespace entraide::hub
