#include "contract/stage.h"

namespace entraide::contract {

using codec::Json;

namespace {

std::vector<std::string> references(const Json& page) {
  std::vector<std::string> out;
  for (const Json& item : page.find("items")->array_items()) out.push_back(item.find("reference")->string());
  return out;
}

}  // namespace

void walk_cases(Stage& stage) {
  std::vector<client::Sent> asked;
  for (int i = 0; i < 3; ++i) asked.push_back(stage.ask());
  const std::string of_ke = "/v1/cases?authority=au:ke:central";

  const Json inbox = stage.ke->read(of_ke);
  CHECK(references(inbox).size() == 3);
  CHECK(inbox.find("next")->is_null());
  CHECK(stage.ke->read("/v1/cases") == inbox);  // who acts for one authority need not name it
  CHECK(references(stage.fr->read("/v1/cases?view=sent")).size() == 3);
  CHECK(references(stage.fr->read("/v1/cases?view=inbox")).empty());
  CHECK(references(stage.ma->read("/v1/cases?view=all")).empty());
  CHECK(references(stage.ke->read("/v1/cases?view=closed")).empty());
  CHECK(references(stage.ke->read("/v1/cases?view=open&kind=assistance&state=requested&country=fr")).size() == 3);
  CHECK(references(stage.ke->read("/v1/cases?view=all&country=mx")).empty());
  CHECK(references(stage.ke->read("/v1/cases?reference=" + asked[1].reference)) == std::vector{asked[1].reference});
  CHECK(references(stage.ma->read("/v1/cases?reference=" + asked[1].reference)).empty());

  // Pages: every case once, in order, whatever the size of a page.
  for (const std::string view : {"inbox", "all"}) {
    for (const int limit : {1, 2, 3}) {
      INFO(view << " by " << limit);
      std::vector<std::string> seen;
      std::string cursor;
      for (int guard = 0; guard < 10; ++guard) {
        const Json page = stage.ke->read("/v1/cases?view=" + view + "&limit=" + std::to_string(limit) +
                                         (cursor.empty() ? "" : "&cursor=" + cursor));
        for (const std::string& reference : references(page)) seen.push_back(reference);
        if (page.find("next")->is_null()) break;
        cursor = page.find("next")->string();
      }
      CHECK(seen == references(stage.ke->read("/v1/cases?view=" + view)));
    }
  }

  // A cursor is good for its own list and filter.
  const std::string cursor = stage.ke->read("/v1/cases?view=all&limit=1").find("next")->string();
  const auto with = [&](const std::string& query) {
    return verdict(stage.as(*stage.ke, "GET", "/v1/cases?" + query));
  };
  CHECK(with("view=all&limit=2&cursor=" + cursor) == "200");
  CHECK(with("view=open&limit=1&cursor=" + cursor) == "422 api.cursor");
  CHECK(with("view=all&kind=assistance&cursor=" + cursor) == "422 api.cursor");
  CHECK(with("view=all&cursor=" + cursor.substr(1)) == "422 api.cursor");
  CHECK(with("view=all&cursor=" + std::string("A") + cursor.substr(1)) == "422 api.cursor");
  CHECK(with("view=all&cursor=") == "422 api.cursor");
  CHECK(with("view=all&cursor=%F0%9F%92%A3") == "422 api.cursor");

  CHECK(with("limit=0") == "422 api.parameter");
  CHECK(with("limit=201") == "422 api.parameter");
  CHECK(with("limit=many") == "422 api.parameter");
  CHECK(with("view=everything") == "422 cases.view");
  CHECK(with("authority=au:fr:central") == "403 api.authority");
  CHECK(verdict(stage.raw("GET", of_ke)) == "401 session.missing");

  // One case, by its id and by its reference, the same to both parties but for what each can do.
  const std::string id = asked[0].case_id;
  const Json by_id = stage.ke->read("/v1/cases/" + id);
  CHECK(by_id == stage.ke->read("/v1/cases/" + asked[0].reference));
  CHECK(by_id.find("acts")->array_items().size() == 1);
  CHECK(by_id.find("turn")->string() == "au:ke:central");
  const auto can = [&](kit::Desk& desk, const std::string& act) {
    const Json file = desk.read("/v1/cases/" + id);
    const auto& list = file.find("can")->array_items();
    return std::find(list.begin(), list.end(), Json(act)) != list.end();
  };
  CHECK(can(*stage.ke, "assistance.acknowledge"));
  CHECK(!can(*stage.fr, "assistance.acknowledge"));
  CHECK(can(*stage.fr, "assistance.withdraw"));
  CHECK(!can(*stage.ke, "assistance.withdraw"));

  for (const std::string tail : {"", "/abilities"}) {
    INFO(tail);
    const auto forbidden = stage.as(*stage.ma, "GET", "/v1/cases/" + id + tail);
    CHECK(verdict(forbidden) == "404 api.not_found");
    for (const std::string& other : {nothing(16), std::string("FR-2031-99999"), std::string("x"), asked[0].reference})
      CHECK(without_trace(forbidden) == without_trace(stage.as(*stage.ma, "GET", "/v1/cases/" + other + tail)));
    CHECK(verdict(stage.raw("GET", "/v1/cases/" + id + tail)) == "401 session.missing");
  }

  // What can be done, and why not the rest: `can` and the abilities say the same.
  const Json abilities = stage.ke->read("/v1/cases/" + id + "/abilities");
  for (const Json& ability : abilities.array_items()) {
    INFO(ability.find("act")->string());
    CHECK(ability.find("allowed")->boolean() == can(*stage.ke, ability.find("act")->string()));
    CHECK(ability.find("allowed")->boolean() == (ability.find("rule") == nullptr));
  }
  const Json begin = stage.fr->read("/v1/abilities");
  CHECK(std::any_of(begin.array_items().begin(), begin.array_items().end(), [](const Json& one) {
    return one.find("act")->string() == "assistance.request" && one.find("allowed")->boolean();
  }));
  CHECK(verdict(stage.as(*stage.fr, "GET", "/v1/abilities?authority=au:ke:central")) == "403 api.authority");
  CHECK(verdict(stage.raw("GET", "/v1/abilities")) == "401 session.missing");

  // Who acts for two authorities must say for which.
  demo::World& world = stage.hub.world();
  MUST(world.add_authority("ma", "second", "central-authority",
                           Json::object({{"en", "Second central authority (demonstration)"}})));
  const demo::Officer& both = stage.ma->officer();
  const crypto::Signer* administrator = &world.office("au:ma:second").administrators[0];
  const crypto::Signer* second = &world.office("au:ma:second").administrators[1];
  const Json mandate =
      Json::object({{"of", both.id.str()}, {"roles", Json::array({"officer"})}, {"until", "2032-01-01T00:00:00Z"}});
  MUST(
      world.enact(Subject("au:ma:second"), Subject("au:ma:second"), "dir.officer", mandate, {administrator, second}));
  CHECK(verdict(stage.as(*stage.ma, "GET", "/v1/cases")) == "422 api.authority.missing");
  CHECK(verdict(stage.as(*stage.ma, "GET", "/v1/abilities")) == "422 api.authority.missing");
  CHECK(verdict(stage.as(*stage.ma, "GET", "/v1/cases?authority=au:ma:second")) == "200");
}

TEST_CASE("cases are listed page by page to their parties, and to nobody else") {
  Stage stage;
  walk_cases(stage);
}

}  // namespace entraide::contract
