#include "delivery/delivery.h"

#include "store/test_databases.h"

namespace entraide::delivery {
namespace {

const Subject kFrance("au:fr:one"), kKenya("au:ke:two");
const KeyId kDevice("device-a"), kOther("device-b");

void in_a_database(const std::function<void(store::Connection&)>& test) { store::in_a_database(migrations(), test); }

std::vector<std::int64_t> indices(const std::vector<Event>& events) {
  std::vector<std::int64_t> out;
  for (const Event& event : events) out.push_back(event.index);
  return out;
}

}  // namespace

TEST_CASE("a feed tells what reached its authority, in ledger order, after any index, and nothing of others") {
  in_a_database([](store::Connection& connection) {
    const Subject both[] = {kFrance, kKenya}, france[] = {kFrance}, kenya[] = {kKenya};
    MUST(put(connection, 1, both, "{\"n\":1}"));
    MUST(put(connection, 4, france, "{\"n\":4}"));
    MUST(put(connection, 9, kenya, "{\"n\":9}"));
    MUST(put(connection, 10, both, "{\"n\":10}"));
    CHECK(indices(MUST(after(connection, kFrance, -1, 10))) == std::vector<std::int64_t>{1, 4, 10});
    CHECK(indices(MUST(after(connection, kFrance, 4, 10))) == std::vector<std::int64_t>{10});
    CHECK(indices(MUST(after(connection, kKenya, 1, 1))) == std::vector<std::int64_t>{9});
    CHECK(MUST(after(connection, kKenya, 8, 1)).front().data == "{\"n\":9}");
    CHECK(MUST(after(connection, Subject("au:ma:three"), -1, 10)).empty());
    CHECK(MUST(reached(connection, kFrance, 4)));
    CHECK(!MUST(reached(connection, kKenya, 4)));
    CHECK(!MUST(reached(connection, kKenya, 5)));

    std::vector<std::string> told;
    for (const Addressed& one : MUST(all_after(connection, 1, 10)))
      told.push_back(std::to_string(one.index) + " " + one.authority.str());
    CHECK(told == std::vector<std::string>{"4 au:fr:one", "9 au:ke:two", "10 au:fr:one", "10 au:ke:two"});
  });
}

TEST_CASE("counters are kept for each device and receiver; a device's newest checkpoint is never taken back") {
  in_a_database([](store::Connection& connection) {
    const auto kept = [&](const KeyId& device, const Subject& to) {
      return MUST(MUST(ask_counters(connection, device, to)).take());
    };
    CHECK(kept(kDevice, kKenya).sent == 0);
    MUST(set_sent(connection, kDevice, kKenya, 1));
    MUST(set_sent(connection, kDevice, kKenya, 2));
    MUST(set_sent(connection, kDevice, kFrance, 7));
    CHECK(kept(kDevice, kKenya).sent == 2);
    CHECK(kept(kOther, kKenya).sent == 0);
    CHECK(MUST(all_sent(connection, kDevice)) ==
          std::vector<std::pair<Subject, std::int64_t>>{{kFrance, 7}, {kKenya, 2}});

    CHECK(kept(kDevice, kKenya).seen_checkpoint == 0);
    for (const std::int64_t size : {12, 40, 25}) MUST(set_seen_checkpoint(connection, kDevice, size));
    CHECK(kept(kDevice, kKenya).seen_checkpoint == 40);
    CHECK(kept(kOther, kKenya).seen_checkpoint == 0);
  });
}

TEST_CASE("an act arrives before it is opened, and what was opened has arrived") {
  in_a_database([](store::Connection& connection) {
    const Time first = from_seconds(1000), second = from_seconds(2000), third = from_seconds(3000);
    CHECK(MUST(acknowledgements(connection, 5)).empty());
    MUST(set_delivered(connection, 5, kKenya, first));
    CHECK(MUST(acknowledgement(connection, 5, kKenya)) == Acknowledgement{kKenya, first, {}});
    MUST(set_opened(connection, 5, kKenya, second));
    MUST(set_opened(connection, 5, kFrance, third));
    CHECK(MUST(acknowledgements(connection, 5)) ==
          std::vector<Acknowledgement>{{kFrance, third, third}, {kKenya, first, second}});
    CHECK(!MUST(acknowledgement(connection, 6, kKenya)));
  });
}

}  // namespace entraide::delivery
