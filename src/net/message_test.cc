#include "net/message.h"

#include "testing/testing.h"

using namespace entraide;
using namespace entraide::net;
using entraide::testing::rule_of;

TEST_CASE("the language is the best that the reader asks for and we have") {
  const std::pair<std::string_view, Language> table[] = {
      {"", Language::en},
      {"fr", Language::fr},
      {"fr-CA", Language::fr},
      {"AR", Language::ar},
      {"es-419,es;q=0.9,en;q=0.8", Language::es},
      {"en;q=0.3, fr;q=0.9", Language::fr},
      {"de, ar;q=0.5", Language::ar},
      {"de", Language::en},
      {"fr;q=0, es;q=0.1", Language::es},
      {"*, fr;q=0.9", Language::en},
      {"es, fr", Language::es},
      {"fr;q=nonsense, es;q=0.2", Language::es},
      {"french", Language::en},
      {";;;,,,q=", Language::en},
  };
  for (const auto& [header, language] : table) {
    CAPTURE(header);
    CHECK(choose_language(header) == language);
  }
}

TEST_CASE("a query is decoded, keeps its order, and may repeat a name") {
  const Parameters query = MUST(parse_query("a=1&b=x+y%2Fz&a=2&&flag&e=&=v"));
  CHECK(query.get("a") == "1");
  CHECK(query.all("a") == std::vector<std::string_view>{"1", "2"});
  CHECK(query.get("b") == "x y/z");
  CHECK(query.find("flag") != nullptr);
  CHECK(query.get("e").empty());
  CHECK(query.find("missing") == nullptr);
  CHECK(query.size() == 6);
}

TEST_CASE("a query that does not decode is refused") {
  for (const std::string_view bad : {"a=%", "a=%4", "a=%zz", "%C3=1", "a=%00", "a=%ED%A0%80"}) {
    CAPTURE(bad);
    CHECK(rule_of(parse_query(bad)) == "http.request.target");
  }
  CHECK(rule_of(parse_query("a=%C3%A9")) == "accepted");
}

TEST_CASE("a plus sign is a space in a query and itself in a path") {
  CHECK(MUST(parse_query("a=1+2")).get("a") == "1 2");
  CHECK(MUST(decode_segment("1+2")) == "1+2");
}

TEST_CASE("header names compare without case and join as one list") {
  Headers headers{{"Accept", "a"}, {"ACCEPT", "b"}, {"Host", "h"}};
  CHECK(headers.get("accept") == "a");
  CHECK(headers.list("Accept") == "a, b");
  CHECK(headers.count("aCCept") == 2);
  headers.set("accept", "c");
  CHECK(headers.list("Accept") == "c");
  headers.remove("HOST");
  CHECK(headers.find("Host") == nullptr);
}

TEST_CASE("a body is sliced without copying what it shares") {
  const auto bytes = std::make_shared<const Bytes>(to_bytes("0123456789"));
  const Body shared = Body::shared(bytes).slice(2, 5);
  CHECK(text_of(shared.view()) == "23456");
  CHECK(shared.view().data() == bytes->data() + 2);
  CHECK(text_of(Body("0123456789").slice(8, 2).view()) == "89");
  CHECK(Body("abc").slice(3, 0).size() == 0);
}
