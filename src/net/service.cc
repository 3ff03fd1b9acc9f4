#include "net/service.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "base/log.h"
#include "base/mutex.h"

namespace entraide::net {

Result<> notify_service_manager(std::string_view lines) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr || *path == '\0') return {};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t size = std::strlen(path);
  if ((path[0] != '/' && path[0] != '@') || size >= sizeof address.sun_path)
    return fail(Errc::internal, "service.notify", "NOTIFY_SOCKET: not a path that can be sent to");
  std::memcpy(address.sun_path, path, size);
  if (path[0] == '@') address.sun_path[0] = '\0';  // an abstract name

  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0)
    return fail(Errc::internal, "service.notify",
                std::string("NOTIFY_SOCKET: ") + std::generic_category().message(errno));
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size);
  const ssize_t sent =
      ::sendto(socket, lines.data(), lines.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), length);
  const int error = errno;
  ::close(socket);
  if (sent != static_cast<ssize_t>(lines.size()))
    return fail(Errc::internal, "service.notify",
                std::string("NOTIFY_SOCKET: ") + std::generic_category().message(error));
  return {};
}

std::optional<Milliseconds> watchdog_interval() {
  const char* text = std::getenv("WATCHDOG_USEC");
  if (text == nullptr) return std::nullopt;
  if (const char* pid = std::getenv("WATCHDOG_PID"); pid != nullptr && std::to_string(::getpid()) != pid)
    return std::nullopt;  // meant for another process
  std::int64_t us = 0;
  const auto [end, error] = std::from_chars(text, text + std::strlen(text), us);
  if (error != std::errc() || *end != '\0' || us < 1000) return std::nullopt;
  return Milliseconds(us / 1000);
}

struct Watchdog::Parts {
  Mutex mutex;
  Condition wake;
  bool stopping GUARDED_BY(mutex)
  = false;
  std::thread thread;

  void run(Milliseconds pause, const std::function<bool()>& healthy) {
    Lock lock(mutex);
    while (!stopping) {
      if (!healthy()) {
        log::error("service.watchdog.silent");
      } else if (auto sent = notify_service_manager("WATCHDOG=1"); !sent) {
        log::warning("service.watchdog.unsent", {{"why", sent.error().message}});
      }
      wake.wait_for(mutex, pause);
    }
  }
};

Watchdog::Watchdog(Milliseconds interval, std::function<bool()> healthy) : parts_(std::make_unique<Parts>()) {
  parts_->thread = std::thread(
      [parts = parts_.get(), pause = interval / 2, healthy = std::move(healthy)] { parts->run(pause, healthy); });
}

Watchdog::~Watchdog() {
  {
    Lock lock(parts_->mutex);
    parts_->stopping = true;
  }
  parts_->wake.notify_all();
  parts_->thread.join();
}

}  // namespace entraide::net
