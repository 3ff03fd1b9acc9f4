#pragma once

// What an EventStream and its connection share. Inside this folder only.

#include <functional>

#include "base/mutex.h"
#include "net/reply.h"

namespace entraide::net {

class Loop;

/// Which connection of a loop: a place, and which of its tenants.
struct ConnectionId {
  std::uint32_t slot = 0;
  std::uint32_t tenant = 0;
};

struct StreamState {
  StreamState(std::shared_ptr<Loop> loop, ConnectionId connection, std::size_t bytes_max)
      : loop_(std::move(loop)), connection_(connection), bytes_max_(bytes_max) {}

  // The handle's side. Any thread.
  bool send(const Event& event);
  bool open() const;
  void on_close(std::function<void()> callback);
  void close();

  // The connection's side. The loop's thread.
  struct Taken {
    std::vector<Event> events;
    bool last = false;  // nothing will follow: the handle closed the stream
  };
  Taken take();                  // what waits; an empty answer means: wait for `flush`
  void sent(std::size_t bytes);  // so much of what was taken has left
  void refuse_more();            // the server is stopping
  void ended();                  // the connection is gone, or the stream over

 private:
  const std::shared_ptr<Loop> loop_;
  const ConnectionId connection_;
  const std::size_t bytes_max_;
  mutable Mutex mutex_;
  std::vector<Event> waiting_ GUARDED_BY(mutex_);
  std::size_t bytes_ GUARDED_BY(mutex_)
  = 0;  // waiting, or taken and not yet sent
  bool open_ GUARDED_BY(mutex_)
  = true;
  bool flush_asked_ GUARDED_BY(mutex_)
  = false;
  bool closed_here_ GUARDED_BY(mutex_)
  = false;  // by the handle: it needs no call
  bool ended_ GUARDED_BY(mutex_)
  = false;
  std::function<void()> callback_ GUARDED_BY(mutex_);
};

}  // namespace entraide::net
