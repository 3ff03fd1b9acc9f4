#include "net/parser.h"

#include "base/random.h"
#include "testing/testing.h"

using namespace entraide;
using namespace entraide::net;
using State = RequestParser::State;

namespace {

struct Read {
  std::string rule = "unfinished";  // "accepted" when whole
  Request request;
  std::size_t left = 0;
};

// Reads one request from `wire`, which arrives in pieces of `piece` bytes.
Read read(std::string_view wire, std::size_t piece = 1 << 20, std::size_t body_limit = 100,
          ParserLimits limits = {}) {
  RequestParser parser(limits);
  Bytes waiting;
  Read out;
  while (!wire.empty()) {
    append(waiting, wire.substr(0, piece));
    wire.remove_prefix(std::min(piece, wire.size()));
    for (;;) {
      const auto step = parser.feed(waiting);
      waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(step.consumed));
      if (step.state == State::header) {
        parser.set_body_limit(body_limit);
        continue;
      }
      if (step.state == State::need_more) break;
      out.rule = step.state == State::done ? "accepted" : std::string(step.rule);
      out.request = std::move(parser.request());
      out.left = waiting.size() + wire.size();
      return out;
    }
  }
  return out;
}

constexpr std::string_view kPost =
    "POST /v1/acts?dry=1&x=%C3%A9 HTTP/1.1\r\nHost: hub.example\r\nAccept-Language: fr\r\n"
    "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\nContent-Length: 5\r\n\r\nhello";
constexpr std::string_view kChunked =
    "POST /v1/acts HTTP/1.1\r\nHost: hub.example\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3\r\nhel\r\n2;name=value\r\nlo\r\n0\r\nAuthorization: late\r\n\r\n";

}  // namespace

TEST_CASE("a request reads the same however its bytes are cut") {
  for (const std::size_t piece :
       {std::size_t(1), std::size_t(2), std::size_t(3), std::size_t(7), std::size_t(1000)}) {
    CAPTURE(piece);
    const Read read_whole = read(std::string(kPost).append("GET"), piece);
    CHECK(read_whole.rule == "accepted");
    CHECK(read_whole.left == 3);
    CHECK(read_whole.request.method == "POST");
    CHECK(read_whole.request.path == "/v1/acts");
    CHECK(read_whole.request.query.get("x") == "é");
    CHECK(read_whole.request.language == Language::fr);
    CHECK(read_whole.request.trace_id == "0af7651916cd43dd8448eb211c80319c");
    CHECK(text_of(read_whole.request.body) == "hello");
    const Read chunked = read(kChunked, piece);
    CHECK(chunked.rule == "accepted");
    CHECK(text_of(chunked.request.body) == "hello");
  }
}

TEST_CASE("a field behind the body never passes for a header") {
  CHECK(read(kChunked).request.headers.find("Authorization") == nullptr);
}

TEST_CASE("the target may be absolute, as a proxy writes it") {
  const Read out = read("GET http://hub.example:8443/v1/cases?a=b HTTP/1.1\r\nHost: hub.example\r\n\r\n");
  CHECK(out.request.path == "/v1/cases");
  CHECK(out.request.query.get("a") == "b");
  CHECK(read("GET http://hub.example HTTP/1.1\r\nHost: hub.example\r\n\r\n").request.path == "/");
}

TEST_CASE("what is no request, or one that two readers could take two ways, is refused by its rule") {
  const std::string host = "Host: h\r\n";
  const std::pair<std::string, const char*> table[] = {
      {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "http.request.malformed"},
      {"GET\r\n\r\n", "http.request.malformed"},
      {"GET  / HTTP/1.1\r\n\r\n", "http.request.target"},
      {"G@T / HTTP/1.1\r\n\r\n", "http.request.malformed"},
      {"GET / HTTP/1.0\r\n" + host + "\r\n", "http.version"},
      {"GET / HTTP/2.0\r\n" + host + "\r\n", "http.version"},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "http.version"},
      {"GET /%zz HTTP/1.1\r\n" + host + "\r\n", "accepted"},  // the router looks at the path
      {"GET /?%zz HTTP/1.1\r\n" + host + "\r\n", "http.request.target"},
      {"GET /#part HTTP/1.1\r\n" + host + "\r\n", "http.request.target"},
      {"GET * HTTP/1.1\r\n" + host + "\r\n", "http.request.target"},
      {"CONNECT hub.example:443 HTTP/1.1\r\n" + host + "\r\n", "http.request.target"},
      {"GET / HTTP/1.1\r\n\r\n", "http.request.host"},
      {"GET / HTTP/1.1\r\n" + host + host + "\r\n", "http.request.host"},
      {"GET / HTTP/1.1\r\n" + host + "A : b\r\n\r\n", "http.request.malformed"},
      {"GET / HTTP/1.1\r\n" + host + "A: b\x01\r\n\r\n", "http.request.malformed"},
      {"GET / HTTP/1.1\r\n" + host + "A: b\nC: d\r\n\r\n", "http.request.malformed"},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", "http.request.malformed"},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 1, 2\r\n\r\nab", "http.request.malformed"},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", "http.request.malformed"},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: +1\r\n\r\na", "http.request.malformed"},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 18446744073709551616\r\n\r\n", "http.request.malformed"},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na",
       "http.request.malformed"},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\na",
       "http.request.malformed"},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n", "http.body.coding"},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n", "http.body.coding"},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
       "http.request.malformed"},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       "http.body.coding"},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", "http.request.malformed"},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
       "http.request.malformed"},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
       "http.request.malformed"},
      {"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
       "http.body.too-large"},
      {"POST / HTTP/1.1\r\n" + host + "Content-Length: 101\r\n\r\n" + std::string(101, 'x'), "http.body.too-large"},
      {"POST / HTTP/1.1\r\n" + host + "Expect: 200-ok\r\nContent-Length: 1\r\n\r\na", "http.expectation"},
  };
  for (const auto& [wire, rule] : table) {
    CAPTURE(wire);
    CHECK(read(wire).rule == rule);
    CHECK(read(wire, 1).rule == rule);
  }
}

