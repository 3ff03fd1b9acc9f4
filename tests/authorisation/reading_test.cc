// Reading, by everybody who might try: many acts at once are no way around what each alone is kept from.

#include "act/act.h"
#include "codec/codec.h"
#include "kit/http.h"
#include "ledger/ledger.h"
#include "testing/testing.h"

namespace entraide::authorisation {
namespace {

using codec::Json;

// Every act of the ledger, in order.
std::vector<act::SignedAct> all_acts(hub::Hub& hub) {
  return MUST(hub.read()([](store::Connection& connection) -> Result<std::vector<act::SignedAct>> {
    std::vector<act::SignedAct> out;
    for (const ledger::Entry& entry : TRY(ledger::entries_from(connection, 0, 1000)))
      if (entry.act_id) out.push_back(TRY(act::parse_act(entry.body)));
    return out;
  }));
}

std::string id_of(const Json& item) { return item.find("id")->string(); }

}  // namespace

TEST_CASE("many acts read at once are exactly those that the reader may read one by one") {
  kit::Hub hub;
  hub.found({"fr", "ke", "ma"});
  std::map<std::string, std::unique_ptr<kit::Desk>> desks;
  for (const char* country : {"fr", "ke", "ma"})
    desks[country] =
        std::make_unique<kit::Desk>(hub, hub.world().officer_of("au:" + std::string(country) + ":central"));
  for (const auto& [from, to] : {std::pair("fr", "ke"), std::pair("ma", "ke"), std::pair("ke", "fr")}) {
    demo::Step step{"assistance.request",
                    kit::answers("assistance-full"),
                    "Stored data",
                    {},
                    {},
                    {Subject("au:" + std::string(to) + ":central")}};
    MUST(desks[from]->act(std::move(step), client::new_case_id(hub.random()), std::nullopt));
  }
  const std::vector<act::SignedAct> acts = all_acts(hub.hub());
  std::string asked;  // with one that is not there in the middle
  for (const act::SignedAct& one : acts) asked += act::to_text(one.id) + "," + std::string(43, 'A') + ",";
  asked.pop_back();
  REQUIRE(acts.size() <= 50);

  std::map<std::string, int> hidden;
  for (const auto& [country, desk] : desks)
    for (const std::string role : {"", "doc", "sum", "tr"}) {
      INFO(country << " asks for " << role);
      const Json page = desk->read("/v1/acts?ids=" + asked + (role.empty() ? "" : "&sealed=" + role));
      CHECK(page.find("next")->is_null());
      std::map<std::string, Json> given;
      for (const Json& item : page.find("items")->array_items()) given.emplace(id_of(item), item);
      CHECK(given.size() == page.find("items")->array_items().size());
      for (const act::SignedAct& one : acts) {
        const std::string id = act::to_text(one.id), path = "/v1/acts/" + id;
        INFO(one.act.type);
        const auto alone = desk->get(path);
        REQUIRE(given.contains(id) == (alone.status == 200));
        if (alone.status != 200) {
          ++hidden[country];
          continue;
        }
        Json expected = MUST(codec::parse_json(alone.body));
        if (!role.empty()) {
          Json objects = Json::array();
          for (const act::ObjectRef& object : one.act.objects) {
            const std::string hash = codec::to_text(object.hash);
            if (object.kind == act::ObjectRef::Kind::seal && object.role == role)
              objects.push_back(Json::object({{"h", hash}, {"jwe", desk->get(path + "/objects/" + hash).body}}));
          }
          expected.set("sealed", std::move(objects));
        }
        CHECK(given.at(id) == expected);
      }
    }
  // Else nothing is shown: each country had something to be kept from, but for Kenya, which is party of all three cases.
  CHECK(hidden == std::map<std::string, int>{{"fr", 4}, {"ma", 8}});
}

TEST_CASE("what does not fit into one answer is asked for again, until all of it is there") {
  kit::Hub hub;
  hub.found({"fr", "ke"});
  kit::Desk fr(hub, hub.world().officer_of("au:fr:central")), ke(hub, hub.world().officer_of("au:ke:central"));
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "é";
  Json answers = kit::answers("message-open");
  answers.set("text", text);
  demo::Step step{"message.open", std::move(answers), "A long letter", {}, {}, {Subject("au:ke:central")}};
  const client::Sent sent = MUST(fr.act(std::move(step), client::new_case_id(hub.random()), std::nullopt));
  const std::string id = act::to_text(sent.id);
  std::size_t left = 100, answered = 0;
  while (left > 0) {
    std::string asked = id;
    for (std::size_t i = 1; i < left; ++i) asked += "," + id;
    const auto answer = ke.get("/v1/acts?sealed=doc&ids=" + asked);
    REQUIRE(answer.status == 200);
    CHECK(answer.body.size() < (5 << 20));  // 4 MiB as they are, and what JSON adds to them
    const Json page = MUST(codec::parse_json(answer.body, {.bytes = 8 << 20}));
    const std::size_t given = page.find("items")->array_items().size();
    REQUIRE(given > 0);
    left -= given;
    CHECK(*page.find("next") == (left == 0 ? Json() : Json(id)));
    ++answered;
  }
  CHECK(answered > 1);
}

}  // namespace entraide::authorisation
