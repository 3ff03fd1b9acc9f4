#include "client/keystore.h"

#include <sys/stat.h>

#include "client/admin.h"
#include "client/answers.h"
#include "client/events.h"
#include "client/files.h"
#include "client/passphrase.h"
#include "client/world_for_test.h"
#include "codec/codec.h"

using namespace entraide;
using namespace entraide::client;
using codec::Json;
using entraide::testing::rule_of;

namespace {
constexpr crypto::ScryptCost kCheap{10, 8, 1};
SecretBytes secret(std::string_view text) { return SecretBytes(to_bytes(text)); }
}  // namespace

TEST_CASE("a key store gives its keys back to the passphrase, over a restart") {
  TemporaryFolder folder;
  SeededRandom random(1);
  auto store = MUST(KeyStore::create(folder / "keys", secret("correct horse"), random, kCheap));
  const KeyId kid =
      MUST(store.generate("device.sign", KeyUse::sign, Subject("of:fr:AAAAAAAAAAAAAAAA"), random))->public_key.kid();
  MUST(store.generate("device.seal", KeyUse::seal, {}, random));
  MUST(store.save(random));
  const auto again = MUST(KeyStore::open(folder / "keys", secret("correct horse"), kCheap));
  REQUIRE(again.find("device.sign") != nullptr);
  CHECK(again.find("device.sign")->public_key.kid() == kid);
  CHECK(again.find("device.sign")->subject == Subject("of:fr:AAAAAAAAAAAAAAAA"));
  CHECK(again.only(KeyUse::seal) == again.find("device.seal"));
  CHECK(MUST(again.signer("device.sign"))->public_key().kid() == kid);
  CHECK(MUST(read_file(folder / "keys", 1 << 20)).size() > 100);
  CHECK(rule_of(KeyStore::create(folder / "keys", secret("other"), random, kCheap)) == "keystore.exists");
}

TEST_CASE("a key has one use, one name, and is in the store once") {
  TemporaryFolder folder;
  SeededRandom random(2);
  auto store = MUST(KeyStore::create(folder / "keys", secret("p"), random, kCheap));
  MUST(store.generate("sign", KeyUse::sign, {}, random));
  MUST(store.generate("seal", KeyUse::seal, {}, random));
  CHECK(rule_of(store.agreement("sign")) == "keystore.use");
  CHECK(rule_of(store.signer("seal")) == "keystore.use");
  CHECK(rule_of(store.signer("none")) == "keystore.missing");
  CHECK(rule_of(store.generate("sign", KeyUse::sign, {}, random)) == "keystore.duplicate");
  CHECK(rule_of(store.generate("Sign Me", KeyUse::sign, {}, random)) == "keystore.name");
  StoredKey copy = *store.find("sign");
  copy.name = "again";
  CHECK(rule_of(store.add(std::move(copy))) == "keystore.duplicate");
  MUST(store.generate("second", KeyUse::sign, {}, random));
  CHECK(store.only(KeyUse::sign) == nullptr);
  MUST(store.remove("second"));
  CHECK(rule_of(store.remove("second")) == "keystore.missing");
  CHECK(rule_of(key_use_from_text("spare")) == "keystore.use");
}

TEST_CASE("a wrong passphrase, a flipped bit and a cut file all open nothing") {
  TemporaryFolder folder;
  SeededRandom random(3);
  auto store = MUST(KeyStore::create(folder / "keys", secret("right"), random, kCheap));
  MUST(store.generate("sign", KeyUse::sign, {}, random));
  MUST(store.save(random));
  CHECK(rule_of(KeyStore::open(folder / "keys", secret("wrong"), kCheap)) == "box.passphrase");
  CHECK(rule_of(KeyStore::open(folder / "none", secret("right"), kCheap)) == "file.missing");
  const Bytes good = MUST(read_file(folder / "keys", 1 << 20));
  for (std::size_t at : {std::size_t{20}, good.size() / 2, good.size() - 1}) {
    Bytes flipped = good;
    flipped[at] ^= 0x40;
    MUST(write_file_whole(folder / "bad", flipped));
    CHECK(rule_of(KeyStore::open(folder / "bad", secret("right"), kCheap)).starts_with("box."));
  }
  for (std::size_t size : {std::size_t{0}, std::size_t{10}, good.size() - 1}) {
    MUST(write_file_whole(folder / "bad", BytesView(good).first(size)));
    CHECK(rule_of(KeyStore::open(folder / "bad", secret("right"), kCheap)).starts_with("box."));
  }
}

TEST_CASE("a key store that others may read is refused, and a changed passphrase is the only one that opens") {
  TemporaryFolder folder;
  SeededRandom random(4);
  auto store = MUST(KeyStore::create(folder / "keys", secret("old"), random, kCheap));
  ::chmod((folder / "keys").c_str(), 0644);
  CHECK(rule_of(KeyStore::open(folder / "keys", secret("old"), kCheap)) == "file.permissions");
  MUST(store.change_passphrase(secret("new"), random));
  CHECK(rule_of(KeyStore::open(folder / "keys", secret("old"), kCheap)) == "box.passphrase");
  CHECK(MUST(KeyStore::open(folder / "keys", secret("new"), kCheap)).keys().empty());
}

