// Server-sent events, and the stop that ends them.

#include <sys/un.h>

#include <thread>

#include "net/test_peer.h"

using namespace entraide;
using namespace entraide::net;
using entraide::net::test::Answer;
using entraide::net::test::Box;
using entraide::net::test::Peer;
using entraide::net::test::World;

namespace {

struct Opened {
  EventStream stream;
  std::string last_event_id;
};

struct StreamWorld {
  Box<Opened> opened;
  World world;

  explicit StreamWorld(ServerOptions options = {}) : world(routes(), std::move(options)) {}

  Router routes() {
    Router router;
    router.add("GET", "/events", [this](Request request, Reply reply) {
      std::string last(request.headers.get("Last-Event-ID"));
      opened.put({std::move(reply).stream({{"X-Feed", "1"}}), std::move(last)});
    });
    router.add("GET", "/hello", test::says("hello"));
    return router;
  }
  Opened open(Peer& peer, std::string_view headers = {}) {
    const Answer answer = peer.get("/events", headers);
    CHECK(answer.status == 200);
    CHECK(answer.headers.get("Content-Type") == "text/event-stream");
    CHECK(answer.headers.get("X-Feed") == "1");
    return opened.take();
  }
};

}  // namespace

TEST_CASE("events arrive in their order, with the ids that a reader resumes from") {
  StreamWorld at;
  Peer peer(at.world.port());
  Opened opened = at.open(peer);
  CHECK(opened.last_event_id.empty());
  for (int i = 0; i < 1000; ++i)
    CHECK(opened.stream.send(std::to_string(i), "act", "{\"n\":" + std::to_string(i) + "}"));
  for (int i = 0; i < 1000; ++i) {
    const std::string n = std::to_string(i);
    CHECK(peer.events_until("\n\n") == "id: " + n + "\nevent: act\ndata: {\"n\":" + n + "}\n\n");
  }
  peer.close();
  Peer again(at.world.port());
  CHECK(at.open(again, "Last-Event-ID: 999\r\n").last_event_id == "999");
}

TEST_CASE("events sent by several threads each keep their order") {
  StreamWorld at;
  Peer peer(at.world.port());
  Opened opened = at.open(peer);
  const auto send = [&](std::string name) {
    for (int i = 0; i < 200; ++i) opened.stream.send(std::to_string(i), name, "");
  };
  std::thread a([&] { send("a"); }), b([&] { send("b"); });
  int next_a = 0, next_b = 0;
  for (int i = 0; i < 400; ++i) {
    const std::string event = peer.events_until("\n\n");
    int& next = event.find("event: a") != std::string::npos ? next_a : next_b;
    CHECK(event.starts_with("id: " + std::to_string(next++) + "\n"));
  }
  a.join();
  b.join();
}

TEST_CASE("a stream that its owner drops ends whole, without a call") {
  StreamWorld at;
  Peer peer(at.world.port());
  bool called = false;
  {
    Opened opened = at.open(peer);
    opened.stream.on_close([&] { called = true; });
    opened.stream.send("1", "", "last words");
  }
  CHECK(peer.events_until("\n\n") == "id: 1\ndata: last words\n\n");
  CHECK(peer.chunk().empty());
  CHECK(peer.at_end());
  at.world.server->stop(Seconds(10));
  CHECK_FALSE(called);
}

TEST_CASE("the owner hears when the reader leaves, and cannot send any more") {
  StreamWorld at;
  Peer peer(at.world.port());
  Opened opened = at.open(peer);
  Box<int> closed;
  opened.stream.on_close([&] { closed.put(1); });
  CHECK(opened.stream.open());
  peer.close();
  closed.take();
  CHECK_FALSE(opened.stream.open());
  CHECK_FALSE(opened.stream.send("2", "", ""));
  int late = 0;
  opened.stream.on_close([&] { ++late; });
  CHECK(late == 1);
}

