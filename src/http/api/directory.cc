#include <map>

#include "http/api/api.h"

namespace entraide::http {
namespace {

using codec::Json;

std::string_view to_text(directory::Status status) {
  return status == directory::Status::active ? "active" : "closed";
}

Json json_of(const directory::Authority& authority) {
  Json competence = Json::array();
  for (const std::string& code : authority.competence) competence.push_back(code);
  const directory::Ring* ring = authority.current_ring();
  return Json::object(
      {{"authority", authority.authority.str()},
       {"kind", authority.kind},
       {"name", authority.name},
       {"competence", std::move(competence)},
       {"status", to_text(authority.status)},
       {"ring", ring == nullptr ? Json() : Json::object({{"g", ring->generation}, {"kid", ring->key.kid().str()}})}});
}

Result<net::Response> show_directory(const ApiPtr& api, const Caller&, const net::Request&) {
  const auto people = api->hub.directory();
  Json countries = Json::array();
  for (const auto& [name, country] : people->countries()) {
    Json authorities = Json::array();
    for (const auto& [id, authority] : people->authorities())
      if (act::country_of(id) == name) authorities.push_back(json_of(authority));
    countries.push_back(Json::object({{"cc", name.str().substr(3)},
                                      {"status", to_text(country.status)},
                                      {"authorities", std::move(authorities)}}));
  }
  return json(200, Json::object({{"countries", std::move(countries)}}));
}

// Everything that a client needs to compute the directory itself, and to check each piece against the tree.
Result<net::Response> feed(const ApiPtr& api, const Caller&, const net::Request& request) {
  const std::int64_t from = TRY(number_of(request, "from", 0, 0, std::int64_t{1} << 53));
  const std::int64_t limit = TRY(number_of(request, "limit", 200, 1, 1000));
  return api->hub.read()([&](store::Connection& connection) -> Result<net::Response> {
    Json entries = Json::array();
    const auto page = TRY(ledger::entries_from(connection, from, limit, merkle::EntryKind::dir));
    for (const ledger::Entry& entry : page)
      entries.push_back(Json::object({{"index", entry.index},
                                      {"time", codec::rfc3339(entry.time())},
                                      {"kind", "dir"},
                                      {"blind", codec::base64url(entry.blind.view())},
                                      {"body", entry.body}}));
    const ledger::Head head = TRY(ledger::head(connection));
    const bool more = page.size() == static_cast<std::size_t>(limit);
    return json(200, Json::object({{"entries", std::move(entries)},
                                   {"next", more ? Json(page.back().index + 1) : Json()},
                                   {"tree_size", head.size}}));
  });
}

// The wraps of a ring that the asking device can open: of generations made while it was a member, and of grants to it.
Result<net::Response> wraps(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Subject authority(std::string(request.captured.get("authority")));
  if (!caller.acts_for(authority)) return nothing_there("ring");
  return api->hub.read()([&](store::Connection& connection) -> Result<net::Response> {
    std::vector<Json> found;
    std::int64_t from = 0;
    while (true) {
      const auto page = TRY(ledger::entries_from(connection, from, 1000, merkle::EntryKind::dir));
      for (const ledger::Entry& entry : page) {
        const auto parsed = TRY(act::parse_act(entry.body));
        const act::Act& act = parsed.act;
        if (!act.type.starts_with("ring.") || act.for_authority != authority) continue;
        const Json* to = act.d.find("dv");
        if (act.type == "ring.grant" && (to == nullptr || to->string() != caller.device.str())) continue;
        found.push_back(Json::object({{"g", *act.d.find("g")},
                                      {"h", *act.d.find("wrap")},
                                      {"act", act::to_text(parsed.id)},
                                      {"t", act.type},
                                      {"index", entry.index}}));
      }
      if (page.size() < 1000) break;
      from = page.back().index + 1;
    }
    Json out = Json::array();
    for (auto it = found.rbegin(); it != found.rend(); ++it) out.push_back(std::move(*it));
    return json(200, Json::object({{"wraps", std::move(out)}}));
  });
}

}  // namespace

void add_directory_routes(net::Router& router, ApiPtr api) {
  const auto with = [&](auto read) {
    return reading(
        api, [api, read](const Caller& caller, const net::Request& request) { return read(api, caller, request); });
  };
  router.add("GET", "/v1/directory", with(show_directory), kOnPool);
  router.add("GET", "/v1/directory/feed", with(feed), kOnPool);
  router.add("GET", "/v1/rings/{authority}/wraps", with(wraps), kOnPool);
}

}  // namespace entraide::http
