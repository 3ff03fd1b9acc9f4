#pragma once

// Which handler answers: method and path pattern.

#include <map>

#include "net/reply.h"

namespace entraide::net {

struct RouteOptions {
  std::size_t body_limit = 1 << 20;  // a larger body is answered 413 before it is read
  bool head = true;                  // a GET route also answers HEAD
  bool options = true;               // OPTIONS of this path is answered 204 with Allow
  bool pool = false;                 // the handler may block or take over 1 ms: run it on the worker pool
  /// Where that depends on the request: asked once the body is there, on the I/O thread. Unused when `pool` is set.
  bool (*pool_if)(const Request&) = nullptr;
};

struct Route {
  std::string method;
  std::string pattern;
  Handler handler;
  RouteOptions options;
  std::size_t index = 0;  // in the order of adding
};

/// Routes by pattern. A segment of a pattern is literal ("cases"), captures one segment ("{case}"), or, last,
/// captures the rest of the path, also an empty one ("{rest...}"). Literal beats capture beats rest, segment by
/// segment. Built by one thread, then only read, by any number.
class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  /// `pattern` is the program's own: a malformed one, or one that is there already, stops the process.
  void add(std::string_view method, std::string_view pattern, Handler handler, RouteOptions options = {});

  /// Takes GET and HEAD of every path at which nothing stands, captured whole as `rest`; at most one. It is not told in Allow.
  void otherwise(Handler handler);

  struct Match {
    const Route* route = nullptr;  // null: nothing at this path, or not for this method
    Parameters captured = {};
    bool malformed = false;  // a segment does not decode, or is "." or ".."
    bool automatic_options = false;
    std::vector<std::string> allowed = {};  // methods of the path, sorted; empty where there is nothing
  };
  Match match(std::string_view method, std::string_view path) const;

  /// Routes and runs `request` here, without a pool: what the server does, for tests and calls inside the process.
  /// 404, 405, 400 and OPTIONS are answered as the server would.
  void handle(Request request, Reply reply) const;

  const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }

 private:
  struct Node;
  std::unique_ptr<Node> root_;
  std::vector<std::unique_ptr<Route>> routes_;
  const Route* otherwise_ = nullptr;
};

/// The answer to a request that no route takes: 400, 404, 405, or 204 to OPTIONS.
Response unrouted(const Router::Match& match, Language language, std::string_view trace_id);

}  // namespace entraide::net
