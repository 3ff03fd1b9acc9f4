#include "client/mirror.h"
#include "client/admin.h"
#include "client/files.h"
#include "client/outbox.h"
#include "client/world_for_test.h"
#include "codec/codec.h"

using namespace entraide;
using namespace entraide::client;
using codec::Json;
using entraide::testing::rule_of;

namespace {

std::string act_body(World& world, const Party& from, const Mirror& mirror, const Subject& to) {
  const act::Act act =
      compose(mirror, from.author(), {"assistance.request", {to}, new_case_id(world.random), {}, {}, Json::object()},
              world.clock.now(), world.random);
  return MUST(sign(act, from.author()));
}

}  // namespace

TEST_CASE("a mirror computes the directory itself and keeps it over a restart") {
  World world;
  auto client = world.client_of(world.france, "m");
  MUST(client->mirror.update(client->api));
  CHECK(client->mirror.checkpoint().size == world.hub.entries.size());
  CHECK(client->mirror.directory().authorities().size() == 2);
  const Mirror again = MUST(Mirror::load({world.folder / "m.json", world.genesis}));
  CHECK(again.checkpoint() == client->mirror.checkpoint());
  CHECK(again.directory().authorities().size() == 2);
}

TEST_CASE("a mirror follows a ledger that grows past several tiles") {
  World world;
  auto client = world.client_of(world.france, "m");
  MUST(client->mirror.update(client->api));
  for (int i = 0; i < 700; ++i) world.hub.append_note("{}");
  MUST(client->mirror.update(client->api));
  const crypto::PrivateKey spare = crypto::PrivateKey::generate(world.random);
  world.directory_act(world.france.administrator(), "dir.revoke",
                      admin::revoke_key(world.france.sign.public_key().kid(), "lost", world.clock.now()));
  MUST(client->mirror.update(client->api));
  CHECK_FALSE(client->mirror.directory().key(world.france.sign.public_key().kid())->active());
}

TEST_CASE("a revoked device is judged by the directory as it was at each index") {
  World world;
  auto client = world.client_of(world.kenya, "m");
  const KeyId device = world.france.sign.public_key().kid();
  const std::int64_t before = world.hub.append_note("{}");
  world.directory_act(world.france.administrator(), "dir.revoke",
                      admin::revoke_key(device, "lost", world.clock.now()));
  const std::int64_t after = world.hub.append_note("{}");
  MUST(client->mirror.update(client->api));
  CHECK(client->mirror.directory_before(before).key(device)->active());
  CHECK_FALSE(client->mirror.directory_before(after).key(device)->active());
}

TEST_CASE("another genesis than the one that is trusted is refused") {
  World world;
  auto client = world.client_of(world.france, "m");
  ActId other = world.genesis;
  other.value[0] ^= 1;
  Mirror mirror = MUST(Mirror::load({world.folder / "other.json", other}));
  CHECK(rule_of(mirror.update(client->api)) == "mirror.genesis");
  CHECK(mirror.empty());
}

TEST_CASE("a ledger that goes back raises an alarm that stays") {
  World world;
  auto client = world.client_of(world.france, "m");
  world.hub.append_note("{}");
  MUST(client->mirror.update(client->api));
  world.hub.truncate(world.hub.entries.size() - 1);
  const auto refused = client->mirror.update(client->api);
  CHECK(rule_of(refused) == "mirror.rollback");
  CHECK(refused.error().code == Errc::not_authentic);

  Mirror again = MUST(Mirror::load({world.folder / "m.json", world.genesis}));
  REQUIRE(again.alarms().size() == 1);
  CHECK(again.alarms()[0].rule == "mirror.rollback");
  world.hub.append_note("{}");
  CHECK(rule_of(again.update(client->api)) == "mirror.alarm");
  MUST(again.clear_alarms());
  CHECK(MUST(Mirror::load({world.folder / "m.json", world.genesis})).alarms().empty());
}

TEST_CASE("a fork is an alarm with both signed trees as evidence") {
  World world;
  auto client = world.client_of(world.france, "m");
  world.hub.append_note("{\"one\":1}");
  MUST(client->mirror.update(client->api));
  const std::string ours = client->mirror.checkpoint_note();
  SUBCASE("of the same size") {
    world.hub.truncate(world.hub.entries.size() - 1);
    world.hub.append_note("{\"other\":1}");
  }
  SUBCASE("of a larger size") {
    world.hub.truncate(world.hub.entries.size() - 1);
    world.hub.append_note("{\"other\":1}");
    world.hub.append_note("{\"more\":1}");
  }
  CHECK(rule_of(client->mirror.update(client->api)) == "mirror.fork");
  REQUIRE(client->mirror.alarms().size() == 1);
  CHECK(client->mirror.alarms()[0].evidence.find(ours) != std::string::npos);
  CHECK(client->mirror.checkpoint_note() == ours);
}

