#include "contract/remote.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <future>

#include "client/events.h"

namespace entraide::contract {
namespace {

using codec::Json;

// Reads `count` events from a stream opened with these headers.
std::vector<client::Event> read_events(client::Api& api, const std::string& path,
                                       std::vector<std::pair<std::string, std::string>> headers, std::size_t count) {
  std::vector<client::Event> out;
  client::EventParser parser;
  MUST(api.stream(path, std::move(headers), [&](std::string_view bytes) {
    for (client::Event& event : MUST(parser.feed(bytes))) out.push_back(std::move(event));
    return out.size() < count;
  }));
  return out;
}

std::vector<std::int64_t> indices(const std::vector<client::Event>& events) {
  std::vector<std::int64_t> out;
  for (const client::Event& event : events) out.push_back(event.index);
  return out;
}

}  // namespace

void walk_events(Stage& stage) {
  std::vector<std::int64_t> expected;
  for (int i = 0; i < 4; ++i) expected.push_back(stage.ask().index);

  // Asked for, page by page.
  const Json all = stage.ke->read("/v1/changes");
  std::vector<std::int64_t> seen;
  for (std::int64_t after = -1; seen.size() < 10;) {
    const Json page = stage.ke->read("/v1/changes?limit=1&after=" + std::to_string(after));
    if (page.find("items")->array_items().empty()) break;
    seen.push_back(page.find("items")->array_items().front().find("index")->integer());
    after = page.find("next")->integer();
  }
  CHECK(seen == expected);
  CHECK(all.find("items")->array_items().size() == 4);
  CHECK(all.find("next")->integer() == expected.back());
  CHECK(stage.ma->read("/v1/changes").find("items")->array_items().empty());
  for (const std::string path : {"/v1/changes", "/v1/events"}) {
    INFO(path);
    CHECK(verdict(stage.raw("GET", path)) == "401 session.missing");
    CHECK(verdict(stage.as(*stage.ke, "GET", path + "?authority=au:fr:central")) == "403 api.authority");
    CHECK(verdict(stage.as(*stage.ke, "GET", path + "?after=-2")) == "422 api.parameter");
    CHECK(verdict(stage.as(*stage.ke, "GET", path + "?after=soon")) == "422 api.parameter");
  }
  CHECK(verdict(stage.as(*stage.ke, "GET", "/v1/changes?limit=0")) == "422 api.parameter");
  CHECK(verdict(stage.as(*stage.ke, "GET", "/v1/events", {}, {{"Last-Event-ID", "x"}})) == "422 api.parameter");

  // As it happens: what was before, in order; then what comes.
  const Listening server(stage);
  Remote ke(stage, server, stage.ke->officer().sign);
  const auto past = read_events(ke.api, "/v1/events?authority=au:ke:central&after=-1", {}, 4);
  CHECK(indices(past) == expected);
  for (std::size_t i = 0; i < past.size(); ++i) {
    CHECK(past[i].name == "act");
    CHECK(past[i].data == all.find("items")->array_items()[i]);
    const Json& schema = *stage.contract.document().at_path("components.schemas.Event");
    for (const std::string& defect : kit::schema_defects(stage.contract.document(), schema, past[i].data))
      FAIL_CHECK(defect);
  }
  // Resumed after the one that was seen last; that wins over `after`.
  CHECK(indices(read_events(ke.api, "/v1/events?authority=au:ke:central&after=-1",
                            {{"Last-Event-ID", std::to_string(expected[1])}}, 2)) ==
        std::vector(expected.begin() + 2, expected.end()));
  // An act that is sent while somebody listens arrives, once, after those before it.
  std::vector<std::int64_t> live;
  MUST(client::follow_events(
      ke.api, Subject("au:ke:central"), expected[2],
      [&](const client::Event& event) {
        live.push_back(event.index);
        if (live.size() == 1) expected.push_back(stage.ask().index);
        return live.size() < 2;
      },
      [] { return true; }));
  CHECK(live == std::vector{expected[3], expected[4]});
}

void walk_live(Stage& stage) {
  demo::Office& office = stage.hub.world().office("au:ke:central");
  const demo::Officer& colleague = *MUST(stage.hub.world().add_officer(office, "Colleague", {"officer"}));
  const client::Sent asked = stage.ask();
  const Listening server(stage);
  Remote ke(stage, server, stage.ke->officer().sign), other(stage, server, colleague.sign),
      fr(stage, server, stage.fr->officer().sign), ma(stage, server, stage.ma->officer().sign);
  const auto post = [](Remote& who, const std::string& path, const std::string& body) {
    return verdict(MUST(who.api.exchange({"POST", path, {}, body}, true)));
  };

  // Presence: for who may read the case, told to colleagues only.
  const std::string presence = "/v1/cases/" + asked.case_id + "/presence";
  CHECK(verdict(stage.raw("POST", presence, R"({"state":"reading"})")) == "401 session.missing");
  CHECK(post(ma, presence, R"({"state":"reading"})") == "404 api.not_found");
  CHECK(post(ke, "/v1/cases/" + nothing(16) + "/presence", R"({"state":"reading"})") == "404 api.not_found");
  CHECK(post(ke, presence, R"({"state":"asleep"})") == "422 api.presence");
  CHECK(post(ke, presence, std::string(2000, ' ')) == "413 http.body.too-large");
  CHECK(post(ke, presence, R"({"state":"reading"})") == "204");
  CHECK(post(fr, presence, R"({"state":"reading"})") == "204");
  std::vector<std::string> heard;
  client::EventParser parser;
  const auto listen = [&](std::string_view bytes) {
    for (const client::Event& event : MUST(parser.feed(bytes))) {
      if (event.name != "presence") continue;
      CHECK(event.index == -1);
      CHECK(event.data.find("case")->string() == asked.case_id);
      CHECK(event.data.find("officer")->string() == stage.ke->officer().id.str());
      heard.push_back(event.data.find("state")->string());
      if (heard.size() == 1) CHECK(post(ke, presence, R"({"state":"writing"})") == "204");
      if (heard.size() == 2) CHECK(post(ke, presence, R"({"state":"left"})") == "204");
    }
    return heard.size() < 3;
  };
  MUST(other.api.stream("/v1/events?authority=au:ke:central", {}, listen));
  CHECK(heard == std::vector<std::string>{"reading", "writing", "left"});

  // Duty: for members.
  const std::string armed = R"({"authority":"au:ke:central","armed":true})";
  CHECK(verdict(stage.raw("POST", "/v1/duty", armed)) == "401 session.missing");
  CHECK(verdict(stage.raw("GET", "/v1/duty")) == "401 session.missing");
  CHECK(post(fr, "/v1/duty", armed) == "403 api.authority");
  CHECK(post(ke, "/v1/duty", "{}") == "422 json.member");
  CHECK(post(ke, "/v1/duty", std::string(2000, ' ')) == "413 http.body.too-large");
  CHECK(post(ke, "/v1/duty", armed) == "204");
  CHECK(verdict(stage.as(*stage.fr, "GET", "/v1/duty?authority=au:ke:central")) == "403 api.authority");
  const auto duty = MUST(other.api.get("/v1/duty?authority=au:ke:central"));
  CHECK(duty.find("listening")->boolean());
  CHECK(duty.find("unheard_since")->is_null());
  CHECK(duty.find("officers")->array_items().size() == 1);
  Visitor administrator(stage, office.administrators[0]);
  CHECK(verdict(administrator.ask("GET", "/v1/duty")) == "422 api.authority.missing");
}

TEST_CASE("colleagues see who reads a case and who is on duty, and nobody else does") {
  Stage stage;
  walk_live(stage);
}

TEST_CASE("what reaches an authority is told in ledger order, each once, and resumed where it stopped") {
  Stage stage;
  walk_events(stage);
}

TEST_CASE("who waits for news is answered when there is some, in time, and when the hub stops") {
  Stage stage;
  // Desks of their own: they wait on threads of their own, and the contract looks on at one thing at a time.
  kit::Desk kenya(stage.hub, stage.ke->officer()), morocco(stage.hub, stage.ma->officer());
  const auto ask = [](kit::Desk& desk, int seconds) {
    return std::async(std::launch::async,
                      [&desk, seconds] { return desk.get("/v1/changes?after=-1&wait=" + std::to_string(seconds)); });
  };
  const auto indices_in = [](const client::HttpResponse& answer) {
    REQUIRE(answer.status == 200);
    std::vector<std::int64_t> out;
    const Json page = json_of(answer);
    for (const Json& item : page.find("items")->array_items()) out.push_back(item.find("index")->integer());
    CHECK(page.find("next")->integer() == (out.empty() ? -1 : out.back()));
    return out;
  };
  // Nothing came in time.
  CHECK(indices_in(ask(kenya, 1).get()).empty());
  CHECK(indices_in(stage.as(*stage.ke, "GET", "/v1/changes?wait=1")).empty());
  for (const char* wrong : {"-1", "51", "long"})
    CHECK(verdict(stage.as(*stage.ke, "GET", std::string("/v1/changes?wait=") + wrong)) == "422 api.parameter");

  // Whether the question is in before the act or after it, the answer is the act; and others hear nothing of it.
  auto waiting = ask(kenya, 50);
  auto stranger = ask(morocco, 50);
  const std::int64_t first = stage.ask().index;
  CHECK(indices_in(waiting.get()) == std::vector{first});
  CHECK(indices_in(ask(kenya, 50).get()) == std::vector{first});
  CHECK(stranger.wait_for(Milliseconds(0)) == std::future_status::timeout);

  // The end of the node is the end of waiting.
  stage.hub.hub().feed().stop_waiting();
  CHECK(indices_in(stranger.get()).empty());
  CHECK(indices_in(ask(morocco, 50).get()).empty());
}

TEST_CASE("so many wait at one time, and no more") {
  Stage stage;
  std::atomic<std::size_t> told = 0;
  hub::Feed& feed = stage.hub.hub().feed();
  const Subject nobody("au:ma:central");
  for (std::size_t i = 0; i < hub::kWaitersMax; ++i) feed.wait(nobody, -1, Seconds(50), [&](const auto&) { ++told; });
  CHECK(told == 0);
  feed.wait(nobody, -1, Seconds(50), [&](const auto& event) {
    CHECK(!event);
    ++told;
  });
  CHECK(told == 1);
  feed.stop_waiting();
  stage.hub.stop();
  CHECK(told == hub::kWaitersMax + 1);
}

TEST_CASE("a stream ends when its device is revoked") {
  Stage stage;
  demo::Office& office = stage.hub.world().office("au:ke:central");
  const demo::Officer& leaving = *MUST(stage.hub.world().add_officer(office, "Officer who leaves", {"officer"}));
  const Listening server(stage);
  Remote listener(stage, server, leaving.sign);
  const std::int64_t first = stage.ask().index;
  std::vector<std::int64_t> heard;
  client::EventParser parser;
  MUST(listener.api.stream("/v1/events?authority=au:ke:central&after=-1", {}, [&](std::string_view bytes) {
    for (const client::Event& event : MUST(parser.feed(bytes))) heard.push_back(event.index);
    if (heard.size() == 1 && stage.hub.hub().directory()->key(leaving.sign.public_key().kid())->active()) {
      MUST(stage.hub.world().revoke_device(office, leaving, "left the service"));
      stage.ask();  // which this device no longer hears
    }
    return true;
  }));
  CHECK(heard == std::vector{first});
}

TEST_CASE("a body that does not come is given up with a clear answer, and the server stays up") {
  Stage stage;
  net::Deadlines deadlines;
  deadlines.body = Milliseconds(100);
  const Listening server(stage, deadlines);
  const int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(connect(peer, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  const std::string request =
      "POST /v1/acts HTTP/1.1\r\nHost: hub.test\r\nContent-Type: application/json\r\nContent-Length: "
      "1000\r\n\r\n{\"act\":";
  REQUIRE(send(peer, request.data(), request.size(), 0) == static_cast<ssize_t>(request.size()));
  std::string answer(4096, '\0');
  std::size_t size = 0;
  while (const ssize_t got = recv(peer, answer.data() + size, answer.size() - size, 0)) {
    REQUIRE(got > 0);
    size += static_cast<std::size_t>(got);
  }
  close(peer);
  CHECK(answer.starts_with("HTTP/1.1 408 "));
  CHECK(answer.find("http.request.slow") != std::string::npos);
  Watched others(stage, server.url());
  CHECK(MUST(others.send({"GET", server.url() + "/v1/status", {}, {}})).status == 200);
}

}  // namespace entraide::contract
