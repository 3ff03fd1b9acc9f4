#include "net/router.h"

#include "codec/json.h"
#include "net/problem.h"
#include "net/test_peer.h"

using namespace entraide;
using namespace entraide::net;
using entraide::net::test::body_of;

namespace {

// What a route answers here: its own pattern, then what it captured.
Router many_routes() {
  Router router;
  const auto add = [&](std::string_view method, std::string pattern, RouteOptions options = {}) {
    router.add(
        method, pattern,
        [pattern](Request request, Reply reply) {
          std::string text = pattern;
          for (const Named& captured : request.captured) text += " " + captured.name + "=" + captured.value;
          std::move(reply).send(Response::of(200, "text/plain", text));
        },
        options);
  };
  add("GET", "/");
  add("GET", "/v1/cases");
  add("POST", "/v1/cases");
  add("GET", "/v1/cases/{case}");
  add("GET", "/v1/cases/mine");
  add("GET", "/v1/cases/{case}/acts/{act}");
  add("DELETE", "/v1/cases/{other}", {.options = false});
  add("GET", "/tile/{rest...}");
  add("GET", "/tile/entries/{rest...}");
  add("GET", "/no-head", {.head = false});
  add("POST", "/quiet", {.options = false});
  return router;
}

Response ask(const Router& router, std::string method, std::string path) {
  Request request;
  request.method = std::move(method);
  request.path = std::move(path);
  Response out;
  router.handle(std::move(request), Reply::to([&](Response response) { out = std::move(response); }));
  return out;
}

template <class R>
constexpr bool kAnswers = requires(R reply) { static_cast<R>(reply).send(Response()); };
template <class R>
constexpr bool kStreams = requires(R reply) { static_cast<R>(reply).stream(); };

}  // namespace

TEST_CASE("the most literal route that has the method answers") {
  const Router router = many_routes();
  const std::tuple<const char*, const char*, const char*> table[] = {
      {"GET", "/", "/"},
      {"GET", "/v1/cases", "/v1/cases"},
      {"GET", "/v1/cases/mine", "/v1/cases/mine"},
      {"GET", "/v1/cases/c1", "/v1/cases/{case} case=c1"},
      {"DELETE", "/v1/cases/mine", "/v1/cases/{other} other=mine"},
      {"GET", "/v1/cases/a%2Fb", "/v1/cases/{case} case=a/b"},
      {"GET", "/v1/cases/%C3%A9", "/v1/cases/{case} case=é"},
      {"GET", "/v1/cases/c1/acts/a1", "/v1/cases/{case}/acts/{act} case=c1 act=a1"},
      {"GET", "/tile/0/x001/067", "/tile/{rest...} rest=0/x001/067"},
      {"GET", "/tile/", "/tile/{rest...} rest="},
      {"GET", "/tile/entries/000", "/tile/entries/{rest...} rest=000"},
      {"GET", "/tile/entries", "/tile/{rest...} rest=entries"},
      {"HEAD", "/v1/cases", "/v1/cases"},
  };
  for (const auto& [method, path, expected] : table) {
    CAPTURE(path);
    const Response response = ask(router, method, path);
    CHECK(response.status == 200);
    CHECK(body_of(response) == expected);
  }
}

TEST_CASE("what no route takes is a problem that says why") {
  const Router router = many_routes();
  const std::tuple<const char*, const char*, int, const char*> table[] = {
      {"GET", "/nothing", 404, "http.not-found"},
      {"GET", "/v1/cases/", 404, "http.not-found"},
      {"GET", "/v1/cases/c1/acts", 404, "http.not-found"},
      {"GET", "/V1/cases", 404, "http.not-found"},
      {"GET", "/tile", 404, "http.not-found"},
      {"PUT", "/v1/cases", 405, "http.method"},
      {"HEAD", "/no-head", 405, "http.method"},
      {"HEAD", "/quiet", 405, "http.method"},
      {"OPTIONS", "/quiet", 405, "http.method"},
      {"GET", "/tile/../secret", 400, "http.request.target"},
      {"GET", "/tile/%2e%2E/secret", 400, "http.request.target"},
      {"GET", "/v1/./cases", 400, "http.request.target"},
      {"GET", "/v1/cases/%ff", 400, "http.request.target"},
      {"GET", "/v1/cases/%", 400, "http.request.target"},
      {"GET", "no-slash", 400, "http.request.target"},
  };
  for (const auto& [method, path, status, rule] : table) {
    CAPTURE(path);
    const Response response = ask(router, method, path);
    CHECK(response.status == status);
    CHECK(response.rule == rule);
    CHECK(response.headers.get("Content-Type") == "application/problem+json");
  }
}

TEST_CASE("405 and OPTIONS name every method of the path") {
  const Router router = many_routes();
  CHECK(ask(router, "PUT", "/v1/cases").headers.get("Allow") == "GET, HEAD, OPTIONS, POST");
  CHECK(ask(router, "PUT", "/v1/cases/c1").headers.get("Allow") == "DELETE, GET, HEAD, OPTIONS");
  CHECK(ask(router, "PUT", "/quiet").headers.get("Allow") == "POST");
  const Response options = ask(router, "OPTIONS", "/v1/cases");
  CHECK(options.status == 204);
  CHECK(options.headers.get("Allow") == "GET, HEAD, OPTIONS, POST");
}

