#pragma once

// One I/O thread: its event loop, its listening sockets, its connections. Inside this folder only.

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <thread>

#include "net/pool.h"
#include "net/stream.h"
#include "net/transport.h"

namespace entraide::net {

class Connection;
using Descriptor = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;
using SteadyTime = std::chrono::steady_clock::time_point;
inline SteadyTime now() { return std::chrono::steady_clock::now(); }

/// What all loops of a server share.
struct Shared {
  Shared(ServerOptions o, Router r, ServerParts p);

  const ServerOptions options;
  const Router router;
  const Clock& clock;
  metrics::Registry& registry;

  // By route, and one more for requests without one.
  std::vector<std::string> route_labels;
  std::vector<metrics::Histogram*> latencies;
  metrics::Gauge& connections;
  metrics::Gauge& streams;
  metrics::Counter& accepted;
  metrics::Counter& turned_away;
  metrics::Counter& slow_readers;

  Pool pool;
  std::atomic<bool> stopping{false};
  std::atomic<std::size_t> body_bytes{0};

  // Connections that are open, and loops that may still accept some; `stop` waits for the last of both.
  std::atomic<std::size_t> open{0};
  std::atomic<std::size_t> accepting{0};
  Mutex mutex;
  Condition none_open;
  bool all_gone() const { return open == 0 && accepting == 0; }
  void tell_if_gone();

  std::shared_ptr<const TlsContext> tls() const;
  void set_tls(std::shared_ptr<const TlsContext> tls);

 private:
  mutable Mutex tls_mutex_;
  std::shared_ptr<const TlsContext> tls_ GUARDED_BY(tls_mutex_);
};

class Loop : public std::enable_shared_from_this<Loop> {
 public:
  Loop(Shared& shared, std::uint64_t seed);
  ~Loop();

  // Before `start`: takes the socket over.
  void listen(int socket, const ListenAddress& at);
  void start();

  // Any thread.
  using Task = std::move_only_function<void()>;
  bool in_thread() const { return std::this_thread::get_id() == thread_id_.load(std::memory_order_relaxed); }
  /// Runs `task` on this thread, later. False, and the task is dropped, when the loop has ended.
  bool post(Task task);
  std::size_t stream_bytes_max() const { return stream_bytes_max_; }
  bool turned_since(SteadyTime time) const { return last_turn_.load(std::memory_order_relaxed) >= time; }
  void begin_stop();
  /// Closes what is open and waits for the thread. Not from the thread itself.
  void end();

  // This thread only.
  Connection* find(ConnectionId id);
  void release(ConnectionId id);
  void flush_stream(ConnectionId id);
  void drop_slow_reader(ConnectionId id);
  std::span<std::uint8_t> scratch() { return scratch_; }
  std::string new_trace_id();
  std::string_view date();
  void count(std::size_t route, int status);
  Shared& shared() { return shared_; }
  boost::asio::io_context& context() { return context_; }

 private:
  struct Listener {
    Descriptor descriptor;
    bool tls, asks_certificate;
    bool waiting = false;
  };
  struct Slot {
    std::unique_ptr<Connection> connection;
    std::uint32_t tenant = 0;
  };
  void run();
  void wait_accept(std::size_t listener);
  void run_posted();
  void accept_some(std::size_t listener);
  void admit(int socket, const Listener& at, std::string peer);
  void wait_tick();
  void tick();

  Shared& shared_;
  boost::asio::io_context context_;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    boost::asio::io_context::executor_type>
      timer_;
  std::deque<Listener> listeners_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::vector<std::unique_ptr<Connection>> gone_;  // freed when nobody stands on them any more
  std::vector<std::uint8_t> scratch_;
  std::uint64_t random_;
  std::int64_t date_second_ = -1;
  std::string date_;
  std::unordered_map<std::uint64_t, metrics::Counter*> counters_;
  const Milliseconds tick_pause_;
  const std::size_t stream_bytes_max_;
  bool stopping_ = false;

  std::thread thread_;
  std::atomic<std::thread::id> thread_id_;
  std::atomic<SteadyTime> last_turn_;
  Mutex mutex_;
  std::vector<Task> posted_ GUARDED_BY(mutex_);  // by a batch of acts at a time: the loop is woken once for all
  bool ended_ GUARDED_BY(mutex_)
  = false;
};

}  // namespace entraide::net
