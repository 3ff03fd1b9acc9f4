// Waiting, requests in, endings. Answers and event streams are in answers.cc.

#include "net/connection.h"

namespace entraide::net {
namespace {

// How long `bytes` may take at the slowest rate that we put up with.
Milliseconds at_slowest(std::uint64_t bytes, std::size_t bytes_per_second) {
  return Milliseconds(bytes * 1000 / std::max<std::size_t>(1, bytes_per_second));
}

class ConnectionReply final : public ReplyTarget {
 public:
  ConnectionReply(std::shared_ptr<Loop> loop, ConnectionId id) : loop_(std::move(loop)), id_(id) {}

  void answer(Response response) override {
    if (loop_->in_thread()) {
      if (Connection* connection = loop_->find(id_)) connection->answer(std::move(response));
      return;
    }
    loop_->post([loop = loop_.get(), id = id_, response = std::move(response)]() mutable {
      if (Connection* connection = loop->find(id)) connection->answer(std::move(response));
    });
  }

  EventStream stream(Headers headers) override {
    auto state = std::make_shared<StreamState>(loop_, id_, loop_->stream_bytes_max());
    const auto begin = [loop = loop_.get(), id = id_, state, headers = std::move(headers)] {
      if (Connection* connection = loop->find(id)) connection->begin_stream(state, headers);
      else state->ended();
    };
    if (loop_->in_thread()) begin();
    else if (!loop_->post(begin)) state->ended();
    return EventStream(std::move(state));
  }

  void dropped() override {
    loop_->post([loop = loop_.get(), id = id_] {
      if (Connection* connection = loop->find(id)) connection->reply_dropped();
    });
  }

