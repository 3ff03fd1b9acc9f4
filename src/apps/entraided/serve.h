#pragma once

#include "apps/entraided/config.h"
#include "ledger/ledger.h"

namespace entraide::entraided {

/// Serves until SIGTERM or SIGINT (SIGHUP reads the certificate again), then finishes what is under way. After a
/// storage failure it stops by itself and fails with `store.failed`: start it again, and it checks itself first.
Result<> serve(const Config& config, ledger::Log log);

}  // namespace entraide::entraided
