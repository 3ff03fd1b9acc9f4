#include "http/live.h"

#include "codec/json.h"
#include "testing/testing.h"

using namespace entraide;
using namespace entraide::http;
using entraide::testing::rule_of;

namespace {

const Subject kOurs("au:ke:central"), kTheirs("au:fr:central");
const KeyId kDesk(std::string(43, 'a')), kOtherDesk(std::string(43, 'b'));
const Subject kAchieng("of:ke:AAAAAAAAAAAAAAAA"), kOtieno("of:ke:BBBBBBBBBBBBBBBB");

struct Stage {
  ManualClock clock{from_seconds(1'900'000'000)};
  metrics::Registry metrics;
  Live live{clock, metrics};
  std::vector<std::string> heard, heard_elsewhere;
  bool here = true;

  Stage() {
    live.join(kOurs, ear(heard));
    live.join(kTheirs, ear(heard_elsewhere));
  }
  Live::Ear ear(std::vector<std::string>& into) {
    return {[this] { return here; },
            [&into](const net::Event& event) {
              into.push_back(event->substr(0, event->find("\"at\"")));
              return true;
            }};
  }
  void pass(Seconds time) {
    clock.advance(time);
    live.tick();
  }
  Result<> present(const char* state, const Subject& officer = kAchieng) {
    return live.present(kOurs, {"case", "FR-2031-00017", officer, state, {}, {}});
  }
  std::int64_t unheard() { return metrics.gauge("entraide_duty_unheard_authorities", "").value(); }
};

std::string line(const Subject& officer, const char* state) {
  return "event: presence\ndata: {\"case\":\"case\",\"reference\":\"FR-2031-00017\",\"officer\":\"" + officer.str() +
         "\",\"state\":\"" + state + "\",";
}
std::string duty_line(bool listening) {
  return std::string("event: duty\ndata: {\"authority\":\"au:ke:central\",\"listening\":") +
         (listening ? "true," : "false,");
}

}  // namespace

TEST_CASE("who reads is told once, lapses after a minute, and is told to colleagues only") {
  Stage stage;
  MUST(stage.present("reading"));
  MUST(stage.present("reading"));
  MUST(stage.present("writing"));
  MUST(stage.present("reading", kOtieno));
  CHECK(stage.heard == std::vector{line(kAchieng, "reading"), line(kAchieng, "writing"), line(kOtieno, "reading")});
  std::vector<std::string> later;
  stage.live.join(kOurs, stage.ear(later));
  CHECK(later == std::vector{line(kAchieng, "writing"), line(kOtieno, "reading")});

  stage.heard.clear();
  stage.pass(Seconds(59));
  MUST(stage.present("writing"));
  CHECK(stage.heard.empty());
  stage.pass(Seconds(1));
  CHECK(stage.heard == std::vector{line(kOtieno, "left")});
  MUST(stage.present("left", kOtieno));
  CHECK(stage.heard.size() == 1);
  MUST(stage.present("left"));
  CHECK(stage.heard.back() == line(kAchieng, "left"));
  CHECK(stage.heard_elsewhere.empty());
}

TEST_CASE("when the last armed desk has been silent for two minutes, nobody is listening, and that is told") {
  Stage stage;
  stage.pass(Seconds(600));
  CHECK(stage.heard.empty());  // there was never anybody
  MUST(stage.live.on_duty(kOurs, kDesk, kAchieng, true));
  CHECK(stage.heard == std::vector{duty_line(true)});
  MUST(stage.live.on_duty(kOurs, kOtherDesk, kOtieno, true));
  CHECK(stage.live.duty(kOurs).listening);
  CHECK(stage.live.duty(kOurs).officers.size() == 2);
  CHECK(!stage.live.duty(kTheirs).listening);

  stage.heard.clear();
  stage.pass(Seconds(119));
  MUST(stage.live.on_duty(kOurs, kDesk, kAchieng, false));  // open, but its alarm cannot be heard
  CHECK(stage.live.duty(kOurs).listening);
  CHECK(stage.heard.empty());
  stage.pass(Seconds(1));
  CHECK(stage.heard == std::vector{duty_line(false)});
  CHECK(!stage.live.duty(kOurs).listening);
  CHECK(stage.live.duty(kOurs).unheard_since == stage.clock.now());
  CHECK(stage.live.duty(kOurs).officers.size() == 1);
  CHECK(stage.unheard() == 1);
  stage.pass(Seconds(60));
  CHECK(stage.heard.size() == 1);  // once
  std::vector<std::string> later;
  stage.live.join(kOurs, stage.ear(later));
  CHECK(later == std::vector{duty_line(false)});

  MUST(stage.live.on_duty(kOurs, kDesk, kAchieng, true));
  CHECK(stage.heard == std::vector{duty_line(false), duty_line(true)});
  CHECK(stage.live.duty(kOurs).listening);
  CHECK(stage.unheard() == 0);
  CHECK(stage.heard_elsewhere.empty());
}

TEST_CASE("who has gone, or may hear no more, hears nothing more; and nothing grows without end") {
  Stage stage;
  stage.here = false;
  MUST(stage.present("reading"));
  CHECK(stage.heard.empty());
  for (std::size_t i = 1; i < kPresencesMax; ++i)
    MUST(stage.live.present(kOurs, {"case" + std::to_string(i), "", kAchieng, "reading", {}, {}}));
  CHECK(rule_of(stage.live.present(kOurs, {"one more", "", kAchieng, "reading", {}, {}})) == "api.live.full");
  MUST(stage.present("writing"));
  for (std::size_t i = 0; i < kDutyDevicesMax; ++i)
    MUST(stage.live.on_duty(kOurs, KeyId(std::to_string(i)), kAchieng, true));
  CHECK(rule_of(stage.live.on_duty(kOurs, kDesk, kAchieng, true)) == "api.live.full");
  MUST(stage.live.on_duty(kOurs, KeyId("0"), kAchieng, true));
  stage.pass(kDutyLasts);
  MUST(stage.live.on_duty(kOurs, kDesk, kAchieng, true));
}

TEST_CASE("a draft that was written is told to colleagues who hear, once, and to nobody who comes later") {
  Stage stage;
  stage.live.tell(News::draft, kOurs, "a-draft");
  CHECK(stage.heard ==
        std::vector<std::string>{"event: draft\ndata: {\"authority\":\"au:ke:central\",\"draft\":\"a-draft\","});
  CHECK(stage.heard_elsewhere.empty());
  std::vector<std::string> later;
  stage.live.join(kOurs, stage.ear(later));
  CHECK(later.empty());
  stage.here = false;
  stage.live.tell(News::draft, kOurs, "a-draft");
  stage.live.tell(News::draft, Subject("au:mx:central"), "a-draft");
  CHECK(stage.heard.size() == 1);
}

TEST_CASE("what waits for administrators is told to them alone, and they hear nothing else") {
  Stage stage;
  std::vector<std::string> heard_by_administrators;
  stage.live.join_administrators(kOurs, stage.ear(heard_by_administrators));
  stage.live.tell(News::waiting, kOurs, "an-act");
  stage.live.tell(News::enrolment, kOurs, "a-newcomer");
  CHECK(heard_by_administrators ==
        std::vector<std::string>{"event: waiting\ndata: {\"authority\":\"au:ke:central\",\"waiting\":\"an-act\",",
                                 "event: enrolment\ndata: {\"authority\":\"au:ke:central\",\"enrolment\":"
                                 "\"a-newcomer\","});
  CHECK(stage.heard.empty());
  MUST(stage.present("reading"));
  MUST(stage.live.on_duty(kOurs, kDesk, kAchieng, true));
  stage.live.tell(News::draft, kOurs, "a-draft");
  stage.live.tell(News::waiting, kTheirs, "another");
  CHECK(heard_by_administrators.size() == 2);
  CHECK(stage.heard.size() == 3);
  CHECK(stage.heard_elsewhere.empty());
  stage.here = false;
  stage.live.tick();
  stage.live.tell(News::waiting, kOurs, "an-act");
  CHECK(heard_by_administrators.size() == 2);
}
