#include "net/loop.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <ctime>

#include "base/log.h"
#include "codec/codec.h"
#include "net/connection.h"

namespace entraide::net {
namespace {

constexpr int kAcceptsInARow = 32;
constexpr std::size_t kScratch = 64 << 10;

// Deadlines are looked at so often; they are late by at most this.
Milliseconds tick_pause_for(const Deadlines& deadlines) {
  const Milliseconds shortest = std::min(
      {deadlines.header, deadlines.body, deadlines.write, deadlines.idle, deadlines.linger, deadlines.heartbeat});
  return std::clamp(shortest / 4, Milliseconds(5), Milliseconds(1000));
}

std::string address_text(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET)
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof text);
  else if (address.ss_family == AF_INET6)
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, text, sizeof text);
  return text;
}

}  // namespace

Loop::Loop(Shared& shared, std::uint64_t seed)
    : shared_(shared),
      context_(1),
      timer_(context_),
      scratch_(kScratch),
      random_(seed),
      tick_pause_(tick_pause_for(shared.options.deadlines)),
      stream_bytes_max_(shared.options.limits.stream_bytes),
      last_turn_(std::chrono::steady_clock::now()) {}

Loop::~Loop() = default;

void Loop::listen(int socket, const ListenAddress& at) {
  listeners_.push_back({Descriptor(context_, socket), at.tls, at.asks_certificate});
}

void Loop::start() {
  thread_ = std::thread([this] { run(); });
}

void Loop::run() {
  block_signals_in_this_thread();
  thread_id_ = std::this_thread::get_id();
  for (std::size_t i = 0; i < listeners_.size(); ++i) wait_accept(i);
  wait_tick();
  const auto work = boost::asio::make_work_guard(context_);
  context_.run();
}

bool Loop::post(Task task) {
  Lock lock(mutex_);
  if (ended_) return false;
  posted_.push_back(std::move(task));
  if (posted_.size() == 1) boost::asio::post(context_, [this] { run_posted(); });
  return true;
}

void Loop::run_posted() {
  std::vector<Task> tasks;
  {
    Lock lock(mutex_);
    tasks.swap(posted_);
  }
  for (Task& task : tasks) task();
}

// ---- connections ---------------------------------------------------------------------------

void Loop::wait_accept(std::size_t listener) {
  Listener& at = listeners_[listener];
  if (at.waiting || stopping_) return;
  at.waiting = true;
  at.descriptor.async_wait(Descriptor::wait_read, [this, listener](const boost::system::error_code& error) {
    if (error) return;
    listeners_[listener].waiting = false;
    accept_some(listener);
  });
}

void Loop::accept_some(std::size_t listener) {
  Listener& at = listeners_[listener];
  for (int i = 0; i < kAcceptsInARow; ++i) {
    sockaddr_storage peer{};
    socklen_t size = sizeof peer;
    const int socket = ::accept4(at.descriptor.native_handle(), reinterpret_cast<sockaddr*>(&peer), &size,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket >= 0) {
      admit(socket, at, address_text(peer));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      break;
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      log::error("http.accept", {{"why", errno == EMFILE ? "too many open files" : "out of resources"}});
      return;  // the next tick tries again
    }  // else: that client has given up already
  }
  wait_accept(listener);
}

void Loop::admit(int socket, const Listener& at, std::string peer) {
  const std::size_t limit = shared_.options.limits.connections;
  const std::size_t open = shared_.open.fetch_add(1) + 1;
  shared_.accepted.add();
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  std::unique_ptr<Transport> transport;
  // A few above the limit are told so; beyond them, telling would cost what we have not.
  if (open <= limit + limit / 8 + 16)
    transport = at.tls ? shared_.tls()->accept(socket, at.asks_certificate) : plain_transport(socket);
  if (!transport) {
    ::close(socket);
    shared_.turned_away.add();
    shared_.open.fetch_sub(1);
    return;
  }
  shared_.connections.add(1);

  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const ConnectionId id{free_slots_.back(), slots_[free_slots_.back()].tenant};
  free_slots_.pop_back();
  slots_[id.slot].connection =
      std::make_unique<Connection>(*this, id, socket, std::move(transport), std::move(peer), at.tls, open > limit);
  slots_[id.slot].connection->begin();
}