TEST_CASE("a reader that is too slow is cut off and may resume; others notice nothing") {
  StreamWorld at({.limits = {.stream_bytes = 64 << 10}});
  Peer slow(at.world.port(), 4096), quick(at.world.port());
  Opened to_slow = at.open(slow), to_quick = at.open(quick);
  Box<int> closed;
  to_slow.stream.on_close([&] { closed.put(1); });
  const Event event = make_event("5", "", std::string(20'000, 'x'));
  int sent = 0;
  while (to_slow.stream.send(event)) ++sent;  // the sockets take some, the buffer the rest, then it is over
  closed.take();
  CHECK(sent >= 3);
  CHECK(sent * 20'000 < 32 << 20);
  CHECK(at.world.metrics.counter("entraide_http_slow_readers_total", "").value() == 1);
  CHECK(to_quick.stream.send("1", "", "fine"));
  CHECK(quick.events_until("\n\n") == "id: 1\ndata: fine\n\n");
  slow.close();
  Peer again(at.world.port());
  CHECK(at.open(again, "Last-Event-ID: 4\r\n").last_event_id == "4");
}

TEST_CASE("an event that is larger than the buffer ends the stream rather than the memory") {
  StreamWorld at({.limits = {.stream_bytes = 1000}});
  Peer peer(at.world.port());
  Opened opened = at.open(peer);
  CHECK_FALSE(opened.stream.send("1", "", std::string(2000, 'x')));
  CHECK(peer.chunk().empty());
}

TEST_CASE("a silent stream shows that it lives") {
  StreamWorld at({.deadlines = {.heartbeat = Milliseconds(20)}});
  Peer peer(at.world.port());
  Opened opened = at.open(peer);
  CHECK(peer.chunk() == ":\n\n");
  CHECK(peer.chunk() == ":\n\n");
  opened.stream.send("1", "", "x");
  CHECK(peer.events_until("id: 1\ndata: x\n\n").ends_with("data: x\n\n"));
}

TEST_CASE("HEAD of a stream tells that it is there") {
  StreamWorld at;
  Peer peer(at.world.port());
  const Answer answer = peer.ask("HEAD /events HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(answer.headers.get("Content-Type") == "text/event-stream");
  CHECK_FALSE(at.opened.take().stream.open());
}

TEST_CASE("events over TLS") {
  const test::Folder folder;
  test::make_certificate(folder / "s.pem", folder / "s.key");
  StreamWorld at({.listen = {"https://127.0.0.1:0"}, .tls = TlsFiles{folder / "s.pem", folder / "s.key"}});
  Peer peer(at.world.port());
  REQUIRE(peer.shake_hands());
  Opened opened = at.open(peer);
  std::thread sender([&] {
    for (int i = 0; i < 500; ++i) opened.stream.send(std::to_string(i), "", std::string(100, 'x'));
  });
  for (int i = 0; i < 500; ++i)
    CHECK(peer.events_until("\n\n") == "id: " + std::to_string(i) + "\ndata: " + std::string(100, 'x') + "\n\n");
  sender.join();
  Box<int> closed;
  opened.stream.on_close([&] { closed.put(1); });
  peer.close();
  closed.take();
}

// ---- stopping ------------------------------------------------------------------------------

TEST_CASE("a stop lets running requests finish, ends streams with a hint, and closes the rest") {
  Box<Reply> waiting;
  Box<EventStream> opened;
  Router router;
  router.add("GET", "/later", [&](Request, Reply reply) { waiting.put(std::move(reply)); });
  router.add("GET", "/events", [&](Request, Reply reply) { opened.put(std::move(reply).stream()); });
  router.add("GET", "/hello", test::says("hello"));
  World world(std::move(router));
  Peer running(world.port()), streaming(world.port()), idle(world.port());
  running.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n");
  Reply reply = waiting.take();
  streaming.get("/events");
  EventStream stream = opened.take();
  Box<int> ended;
  stream.on_close([&] { ended.put(1); });
  stream.send("1", "", "before the stop");
  CHECK(idle.get("/hello").status == 200);

  bool clean = false;
  std::thread stopping([&] { clean = world.server->stop(Seconds(20)); });
  CHECK(idle.at_end());
  CHECK(streaming.events_until("\n\n") == "id: 1\ndata: before the stop\n\n");
  CHECK(streaming.events_until("\n\n").starts_with("retry: "));
  CHECK(streaming.chunk().empty());
  streaming.close();
  ended.take();
  CHECK_FALSE(stream.send("2", "", "after it"));
  std::move(reply).send(Response::of(200, "text/plain", "finished"));
  const Answer answer = running.answer();
  CHECK(answer.body == "finished");
  CHECK(answer.headers.get("Connection") == "close");
  running.close();
  stopping.join();
  CHECK(clean);
  CHECK(world.server->stop(Seconds(1)));
}

TEST_CASE("a request that has arrived when the stop comes is answered, also at the door") {
  Box<int> entered, go;
  Router router;
  router.add("GET", "/hello", test::says("hello"));
  router.add("GET", "/hold", [&](Request, Reply reply) {
    entered.put(1);
    go.take();
    std::move(reply).send(Response::of(200, "text/plain", "held"));
  });
  World world(std::move(router), {.io_threads = 1});
  Peer holding(world.port()), known(world.port());
  CHECK(known.get("/hello").status == 200);
  holding.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n");
  entered.take();
  // The I/O thread is held: these wait in their sockets, whichever it looks at first afterwards.
  known.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  Peer fresh(world.port());
  fresh.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  bool clean = false;
  std::thread stopping([&] { clean = world.server->stop(Seconds(20)); });
  go.put(1);
  for (Peer* peer : {&holding, &known, &fresh}) {
    CHECK(peer->answer().status == 200);
    peer->close();
  }
  stopping.join();
  CHECK(clean);
}

TEST_CASE("a stop does not wait longer than it was given") {
  Box<Reply> waiting;
  Router router;
  router.add("GET", "/never", [&](Request, Reply reply) { waiting.put(std::move(reply)); });
  World world(std::move(router));
  Peer peer(world.port());
  peer.send("GET /never HTTP/1.1\r\nHost: h\r\n\r\n");
  Reply reply = waiting.take();
  CHECK_FALSE(world.server->stop(Milliseconds(30)));
  CHECK(peer.at_end());
}

TEST_CASE("a server that nobody uses stops at once, and answers its watchdog until then") {
  World world(Router{});
  CHECK(world.server->responsive());
  CHECK(world.server->stop(Seconds(20)));
}

// ---- the service manager -------------------------------------------------------------------

TEST_CASE("the service manager hears that we are ready and alive, and nothing when we are not well") {
  const test::Folder folder;
  const std::string path = folder / "notify";
  const int manager = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::bind(manager, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  const auto heard = [&] {
    char text[256];
    const ssize_t n = ::recv(manager, text, sizeof text, 0);
    return std::string(text, static_cast<std::size_t>(n));
  };

  // NOLINTBEGIN(concurrency-mt-unsafe): no other thread asks the environment
  ::unsetenv("NOTIFY_SOCKET");
  MUST(notify_service_manager("READY=1"));  // nobody to tell is no failure
  CHECK_FALSE(watchdog_interval());
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  ::setenv("WATCHDOG_USEC", "20000", 1);
  MUST(notify_service_manager("READY=1\nSTATUS=serving"));
  CHECK(heard() == "READY=1\nSTATUS=serving");
  CHECK(watchdog_interval() == Milliseconds(20));
  {
    const Watchdog watchdog(Milliseconds(20), [] { return true; });
    CHECK(heard() == "WATCHDOG=1");
    CHECK(heard() == "WATCHDOG=1");
  }
  while (::recv(manager, &address, 1, MSG_DONTWAIT) > 0) {}
  {
    Box<int> asked;
    const Watchdog watchdog(Milliseconds(2), [&] {
      asked.put(1);
      return false;
    });
    asked.take();
    asked.take();
  }
  char byte = 0;
  CHECK(::recv(manager, &byte, 1, MSG_DONTWAIT) < 0);
  ::setenv("WATCHDOG_PID", "1", 1);
  CHECK_FALSE(watchdog_interval());
  ::setenv("NOTIFY_SOCKET", "relative", 1);
  CHECK(testing::rule_of(notify_service_manager("READY=1")) == "service.notify");
  ::setenv("NOTIFY_SOCKET", (path + ".gone").c_str(), 1);
  CHECK(testing::rule_of(notify_service_manager("READY=1")) == "service.notify");
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
  // NOLINTEND(concurrency-mt-unsafe)
  ::close(manager);
}
