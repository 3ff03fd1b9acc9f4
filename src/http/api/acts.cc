#include <algorithm>

#include "http/api/api.h"

namespace entraide::http {
namespace {

using codec::Json;

// An act of 64 KiB and 8 MiB of sealed objects, as JSON strings.
constexpr std::size_t kSubmissionBytesMax = 9 << 20;
// To read, hash and check so much takes about a millisecond: longer than the other connections of a thread should wait.
constexpr std::size_t kOnTheSpotBytesMax = 96 << 10;

bool is_rehearsal(const net::Request& request) { return request.query.get("dry-run") == "true"; }

struct Submitted {
  std::string act;
  std::vector<std::string> objects;
};

// The texts are moved, not copied: they are most of what an act costs to read.
Result<Submitted> read_submission(const net::Request& request) {
  Json value = TRY(codec::parse_json(request.body, {.bytes = kSubmissionBytesMax}));
  codec::ObjectReader in(value, "submission");
  in.text("act");
  const Json* objects = in.optional_value("objects");
  if (objects != nullptr && !(objects->is_array() && std::ranges::all_of(objects->array_items(), &Json::is_string)))
    in.fault("objects", "must be a list of texts");
  TRY(in.finish());
  Submitted out;
  for (auto& [name, member] : value.members()) {
    if (member.is_string()) out.act = std::move(member.string());
    else
      for (Json& object : member.array_items()) out.objects.push_back(std::move(object.string()));
  }
  return out;
}

Json states_of(const std::vector<std::pair<std::string, std::string>>& states) {
  Json out = Json::object();
  for (const auto& [kind, state] : states) out.set(kind, state);
  return out;
}

// Written straight: every act is answered so.
std::string text_of(const hub::Accepted& accepted) {
  std::string out;
  out.reserve(accepted.receipt.proof_text.size() + 512);
  const auto name = [&](std::string_view key) -> std::string& {
    out += out.empty() ? '{' : ',';
    return out.append("\"").append(key).append("\":");
  };
  const auto text = [&](std::string_view key, std::string_view value) {
    codec::append_json_string(name(key), value);
  };
  const auto text_or_null = [&](std::string_view key, std::string_view value) {
    if (value.empty()) name(key) += "null";
    else text(key, value);
  };
  text("id", act::to_text(accepted.id));
  name("index") += std::to_string(accepted.receipt.index);
  text("time", codec::rfc3339(from_seconds(accepted.receipt.unix_seconds)));
  text("kind", merkle::to_text(accepted.kind));
  text("receipt", accepted.receipt.proof_text);
  text_or_null("case", accepted.case_id ? std::string_view(accepted.case_id->str()) : std::string_view());
  text_or_null("reference", accepted.reference);
  name("state") += codec::to_json(states_of(accepted.states));
  name("new") += accepted.is_new ? "true" : "false";
  return out += '}';
}

void submit(const ApiPtr& api, net::Request request, net::Reply reply) {
  auto submitted = read_submission(request);
  if (!submitted) return std::move(reply).send(problem_of(*api, submitted.error(), request));
  if (is_rehearsal(request)) {
    const auto judged = api->hub.rehearse(submitted->act, std::move(submitted->objects));
    return std::move(reply).send(
        judged ? json(200, Json::object({{"decision", "permitted"}, {"state", states_of(*judged)}}))
               : problem_of(*api, judged.error(), request));
  }
  request.body = {};  // read, and as large as what was read from it
  // The answer comes from the committer's thread, once the act is on disk.
  auto waiting = std::make_shared<std::pair<net::Request, net::Reply>>(std::move(request), std::move(reply));
  api->hub.submit(submitted->act, std::move(submitted->objects), [api, waiting](hub::Outcome outcome) {
    // Whether it waited for signatures or not, the administrators of that authority see it take effect.
    if (outcome && outcome->is_new && !outcome->directory_of.empty())
      api->live.tell(News::waiting, outcome->directory_of, act::to_text(outcome->id));
    std::move(waiting->second)
        .send(outcome ? json_text(outcome->is_new ? 201 : 200, text_of(*outcome))
                      : problem_of(*api, outcome.error(), waiting->first));
  });
}

}  // namespace

void add_act_routes(net::Router& router, ApiPtr api) {
  const net::RouteOptions options{.body_limit = kSubmissionBytesMax, .pool_if = [](const net::Request& request) {
                                    return request.body.size() > kOnTheSpotBytesMax || is_rehearsal(request);
                                  }};
  router.add(
      "POST", "/v1/acts",
      [api](net::Request request, net::Reply reply) { submit(api, std::move(request), std::move(reply)); }, options);
}

}  // namespace entraide::http
