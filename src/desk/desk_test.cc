#include "desk/desk.h"

#include "codec/codec.h"
#include "net/router.h"
#include "testing/testing.h"

using namespace entraide;
using entraide::testing::rule_of;

namespace {

std::shared_ptr<const Bytes> bytes(std::string_view text) { return std::make_shared<const Bytes>(to_bytes(text)); }

net::StaticFiles files() {
  net::StaticFiles out;
  out["index.html"] = {"text/html; charset=utf-8",
                       bytes("<style nonce=\"__CSP_NONCE__\"></style><link nonce=\"__CSP_NONCE__\">")};
  out["assets/app-3f9a1c2b.js"] = {"text/javascript; charset=utf-8", bytes("run()"), bytes("gz"), bytes("br")};
  out["sw.js"] = {"text/javascript; charset=utf-8", bytes("work()")};
  return out;
}

struct Site {
  SeededRandom random{7};
  net::Router router;
  Site() {
    auto bundle = std::make_shared<const desk::Bundle>(MUST(desk::bundle_of(files())));
    router.otherwise(desk::handler(std::move(bundle), random));
  }
  net::Response ask(std::string path, net::Headers headers = {}) {
    net::Request request;
    request.method = "GET";
    request.path = std::move(path);
    request.headers = std::move(headers);
    net::Response out;
    router.handle(std::move(request), net::Reply::to([&](net::Response response) { out = std::move(response); }));
    return out;
  }
};

std::string text(const net::Response& response) { return std::string(text_of(response.body.view())); }
const net::Headers kBrowser{{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}};

}  // namespace

TEST_CASE("the bundle's hash is what sha256sum makes of the sorted list, and compressed forms do not count") {
  const auto bundle = MUST(desk::bundle_of(files()));
  CHECK(bundle.hashes.size() == 3);
  // (cd DIR && find . -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum | sha256sum)
  CHECK(codec::hex(bundle.hash.view()) == "c71e2601259dc1270af493b9f4247c8697333f53c115d26a120d07bcd0c381d9");
  auto other = files();
  other["sw.js"].plain = bytes("work();");
  CHECK(MUST(desk::bundle_of(other)).hash != bundle.hash);
  other = files();
  other.erase("index.html");
  CHECK(rule_of(desk::bundle_of(other)) == "desk.index");
  CHECK(rule_of(desk::load("/nowhere/at/all")) == "http.files");
}

TEST_CASE("each page has a nonce of its own, which its policy names") {
  Site site;
  std::string last;
  for (const char* path : {"/", "/index.html"}) {
    const auto page = site.ask(path);
    CHECK(page.status == 200);
    CHECK(page.headers.get("Cache-Control") == "no-cache");
    CHECK(page.headers.get("ETag").empty());
    const std::string policy(page.headers.get("Content-Security-Policy"));
    CHECK(policy.find("script-src 'self';") != std::string::npos);
    CHECK(text(page).find(desk::kNoncePlaceholder) == std::string::npos);
    CHECK(desk::without_nonce(text(page), policy) == text_of(*files()["index.html"].plain));
    CHECK(text(page) != last);
    last = text(page);
  }
  CHECK(desk::without_nonce("as it is", "default-src 'none'") == "as it is");
}

TEST_CASE("an address of the application is its page, for who asks for a page, and never an address of the API") {
  Site site;
  CHECK(site.ask("/requests/FR-2031-00017", kBrowser).status == 200);
  CHECK(site.ask("/v10", kBrowser).status == 200);
  for (const char* path : {"/v1/nothing", "/v1", "/ledger/nothing", "/healthz", "/metrics"})
    CHECK(site.ask(path, kBrowser).status == 404);
  CHECK(site.ask("/requests/FR-2031-00017", {{"Accept", "application/json"}}).status == 404);
  CHECK(site.ask("/assets/app-00000000.js").status == 404);
  CHECK(site.ask("/../etc/passwd", kBrowser).status == 400);
  CHECK(site.ask("/assets/%2e%2e/%2e%2e/etc/passwd", kBrowser).status == 400);
}

TEST_CASE("a file comes in the best coding, with its policies; what carries its hash is kept for a year") {
  Site site;
  const auto plain = site.ask("/assets/app-3f9a1c2b.js");
  CHECK(text(plain) == "run()");
  CHECK(plain.headers.get("Cache-Control") == "public, max-age=31536000, immutable");
  CHECK(plain.headers.get("X-Content-Type-Options") == "nosniff");
  CHECK(plain.headers.get("Content-Security-Policy").find("nonce") == std::string_view::npos);
  CHECK(text(site.ask("/assets/app-3f9a1c2b.js", {{"Accept-Encoding", "gzip, br"}})) == "br");
  CHECK(text(site.ask("/assets/app-3f9a1c2b.js", {{"Accept-Encoding", "gzip"}})) == "gz");
  const auto worker = site.ask("/sw.js");
  CHECK(worker.headers.get("Cache-Control") == "no-cache");
  CHECK(site.ask("/sw.js", {{"If-None-Match", std::string(worker.headers.get("ETag"))}}).status == 304);
  CHECK(!site.ask("/nothing.js").headers.get("Content-Security-Policy").empty());
}
