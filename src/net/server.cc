#include "net/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "base/log.h"
#include "net/loop.h"

namespace entraide::net {

// ---- addresses -----------------------------------------------------------------------------

bool ListenAddress::loopback() const { return host.starts_with("127.") || host == "::1"; }

Result<ListenAddress> parse_listen(std::string_view text) {
  const auto bad = [&](std::string_view what) {
    return fail(Errc::invalid, "config.listen", "config: listen \"" + std::string(text) + "\": " + std::string(what));
  };
  ListenAddress out;
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    out.tls = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("mtls://")) {
    out.tls = out.asks_certificate = true;
    rest.remove_prefix(7);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else if (rest.find("://") != std::string_view::npos) {
    return bad("only http://, https:// and mtls:// are spoken");
  }
  std::size_t host_end = rest.rfind(':');
  if (rest.starts_with('[')) {
    const std::size_t bracket = rest.find(']');
    if (bracket == std::string_view::npos) return bad("missing ']'");
    out.host = rest.substr(1, bracket - 1);
    host_end = bracket + 1 < rest.size() && rest[bracket + 1] == ':' ? bracket + 1 : std::string_view::npos;
  } else {
    out.host = rest.substr(0, host_end);
  }
  if (host_end == std::string_view::npos) return bad("missing port, for example \"0.0.0.0:8443\"");
  const std::string_view port = rest.substr(host_end + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (error != std::errc() || end != port.data() + port.size() || port.empty())
    return bad("the port is not a number from 0 to 65535");
  if (out.host == "localhost") out.host = "127.0.0.1";
  in_addr four{};
  in6_addr six{};
  const bool numeric =
      inet_pton(AF_INET, out.host.c_str(), &four) == 1 || inet_pton(AF_INET6, out.host.c_str(), &six) == 1;
  if (!numeric) return bad("not a numeric address, for example \"127.0.0.1:8080\" or \"[::1]:8080\"");
  return out;
}

namespace {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  SocketAddress(const ListenAddress& address, std::uint16_t port) {
    auto& four = reinterpret_cast<sockaddr_in&>(storage);
    auto& six = reinterpret_cast<sockaddr_in6&>(storage);
    if (inet_pton(AF_INET, address.host.c_str(), &four.sin_addr) == 1) {
      four.sin_family = AF_INET;
      four.sin_port = htons(port);
      size = sizeof four;
    } else {
      inet_pton(AF_INET6, address.host.c_str(), &six.sin6_addr);
      six.sin6_family = AF_INET6;
      six.sin6_port = htons(port);
      size = sizeof six;
    }
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

// A socket bound to the address; negative with errno set. Each I/O thread has its own: the kernel deals
// connections out among those that share a port.
int bound_socket(const SocketAddress& address, bool share_port) {
  const int socket = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return -1;
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (share_port) ::setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (address.storage.ss_family == AF_INET6) ::setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (::bind(socket, address.get(), address.size) == 0) return socket;
  const int error = errno;
  ::close(socket);
  errno = error;
  return -1;
}

std::uint16_t port_of(int socket) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size);
  return ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(bound).sin6_port
                                           : reinterpret_cast<sockaddr_in&>(bound).sin_port);
}

// Listens on one address, once a loop. Gives the port.
Result<std::uint16_t> open_door(const ListenAddress& address, const std::vector<std::shared_ptr<Loop>>& loops) {
  const auto failed = [&] {
    return fail(Errc::invalid, "config.listen",
                "config: listen on " + address.host + " port " + std::to_string(address.port) + ": " +
                    std::generic_category().message(errno));
  };
  // Sharing a port also lets a second program of the same user share it unnoticed: ask first without sharing.
  std::uint16_t port = address.port;
  if (port != 0) {
    const int probe = bound_socket(SocketAddress(address, port), false);
    if (probe < 0) return failed();
    ::close(probe);
  }
  for (const auto& loop : loops) {
    const int socket = bound_socket(SocketAddress(address, port), true);
    if (socket < 0) return failed();
    if (::listen(socket, SOMAXCONN) != 0) {
      const int error = errno;
      ::close(socket);
      errno = error;
      return failed();
    }
    if (port == 0) port = port_of(socket);
    loop->listen(socket, address);
  }
  return port;
}

std::size_t pool_size(const ServerOptions& options) { return std::max<std::size_t>(1, options.pool_threads); }

}  // namespace

// ---- what the loops share ------------------------------------------------------------------

