#include "contract/stage.h"

namespace entraide::contract {

using codec::Json;

void walk_directory(Stage& stage) {
  const Json directory = stage.ke->read("/v1/directory");
  CHECK(directory.find("countries")->array_items().size() == 3);
  CHECK(verdict(stage.raw("GET", "/v1/directory")) == "401 session.missing");

  // The feed in small pages is the feed in one.
  const Json whole = stage.ke->read("/v1/directory/feed");
  CHECK(whole.find("next")->is_null());
  Json::Array pieces;
  for (std::string from = "0";;) {
    const Json page = stage.ke->read("/v1/directory/feed?limit=5&from=" + from);
    for (const Json& entry : page.find("entries")->array_items()) pieces.push_back(entry);
    if (page.find("next")->is_null()) break;
    from = std::to_string(page.find("next")->integer());
  }
  CHECK(Json(pieces) == *whole.find("entries"));
  CHECK(verdict(stage.as(*stage.ke, "GET", "/v1/directory/feed?from=-1")) == "422 api.parameter");
  CHECK(verdict(stage.as(*stage.ke, "GET", "/v1/directory/feed?limit=1001")) == "422 api.parameter");
  CHECK(verdict(stage.raw("GET", "/v1/directory/feed")) == "401 session.missing");

  // The wrap of a ring is for the devices of that authority; to others it is not there.
  const Json wraps = stage.ke->read("/v1/rings/au:ke:central/wraps");
  REQUIRE(wraps.find("wraps")->array_items().size() == 1);
  const Json& wrap = wraps.find("wraps")->array_items().front();
  const std::string path = "/v1/acts/" + wrap.find("act")->string() + "/objects/" + wrap.find("h")->string();
  CHECK(stage.as(*stage.ke, "GET", path).status == 200);
  CHECK(verdict(stage.as(*stage.fr, "GET", path)) == "404 api.not_found");
  CHECK(stage.as(*stage.fr, "GET", "/v1/acts/" + wrap.find("act")->string()).status == 200);
  const auto forbidden = stage.as(*stage.fr, "GET", "/v1/rings/au:ke:central/wraps");
  CHECK(verdict(forbidden) == "404 api.not_found");
  CHECK(without_trace(forbidden) == without_trace(stage.as(*stage.fr, "GET", "/v1/rings/au:zz:nobody/wraps")));
  CHECK(verdict(stage.raw("GET", "/v1/rings/au:ke:central/wraps")) == "401 session.missing");
}

TEST_CASE("the directory is for every member, a ring for its own devices") {
  Stage stage;
  walk_directory(stage);
}

}  // namespace entraide::contract
