#pragma once

// One client: requests in, one at a time and in order, answers out. Inside this folder only.

#include "net/loop.h"
#include "net/parser.h"

namespace entraide::net {

/// Lives on its loop's thread only.
class Connection {
 public:
  /// Takes `socket` over. `surplus`: over the limit of connections, to be told so and closed.
  Connection(Loop& loop, ConnectionId id, int socket, std::unique_ptr<Transport> transport, std::string peer, bool tls,
             bool surplus);
  ~Connection();

  void begin();
  void tick(SteadyTime now);
  void begin_stop();
  void close();

  // What a reply brings.
  void answer(Response response);
  void reply_dropped();
  void begin_stream(std::shared_ptr<StreamState> stream, const Headers& headers);
  // What an event stream brings.
  void flush_stream();
  void drop_slow_reader();
  // What the pool brings: the next piece of the file that is being sent; empty: it could not be read.
  void file_piece(Bytes piece);

 private:
  enum class Phase { handshaking, reading, handling, writing, streaming, lingering, closed };

  void wait_read();
  void wait_write();
  void on_readable();
  void on_writable();
  void shake_hands();
  void read_more();
  bool take(BytesView bytes);
  bool on_header(bool more_at_hand);
  void dispatch();
  void refuse(std::string_view rule);
  void respond(Response response, bool close_after);
  void note(const Response& response);
  void pump();
  void ask_for_file_piece();
  void written();
  void next_request();
  void linger();
  void drain_silently();
  void end_stream();
  void append_chunk(std::string_view bytes);
  bool account_body();
  void release_body();
  SteadyTime body_deadline() const;

  Loop& loop_;
  const ConnectionId id_;
  Descriptor descriptor_;
  std::unique_ptr<Transport> transport_;
  const std::string peer_;
  std::optional<std::array<std::uint8_t, 32>> client_certificate_;
  const bool tls_;
  const bool surplus_;
  Phase phase_ = Phase::handshaking;
  bool read_waits_ = false;
  bool write_waits_ = false;
  SteadyTime deadline_;

  // The request being read or answered.
  std::unique_ptr<RequestParser> parser_;
  Bytes input_;                 // read and not yet consumed
  bool header_done_ = false;
  bool keep_alive_ = true;
  bool head_only_ = false;
  bool body_unread_ = false;
  const Route* route_ = nullptr;
  std::string method_, trace_id_;
  Language language_ = Language::en;
  std::size_t body_bytes_ = 0;  // counted in Shared::body_bytes
  SteadyTime since_;            // the body began; then: the request was whole; then: the answer began

  // The answer being written.
  std::string head_;
  std::size_t head_at_ = 0;
  Body body_;
  std::uint64_t body_at_ = 0;
  Bytes piece_;                 // of a file
  std::size_t piece_at_ = 0;
  std::uint64_t written_ = 0;

  // The event stream.
  std::shared_ptr<StreamState> stream_;
  std::size_t stream_in_flight_ = 0;
  bool stream_ending_ = false;
};

}  // namespace entraide::net
