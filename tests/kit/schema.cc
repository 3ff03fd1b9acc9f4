#include "kit/schema.h"

#include <algorithm>

#include "codec/codec.h"
#include "kit/hub.h"

namespace entraide::kit {

using codec::Json;

namespace {

constexpr std::string_view kAnnotations[] = {"description", "title", "examples", "default", "summary"};
// Statuses that any request may be answered with: "default" in the contract.
constexpr int kAnywhere[] = {400, 405, 408, 413, 431, 500, 503};

const Json& resolve(const Json& root, const Json& value) {
  const Json* now = &value;
  while (const Json* ref = now->is_object() ? now->find("$ref") : nullptr) {
    ENSURE(ref->string().starts_with("#/"));
    std::string_view rest = std::string_view(ref->string()).substr(2);
    now = &root;
    while (!rest.empty()) {
      const std::size_t slash = rest.find('/');
      now = now->find(rest.substr(0, slash));
      ENSURE(now != nullptr);  // the contract's references lead somewhere
      rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    }
  }
  return *now;
}

std::string_view type_of(const Json& value) {
  if (value.is_null()) return "null";
  if (value.is_object()) return "object";
  if (value.is_array()) return "array";
  if (value.is_string()) return "string";
  return value.is_integer() ? "integer" : "boolean";
}

std::int64_t code_points(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

struct Validation {
  const Json& root;
  std::vector<std::string> defects = {};

  void no(const std::string& at, const std::string& what) {
    defects.push_back((at.empty() ? "/" : at) + ": " + what);
  }
  bool fits(const Json& schema, const Json& value) const {
    Validation inner{root};
    inner.visit(schema, value, "");
    return inner.defects.empty();
  }

  void visit(const Json& schema, const Json& value, const std::string& at) {
    if (!schema.is_object()) return;  // true: anything
    if (schema.find("$ref") != nullptr) visit(resolve(root, schema), value, at);
    for (const auto& [keyword, rule] : schema.members()) keep(schema, keyword, rule, value, at);
  }

  void keep(const Json& schema, const std::string& keyword, const Json& rule, const Json& value,
            const std::string& at) {
    if (keyword == "$ref" || keyword == "properties" ||
        std::ranges::find(kAnnotations, keyword) != std::end(kAnnotations)) {
      if (keyword == "properties" && value.is_object())
        for (const auto& [name, inner] : rule.members())
          if (const Json* member = value.find(name)) visit(inner, *member, at + "/" + name);
    } else if (keyword == "type") {
      const std::string_view type = type_of(value);
      const bool ok = rule.is_string() ? rule.string() == type
                                       : std::ranges::any_of(rule.array_items(),
                                                             [&](const Json& one) { return one.string() == type; });
      if (!ok) no(at, "is of type " + std::string(type) + ", not " + codec::to_json(rule));
    } else if (keyword == "const") {
      if (!(value == rule)) no(at, "is not " + codec::to_json(rule));
    } else if (keyword == "enum") {
      if (std::ranges::find(rule.array_items(), value) == rule.array_items().end())
        no(at, "is none of " + codec::to_json(rule));
    } else if (keyword == "required") {
      if (value.is_object())
        for (const Json& name : rule.array_items())
          if (value.find(name.string()) == nullptr) no(at, "lacks " + name.string());
    } else if (keyword == "additionalProperties") {
      if (value.is_object()) further(schema, rule, value, at);
    } else if (keyword == "items") {
      if (value.is_array())
        for (std::size_t i = 0; i < value.array_items().size(); ++i)
          visit(rule, value.array_items()[i], at + "/" + std::to_string(i));
    } else if (keyword == "minItems" || keyword == "maxItems") {
      const auto size = value.is_array() ? static_cast<std::int64_t>(value.array_items().size()) : rule.integer();
      if (keyword == "minItems" ? size < rule.integer() : size > rule.integer())
        no(at, "has " + std::to_string(size) + " items");
    } else if (keyword == "minLength" || keyword == "maxLength") {
      const auto size = value.is_string() ? code_points(value.string()) : rule.integer();
      if (keyword == "minLength" ? size < rule.integer() : size > rule.integer())
        no(at, "has " + std::to_string(size) + " characters");
    } else if (keyword == "minimum" || keyword == "maximum") {
      const auto number = value.is_integer() ? value.integer() : rule.integer();
      if (keyword == "minimum" ? number < rule.integer() : number > rule.integer())
        no(at, "is " + std::to_string(number));
    } else if (keyword == "oneOf" || keyword == "anyOf") {
      const auto count = std::ranges::count_if(rule.array_items(), [&](const Json& one) { return fits(one, value); });
      if (count == 0 || (keyword == "oneOf" && count > 1)) no(at, "fits " + std::to_string(count) + " of " + keyword);
    } else if (keyword == "allOf") {
      for (const Json& one : rule.array_items()) visit(one, value, at);
    } else if (keyword == "format") {
      if (value.is_string()) format(rule.string(), value.string(), at);
    } else {
      no(at, "the schema uses `" + keyword + "`, which nothing checks");
    }
  }

  void further(const Json& schema, const Json& rule, const Json& value, const std::string& at) {
    const Json* known = schema.find("properties");
    for (const auto& [name, member] : value.members()) {
      if (known != nullptr && known->find(name) != nullptr) continue;
      if (rule.is_object()) visit(rule, member, at + "/" + name);
      else if (!rule.boolean()) no(at, "has the unknown member " + name);
    }
  }

  void format(std::string_view name, std::string_view text, const std::string& at) {
    if (name == "date-time") {
      if (!codec::from_rfc3339(text)) no(at, "is not a time");
    } else if (name == "uri") {
      if (!text.starts_with("https://") || text.find(' ') != std::string_view::npos) no(at, "is not a URI");
    } else if (name != "uri-reference") {
      no(at, "the schema uses the format " + std::string(name) + ", which nothing checks");
    }
  }
};

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t slash = path.find('/');
    out.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    path.remove_prefix(slash + 1);
  }
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return text;
}

// How well a path fits a pattern: the number of literal segments, or nothing.
std::optional<int> fit(std::string_view pattern, std::string_view path) {
  const auto wanted = segments(pattern), have = segments(path);
  int literal = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == "{rest}") return literal;
    if (i >= have.size()) return {};
    if (wanted[i].starts_with('{')) {
      if (have[i].empty()) return {};
    } else if (wanted[i] != have[i]) {
      return {};
    } else {
      ++literal;
    }
  }
  return wanted.size() == have.size() ? std::optional(literal) : std::nullopt;
}

}  // namespace

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return text;
}