TEST_CASE("lines that end in a line feed alone are no lines of HTTP") {
  CHECK(read("GET / HTTP/1.1\nHost: h\n\n").rule == "http.version");
  CHECK(read("GET / HTTP/1.1\r\nHost: h\nA: b\r\n\r\n").rule == "http.request.malformed");
}

TEST_CASE("a body whose first chunk is its last may come byte by byte, with a trailer") {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::size_t piece : {std::size_t(1), std::size_t(2), std::size_t(3), std::size_t(1000)}) {
    CHECK(read(head + "0\r\n\r\n", piece).rule == "accepted");
    CHECK(read(head + "0\r\nA: b\r\n\r\n", piece).rule == "accepted");
    CHECK(read(head + "0;x\r\nA: b\r\n\r\n", piece).rule == "accepted");
  }
}

TEST_CASE("request line and headers together stay under their limit, to the byte") {
  const ParserLimits limits{.header_bytes = 200, .header_fields = 5};
  const auto padded = [](std::size_t size) {
    std::string wire = "GET / HTTP/1.1\r\nHost: h\r\nA: ";
    return wire + std::string(size - wire.size() - 4, 'a') + "\r\n\r\n";
  };
  for (const std::size_t piece : {std::size_t(1), std::size_t(10'000)}) {
    CAPTURE(piece);
    CHECK(read(padded(200), piece, 0, limits).rule == "accepted");
    CHECK(read(padded(201), piece, 0, limits).rule == "http.headers.too-large");
    CHECK(read("GET /" + std::string(300, 'a'), piece, 0, limits).rule == "http.headers.too-large");
    CHECK(read("GET /" + std::string(150, 'a') + " HTTP/1.1\r\nHost: h\r\nA: " + std::string(150, 'b') + "\r\n\r\n",
               piece, 0, limits)
              .rule == "http.headers.too-large");
  }
  std::string many = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 4; ++i) many += "A: b\r\n";
  CHECK(read(many + "\r\n", 1000, 0, limits).rule == "accepted");
  CHECK(read(many + "A: b\r\n\r\n", 1000, 0, limits).rule == "http.headers.too-large");
}

TEST_CASE("chunk extensions and trailers cannot grow without end") {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  const ParserLimits limits{.header_bytes = 200};
  for (const std::size_t piece : {std::size_t(1), std::size_t(10'000)}) {
    CHECK(read(head + "1;" + std::string(500, 'a'), piece, 10, limits).rule == "http.headers.too-large");
    CHECK(read(head + "0\r\nA: " + std::string(500, 'a'), piece, 10, limits).rule == "http.headers.too-large");
  }
}

TEST_CASE("random damage to a request never does worse than a refusal") {
  const std::uint64_t seed = 20310304;
  CAPTURE(seed);
  SeededRandom random(seed);
  int accepted = 0, refused = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string wire(random.number() % 2 ? kPost : kChunked);
    for (std::uint64_t damage = random.number() % 4; damage > 0; --damage) {
      const std::size_t at = random.number() % wire.size();
      switch (random.number() % 3) {
        case 0: wire[at] = static_cast<char>(random.number()); break;
        case 1: wire.erase(at, random.number() % 9); break;
        default: wire.insert(at, wire.substr(random.number() % wire.size(), random.number() % 30)); break;
      }
    }
    const Read out = read(wire, 1 + random.number() % 60);
    CHECK(out.request.body.size() <= 100);
    (out.rule == "accepted" ? accepted : refused)++;
  }
  CHECK(accepted > 100);
  CHECK(refused > 100);
}