TEST_CASE("a passphrase comes from a private file or nowhere, never empty") {
  TemporaryFolder folder;
  MUST(write_file_whole(folder / "pin", bytes_of("first line\r\nsecond\n")));
  CHECK(text_of(MUST(read_secret({{}, folder / "pin", false}, "")).view()) == "first line");
  ::chmod((folder / "pin").c_str(), 0640);
  CHECK(rule_of(read_secret({{}, folder / "pin", false}, "")) == "file.permissions");
  MUST(write_file_whole(folder / "empty", bytes_of("\n")));
  CHECK(rule_of(read_secret({{}, folder / "empty", false}, "")) == "secret.empty");
  CHECK(rule_of(read_secret({{}, {}, false}, "")) == "secret.none");
}

TEST_CASE("a file is replaced whole and keeps nothing beside it") {
  TemporaryFolder folder;
  MUST(write_file_whole(folder / "a/b/file", bytes_of("one")));
  MUST(write_file_whole(folder / "a/b/file", bytes_of("two")));
  CHECK(text_of(MUST(read_file(folder / "a/b/file", 10))) == "two");
  CHECK(std::distance(std::filesystem::directory_iterator(folder / "a/b"), {}) == 1);
  CHECK(rule_of(read_file(folder / "a/b/file", 2)) == "file.size");
  MUST(remove_file(folder / "a/b/file"));
  MUST(remove_file(folder / "a/b/file"));
  CHECK(rule_of(read_file(folder / "a/b/file", 2)) == "file.missing");
}

TEST_CASE("answers are read from YAML as a person means them, and nothing ambiguous becomes another type") {
  const Json value = MUST(parse_yaml(
      "basis: uncc.40\nyes_word: yes\nnorway: no\nflag: true\ncount: 12\nphone: 0123\nplus: +33\nday: 2026-01-02\n"
      "price: 1.50\nempty:\nquoted: \"12\"\ntext: |\n  première ligne\n  ثانية\npersons:\n  - name: بن صالح\n    "
      "born: 1984-03-02\n"));
  const auto text = [&](std::string_view key) { return value.at_path(key)->string(); };
  CHECK(text("yes_word") == "yes");
  CHECK(text("norway") == "no");
  CHECK(*value.find("flag") == Json(true));
  CHECK(*value.find("count") == Json(12));
  CHECK(text("phone") == "0123");
  CHECK(text("plus") == "+33");
  CHECK(text("day") == "2026-01-02");
  CHECK(text("price") == "1.50");
  CHECK(value.find("empty")->is_null());
  CHECK(text("quoted") == "12");
  CHECK(text("text") == "première ligne\nثانية\n");
  CHECK(text("persons.0.name") == "بن صالح");
}

TEST_CASE("YAML that could hide something is refused, with its line") {
  CHECK(rule_of(parse_yaml("a: 1\na: 2\n")) == "answers.duplicate");
  CHECK(rule_of(parse_yaml("a: &x 1\nb: *x\n")) == "answers.yaml");
  CHECK(rule_of(parse_yaml("a: !!binary aGk=\n")) == "answers.yaml");
  CHECK(rule_of(parse_yaml("a: 1\n---\nb: 2\n")) == "answers.yaml");
  CHECK(rule_of(parse_yaml("? [a]\n: 1\n")) == "answers.yaml");
  CHECK(rule_of(parse_yaml("a: [1, 2\n")) == "answers.yaml");
  CHECK(rule_of(parse_yaml("")) == "answers.yaml");
  CHECK(rule_of(parse_yaml("a: \"\xff\"\n")) == "answers.yaml");
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "[";
  for (int i = 0; i < 40; ++i) deep += "]";
  CHECK(rule_of(parse_yaml("a: " + deep)) == "answers.depth");
  const auto refused = parse_yaml("ok: 1\n\nbad: *nowhere\n");
  CHECK(refused.error().path.starts_with("line 3"));
}

TEST_CASE("a device request is read only as it was made, and both sides say the same four words") {
  SeededRandom random(5);
  const auto sign = crypto::PrivateKey::generate(random), seal = crypto::PrivateKey::generate(random),
             other = crypto::PrivateKey::generate(random);
  const std::string text = MUST(admin::make_device_request(Subject("of:fr:AAAAAAAAAAAAAAAA"), Subject("au:fr:ca"),
                                                           sign, seal.public_key(), "soft"));
  const auto request = MUST(admin::read_device_request(text));
  CHECK(request.sign == sign.public_key());
  CHECK(admin::words_of(request.sign, request.seal) == admin::words_of(sign.public_key(), seal.public_key()));
  CHECK(admin::words_of(sign.public_key(), other.public_key()) !=
        admin::words_of(sign.public_key(), seal.public_key()));
  for (const std::string& word : admin::words_of(sign.public_key(), seal.public_key())) CHECK(word.size() == 5);
  Json changed = MUST(codec::parse_json(text));
  changed.set("seal", other.public_key().jwk());
  CHECK(rule_of(admin::read_device_request(codec::to_json(changed))) == "device.request");
  changed = MUST(codec::parse_json(text));
  changed.set("sig", other.public_key().jwk());
  CHECK(rule_of(admin::read_device_request(codec::to_json(changed))) == "device.request");
}

