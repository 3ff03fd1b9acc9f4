// Acknowledgements, by everybody who might try: they are the receiver's word and nobody else's.

#include "authorisation/bench.h"

#include "codec/codec.h"

namespace entraide::authorisation {

using codec::Json;

TEST_CASE("only who received an act can acknowledge it, for itself, each thing once") {
  Bench bench;
  demo::World& world = bench.hub.world();
  const Subject fr("au:fr:central"), ke("au:ke:central");
  const auto officer_for = [&](const Subject& authority, const char* type) -> const demo::Officer& {
    return bench.officer(authority, bench.transitions.at(type)->roles.front());
  };
  demo::Course course = world.new_course();
  const auto take = [&](const demo::Officer& officer, const char* type, const char* answers, const Subject& to) {
    const auto prepared =
        MUST(world.prepare(course, officer, {type, kit::answers(answers), "summary", {}, {}, {to}}));
    MUST(world.send(course, prepared));
    return prepared.act;
  };
  const demo::Officer& asking = officer_for(fr, "assistance.request");
  const demo::Officer& asked = officer_for(ke, "assistance.acknowledge");
  const act::Act request = take(asking, "assistance.request", "assistance-full", ke);
  const ActId request_id = course.newest;
  const act::Act answer = take(asked, "assistance.acknowledge", "assistance-acknowledge", fr);
  const ActId answer_id = course.newest;

  const auto contents_of = [](const act::Act& act) {
    Json out = Json::array();
    for (const act::ObjectRef& object : act.objects) out.push_back(object.content_commitment);
    return out;
  };
  using Bend = std::function<void(act::Act&)>;
  const auto say = [&](const demo::Officer& officer, const char* type, const ActId& id, const Json& contents,
                       const Bend& bend = {}) {
    act::Act act = world.compose(officer, type, {});
    act.case_id = course.id;
    act.previous = id;
    act.d = Json::object({{"act", act::to_text(id)}, {"cc", contents}});
    if (bend) bend(act);
    const crypto::Signer* const keys[] = {&officer.sign};
    const std::string body = MUST(act::sign_act(act, keys));
    const std::int64_t before = bench.hub.hub().tree_size();
    const Verdict rehearsed = bench.rehearse(body, {});
    CHECK(bench.hub.hub().tree_size() == before);
    const Verdict verdict = bench.submit(body, {});
    CHECK(rehearsed == verdict);
    CHECK(bench.hub.hub().tree_size() == before + (verdict == "permitted" ? 1 : 0));
    if (verdict != "permitted") CHECK_MESSAGE(has_words(verdict), verdict);
    return verdict;
  };
  const Json contents = contents_of(answer), none = Json::array();
  REQUIRE(!contents.array_items().empty());

  // Who has no business with it.
  const auto& stranger = world.officer_of("au:ma:central");
  CHECK(say(asked, "ack.delivered", answer_id, none) == "ack.receiver");
  CHECK(say(stranger, "ack.delivered", answer_id, none) == "act.case.unknown");
  CHECK(say(stranger, "ack.opened", answer_id, contents) == "act.case.unknown");
  CHECK(say(*bench.revoked, "ack.delivered", answer_id, none) == "act.device.revoked");
  CHECK(say(*bench.closed, "ack.delivered", answer_id, none) == "act.device.revoked");
  CHECK(say(*bench.expired, "ack.delivered", answer_id, none) == "act.officer.expired");

  // What is no acknowledgement of this act.
  const auto bent = [&](const Bend& bend) { return say(asking, "ack.delivered", answer_id, contents, bend); };
  CHECK(bent([](act::Act& act) { act.case_id.reset(); }) == "act.case.missing");
  CHECK(bent([&](act::Act& act) { act.case_id = world.new_course().id; }) == "act.case.unknown");
  CHECK(bent([&](act::Act& act) { act.d.set("act", act::to_text(world.genesis())); }) == "ack.act");
  CHECK(bent([&](act::Act& act) { act.previous = request_id; }) == "act.prev.unknown");
  CHECK(bent([](act::Act& act) { act.previous.reset(); }) == "act.prev.unknown");
  CHECK(bent([&](act::Act& act) { act.d.set("cc", contents_of(request)); }) == "ack.content");
  CHECK(bent([&](act::Act& act) {
          Json twice = contents;
          twice.push_back(contents.array_items().front());
          act.d.set("cc", std::move(twice));
        }) == "ack.form");
  CHECK(bent([](act::Act& act) { act.d.set("remark", "thanks"); }) == "ack.form");
  CHECK(bent([](act::Act& act) { act.d = Json::object(); }) == "ack.form");
  CHECK(bent([&](act::Act& act) {
          act = world.compose(asking, act.type, {ke});
          act.case_id = course.id;
        }) == "ack.form");
  CHECK(bent([&](act::Act& act) { act.at = world.now() - Seconds(301); }) == "act.time.window");
  CHECK(say(asking, "ack.opened", answer_id, none) == "ack.form");
  CHECK(say(asking, "ack.burnt", answer_id, none) == "decide.act");

  // What is one, once.
  CHECK(say(asking, "ack.delivered", answer_id, none) == "permitted");
  CHECK(say(asking, "ack.delivered", answer_id, contents) == "ack.known");
  CHECK(say(asking, "ack.opened", answer_id, contents) == "permitted");
  CHECK(say(asking, "ack.opened", answer_id, contents) == "ack.known");
  // What was opened has arrived; a colleague need not say so again.
  CHECK(say(asked, "ack.opened", request_id, contents_of(request)) == "permitted");
  CHECK(say(bench.officer(ke, "auditor"), "ack.delivered", request_id, none) == "ack.known");

  // It is said beside the case, not in it.
  const auto after = MUST(bench.hub.hub().read()([&](store::Connection& connection) -> Result<cases::Case> {
    auto file = TRY(cases::find(connection, course.id));
    REQUIRE(file.has_value());
    CHECK(TRY(cases::entries(connection, file->case_no)).size() == 2);
    return std::move(*file);
  }));
  CHECK(after.threads.front().state == "acknowledged");
}

}  // namespace entraide::authorisation