 private:
  std::shared_ptr<Loop> loop_;
  ConnectionId id_;
};

}  // namespace

Connection::Connection(Loop& loop, ConnectionId id, int socket, std::unique_ptr<Transport> transport,
                       std::string peer, bool tls, bool surplus)
    : loop_(loop),
      id_(id),
      descriptor_(loop.context(), socket),
      transport_(std::move(transport)),
      peer_(std::move(peer)),
      tls_(tls),
      surplus_(surplus) {}

Connection::~Connection() = default;

// ---- waiting -------------------------------------------------------------------------------

void Connection::wait_read() {
  if (read_waits_) return;
  read_waits_ = true;
  descriptor_.async_wait(Descriptor::wait_read, [loop = &loop_, id = id_](const boost::system::error_code& error) {
    if (error) return;
    if (Connection* connection = loop->find(id)) connection->on_readable();
  });
}

void Connection::wait_write() {
  if (write_waits_) return;
  write_waits_ = true;
  descriptor_.async_wait(Descriptor::wait_write, [loop = &loop_, id = id_](const boost::system::error_code& error) {
    if (error) return;
    if (Connection* connection = loop->find(id)) connection->on_writable();
  });
}

void Connection::on_readable() {
  read_waits_ = false;
  switch (phase_) {
    case Phase::handshaking: return shake_hands();
    case Phase::reading: return read_more();
    case Phase::writing: return pump();  // TLS may have to read before it can write
    case Phase::streaming:
    case Phase::lingering: return drain_silently();
    case Phase::handling:
    case Phase::closed: return;
  }
}

void Connection::on_writable() {
  write_waits_ = false;
  switch (phase_) {
    case Phase::handshaking: return shake_hands();
    case Phase::reading: return read_more();
    case Phase::writing:
    case Phase::streaming: return pump();
    case Phase::lingering: return drain_silently();
    case Phase::handling:
    case Phase::closed: return;
  }
}

void Connection::begin() {
  const Deadlines& deadlines = loop_.shared().options.deadlines;
  phase_ = tls_ ? Phase::handshaking : Phase::reading;
  deadline_ = now() + (tls_ ? deadlines.header : deadlines.idle);
  wait_read();
}

void Connection::tick(SteadyTime at) {
  const Deadlines& deadlines = loop_.shared().options.deadlines;
  switch (phase_) {
    case Phase::reading:
      if (!parser_) {
        if (at >= deadline_) close();
      } else if (at >= (header_done_ ? body_deadline() : deadline_)) {
        refuse("http.request.slow");
      }
      return;
    case Phase::writing:
    case Phase::streaming:
      if (head_.empty() && phase_ == Phase::streaming) {
        if (at < since_ + deadlines.heartbeat) return;
        append_chunk(":\n\n");
        since_ = at;
        pump();
      } else if (at >= since_ + deadlines.write + at_slowest(written_, deadlines.bytes_per_second)) {
        if (phase_ == Phase::streaming) loop_.shared().slow_readers.add();
        close();
      }
      return;
    case Phase::handshaking:
    case Phase::lingering:
      if (at >= deadline_) close();
      return;
    case Phase::handling:
    case Phase::closed: return;
  }
}

SteadyTime Connection::body_deadline() const {
  const Deadlines& deadlines = loop_.shared().options.deadlines;
  return since_ + deadlines.body + at_slowest(parser_->body_size(), deadlines.bytes_per_second);
}

// ---- requests in ---------------------------------------------------------------------------

void Connection::shake_hands() {
  switch (transport_->handshake()) {
    case Io::want_read: return wait_read();
    case Io::want_write: return wait_write();
    case Io::closed: return close();
    case Io::done: break;
  }
  client_certificate_ = transport_->client_certificate();
  phase_ = Phase::reading;
  deadline_ = now() + loop_.shared().options.deadlines.idle;
  if (transport_->holds_input()) read_more();
  else wait_read();
}

void Connection::read_more() {
  for (;;) {
    const std::span<std::uint8_t> room = loop_.scratch();
    const IoResult got = transport_->read(room);
    switch (got.io) {
      case Io::want_read: return wait_read();
      case Io::want_write: return wait_write();
      case Io::closed: return close();
      case Io::done: break;
    }
    if (!take(room.first(got.bytes))) return;
    if (!transport_->holds_input()) return wait_read();
  }
}

// Feeds the parser with what was left and `bytes`. True when it needs more; false when the request has been
// handed on or refused.
bool Connection::take(BytesView bytes) {
  Bytes joined;
  BytesView rest = bytes;
  if (!input_.empty()) {
    joined = std::move(input_);
    append(joined, bytes);
    rest = joined;
    input_ = {};
  }
  if (!parser_) {
    // RFC 9112 section 2.2: empty lines before a request are passed over.
    while (!rest.empty() && (rest[0] == '\r' || rest[0] == '\n')) rest = rest.subspan(1);
    if (rest.empty()) return true;
    const ServerOptions& options = loop_.shared().options;
    parser_ = std::make_unique<RequestParser>(
        ParserLimits{.header_bytes = options.limits.header_bytes, .header_fields = options.limits.header_fields});
    header_done_ = false;
    deadline_ = now() + options.deadlines.header;
  }
  for (;;) {
    const RequestParser::Step step = parser_->feed(rest);
    rest = rest.subspan(step.consumed);
    switch (step.state) {
      case RequestParser::State::failed:
        body_unread_ = true;
        refuse(step.rule);
        return false;
      case RequestParser::State::header:
        input_.assign(rest.begin(), rest.end());  // where it is answered right now, this is the next request
        if (!on_header(!rest.empty())) return false;
        input_ = {};
        break;
      case RequestParser::State::need_more:
        if (header_done_ && !account_body()) return false;
        input_.assign(rest.begin(), rest.end());
        return true;
      case RequestParser::State::done:
        if (!account_body()) return false;
        input_.assign(rest.begin(), rest.end());
        dispatch();
        return false;
    }
  }
}

// The header is whole: who is it for, may its body come? False when it has been refused.
bool Connection::on_header(bool more_at_hand) {
  Shared& shared = loop_.shared();
  Request& request = parser_->request();
  header_done_ = true;
  route_ = nullptr;
  since_ = now();
  request.peer = peer_;
  request.tls = tls_;
  request.client_certificate = client_certificate_;
  if (request.trace_id.empty()) request.trace_id = loop_.new_trace_id();
  method_ = request.method;
  trace_id_ = request.trace_id;
  language_ = request.language;
  keep_alive_ = parser_->keep_alive();
  head_only_ = method_ == "HEAD";
  body_unread_ = parser_->expects_body();

  if (surplus_) {
    shared.turned_away.add();
    refuse("http.busy");
    return false;
  }
  Router::Match match = shared.router.match(method_, request.path);
  route_ = match.route;
  if (!route_) {
    respond(unrouted(match, language_, trace_id_), body_unread_);
    return false;
  }
  request.captured = std::move(match.captured);
  const std::size_t limit = route_->options.body_limit;
  if (body_unread_ && parser_->announced().value_or(0) > limit) {
    refuse("http.body.too-large");
    return false;
  }
  parser_->set_body_limit(limit);
  if (body_unread_ && parser_->expects_continue() && !more_at_hand) {
    // Nothing else is on its way out, so these bytes fit; if not, the connection is of no use.
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    const BytesView piece = bytes_of(kContinue);
    const IoResult sent = transport_->write({&piece, 1});
    if (sent.io != Io::done || sent.bytes != kContinue.size()) {
      close();
      return false;
    }
  }
  return true;
}

// Keeps the sum of all bodies in memory under its limit.
bool Connection::account_body() {
  Shared& shared = loop_.shared();
  const std::size_t size = parser_->body_size();
  const std::size_t more = size - body_bytes_;
  if (more == 0) return true;
  body_bytes_ = size;
  const std::size_t sum = shared.body_bytes.fetch_add(more, std::memory_order_relaxed) + more;
  if (sum <= shared.options.limits.body_bytes_in_flight) return true;
  refuse("http.busy");
  return false;
}

void Connection::release_body() {
  loop_.shared().body_bytes.fetch_sub(std::exchange(body_bytes_, 0), std::memory_order_relaxed);
}

void Connection::dispatch() {
  Shared& shared = loop_.shared();
  body_unread_ = false;
  const RouteOptions& options = route_->options;
  const bool on_pool = options.pool || (options.pool_if != nullptr && options.pool_if(parser_->request()));
  if (on_pool && !shared.pool.reserve()) return refuse("http.busy");
  phase_ = Phase::handling;
  since_ = now();
  Request request = std::move(parser_->request());
  parser_ = nullptr;
  Reply reply(std::make_unique<ConnectionReply>(loop_.shared_from_this(), id_));
  if (!on_pool) return route_->handler(std::move(request), std::move(reply));
  shared.pool.run_reserved(
      [handler = &route_->handler, request = std::move(request), reply = std::move(reply)]() mutable {
        (*handler)(std::move(request), std::move(reply));
      });
}

// ---- endings -------------------------------------------------------------------------------

void Connection::begin_stop() {
  switch (phase_) {
    case Phase::handshaking: return close();
    case Phase::reading:
      // A request that has come, and only waits to be read, is still answered.
      if (!parser_ && input_.empty()) read_more();
      if (phase_ == Phase::reading && !parser_ && input_.empty()) close();
      return;  // or `respond` will close
    case Phase::streaming: {
      if (stream_ending_) return;
      stream_->refuse_more();
      std::string together;
      for (const Event& event : stream_->take().events) together += *event;
      // When to come back: spread, so that they do not all come at once.
      together += "retry: " + std::to_string(1000 + id_.slot * 37 % 4000) + "\n\n";
      stream_in_flight_ += together.size();
      const bool writing = !head_.empty();
      append_chunk(together);
      head_ += "0\r\n\r\n";
      stream_ending_ = true;
      if (!writing) {
        since_ = now();
        written_ = 0;
        pump();
      }
      return;
    }
    case Phase::handling:
    case Phase::writing: keep_alive_ = false; return;
    case Phase::lingering:
    case Phase::closed: return;
  }
}

// Closing at once while bytes of the client are unread would make its system throw our answer away: say that we
// are done, and wait a little for it to close.
void Connection::linger() {
  phase_ = Phase::lingering;
  deadline_ = now() + loop_.shared().options.deadlines.linger;
  input_ = {};
  transport_->end_output();
  end_stream();
  drain_silently();
}

void Connection::drain_silently() {
  for (int reads = 0; reads < 8; ++reads) {
    const IoResult got = transport_->read(loop_.scratch());
    if (got.io == Io::closed) return close();
    if (got.io != Io::done) break;
    if (phase_ == Phase::streaming) return close();  // a reader of events has nothing to say
  }
  wait_read();
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  release_body();
  transport_ = nullptr;
  boost::system::error_code ignored;
  (void)descriptor_.close(ignored);
  parser_ = nullptr;
  end_stream();
  loop_.release(id_);
}

void Connection::end_stream() {
  const std::shared_ptr<StreamState> stream = std::exchange(stream_, nullptr);
  if (!stream) return;
  loop_.shared().streams.add(-1);
  stream->ended();
}

}  // namespace entraide::net
