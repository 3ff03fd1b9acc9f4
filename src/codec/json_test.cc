#include "codec/json.h"

#include "testing/testing.h"

using namespace entraide;
using namespace entraide::codec;

namespace {
std::string rule_of(std::string_view text, JsonLimits limits = {}) {
  auto result = parse_json(text, limits);
  return result ? "accepted" : result.error().rule;
}
}  // namespace

TEST_CASE("what needs care in a long text is seen wherever it stands") {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'x');
    text[at] = '\x1f';
    CHECK(rule_of("\"" + text + "\"") == "json.syntax");
    for (const char c : {'"', '\\', '\n', '\x01', '\x7f', ' '}) {
      text[at] = c;
      CHECK(MUST(parse_json(to_json(Json(text)))).string() == text);
    }
    text.replace(at, 1, "\xc3\xa9");
    CHECK(MUST(parse_json("\"" + text + "\"")).string() == text);
  }
}

TEST_CASE("a reader takes each of many members once") {
  Json many = Json::object();
  for (int i = 0; i < 70; ++i) many.set("m" + std::to_string(i), i);
  ObjectReader in(many, "many");
  for (int i = 0; i < 69; ++i) CHECK(in.integer("m" + std::to_string(i)) == i);
  CHECK(entraide::testing::rule_of(in.finish()) == "json.member");
  ObjectReader again(many, "many");
  for (int i = 69; i >= 0; --i) again.integer("m" + std::to_string(i));
  MUST(again.finish());
}

TEST_CASE("a JSON text reads back to the same text") {
  for (const std::string_view text :
       {R"({"a":[1,-2,true,false,null,"x"],"b":{"c":"é\n"}})", "[]", "{}", "\"\"", "9007199254740992"})
    CHECK(to_json(MUST(parse_json(text))) == text);
}

TEST_CASE("what two readers could take two ways is refused") {
  CHECK(rule_of(R"({"a":1,"a":2})") == "json.duplicate");
  CHECK(rule_of(R"({"a":1,"\u0061":2})") == "json.duplicate");
  CHECK(rule_of("1.5") == "json.number");
  CHECK(rule_of("1e3") == "json.number");
  CHECK(rule_of("9007199254740993") == "json.number");
  CHECK(rule_of("18446744073709551615") == "json.number");
  CHECK(rule_of("{}x") == "json.syntax");
  CHECK(rule_of("{} {}") == "json.syntax");
  CHECK(rule_of("") == "json.syntax");
  CHECK(rule_of("\"\xff\"") == "json.syntax");
  CHECK(rule_of("\"\\ud800\"") == "json.syntax");
  CHECK(rule_of("// x\n1") == "json.syntax");
  CHECK(rule_of("[1,]") == "json.syntax");
}

TEST_CASE("wherever it falls in a text, an escape is undone and a control character refused") {
  for (std::size_t before = 0; before < 20; ++before) {
    const std::string plain(before, 'a');
    CHECK(MUST(parse_json("\"" + plain + "\\\"\\u00e9\\ud83d\\ude00\\/" + plain + "\"")).string() ==
          plain + "\"\u00e9\U0001f600/" + plain);
    CHECK(MUST(parse_json("\"" + plain + "é漢\x7f\"")).string() == plain + "é漢\x7f");
    for (const std::string_view wrong : {"\n", "\x1f", "\\x", "\\u12x", "\\ud800\\u0041", "\\udc00", "\xc3"})
      CHECK_MESSAGE(rule_of("\"" + plain + std::string(wrong) + "aaaaaaaaa\"") == "json.syntax", wrong);
  }
}

TEST_CASE("numbers are written in one way") {
  CHECK(MUST(parse_json(" -9007199254740992 ")).integer() == -9007199254740992);
  CHECK(MUST(parse_json("-0")).integer() == 0);
  for (const std::string_view wrong : {"01", "-", "+1", ".5", "1.", "1e", "0x1", "1 2", "--1", "NaN"})
    CHECK_MESSAGE(rule_of(wrong) == "json.syntax", wrong);
  for (const std::string_view wrong : {"1.0", "-1e5", "0E+0", "-9007199254740993", "99999999999999999999999"})
    CHECK_MESSAGE(rule_of(wrong) == "json.number", wrong);
}

TEST_CASE("a duplicate is found in a large object too") {
  std::string text = "{";
  for (int i = 0; i < 100; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  CHECK(rule_of(text + "\"z\":0}") == "accepted");
  CHECK(rule_of(text + "\"k3\":0}") == "json.duplicate");
  CHECK(rule_of(text + "\"k99\":0}") == "json.duplicate");
}

TEST_CASE("depth, size and number of values are bounded") {
  CHECK(rule_of(std::string(16, '[') + std::string(16, ']')) == "accepted");
  CHECK(rule_of(std::string(17, '[') + std::string(17, ']')) == "json.depth");
  CHECK(rule_of(std::string(100'000, '[')) == "json.depth");
  CHECK(rule_of("[1,2,3]", {.bytes = 6}) == "json.size");
  CHECK(rule_of("[1,2,3]", {.values = 3}) == "json.size");
}

TEST_CASE("canonical JSON sorts members by UTF-16 code units") {
  const Json value = MUST(parse_json(R"({"b":1,"a":{"z":[],"y":null},"\ud83d\ude00":3,"\ufb33":4})"));
  CHECK(canonical_json(value) == "{\"a\":{\"y\":null,\"z\":[]},\"b\":1,\"\U0001f600\":3,\"\ufb33\":4}");
}

TEST_CASE("an object reader names the first fault and what nobody read") {
  const Json value = MUST(parse_json(R"({"t":"x","n":1,"extra":true,"none":null})"));
  {
    ObjectReader in(value, "act");
    CHECK(in.string("t") == "x");
    CHECK(in.integer("n") == 1);
    CHECK(!in.nullable_string("none").has_value());
    CHECK(in.finish().error().message == "act.extra: is not known here");
  }
  {
    ObjectReader in(value, "act");
    in.string("n");
    in.integer("t");
    CHECK(in.finish().error().message == "act.n: must be a text");
  }
  {
    ObjectReader in(value, "act");
    in.string("gone");
    CHECK(in.finish().error().path == "act.gone");
  }
  ObjectReader in(Json(3), "act");
  CHECK(in.string("t").empty());
  CHECK(in.finish().error().message == "act: must be an object");
}

TEST_CASE("a dotted path walks through objects and lists") {
  const Json value = MUST(parse_json(R"({"a":[{"b":7}]})"));
  REQUIRE(value.at_path("a.0.b") != nullptr);
  CHECK(value.at_path("a.0.b")->integer() == 7);
  CHECK(value.at_path("a.1.b") == nullptr);
  CHECK(value.at_path("a.x") == nullptr);
}
