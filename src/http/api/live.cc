#include "http/live.h"

#include "cases/cases.h"
#include "http/api/api.h"

// Presence and duty: signs of life that nobody keeps.

namespace entraide::http {
namespace {

using codec::Json;

Result<net::Response> present(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Json value = TRY(codec::parse_json(request.body, {.bytes = 1024}));
  codec::ObjectReader in(value, "body");
  const std::string state = in.string("state");
  TRY(in.finish());
  if (state != "reading" && state != "writing" && state != "left")
    return fail(Errc::invalid, "api.presence", "state: must be reading, writing or left");
  const auto [file, authority] = TRY(api->hub.read()(
      [&](store::Connection& connection) { return case_of(connection, caller, request.captured.get("case")); }));
  TRY(api->live.present(authority, {file.id.str(), file.reference, caller.subject, state, {}, {}}));
  return done();
}

Result<net::Response> on_duty(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Json value = TRY(codec::parse_json(request.body, {.bytes = 1024}));
  codec::ObjectReader in(value, "body");
  const Subject authority(in.string("authority"));
  const bool armed = in.boolean("armed");
  TRY(in.finish());
  if (!caller.acts_for(authority))
    return fail(Errc::refused, "api.authority", "authority: you do not act for " + authority.str());
  TRY(api->live.on_duty(authority, caller.device, caller.subject, armed));
  return done();
}

Result<net::Response> duty(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Subject authority = TRY(authority_of(caller, request));
  const Duty duty = api->live.duty(authority);
  Json officers = Json::array();
  for (const OnDuty& one : duty.officers)
    officers.push_back(Json::object({{"officer", one.officer.str()},
                                     {"armed", one.armed},
                                     {"since", codec::rfc3339(one.since)},
                                     {"seen_at", codec::rfc3339(one.seen)}}));
  return json(
      200, Json::object({{"authority", authority.str()},
                         {"listening", duty.listening},
                         {"unheard_since", duty.unheard_since ? Json(codec::rfc3339(*duty.unheard_since)) : Json()},
                         {"officers", std::move(officers)}}));
}

}  // namespace

void add_live_routes(net::Router& router, ApiPtr api) {
  const auto with = [&](auto read) {
    return reading(
        api, [api, read](const Caller& caller, const net::Request& request) { return read(api, caller, request); });
  };
  router.add("POST", "/v1/cases/{case}/presence", with(present), {.body_limit = 1024, .pool = true});
  router.add("POST", "/v1/duty", with(on_duty), {.body_limit = 1024});
  router.add("GET", "/v1/duty", with(duty));
}

}  // namespace entraide::http
