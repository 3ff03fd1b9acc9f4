// The contract as a whole: it names what the routers take and nothing else, its examples fit, every answer is given.

#include "contract/stage.h"

namespace entraide::contract {

using codec::Json;

TEST_CASE("the contract names every address of the server, and none that there is not") {
  kit::Hub hub;
  std::set<std::string> served;
  const auto operators = http::make_metrics_router(hub.hub(), hub.metrics());
  for (const net::Router* router : {&hub.router(), &operators})
    for (const auto& route : router->routes()) {
      std::string pattern = route->pattern;
      if (pattern == "/{rest...}") continue;  // the desk's own addresses
      if (const auto rest = pattern.find("...}"); rest != std::string::npos) pattern.replace(rest, 4, "}");
      served.insert(route->method + " " + pattern);
    }
  CHECK(served == kit::Contract(document()).operations());
}

TEST_CASE("the contract's examples fit their schemas, and every schema and parameter is used") {
  const Json contract = document();
  std::size_t examples = 0;
  const auto visit = [&](auto& self, const Json& value) -> void {
    if (value.is_array())
      for (const Json& item : value.array_items()) self(self, item);
    if (!value.is_object()) return;
    const Json* schema = value.find("schema");
    if (const Json* given = value.find("examples"); schema != nullptr && given != nullptr && given->is_object())
      for (const auto& [name, example] : given->members()) {
        ++examples;
        INFO(name);
        const kit::Contract reader(contract);
        for (const std::string& defect :
             kit::schema_defects(contract, *schema, *reader.resolved(example).find("value")))
          FAIL_CHECK(defect);
      }
    for (const auto& [name, member] : value.members()) self(self, member);
  };
  visit(visit, contract);
  CHECK(examples == contract.at_path("components.examples")->members().size());

  const std::string text = codec::to_json(contract);
  for (const char* part : {"schemas", "parameters", "responses", "examples"})
    for (const auto& [name, value] : contract.at_path("components." + std::string(part))->members()) {
      INFO(part << " " << name);
      CHECK(text.find("\"#/components/" + std::string(part) + "/" + name + "\"") != std::string::npos);
    }
}

TEST_CASE("the check of the contract finds what does not fit") {
  const auto defects = [](const char* schema, const char* value) {
    return kit::schema_defects(document(), MUST(codec::parse_json(schema)), MUST(codec::parse_json(value))).size();
  };
  CHECK(defects(R"({"type":"integer","minimum":1})", "1") == 0);
  CHECK(defects(R"({"type":"integer","minimum":1})", "0") == 1);
  CHECK(defects(R"({"type":"integer"})", "\"1\"") == 1);
  CHECK(defects(R"({"type":["string","null"]})", "null") == 0);
  CHECK(defects(R"({"type":["string","null"]})", "7") == 1);
  CHECK(defects(
            R"({"type":"object","required":["a"],"properties":{"a":{"type":"string"}},"additionalProperties":false})",
            R"({"a":"x"})") == 0);
  CHECK(defects(
            R"({"type":"object","required":["a"],"properties":{"a":{"type":"string"}},"additionalProperties":false})",
            R"({"b":"x"})") == 2);
  CHECK(defects(R"({"items":{"enum":["a","b"]},"maxItems":2})", R"(["a","c","b"])") == 2);
  CHECK(defects(R"({"oneOf":[{"const":1},{"type":"integer"}]})", "1") == 1);
  CHECK(defects(R"({"anyOf":[{"const":1},{"type":"integer"}]})", "1") == 0);
  CHECK(defects(R"({"$ref":"#/components/schemas/Time"})", "\"2031-03-02T09:00:00Z\"") == 0);
  CHECK(defects(R"({"$ref":"#/components/schemas/Time"})", "\"yesterday, at nine AM\"") == 2);
  CHECK(defects(R"({"maxLength":2})", "\"\u00e9\u00e9\"") == 0);
  CHECK(defects(R"({"pattern":"a"})", "\"a\"") == 1);

  kit::Contract contract(document());
  const auto check = [&](const char* method, const char* path, int status, const char* type, const char* body) {
    return contract.check({method, path, {}, {}}, {status, {{"content-type", type}}, body}).size();
  };
  CHECK(check("GET", "/healthz", 200, "text/plain; charset=utf-8", "alive") == 0);
  CHECK(check("GET", "/healthz", 200, "application/json", "{}") == 1);
  CHECK(check("GET", "/healthz", 204, "", "") == 1);
  CHECK(check("GET", "/v1/unheard-of", 200, "", "") == 1);
  CHECK(check("DELETE", "/v1/status", 200, "", "") == 1);
  CHECK(check("GET", "/v1/status", 200, "application/json", "{}") == 10);
}

TEST_CASE("every answer that the contract promises is given") {
  kit::Contract contract(document());
  for (const auto walk :
       {walk_hub, walk_desk, walk_demonstration, walk_sessions, walk_passkeys, walk_enrolment, walk_waiting,
        walk_acts, walk_cases, walk_directory, walk_files, walk_events, walk_live, walk_drafts}) {
    Stage stage(&contract);
    walk(stage);
  }
  for (const std::string& answer : contract.never_given()) FAIL_CHECK(answer);
}

}  // namespace entraide::contract
