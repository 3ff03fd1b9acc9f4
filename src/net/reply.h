#pragma once

// How a handler answers: once, from any thread, now or later.

#include <functional>
#include <memory>

#include "net/message.h"

namespace entraide::net {

struct StreamState;

/// One server-sent event, encoded once and shared by every stream that sends it.
using Event = std::shared_ptr<const std::string>;
/// `id` and `name` are the program's own and hold no line break (ENSURE); either may be empty. `data` may have
/// several lines. HTML Living Standard section 9.2.6.
Event make_event(std::string_view id, std::string_view name, std::string_view data);

/// An open stream of server-sent events. It costs no thread and, while idle, little memory. What is sent waits
/// in a bounded buffer; a reader that lets it overflow is disconnected and comes back with Last-Event-ID.
/// Dropping the handle ends the stream. Every function: any thread, never blocks on the network.
class EventStream {
 public:
  EventStream() = default;  // a stream that has ended
  explicit EventStream(std::shared_ptr<StreamState> state) : state_(std::move(state)) {}
  EventStream(EventStream&& other) noexcept : state_(std::exchange(other.state_, {})) {}
  EventStream& operator=(EventStream&& other) noexcept;
  ~EventStream() { close(); }

  /// False when the stream has ended; the event is then lost to this reader, who resumes by its id.
  /// Events sent by one thread arrive in their order.
  bool send(const Event& event);
  bool send(std::string_view id, std::string_view name, std::string_view data) {
    return send(make_event(id, name, data));
  }
  bool open() const;

  /// Called once when the stream ends other than by `close`: the reader left, was too slow, or the server stops.
  /// Runs on the stream's I/O thread (or here, if that has happened already), perhaps while another thread drops
  /// the handle: capture what outlives it, and do not block.
  void on_close(std::function<void()> callback);
  /// Sends what is buffered, then ends the stream.
  void close();

 private:
  std::shared_ptr<StreamState> state_;
};

/// Where a reply goes. A connection of the server, or a test.
class ReplyTarget {
 public:
  virtual ~ReplyTarget() = default;
  virtual void answer(Response response) = 0;
  virtual EventStream stream(Headers headers) = 0;
  virtual void dropped() = 0;
};

/// The right to answer one request, once: both ways use the handle up. Dropped unused, it answers with a 500
/// problem and leaves a log line. It may outlive the connection and the server; the answer then goes nowhere.
class Reply {
 public:
  explicit Reply(std::unique_ptr<ReplyTarget> target) : target_(std::move(target)) {}
  /// A reply that hands its response to `function`, for tests and calls inside the process; dropped: status 500.
  static Reply to(std::function<void(Response)> function);
  Reply(Reply&& other) noexcept = default;
  Reply& operator=(Reply&& other) noexcept;
  ~Reply() { drop(); }

  /// Any thread.
  void send(Response response) &&;
  /// Answers 200 with `text/event-stream`, and `headers`, and keeps the connection for events. Any thread.
  EventStream stream(Headers headers = {}) &&;

 private:
  void drop();
  std::unique_ptr<ReplyTarget> target_;
};

/// Called for each request. On the I/O thread it must be done within a millisecond, or keep the reply for later.
using Handler = std::function<void(Request, Reply)>;

}  // namespace entraide::net
