#include "http/api/api.h"

namespace entraide::http {
namespace {

using codec::Json;

net::Response status(const Api& api) {
  const auto people = api.hub.directory();
  const auto& genesis = people->genesis();
  return json(
      200, Json::object(
               {{"name", api.settings.name},
                {"version", api.settings.version},
                {"origin", api.hub.log().origin},
                {"log_vkey", api.hub.log().verifier().vkey()},
                {"genesis", genesis ? Json(act::to_text(genesis->id)) : Json()},
                {"rulebook", people->rulebooks().empty() ? Json() : Json(codec::to_text(people->rulebooks().back()))},
                {"tree_size", api.hub.tree_size()},
                {"time", codec::rfc3339(api.hub.clock().now())},
                {"demonstration", api.settings.demonstration},
                {"desk", api.settings.desk ? Json(codec::to_text(api.settings.desk->hash)) : Json()}}));
}

Result<net::Response> current_rulebook(const Api& api, const net::Request&) {
  const auto rules = api.hub.rulebook();
  if (!rules) return nothing_there("rulebook");
  Json languages = Json::array();
  for (const std::string& language : rules->languages()) languages.push_back(language);
  return json(200, Json::object({{"digest", codec::to_text(rules->digest())}, {"languages", std::move(languages)}}));
}

Result<net::Response> rulebook_bundle(const Api& api, const net::Request& request) {
  const auto digest = codec::hash_from_text<Digest>(request.captured.get("digest"), "digest");
  const auto bundle = digest ? api.hub.shelf().bundle(*digest) : nullptr;
  if (!bundle) return nothing_there("rulebook");
  net::Response response;
  response.headers.set("Content-Type", "application/json");
  response.headers.set("ETag", "\"" + codec::to_text(*digest) + "\"");
  response.headers.set("Cache-Control", "public, max-age=31536000, immutable");
  response.body = net::Body::shared(bundle, bytes_of(*bundle));
  return net::conditional(request, std::move(response));
}

Result<net::Response> contract(const Api& api, const net::Request& request) {
  auto response = net::Response::of(200, "application/json", api.settings.openapi);
  response.headers.set("ETag", net::etag_of(response.body.view()));
  response.headers.set("Cache-Control", "no-cache");
  return net::conditional(request, std::move(response));
}

net::Response health(bool well, std::string_view words) {
  return net::Response::of(well ? 200 : 503, "text/plain; charset=utf-8", std::string(words) + "\n");
}

}  // namespace

void add_status_routes(net::Router& router, ApiPtr api) {
  router.add("GET", "/v1/status", [api](net::Request, net::Reply reply) { std::move(reply).send(status(*api)); });
  router.add("GET", "/v1/openapi.json", open_to_all(api, contract));
  router.add("GET", "/v1/rulebook", open_to_all(api, current_rulebook));
  router.add("GET", "/v1/rulebook/{digest}", open_to_all(api, rulebook_bundle));
}

void add_health_routes(net::Router& router, hub::Hub& hub) {
  router.add("GET", "/healthz", [](net::Request, net::Reply reply) { std::move(reply).send(health(true, "alive")); });
  // Ready: a read goes through and storage has not failed.
  router.add(
      "GET", "/readyz",
      [&hub](net::Request, net::Reply reply) {
        const auto read = hub.read()([](store::Connection& connection) { return ledger::head(connection); });
        const bool ready = read.has_value() && !hub.failed();
        std::move(reply).send(health(ready, ready ? "ready" : "not ready: storage does not answer"));
      },
      kOnPool);
}

net::Router make_metrics_router(hub::Hub& hub, metrics::Registry& metrics) {
  net::Router router;
  add_health_routes(router, hub);
  router.add("GET", "/metrics", [&metrics](net::Request, net::Reply reply) {
    std::move(reply).send(net::Response::of(200, "text/plain; version=0.0.4", metrics.text()));
  });
  return router;
}

net::Router make_router(hub::Hub& hub, metrics::Registry& metrics, Settings settings) {
  SecretBytes key = settings.session_key.copy();
  auto api = std::shared_ptr<Api>(
      new Api{hub, metrics, std::move(settings), Sessions(std::move(key), hub.log().origin, hub.clock())});
  api->live.start();
  net::Router router;
  add_status_routes(router, api);
  add_session_routes(router, api);
  add_act_routes(router, api);
  add_record_routes(router, api);
  add_case_routes(router, api);
  add_event_routes(router, api);
  add_directory_routes(router, api);
  add_file_routes(router, api);
  add_ledger_routes(router, api);
  add_live_routes(router, api);
  add_draft_routes(router, api);
  add_passkey_routes(router, api);
  add_enrolment_routes(router, api);
  add_certificate_routes(router, api);
  add_waiting_routes(router, api);
  add_desk_routes(router, api);
  add_demonstration_routes(router, api);
  add_health_routes(router, hub);
  return router;
}

}  // namespace entraide::http
