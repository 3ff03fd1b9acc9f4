#include "drafts/drafts.h"

#include "http/api/api.h"
#include "rulebook/model.h"

// Sealed drafts of a team. Whoever writes says which version they have seen: nobody's words are lost without a word.

namespace entraide::http {
namespace {

using codec::Json;
using drafts::Draft;

constexpr std::size_t kBodyBytesMax = (1 << 20) + (1 << 18);  // a draft's JWE as a JSON string
constexpr std::size_t kFormBytesMax = 64;

std::string etag_of(const Draft& draft) { return "\"" + codec::to_text(draft.tag) + "\""; }

Json json_of(const Draft& draft) {
  return Json::object({{"draft", draft.id},
                       {"authority", draft.authority.str()},
                       {"kind", draft.kind},
                       {"form", draft.form},
                       {"bytes", draft.bytes},
                       {"etag", etag_of(draft)},
                       {"updated_at", codec::rfc3339(draft.updated)},
                       {"updated_by", draft.updated_by.str()}});
}

net::Response with_etag(net::Response response, const Draft& draft) {
  response.headers.set("ETag", etag_of(draft));
  return response;
}

// 428 and 412 (RFC 6585, RFC 9110) say what stands there now, so that a person can compare.
net::Response precondition(const Api& api, const net::Request& request, int status, std::string rule,
                           std::string detail, const std::optional<Draft>& current) {
  net::Problem problem;
  problem.status = status;
  problem.rule = std::move(rule);
  problem.title = std::string(net::title_of(status, request.language));
  if (const auto rules = api.hub.rulebook())
    if (const auto words = rules->word(net::code_of(request.language), "rule." + problem.rule); !words.empty())
      problem.title = std::string(words);
  problem.detail = std::move(detail);
  problem.trace_id = request.trace_id;
  if (current) problem.more.set("current", json_of(*current));
  auto response = net::to_response(problem);
  response.rule = problem.rule;
  return response;
}

// Nothing, when the writer has seen what stands there.
std::optional<net::Response> stale(const Api& api, const net::Request& request, const std::optional<Draft>& current,
                                   bool may_be_new) {
  const std::string* match = request.headers.find("if-match");
  const bool makes_new = may_be_new && request.headers.get("if-none-match") == "*";
  if (match == nullptr && !makes_new)
    return precondition(api, request, 428, "api.precondition.required",
                        "draft: say which version you have seen, with If-Match", current);
  if (match != nullptr ? current && *match == etag_of(*current) : !current) return std::nullopt;
  return precondition(api, request, 412, "draft.stale",
                      current ? "draft: somebody has changed it meanwhile; compare the two"
                              : "draft: it is gone; keep yours under a new number",
                      current);
}

std::string id_of(const net::Request& request) { return std::string(request.captured.get("draft")); }

Result<> check_label(const Api& api, const Draft& draft) {
  const auto rules = api.hub.rulebook();
  if (!rules || !rules->model().kinds.contains(draft.kind))
    return fail(Errc::invalid, "draft.label", "kind: must be a kind of the rulebook");
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  if (draft.form.empty() || draft.form.size() > kFormBytesMax ||
      draft.form.find_first_not_of(allowed) != std::string::npos)
    return fail(Errc::invalid, "draft.label", "form: must be a version of 1 to 64 letters, digits, dots and hyphens");
  return {};
}

Result<net::Response> put(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Json value = TRY(codec::parse_json(request.body, {.bytes = kBodyBytesMax}));
  codec::ObjectReader in(value, "body");
  Draft draft;
  draft.id = id_of(request);
  draft.authority = Subject(in.string("authority"));
  draft.kind = in.string("kind");
  draft.form = in.string("form");
  draft.jwe = in.string("jwe");
  TRY(in.finish());
  TRY(codec::from_base64url_sized(draft.id, 16, "draft"));
  if (!caller.acts_for(draft.authority))
    return fail(Errc::refused, "api.authority", "authority: you do not act for " + draft.authority.str());
  TRY(check_label(*api, draft));
  const auto people = api->hub.directory();
  const directory::Ring* ring = people->authority(draft.authority)->current_ring();
  if (ring == nullptr) return fail(Errc::conflict, "draft.ring", "draft: the authority has no ring yet");
  TRY(drafts::check_sealed(draft, ring->key.kid()));
  draft.updated = from_seconds(to_seconds(api->hub.clock().now()));
  draft.updated_by = caller.subject;
  draft = drafts::with_tag(std::move(draft));
  auto answer = TRY(api->hub.write([&](store::Connection& connection) -> Result<net::Response> {
    const auto current = TRY(drafts::find(connection, draft.authority, draft.id));
    if (auto refused = stale(*api, request, current, true)) return std::move(*refused);
    TRY(drafts::put(connection, draft));
    return with_etag(json(current ? 200 : 201, json_of(draft)), draft);
  }));
  if (answer.status < 300) api->live.tell(News::draft, draft.authority, draft.id);
  return answer;
}

Result<net::Response> show_draft(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Subject authority = TRY(authority_of(caller, request));
  const auto draft = TRY(api->hub.read()(
      [&](store::Connection& connection) { return drafts::find(connection, authority, id_of(request)); }));
  if (!draft) return nothing_there("draft");
  auto response = with_etag(json(200, json_of(*draft).set("jwe", draft->jwe)), *draft);
  response.headers.set("Cache-Control", "private, no-cache");
  return net::conditional(request, std::move(response));
}

Result<net::Response> list_drafts(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Subject authority = TRY(authority_of(caller, request));
  Json items = Json::array();
  for (const Draft& draft :
       TRY(api->hub.read()([&](store::Connection& connection) { return drafts::list(connection, authority); })))
    items.push_back(json_of(draft));
  return json(200, Json::object({{"items", std::move(items)}, {"next", nullptr}}));
}

Result<net::Response> remove(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Subject authority = TRY(authority_of(caller, request));
  auto answer = TRY(api->hub.write([&](store::Connection& connection) -> Result<net::Response> {
    const auto current = TRY(drafts::find(connection, authority, id_of(request)));
    if (!current) return nothing_there("draft");
    if (auto refused = stale(*api, request, current, false)) return std::move(*refused);
    TRY(drafts::remove(connection, authority, current->id));
    return done();
  }));
  if (answer.status < 300) api->live.tell(News::draft, authority, id_of(request));
  return answer;
}

}  // namespace

void add_draft_routes(net::Router& router, ApiPtr api) {
  const auto with = [&](auto read) {
    return reading(
        api, [api, read](const Caller& caller, const net::Request& request) { return read(api, caller, request); });
  };
  router.add("GET", "/v1/drafts", with(list_drafts), kOnPool);
  router.add("PUT", "/v1/drafts/{draft}", with(put), {.body_limit = kBodyBytesMax, .pool = true});
  router.add("GET", "/v1/drafts/{draft}", with(show_draft), kOnPool);
  router.add("DELETE", "/v1/drafts/{draft}", with(remove), kOnPool);
}

}  // namespace entraide::http
