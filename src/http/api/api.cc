#include "http/api/api.h"

#include <charconv>

#include "crypto/digest.h"
#include "rulebook/rule_words.h"

namespace entraide::http {

using codec::Json;

std::string Api::url_of(const net::Request& request) const {
  // Both doors lead to one hub; the proof names the one that the client went to.
  const std::string_view systems = settings.systems_url;
  if (request.tls && !systems.empty() && systems == "https://" + std::string(request.headers.get("host")))
    return settings.systems_url + request.path;
  if (!settings.public_url.empty()) return settings.public_url + request.path;
  return (request.tls ? "https://" : "http://") + std::string(request.headers.get("host")) + request.path;
}

net::Response json(int status, const Json& value) { return json_text(status, codec::to_json(value)); }

net::Response json_text(int status, std::string text) {
  auto response = net::Response::of(status, "application/json", std::move(text));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

namespace {

// Words may have {places}; a place whose parameter is missing stays as it is.
std::string filled(std::string words, const Json& params) {
  if (!params.is_object()) return words;
  for (const auto& [name, value] : params.members()) {
    const std::string place = "{" + name + "}";
    const std::string text = value.is_string() ? value.string() : codec::to_json(value);
    for (std::size_t at = words.find(place); at != std::string::npos; at = words.find(place, at + text.size()))
      words.replace(at, place.size(), text);
  }
  return words;
}

std::string pointer_of(std::string_view path) {
  std::string out = "/";
  for (const char c : path) out += c == '.' ? '/' : c;
  return out;
}

}  // namespace

namespace {
// Refusals for which HTTP, or a protocol over it, has a status of its own.
int status_of(const Error& error) {
  if (error.rule == "api.tus.version") return 412;
  if (error.rule == "api.media-type") return 415;
  return net::status_of(error.code);
}
}  // namespace

net::Response problem_of(const Api& api, const hub::Refusal& refusal, const net::Request& request, Json more) {
  const Error& error = refusal.error;
  const bool ours = error.code == Errc::storage || error.code == Errc::internal;
  net::Problem problem;
  problem.status = status_of(error);
  problem.rule = error.rule;
  problem.trace_id = request.trace_id;
  problem.title = std::string(net::title_of(problem.status, request.language));
  // Those of the rulebook in force; before genesis, and for rules that it is too old to know, our own.
  const std::string_view language = net::code_of(request.language);
  std::string words;
  if (const auto rules = api.hub.rulebook()) words = rules->word(language, "rule." + error.rule);
  if (words.empty()) words = rulebook::built_in_words(language, error.rule);
  if (!words.empty()) problem.title = filled(std::move(words), refusal.params);
  if (!ours) problem.detail = error.message;
  if (!error.path.empty()) problem.errors.push_back({pointer_of(error.path), error.rule, refusal.params});
  if (error.code == Errc::unavailable) problem.retry_after = Seconds(1);
  problem.more = std::move(more);
  if (!refusal.source.empty()) problem.more.set("source", refusal.source);
  auto response = net::to_response(problem);
  response.rule = error.rule;
  if (ours) response.log_note = error.message;
  if (problem.status == 401) response.headers.set("WWW-Authenticate", "DPoP algs=\"ES256\"");
  return response;
}

net::Response problem_of(const Api& api, const Error& error, const net::Request& request) {
  return problem_of(api, hub::Refusal{error}, request);
}

std::unexpected<Error> nothing_there(std::string_view what) {
  return fail(Errc::not_found, "api.not_found", std::string(what) + ": there is none, or none that you may read");
}

net::Handler reading(ApiPtr api, Reading read) {
  return [api = std::move(api), read = std::move(read)](net::Request request, net::Reply reply) {
    const auto people = api->hub.directory();
    const auto caller = api->sessions.caller(request, api->url_of(request), *people);
    if (!caller) return std::move(reply).send(problem_of(*api, caller.error(), request));
    auto response = read(*caller, request);
    std::move(reply).send(response ? std::move(*response) : problem_of(*api, response.error(), request));
  };
}

net::Handler open_to_all(ApiPtr api, std::function<Result<net::Response>(const Api&, const net::Request&)> handle) {
  return [api = std::move(api), handle = std::move(handle)](net::Request request, net::Reply reply) {
    auto response = handle(*api, request);
    std::move(reply).send(response ? std::move(*response) : problem_of(*api, response.error(), request));
  };
}

net::Response done() {
  net::Response response;
  response.status = 204;
  response.headers.set("Cache-Control", "no-store");
  return response;
}

passkeys::RelyingParty relying_party(const Api& api, const net::Request& request) {
  std::string origin = api.settings.public_url;
  if (origin.empty()) origin = (request.tls ? "https://" : "http://") + std::string(request.headers.get("host"));
  const std::string host = origin.substr(origin.find("://") + 3);
  return {host.substr(0, host.find_first_of(":/")), origin};
}

net::Handler limited(ApiPtr api, net::Handler handler) {
  return [api = std::move(api), handle = std::move(handler)](net::Request request, net::Reply reply) {
    if (api->rates.allow(request.peer, api->hub.clock().now())) return handle(std::move(request), std::move(reply));
    net::Problem problem;
    problem.status = 429;
    problem.rule = "api.rate";
    problem.title = std::string(net::title_of(429, request.language));
    problem.detail = "too many requests from this address; wait a minute";
    problem.trace_id = request.trace_id;
    problem.retry_after = Seconds(60);
    std::move(reply).send(net::to_response(problem));
  };
}

Result<Subject> authority_of(const Caller& caller, const net::Request& request) {
  const Subject named(std::string(request.query.get("authority")));
  if (named.empty()) {
    if (caller.authorities.size() == 1) return caller.authorities.front().first;
    return fail(Errc::invalid, "api.authority.missing",
                "authority: you act for several or none; name one with ?authority=");
  }
  if (!caller.acts_for(named))
    return fail(Errc::refused, "api.authority", "authority: you do not act for " + named.str());
  return named;
}

Result<std::int64_t> number_of(const net::Request& request, std::string_view name, std::int64_t otherwise,
                               std::int64_t least, std::int64_t most) {
  const std::string* text = request.query.find(name);
  if (text == nullptr) return otherwise;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < least || value > most)
    return fail(
        Errc::invalid, "api.parameter",
        std::string(name) + ": must be a number from " + std::to_string(least) + " to " + std::to_string(most));
  return value;
}

namespace {
std::string filter_tag(std::string_view filter) { return codec::base64url(crypto::sha256(filter).view().first(6)); }
}  // namespace

std::string make_cursor(std::string_view filter, std::int64_t key, std::int64_t tie) {
  return codec::base64url(bytes_of(codec::to_json(Json::array({filter_tag(filter), key, tie}))));
}

Result<Cursor> parse_cursor(std::string_view filter, std::string_view text) {
  const auto wrong = [] {
    return fail(Errc::invalid, "api.cursor", "cursor: not one that this list gave; start again without it");
  };
  const auto bytes = codec::from_base64url(text);
  if (!bytes) return wrong();
  const auto value = codec::parse_json(*bytes, {.bytes = 256});
  if (!value || !value->is_array() || value->array_items().size() != 3) return wrong();
  const auto& items = value->array_items();
  if (!items[0].is_string() || items[0].string() != filter_tag(filter) || !items[1].is_integer() ||
      !items[2].is_integer())
    return wrong();
  return Cursor{items[1].integer(), items[2].integer()};
}

Result<> require_administrator(const Api& api, const Caller& caller, const Subject& authority) {
  const auto people = api.hub.directory();
  const directory::Key* key = people->key(caller.device);
  if (key != nullptr && key->active() && key->use == directory::Key::Use::administrator && key->holder == authority &&
      people->active_authority(authority) != nullptr)
    return {};
  return fail(Errc::refused, "api.administrator", "this is for the authority's administrators");
}

}  // namespace entraide::http