TEST_CASE("a prepared act shows what is signed: a file that shows something else is refused") {
  World world;
  const auto body = world.hub.entries[2].body;
  const act::SignedAct act = MUST(act::parse_act(body));
  admin::PreparedAct prepared{"", act::payload_of(act.act), {}};
  MUST(admin::cosign(prepared, world.root_1));
  MUST(admin::cosign(prepared, world.root_2));
  CHECK(rule_of(admin::cosign(prepared, world.root_2)) == "act.signature.twice");
  const auto again = MUST(admin::parse_prepared(admin::to_text(prepared)));
  CHECK(MUST(act::parse_act(again.body)).signatures.size() == 2);
  admin::PreparedAct lying = prepared;
  lying.payload.replace(lying.payload.find("dir."), 4, "div.");
  CHECK(rule_of(admin::parse_prepared(admin::to_text(lying))) == "act.prepared");
}

TEST_CASE("events come whole from pieces of any size") {
  const std::string stream =
      ": heartbeat\n\nid: 7\nevent: act\ndata: {\"case\":\"x\"}\n\nid: 8\r\nevent: note\r\ndata: {\"a\":\r\ndata: "
      "1}\r\n\r\n";
  for (const std::size_t size : {std::size_t{1}, std::size_t{3}, stream.size()}) {
    EventParser parser;
    std::vector<Event> events;
    for (std::size_t at = 0; at < stream.size(); at += size)
      for (Event& event : MUST(parser.feed(std::string_view(stream).substr(at, size))))
        events.push_back(std::move(event));
    REQUIRE(events.size() == 2);
    CHECK(events[0].index == 7);
    CHECK(events[1].name == "note");
    CHECK(*events[1].data.find("a") == Json(1));
  }
  EventParser parser;
  CHECK(rule_of(parser.feed("data: {}\n\n")) == "events.form");
  EventParser live;
  for (const char* name : {"presence", "duty", "draft", "waiting", "something-newer"}) {
    const auto now = MUST(live.feed("event: " + std::string(name) + "\ndata: {\"state\":\"reading\"}\n\n"));
    REQUIRE(now.size() == 1);
    CHECK(now.front().index == -1);
    CHECK(now.front().name == name);
  }
  CHECK(rule_of(live.feed("event: act\ndata: {}\n\n")) == "events.form");
  EventParser endless;
  CHECK(rule_of(endless.feed(std::string(70'000, 'x'))) == "events.form");
}

TEST_CASE("busy hubs and broken lines are tried again within bounds, refusals never") {
  World world;
  auto client = world.client_of(world.france, "m");
  world.hub.requests = 0;
  world.hub.break_after = 4;
  CHECK(client->api.get_public("/v1/status").has_value());
  CHECK(world.hub.requests == 5);
  world.hub.requests = 0;
  world.hub.break_after = 100;
  CHECK(rule_of(client->api.get_public("/v1/status")) == "network.connect");
  CHECK(world.hub.requests == 5);
  world.hub.break_after = 0;
  world.hub.requests = 0;
  world.hub.tamper = [&](const HttpRequest&, HttpResponse& response) {
    if (world.hub.requests < 3) response = {503, {{"retry-after", "1"}}, ""};
  };
  CHECK(client->api.get_public("/v1/status").has_value());
  CHECK(world.hub.requests == 3);
  world.hub.requests = 0;
  world.hub.tamper = [](const HttpRequest&, HttpResponse& response) {
    response = {
        409,
        {},
        R"({"type":"https://entraide.example/problems/act.st.gap","title":"t","detail":"d","errors":[{"pointer":"/st"}]})"};
  };
  const auto refused = client->api.get_public("/v1/status");
  CHECK(rule_of(refused) == "act.st.gap");
  CHECK(refused.error().code == Errc::conflict);
  CHECK(refused.error().path == "/st");
  CHECK(world.hub.requests == 1);
}

TEST_CASE("a session that the hub has forgotten is made anew once, and serves its own hub only") {
  World world;
  auto client = world.client_of(world.france, "m");
  int refused = 0;
  world.hub.tamper = [&](const HttpRequest& request, HttpResponse& response) {
    if (request.url.find("/v1/directory") != std::string::npos && refused++ == 0) response = {401, {}, ""};
  };
  CHECK(client->api.get("/v1/directory/feed?from=0&limit=1").has_value());
  CHECK(refused == 2);
  CHECK(rule_of(client->api.exchange({"GET", "https://elsewhere.test/v1/me", {}, {}}, true)) == "network.elsewhere");
}
