#include "net/router.h"

#include <algorithm>

#include "net/problem.h"

namespace entraide::net {

struct Router::Node {
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> capture;
  std::unique_ptr<Node> rest;
  struct Entry {
    Route* route;
    std::vector<std::string> names;  // of the captures on the way here, in their order
  };
  std::vector<Entry> routes;

  const Entry* find(std::string_view method) const {
    for (const Entry& entry : routes)
      if (entry.route->method == method) return &entry;
    return nullptr;
  }
};

namespace {

// "/a//b" is the segments "a", "", "b"; "/" is one empty segment.
std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> out;
  path.remove_prefix(1);
  for (;;) {
    const std::size_t end = path.find('/');
    out.push_back(path.substr(0, end));
    if (end == std::string_view::npos) return out;
    path.remove_prefix(end + 1);
  }
}

bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(std::string_view method, std::string_view pattern, Handler handler, RouteOptions options) {
  ENSURE(!method.empty() && pattern.starts_with('/') && handler);
  Node* node = root_.get();
  std::vector<std::string> names;
  bool ended = false;
  for (const std::string_view segment : segments_of(pattern)) {
    ENSURE(!ended);  // {rest...} is the last segment
    std::unique_ptr<Node>* next = nullptr;
    if (segment.starts_with('{') && segment.ends_with("...}")) {
      names.emplace_back(segment.substr(1, segment.size() - 5));
      ENSURE(is_name(names.back()));
      next = &node->rest;
      ended = true;
    } else if (segment.starts_with('{') && segment.ends_with('}')) {
      names.emplace_back(segment.substr(1, segment.size() - 2));
      ENSURE(is_name(names.back()));
      next = &node->capture;
    } else {
      ENSURE(segment.find_first_of("{}") == std::string_view::npos);
      next = &node->literals[std::string(segment)];
    }
    if (!*next) *next = std::make_unique<Node>();
    node = next->get();
  }
  ENSURE(node->find(method) == nullptr);
  routes_.push_back(std::make_unique<Route>(
      Route{std::string(method), std::string(pattern), std::move(handler), options, routes_.size()}));
  node->routes.push_back({routes_.back().get(), std::move(names)});
}

void Router::otherwise(Handler handler) {
  ENSURE(otherwise_ == nullptr && handler);
  routes_.push_back(std::make_unique<Route>(Route{"GET", "/{rest...}", std::move(handler), {}, routes_.size()}));
  otherwise_ = routes_.back().get();
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  Match out;
  if (!path.starts_with('/')) {
    out.malformed = true;
    return out;
  }
  std::vector<std::string> segments;
  for (const std::string_view raw : segments_of(path)) {
    auto segment = decode_segment(raw);
    // A client resolves dot segments before it sends; one that is left means to climb out of something.
    if (!segment || *segment == "." || *segment == "..") {
      out.malformed = true;
      return out;
    }
    segments.push_back(std::move(*segment));
  }

  // Depth first, the most literal branch first; a branch without this method only tells what is allowed.
  std::vector<std::string> captured;
  const Node::Entry* found = nullptr;
  bool options = false;
  const auto visit = [&](auto& self, const Node& node, std::size_t at) -> void {
    if (at == segments.size()) {
      for (const Node::Entry& entry : node.routes) {
        out.allowed.push_back(entry.route->method);
        if (entry.route->method == "GET" && entry.route->options.head) out.allowed.push_back("HEAD");
        options = options || entry.route->options.options;
      }
      found = node.find(method);
      if (!found && method == "HEAD") {
        found = node.find("GET");
        if (found && !found->route->options.head) found = nullptr;
      }
      if (found)
        for (std::size_t i = 0; i < captured.size(); ++i) out.captured.add(found->names[i], captured[i]);
      return;
    }
    if (const auto literal = node.literals.find(segments[at]); literal != node.literals.end())
      self(self, *literal->second, at + 1);
    if (!found && node.capture && !segments[at].empty()) {
      captured.push_back(segments[at]);
      self(self, *node.capture, at + 1);
      captured.pop_back();
    }
    if (!found && node.rest) {
      std::string rest = segments[at];
      for (std::size_t i = at + 1; i < segments.size(); ++i) rest += "/" + segments[i];
      captured.push_back(std::move(rest));
      self(self, *node.rest, segments.size());
      captured.pop_back();
    }
  };
  visit(visit, *root_, 0);

  if (found) {
    out.route = found->route;
    out.allowed.clear();
    return out;
  }
  if (otherwise_ != nullptr && out.allowed.empty() && (method == "GET" || method == "HEAD")) {
    std::string rest;
    for (std::size_t i = 0; i < segments.size(); ++i) rest += (i == 0 ? "" : "/") + segments[i];
    out.captured.add("rest", std::move(rest));
    out.route = otherwise_;
    return out;
  }
  if (options) out.allowed.emplace_back("OPTIONS");
  out.automatic_options = options && method == "OPTIONS";
  std::ranges::sort(out.allowed);
  out.allowed.erase(std::unique(out.allowed.begin(), out.allowed.end()), out.allowed.end());
  return out;
}

Response unrouted(const Router::Match& match, Language language, std::string_view trace_id) {
  if (match.malformed) return to_response(protocol_problem("http.request.target", language, trace_id));
  if (match.allowed.empty()) return to_response(protocol_problem("http.not-found", language, trace_id));
  std::string allow;
  for (const std::string& method : match.allowed) allow += (allow.empty() ? "" : ", ") + method;
  Response out;
  if (match.automatic_options) out.status = 204;
  else out = to_response(protocol_problem("http.method", language, trace_id));
  out.headers.add("Allow", std::move(allow));
  return out;
}

void Router::handle(Request request, Reply reply) const {
  Match found = match(request.method, request.path);
  if (!found.route) return std::move(reply).send(unrouted(found, request.language, request.trace_id));
  if (request.body.size() > found.route->options.body_limit)
    return std::move(reply).send(
        to_response(protocol_problem("http.body.too-large", request.language, request.trace_id)));
  request.captured = std::move(found.captured);
  found.route->handler(std::move(request), std::move(reply));
}

}  // namespace entraide::net
