#pragma once

// Bytes into requests, with limits, over Beast's parser. Inside this folder, its tests and its fuzz target.

#include <memory>

#include "net/message.h"

namespace entraide::net {

struct ParserLimits {
  std::size_t header_bytes = 16 << 10;
  std::size_t header_fields = 100;
};

/// Reads one request. Feed it bytes until it says `done` or `failed`; after `header` set the body's limit (or
/// give up) and go on feeding. What it did not consume belongs to the next request, or is to be fed again with
/// more bytes behind it. One thread.
class RequestParser {
 public:
  enum class State { need_more, header, done, failed };
  struct Step {
    State state;
    std::size_t consumed;
    std::string_view rule = {};  // of the failure, one of problem.cc
  };

  explicit RequestParser(const ParserLimits& limits);
  ~RequestParser();

  Step feed(BytesView bytes);

  /// Said once, after `header`: bodies are refused beyond it. Zero until then.
  void set_body_limit(std::size_t limit);
  /// After `header`: whether a body follows, what Expect asks, how long the other end keeps the connection.
  bool expects_body() const;
  /// The announced length of the body, absent when it is chunked.
  std::optional<std::uint64_t> announced() const;
  bool expects_continue() const;
  bool keep_alive() const;
  /// Bytes of body so far.
  std::size_t body_size() const;

  /// After `header`: everything but the body. After `done`: everything; take it.
  Request& request();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace entraide::net
