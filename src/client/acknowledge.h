#pragma once

// A receiver's word to the sender: the act has arrived, or its content was opened. Signed by the device that has it.

#include "client/compose.h"
#include "client/open.h"
#include "client/outbox.h"

namespace entraide::client {

enum class Acknowledgement { delivered, opened };

/// What an acknowledgement of `act` says: the contents in it that were opened here. Nothing when `reader` has nothing to
/// say: the act was not sent to it, does not hold, or (for `opened`) no document in it was opened; or it was said already.
std::optional<Intent> acknowledgement_of(const OpenedAct& act, const Subject& reader, Acknowledgement what);

/// Signs and sends it. That it has been said already (ack.known), by a colleague perhaps, is no failure.
Result<> acknowledge(Outbox& outbox, const Mirror& mirror, const Author& author, Intent intent, Time now,
                     Random& random);

}  // namespace entraide::client