TEST_CASE("what the hub says of its ledger is believed only when it gives the signed root") {
  World world;
  auto client = world.client_of(world.france, "m");
  const auto with = [&](std::string_view path, const auto& change) {
    world.hub.tamper = [path = std::string(path), change](const HttpRequest& request, HttpResponse& response) {
      if (request.url.find(path) != std::string::npos) change(response.body);
    };
    Mirror mirror = MUST(Mirror::load({world.folder / "fresh.json", world.genesis}));
    std::string rule = rule_of(mirror.update(client->api));
    CHECK(mirror.checkpoint().size == 0);
    return rule;
  };
  const auto replace = [](const std::string& from, const std::string& to) {
    return [from, to](std::string& body) {
      const std::size_t at = body.find(from);
      REQUIRE(at != std::string::npos);
      body.replace(at, from.size(), to);
    };
  };
  CHECK(with("/ledger/checkpoint", [](std::string& body) {
          body[body.size() - 4] = body[body.size() - 4] == 'A' ? 'B' : 'A';
        }) == "mirror.checkpoint");
  CHECK(with("/tile/entries/", replace("entraide/1 dir", "entraide/1 act")) == "mirror.bundle");
  CHECK(with("/tile/entries/", [](std::string& body) { body.pop_back(); }) == "mirror.bundle");
  CHECK(with("/v1/directory/feed?from=0&limit=5", replace("\"index\":3,", "\"index\":4,")) == "mirror.feed");
  CHECK(with("/v1/directory/feed?from=0&limit=5", replace("2027-01-15T08:00:00Z", "2027-01-15T08:00:01Z")) ==
        "mirror.feed");
  // An act of the directory that is kept back: the others move up, and the gap shows.
  CHECK(with("/v1/directory/feed?from=0&limit=5", [](std::string& body) {
          Json page = MUST(codec::parse_json(body));
          auto& list = const_cast<Json*>(page.find("entries"))->array_items();
          list.pop_back();
          body = codec::to_json(page);
        }) == "mirror.feed");
  world.hub.tamper = nullptr;
  Mirror honest = MUST(Mirror::load({world.folder / "fresh.json", world.genesis}));
  MUST(honest.update(client->api));
}

TEST_CASE("an act that the directory would not admit is noticed though the hub has logged it") {
  World world;
  auto client = world.client_of(world.france, "m");
  MUST(client->mirror.update(client->api));
  // Kenya's administrator enrols an officer for France.
  act::Act act = compose(
      client->mirror, {world.france.authority, world.france.authority, &world.kenya.administrator_1},
      {"dir.officer",
       {},
       {},
       {},
       {},
       admin::officer(admin::new_officer("fr", world.random), {"officer"}, world.clock.now() + Seconds(3600))},
      world.clock.now(), world.random);
  world.hub.append(MUST(sign(act, {world.france.authority, world.france.authority, &world.kenya.administrator_1})));
  CHECK(rule_of(client->mirror.update(client->api)) == "mirror.feed");
}

TEST_CASE("a damaged state file is noticed, whatever was changed in it") {
  World world;
  auto client = world.client_of(world.france, "m");
  MUST(client->mirror.update(client->api));
  const Bytes good = MUST(read_file(world.folder / "m.json", 1 << 20));
  const auto load_with = [&](const std::string& text) {
    MUST(write_file_whole(world.folder / "bad.json", bytes_of(text)));
    const auto loaded = Mirror::load({world.folder / "bad.json", world.genesis});
    return loaded ? std::string("accepted") : loaded.error().rule;
  };
  const std::string text(text_of(good));
  CHECK(load_with(text) == "accepted");
  CHECK(load_with(text.substr(0, text.size() / 2)) == "mirror.state");
  for (const std::string_view where :
       {"\"frontier\":\"", "\"body\":\"", "entraide-mirror/1", "\"checkpoint\":\"hub"}) {
    std::string changed = text;
    const std::size_t at = changed.find(where) + where.size() + 5;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    CHECK(load_with(changed) == "mirror.state");
  }
}

