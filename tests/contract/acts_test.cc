#include "contract/stage.h"

#include "client/compose.h"
#include "client/rings.h"

namespace entraide::contract {
namespace {

using codec::Json;

demo::Step request_to(std::string_view authority) {
  return {"assistance.request",
          kit::answers("assistance-full"),
          "Stored data of one mailbox",
          {},
          {},
          {Subject(std::string(authority))}};
}

// Signs an act anew after a change of what it says.
std::string signed_anew(const act::Act& act, const demo::Officer& officer) {
  const crypto::Signer* const keys[] = {&officer.sign};
  return MUST(act::sign_act(act, keys));
}

}  // namespace

void walk_acts(Stage& stage) {
  demo::World& world = stage.hub.world();
  const demo::Officer& officer = stage.fr->officer();
  demo::Course course = world.new_course();
  MUST(stage.fr->update());
  const demo::Prepared good = MUST(world.prepare(course, officer, request_to("au:ke:central")));

  // A rehearsal writes nothing.
  const std::size_t before = stage.tree_size();
  const Json rehearsed = json_of(stage.submit(good.body, good.objects, true));
  CHECK(rehearsed.find("decision")->string() == "permitted");
  CHECK(rehearsed.at_path("state.assistance")->string() == "requested");
  CHECK(stage.tree_size() == before);

  // What is not well formed, or does not fit together, is refused before anybody asks the rules.
  CHECK(verdict(stage.raw("POST", "/v1/acts", "{}")) == "422 json.member");
  CHECK(verdict(stage.raw("POST", "/v1/acts", "not json")) == "422 json.syntax");
  CHECK(verdict(stage.raw("POST", "/v1/acts", std::string(40, '[') + std::string(40, ']'))) == "422 json.depth");
  CHECK(verdict(stage.raw("POST", "/v1/acts", std::string((9 << 20) + 1, ' '))) == "413 http.body.too-large");
  CHECK(verdict(stage.submit("e30\n", {})) == "422 act.form");
  CHECK(verdict(stage.submit(std::string(70'000, 'e') + "\n", {})) == "413 act.size");
  CHECK(verdict(stage.submit(good.body, {})) == "422 act.object.missing");
  {
    auto more = good.objects;
    more.push_back("{}");
    CHECK(verdict(stage.submit(good.body, more)) == "422 act.object.extra");
    std::string forged = good.body;
    forged[forged.size() - 20] = forged[forged.size() - 20] == 'A' ? 'B' : 'A';
    CHECK(verdict(stage.submit(forged, good.objects)) == "422 act.signature");
  }

  // The act is on disk before it is answered; sent again it gives the same receipt, now and later.
  const auto first = stage.submit(good.body, good.objects);
  REQUIRE(first.status == 201);
  const Json accepted = json_of(first);
  const std::string id = accepted.find("id")->string();
  const auto again = stage.submit(good.body, good.objects);
  CHECK(again.status == 200);
  for (const char* same : {"id", "index", "time", "kind", "receipt", "case", "reference"}) {
    INFO(same);
    CHECK(*json_of(again).find(same) == *accepted.find(same));
  }
  CHECK(!json_of(again).find("new")->boolean());
  CHECK(stage.tree_size() == before + 1);

  // Refusals that the world makes.
  {
    act::Act late = good.act;
    late.at = world.now() - Seconds(301);
    late.nonce = nothing(16);
    CHECK(verdict(stage.submit(signed_anew(late, officer), good.objects)) == "403 act.time.window");
    act::Act twice = good.act;
    twice.nonce = nothing(16);
    CHECK(verdict(stage.submit(signed_anew(twice, officer), good.objects)) == "409 act.st.replayed");
  }
  // A case of strangers and a case that is not there are one and the same.
  {
    const demo::Officer& stranger = stage.ma->officer();
    const auto step = [] {
      return demo::Step{"assistance.inquire",      kit::answers("assistance-inquire"), "How far it has come", {}, {},
                        {Subject("au:ke:central")}};
    };
    demo::Course theirs{CaseId(accepted.find("case")->string()), {}, MUST(act::act_id_from_text(id))};
    const auto of_strangers = MUST(world.prepare(theirs, stranger, step()));
    demo::Course nowhere{CaseId(nothing(16)), {}, MUST(act::act_id_from_text(id))};
    const auto of_nobody = MUST(world.prepare(nowhere, stranger, step()));
    const auto one = stage.submit(of_strangers.body, of_strangers.objects),
               other = stage.submit(of_nobody.body, of_nobody.objects);
    CHECK(verdict(one) == "404 act.case.unknown");
    CHECK(without_trace(one) == without_trace(other));
  }

  // Reading it back.
  const std::string path = "/v1/acts/" + id;
  const Json record = stage.ke->read(path);
  CHECK(record.find("act")->string() == good.body);
  CHECK(record.find("receipt")->string() == accepted.find("receipt")->string());
  CHECK(stage.as(*stage.fr, "GET", path + "/receipt").body == accepted.find("receipt")->string());
  CHECK(verdict(stage.raw("GET", path)) == "401 session.missing");
  CHECK(verdict(stage.raw("GET", path + "/receipt")) == "401 session.missing");

  const std::string sealed = path + "/objects/" + codec::to_text(good.act.objects.front().hash);
  const auto jwe = stage.as(*stage.ke, "GET", sealed);
  CHECK(jwe.body == good.objects.front());
  CHECK(stage.as(*stage.ke, "GET", sealed, {}, {{"If-None-Match", std::string(jwe.header("etag"))}}).status == 304);
  CHECK(stage.as(*stage.ke, "GET", sealed, {}, {{"Range", "bytes=0-0"}}).status == 206);
  CHECK(stage.as(*stage.ke, "GET", sealed, {}, {{"Range", "bytes=99999999-"}}).status == 416);
  CHECK(verdict(stage.raw("GET", sealed)) == "401 session.missing");

  // Many at once: each as it is alone, with what is sealed beside it.
  const auto many = [](const std::string& query) { return "/v1/acts?" + query; };
  const auto with_sealed = [](Json item, Json::Array objects) { return item.set("sealed", std::move(objects)); };
  const std::string genesis = act::to_text(world.genesis());
  const Json document =
      Json::object({{"h", codec::to_text(good.act.objects.front().hash)}, {"jwe", good.objects.front()}});
  const Json both = stage.ke->read(many("sealed=doc&ids=" + nothing(32) + "," + id + "," + genesis));
  CHECK(both.find("next")->is_null());
  CHECK(*both.find("items") ==
        Json::array({with_sealed(record, {document}), with_sealed(stage.ke->read("/v1/acts/" + genesis), {})}));
  CHECK(*stage.ke->read(many("ids=" + id)).find("items") == Json::array({record}));
  const auto not_theirs = stage.as(*stage.ma, "GET", many("sealed=doc&ids=" + id));
  CHECK(not_theirs.status == 200);
  CHECK(not_theirs.body == stage.as(*stage.ma, "GET", many("sealed=doc&ids=" + nothing(32))).body);
  std::string too_many = id;
  for (int i = 0; i < 100; ++i) too_many += "," + id;
  for (const std::string& query : {std::string(), std::string("ids="), "ids=" + id + ",", "ids=" + id.substr(1),
                                   "ids=" + too_many, "sealed=all&ids=" + id}) {
    INFO(query);
    CHECK(verdict(stage.as(*stage.ke, "GET", many(query))) == "422 api.parameter");
  }
  CHECK(verdict(stage.raw("GET", many("ids=" + id))) == "401 session.missing");

  // Unknown and forbidden give the same answer, to the byte.
  for (const std::string& tail :
       {std::string(), std::string("/receipt"), "/objects/" + codec::to_text(good.act.objects.front().hash)}) {
    INFO(tail);
    const auto forbidden = stage.as(*stage.ma, "GET", path + tail);
    const auto unknown = stage.as(*stage.ma, "GET", "/v1/acts/" + nothing(32) + tail);
    CHECK(verdict(forbidden) == "404 api.not_found");
    CHECK(without_trace(forbidden) == without_trace(unknown));
  }
  CHECK(verdict(stage.as(*stage.ke, "GET", path + "/objects/" + nothing(32))) == "404 api.not_found");

  // A year later, last: by then clocks have run out, and the ledger's time does not run back.
  stage.hub.clock().advance(std::chrono::hours(24 * 365));
  CHECK(stage.submit(good.body, good.objects).body == again.body);
}

TEST_CASE("an act is judged, kept, answered once and for ever, and read by its parties alone") {
  Stage stage;
  walk_acts(stage);
}

TEST_CASE("a refusal speaks the reader's language") {
  Stage stage;
  demo::World& world = stage.hub.world();
  demo::Prepared good = MUST(world.prepare(world.new_course(), stage.fr->officer(), request_to("au:ke:central")));
  good.act.at = world.now() - Seconds(3600);
  const std::string body =
      codec::to_json(Json::object({{"act", signed_anew(good.act, stage.fr->officer())},
                                   {"objects", Json::array({good.objects[0], good.objects[1]})}}));
  std::set<std::string> titles;
  for (const char* language : {"en", "fr", "es", "ar"}) {
    const auto answer =
        stage.raw("POST", "/v1/acts", body, {{"Accept-Language", std::string(language) + ", de;q=0.5"}});
    REQUIRE(verdict(answer) == "403 act.time.window");
    const std::string title = json_of(answer).find("title")->string();
    CHECK(title == kit::rules().word(language, "rule.act.time.window"));
    CHECK(!title.empty());
    titles.insert(title);
  }
  CHECK(titles.size() == 4);
  // What nobody asked for is answered in English.
  CHECK(json_of(stage.raw("POST", "/v1/acts", body, {{"Accept-Language", "de"}})).find("title")->string() ==
        kit::rules().word("en", "rule.act.time.window"));
}

TEST_CASE("the words of a rule are filled in with what the act said") {
  Stage stage;
  const auto asked = stage.ask();
  demo::World& world = stage.hub.world();
  // France answers its own request.
  demo::Step step{"assistance.acknowledge",  kit::answers("assistance-acknowledge"), "Received", {}, {},
                  {Subject("au:ke:central")}};
  auto prepared = MUST(world.prepare({CaseId(asked.case_id), {}, asked.id}, stage.fr->officer(), std::move(step)));
  prepared.act.sent["au:ke:central"] = 2;
  const Json body = json_of(stage.submit(signed_anew(prepared.act, stage.fr->officer()), prepared.objects));
  CHECK(body.find("rule")->string() == "decide.party");
  CHECK(body.find("title")->string().find('{') == std::string::npos);
  CHECK(body.find("title")->string().find("requested") != std::string::npos);
  CHECK(body.find("source") != nullptr);
  CHECK(body.at_path("errors.0.pointer")->string() == "/for");
}

TEST_CASE("an act with large objects, and a rehearsal, are read on the pool; a small act is read on the spot") {
  kit::Hub hub;
  const net::Route* route = hub.router().match("POST", "/v1/acts").route;
  REQUIRE(route != nullptr);
  REQUIRE((route->options.pool_if != nullptr));
  CHECK(!route->options.pool);
  const auto on_pool = [&](std::size_t bytes, const char* dry_run) {
    net::Request request;
    request.body = Bytes(bytes, ' ');
    if (dry_run != nullptr) request.query.add("dry-run", dry_run);
    return route->options.pool_if(request);
  };
  CHECK(!on_pool(0, nullptr));
  CHECK(!on_pool(96 << 10, nullptr));
  CHECK(on_pool((96 << 10) + 1, nullptr));
  CHECK(on_pool(9 << 20, nullptr));
  CHECK(on_pool(10, "true"));
  CHECK(!on_pool(10, "false"));
  CHECK(route->options.body_limit == 9 << 20);
}

}  // namespace entraide::contract
