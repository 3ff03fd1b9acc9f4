#include "clocks/clocks.h"

#include "store/test_databases.h"

namespace entraide::clocks {
namespace {

Time hour(int count) { return from_seconds(1'900'000'000) + std::chrono::hours(count); }

Clock reply(std::vector<Time> alarms) {
  return {7, "question.reply", "question", Subject("au:ke:two"), hour(0), hour(10), std::move(alarms), true};
}

void in_a_database(const std::function<void(store::Connection&)>& test) { store::in_a_database(migrations(), test); }

Clock only(store::Connection& connection) {
  const auto all = MUST(MUST(ask_of_case(connection, 7)).take());
  REQUIRE(all.size() == 1);
  return all.front();
}

}  // namespace

TEST_CASE("a clock is found when it rings, and is silent when it has nothing more to say") {
  in_a_database([](store::Connection& connection) {
    CHECK(!MUST(next_due(connection)));
    MUST(start(connection, reply({hour(4), hour(8), hour(10)})));
    CHECK(MUST(next_due(connection)) == hour(4));
    CHECK(MUST(due_by(connection, hour(4) - Seconds(1), 10)).empty());
    const auto ringing = MUST(due_by(connection, hour(4), 10));
    REQUIRE(ringing.size() == 1);
    CHECK(ringing.front().alarms == std::vector<Time>{hour(4), hour(8), hour(10)});
    CHECK(ringing.front().lapses);

    MUST(ring(connection, ringing.front(), hour(5)));
    CHECK(MUST(next_due(connection)) == hour(8));
    // The hub was away for a day: what rang meanwhile rings once.
    MUST(ring(connection, only(connection), hour(34)));
    CHECK(!MUST(next_due(connection)));
    CHECK(MUST(due_by(connection, hour(1000), 10)).empty());
    CHECK(only(connection).state == State::running);  // overdue is not stopped
  });
}

TEST_CASE("a stopped clock stays stopped until it is started anew, with other times") {
  in_a_database([](store::Connection& connection) {
    MUST(start(connection, reply({hour(10)})));
    MUST(stop(connection, 7, "question.reply"));
    CHECK(only(connection).state == State::stopped);
    CHECK(!MUST(next_due(connection)));
    // It has ended once: it does not lapse afterwards.
    MUST(stop(connection, 7, "question.reply", State::lapsed));
    CHECK(only(connection).state == State::stopped);
    Clock again = reply({hour(20)});
    again.due = hour(20);
    MUST(start(connection, again));
    CHECK(only(connection).state == State::running);
    CHECK(only(connection).due == hour(20));
    MUST(stop(connection, 7, "question.reply", State::lapsed));
    CHECK(only(connection).state == State::lapsed);
  });
}

TEST_CASE("a clock that goes to another authority keeps its times; one that has ended stays whose it was") {
  in_a_database([](store::Connection& connection) {
    MUST(start(connection, reply({hour(8), hour(10)})));
    MUST(hand_over(connection, 7, "question.reply", Subject("au:ke:next")));
    CHECK(only(connection).owner == Subject("au:ke:next"));
    CHECK(only(connection).started == hour(0));
    CHECK(only(connection).due == hour(10));
    CHECK(MUST(next_due(connection)) == hour(8));
    MUST(stop(connection, 7, "question.reply"));
    MUST(hand_over(connection, 7, "question.reply", Subject("au:ke:last")));
    CHECK(only(connection).owner == Subject("au:ke:next"));
  });
}

TEST_CASE("clocks of many cases ring in the order of their times, a few at a time") {
  in_a_database([](store::Connection& connection) {
    for (const int at : {5, 1, 3}) {
      Clock clock = reply({hour(at)});
      clock.case_no = at;
      MUST(start(connection, clock));
    }
    std::vector<std::int64_t> order;
    for (const Clock& clock : MUST(due_by(connection, hour(9), 2))) order.push_back(clock.case_no);
    CHECK(order == std::vector<std::int64_t>{1, 3});
  });
}

}  // namespace entraide::clocks
