#include "client/acknowledge.h"
#include "contract/stage.h"

namespace entraide::contract {
namespace {

using codec::Json;

client::OpenedAct opened(kit::Desk& desk, const ActId& id) {
  MUST(desk.update());
  return MUST(desk.open(id));
}

// What the library would say of an act, sent; false when it has nothing to say.
bool tell(Stage& stage, kit::Desk& desk, const client::OpenedAct& act, client::Acknowledgement what) {
  auto intent = client::acknowledgement_of(act, desk.officer().authority, what);
  if (!intent) return false;
  const client::Author author{desk.officer().id, desk.officer().authority, &desk.officer().sign};
  MUST(client::acknowledge(desk.outbox(), desk.mirror(), author, std::move(*intent), stage.hub.clock().now(),
                           stage.hub.random()));
  return true;
}

}  // namespace

TEST_CASE("the sender sees whether and when an act has arrived and was opened, and when to telephone") {
  Stage stage;
  const client::Sent asked = stage.ask();
  const auto shown = [&] {
    const Json file = stage.fr->read("/v1/cases/" + asked.case_id);
    const Json* act = &file.find("acts")->array_items().front();
    const Json one = act->find("delivery")->array_items().front();
    CHECK(stage.fr->read("/v1/acts/" + act::to_text(asked.id)).find("delivery")->array_items().front() == one);
    CHECK(one.find("authority")->string() == "au:ke:central");
    return one;
  };
  CHECK(shown().find("delivered_at")->is_null());
  CHECK(!shown().find("due_at")->is_null());
  CHECK(!shown().find("overdue")->boolean());
  stage.hub.clock().advance(std::chrono::hours(25));
  CHECK(shown().find("overdue")->boolean());

  // It arrives, late; then it is read.
  const client::OpenedAct arrived = opened(*stage.ke, asked.id);
  CHECK(tell(stage, *stage.ke, arrived, client::Acknowledgement::delivered));
  const Json delivered = shown();
  CHECK(delivered.find("delivered_at")->string() == codec::rfc3339(stage.hub.clock().now()));
  CHECK(delivered.find("opened_at")->is_null());
  CHECK(!delivered.find("overdue")->boolean());
  stage.hub.clock().advance(Seconds(60));
  // A second program of the same authority looked before the first one spoke: that it is too late is no failure.
  CHECK(tell(stage, *stage.ke, arrived, client::Acknowledgement::delivered));
  CHECK(!tell(stage, *stage.ke, opened(*stage.ke, asked.id), client::Acknowledgement::delivered));
  CHECK(tell(stage, *stage.ke, opened(*stage.ke, asked.id), client::Acknowledgement::opened));
  CHECK(shown().find("delivered_at") != nullptr);
  CHECK(shown().find("opened_at")->string() == codec::rfc3339(stage.hub.clock().now()));
  CHECK(!tell(stage, *stage.ke, opened(*stage.ke, asked.id), client::Acknowledgement::opened));
  // The sender has nothing to acknowledge of its own act.
  CHECK(!tell(stage, *stage.fr, opened(*stage.fr, asked.id), client::Acknowledgement::opened));

  // Both sides hear of it, nobody else; and anyone of them can prove it.
  std::vector<std::string> heard;
  const Json changes = stage.fr->read("/v1/changes");
  for (const Json& event : changes.find("items")->array_items()) {
    if (event.find("t")->string().starts_with("note.")) continue;  // a day has passed: clocks rang
    heard.push_back(event.find("t")->string());
    if (heard.back() == "ack.opened") {
      CHECK(event.find("act")->string() == act::to_text(asked.id));
      const auto id = MUST(act::act_id_from_text(event.find("id")->string()));
      CHECK(opened(*stage.fr, id).verdict.good());
      CHECK(verdict(stage.as(*stage.ma, "GET", "/v1/acts/" + act::to_text(id))) == "404 api.not_found");
    }
  }
  CHECK(heard == std::vector<std::string>{"assistance.request", "ack.delivered", "ack.opened"});
  CHECK(stage.ma->read("/v1/changes").find("items")->array_items().empty());
}

}  // namespace entraide::contract
