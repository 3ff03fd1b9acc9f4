#include "http/rates.h"

#include "testing/testing.h"

using namespace entraide;
using entraide::http::Rates;

TEST_CASE("an address may knock so often at once, and so often again each minute") {
  Rates rates(3);
  const Time start = from_seconds(1'900'000'000);
  for (int i = 0; i < 3; ++i) CHECK(rates.allow("192.0.2.1", start));
  CHECK(!rates.allow("192.0.2.1", start));
  CHECK(rates.allow("192.0.2.2", start));
  CHECK(!rates.allow("192.0.2.1", start + Seconds(19)));
  CHECK(rates.allow("192.0.2.1", start + Seconds(21)));
  CHECK(!rates.allow("192.0.2.1", start + Seconds(21)));
  for (int i = 0; i < 3; ++i) CHECK(rates.allow("192.0.2.1", start + Seconds(600)));
  CHECK(!rates.allow("192.0.2.1", start + Seconds(600)));
  CHECK(!rates.allow("192.0.2.1", start));  // a clock that was set back gives nothing
}

TEST_CASE("addresses that have been quiet make room, and when none has, strangers wait") {
  Rates rates(1, 2);
  const Time start = from_seconds(1'900'000'000);
  CHECK(rates.allow("a", start));
  CHECK(rates.allow("b", start));
  CHECK(!rates.allow("c", start));
  CHECK(rates.allow("c", start + Seconds(61)));
}
