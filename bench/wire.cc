#include "bench/wire.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace entraide::bench {
namespace {

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "bench: %s: %s\n", what, std::strerror(errno));
  std::exit(1);
}

SSL_CTX* client_context() {
  static SSL_CTX* const context = [] {
    SSL_CTX* made = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(made, TLS1_3_VERSION);
    SSL_CTX_set_mode(made,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return made;
  }();
  return context;
}

}  // namespace

Wire::Wire(std::uint16_t port, bool tls) {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (socket_ < 0 || ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) give_up("connect");
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (!tls) return;
  ssl_ = SSL_new(client_context());
  SSL_set_fd(ssl_, socket_);
  if (SSL_connect(ssl_) != 1) give_up("TLS handshake");
}

Wire::~Wire() {
  if (ssl_ != nullptr) SSL_free(ssl_);
  if (socket_ >= 0) ::close(socket_);
}

void Wire::do_not_block() { ::fcntl(socket_, F_SETFL, ::fcntl(socket_, F_GETFL) | O_NONBLOCK); }

void Wire::send(std::string_view bytes) {
  while (!bytes.empty()) {
    long n = 0;
    bool again = false;
    if (ssl_ != nullptr) {
      ERR_clear_error();
      n = SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
      again = n <= 0 && SSL_get_error(ssl_, static_cast<int>(n)) == SSL_ERROR_WANT_WRITE;
    } else {
      n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      again = n < 0 && errno == EAGAIN;
    }
    if (again) {
      pollfd waiting{socket_, POLLOUT, 0};  // requests are small: this is rare
      ::poll(&waiting, 1, 1000);
    } else if (n <= 0) {
      give_up("send");
    } else {
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }
}

bool Wire::receive() {
  char room[16384];
  for (;;) {
    long n = 0;
    bool again = false;
    if (ssl_ != nullptr) {
      ERR_clear_error();
      n = SSL_read(ssl_, room, sizeof room);
      again = n <= 0 && SSL_get_error(ssl_, static_cast<int>(n)) == SSL_ERROR_WANT_READ;
    } else {
      n = ::recv(socket_, room, sizeof room, 0);
      again = n < 0 && errno == EAGAIN;
    }
    if (again) return true;
    if (n <= 0) return false;
    pending_.append(room, static_cast<std::size_t>(n));
    const bool blocking = (::fcntl(socket_, F_GETFL) & O_NONBLOCK) == 0;
    if (blocking || (n < static_cast<long>(sizeof room) && (ssl_ == nullptr || SSL_pending(ssl_) == 0))) return true;
  }
}

bool Wire::next_answer(Answer& out) {
  const std::size_t head = pending_.find("\r\n\r\n");
  if (head == std::string::npos) return false;
  static constexpr std::string_view kLength = "content-length: ";
  std::size_t length = 0;
  for (std::size_t at = pending_.find("\r\n"); at < head; at = pending_.find("\r\n", at + 2))
    if (strncasecmp(pending_.data() + at + 2, kLength.data(), kLength.size()) == 0)
      length = static_cast<std::size_t>(std::atoll(pending_.data() + at + 2 + kLength.size()));
  if (pending_.size() < head + 4 + length) return false;
  out.status = std::atoi(pending_.c_str() + 9);
  out.body = pending_.substr(head + 4, length);
  pending_.erase(0, head + 4 + length);
  return true;
}

Wire::Answer Wire::ask(std::string_view request) {
  send(request);
  Answer out;
  while (!next_answer(out))
    if (!receive()) give_up("the server closed the connection");
  return out;
}
Wire::Answer Wire::get(std::string_view path) { return ask(request_text("GET", path, {})); }
Wire::Answer Wire::post(std::string_view path, std::string_view body) {
  return ask(request_text("POST", path, body));
}

std::string request_text(std::string_view method, std::string_view path, std::string_view body,
                         std::string_view headers) {
  std::string out;
  out.append(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n").append(headers);
  if (method == "POST")
    out.append("Content-Type: application/json\r\nContent-Length: ")
        .append(std::to_string(body.size()))
        .append("\r\n");
  return out.append("\r\n").append(body);
}

LoadResult run_load(std::vector<std::unique_ptr<Wire>>& wires, const std::vector<Lane>& lanes, std::size_t from,
                    std::size_t count, double a_second, const Watch& watch) {
  struct State {
    std::size_t next = 0;        // of this lane's requests
    bool under_way = false;
    SteadyTime due;
  };
  std::vector<State> states(lanes.size());
  for (State& state : states) state.next = from;
  const int poll = ::epoll_create1(EPOLL_CLOEXEC);
  const auto watch_for = [&](int descriptor, std::uint32_t number) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = number;
    ::epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
  };
  for (std::uint32_t i = 0; i < lanes.size(); ++i) watch_for(wires[i]->descriptor(), i);
  constexpr std::uint32_t kListener = ~0U;
  if (watch.listener != nullptr) watch_for(watch.listener->descriptor(), kListener);

  LoadResult out;
  out.latency_ms.reserve(count);
  const auto begin = std::chrono::steady_clock::now();
  const auto due_of = [&](std::size_t lane, std::size_t number) {
    const double at = static_cast<double>((number - from) * lanes.size() + lane) / a_second;
    return begin + std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(at));
  };
  const auto quota = [&](std::size_t lane) {
    return from + count / lanes.size() + (lane < count % lanes.size() ? 1 : 0);
  };
  const auto send_if_due = [&](std::size_t lane, SteadyTime now) {
    State& state = states[lane];
    if (state.under_way || state.next >= quota(lane)) return;
    const SteadyTime due = a_second > 0 ? due_of(lane, state.next) : now;
    if (due > now) return;
    state.due = due;
    state.under_way = true;
    if (watch.sent) watch.sent(lane, state.next, due);
    wires[lane]->send(lanes[lane].requests[state.next++]);
  };
  const auto give_up_at = begin + std::chrono::minutes(5);
  epoll_event events[256];
  for (;;) {
    const auto now = std::chrono::steady_clock::now();
    if (now > give_up_at) give_up("no answer for minutes");
    const bool answered = out.done + out.failed >= count;
    if (answered && out.wall == 0) out.wall = seconds_since(begin);
    if (answered && (!watch.complete || watch.complete())) break;
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) send_if_due(lane, now);
    const int ready = ::epoll_wait(poll, events, 256, a_second > 0 ? 1 : 100);
    for (int i = 0; i < ready; ++i) {
      if (events[i].data.u32 == kListener) {
        if (!watch.listener->receive()) give_up("the event stream ended");
        watch.heard(watch.listener->pending());
        continue;
      }
      const std::size_t lane = events[i].data.u32;
      if (!wires[lane]->receive()) give_up("the server closed a connection");
      Wire::Answer answer;
      while (wires[lane]->next_answer(answer)) {
        states[lane].under_way = false;
        const auto here = std::chrono::steady_clock::now();
        out.latency_ms.push_back(std::chrono::duration<double, std::milli>(here - states[lane].due).count());
        if (answer.status == 201 || answer.status == 200) {
          ++out.done;
        } else if (++out.failed == 1) {
          out.first_failure = std::to_string(answer.status) + " " + answer.body;
        }
        send_if_due(lane, here);
      }
    }
  }
  ::close(poll);
  return out;
}

std::size_t allow_open_files() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

std::uint16_t free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (::bind(socket, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) give_up("bind");
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&at), &size);
  ::close(socket);
  return ntohs(at.sin_port);
}

void make_certificate(const std::string& certificate_file, const std::string& key_file) {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 24 * 3600);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  X509_set_pubkey(certificate, key);
  if (X509_sign(certificate, key, EVP_sha256()) <= 0) give_up("certificate");
  const auto write = [](const std::string& path, auto&& put) {
    std::FILE* out = std::fopen(path.c_str(), "wb");
    if (out == nullptr) give_up(path.c_str());
    put(out);
    std::fclose(out);
  };
  write(certificate_file, [&](std::FILE* out) { PEM_write_X509(out, certificate); });
  write(key_file, [&](std::FILE* out) { PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr); });
  X509_free(certificate);
  EVP_PKEY_free(key);
}

}  // namespace entraide::bench
