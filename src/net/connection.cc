#include "net/connection.h"

#include <unistd.h>

#include "base/log.h"
#include "net/problem.h"
#include "net/wire.h"

namespace entraide::net {
namespace {

constexpr std::size_t kFilePiece = 256 << 10;
constexpr int kWritesInARow = 32;  // then it is the others' turn
constexpr Seconds kRetryWhenBusy{5};

SteadyTime now() { return std::chrono::steady_clock::now(); }

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
      if (Connection* connection = loop->find(id))
        connection->begin_stream(state, headers);
      else
        state->ended();
    };
    if (loop_->in_thread())
      begin();
    else if (!loop_->post(begin))
      state->ended();
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

Connection::Connection(Loop& loop, ConnectionId id, int socket, std::unique_ptr<Transport> transport, std::string peer,
                       bool tls, bool surplus)
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
  if (transport_->holds_input())
    read_more();
  else
    wait_read();
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

void Connection::dispatch() {
  Shared& shared = loop_.shared();
  body_unread_ = false;
  if (route_->options.pool && !shared.pool.reserve()) return refuse("http.busy");
  phase_ = Phase::handling;
  since_ = now();
  Request request = std::move(parser_->request());
  parser_ = nullptr;
  Reply reply(std::make_unique<ConnectionReply>(loop_.shared_from_this(), id_));
  if (!route_->options.pool) return route_->handler(std::move(request), std::move(reply));
  shared.pool.run_reserved(
      [handler = &route_->handler, request = std::move(request), reply = std::move(reply)]() mutable {
        (*handler)(std::move(request), std::move(reply));
      });
}

// ---- answers out ---------------------------------------------------------------------------

// Says no in the protocol's own words and, unless the request was read to its end, closes.
void Connection::refuse(std::string_view rule) {
  if (!header_done_) {
    trace_id_ = loop_.new_trace_id();
    method_ = parser_->request().method;
    language_ = parser_->request().language;
    head_only_ = false;
    route_ = nullptr;
    since_ = now();
  }
  Problem problem = protocol_problem(rule, language_, trace_id_);
  if (rule == "http.busy") problem.retry_after = kRetryWhenBusy;
  if (rule == "http.body.too-large" && route_)
    problem.more = codec::Json::object({{"limit", static_cast<std::int64_t>(route_->options.body_limit)}});
  respond(to_response(problem), !header_done_ || body_unread_ || surplus_);
}

void Connection::answer(Response response) {
  if (phase_ == Phase::handling) respond(std::move(response), false);
}

void Connection::reply_dropped() {
  if (phase_ != Phase::handling) return;
  Response response = to_response(protocol_problem("http.internal", language_, trace_id_));
  response.log_note = "the handler let its reply go";
  respond(std::move(response), false);
}

void Connection::respond(Response response, bool close_after) {
  Shared& shared = loop_.shared();
  if (close_after || shared.stopping.load(std::memory_order_relaxed)) keep_alive_ = false;
  note(response);
  parser_ = nullptr;
  phase_ = Phase::writing;
  since_ = now();
  written_ = 0;
  append_head(head_, response, keep_alive_, loop_.date());
  if (!head_only_ && has_body(response.status)) body_ = std::move(response.body);
  body_at_ = 0;
  pump();
}

// Metrics, and a line in the log for a failure: by route, never by path or query, which may say who is sought.
void Connection::note(const Response& response) {
  Shared& shared = loop_.shared();
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(now() - since_);
  const std::size_t route = route_ ? route_->index : shared.route_labels.size() - 1;
  loop_.count(route, response.status);
  shared.latencies[route]->observe(took);
  if (response.status < 400) return;
  log::write(response.status >= 500 ? log::Level::warning : log::Level::info, "http.request.failed",
             {{"trace_id", trace_id_},
              {"method", std::string_view(method_).substr(0, 16)},
              {"route", shared.route_labels[route]},
              {"status", response.status},
              {"rule", response.rule},
              {"took_us", took.count()},
              {"note", response.log_note}});
}

void Connection::pump() {
  for (int writes = 0; writes < kWritesInARow; ++writes) {
    std::array<BytesView, 2> pieces;
    std::size_t count = 0;
    if (head_at_ < head_.size()) pieces[count++] = bytes_of(head_).subspan(head_at_);
    if (piece_at_ < piece_.size())
      pieces[count++] = BytesView(piece_).subspan(piece_at_);
    else if (!body_.file_range() && body_at_ < body_.size())
      pieces[count++] = body_.view().subspan(body_at_);
    if (count == 0) {
      if (body_.file_range() && body_at_ < body_.size()) return ask_for_file_piece();
      return written();
    }
    const IoResult sent = transport_->write({pieces.data(), count});
    switch (sent.io) {
      case Io::want_read: return wait_read();
      case Io::want_write: return wait_write();
      case Io::closed: return close();
      case Io::done: break;
    }
    written_ += sent.bytes;
    std::size_t left = sent.bytes;
    const std::size_t of_head = std::min(left, head_.size() - head_at_);
    head_at_ += of_head;
    left -= of_head;
    if (body_.file_range())
      piece_at_ += left;
    else
      body_at_ += left;
  }
  wait_write();
}

void Connection::ask_for_file_piece() {
  const Body::FileRange& range = *body_.file_range();
  const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(kFilePiece, range.count - body_at_));
  body_at_ += size;
  loop_.shared().pool.run([loop = loop_.shared_from_this(), id = id_, file = range.file,
                           at = range.from + body_at_ - size, size] {
    Bytes piece(size);
    std::size_t have = 0;
    while (have < size) {
      const ssize_t n = ::pread(file->descriptor(), piece.data() + have, size - have, static_cast<off_t>(at + have));
      if (n <= 0) break;
      have += static_cast<std::size_t>(n);
    }
    if (have < size) piece.clear();
    loop->post([raw = loop.get(), id, piece = std::move(piece)]() mutable {
      if (Connection* connection = raw->find(id)) connection->file_piece(std::move(piece));
    });
  });
}

