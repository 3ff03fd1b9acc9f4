#include "enrolment/waiting.h"

#include "enrolment/enrolment.h"
#include "store/test_databases.h"
#include "testing/testing.h"

using namespace entraide;
using namespace entraide::enrolment;
using entraide::testing::rule_of;

namespace {

const Subject kOurs("au:fr:central"), kTheirs("au:ke:central");
const Time kNow = from_seconds(1'900'000'000);

WaitingAct waiting(std::uint8_t number, const Subject& whose = kOurs, Seconds lasts = Seconds(3600)) {
  ActId id;
  id.value[0] = number;
  return {id, whose, "body " + std::to_string(number), kNow + Seconds(number), kNow + lasts, {}};
}

}  // namespace

TEST_CASE("an act waits for one authority until it lapses, and is there after a restart") {
  store::on_each_engine([](const auto& make) {
    auto database = make({});
    MUST(database->migrate(migrations()));
    auto connection = MUST(database->connect());
    MUST(keep(connection, waiting(1), kNow));
    MUST(keep(connection, waiting(2), kNow));
    MUST(keep(connection, waiting(3, kTheirs), kNow));
    auto another = MUST(database->connect());
    const auto all = MUST(waiting_for(another, kOurs, kNow));
    REQUIRE(all.size() == 2);
    CHECK(all[0].body == "body 1");
    CHECK(all[1].body == "body 2");
    CHECK(!all[0].declined);

    WaitingAct signed_further = waiting(1);
    signed_further.body = "body 1, signed further";
    MUST(keep(connection, signed_further, kNow));
    CHECK(MUST(find_waiting(connection, signed_further.id, kNow))->body == signed_further.body);
    CHECK(MUST(find_waiting(connection, signed_further.id, kNow + Seconds(3599))));
    CHECK(!MUST(find_waiting(connection, signed_further.id, kNow + Seconds(3600))));
    CHECK(MUST(waiting_for(connection, kOurs, kNow + Seconds(3600))).empty());
    CHECK(MUST(sweep(connection, kNow + Seconds(3600))) == 3);
    CHECK(!MUST(find_waiting(connection, signed_further.id, kNow)));
  });
}

TEST_CASE("an act is declined once, and what was declined makes room for what waits") {
  store::in_a_database(migrations(), [](store::Connection& connection) {
    for (int i = 0; i < kWaitingMax; ++i) MUST(keep(connection, waiting(static_cast<std::uint8_t>(i)), kNow));
    CHECK(rule_of(keep(connection, waiting(100), kNow)) == "waiting.full");
    MUST(keep(connection, waiting(7), kNow));
    MUST(keep(connection, waiting(100, kTheirs), kNow));

    const KeyId by(std::string(43, 'k'));
    MUST(decline(connection, waiting(7).id, {by, "person", kNow + Seconds(9)}));
    CHECK(rule_of(decline(connection, waiting(7).id, {by, "mistake", kNow})) == "waiting.declined");
    const auto declined = MUST(find_waiting(connection, waiting(7).id, kNow))->declined;
    REQUIRE(declined);
    CHECK(declined->by == by);
    CHECK(declined->why == "person");
    CHECK(declined->at == kNow + Seconds(9));
    MUST(keep(connection, waiting(101), kNow));
    CHECK(!MUST(find_waiting(connection, waiting(7).id, kNow)));
    CHECK(rule_of(keep(connection, waiting(102), kNow)) == "waiting.full");
    // What has lapsed makes room too.
    MUST(forget_waiting(connection, waiting(101).id));
    MUST(keep(connection, waiting(103, kOurs, Seconds(10)), kNow));
    MUST(keep(connection, waiting(104), kNow + Seconds(10)));
  });
  for (const char* reason : {"mistake", "person", "unexpected", "withdrawn"}) CHECK(is_reason_to_decline(reason));
  CHECK(!is_reason_to_decline("because he is who he is"));
}

TEST_CASE("signatures of one act are put together, each key's once") {
  SystemRandom random;
  const auto one = crypto::PrivateKey::generate(random), two = crypto::PrivateKey::generate(random),
             three = crypto::PrivateKey::generate(random);
  act::Act act;
  act.type = "dir.rulebook";
  act.nonce = std::string(22, 'A');
  act.by = act.for_authority = Subject("org");
  act.device = one.public_key().kid();
  act.at = kNow;
  const crypto::Signer* const first[] = {&one};
  const std::string body = MUST(act::sign_act(act, first));
  const std::string second = MUST(act::add_signature(body, two)), third = MUST(act::add_signature(body, three));
  const auto parsed = [](const std::string& text) { return MUST(act::parse_act(text)); };
  const std::string all = MUST(with_signatures_of(parsed(second), parsed(third)));
  CHECK(parsed(all).signatures.size() == 3);
  CHECK(parsed(all).id == parsed(body).id);
  CHECK(MUST(with_signatures_of(parsed(all), parsed(second))) == all);
  CHECK(MUST(with_signatures_of(parsed(body), parsed(body))) == body);
}
