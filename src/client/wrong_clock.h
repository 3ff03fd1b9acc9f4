#pragma once

// A wrong clock is a reason that nobody looks for: where it may be why the hub says no, the failure says so.

#include <optional>

#include "base/base.h"

namespace entraide::client {

/// The hub's time, of an answer's Date: "Wed, 01 Jan 2031 00:00:00 GMT" (RFC 9110 section 5.6.7, IMF-fixdate); none for
/// anything else.
std::optional<Time> time_of_answer(std::string_view date);

/// To be put behind the message of a failure: by how much this machine's clock is ahead of the hub's (or behind it, where
/// negative) and what to do. Empty where the clocks agree, or the failure has nothing to do with them.
std::string words_of_clock(const Error& error, Seconds ahead);

}  // namespace entraide::client
