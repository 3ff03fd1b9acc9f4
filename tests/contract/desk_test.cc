// The desk as the hub serves it, and the cards of a demonstration.

#include "client/admin.h"
#include "client/files.h"
#include "contract/stage.h"
#include "crypto/digest.h"
#include "demo/people.h"

namespace entraide::contract {

using codec::Json;

void walk_desk(Stage& stage) {
  const Json desk = json_of(stage.raw("GET", "/v1/desk"));
  CHECK(*desk.find("hash") == *json_of(stage.raw("GET", "/v1/status")).find("desk"));
  kit::Http browser(stage.hub);  // the desk's own addresses are no part of the contract
  const auto get = [&](const std::string& path, std::vector<std::pair<std::string, std::string>> headers = {}) {
    return MUST(browser.send({"GET", std::string(kit::kUrl) + path, std::move(headers), {}}));
  };
  desk::Hashes hashes;
  for (const Json& file : desk.find("files")->array_items()) {
    const std::string path = file.find("path")->string();
    const auto served = get("/" + path);
    REQUIRE(served.status == 200);
    hashes[path] = crypto::sha256(desk::without_nonce(served.body, served.header("content-security-policy")));
  }
  CHECK(codec::to_text(desk::bundle_hash(hashes)) == desk.find("hash")->string());
  const auto page = get("/requests/FR-2031-00017", {{"Accept", "text/html"}});
  CHECK(page.status == 200);
  CHECK(page.header("content-type") == "text/html; charset=utf-8");
  CHECK(verdict(get("/requests/FR-2031-00017")) == "404 http.not-found");
  CHECK(verdict(get("/v1/nothing", {{"Accept", "text/html"}})) == "404 http.not-found");

  auto bare = stage.hub.settings();
  bare.desk = nullptr;
  stage.hub.serve(std::move(bare));
  CHECK(verdict(stage.raw("GET", "/v1/desk")) == "404 api.not_found");
  CHECK(verdict(get("/")) == "404 http.not-found");
}

void walk_demonstration(Stage& stage) {
  // Nothing is there before the world has been written down, nor when it is another world's.
  CHECK(verdict(stage.raw("GET", "/v1/demonstration")) == "404 api.not_found");
  Json people = demo::people(stage.hub.world());
  const auto write = [&](const Json& file) {
    MUST(client::write_file_whole(stage.hub.people_file(), bytes_of(codec::to_json(file))));
  };
  write(Json(people).set("genesis", nothing(32)));
  CHECK(verdict(stage.raw("GET", "/v1/demonstration")) == "404 api.not_found");
  write(people);
  const Json cards = json_of(stage.raw("GET", "/v1/demonstration"));
  CHECK(cards.find("people")->array_items().size() == 9);  // three officers, three pairs of administrators
  CHECK(codec::to_json(cards).find("\"d\"") == std::string::npos);

  const demo::Officer& officer = stage.fr->officer();
  const std::string open = "/v1/demonstration/people/" + officer.id.str() + "/open";
  const Json keys = json_of(stage.raw("POST", open));
  CHECK(MUST(crypto::PrivateKey::from_jwk(*keys.find("sign"))).public_key() == officer.sign.public_key());
  // Who must sign with a colleague cannot do it alone.
  const demo::Office& office = stage.hub.world().office("au:fr:central");
  const std::string administrator = "/v1/demonstration/people/au:fr:central/open";
  for (const auto& [query, key] : {std::pair(std::string(), 0), {"?number=1", 0}, {"?number=2", 1}}) {
    const Json given = json_of(stage.raw("POST", administrator + query));
    REQUIRE(given.find("administrators")->array_items().size() == 1);
    CHECK(MUST(crypto::PrivateKey::from_jwk(given.find("administrators")->array_items()[0])).public_key() ==
          office.administrators[static_cast<std::size_t>(key)].public_key());
  }
  CHECK(verdict(stage.raw("POST", administrator + "?number=3")) == "404 api.not_found");
  CHECK(verdict(stage.raw("POST", open + "?number=2")) == "404 api.not_found");
  CHECK(verdict(stage.raw("POST", administrator + "?number=0")) == "422 api.parameter");
  CHECK(verdict(stage.raw("POST", "/v1/demonstration/people/of:fr:nobody/open")) == "404 api.not_found");
  CHECK(verdict(stage.raw("POST", open, std::string(65, ' '))) == "413 http.body.too-large");
}

TEST_CASE("the desk's hash is what its files give, as they are really served") {
  Stage stage;
  walk_desk(stage);
}

TEST_CASE("in a demonstration anybody may act as anybody") {
  Stage stage;
  walk_demonstration(stage);
}

TEST_CASE("a hub that is no demonstration gives no keys, whatever lies in its folder and whatever its flag says") {
  // The ledger says that it is a demonstration, the operator does not.
  kit::Hub hub(false);
  hub.found({"fr"});
  MUST(demo::write_people(hub.world(), hub.people_file().string()));
  kit::Http http(hub);
  const auto asked = [](kit::Http& from, const char* method, const std::string& path) {
    return verdict(MUST(from.send({method, std::string(kit::kUrl) + path, {}, {}})));
  };
  CHECK(asked(http, "GET", "/v1/demonstration") == "404 api.not_found");
  CHECK(asked(http, "POST", "/v1/demonstration/people/au:fr:central/open") == "404 api.not_found");

  // The operator says so, the ledger does not.
  kit::Hub real;
  const auto root = crypto::PrivateKey::generate(real.random());
  const Json genesis = client::admin::genesis(std::vector{root.public_key()}, 1, real.hub().log().verifier().vkey(),
                                              "", kit::rules().digest());
  const crypto::Signer* const keys[] = {&root};
  act::Act act;
  act.type = "dir.genesis";
  act.nonce = codec::base64url(real.random().bytes(16));
  act.by = act.for_authority = Subject("org");
  act.device = root.public_key().kid();
  act.at = from_seconds(to_seconds(real.clock().now()));
  act.rulebook = kit::rules().digest();
  act.checkpoint = {0, merkle::empty_root()};
  act.d = genesis;
  MUST(real.door()(MUST(act::sign_act(act, keys)), {}));
  MUST(client::write_file_whole(
      real.people_file(),
      bytes_of(codec::to_json(
          demo::people(hub.world()).set("genesis", act::to_text(real.hub().directory()->genesis()->id))))));
  kit::Http door(real);
  CHECK(asked(door, "GET", "/v1/demonstration") == "404 api.not_found");
  CHECK(asked(door, "POST", "/v1/demonstration/people/au:fr:central/open") == "404 api.not_found");
}

}  // namespace entraide::contract
