#pragma once

// What --verbose says: each exchange with the hub, with what came back and how long it took. Never a header or a body, for
// they hold session tokens and what is sealed.

#include "client/transport.h"

namespace entraide::cli {

/// Does what `inner` does, and tells standard error.
std::unique_ptr<client::Transport> tell_each_exchange(std::unique_ptr<client::Transport> inner);

}  // namespace entraide::cli
