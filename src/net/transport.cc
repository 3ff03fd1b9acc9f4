#include "net/transport.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>

namespace entraide::net {
namespace {

class Plain final : public Transport {
 public:
  explicit Plain(int socket) : socket_(socket) {}

  Io handshake() override { return Io::done; }

  IoResult read(std::span<std::uint8_t> into) override {
    for (;;) {
      const ssize_t n = ::recv(socket_, into.data(), into.size(), 0);
      if (n > 0) return {Io::done, static_cast<std::size_t>(n)};
      if (n == 0) return {Io::closed};
      if (errno == EINTR) continue;
      return {errno == EAGAIN || errno == EWOULDBLOCK ? Io::want_read : Io::closed};
    }
  }

  IoResult write(std::span<const BytesView> pieces) override {
    std::array<iovec, 2> parts{};
    ENSURE(pieces.size() <= parts.size());
    for (std::size_t i = 0; i < pieces.size(); ++i)
      parts[i] = {const_cast<std::uint8_t*>(pieces[i].data()), pieces[i].size()};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = pieces.size();
    for (;;) {
      const ssize_t n = ::sendmsg(socket_, &message, MSG_NOSIGNAL);
      if (n >= 0) return {Io::done, static_cast<std::size_t>(n)};
      if (errno == EINTR) continue;
      return {errno == EAGAIN || errno == EWOULDBLOCK ? Io::want_write : Io::closed};
    }
  }

  bool holds_input() const override { return false; }
  void end_output() override { ::shutdown(socket_, SHUT_WR); }
  std::optional<std::array<std::uint8_t, 32>> client_certificate() const override { return std::nullopt; }

 private:
  int socket_;
};

}  // namespace

std::unique_ptr<Transport> plain_transport(int socket) { return std::make_unique<Plain>(socket); }

}  // namespace entraide::net
