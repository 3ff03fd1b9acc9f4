// An act that two must sign: it waits for the second, is seen by who may sign it and by nobody else, and comes into the
// ledger once, whole, or not at all.

#include "enrolment/waiting.h"

#include <atomic>
#include <future>

#include "client/admin.h"
#include "client/events.h"
#include "contract/remote.h"

namespace entraide::contract {

using codec::Json;

namespace {

// Two administrators, and acts as the first of them begins them.
struct Desks {
  explicit Desks(Stage& of)
      : stage(of),
        office(of.hub.world().office("au:fr:central")),
        first(office.administrators[0]),
        second(office.administrators[1]) {}

  std::string begun(std::vector<std::string> roles, const std::vector<const crypto::Signer*>& signers) {
    act::Act act;
    act.type = "dir.officer";
    act.nonce = codec::base64url(stage.hub.random().bytes(16));
    act.by = act.for_authority = office.authority;
    act.device = signers.front()->public_key().kid();
    act.at = stage.hub.world().now();
    act.rulebook = kit::rules().digest();
    act.checkpoint = stage.hub.world().checkpoint();
    act.d = client::admin::officer(client::admin::new_officer("fr", stage.hub.random()), std::move(roles),
                                   stage.hub.world().now() + std::chrono::hours(24 * 365));
    return MUST(act::sign_act(act, signers));
  }
  std::string magistrate() { return begun({"officer", "magistrate"}, {&first}); }

