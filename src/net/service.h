#pragma once

// Talking to the service manager that started us (sd_notify(3)), without its library.

#include <functional>
#include <memory>
#include <optional>

#include "base/base.h"

namespace entraide::net {

/// Sends lines such as "READY=1" to the socket that NOTIFY_SOCKET names. Does nothing where there is none.
/// Rule: service.notify. Any thread that does not race with changes of the environment.
Result<> notify_service_manager(std::string_view lines);

/// How often WATCHDOG_USEC wants to hear from this process, if it does.
std::optional<Milliseconds> watchdog_interval();

/// Tells the service manager "WATCHDOG=1" at half of `interval` for as long as `healthy` says so: a process that
/// is stuck falls silent and is started anew. One thread of its own; ends with the object.
class Watchdog {
 public:
  Watchdog(Milliseconds interval, std::function<bool()> healthy);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace entraide::net
