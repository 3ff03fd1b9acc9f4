// A machine whose clock is wrong, and a session that has ended: what the client library says of the one, and does of the
// other by itself. The hub has its own clock.

#include "contract/stage.h"

namespace entraide::contract {
namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// An officer of France at a machine with a clock of its own.
struct Machine {
  explicit Machine(Stage& stage, Milliseconds ahead)
      : clock(stage.hub.clock().now() + ahead),
        http(stage.hub),
        dpop(crypto::PrivateKey::generate(stage.hub.random())),
        api(http, clock, stage.hub.random(), {.base_url = std::string(kit::kUrl), .attempts = 1}) {
    stage.watch(http);
    http.watch = [this, before = http.watch](const client::HttpRequest& asked, const client::HttpResponse& answer) {
      if (asked.url.ends_with("/v1/sessions") && answer.status == 201) ++sessions;
      before(asked, answer);
    };
    api.sign_in_with({&stage.fr->officer().sign}, dpop);
  }

  kit::SettableClock clock;
  kit::Http http;
  crypto::PrivateKey dpop;
  client::Api api;
  int sessions = 0;
};

}  // namespace

TEST_CASE("a wrong clock is named where it is why the hub says no, with how far it is off and what to do") {
  Stage stage;
  struct {
    Seconds ahead;
    const char* words;
  } const cases[] = {{Seconds(3 * 3600), "clock is 3 h 0 min ahead of the hub's"},
                     {Seconds(-3 * 3600 - 300), "clock is 3 h 5 min behind the hub's"},
                     {Seconds(50 * 3600), "clock is 2 d 2 h ahead of the hub's"},
                     {Seconds(-601), "clock is 10 min behind the hub's"}};
  for (const auto& [ahead, words] : cases) {
    INFO(words);
    Machine machine(stage, ahead);
    const auto read = machine.api.get("/v1/cases");
    REQUIRE(!read.has_value());
    CHECK(read.error().rule == "session.proof");
    CHECK_MESSAGE(has(read.error().message, words), read.error().message);
    CHECK(has(read.error().message, "timedatectl"));
    CHECK(machine.api.clock_ahead() == ahead);

    demo::World& world = stage.hub.world();
    demo::Step step{"assistance.request",      kit::answers("assistance-full"), "Stored data", {}, {},
                    {Subject("au:ke:central")}};
    demo::Prepared prepared = MUST(world.prepare(world.new_course(), stage.fr->officer(), std::move(step)));
    prepared.act.at = from_seconds(to_seconds(machine.clock.now()));
    const crypto::Signer* const keys[] = {&stage.fr->officer().sign};
    const auto sent = machine.api.submit(MUST(act::sign_act(prepared.act, keys)), prepared.objects);
    REQUIRE(!sent.has_value());
    CHECK(sent.error().rule == "act.time.window");
    CHECK_MESSAGE(has(sent.error().message, words), sent.error().message);

    // Nobody is sent to the clock for something else; and what needs no proof is there.
    CHECK(machine.api.get_public("/v1/status").has_value());
    const auto missing = machine.api.get_public("/v1/rulebook/" + nothing(32));
    REQUIRE(!missing.has_value());
    CHECK(!has(missing.error().message, "clock"));
  }
}

TEST_CASE("a clock that is a little wrong is no reason for anything") {
  Stage stage;
  for (const Seconds ahead : {Seconds(-50), Seconds(0), Seconds(50)}) {
    Machine machine(stage, ahead);
    CHECK(machine.api.get("/v1/cases").has_value());
    CHECK(machine.sessions == 1);
  }
}

TEST_CASE("a session that has ended is opened anew by itself, whichever side notices first") {
  Stage stage;
  // By this machine's own clock.
  Machine machine(stage, Seconds(0));
  CHECK(machine.api.get("/v1/cases").has_value());
  machine.clock.advance(std::chrono::hours(24));
  stage.hub.clock().advance(std::chrono::hours(24));
  CHECK(machine.api.get("/v1/cases").has_value());
  CHECK(machine.sessions == 2);

  // By the hub's, which is fifty seconds on: this machine still believes in it.
  Machine slow(stage, Seconds(-50));
  CHECK(slow.api.get("/v1/cases").has_value());
  const Time ends = MUST(slow.api.sign_in()).expires_at;
  CHECK(slow.sessions == 1);
  stage.hub.clock().set(ends + Seconds(10));
  slow.clock.set(ends - Seconds(40));
  CHECK(slow.api.get("/v1/cases").has_value());
  CHECK(slow.sessions == 2);
}

}  // namespace entraide::contract
