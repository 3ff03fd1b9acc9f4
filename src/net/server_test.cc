#include "net/server.h"

#include <future>
#include <thread>

#include "codec/json.h"
#include "net/test_peer.h"

using namespace entraide;
using namespace entraide::net;
using entraide::net::test::Answer;
using entraide::net::test::Box;
using entraide::net::test::Peer;
using entraide::net::test::World;
using entraide::testing::rule_of;

namespace {

Handler echo() {
  return [](Request request, Reply reply) {
    std::move(reply).send(Response::of(200, "application/octet-stream", std::move(request.body)));
  };
}

std::string member(const Answer& answer, std::string_view name) {
  const codec::Json json = MUST(codec::parse_json(answer.body));
  const codec::Json* value = json.find(name);
  return value && value->is_string() ? value->string() : "";
}

Router hello_and_echo() {
  Router router;
  router.add("GET", "/hello", test::says("hello"));
  router.add("POST", "/echo", echo());
  return router;
}

}  // namespace

TEST_CASE("one connection serves one request after another") {
  const World world(hello_and_echo());
  Peer peer(world.port());
  for (int i = 0; i < 3; ++i) {
    CHECK(peer.get("/hello").body == "hello");
    CHECK(peer.post("/echo", "body " + std::to_string(i)).body == "body " + std::to_string(i));
  }
  const Answer answer = peer.get("/hello");
  CHECK(answer.headers.get("Date") == "Wed, 01 Jan 2031 00:00:00 GMT");
  CHECK(answer.headers.find("Connection") == nullptr);
  CHECK(peer.get("/hello", "Connection: close\r\n").headers.get("Connection") == "close");
  CHECK(peer.at_end());
}

TEST_CASE("requests sent without waiting are answered in their order") {
  const World world(hello_and_echo());
  Peer peer(world.port());
  std::string wire;
  for (int i = 0; i < 500; ++i) {
    const std::string body = std::to_string(i);
    wire += "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    if (i % 7 == 0) wire += "GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n";
    if (i % 11 == 0) wire += "\r\n";
  }
  std::thread sender([&] { peer.send(wire); });
  for (int i = 0; i < 500; ++i) {
    CHECK(peer.answer().body == std::to_string(i));
    if (i % 7 == 0) CHECK(peer.answer().status == 404);
  }
  sender.join();
}

TEST_CASE("a body may come in chunks, and a request byte by byte") {
  const World world(hello_and_echo());
  Peer peer(world.port());
  const std::string wire =
      "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n";
  CHECK(peer.ask(wire).body == "abcdefg");
  for (const char byte : wire) peer.send({&byte, 1});
  CHECK(peer.answer().body == "abcdefg");
}

