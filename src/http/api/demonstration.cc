#include <fstream>
#include <iterator>

#include "http/api/api.h"

// "Open as ...": a demonstration's people, and their keys for whoever asks. Only where the operator says that it is a
// demonstration and the ledger's own genesis says so too; everywhere else there is nothing here.

namespace entraide::http {
namespace {

using codec::Json;

constexpr std::size_t kPeopleBytesMax = 4 << 20;

// The file of demo/people.h. It appears when the world has been built, so it is read each time.
Result<Json> people_of(const Api& api) {
  const auto directory = api.hub.directory();
  const auto& genesis = directory->genesis();
  if (!api.settings.demonstration || !genesis || !genesis->demonstration) return nothing_there("demonstration");
  std::ifstream in(api.settings.demonstration_people, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const auto file = codec::parse_json(text, {.bytes = kPeopleBytesMax});
  const Json* of = file ? file->find("genesis") : nullptr;
  const Json* people = file ? file->find("people") : nullptr;
  if (of == nullptr || *of != Json(act::to_text(genesis->id)) || people == nullptr || !people->is_array())
    return nothing_there("demonstration");
  return *people;
}

Result<net::Response> cards(const Api& api, const net::Request&) {
  const Json people = TRY(people_of(api));
  const auto directory = api.hub.directory();
  Json out = Json::array();
  for (const Json& person : people.array_items()) {
    Json card = Json::object();
    for (const auto& [name, value] : person.members())
      if (name != "keys") card.set(name, value);
    const directory::Authority* authority = directory->authority(Subject(person.find("authority")->string()));
    card.set("title", authority == nullptr ? Json() : authority->name);
    out.push_back(std::move(card));
  }
  return json(200, Json::object({{"people", std::move(out)}}));
}

// Administrators of an authority go by its name: their number says which of them.
Result<net::Response> open_as(const Api& api, const net::Request& request) {
  const Json people = TRY(people_of(api));
  const std::int64_t number = TRY(number_of(request, "number", 1, 1, 100));
  for (const Json& person : people.array_items()) {
    const Json* its_number = person.find("number");
    if (*person.find("subject") != Json(request.captured.get("subject"))) continue;
    if (its_number != nullptr && *its_number != Json(number)) continue;
    Json out = Json::object({{"subject", *person.find("subject")},
                             {"authority", *person.find("authority")},
                             {"name", *person.find("name")}});
    for (const auto& [name, value] : person.find("keys")->members()) out.set(name, value);
    return json(200, out);
  }
  return nothing_there("person");
}

}  // namespace

void add_demonstration_routes(net::Router& router, ApiPtr api) {
  router.add("GET", "/v1/demonstration", open_to_all(api, cards), kOnPool);
  router.add("POST", "/v1/demonstration/people/{subject}/open", open_to_all(api, open_as),
             {.body_limit = 64, .pool = true});
}

}  // namespace entraide::http
