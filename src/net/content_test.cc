#include "net/content.h"

#include "net/test_peer.h"

using namespace entraide;
using namespace entraide::net;
using entraide::net::test::body_of;
using entraide::testing::rule_of;

namespace {

Request get(Headers headers, std::string method = "GET") {
  Request request;
  request.method = std::move(method);
  request.headers = std::move(headers);
  return request;
}

Response digits() {
  Response out = Response::of(200, "application/octet-stream", "0123456789");
  out.headers.add("ETag", "\"v1\"");
  return out;
}

struct Site {
  Router router;
  explicit Site(Handler handler) { router.add("GET", "/{rest...}", std::move(handler)); }
  Response ask(std::string path, Headers headers = {}) const {
    Request request = get(std::move(headers));
    request.path = std::move(path);
    Response out;
    router.handle(std::move(request), Reply::to([&](Response response) { out = std::move(response); }));
    return out;
  }
};

}  // namespace

TEST_CASE("who has the content already is told so and gets no body") {
  for (const char* known : {"\"v1\"", "W/\"v1\"", "\"v0\", \"v1\"", "*"}) {
    CAPTURE(known);
    const Response response = conditional(get({{"If-None-Match", known}}), digits());
    CHECK(response.status == 304);
    CHECK(response.body.size() == 0);
    CHECK(response.headers.get("ETag") == "\"v1\"");
  }
  CHECK(conditional(get({{"If-None-Match", "\"v2\""}}), digits()).status == 200);
  CHECK(conditional(get({{"If-None-Match", "v1"}}), digits()).status == 200);
  CHECK(conditional(get({{"If-None-Match", "\"v1\""}}, "POST"), digits()).status == 200);
}

TEST_CASE("a byte range is answered by exactly those bytes") {
  const std::tuple<const char*, const char*, const char*> table[] = {
      {"bytes=0-3", "0123", "bytes 0-3/10"},
      {"bytes=4-", "456789", "bytes 4-9/10"},
      {"bytes=-3", "789", "bytes 7-9/10"},
      {"bytes=-99", "0123456789", "bytes 0-9/10"},
      {"bytes=8-99", "89", "bytes 8-9/10"},
      {"Bytes=9-9", "9", "bytes 9-9/10"},
      {"bytes=0-18446744073709551615", "0123456789", "bytes 0-9/10"},
  };
  for (const auto& [range, bytes, content_range] : table) {
    CAPTURE(range);
    const Response response = conditional(get({{"Range", range}}), digits());
    CHECK(response.status == 206);
    CHECK(body_of(response) == bytes);
    CHECK(response.headers.get("Content-Range") == content_range);
  }
}

TEST_CASE("a range outside the content is refused with the true size") {
  for (const char* range : {"bytes=10-", "bytes=10-20", "bytes=-0", "bytes=18446744073709551615-"}) {
    CAPTURE(range);
    const Response response = conditional(get({{"Range", range}}), digits());
    CHECK(response.status == 416);
    CHECK(response.rule == "http.range");
    CHECK(response.headers.get("Content-Range") == "bytes */10");
  }
}

TEST_CASE("a range that does not read, or several, get the whole") {
  for (const char* range : {"bytes=", "bytes=-", "bytes=a-b", "bytes=3-1", "bytes=0-1,3-4", "items=0-1",
                            "bytes=0x1-2", "bytes=99999999999999999999-", "bytes=1--2"}) {
    CAPTURE(range);
    const Response response = conditional(get({{"Range", range}}), digits());
    CHECK(response.status == 200);
    CHECK(body_of(response) == "0123456789");
    CHECK(response.headers.get("Accept-Ranges") == "bytes");
  }
}

TEST_CASE("a range of a version that is gone gets the whole new one") {
  CHECK(conditional(get({{"Range", "bytes=0-1"}, {"If-Range", "\"v1\""}}), digits()).status == 206);
  CHECK(conditional(get({{"Range", "bytes=0-1"}, {"If-Range", "\"v0\""}}), digits()).status == 200);
  CHECK(conditional(get({{"Range", "bytes=0-1"}}, "HEAD"), digits()).status == 200);
}

TEST_CASE("the coding is one that the reader takes, best first") {
  CHECK(choose_coding("gzip, br", true, true) == "br");
  CHECK(choose_coding("gzip, br;q=0.5", true, true) == "gzip");
  CHECK(choose_coding("br;q=0, gzip", true, true) == "gzip");
  CHECK(choose_coding("br", false, true) == "");
  CHECK(choose_coding("*", true, true) == "br");
  CHECK(choose_coding("*;q=0", true, true) == "");
  CHECK(choose_coding("identity", true, true) == "");
  CHECK(choose_coding("", true, true) == "");
}

TEST_CASE("static files: types, codings, caching, security headers and the page of last resort") {
  test::Folder folder;
  folder.write("index.html", "<!doctype html>");
  folder.write("assets/app-3f9a1c2b.js", "let a = 1;");
  folder.write("assets/app-3f9a1c2b.js.gz", "(gzip)");
  folder.write("assets/app-3f9a1c2b.js.br", "(br)");
  folder.write("contact-directory.css", "a{}");
  const Site site(static_files(MUST(load_static_files(folder.path())),
                               {{"Content-Security-Policy", "default-src 'self'"}}, "index.html"));

  const Response page = site.ask("/");
  CHECK(page.status == 200);
  CHECK(page.headers.get("Content-Type") == "text/html; charset=utf-8");
  CHECK(page.headers.get("Cache-Control") == "no-cache");
  CHECK(page.headers.get("Content-Security-Policy") == "default-src 'self'");
  CHECK(page.headers.find("Vary") == nullptr);
  CHECK(body_of(site.ask("/cases/c1")) == "<!doctype html>");
  CHECK(site.ask("/", {{"If-None-Match", std::string(page.headers.get("ETag"))}}).status == 304);

  const Response plain = site.ask("/assets/app-3f9a1c2b.js");
  const Response brotli = site.ask("/assets/app-3f9a1c2b.js", {{"Accept-Encoding", "gzip, br"}});
  CHECK(body_of(plain) == "let a = 1;");
  CHECK(body_of(brotli) == "(br)");
  CHECK(brotli.headers.get("Content-Encoding") == "br");
  CHECK(brotli.headers.get("Content-Type") == "text/javascript; charset=utf-8");
  CHECK(brotli.headers.get("Cache-Control") == "public, max-age=31536000, immutable");
  CHECK(plain.headers.get("Vary") == "Accept-Encoding");
  CHECK(plain.headers.get("ETag") != brotli.headers.get("ETag"));
  CHECK(site.ask("/contact-directory.css").headers.get("Cache-Control") == "no-cache");

  const Response missing = site.ask("/assets/gone.js");
  CHECK(missing.status == 404);
  CHECK(missing.headers.get("Content-Security-Policy") == "default-src 'self'");
  CHECK(rule_of(load_static_files(folder / "nowhere")) == "http.files");
}