Connection* Loop::find(ConnectionId id) {
  return id.slot < slots_.size() && slots_[id.slot].tenant == id.tenant ? slots_[id.slot].connection.get() : nullptr;
}

void Loop::release(ConnectionId id) {
  Slot& slot = slots_[id.slot];
  ENSURE(slot.tenant == id.tenant && slot.connection);
  gone_.push_back(std::move(slot.connection));
  ++slot.tenant;
  free_slots_.push_back(id.slot);
  shared_.connections.add(-1);
  shared_.open.fetch_sub(1);
  if (shared_.stopping) shared_.tell_if_gone();
  // A closed connection may still be on the stack; one more turn and it is not.
  if (gone_.size() == 1) boost::asio::post(context_, [this] { gone_.clear(); });
}

void Loop::flush_stream(ConnectionId id) {
  if (Connection* connection = find(id)) connection->flush_stream();
}

void Loop::drop_slow_reader(ConnectionId id) {
  if (Connection* connection = find(id)) connection->drop_slow_reader();
}

// ---- time ----------------------------------------------------------------------------------

void Loop::wait_tick() {
  timer_.expires_after(tick_pause_);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

void Loop::tick() {
  const SteadyTime now = std::chrono::steady_clock::now();
  last_turn_ = now;
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i].connection) slots_[i].connection->tick(now);
  for (std::size_t i = 0; i < listeners_.size(); ++i) wait_accept(i);
  wait_tick();
}

void Loop::begin_stop() {
  post([this] {
    // Who is waiting at the door already comes in, and is served if his request has come as well.
    for (std::size_t i = 0; i < listeners_.size(); ++i) accept_some(i);
    stopping_ = true;
    boost::system::error_code ignored;
    for (Listener& listener : listeners_) (void)listener.descriptor.close(ignored);
    for (std::size_t i = 0; i < slots_.size(); ++i)
      if (slots_[i].connection) slots_[i].connection->begin_stop();
    shared_.accepting.fetch_sub(1);
    shared_.tell_if_gone();
  });
}

void Loop::end() {
  post([this] {
    stopping_ = true;
    for (std::size_t i = 0; i < slots_.size(); ++i)
      if (slots_[i].connection) slots_[i].connection->close();
    context_.stop();
  });
  if (thread_.joinable()) thread_.join();
  {
    Lock lock(mutex_);
    ended_ = true;
  }
  // What was posted too late finds nobody, and lets go of what it holds.
  boost::system::error_code ignored;
  for (Listener& listener : listeners_) (void)listener.descriptor.close(ignored);
  timer_.cancel();
  context_.restart();
  context_.poll();
}

// ---- small services ------------------------------------------------------------------------

std::string Loop::new_trace_id() {
  Bytes bytes;
  for (int i = 0; i < 2; ++i) {  // splitmix64: distinct, not secret
    std::uint64_t z = random_ += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    codec::append_be64(bytes, z ^ z >> 31);
  }
  return codec::hex(bytes);
}

std::string_view Loop::date() {
  const std::int64_t second = to_seconds(shared_.clock.now());
  if (second != date_second_) {
    date_second_ = second;
    const std::time_t time = second;
    std::tm utc{};
    gmtime_r(&time, &utc);
    static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[64];
    std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[utc.tm_wday], utc.tm_mday,
                  kMonths[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
    date_ = text;
  }
  return date_;
}

void Loop::count(std::size_t route, int status) {
  metrics::Counter*& counter = counters_[route << 10 | static_cast<unsigned>(status)];
  if (!counter)
    counter = &shared_.registry.counter(
        "entraide_http_requests_total", "requests answered, by route and status",
        "route=\"" + shared_.route_labels[route] + "\",status=\"" + std::to_string(status) + "\"");
  counter->add();
}

}  // namespace entraide::net