TEST_CASE("a large body goes in and comes out whole") {
  Router router;
  router.add("POST", "/echo", echo(), {.body_limit = 8 << 20});
  const World world(std::move(router));
  Peer peer(world.port());
  std::string body(5'000'000, 'x');
  for (std::size_t i = 0; i < body.size(); i += 997) body[i] = static_cast<char>('a' + i % 26);
  Answer answer;
  std::thread sender([&] { peer.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\n\r\n" + body); });
  answer = peer.answer();
  sender.join();
  CHECK(answer.status == 200);
  CHECK(answer.body == body);
}

TEST_CASE("HEAD gives the head that GET would, and no body") {
  const World world(hello_and_echo());
  Peer peer(world.port());
  const Answer head = peer.ask("HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(head.status == 200);
  CHECK(head.headers.get("Content-Length") == "5");
  CHECK(peer.get("/hello").body == "hello");
}

TEST_CASE("a handler sees the request as it was meant") {
  Box<Request> seen;
  Router router;
  router.add("POST", "/v1/cases/{case}", [&](Request request, Reply reply) {
    seen.put(std::move(request));
    std::move(reply).send(Response{.status = 204});
  });
  const World world(std::move(router));
  Peer peer(world.port());
  CHECK(peer.post("/v1/cases/c%201?q=a+b&q=c", "x", "Accept-Language: ar\r\nX-One: 1\r\n").status == 204);
  const Request request = seen.take();
  CHECK(request.method == "POST");
  CHECK(request.path == "/v1/cases/c%201");
  CHECK(request.captured.get("case") == "c 1");
  CHECK(request.query.all("q") == std::vector<std::string_view>{"a b", "c"});
  CHECK(request.headers.get("x-one") == "1");
  CHECK(request.peer == "127.0.0.1");
  CHECK(request.language == Language::ar);
  CHECK(request.trace_id.size() == 32);
  CHECK_FALSE(request.tls);
  CHECK_FALSE(request.client_certificate);
}

TEST_CASE("an answer may come later and from another thread") {
  Box<Reply> waiting;
  Router router;
  router.add("GET", "/later", [&](Request, Reply reply) { waiting.put(std::move(reply)); });
  const World world(std::move(router));
  Peer peer(world.port());
  for (int i = 0; i < 20; ++i) {
    peer.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n");
    std::thread([&] { waiting.take().send(Response::of(200, "text/plain", "late")); }).join();
    CHECK(peer.answer().body == "late");
  }
}

TEST_CASE("a reply that nobody uses is answered 500 with its trace id, and the connection lives on") {
  Router router = hello_and_echo();
  router.add("GET", "/forgotten", [](Request, Reply) {});
  const World world(std::move(router));
  Peer peer(world.port());
  const Answer answer = peer.get("/forgotten",
                                 "Accept-Language: fr\r\n"
                                 "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n");
  CHECK(answer.status == 500);
  CHECK(member(answer, "rule") == "http.internal");
  CHECK(member(answer, "title") == "Une erreur de notre part");
  CHECK(member(answer, "trace_id") == "0af7651916cd43dd8448eb211c80319c");
  CHECK(peer.get("/hello").status == 200);
}

TEST_CASE("an answer to a client that has gone, or a server that has stopped, goes nowhere") {
  Box<Reply> waiting;
  Router router = hello_and_echo();
  router.add("GET", "/later", [&](Request, Reply reply) { waiting.put(std::move(reply)); });
  std::optional<World> world(std::in_place, std::move(router));
  {
    Peer peer(world->port());
    peer.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n");
    Reply reply = waiting.take();
    peer.close();
    std::move(reply).send(Response::of(200, "text/plain", std::string(1 << 20, 'x')));
  }
  CHECK(Peer(world->port()).get("/hello").status == 200);
  Peer peer(world->port());
  peer.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n");
  Reply first = waiting.take();
  Peer other(world->port());
  other.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n");
  Reply second = waiting.take();
  world.reset();
  std::move(first).send(Response());
  CHECK_FALSE(std::move(second).stream().open());
}

TEST_CASE("work that blocks runs on the pool and leaves the I/O thread free") {
  Box<int> go;
  Router router = hello_and_echo();
  router.add("GET", "/slow",
             [&](Request, Reply reply) {
               go.take();
               std::move(reply).send(Response::of(200, "text/plain", "slow"));
             },
             {.pool = true});
  const World world(std::move(router), {.io_threads = 1, .pool_threads = 1, .limits = {.pool_queue = 1}});
  Peer slow(world.port()), queued(world.port()), quick(world.port());
  slow.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(quick.get("/hello").body == "hello");
  // One runs, one waits, and at the latest the third is told to come back.
  queued.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  Answer busy;
  for (int i = 0; i < 100 && busy.status != 503; ++i) {
    CHECK(quick.get("/hello").status == 200);
    Peer extra(world.port());
    extra.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\nGET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
    if (i > 0) busy = extra.answer();
    if (busy.status == 503) CHECK(extra.answer().body == "hello");
  }
  CHECK(busy.headers.get("Retry-After") == "5");
  CHECK(member(busy, "rule") == "http.busy");
  go.put(1);
  CHECK(slow.answer().body == "slow");
  go.put(2);
  go.put(3);
}

TEST_CASE("a route says by the request what runs on the pool") {
  std::promise<void> go;
  const std::shared_future<void> gone(go.get_future());
  Router router = hello_and_echo();
  router.add("POST", "/weigh",
             [&](Request request, Reply reply) {
               if (request.body.size() > 4) gone.wait_for(std::chrono::seconds(20));
               std::move(reply).send(Response::of(200, "text/plain", std::to_string(request.body.size())));
             },
             {.pool_if = [](const Request& request) { return request.body.size() > 4; }});
  const World world(std::move(router), {.io_threads = 1, .pool_threads = 1, .limits = {.pool_queue = 1}});
  const auto post = [](std::string_view body) {
    return "POST /weigh HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
  };
  Peer heavy(world.port()), light(world.port());
  heavy.send(post("12345"));
  // The one I/O thread is free for what is light, before and while the pool works.
  for (int i = 0; i < 20; ++i) CHECK(light.ask(post("1234")).body == "4");
  // A full pool turns away what is heavy, and only that.
  std::vector<std::unique_ptr<Peer>> more;
  for (int i = 0; i < 3; ++i) {
    more.push_back(std::make_unique<Peer>(world.port()));
    more.back()->send(post("123456"));
    CHECK(light.ask(post("123")).body == "3");
  }
  go.set_value();
  CHECK(heavy.answer().body == "5");
  int turned_away = 0;
  for (const auto& peer : more) turned_away += peer->answer().status == 503 ? 1 : 0;
  CHECK(turned_away >= 1);
}

TEST_CASE("files are sent whole, in part, and without a copy in memory") {
  const test::Folder folder;
  std::string content(700'000, '.');
  for (std::size_t i = 0; i < content.size(); i += 31) content[i] = static_cast<char>('a' + i % 26);
  folder.write("blob", content);
  Router router;
  router.add("GET", "/blob",
             [&](Request request, Reply reply) {
               auto file = OpenFile::open(folder / std::string(request.query.get("name")));
               if (!file) return std::move(reply).send(problem(file.error(), request));
               Response whole = Response::of(200, "application/octet-stream", Body::file(*file));
               whole.headers.add("ETag", "\"v1\"");
               std::move(reply).send(conditional(request, std::move(whole)));
             },
             {.pool = true});
  const World world(std::move(router));
  Peer peer(world.port());
  CHECK(peer.get("/blob?name=blob").body == content);
  const Answer part = peer.get("/blob?name=blob", "Range: bytes=300000-600000\r\n");
  CHECK(part.status == 206);
  CHECK(part.body == content.substr(300'000, 300'001));
  CHECK(peer.get("/blob?name=blob", "Range: bytes=700000-\r\n").status == 416);
  CHECK(peer.get("/blob?name=blob", "If-None-Match: \"v1\"\r\n").status == 304);
  CHECK(peer.get("/blob?name=gone").status == 404);
  CHECK(peer.ask("HEAD /blob?name=blob HTTP/1.1\r\nHost: h\r\n\r\n").headers.get("Content-Length") == "700000");
  CHECK(peer.get("/blob?name=blob").body == content);
}

TEST_CASE("a handler's headers cannot break out of their line, nor change the framing") {
  Router router;
  router.add("GET", "/", [](Request request, Reply reply) {
    Response response = Response::of(200, "text/plain", "ok");
    response.headers.add("Location", std::string(request.query.get("to")));
    response.headers.add("Content-Length", "9999");
    response.headers.add("X-Good", "1");
    std::move(reply).send(std::move(response));
  });
  const World world(std::move(router));
  Peer peer(world.port());
  const Answer answer = peer.get("/?to=%2Fa%0D%0ASet-Cookie:%20x=1");
  CHECK(answer.headers.find("Location") == nullptr);
  CHECK(answer.headers.find("Set-Cookie") == nullptr);
  CHECK(answer.headers.count("Content-Length") == 1);
  CHECK(answer.headers.get("X-Good") == "1");
  CHECK(answer.body == "ok");
}

TEST_CASE("requests are counted by route and status, never by path") {
  World world(hello_and_echo());
  Peer peer(world.port());
  peer.get("/hello");
  peer.get("/hello?secret=1");
  peer.get("/nowhere/secret");
  world.metrics.counter("entraide_another_total", "asked for between two routes");
  peer.post("/echo", "x");
  const std::string text = world.metrics.text();
  const std::string_view help = "# HELP entraide_http_requests_total ";
  CHECK(text.find(help) != std::string::npos);
  CHECK(text.find(help) == text.rfind(help));  // once for all routes
  CHECK(text.find("entraide_http_requests_total{route=\"/hello\",status=\"200\"} 2\n") != std::string::npos);
  CHECK(text.find("entraide_http_requests_total{route=\"(none)\",status=\"404\"} 1\n") != std::string::npos);
  CHECK(text.find("entraide_http_request_seconds_count{route=\"/hello\"} 2\n") != std::string::npos);
  CHECK(text.find("entraide_http_connections 1\n") != std::string::npos);
  CHECK(text.find("secret") == std::string::npos);
}

TEST_CASE("a failed request leaves a line in the log that does not say what was asked for") {
  const test::Folder folder;
  const int before = ::dup(STDERR_FILENO);
  const int file = ::open((folder / "log").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  ::dup2(file, STDERR_FILENO);
  {
    const World world(hello_and_echo());
    Peer peer(world.port());
    peer.get("/nowhere/sesame?token=sesame", "Authorization: sesame\r\nAccept-Language: sesame\r\n");
    peer.post("/hello", "sesame");
  }
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  std::string log(1 << 16, '\0');
  log.resize(static_cast<std::size_t>(::pread(file, log.data(), log.size(), 0)));
  ::close(file);
  CHECK(log.find("\"event\":\"http.request.failed\"") != std::string::npos);
  CHECK(log.find("\"rule\":\"http.not-found\"") != std::string::npos);
  CHECK(log.find("\"rule\":\"http.method\"") != std::string::npos);
  CHECK(log.find("sesame") == std::string::npos);
}

TEST_CASE("a listen address says scheme, host and port, or what it lacks") {
  CHECK(MUST(parse_listen("127.0.0.1:8080")).port == 8080);
  CHECK(MUST(parse_listen("https://0.0.0.0:8443")).tls);
  CHECK_FALSE(MUST(parse_listen("https://0.0.0.0:8443")).asks_certificate);
  CHECK(
      (MUST(parse_listen("mtls://0.0.0.0:8444")).tls && MUST(parse_listen("mtls://0.0.0.0:8444")).asks_certificate));
  CHECK(MUST(parse_listen("http://[::1]:80")).host == "::1");
  CHECK(MUST(parse_listen("localhost:1")).loopback());
  CHECK_FALSE(MUST(parse_listen("0.0.0.0:1")).loopback());
  for (const char* bad :
       {"", "0.0.0.0", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1", "hub.example:80",
        "ftp://127.0.0.1:1", "[::1:80", "[::1]", "[::1]80", "::1:80x", "127.1:80", ":80"}) {
    CAPTURE(bad);
    CHECK(rule_of(parse_listen(bad)) == "config.listen");
  }
}

TEST_CASE("plain HTTP beyond loopback needs an explicit word, a port that is taken is an error") {
  const World world(hello_and_echo());
  ManualClock clock{Time()};
  SeededRandom random{1};
  metrics::Registry metrics;
  const auto start = [&](ServerOptions options) {
    return rule_of(Server::start(std::move(options), hello_and_echo(), {clock, random, metrics}));
  };
  CHECK(start({.listen = {"0.0.0.0:0"}}) == "config.listen");
  CHECK(start({.listen = {"0.0.0.0:0"}, .plain_http_beyond_loopback = true, .io_threads = 1}) == "accepted");
  CHECK(start({.listen = {"127.0.0.1:" + std::to_string(world.port())}}) == "config.listen");
  CHECK(start({.listen = {}}) == "config.listen");
  CHECK(start({.listen = {"https://127.0.0.1:0"}}) == "config.tls");
  CHECK(start({.listen = {"mtls://127.0.0.1:0"}}) == "config.tls");
  CHECK(start({.listen = {"https://127.0.0.1:0"}, .tls = TlsFiles{"/nowhere.pem", "/nowhere.key"}}) == "config.tls");
  CHECK(start({.listen = {"[::1]:0"}, .io_threads = 1}) == "accepted");
}