Shared::Shared(ServerOptions o, Router r, ServerParts p)
    : options(std::move(o)),
      router(std::move(r)),
      clock(p.clock),
      registry(p.metrics),
      connections(registry.gauge("entraide_http_connections", "open connections")),
      streams(registry.gauge("entraide_http_event_streams", "open event streams")),
      accepted(registry.counter("entraide_http_connections_total", "connections accepted")),
      turned_away(registry.counter("entraide_http_connections_refused_total", "connections over the limit")),
      slow_readers(registry.counter("entraide_http_slow_readers_total", "event streams cut off, too slow to read")),
      pool(pool_size(options), options.limits.pool_queue) {
  for (const auto& route : router.routes()) route_labels.push_back(route->pattern);
  route_labels.emplace_back("(none)");
  for (const std::string& label : route_labels)
    latencies.push_back(&registry.histogram("entraide_http_request_seconds",
                                            "from a request read to its answer begun", "route=\"" + label + "\""));
}

void Shared::tell_if_gone() {
  if (!all_gone()) return;
  Lock lock(mutex);
  none_open.notify_all();
}

std::shared_ptr<const TlsContext> Shared::tls() const {
  Lock lock(tls_mutex_);
  return tls_;
}

void Shared::set_tls(std::shared_ptr<const TlsContext> tls) {
  Lock lock(tls_mutex_);
  tls_ = std::move(tls);
}

// ---- the server ----------------------------------------------------------------------------

struct Server::Parts {
  Parts(ServerOptions options, Router router, ServerParts parts)
      : shared(std::move(options), std::move(router), parts) {}

  Shared shared;
  std::vector<std::shared_ptr<Loop>> loops;
  std::vector<std::uint16_t> ports;
  std::atomic<bool> ended{false};
};

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Router router, ServerParts parts) {
  if (options.listen.empty())
    return fail(Errc::invalid, "config.listen", "config: listen: no address, for example \"127.0.0.1:8080\"");
  std::vector<ListenAddress> addresses;
  bool any_tls = false;
  for (const std::string& text : options.listen) {
    const ListenAddress address = TRY(parse_listen(text));
    if (!address.tls && !address.loopback() && !options.plain_http_beyond_loopback)
      return fail(Errc::invalid, "config.listen",
                  "config: listen \"" + text +
                      "\": plain HTTP beyond loopback; use https://, or say explicitly that " +
                      "something else protects it");
    any_tls = any_tls || address.tls;
    addresses.push_back(address);
  }
  if (any_tls && !options.tls)
    return fail(Errc::invalid, "config.tls",
                "config: tls: an https:// or mtls:// address needs a certificate and its key");
  std::shared_ptr<const TlsContext> tls;
  if (options.tls) tls = TRY(TlsContext::load(*options.tls));

  std::size_t threads = options.io_threads;
  if (threads == 0) threads = std::max(2u, std::thread::hardware_concurrency()) - 1;
  auto made = std::make_unique<Parts>(std::move(options), std::move(router), parts);
  made->shared.set_tls(std::move(tls));
  for (std::size_t i = 0; i < threads; ++i)
    made->loops.push_back(std::make_shared<Loop>(made->shared, parts.random.number()));
  for (const ListenAddress& address : addresses) made->ports.push_back(TRY(open_door(address, made->loops)));
  for (const auto& loop : made->loops) loop->start();
  return std::unique_ptr<Server>(new Server(std::move(made)));
}

Server::~Server() { stop(Milliseconds(0)); }

const std::vector<std::uint16_t>& Server::ports() const { return parts_->ports; }

Result<> Server::reload_tls() {
  const auto& files = parts_->shared.options.tls;
  if (!files) return fail(Errc::invalid, "config.tls", "config: tls: no certificate to read again");
  auto tls = TRY(TlsContext::load(*files));
  parts_->shared.set_tls(std::move(tls));
  return {};
}

bool Server::responsive() const {
  const auto since = std::chrono::steady_clock::now() - Seconds(5);
  return std::ranges::all_of(parts_->loops, [&](const auto& loop) { return loop->turned_since(since); });
}

bool Server::stop(Milliseconds time) {
  Shared& shared = parts_->shared;
  if (parts_->ended.exchange(true)) return true;
  shared.accepting = parts_->loops.size();
  shared.stopping = true;
  const auto deadline = std::chrono::steady_clock::now() + time;
  for (const auto& loop : parts_->loops) loop->begin_stop();
  bool clean = true;
  {
    Lock lock(shared.mutex);
    while (!shared.all_gone()) {
      const auto left = std::chrono::ceil<Milliseconds>(deadline - std::chrono::steady_clock::now());
      if (left.count() <= 0) break;
      shared.none_open.wait_for(shared.mutex, left);
    }
    clean = shared.all_gone();
  }
  if (!clean && time.count() > 0) log::warning("http.stop.cut_off", {{"connections", shared.open.load()}});
  for (const auto& loop : parts_->loops) loop->end();
  shared.pool.stop();
  return clean;
}

}  // namespace entraide::net