TEST_CASE("counters go on where they stopped, also after a kill between sending and hearing back") {
  World world;
  auto client = world.client_of(world.france, "m");
  MUST(client->mirror.update(client->api));
  const KeyId device = world.france.sign.public_key().kid();
  const Subject to = world.kenya.authority;
  Outbox outbox(world.folder / "outbox", client->api, client->mirror);
  const Sent first = MUST(outbox.send(act_body(world, world.france, client->mirror, to), {}));
  CHECK(first.act.sent.at(to.str()) == 1);
  CHECK(first.is_new);
  CHECK(client->mirror.sent(device, to) == 1);

  // The hub takes the act, the line breaks before its answer, every attempt; the program dies.
  const std::string second = act_body(world, world.france, client->mirror, to);
  world.hub.break_after = 5;
  CHECK(rule_of(outbox.send(second, {})) == "network.connect");
  CHECK(outbox.pending());
  auto later = world.client_of(world.france, "m");
  Outbox again(world.folder / "outbox", later->api, later->mirror);
  CHECK(later->mirror.sent(device, to) == 1);
  const auto resumed = MUST(again.resume());
  REQUIRE(resumed.size() == 1);
  const Sent& sent = MUST(Result<Sent>(resumed[0].outcome));
  CHECK(sent.body == second);
  CHECK_FALSE(sent.is_new);
  CHECK(later->mirror.sent(device, to) == 2);
  CHECK_FALSE(again.pending());
  CHECK(MUST(again.receipt_of(sent.id)) == sent.receipt);
  CHECK(MUST(Mirror::load({world.folder / "m.json", world.genesis})).sent(device, to) == 2);
}

TEST_CASE("an act that the hub refuses leaves no gap in the counters") {
  World world;
  auto client = world.client_of(world.france, "m");
  MUST(client->mirror.update(client->api));
  Outbox outbox(world.folder / "outbox", client->api, client->mirror);
  world.hub.tamper = [](const HttpRequest& request, HttpResponse& response) {
    if (request.method == "POST" && request.url.ends_with("/v1/acts"))
      response = {
          403,
          {},
          R"({"type":"https://entraide.example/problems/decide.party","title":"Not this party","detail":"d"})"};
  };
  const auto refused = outbox.send(act_body(world, world.france, client->mirror, world.kenya.authority), {});
  CHECK(rule_of(refused) == "decide.party");
  CHECK(refused.error().code == Errc::refused);
  CHECK_FALSE(outbox.pending());
  CHECK(client->mirror.sent(world.france.sign.public_key().kid(), world.kenya.authority) == 0);
}

TEST_CASE("a receipt that does not hold does not count as sent") {
  World world;
  auto client = world.client_of(world.france, "m");
  MUST(client->mirror.update(client->api));
  Outbox outbox(world.folder / "outbox", client->api, client->mirror);
  world.hub.tamper = [](const HttpRequest& request, HttpResponse& response) {
    if (request.method != "POST" || !request.url.ends_with("/v1/acts")) return;
    Json answer = MUST(codec::parse_json(response.body));
    std::string receipt = answer.find("receipt")->string();
    const std::size_t at = receipt.find("extra ") + 10;
    receipt[at] = receipt[at] == 'A' ? 'B' : 'A';
    response.body = codec::to_json(answer.set("receipt", receipt));
  };
  const auto sent = outbox.send(act_body(world, world.france, client->mirror, world.kenya.authority), {});
  CHECK(rule_of(sent) == "outbox.receipt");
  CHECK(client->mirror.sent(world.france.sign.public_key().kid(), world.kenya.authority) == 0);
  CHECK(outbox.pending());
}

TEST_CASE("a hub that has forgotten acts of this device is noticed by its counters") {
  World world;
  auto client = world.client_of(world.france, "m");
  MUST(client->mirror.update(client->api));
  const KeyId device = world.france.sign.public_key().kid();
  const std::string to = world.kenya.authority.str();
  MUST(client->mirror.reconcile_sent(device, Json::object({{to, 3}}), world.clock.now()));
  CHECK(client->mirror.sent(device, world.kenya.authority) == 3);
  CHECK(rule_of(client->mirror.reconcile_sent(device, Json::object({{to, 2}}), world.clock.now())) ==
        "mirror.rollback");
  CHECK(client->mirror.alarms().size() == 1);
}

TEST_CASE("two processes of one profile do not undo each other's counters, alarms or progress") {
  World world;
  auto one = world.client_of(world.france, "m");
  MUST(one->mirror.update(one->api));
  auto two = world.client_of(world.france, "m");
  world.hub.append_note("{}");
  act::Act act;
  act.device = world.france.sign.public_key().kid();
  act.sent[world.kenya.authority.str()] = 1;
  MUST(one->mirror.update(one->api));
  MUST(one->mirror.note_sent(act));
  // The second one still has the older copy; what it writes keeps what the first one wrote.
  MUST(two->mirror.save());
  const Mirror after = MUST(Mirror::load({world.folder / "m.json", world.genesis}));
  CHECK(after.sent(act.device, world.kenya.authority) == 1);
  CHECK(after.checkpoint().size == world.hub.entries.size());
  act.sent[world.kenya.authority.str()] = 2;
  MUST(one->mirror.note_sent(act));
  MUST(two->mirror.refresh());
  CHECK(two->mirror.sent(act.device, world.kenya.authority) == 2);
}