void Connection::file_piece(Bytes piece) {
  if (phase_ != Phase::writing) return;
  if (piece.empty()) {
    // The length is promised already: only a broken connection tells the client that this is not all.
    log::error("http.file.unreadable", {{"trace_id", trace_id_}});
    return close();
  }
  piece_ = std::move(piece);
  piece_at_ = 0;
  pump();
}

void Connection::written() {
  head_ = {};
  head_at_ = 0;
  if (phase_ == Phase::streaming) {
    stream_->sent(std::exchange(stream_in_flight_, 0));
    if (stream_ending_) return linger();
    // By way of the queue: a sender that keeps up with us must not keep us from the others.
    loop_.post([loop = &loop_, id = id_] { loop->flush_stream(id); });
    return;
  }
  body_ = {};
  piece_ = {};
  piece_at_ = 0;
  loop_.shared().body_bytes.fetch_sub(std::exchange(body_bytes_, 0), std::memory_order_relaxed);
  if (!keep_alive_) return linger();
  next_request();
}

void Connection::next_request() {
  phase_ = Phase::reading;
  method_ = {};
  trace_id_ = {};
  deadline_ = now() + loop_.shared().options.deadlines.idle;
  if (input_.empty() && !transport_->holds_input()) return wait_read();
  // The next request has come already. By way of the queue, so that a long row of them does not pile up calls.
  loop_.post([loop = &loop_, id = id_] {
    Connection* connection = loop->find(id);
    if (!connection || connection->phase_ != Phase::reading) return;
    if (connection->input_.empty() || connection->take({})) connection->read_more();
  });
}

// ---- event streams -------------------------------------------------------------------------

void Connection::begin_stream(std::shared_ptr<StreamState> stream, const Headers& headers) {
  if (phase_ != Phase::handling) return stream->ended();
  Response response;
  response.headers = headers;
  response.headers.set("Content-Type", "text/event-stream");
  response.headers.set("Cache-Control", "no-store");
  note(response);
  if (head_only_) {  // it wanted to know whether there is a stream, not to have one
    stream->ended();
    return respond(std::move(response), false);
  }
  stream_ = std::move(stream);
  loop_.shared().streams.add(1);
  loop_.shared().body_bytes.fetch_sub(std::exchange(body_bytes_, 0), std::memory_order_relaxed);
  phase_ = Phase::streaming;
  since_ = now();
  written_ = 0;
  input_ = {};
  method_ = {};
  append_stream_head(head_, response, loop_.date());
  wait_read();  // to hear that the reader has left
  if (loop_.shared().stopping.load(std::memory_order_relaxed)) begin_stop();
  pump();
}

void Connection::append_chunk(std::string_view bytes) {
  char size[20];
  const int n = std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  head_.append(size, static_cast<std::size_t>(n));
  head_ += bytes;
  head_ += "\r\n";
}

void Connection::flush_stream() {
  if (phase_ != Phase::streaming || !head_.empty() || stream_ending_) return;
  const StreamState::Taken taken = stream_->take();
  if (!taken.events.empty()) {
    std::string together;
    for (const Event& event : taken.events) together += *event;
    stream_in_flight_ = together.size();
    append_chunk(together);
  }
  if (taken.last) {
    head_ += "0\r\n\r\n";
    stream_ending_ = true;
  }
  if (head_.empty()) return;
  since_ = now();
  written_ = 0;
  pump();
}

void Connection::drop_slow_reader() {
  loop_.shared().slow_readers.add();
  close();
}

// ---- endings -------------------------------------------------------------------------------

void Connection::begin_stop() {
  switch (phase_) {
    case Phase::handshaking: return close();
    case Phase::reading:
      if (!parser_ && input_.empty()) return close();
      return;  // `respond` will close
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
    case Phase::writing:
      keep_alive_ = false;
      return;
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
  Shared& shared = loop_.shared();
  shared.body_bytes.fetch_sub(std::exchange(body_bytes_, 0), std::memory_order_relaxed);
  transport_ = nullptr;
  boost::system::error_code ignored;
  descriptor_.close(ignored);
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
