#pragma once

// Acts of the directory that wait at the hub for more signatures: what the hub says of them, and what of that holds by this
// client's own verified directory. Nothing is signed that has not been checked here.

#include "client/mirror.h"

namespace entraide::client {

/// As the hub lists it; only `act` can be believed, once it is checked.
struct Waiting {
  std::string id, act, state, rule, why;
  Time expires;
};
/// Rules: waiting.form.
Result<std::vector<Waiting>> read_waiting(const codec::Json& list);

/// An act that this client would sign for `subject`, and what it lacks.
struct Countersignable {
  act::VerifiedAct act;
  bool enough_with_one_more = false;  // the directory would admit it with one signature more
};
/// Holds when the body is an act of the directory by and for `subject` and does nothing beside; each signature on it is by
/// an active key of `subject` that this directory knows; and `mine` may sign it and has not. What else would keep it from
/// the directory is the answer: there is no use in signing it.
/// Rules: waiting.act, act.*, dir.*.
Result<Countersignable> check_waiting(std::string_view body, const directory::Directory& directory,
                                      std::int64_t tree_size, const Subject& subject, const crypto::Signer& mine,
                                      Time now);

}  // namespace entraide::client
