#include "apps/entraide/due.h"

#include "testing/testing.h"

using namespace entraide;
using codec::Json;

TEST_CASE("a case is due when the reader's own clock runs out, whatever another's says") {
  const Json file = MUST(codec::parse_json(R"({"clocks": [
    {"owner": "au:ke:ncb", "state": "running", "due_at": "2031-03-04T09:00:00Z"},
    {"owner": "au:fr:ncb", "state": "running", "due_at": "2031-03-09T09:00:00Z"},
    {"owner": "au:fr:ncb", "state": "running", "due_at": "2031-03-07T09:00:00Z"},
    {"owner": "au:fr:ncb", "state": "stopped", "due_at": "2031-03-01T09:00:00Z"}]})"));
  CHECK(cli::first_due(file, "au:fr:ncb") == Json("2031-03-07T09:00:00Z"));
  CHECK(cli::first_due(file, "au:ke:ncb") == Json("2031-03-04T09:00:00Z"));
  CHECK(cli::first_due(file, "au:ma:ncb") == Json("2031-03-04T09:00:00Z"));
  CHECK(cli::first_due(MUST(codec::parse_json(R"({"clocks": []})")), "au:fr:ncb").is_null());
  CHECK(cli::first_due(Json::object(), "au:fr:ncb").is_null());
}
