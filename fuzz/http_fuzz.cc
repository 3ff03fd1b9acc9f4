// Bytes from a client, through the parser and the router to the head of the answer, without sockets. However the
// bytes are cut, they are the same requests; whatever is asked, an answer's head is one head.

#include "base/log.h"
#include "net/net.h"
#include "net/parser.h"
#include "net/wire.h"

using namespace entraide;
using namespace entraide::net;

namespace {

constexpr std::size_t kBodyMax = 4096;

struct Read {
  std::vector<Request> requests;
  std::string_view rule;  // why reading ended; empty: for want of bytes
};

Read read_all(BytesView wire, std::size_t piece) {
  Read out;
  auto parser = std::make_unique<RequestParser>(ParserLimits{.header_bytes = 2048, .header_fields = 20});
  Bytes waiting;
  while (!wire.empty()) {
    const std::size_t size = std::min(piece, wire.size());
    append(waiting, wire.first(size));
    wire = wire.subspan(size);
    for (;;) {
      const auto step = parser->feed(waiting);
      ENSURE(step.consumed <= waiting.size());
      waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(step.consumed));
      if (step.state == RequestParser::State::header) {
        parser->set_body_limit(kBodyMax);
      } else if (step.state == RequestParser::State::failed) {
        out.rule = step.rule;
        ENSURE(protocol_problem(step.rule, Language::ar, "").status >= 400);
        return out;
      } else if (step.state == RequestParser::State::done) {
        out.requests.push_back(std::move(parser->request()));
        parser = std::make_unique<RequestParser>(ParserLimits{.header_bytes = 2048, .header_fields = 20});
      } else {
        ENSURE(waiting.size() <= 2048);
        break;
      }
    }
  }
  return out;
}

const Router& routes() {
  static const Router router = [] {
    Router out;
    const auto digits = [](Request request, Reply reply) {
      Response whole = Response::of(200, "text/plain", "0123456789");
      whole.headers.add("ETag", "\"v1\"");
      whole.headers.add("X-Echo", request.captured.size() ? request.captured.begin()->value : "");
      std::move(reply).send(conditional(request, std::move(whole)));
    };
    const auto echo = [](Request request, Reply reply) {
      std::move(reply).send(Response::of(201, request.headers.get("Content-Type"), std::move(request.body)));
    };
    out.add("GET", "/", digits);
    out.add("POST", "/v1/acts", echo);
    out.add("GET", "/v1/cases/{case}", digits);
    out.add("GET", "/v1/cases/{case}/acts/{act}", digits);
    out.add("GET", "/events", [](Request, Reply reply) { std::move(reply).stream(); });
    StaticFiles files;
    const auto page = std::make_shared<const Bytes>(to_bytes("<!doctype html>"));
    files["index.html"] = {.content_type = "text/html", .plain = page, .gzip = page, .brotli = page};
    files["app-3f9a1c2b.js"] = {.content_type = "text/javascript", .plain = page, .immutable = true};
    out.add("GET", "/desk/{rest...}", static_files(std::move(files), {{"X-Frame-Options", "DENY"}}, "index.html"));
    return out;
  }();
  return router;
}

void answer(Request request) {
  int answers = 0;
  routes().handle(std::move(request), Reply::to([&](Response response) {
                    ++answers;
                    std::string head;
                    append_head(head, response, true, "Wed, 01 Jan 2031 00:00:00 GMT");
                    ENSURE(head.starts_with("HTTP/1.1 "));
                    ENSURE(head.find("\r\n\r\n") == head.size() - 4);
                    ENSURE(head.find('\0') == std::string::npos);
                  }));
  ENSURE(answers == 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool quiet = (log::set_level(log::Level::error), true);
  static_cast<void>(quiet);
  if (size == 0) return 0;
  const BytesView wire(data + 1, size - 1);
  Read whole = read_all(wire, wire.size());
  const Read cut = read_all(wire, 1 + data[0] % 64);
  ENSURE(cut.requests.size() == whole.requests.size());
  for (std::size_t i = 0; i < whole.requests.size(); ++i) {
    const Request &a = whole.requests[i], &b = cut.requests[i];
    ENSURE(a.method == b.method && a.path == b.path && a.body == b.body && a.headers.size() == b.headers.size());
    ENSURE(a.body.size() <= kBodyMax);
  }
  for (Request& request : whole.requests) answer(std::move(request));
  return 0;
}
