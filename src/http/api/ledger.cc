#include "http/api/api.h"
#include "hub/tiles.h"

namespace entraide::http {
namespace {

// The static files of c2sp.org/tlog-tiles: public, because they say nothing about anybody.
Result<net::Response> resource(const Api& api, const net::Request& request, std::string_view path, bool changes) {
  auto bytes = api.hub.blobs().get(hub::ledger_blob_key(path));
  if (!bytes) {
    if (bytes.error().code == Errc::not_found || bytes.error().code == Errc::invalid)
      return nothing_there("ledger resource");
    return std::unexpected(bytes.error());
  }
  auto response =
      net::Response::of(200, changes ? "text/plain; charset=utf-8" : "application/octet-stream", std::move(*bytes));
  response.headers.set("Cache-Control", changes ? "no-cache" : "public, max-age=31536000, immutable");
  response.headers.set("ETag", net::etag_of(response.body.view()));
  return net::conditional(request, std::move(response));
}

Result<net::Response> tile(const Api& api, const net::Request& request) {
  const std::string path = "tile/" + std::string(request.captured.get("rest"));
  if (!merkle::parse_tile_path(path) && !merkle::parse_bundle_path(path)) return nothing_there("ledger resource");
  return resource(api, request, path, false);
}

}  // namespace

void add_ledger_routes(net::Router& router, ApiPtr api) {
  router.add("GET", "/ledger/checkpoint",
             open_to_all(api, [](const Api& a,
                                 const net::Request& request) { return resource(a, request, "checkpoint", true); }),
             kOnPool);
  router.add("GET", "/ledger/tile/{rest...}", open_to_all(api, tile), kOnPool);
}

}  // namespace entraide::http
