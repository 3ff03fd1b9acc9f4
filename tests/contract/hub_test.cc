#include "contract/stage.h"

namespace entraide::contract {

using codec::Json;

void walk_hub(Stage& stage) {
  const Json status = json_of(stage.raw("GET", "/v1/status"));
  CHECK(status.find("genesis")->string() == act::to_text(stage.hub.world().genesis()));
  CHECK(stage.raw("HEAD", "/v1/status").status == 200);
  CHECK(stage.raw("GET", "/healthz").body == "alive\n");
  CHECK(stage.raw("GET", "/readyz").body == "ready\n");

  const Json version = json_of(stage.raw("GET", "/v1/rulebook"));
  const std::string digest = version.find("digest")->string();
  const auto bundle = stage.raw("GET", "/v1/rulebook/" + digest);
  const auto loaded = MUST(rulebook::load_bundle(bytes_of(bundle.body)));
  CHECK(codec::to_text(loaded.digest()) == digest);
  CHECK(verdict(stage.raw("GET", "/v1/rulebook/" + nothing(32))) == "404 api.not_found");

  MUST(stage.hub.hub().publish_now());
  for (const std::string& path :
       {std::string("/v1/openapi.json"), std::string("/v1/desk"), "/v1/rulebook/" + digest,
        std::string("/ledger/checkpoint"), "/ledger/tile/entries/000.p/" + std::to_string(stage.tree_size())}) {
    INFO(path);
    const auto whole = stage.raw("GET", path);
    REQUIRE(whole.status == 200);
    const std::string etag(whole.header("etag"));
    CHECK(etag.starts_with('"'));
    CHECK(stage.raw("GET", path, {}, {{"If-None-Match", etag}}).status == 304);
    CHECK(stage.raw("GET", path, {}, {{"If-None-Match", "\"another\""}}).status == 200);
    const auto part = stage.raw("GET", path, {}, {{"Range", "bytes=3-9"}});
    CHECK(part.status == 206);
    CHECK(part.body == whole.body.substr(3, 7));
    CHECK(part.header("content-range") == "bytes 3-9/" + std::to_string(whole.body.size()));
    CHECK(stage.raw("GET", path, {}, {{"Range", "bytes=-4"}}).body == whole.body.substr(whole.body.size() - 4));
    CHECK(verdict(stage.raw("GET", path, {}, {{"Range", "bytes=99999999-"}})) == "416 http.range");
    CHECK(stage.raw("GET", path, {}, {{"Range", "bytes=3-9"}, {"If-Range", "\"another\""}}).status == 200);
  }
  CHECK(verdict(stage.raw("GET", "/ledger/tile/0/x999")) == "404 api.not_found");
  CHECK(verdict(stage.raw("GET", "/ledger/tile/../../../etc/passwd")) == "400 http.request.target");
  CHECK(verdict(stage.raw("GET", "/ledger/tile/%2e%2e/x")) == "400 http.request.target");

  // Before genesis there are no rules and no ledger.
  kit::Hub fresh;
  kit::Http http(fresh);
  stage.watch(http);
  const auto of_fresh = [&](const char* path) {
    return MUST(http.send({"GET", std::string(kit::kUrl) + path, {}, {}}));
  };
  CHECK(json_of(of_fresh("/v1/status")).find("genesis")->is_null());
  CHECK(verdict(of_fresh("/v1/rulebook")) == "404 api.not_found");
  CHECK(verdict(of_fresh("/ledger/checkpoint")) == "404 api.not_found");

  // The listener of the operator.
  const net::Router operators = http::make_metrics_router(stage.hub.hub(), stage.hub.metrics());
  for (const char* path : {"/metrics", "/healthz", "/readyz"}) {
    net::Request request;
    request.method = "GET";
    request.path = path;
    client::HttpResponse answer;
    operators.handle(std::move(request), net::Reply::to([&](net::Response response) {
                       answer = {response.status,
                                 {{"content-type", std::string(response.headers.get("content-type"))}},
                                 std::string(text_of(response.body.view()))};
                     }));
    CHECK(answer.status == 200);
    for (const std::string& defect : stage.contract.check({"GET", path, {}, {}}, answer)) FAIL_CHECK(defect);
  }
}

TEST_CASE("the hub says what it is, and everything that does not change can be asked for by part or not again") {
  Stage stage;
  walk_hub(stage);
}

TEST_CASE("a method that an address does not take is answered with those that it takes") {
  Stage stage;
  const auto answer = stage.raw("DELETE", "/v1/acts");
  CHECK(verdict(answer) == "405 http.method");
  CHECK(answer.header("allow") == "GET, HEAD, OPTIONS, POST");
  CHECK(stage.raw("PUT", "/v1/cases").header("allow") == "GET, HEAD, OPTIONS");
  CHECK(stage.raw("OPTIONS", "/v1/cases").status == 204);
  CHECK(verdict(stage.raw("GET", "/v1/nothing")) == "404 http.not-found");
}

}  // namespace entraide::contract
