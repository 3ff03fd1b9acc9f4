#pragma once

// One connection's bytes, plain or over TLS, without blocking. Inside this folder only.
// OpenSSL works on the socket itself rather than through memory buffers, so that an idle connection holds none.

#include <array>
#include <memory>
#include <optional>

#include "net/server.h"

namespace entraide::net {

enum class Io { done, want_read, want_write, closed };

struct IoResult {
  Io io = Io::closed;
  std::size_t bytes = 0;
};

/// Borrows its socket. One thread at a time.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Io handshake() = 0;
  virtual IoResult read(std::span<std::uint8_t> into) = 0;
  /// Some of the front of `pieces`, which are not all empty. After `want_...` the next call starts with the same
  /// bytes.
  virtual IoResult write(std::span<const BytesView> pieces) = 0;
  /// Whether `read` may give more without the socket becoming readable.
  virtual bool holds_input() const = 0;
  /// Says that nothing more will be written.
  virtual void end_output() = 0;
  virtual std::optional<std::array<std::uint8_t, 32>> client_certificate() const = 0;
};

std::unique_ptr<Transport> plain_transport(int socket);

/// Certificate, key and settings that many connections share. Any thread.
class TlsContext {
 public:
  virtual ~TlsContext() = default;
  /// Rule: config.tls.
  static Result<std::shared_ptr<const TlsContext>> load(const TlsFiles& files);
  /// Null when memory ran out.
  virtual std::unique_ptr<Transport> accept(int socket, bool ask_certificate) const = 0;
};

}  // namespace entraide::net
