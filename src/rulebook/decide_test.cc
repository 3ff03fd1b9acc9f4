#include "codec/codec.h"
#include "rulebook/small_rulebook_for_test.h"

namespace entraide::rulebook {

using codec::Json;
using testing_world::changed;
using testing_world::small_files;
using testing_world::small_rules;

namespace {

Time at(std::string_view text) { return MUST(codec::from_rfc3339(text)); }
const Time kNow = at("2031-03-02T09:00:00Z");

const Authority kAsker{Subject("au:aa:one"), "bureau", "aa"};
const Authority kAsked{Subject("au:bb:two"), "court", "bb"};
const Authority kStranger{Subject("au:cc:three"), "bureau", "cc"};

ActFacts act(std::string type, const Authority& actor, const Authority& receiver, Json d = Json::object()) {
  ActFacts out;
  out.type = std::move(type);
  out.actor = actor;
  out.receivers = {receiver};
  out.signers = {{Subject("of:aa:1"), {"officer"}, DeviceLevel::hw}};
  out.d = std::move(d);
  return out;
}
void seal(ActFacts& to, const std::vector<std::string>& roles) {
  for (const std::string& role : roles) to.objects.push_back({role, {to.actor.id, to.receivers[0].id}});
}
ActFacts ask() {
  ActFacts out = act("question.ask", kAsker, kAsked, Json::object({{"basis", "treaty.1"}, {"speed", "slow"}}));
  seal(out, {"doc", "sum"});
  return out;
}
ActFacts answer(const char* until = "2031-05-15") {
  return act("question.answer", kAsked, kAsker, Json::object({{"until", until}}));
}
ActFacts close() {
  ActFacts out = act("question.close", kAsker, kAsked);
  out.signers.push_back({Subject("of:aa:2"), {"magistrate"}, DeviceLevel::prf});
  return out;
}

CaseState in_state(const char* state) {
  CaseState out;
  out.threads.push_back({"question", state, "treaty.1", kAsker, kAsked, Json::object({{"speed", "slow"}})});
  return out;
}

std::string rule(const Decision& decision) { return decision ? "permitted" : decision.error().rule; }
std::string rule(const CaseState& state, const ActFacts& facts, Time now = kNow) {
  return rule(decide(small_rules(), state, facts, now));
}

}  // namespace

TEST_CASE("an opening act makes the thread, its label and its clock") {
  const Permitted permitted = decide(small_rules(), {}, ask(), kNow).value();
  REQUIRE(permitted.threads.size() == 1);
  CHECK(permitted.threads[0].from.empty());
  CHECK(permitted.threads[0].to == "asked");
  CHECK(permitted.threads[0].requested.id == kAsked.id);
  CHECK(permitted.threads[0].label == Json::object({{"speed", "slow"}}));
  REQUIRE(permitted.started.size() == 1);
  CHECK(permitted.started[0].owner == kAsked.id);
  CHECK(permitted.started[0].due == at("2031-03-09T09:00:00Z"));
  CHECK(permitted.started[0].alarms == std::vector<Time>{at("2031-03-08T09:00:00Z"), at("2031-03-09T09:00:00Z")});
  CHECK(!permitted.urgent);
}

TEST_CASE("an urgent act takes the urgent lane and a shorter clock; an alarm already past is left out") {
  ActFacts facts = ask();
  facts.d = Json::object({{"basis", "treaty.1"}, {"speed", "fast"}, {"why_fast", "trial tomorrow"}});
  const Permitted permitted = decide(small_rules(), {}, facts, kNow).value();
  CHECK(permitted.urgent);
  CHECK(permitted.started[0].due == at("2031-03-02T17:00:00Z"));
  CHECK(permitted.started[0].alarms.size() == 1);
}

TEST_CASE("each question that decide asks has its own refusal") {
  CHECK(rule({}, act("question.dance", kAsker, kAsked)) == "decide.act");
  CHECK(rule(in_state("answered"), act("question.lapse", kAsker, kAsked)) == "decide.act");
  CHECK(rule(in_state("asked"), ask()) == "decide.case");
  CHECK(rule({}, answer()) == "decide.case");
  CHECK(rule(in_state("answered"), answer()) == "decide.state");
  CHECK(rule(in_state("closed"), close()) == "decide.state");
  CHECK(rule(in_state("asked"), act("question.answer", kAsker, kAsked)) == "decide.party");
  CHECK(rule(in_state("asked"), act("question.answer", kStranger, kAsker)) == "decide.party");
  ActFacts facts = ask();
  facts.actor.kind = "post";
  CHECK(rule({}, facts) == "decide.authority-kind");
  facts = ask();
  facts.signers[0].roles = {"magistrate"};
  CHECK(rule({}, facts) == "decide.role");
  facts.signers.clear();
  CHECK(rule({}, facts) == "decide.role");
}

TEST_CASE(
    "signatures: step-up asks for a strong device, two persons for two strong officers, a role for its holder") {
  ActFacts facts = answer();
  facts.signers[0].level = DeviceLevel::soft;
  CHECK(rule(in_state("asked"), facts) == "decide.assurance.step-up");
  CHECK(rule(in_state("asked"), answer()) == "permitted");
  facts.signers.push_back({Subject("of:bb:9"), {"auditor"}, DeviceLevel::hw});
  CHECK(rule(in_state("asked"), facts) == "decide.assurance.step-up");

  CHECK(rule(in_state("answered"), close()) == "permitted");
  facts = close();
  facts.signers[1].level = DeviceLevel::soft;
  CHECK(rule(in_state("answered"), facts) == "decide.assurance.two-person");
  facts = close();
  facts.signers[1].officer = facts.signers[0].officer;  // one officer with two devices is one person
  CHECK(rule(in_state("answered"), facts) == "decide.assurance.two-person");
  facts = close();
  facts.signers.push_back(facts.signers[0]);
  facts.signers[0].level = DeviceLevel::soft;
  facts.signers[2] = {
      Subject("of:aa:3"), {"auditor"}, DeviceLevel::hw};  // who may not sign this makes no second person
  CHECK(rule(in_state("answered"), facts) == "decide.assurance.two-person");
  facts = close();
  facts.signers[1].roles = {"officer"};
  CHECK(rule(in_state("answered"), facts) == "decide.signers");
}

TEST_CASE("receivers: the other party, and besides it only whom the transition informs") {
  ActFacts facts = answer();
  facts.receivers.clear();
  CHECK(rule(in_state("asked"), facts) == "decide.receiver");
  facts.receivers = {kStranger};
  CHECK(rule(in_state("asked"), facts) == "decide.receiver.kind");
  facts.receivers = {kAsker, kStranger};
  CHECK(rule(in_state("asked"), facts) == "decide.receiver.kind");

  facts = ask();
  facts.receivers.push_back({Subject("au:aa:post"), "post", "aa"});
  CHECK(rule({}, facts) == "permitted");
  facts.receivers.back().country = "zz";  // informing is for the countries of the case
  CHECK(rule({}, facts) == "decide.receiver.kind");
  facts = ask();
  facts.receivers[0].kind = "post";
  CHECK(rule({}, facts) == "decide.receiver.kind");
  facts.receivers = {facts.actor};
  CHECK(rule({}, facts) == "decide.receiver.kind");
}

TEST_CASE("a thread between other countries cannot be opened in a case") {
  ActFacts facts = act("thanks.say", kStranger, kAsked, Json::object({{"basis", "treaty.1"}}));
  CHECK(rule(in_state("asked"), facts) == "decide.stranger");
  facts = act("thanks.say", kAsker, kStranger, Json::object({{"basis", "treaty.1"}}));
  CHECK(rule(in_state("asked"), facts) == "decide.stranger");
  facts = act("thanks.say", {Subject("au:bb:four"), "bureau", "bb"}, kAsker, Json::object({{"basis", "treaty.1"}}));
  CHECK(rule(in_state("asked"), facts) == "permitted");
}

TEST_CASE("the legal basis: one that the kind allows, and that binds both countries where it must") {
  ActFacts facts = act("thanks.say", kAsker, kAsked, Json::object({{"basis", "pact.7"}}));
  CHECK(rule({}, facts) == "decide.basis");
  facts = ask();
  facts.d = Json::object({{"basis", "pact.7"}, {"speed", "slow"}});
  CHECK(rule({}, facts) == "decide.basis.parties");  // bb is bound from June
  CHECK(rule({}, facts, at("2031-06-01T00:00:00Z")) == "permitted");
}

TEST_CASE("d carries exactly the routing fields of the form") {
  const auto with = [](Json d) {
    ActFacts facts = ask();
    facts.d = std::move(d);
    return decide(small_rules(), {}, facts, kNow);
  };
  const Json base = Json::object({{"basis", "treaty.1"}, {"speed", "slow"}});
  const auto plus = [&](const char* name, Json value) {
    Json d = base;
    d.set(name, std::move(value));
    return with(std::move(d));
  };
  Decision sealed = plus("text", "secret");
  CHECK(rule(sealed) == "decide.field.sealed");
  CHECK(sealed.error().path == "d.text");
  CHECK(rule(plus("colour", "blue")) == "decide.field");
  CHECK(rule(plus("speed", "rapid")) == "decide.field");
  CHECK(rule(plus("years", "ten")) == "decide.field");
  CHECK(rule(plus("years", 100)) == "decide.field");
  CHECK(rule(plus("years", 99)) == "permitted");
  CHECK(rule(plus("why_fast", "no")) == "decide.field");  // hidden while slow
  CHECK(rule(plus("years", Json())) == "decide.field");   // an empty member says nothing and is not carried
  CHECK(rule(with(Json::object({{"basis", "treaty.1"}}))) == "decide.field");
  CHECK(rule(with(Json::object({{"basis", "treaty.1"}, {"speed", "fast"}}))) ==
        "decide.field");  // required under this basis
  CHECK(rule(with(Json::object({{"basis", 7}, {"speed", "slow"}}))) == "decide.field");
  CHECK(rule(with(Json())) == "decide.field");
  ActFacts facts = close();
  facts.d = Json::object({{"x", 1}});
  CHECK(rule(in_state("answered"), facts) == "decide.field");
}

TEST_CASE("sealed objects: those that must be there, to both parties, to no stranger") {
  ActFacts facts = ask();
  facts.objects.pop_back();
  CHECK(rule({}, facts) == "decide.object.missing");
  facts = ask();
  facts.objects.push_back({"photo", facts.objects[0].to});
  CHECK(rule({}, facts) == "decide.object.forbidden");
  facts = ask();
  facts.objects[1].to = {kAsker.id};
  CHECK(rule({}, facts) == "decide.object.sealed-to");
  facts = ask();
  facts.objects[0].to.push_back(kStranger.id);
  CHECK(rule({}, facts) == "decide.object.sealed-to");
  const Rulebook bare = MUST(load(changed("kinds/question.json", "\"assurance\": \"two-person\",",
                                          "\"assurance\": \"two-person\", \"objects\": {\"doc\": \"forbidden\"},")));
  facts = close();
  seal(facts, {"doc"});
  CHECK(rule(decide(bare, in_state("answered"), facts, kNow)) == "decide.object.forbidden");
}

TEST_CASE("a rule of the transition refuses by its own name and source") {
  const Decision decision = decide(small_rules(), in_state("asked"), close(), kNow);
  CHECK(rule(decision) == "question.close.answered");
  CHECK(decision.error().source == "treaty.2");
}

TEST_CASE("a refusal of the engine cites the rules of use, or else the transition's own source") {
  CHECK(decide(small_rules(), in_state("answered"), answer(), kNow).error().source == "use.1");
  ActFacts facts = ask();
  facts.signers.clear();
  CHECK(decide(small_rules(), {}, facts, kNow).error().source == "treaty.1");
}

TEST_CASE("a clock until a date: bounds when it starts, later when it is extended") {
  CHECK(rule(in_state("asked"), answer("2031-04-29")) == "decide.clock.too-short");
  CHECK(rule(in_state("asked"), answer("2031-05-01")) == "permitted");  // the last second of the sixtieth day
  CHECK(rule(in_state("asked"), answer("2032-03-02")) == "decide.clock.too-long");
  CHECK(rule(in_state("asked"), answer("2030-01-01")) == "decide.clock.too-short");

  const Permitted answered = decide(small_rules(), in_state("asked"), answer(), kNow).value();
  CHECK(answered.started[0].due == at("2031-05-15T23:59:59Z"));
  CHECK(answered.started[0].lapses);
  CHECK(answered.started[0].alarms.front() == at("2031-04-24T23:59:59Z"));
  const CaseState running = apply(in_state("asked"), answered, "question.answer");
  ActFacts prolong = act("question.prolong", kAsked, kAsker, Json::object({{"until", "2031-05-15"}}));
  CHECK(rule(running, prolong) == "decide.clock.later");
  prolong.d = Json::object({{"until", "2031-05-16"}});
  CHECK(rule(running, prolong) == "permitted");
  CHECK(rule(in_state("answered"), prolong) == "decide.clock");
}

TEST_CASE("a clock that falls due moves the case, once, and not before") {
  CaseState state =
      apply(in_state("asked"), decide(small_rules(), in_state("asked"), answer(), kNow).value(), "question.answer");
  CHECK(rule(fall_due(small_rules(), state, "question.end", at("2031-05-15T23:59:58Z"))) == "decide.clock");
  const Permitted lapsed = fall_due(small_rules(), state, "question.end", at("2031-05-15T23:59:59Z")).value();
  CHECK(lapsed.threads[0].to == "lapsed");
  CHECK(lapsed.threads[0].is_final);
  CHECK(lapsed.stopped == std::vector<std::string>{"question.end"});
  state = apply(std::move(state), lapsed, "question.lapse");
  CHECK(state.clocks.empty());
  CHECK(rule(fall_due(small_rules(), state, "question.end", at("2032-01-01T00:00:00Z"))) == "decide.clock");
  CHECK(rule(fall_due(small_rules(), state, "no.such", kNow)) == "decide.clock");
}

TEST_CASE("a clock without a lapse only alarms when it is due") {
  const CaseState state = apply({}, decide(small_rules(), {}, ask(), kNow).value(), "question.ask");
  const Permitted nothing = fall_due(small_rules(), state, "question.reply", at("2031-03-09T09:00:00Z")).value();
  CHECK(nothing.threads.empty());
  CHECK(nothing.stopped.empty());
}

TEST_CASE("a final state stops every clock of the kind, and other threads react") {
  CaseState state = in_state("answered");
  state.threads.push_back({"thanks", "said", "treaty.1", kAsker, kAsked, Json::object()});
  state.clocks = {{"question.end", kAsker.id, at("2031-05-15T23:59:59Z")},
                  {"thanks.smile", kAsker.id, at("2031-04-02T09:00:00Z")}};
  const Permitted closed = decide(small_rules(), state, close(), kNow).value();
  REQUIRE(closed.threads.size() == 2);
  CHECK(closed.threads[1].kind == "thanks");
  CHECK(closed.threads[1].to == "done");
  CHECK(closed.stopped == std::vector<std::string>{"question.end", "thanks.smile"});
  state.threads[1].state = "done";  // it has moved already: nothing happens, nothing is refused
  CHECK(decide(small_rules(), state, close(), kNow).value().threads.size() == 1);
}

TEST_CASE("a thread that has ended can be opened anew") { CHECK(rule(in_state("closed"), ask()) == "permitted"); }

TEST_CASE("a part is handed over within its country only, to a receiver that may have it") {
  Files files =
      changed("kinds/question.json", "\"assurance\": \"step-up\", \"stops\"",
              "\"hand_over\": {\"party\": \"requested\", \"field\": \"to\"}, \"assurance\": \"step-up\", \"stops\"");
  std::string& form = files.find("forms/question.answer.json")->second;
  form.replace(
      form.find("{\"field\": \"grounds\""), 0,
      R"({"field": "to", "in": "routing", "schema": {"type": "string", "format": "authority"}, "required": true}, )");
  const Rulebook rules = MUST(load(std::move(files)));
  const Authority next{Subject("au:bb:next"), "court", "bb"};
  ActFacts facts = answer();
  facts.d.set("to", "au:bb:next");
  CHECK(rule(decide(rules, in_state("asked"), facts, kNow)) == "decide.hand-over");
  facts.receivers.push_back(next);
  const Permitted permitted = decide(rules, in_state("asked"), facts, kNow).value();
  CHECK(permitted.threads[0].requested.id == next.id);
  CHECK(permitted.threads[0].requesting.id == kAsker.id);
  facts.receivers[1].kind = "post";
  CHECK(rule(decide(rules, in_state("asked"), facts, kNow)) == "decide.hand-over");
  facts.receivers[1] = {next.id, "court", "dd"};
  CHECK(rule(decide(rules, in_state("asked"), facts, kNow)) == "decide.hand-over");
}

TEST_CASE("the requested party may open a thread where the rulebook says so") {
  const Rulebook rules = MUST(load(changed("kinds/question.json", "\"t\": \"question.ask\", \"by\": \"requesting\"",
                                           "\"t\": \"question.ask\", \"by\": \"requested\"")));
  ActFacts facts = ask();
  facts.actor = kAsked;
  facts.receivers = {kAsker};
  facts.objects.clear();
  seal(facts, {"doc", "sum"});
  const Permitted permitted = decide(rules, {}, facts, kNow).value();
  CHECK(permitted.threads[0].requesting.id == kAsker.id);
  CHECK(permitted.threads[0].requested.id == kAsked.id);
}

TEST_CASE("abilities say what a person can do here, and why not the rest") {
  const auto of = [](const CaseState& state, const Person& person, std::string_view type) -> std::string {
    for (const Ability& ability : abilities(small_rules(), state, person, kNow))
      if (ability.act == type) return ability.refused ? ability.refused->rule : "can";
    return "not listed";
  };
  const Person asker{kAsker, {"officer"}, DeviceLevel::hw};
  const Person asked{kAsked, {"officer"}, DeviceLevel::hw};
  CHECK(of({}, asker, "question.ask") == "can");
  CHECK(of({}, asked, "question.ask") == "decide.authority-kind");
  CHECK(of({}, asker, "question.answer") == "not listed");
  CHECK(of(in_state("asked"), asked, "question.answer") == "can");
  CHECK(of(in_state("asked"), asker, "question.answer") == "decide.party");
  CHECK(of(in_state("asked"), asker, "question.ask") == "decide.case");
  CHECK(of(in_state("asked"), asker, "question.close") == "question.close.answered");
  CHECK(of(in_state("answered"), asker, "question.close") == "can");
  CHECK(of(in_state("answered"), asker, "question.lapse") == "not listed");
  CHECK(of(in_state("asked"), {kAsked, {"magistrate"}, DeviceLevel::hw}, "question.answer") == "decide.role");
  CHECK(of(in_state("asked"), {kAsked, {"officer"}, DeviceLevel::soft}, "question.answer") ==
        "decide.assurance.step-up");
  CHECK(of(in_state("asked"), asker, "thanks.say") == "can");
  CHECK(of(in_state("asked"), {kStranger, {"officer"}, DeviceLevel::hw}, "thanks.say") == "decide.stranger");
}

TEST_CASE("a matter that is handed over takes its running clocks along, with their times as they are") {
  const Authority next{Subject("au:bb:next"), "court", "bb"};
  CaseState asked = in_state("answered");
  asked.clocks = {{"question.reply", kAsked.id, at("2031-03-09T09:00:00Z")},
                  {"question.end", kAsker.id, at("2031-05-15T23:59:59Z")},
                  {"thanks.smile", kAsked.id, at("2031-04-02T09:00:00Z")}};
  ActFacts pass = act("question.pass", kAsked, kAsker, Json::object({{"new_authority", "au:bb:next"}}));
  pass.receivers.push_back(next);
  const Permitted permitted = decide(small_rules(), asked, pass, kNow).value();
  // The asker's clock stays the asker's; another thread's stays with that thread.
  REQUIRE(permitted.moved.size() == 1);
  CHECK(permitted.moved[0].clock == "question.reply");
  CHECK(permitted.moved[0].owner == next.id);
  CHECK(permitted.stopped.empty());
  CHECK(permitted.started.empty());
  const CaseState after = apply(asked, permitted, "question.pass");
  CHECK(after.clocks[0].owner == next.id);
  CHECK(after.clocks[0].due == asked.clocks[0].due);
  CHECK(after.clocks[1].owner == kAsker.id);
  CHECK(after.clocks[2].owner == kAsked.id);

  // What stops or starts anew in the same move is not moved as well.
  ActFacts end = close();
  end.receivers = {next};
  const Decision closed = decide(small_rules(), after, end, kNow);
  REQUIRE(rule(closed) == "permitted");
  CHECK(closed->moved.empty());
}

TEST_CASE("an act that several persons sign may wait for their signatures, and no other") {
  const Time at = from_seconds(1'900'000'000);
  CHECK(admissible_until(small_rules(), "dir.country", at) == at + std::chrono::hours(24 * 7));
  CHECK(admissible_until(small_rules(), "dir.device", at) == at + kSigningWindow);
  CHECK(admissible_until(small_rules(), "question.ask", at) == at + kSigningWindow);
}

TEST_CASE("a receiver has a day to confirm an act, an hour when it is urgent") {
  const Time admitted = from_seconds(1'900'000'000);
  const Json slow = Json::object({{"speed", "slow"}}), fast = Json::object({{"speed", "fast"}});
  CHECK(acknowledgement_due(small_rules(), "question.ask", slow, admitted) == admitted + std::chrono::hours(24));
  CHECK(acknowledgement_due(small_rules(), "question.ask", fast, admitted) == admitted + std::chrono::hours(1));
  Files without = small_files();
  without.erase("delivery.json");
  CHECK(!acknowledgement_due(MUST(load(std::move(without))), "question.ask", fast, admitted));
}

TEST_CASE("acts of the directory ask for the signatures of their roles") {
  const auto directory = [](DirectoryFacts facts) {
    const auto result = decide_directory(small_rules(), facts);
    return result ? std::string("permitted") : result.error().rule;
  };
  CHECK(directory({"dir.country", {{"org-root", 3}, {"country-root", 1}}, {{"org-root", 3}}}) == "permitted");
  CHECK(directory({"dir.country", {{"org-root", 2}, {"country-root", 1}}, {{"org-root", 3}}}) == "decide.signers");
  CHECK(directory({"dir.country", {{"org-root", 3}}, {{"org-root", 3}}}) == "decide.signers");
  CHECK(directory({"dir.country", {{"org-root", 3}, {"country-root", 1}}, {}}) ==
        "decide.signers");  // no threshold is never enough
  CHECK(directory({"dir.device", {{"administrator", 1}}, {}, true}) == "permitted");
  CHECK(directory({"dir.device", {{"administrator", 1}}, {}, false}) == "decide.assurance.possession");
  CHECK(directory({"dir.nothing", {}, {}}) == "decide.act");
}

}  // namespace entraide::rulebook
