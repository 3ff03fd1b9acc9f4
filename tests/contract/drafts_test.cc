// Drafts of a team: colleagues share them, nobody else knows of them, and nobody overwrites what they have not seen.

#include "drafts/drafts.h"
#include "contract/stage.h"
#include "crypto/jwe.h"

namespace entraide::contract {

using codec::Json;

namespace {

std::string draft_id(char letter) { return codec::base64url(Bytes(16, static_cast<std::uint8_t>(letter))); }

struct Desk {
  Stage& stage;
  kit::Desk& desk;
  std::string authority;

  std::string sealed(const std::string& id, std::string_view text, std::size_t recipients = 1) {
    std::vector<crypto::PublicKey> to{
        stage.hub.hub().directory()->authority(Subject(authority))->current_ring()->key};
    while (to.size() < recipients) to.push_back(crypto::PrivateKey::generate(stage.hub.random()).public_key());
    return MUST(crypto::seal(bytes_of(text), {"entraide-draft+json", "application/json", id, "draft:" + authority},
                             to, stage.hub.random()));
  }
  Json content(const std::string& jwe) {
    return Json::object({{"authority", authority}, {"kind", "assistance"}, {"form", "1"}, {"jwe", jwe}});
  }
  client::HttpResponse put(const std::string& id, const Json& body,
                           std::vector<std::pair<std::string, std::string>> headers = {{"If-None-Match", "*"}}) {
    return stage.as(desk, "PUT", "/v1/drafts/" + id, codec::to_json(body), std::move(headers));
  }
  client::HttpResponse get(const std::string& id, std::vector<std::pair<std::string, std::string>> headers = {}) {
    return stage.as(desk, "GET", "/v1/drafts/" + id + "?authority=" + authority, {}, std::move(headers));
  }
  client::HttpResponse remove(const std::string& id, std::vector<std::pair<std::string, std::string>> headers = {}) {
    return stage.as(desk, "DELETE", "/v1/drafts/" + id + "?authority=" + authority, {}, std::move(headers));
  }
};

}  // namespace

void walk_drafts(Stage& stage) {
  Desk fr{stage, *stage.fr, "au:fr:central"}, ke{stage, *stage.ke, "au:ke:central"};
  const demo::Officer& second =
      *MUST(stage.hub.world().add_officer(stage.hub.world().office("au:fr:central"), "Second officer", {"officer"}));
  Visitor colleague(stage, second.sign);
  const std::string one = draft_id('1'), path = "/v1/drafts/" + one;
  const Json first = fr.content(fr.sealed(one, "first words"));

  // Made, once.
  CHECK(verdict(stage.raw("PUT", path, codec::to_json(first))) == "401 session.missing");
  CHECK(verdict(fr.put(one, first, {})) == "428 api.precondition.required");
  CHECK(verdict(ke.put(one, first)) == "403 api.authority");
  const auto made = fr.put(one, first);
  REQUIRE(made.status == 201);
  const std::string etag(made.header("etag"));
  CHECK(json_of(made).find("etag")->string() == etag);
  CHECK(json_of(made).find("updated_by")->string() == stage.fr->officer().id.str());
  const auto again = fr.put(one, first);
  CHECK(verdict(again) == "412 draft.stale");
  CHECK(json_of(again).find("current")->find("etag")->string() == etag);

  // Read by colleagues, whoever wrote it; for others there is nothing.
  const auto read = colleague.ask("GET", path);
  CHECK(read.header("etag") == etag);
  CHECK(*json_of(read).find("jwe") == *first.find("jwe"));
  CHECK(colleague.ask("GET", path, {}, {{"If-None-Match", etag}}).status == 304);
  CHECK(colleague.ask("GET", path, {}, {{"Range", "bytes=0-9"}}).status == 206);
  CHECK(verdict(colleague.ask("GET", path, {}, {{"Range", "bytes=9999999-"}})) == "416 http.range");
  CHECK(verdict(stage.raw("GET", path)) == "401 session.missing");
  CHECK(verdict(stage.as(*stage.ke, "GET", path + "?authority=au:fr:central")) == "403 api.authority");
  CHECK(without_trace(ke.get(one)) == without_trace(ke.get(draft_id('x'))));
  CHECK(verdict(ke.get(one)) == "404 api.not_found");
  CHECK(json_of(colleague.ask("GET", "/v1/drafts")).find("items")->array_items().size() == 1);
  CHECK(codec::to_json(json_of(colleague.ask("GET", "/v1/drafts"))).find("jwe") == std::string::npos);
  CHECK(json_of(stage.as(*stage.ke, "GET", "/v1/drafts")).find("items")->array_items().empty());
  CHECK(verdict(stage.as(*stage.ke, "GET", "/v1/drafts?authority=au:fr:central")) == "403 api.authority");
  CHECK(verdict(stage.raw("GET", "/v1/drafts")) == "401 session.missing");
  Visitor administrator(stage, stage.hub.world().office("au:fr:central").administrators[0]);
  for (const std::string& list : {std::string("/v1/drafts"), path})
    CHECK(verdict(administrator.ask("GET", list)) == "422 api.authority.missing");
  CHECK(verdict(administrator.ask("DELETE", path, {}, {{"If-Match", etag}})) == "422 api.authority.missing");
  CHECK(verdict(administrator.ask("PUT", path, codec::to_json(first), {{"If-Match", etag}})) == "403 api.authority");

  // Changed by a colleague who has seen it; who has not is shown what stands there.
  const Json second_words = fr.content(fr.sealed(one, "second words"));
  const auto changed = colleague.ask("PUT", path, codec::to_json(second_words), {{"If-Match", etag}});
  REQUIRE(changed.status == 200);
  const std::string newer(changed.header("etag"));
  CHECK(newer != etag);
  const auto stale = fr.put(one, fr.content(fr.sealed(one, "third words")), {{"If-Match", etag}});
  CHECK(verdict(stale) == "412 draft.stale");
  CHECK(json_of(stale).find("current")->find("updated_by")->string() == second.id.str());
  CHECK(*json_of(fr.get(one)).find("jwe") == *second_words.find("jwe"));
  // The same number at another authority is another draft.
  CHECK(ke.put(one, ke.content(ke.sealed(one, "elsewhere"))).status == 201);
  CHECK(*json_of(fr.get(one)).find("jwe") == *second_words.find("jwe"));

  // What it must look like.
  const std::string two = draft_id('2');
  CHECK(verdict(fr.put(two, fr.content(fr.sealed(one, "x")))) == "422 draft.seal");
  CHECK(verdict(fr.put(two, fr.content(ke.sealed(two, "x")))) == "422 draft.seal");
  CHECK(verdict(fr.put(two, fr.content(fr.sealed(two, "x", 2)))) == "409 draft.ring");
  CHECK(verdict(fr.put(two, fr.content("{}"))) == "422 jwe.member");
  CHECK(verdict(fr.put(two, fr.content(fr.sealed(two, "x")).set("kind", "the suspect's name"))) == "422 draft.label");
  CHECK(verdict(fr.put(two, fr.content(fr.sealed(two, "x")).set("form", "the suspect's name"))) == "422 draft.label");
  CHECK(verdict(fr.put(two, fr.content(fr.sealed(two, "x")).set("form", std::string(65, 'x')))) == "422 draft.label");
  CHECK(verdict(fr.put(two, fr.content(fr.sealed(two, "x")).set("note", "x"))) == "422 json.member");
  CHECK(verdict(fr.put("short", fr.content(fr.sealed(two, "x")))) == "422 codec.base64url");
  CHECK(verdict(fr.put(two, fr.content(fr.sealed(two, std::string(800'000, 'x'))))) == "413 draft.size");
  CHECK(verdict(fr.put(two, fr.content(std::string(1'400'000, 'x')))) == "413 http.body.too-large");
  CHECK(verdict(fr.put(two, fr.content(fr.sealed(two, "x")), {{"If-Match", etag}})) == "412 draft.stale");
  const std::string old_seal = fr.sealed(two, "x");
  MUST(stage.hub.world().renew_ring(stage.hub.world().office("au:fr:central")));
  CHECK(verdict(fr.put(two, fr.content(old_seal))) == "409 draft.ring");
  CHECK(fr.put(two, fr.content(fr.sealed(two, "x"))).status == 201);

  // Deleted by who has seen it; then it is gone.
  CHECK(verdict(stage.raw("DELETE", path)) == "401 session.missing");
  CHECK(verdict(stage.as(*stage.ke, "DELETE", path + "?authority=au:fr:central", {}, {{"If-Match", newer}})) ==
        "403 api.authority");
  CHECK(verdict(ke.remove(two, {{"If-Match", newer}})) == "404 api.not_found");
  CHECK(verdict(fr.remove(one)) == "428 api.precondition.required");
  CHECK(verdict(fr.remove(one, {{"If-Match", etag}})) == "412 draft.stale");
  CHECK(fr.remove(one, {{"If-Match", newer}}).status == 204);
  CHECK(verdict(fr.get(one)) == "404 api.not_found");
  CHECK(verdict(fr.remove(one, {{"If-Match", newer}})) == "404 api.not_found");
  const auto gone = fr.put(one, fr.content(fr.sealed(one, "too late")), {{"If-Match", newer}});
  CHECK(verdict(gone) == "412 draft.stale");
  CHECK(json_of(gone).find("current") == nullptr);

  // So many, and no more.
  const std::string small = fr.sealed(one, "x");
  for (std::int64_t i = 1; i < drafts::kDraftsMax; ++i) {
    const std::string id = codec::base64url(stage.hub.random().bytes(16));
    CHECK(fr.put(id, fr.content(fr.sealed(id, "x"))).status == 201);
  }
  CHECK(verdict(fr.put(one, fr.content(small))) == "409 draft.full");
}

TEST_CASE("a team's drafts are theirs alone, and none of them is lost to a colleague who was faster") {
  Stage stage;
  walk_drafts(stage);
}

}  // namespace entraide::contract