TEST_CASE("a reply that a handler lets go is answered 500") {
  Router router;
  router.add("GET", "/", [](Request, Reply) {});
  CHECK(ask(router, "GET", "/").status == 500);
}

TEST_CASE("a reply can be used once only, by its type") {
  static_assert(!std::is_copy_constructible_v<Reply> && !std::is_copy_assignable_v<Reply>);
  static_assert(!kAnswers<Reply&> && !kStreams<Reply&>);
  static_assert(kAnswers<Reply&&> && kStreams<Reply&&>);
  static_assert(!std::is_copy_constructible_v<EventStream>);
  int answers = 0;
  {
    Reply reply = Reply::to([&](Response) { ++answers; });
    std::move(reply).send(Response());
  }
  CHECK(answers == 1);  // and its end adds no second
}

TEST_CASE("a problem has the members of RFC 9457, and a title in the reader's language") {
  Request request;
  request.trace_id = "0af7651916cd43dd8448eb211c80319c";
  request.language = Language::es;
  const Response response =
      problem(Error{Errc::unavailable, "hub.queue.full", "queue: full; try again", "acts.0"}, request, Seconds(7));
  CHECK(response.status == 503);
  CHECK(response.headers.get("Retry-After") == "7");
  CHECK(body_of(response) ==
        R"({"type":"https://entraide.example/problems/hub.queue.full","title":"Ocupado; inténtelo más tarde",)"
        R"("status":503,"detail":"queue: full; try again","trace_id":"0af7651916cd43dd8448eb211c80319c",)"
        R"("rule":"hub.queue.full","retry_after":7,"path":"acts.0"})");
  const Response faults = to_response({.status = 422,
                                       .rule = "form.invalid",
                                       .title = "Not valid",
                                       .instance = "/v1/drafts/1",
                                       .errors = {{"/facts", "form.missing", codec::Json::object({{"max", 3}})}}});
  CHECK(body_of(faults) ==
        R"({"type":"https://entraide.example/problems/form.invalid","title":"Not valid","status":422,)"
        R"("instance":"/v1/drafts/1","rule":"form.invalid",)"
        R"("errors":[{"pointer":"/facts","code":"form.missing","params":{"max":3}}]})");
}

TEST_CASE("a failure of our own tells the reader nothing of it and the log everything") {
  const Response response = problem(Error{Errc::internal, "store.read", "disk /dev/x: gone"}, Request());
  CHECK(response.status == 500);
  CHECK(body_of(response).find("/dev/x") == std::string::npos);
  CHECK(response.log_note == "disk /dev/x: gone");
}

TEST_CASE("every kind of failure has its status") {
  const std::pair<Errc, int> table[] = {
      {Errc::invalid, 422},   {Errc::too_large, 413}, {Errc::unauthenticated, 401}, {Errc::refused, 403},
      {Errc::not_found, 404}, {Errc::conflict, 409},  {Errc::not_authentic, 422},   {Errc::unavailable, 503},
      {Errc::storage, 503},   {Errc::internal, 500}};
  for (const auto& [code, status] : table) CHECK(status_of(code) == status);
}

TEST_CASE("an event is framed so that no data can break out of it") {
  CHECK(*make_event("7", "act", "{}") == "id: 7\nevent: act\ndata: {}\n\n");
  CHECK(*make_event("", "", "a\nb\r\nc\rd") == "data: a\ndata: b\ndata: c\ndata: d\n\n");
  CHECK(*make_event("", "", "") == "data: \n\n");
}

TEST_CASE("what is taken otherwise is taken only where nothing stands, and is not told of") {
  Router router = many_routes();
  router.otherwise([](Request request, Reply reply) {
    std::move(reply).send(Response::of(200, "text/plain", "otherwise " + std::string(request.captured.get("rest"))));
  });
  const auto body = [&](std::string method, std::string path) {
    const Response response = ask(router, std::move(method), std::move(path));
    return std::to_string(response.status) + " " + std::string(text_of(response.body.view())).substr(0, 20);
  };
  CHECK(body("GET", "/anything/at%20all") == "200 otherwise anything/a");
  CHECK(body("HEAD", "/anything") == "200 otherwise anything");
  CHECK(body("GET", "/") == "200 /");
  CHECK(body("GET", "/v1/cases") == "200 /v1/cases");
  CHECK(ask(router, "GET", "/quiet").status == 405);
  CHECK(ask(router, "GET", "/quiet").headers.get("Allow") == "POST");
  CHECK(ask(router, "POST", "/anything").status == 404);
  CHECK(ask(router, "OPTIONS", "/anything").status == 404);
  CHECK(ask(router, "GET", "/a/../b").status == 400);
}
