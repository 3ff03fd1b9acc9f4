#include "http/api/api.h"

namespace entraide::http {
namespace {

using codec::Json;

// Which files the desk is made of, for whoever computes its hash from what is really served.
Result<net::Response> files_of_desk(const Api& api, const net::Request& request) {
  if (!api.settings.desk) return nothing_there("desk");
  const desk::Bundle& desk = *api.settings.desk;
  Json files = Json::array();
  for (const auto& [path, hash] : desk.hashes)
    files.push_back(Json::object(
        {{"path", path}, {"sha256", codec::to_text(hash)}, {"bytes", desk.files.at(path).plain->size()}}));
  auto response = net::Response::of(
      200, "application/json",
      codec::to_json(Json::object({{"hash", codec::to_text(desk.hash)}, {"files", std::move(files)}})));
  response.headers.set("ETag", net::etag_of(response.body.view()));
  response.headers.set("Cache-Control", "no-cache");
  return net::conditional(request, std::move(response));
}

}  // namespace

void add_desk_routes(net::Router& router, ApiPtr api) {
  router.add("GET", "/v1/desk", open_to_all(api, files_of_desk));
  if (api->settings.desk) router.otherwise(desk::handler(api->settings.desk, api->hub.random()));
}

}  // namespace entraide::http