  Stage& stage;
  demo::Office& office;
  const crypto::PrivateKey &first, &second;
};

std::string act_body(const std::string& act) { return codec::to_json(Json::object({{"act", act}})); }
std::string no_because(std::string_view why) { return codec::to_json(Json::object({{"why", why}})); }
std::string id_of(const std::string& body) { return act::to_text(MUST(act::parse_act(body)).id); }

const char* const kForFrance = "/v1/waiting?for=au:fr:central";

Json only(Visitor& administrator) {
  const Json items = *json_of(administrator.ask("GET", kForFrance)).find("items");
  REQUIRE(items.array_items().size() == 1);
  return items.array_items()[0];
}

}  // namespace

void walk_waiting(Stage& stage) {
  Desks desks(stage);
  Visitor first(stage, desks.first), second(stage, desks.second);
  Visitor foreign(stage, stage.hub.world().office("au:ke:central").administrators[0]);
  const auto leave = [](Visitor& who, const std::string& act) {
    return verdict(who.ask("POST", "/v1/waiting", act_body(act)));
  };

  // ---- to leave one: by who may sign it and has, where signatures are all that it lacks
  const std::string act = desks.magistrate();
  const std::size_t before = stage.tree_size();
  CHECK(verdict(stage.raw("POST", "/v1/waiting", act_body(act))) == "401 session.missing");
  CHECK(verdict(stage.as(*stage.fr, "POST", "/v1/waiting", act_body(act))) == "403 api.administrator");
  CHECK(leave(foreign, act) == "403 api.administrator");
  CHECK(leave(second, act) == "403 waiting.signer");
  CHECK(leave(first, "no act") == "422 act.form");
  CHECK(verdict(first.ask("POST", "/v1/waiting", "{}")) == "422 json.member");
  CHECK(verdict(first.ask("POST", "/v1/waiting", std::string(40'000, ' '))) == "413 http.body.too-large");
  CHECK(leave(first, std::string(17'000, 'x')) == "413 waiting.size");
  CHECK(leave(first, MUST(stage.hub.world().prepare(stage.hub.world().new_course(), stage.fr->officer(),
                                                    {"message.open",
                                                     Json::object({{"basis", "use.2.2"}, {"text", "a word"}}),
                                                     "a word",
                                                     {},
                                                     {},
                                                     {Subject("au:ke:central")}}))
                         .body) == "422 waiting.type");
  CHECK(leave(first, desks.begun({"officer"}, {&desks.first})) == "409 waiting.complete");
  CHECK(leave(first, desks.begun({"magistrate"}, {&desks.first, &desks.second})) == "409 waiting.complete");
  CHECK(leave(first, desks.begun({}, {&desks.first})) == "422 dir.roles");
  // What was changed on the way is signed by nobody.
  std::string changed = act;
  changed.replace(0, changed.find('\n'), codec::base64url(bytes_of([&] {
                    std::string payload(text_of(MUST(codec::from_base64url(act.substr(0, act.find('\n'))))));
                    payload.replace(payload.find("magistrate"), 10, "ring-admin");
                    return payload;
                  }())));
  CHECK(leave(first, changed) == "422 act.signature");
  CHECK(json_of(first.ask("GET", kForFrance)).find("items")->array_items().empty());

  const auto left = first.ask("POST", "/v1/waiting", act_body(act));
  REQUIRE(left.status == 201);
  CHECK(json_of(left).find("expires_at")->string() ==
        codec::rfc3339(stage.hub.world().now() + std::chrono::hours(24 * 7)));
  CHECK(verdict(first.ask("POST", "/v1/waiting", act_body(act))) == "200");
  CHECK(stage.tree_size() == before);

  // ---- to see it: the administrators of that authority
  CHECK(verdict(stage.raw("GET", kForFrance)) == "401 session.missing");
  CHECK(verdict(stage.as(*stage.fr, "GET", kForFrance)) == "403 api.administrator");
  CHECK(verdict(foreign.ask("GET", kForFrance)) == "403 api.administrator");
  CHECK(verdict(second.ask("GET", "/v1/waiting")) == "403 api.administrator");
  const Json seen = only(second);
  CHECK(seen.find("state")->string() == "waiting");
  CHECK(seen.find("act")->string() == act);
  CHECK(seen.find("signers")->array_items() == Json::Array{desks.first.public_key().kid().str()});

  // ---- one person is not two, a stranger is none, and without the second it is not in the ledger
  CHECK(stage.submit(act, {}).status == 403);
  CHECK(verdict(stage.submit(act, {})) == "403 dir.signers");
  CHECK(testing::rule_of(act::add_signature(act, desks.first)) == "act.signature.twice");
  const auto& stranger = stage.hub.world().office("au:ke:central").administrators[0];
  const std::string with_stranger = MUST(act::add_signature(act, stranger));
  CHECK(verdict(stage.submit(with_stranger, {})) == "403 dir.signers");

  // ---- both: one act in the ledger, and who began it sees that
  const std::string whole = MUST(act::add_signature(act, desks.second));
  CHECK(leave(second, whole) == "409 waiting.complete");
  CHECK(stage.submit(whole, {}).status == 201);
  CHECK(stage.tree_size() == before + 1);
  const Json done = only(first);
  CHECK(done.find("state")->string() == "admitted");
  CHECK(done.find("index")->integer() == static_cast<std::int64_t>(before));
  CHECK(leave(first, act) == "409 waiting.complete");
  const std::string of_done = "/v1/waiting/" + id_of(act) + "/refusal";
  CHECK(verdict(second.ask("POST", of_done, no_because("mistake"))) == "409 waiting.complete");

  // ---- no: said once, with a reason of the list, by who could have signed
  stage.hub.clock().advance(Seconds(1));
  const std::string other = desks.magistrate();
  CHECK(leave(first, other) == "201");
  const std::string refusal = "/v1/waiting/" + id_of(other) + "/refusal";
  CHECK(verdict(stage.raw("POST", refusal, no_because("person"))) == "401 session.missing");
  CHECK(verdict(foreign.ask("POST", refusal, no_because("person"))) == "404 api.not_found");
  CHECK(verdict(stage.as(*stage.fr, "POST", refusal, no_because("person"))) == "404 api.not_found");
  CHECK(verdict(second.ask("POST", "/v1/waiting/" + nothing(32) + "/refusal", no_because("person"))) ==
        "404 api.not_found");
  CHECK(verdict(second.ask("POST", "/v1/waiting/x/refusal", no_because("person"))) == "404 api.not_found");
  CHECK(verdict(second.ask("POST", refusal, no_because("I do not like him"))) == "422 waiting.why");
  CHECK(verdict(second.ask("POST", refusal, "{}")) == "422 json.member");
  CHECK(second.ask("POST", refusal, no_because("person")).status == 204);
  CHECK(verdict(second.ask("POST", refusal, no_because("mistake"))) == "409 waiting.declined");
  CHECK(leave(first, other) == "409 waiting.declined");
  const Json list = *json_of(first.ask("GET", kForFrance)).find("items");
  REQUIRE(list.array_items().size() == 2);
  CHECK(list.at_path("1.state")->string() == "declined");
  CHECK(list.at_path("1.declined.why")->string() == "person");
  CHECK(list.at_path("1.declined.by")->string() == desks.second.public_key().kid().str());

  // ---- the country's roots gather theirs in the same place
  demo::Country& country = stage.hub.world().countries().at("fr");
  Visitor root(stage, country.roots[0]), other_root(stage, country.roots[1]);
  const std::vector<crypto::PublicKey> two{crypto::PrivateKey::generate(stage.hub.random()).public_key(),
                                           crypto::PrivateKey::generate(stage.hub.random()).public_key()};
  act::Act third;
  third.type = "dir.authority";
  third.nonce = codec::base64url(stage.hub.random().bytes(16));
  third.by = third.for_authority = Subject("cc:fr");
  third.device = country.roots[0].public_key().kid();
  third.at = stage.hub.world().now();
  third.rulebook = kit::rules().digest();
  third.checkpoint = stage.hub.world().checkpoint();
  third.d = client::admin::authority(Subject("au:fr:third"), "unit", {}, Json::object({{"en", "Third"}}), two);
  const crypto::Signer* const of_root[] = {&country.roots[0]};
  const std::string authority = MUST(act::sign_act(third, of_root));
  CHECK(leave(first, authority) == "403 api.administrator");
  CHECK(leave(root, authority) == "201");
  CHECK(verdict(first.ask("GET", "/v1/waiting?for=cc:fr")) == "403 api.administrator");
  CHECK(json_of(other_root.ask("GET", "/v1/waiting?for=cc:fr")).at_path("items.0.act")->string() == authority);
  CHECK(stage.submit(MUST(act::add_signature(authority, country.roots[1])), {}).status == 201);

  // ---- fifty wait; what was declined makes room
  for (int i = 0; i < 48; ++i) CHECK(leave(first, desks.magistrate()) == "201");
  CHECK(leave(first, desks.magistrate()) == "201");
  CHECK(leave(first, desks.magistrate()) == "409 waiting.full");

  // ---- a signer who is revoked meanwhile: it can come to nothing, and that is said
  const std::string void_act = desks.begun({"ring-admin"}, {&desks.second});
  const std::string first_of_all = id_of(act);
  stage.hub.clock().advance(std::chrono::hours(24));
  MUST(stage.hub.world().enact(
      desks.office.authority, desks.office.authority, "dir.revoke",
      client::admin::revoke_key(desks.first.public_key().kid(), "lost", stage.hub.world().now()), {&desks.second}));
  Visitor still(stage, desks.second);
  const Json after = *json_of(still.ask("GET", kForFrance)).find("items");
  CHECK(std::ranges::any_of(after.array_items(), [](const Json& one) {
    return *one.find("state") == Json("void") && *one.find("rule") == Json("act.device.revoked");
  }));
  CHECK(verdict(stage.submit(MUST(act::add_signature(other, desks.second)), {})) == "403 act.device.revoked");
  CHECK(testing::rule_of(first.api.exchange({"GET", kForFrance, {}, {}}, true)) == "act.device.revoked");

  // ---- a week, and it is over
  stage.hub.clock().advance(std::chrono::hours(24 * 6));
  Visitor later(stage, desks.second);
  CHECK(json_of(later.ask("GET", kForFrance)).find("items")->array_items().empty());
  CHECK(verdict(later.ask("POST", refusal, no_because("person"))) == "404 api.not_found");
  stage.hub.clock().advance(Seconds(1));
  CHECK(leave(later, void_act) == "403 act.time.window");
}

TEST_CASE("an act that two must sign waits for the second, and is admitted whole or not at all") {
  Stage stage;
  walk_waiting(stage);
}

TEST_CASE(
    "administrators hear at once what waits for them, what was declined and what took effect, and nothing else") {
  Stage stage;
  Desks desks(stage);
  const Listening server(stage);
  Remote first(stage, server, desks.first), second(stage, server, desks.second);
  MUST(first.api.sign_in());
  MUST(second.api.sign_in());
  const auto post = [&](const std::string& path, const std::string& body) {
    return verdict(MUST(first.api.exchange({"POST", path, {}, body}, true)));
  };
  const std::string magistrate = desks.magistrate(), other = desks.begun({"ring-admin"}, {&desks.first});
  const std::string whole = MUST(act::add_signature(magistrate, desks.second));
  // Left again and again, until somebody listens: what was told before is not told again.
  std::atomic<bool> heard_it = false;
  auto begun = std::async(std::launch::async, [&] {
    while (!heard_it) CHECK(post("/v1/waiting", act_body(other)).starts_with("20"));
  });
  std::vector<std::string> heard;
  client::EventParser parser;
  MUST(second.api.stream("/v1/events?authority=au:fr:central&after=-1", {}, [&](std::string_view bytes) {
    for (const client::Event& event : MUST(parser.feed(bytes))) {
      CHECK(event.index == -1);
      CHECK(event.name == "waiting");
      CHECK(event.data.find("authority")->string() == "au:fr:central");
      if (!heard_it.exchange(true)) {
        begun.get();
        stage.ask();  // an act of the authority, which its administrators do not read
        CHECK(post("/v1/waiting/" + id_of(other) + "/refusal", no_because("withdrawn")) == "204");
        CHECK(post("/v1/waiting", act_body(magistrate)) == "201");
        CHECK(post("/v1/acts", act_body(whole)) == "201");
      }
      heard.push_back(event.data.find("waiting")->string());
    }
    return std::ranges::count(heard, id_of(magistrate)) < 2;
  }));
  CHECK(std::ranges::count(heard, id_of(other)) >= 2);
  CHECK(heard.back() == id_of(magistrate));
}

}  // namespace entraide::contract
