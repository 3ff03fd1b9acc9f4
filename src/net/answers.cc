// Answers and event streams out.

#include <unistd.h>

#include "base/log.h"
#include "net/connection.h"
#include "net/problem.h"
#include "net/wire.h"

namespace entraide::net {
namespace {

constexpr std::size_t kFilePiece = 256 << 10;
constexpr int kWritesInARow = 32;  // then it is the others' turn
constexpr Seconds kRetryWhenBusy{5};

}  // namespace

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
  release_body();
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
    if (piece_at_ < piece_.size()) pieces[count++] = BytesView(piece_).subspan(piece_at_);
    else if (!body_.file_range() && body_at_ < body_.size()) pieces[count++] = body_.view().subspan(body_at_);
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
    if (body_.file_range()) piece_at_ += left;
    else body_at_ += left;
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
  if (head_only_) {  // it wanted to know whether there is a stream, not to have one
    stream->ended();
    return respond(std::move(response), false);
  }
  note(response);
  stream_ = std::move(stream);
  loop_.shared().streams.add(1);
  release_body();
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

}  // namespace entraide::net
