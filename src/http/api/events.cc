#include "delivery/delivery.h"
#include "http/api/api.h"

namespace entraide::http {
namespace {

using codec::Json;

// Where a stream begins: after the id that the reader saw last, after `after`, or with what is new from now on.
Result<std::int64_t> start_of(const Api& api, const net::Request& request) {
  const std::string* last = request.headers.find("last-event-id");
  if (last == nullptr) return number_of(request, "after", api.hub.tree_size() - 1, -1, std::int64_t{1} << 53);
  net::Request asked;
  asked.query.add("after", *last);
  return number_of(asked, "after", -1, -1, std::int64_t{1} << 53);
}

void stream(const ApiPtr& api, net::Request request, net::Reply reply) {
  const auto people = api->hub.directory();
  const auto caller = api->sessions.caller(request, api->url_of(request), *people);
  const auto authority = caller ? authority_of(*caller, request) : Result<Subject>(std::unexpected(caller.error()));
  const auto after = authority ? start_of(*api, request) : Result<std::int64_t>(std::unexpected(authority.error()));
  if (!after) return std::move(reply).send(problem_of(*api, after.error(), request));

  // The feed's thread owns the stream through its listener; a stream that has ended answers false and is forgotten.
  auto out = std::make_shared<net::EventStream>(std::move(reply).stream());
  const KeyId device = caller->device;
  api->hub.feed().subscribe(*authority, *after, [api, out, device, who = *authority](const delivery::Event& event) {
    // A device that was revoked meanwhile hears nothing more.
    const auto now_people = api->hub.directory();
    const auto still = who_is(device, *now_people, api->hub.clock().now());
    if (!still || !still->acts_for(who)) return false;
    return out->send(std::to_string(event.index),
                     event.data.find("\"t\":\"note.") == std::string::npos ? "act" : "note", event.data);
  });
}

Result<net::Response> changes(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Subject authority = TRY(authority_of(caller, request));
  const std::int64_t after = TRY(number_of(request, "after", -1, -1, std::int64_t{1} << 53));
  const std::int64_t limit = TRY(number_of(request, "limit", 100, 1, 1000));
  return api->hub.read()([&](store::Connection& connection) -> Result<net::Response> {
    Json items = Json::array();
    std::int64_t next = after;
    for (const delivery::Event& event : TRY(delivery::after(connection, authority, after, limit))) {
      items.push_back(TRY(codec::parse_json(event.data)));
      next = event.index;
    }
    return json(200, Json::object({{"items", std::move(items)}, {"next", next}}));
  });
}

}  // namespace

void add_event_routes(net::Router& router, ApiPtr api) {
  router.add("GET", "/v1/events",
             [api](net::Request request, net::Reply reply) { stream(api, std::move(request), std::move(reply)); },
             {.head = false});
  router.add("GET", "/v1/changes",
             reading(api, [api](const Caller& caller,
                                const net::Request& request) { return changes(api, caller, request); }),
             kOnPool);
}

}  // namespace entraide::http
