#include "net/parser.h"

// Beast asserts that at least five bytes are at hand when a body whose first chunk is its last ("0\r\n" and
// then a trailer) is fed again; bytes that arrive singly do just that, and its code copes with them. A remote
// client must not be able to stop the process with it.
#define BOOST_DISABLE_ASSERTS
#include <boost/beast/http/basic_parser.hpp>

#include "net/ascii.h"

namespace entraide::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using View = boost::beast::string_view;

std::string_view view_of(View text) { return {text.data(), text.size()}; }

// The trace id of a W3C `traceparent` ("00-<32 hex>-<16 hex>-<2 hex>"), or nothing.
std::string_view trace_id_of(std::string_view traceparent) {
  if (traceparent.size() < 55 || traceparent[2] != '-' || traceparent[35] != '-') return {};
  const std::string_view id = traceparent.substr(3, 32);
  if (id.find_first_not_of("0123456789abcdef") != std::string_view::npos) return {};
  if (id.find_first_not_of('0') == std::string_view::npos) return {};
  return id;
}

// Fills a Request as Beast recognises its parts. Stops Beast with an error of any name; `rule` says which.
class Filler final : public http::basic_parser<true> {
 public:
  explicit Filler(const ParserLimits& limits) : max_fields_(limits.header_fields) {
    header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    body_limit(boost::none);  // counted in `add_body`, by the route's limit
  }

  Request request;
  std::string_view rule;
  std::size_t body_max = 0;
  bool header_done = false;

 private:
  void stop(std::string_view why, error_code& ec) {
    rule = why;
    ec = http::error::bad_value;
  }

  void on_request_impl(http::verb, View method, View target, int version, error_code& ec) override {
    if (version != 11) return stop("http.version", ec);
    request.method = view_of(method);
    take_target(view_of(target), ec);
  }

  // Origin form ("/a?b"), or absolute form ("http://host/a?b"), which servers accept (RFC 9112 section 3.2.2).
  void take_target(std::string_view target, error_code& ec) {
    if (!target.starts_with('/')) {
      const std::size_t scheme = target.find("://");
      if (scheme == std::string_view::npos) return stop("http.request.target", ec);
      const std::string_view rest = target.substr(scheme + 3);
      target = rest.substr(std::min(rest.find_first_of("/?"), rest.size()));
    }
    if (target.find('#') != std::string_view::npos) return stop("http.request.target", ec);
    const std::size_t question = std::min(target.find('?'), target.size());
    request.path = target.substr(0, question);
    if (request.path.empty()) request.path = "/";
    auto query = parse_query(target.substr(std::min(question + 1, target.size())));
    if (!query) return stop("http.request.target", ec);
    request.query = std::move(*query);
  }

  void on_field_impl(http::field, View name, View value, error_code& ec) override {
    if (header_done) return;  // a trailer: nobody asked for one, and it must never pass for a header
    if (request.headers.size() == max_fields_) return stop("http.headers.too-large", ec);
    request.headers.add(std::string(view_of(name)), std::string(view_of(value)));
  }

  void on_header_impl(error_code& ec) override {
    header_done = true;
    if (request.headers.count("Host") != 1) return stop("http.request.host", ec);
    if (const std::string* coding = request.headers.find("Transfer-Encoding"))
      if (!same_name(*coding, "chunked") || !chunked()) return stop("http.body.coding", ec);
    if (const std::string* expect = request.headers.find("Expect"))
      if (!same_name(*expect, "100-continue")) return stop("http.expectation", ec);
    request.language = choose_language(request.headers.list("Accept-Language"));
    request.trace_id = trace_id_of(request.headers.get("traceparent"));
  }

  std::size_t add_body(View piece, error_code& ec) {
    if (piece.size() > body_max - request.body.size()) {
      stop("http.body.too-large", ec);
      return 0;
    }
    append(request.body, view_of(piece));
    return piece.size();
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(View piece, error_code& ec) override { return add_body(piece, ec); }
  void on_chunk_header_impl(std::uint64_t size, View, error_code& ec) override {
    if (size > body_max - request.body.size()) stop("http.body.too-large", ec);
  }
  std::size_t on_chunk_body_impl(std::uint64_t, View piece, error_code& ec) override { return add_body(piece, ec); }
  void on_finish_impl(error_code&) override {}
  void on_response_impl(int, View, int, error_code& ec) override { stop("http.request.malformed", ec); }

  std::size_t max_fields_;
};

std::string_view rule_of(const error_code& ec) {
  if (ec == http::error::header_limit) return "http.headers.too-large";
  if (ec == http::error::bad_version) return "http.version";
  if (ec == http::error::bad_target) return "http.request.target";
  return "http.request.malformed";
}

}  // namespace

struct RequestParser::Parts {
  explicit Parts(const ParserLimits& limits) : header_bytes(limits.header_bytes), filler(limits) {}

  std::size_t header_bytes;
  std::size_t header_seen = 0;
  bool header_told = false;
  Filler filler;
};

RequestParser::RequestParser(const ParserLimits& limits) : parts_(std::make_unique<Parts>(limits)) {}
RequestParser::~RequestParser() = default;

RequestParser::Step RequestParser::feed(BytesView bytes) {
  Filler& filler = parts_->filler;
  std::size_t consumed = 0;
  for (;;) {
    if (parts_->header_told && filler.is_done()) return {State::done, consumed};
    error_code ec;
    const BytesView rest = bytes.subspan(consumed);
    const std::size_t taken = filler.put(boost::asio::const_buffer(rest.data(), rest.size()), ec);
    consumed += taken;
    if (!filler.rule.empty()) return {State::failed, consumed, filler.rule};
    if (ec && ec != http::error::need_more) return {State::failed, consumed, rule_of(ec)};
    // Beast bounds the request line and the fields each; the promise is about both, and about what waits for
    // the end of a line that never comes (a header, a chunk's extension, a trailer).
    if (!parts_->header_told) parts_->header_seen += taken;
    const std::size_t waiting = ec ? bytes.size() - consumed : 0;
    if (parts_->header_told ? waiting > parts_->header_bytes : parts_->header_seen + waiting > parts_->header_bytes)
      return {State::failed, consumed, "http.headers.too-large"};
    if (!parts_->header_told && filler.is_header_done()) {
      parts_->header_told = true;
      filler.eager(true);
      return {State::header, consumed};
    }
    if (ec) return {State::need_more, consumed};
    if (consumed == bytes.size() && !filler.is_done()) return {State::need_more, consumed};
  }
}

void RequestParser::set_body_limit(std::size_t limit) {
  Filler& filler = parts_->filler;
  filler.body_max = limit;
  constexpr std::uint64_t kReserveMax = 64 << 10;  // the rest of the announced length has to be earned
  if (const auto length = announced()) filler.request.body.reserve(std::min(*length, kReserveMax));
}

bool RequestParser::expects_body() const { return !parts_->filler.is_done(); }

std::optional<std::uint64_t> RequestParser::announced() const {
  const auto length = parts_->filler.content_length();
  if (!length) return std::nullopt;
  return *length;
}

bool RequestParser::expects_continue() const { return parts_->filler.request.headers.find("Expect") != nullptr; }
bool RequestParser::keep_alive() const { return parts_->filler.keep_alive(); }
std::size_t RequestParser::body_size() const { return parts_->filler.request.body.size(); }
Request& RequestParser::request() { return parts_->filler.request; }

}  // namespace entraide::net
