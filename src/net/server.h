#pragma once

// Listening, limits, deadlines, and a stop that lets requests finish.

#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "net/router.h"

namespace entraide::net {

/// Where to listen: "127.0.0.1:8080" and "http://[::1]:8080" plain, "https://0.0.0.0:8443" over TLS, "mtls://0.0.0.0:8444"
/// over TLS that also asks clients for a certificate: none, and one that nobody vouches for, are both let in (see
/// Request::client_certificate). Browsers may show a prompt there: it is the address of programs. Addresses are numeric,
/// or "localhost". Port 0 lets the system choose.
struct ListenAddress {
  bool tls = false;
  bool asks_certificate = false;
  std::string host;
  std::uint16_t port = 0;
  bool loopback() const;
};
/// Rule: config.listen.
Result<ListenAddress> parse_listen(std::string_view text);

/// PEM files of the server's certificate chain (leaf first) and its key.
struct TlsFiles {
  std::string certificate_chain;
  std::string private_key;
};

struct Limits {
  std::size_t header_bytes = 16 << 10;  // request line and headers: 431
  std::size_t header_fields = 100;  // 431
  std::size_t connections = 16'384;  // further ones get 503
  std::size_t body_bytes_in_flight = 512 << 20;  // of all requests being read or answered: 503
  std::size_t stream_bytes = 256 << 10;  // waiting for one reader of events: disconnected
  std::size_t pool_queue = 1'024;  // requests waiting for the pool: 503
};

struct Deadlines {
  Milliseconds header = Seconds(10);  // handshake, and from a request's first byte to its last header: 408
  Milliseconds body = Seconds(20);  // to read a body: 408; more where it comes at `bytes_per_second` or faster
  Milliseconds write = Seconds(20);  // to take an answer, likewise
  std::size_t bytes_per_second = 4'096;
  Milliseconds idle = Seconds(75);  // between requests
  Milliseconds linger = Seconds(2);  // for the other end to read an answer that closes the connection
  Milliseconds heartbeat = Seconds(15);  // a comment on an event stream that has been silent so long
};

struct ServerOptions {
  std::vector<std::string> listen;
  std::optional<TlsFiles> tls = {};
  /// Plain HTTP on an address that is not loopback is refused unless this says that something else protects it.
  bool plain_http_beyond_loopback = false;
  std::size_t io_threads = 0;  // 0: all cores but one, which is left to those who answer later
  std::size_t pool_threads = 4;
  Limits limits = {};
  Deadlines deadlines = {};
};

/// What the server uses and does not own. All of it outlives the server.
struct ServerParts {
  const Clock& clock;
  Random& random;  // used by `start` only
  metrics::Registry& metrics;
};

/// Serves from `start` until `stop` or destruction. All functions: any thread but its own.
class Server {
 public:
  /// Rules: config.listen, config.tls.
  static Result<std::unique_ptr<Server>> start(ServerOptions options, Router router, ServerParts parts);
  ~Server();  // stops at once
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// The port of each listen address, in their order.
  const std::vector<std::uint16_t>& ports() const;

  /// Reads the certificate and key again, for new connections. Keeps the old ones if it fails. Rule: config.tls.
  Result<> reload_tls();

  /// Whether every I/O thread has turned within the last 5 seconds: what a watchdog asks.
  bool responsive() const;

  /// Stops accepting, closes idle connections, ends event streams (with a hint when to come back), lets requests
  /// finish until `time` is over, then closes what is left. True when nothing was cut off. A second call waits
  /// for nothing.
  bool stop(Milliseconds time);

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace entraide::net