std::vector<std::string> schema_defects(const Json& root, const Json& schema, const Json& value) {
  Validation validation{root};
  validation.visit(schema, value, "");
  return validation.defects;
}

Contract::Contract(Json document) : document_(std::move(document)) {}

const Json& Contract::resolved(const Json& value) const { return resolve(document_, value); }

std::set<std::string> Contract::operations() const {
  std::set<std::string> out;
  for (const auto& [path, item] : document_.find("paths")->members())
    for (const auto& [method, operation] : item.members())
      if (operation.is_object()) out.insert(upper(method) + " " + path);
  return out;
}

Contract::Found Contract::find(std::string_view method, std::string_view path) const {
  Found best;
  int most = -1;
  for (const auto& [pattern, item] : document_.find("paths")->members())
    if (const auto literal = fit(pattern, path); literal && *literal > most) {
      most = *literal;
      best = {pattern, item.find(lower(std::string(method)))};
    }
  return best;
}

std::vector<std::string> Contract::check(const client::HttpRequest& request, const client::HttpResponse& response) {
  std::string_view path = request.url;
  if (path.starts_with(kUrl)) path.remove_prefix(kUrl.size());
  path = path.substr(0, path.find('?'));
  Found found = find(request.method, path);
  const std::string what = request.method + " " + (found.path.empty() ? std::string(path) : found.path) + " " +
                           std::to_string(response.status);
  const auto wrong = [&](const std::string& why) { return std::vector<std::string>{what + ": " + why}; };
  if (found.path.empty())
    return response.status == 404 || response.status == 400 ? std::vector<std::string>()
                                                            : wrong("is no path of the contract");
  const bool bodiless = request.method == "HEAD" && found.operation == nullptr;
  if (bodiless) found = find("GET", path);  // HEAD is what GET says, without the body
  if (found.operation == nullptr) {
    const bool ok = response.status == 405 || (request.method == "OPTIONS" && response.status == 204);
    return ok && !response.header("allow").empty() ? std::vector<std::string>() : wrong("is no method of that path");
  }
  const Json& answers = *found.operation->find("responses");
  const Json* answer = answers.find(std::to_string(response.status));
  if (answer == nullptr) {
    if (std::ranges::find(kAnywhere, response.status) == std::end(kAnywhere))
      return wrong("is no answer of the contract; " + response.body.substr(0, 300));
    answer = answers.find("default");
  } else if (!bodiless) {
    given_.insert(what);
  }
  const Json& documented = resolved(*answer);
  if (const Json* headers = documented.find("headers"); headers != nullptr && answer != answers.find("default"))
    for (const auto& [name, header] : headers->members())
      if (response.header(lower(name)).empty()) return wrong("lacks the header " + name);
  const Json* content = documented.find("content");
  if (request.method == "HEAD")
    return response.body.empty() ? std::vector<std::string>() : wrong("an answer to HEAD has no body");
  if (content == nullptr)
    return response.body.empty() ? std::vector<std::string>() : wrong("has a body that the contract does not know");
  std::string_view type = response.header("content-type");
  type = type.substr(0, type.find(';'));
  const Json* media = content->find(type);
  if (media == nullptr) return wrong("is of type `" + std::string(type) + "`");
  if (response.status == 206 || (type != "application/json" && type != "application/problem+json")) return {};
  const auto body = codec::parse_json(response.body, {.bytes = 16 << 20, .values = 2'000'000});
  if (!body) return wrong("is no JSON: " + body.error().message);
  std::vector<std::string> defects = schema_defects(document_, *media->find("schema"), *body);
  for (std::string& defect : defects) defect = what + " " + defect + " in " + response.body.substr(0, 400);
  return defects;
}

std::vector<std::string> Contract::never_given() const {
  std::vector<std::string> out;
  for (const auto& [path, item] : document_.find("paths")->members())
    for (const auto& [method, operation] : item.members()) {
      if (!operation.is_object()) continue;
      for (const auto& [status, answer] : operation.find("responses")->members())
        if (status != "default" && !given_.contains(upper(method) + " " + path + " " + status))
          out.push_back(upper(method) + " " + path + " " + status);
    }
  return out;
}

}  // namespace entraide::kit
