// Clients that are too big, too slow, too many, or no clients at all.

#include <thread>

#include "codec/json.h"
#include "net/test_peer.h"

using namespace entraide;
using namespace entraide::net;
using entraide::net::test::Answer;
using entraide::net::test::Box;
using entraide::net::test::Peer;
using entraide::net::test::World;

namespace {

Router small_routes() {
  Router router;
  router.add("GET", "/hello", test::says("hello"));
  router.add("POST", "/small", test::says("small"), {.body_limit = 10});
  return router;
}

std::string rule_in(const Answer& answer) {
  if (answer.status == 0) return "(closed)";
  const codec::Json json = MUST(codec::parse_json(answer.body));
  const codec::Json* rule = json.find("rule");
  return rule ? rule->string() : "(none)";
}

constexpr Deadlines kShort{.header = Milliseconds(60),
                           .body = Milliseconds(60),
                           .write = Milliseconds(60),
                           .bytes_per_second = 1 << 30,
                           .idle = Milliseconds(60),
                           .linger = Milliseconds(200)};

}  // namespace

TEST_CASE("headers over 16 KiB are refused, and the connection closes") {
  const World world(small_routes());
  Peer peer(world.port());
  CHECK(peer.get("/hello", "A: " + std::string(16'000, 'a') + "\r\n").status == 200);
  const Answer answer = peer.get("/hello", "A: " + std::string(17'000, 'a') + "\r\n");
  CHECK(answer.status == 431);
  CHECK(rule_in(answer) == "http.headers.too-large");
  CHECK(answer.headers.get("Connection") == "close");
  CHECK(peer.at_end());
  Peer endless(world.port());
  endless.send("GET /" + std::string(100'000, 'a'));
  CHECK(endless.answer().status == 431);
}

TEST_CASE("a body over its route's limit is refused before it is read") {
  const World world(small_routes());
  {
    Peer peer(world.port());
    CHECK(peer.post("/small", "0123456789").body == "small");
    const Answer answer = peer.ask("POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n");
    CHECK(answer.status == 413);
    CHECK(rule_in(answer) == "http.body.too-large");
    CHECK(answer.body.find("\"limit\":10") != std::string::npos);
    CHECK(peer.at_end());
  }
  Peer chunked(world.port());
  CHECK(chunked.ask("POST /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n5\r\n")
            .status == 413);
  // A client that goes on sending still reads why it was refused.
  Peer stubborn(world.port());
  stubborn.send("POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n" + std::string(3'000'000, 'x'));
  CHECK(stubborn.answer().status == 413);
}

TEST_CASE("who asks before sending a body is told to go on, or why not") {
  const World world(small_routes());
  Peer peer(world.port());
  CHECK(peer.ask("POST /small HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n").status ==
        100);
  CHECK(peer.ask("abc").body == "small");
  // The body is here already: no need to ask for it.
  CHECK(peer.ask("POST /small HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc").status ==
        200);
  CHECK(peer.ask("POST /small HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 30\r\n\r\n").status ==
        413);
  Peer other(world.port());
  CHECK(other.ask("POST /nowhere HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n").status ==
        404);
  Peer odd(world.port());
  CHECK(odd.ask("POST /small HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\nContent-Length: 3\r\n\r\n").status == 417);
}

TEST_CASE("what is no HTTP is answered 400 once, and the connection closes") {
  const World world(small_routes());
  for (const char* garbage :
       {"\x16\x03\x01\x02\x01\x01\x01\x01\xfc\x03\x03", "hello there\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "POST /small HTTP/1.1\r\nHost: h\r\n"
        "Transfer-Encoding: chunked\r\n\r\nnot hex\r\n"}) {
    CAPTURE(garbage);
    Peer peer(world.port());
    peer.send(std::string(garbage) + "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    const Answer answer = peer.answer();
    CHECK(answer.status == 400);
    CHECK(answer.headers.get("Content-Type") == "application/problem+json");
    CHECK(peer.at_end());
  }
  Peer old(world.port());
  CHECK(rule_in(old.ask("GET /hello HTTP/1.0\r\n\r\n")) == "http.version");
  CHECK(Peer(world.port()).get("/hello").status == 200);
}

TEST_CASE("a client that leaves at any point does no harm") {
  const World world(small_routes());
  const std::string wire = "POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
  for (std::size_t size = 0; size <= wire.size(); size += 5) {
    Peer peer(world.port());
    peer.send(std::string_view(wire).substr(0, size));
  }
  Peer peer(world.port());
  peer.send("POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab");
  peer.end_output();
  CHECK(peer.at_end());
  CHECK(Peer(world.port()).get("/hello").status == 200);
}

TEST_CASE("headers and bodies that come too slowly are given up with 408") {
  const World world(small_routes(), {.deadlines = kShort});
  Peer header(world.port());
  header.send("GET /hello HTTP/1.1\r\nHo");
  CHECK(rule_in(header.answer()) == "http.request.slow");
  CHECK(header.at_end());
  Peer body(world.port());
  const Answer answer =
      body.ask("POST /small HTTP/1.1\r\nHost: h\r\nAccept-Language: es\r\nContent-Length: 3\r\n\r\nab");
  CHECK(answer.status == 408);
  CHECK(answer.body.find("La solicitud llegó demasiado despacio") != std::string::npos);
  CHECK(body.at_end());
}

TEST_CASE("a connection that asks nothing is closed without a word") {
  const World world(small_routes(), {.deadlines = kShort});
  Peer silent(world.port()), after(world.port());
  CHECK(after.get("/hello").status == 200);
  CHECK(silent.at_end());
  CHECK(after.at_end());
}

TEST_CASE("a reader that does not take its answer is cut off") {
  Router router;
  router.add("GET", "/big", [](Request, Reply reply) {
    std::move(reply).send(Response::of(200, "text/plain", std::string(20 << 20, 'x')));
  });
  World world(std::move(router), {.deadlines = kShort});
  Peer peer(world.port(), 4096);
  peer.send("GET /big HTTP/1.1\r\nHost: h\r\n\r\n");
  metrics::Gauge& open = world.metrics.gauge("entraide_http_connections", "");
  while (open.value() == 0) std::this_thread::yield();
  while (open.value() != 0) std::this_thread::yield();
  CHECK(peer.answer().body.empty());
}

TEST_CASE("connections over the limit are told to come back") {
  const World world(small_routes(), {.io_threads = 1, .limits = {.connections = 2}});
  auto first = std::make_unique<Peer>(world.port());
  Peer second(world.port());
  CHECK(first->get("/hello").status == 200);
  CHECK(second.get("/hello").status == 200);
  Peer third(world.port());
  const Answer answer = third.get("/hello");
  CHECK(answer.status == 503);
  CHECK(answer.headers.get("Retry-After") == "5");
  CHECK(third.at_end());
  third.close();
  first->close();
  // Good again once there is room; how soon, the server's thread decides.
  int status = 503;
  while (status == 503) status = Peer(world.port()).get("/hello").status;
  CHECK(status == 200);
}

TEST_CASE("bodies that are held in memory have a common limit, given back when they go") {
  Box<Reply> waiting;
  Router router = small_routes();
  router.add("POST", "/hold", [&](Request, Reply reply) { waiting.put(std::move(reply)); });
  const World world(std::move(router), {.limits = {.body_bytes_in_flight = 1000}});
  Peer first(world.port());
  first.send("POST /hold HTTP/1.1\r\nHost: h\r\nContent-Length: 600\r\n\r\n" + std::string(600, 'x'));
  Reply held = waiting.take();
  Peer second(world.port());
  const Answer answer = second.post("/hold", std::string(600, 'x'));
  CHECK(answer.status == 503);
  CHECK(rule_in(answer) == "http.busy");
  std::move(held).send(Response::of(200, "text/plain", "done"));
  CHECK(first.answer().status == 200);
  Peer third(world.port());
  third.send("POST /hold HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n" + std::string(900, 'x'));
  waiting.take().send(Response{.status = 204});
  CHECK(third.answer().status == 204);
}
