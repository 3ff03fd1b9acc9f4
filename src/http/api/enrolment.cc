#include "enrolment/enrolment.h"

#include "http/api/api.h"

// Enrolment by invitation: who is invited, who has answered, and nothing that enrols anybody by itself.

namespace entraide::http {
namespace {

using codec::Json;
using enrolment::Invitation;

Subject named_authority(const net::Request& request) { return Subject(std::string(request.query.get("authority"))); }

std::string_view state_of(const Api& api, const Invitation& invitation) {
  const auto people = api.hub.directory();
  return people->device(invitation.half->sign) != nullptr ? "admitted" : "pending";
}

Json json_of(const Invitation& invitation) {
  return Json::object({{"invitation", invitation.id},
                       {"officer", invitation.officer.str()},
                       {"state", invitation.half ? "answered" : "open"},
                       {"created_at", codec::rfc3339(invitation.created)},
                       {"expires_at", codec::rfc3339(invitation.expires)}});
}

Result<net::Response> invite(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Json value = TRY(codec::parse_json(request.body, {.bytes = 4096}));
  codec::ObjectReader in(value, "body");
  const Subject authority(in.string("authority")), officer(in.string("officer"));
  const std::string ticket_hash = in.string("ticket_hash");
  TRY(in.finish());
  TRY(require_administrator(*api, caller, authority));
  const auto people = api->hub.directory();
  const directory::Officer* person = people->officer(officer);
  if (person == nullptr || person->status != directory::Status::active || !person->assignments.contains(authority))
    return fail(Errc::invalid, "enrolment.officer",
                "officer: does not act for " + authority.str() + "; enrol the officer first");
  const Time now = from_seconds(to_seconds(api->hub.clock().now()));
  const Invitation invitation{codec::base64url(api->hub.random().bytes(16)),
                              authority,
                              officer,
                              caller.device,
                              TRY(codec::hash_from_text<Digest>(ticket_hash, "ticket_hash")),
                              now,
                              now + enrolment::kInvitationLasts,
                              {}};
  TRY(api->hub.write([&](store::Connection& connection) { return enrolment::invite(connection, invitation); }));
  api->live.tell(News::enrolment, authority, invitation.id);
  return json(201, Json::object({{"invitation", invitation.id}, {"expires_at", codec::rfc3339(invitation.expires)}}));
}

Result<std::vector<Invitation>> all_of(const Api& api, const Caller& caller, const net::Request& request) {
  const Subject authority = named_authority(request);
  TRY(require_administrator(api, caller, authority));
  return api.hub.read()([&](store::Connection& connection) {
    return enrolment::of_authority(connection, authority, api.hub.clock().now());
  });
}

Result<net::Response> invitations(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  Json items = Json::array();
  for (const Invitation& invitation : TRY(all_of(*api, caller, request))) items.push_back(json_of(invitation));
  return json(200, Json::object({{"items", std::move(items)}}));
}

Result<net::Response> enrolments(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  Json items = Json::array();
  for (const Invitation& invitation : TRY(all_of(*api, caller, request))) {
    if (!invitation.half) continue;
    items.push_back(Json::object({{"enrolment", invitation.half->id},
                                  {"invitation", invitation.id},
                                  {"officer", invitation.officer.str()},
                                  {"sign", invitation.half->sign.str()},
                                  {"seal", invitation.half->seal.str()},
                                  {"aal", invitation.half->assurance_level},
                                  {"act", invitation.half->act},
                                  {"state", state_of(*api, invitation)},
                                  {"created_at", codec::rfc3339(invitation.half->answered)},
                                  {"expires_at", codec::rfc3339(invitation.expires)}}));
  }
  return json(200, Json::object({{"items", std::move(items)}}));
}

using Find = Result<std::optional<Invitation>> (*)(store::Connection&, std::string_view, Time);

// Withdraws an invitation, or refuses its answer: either way the code is spent.
Result<net::Response> forget(const ApiPtr& api, const Caller& caller, const net::Request& request, Find find) {
  const std::string id(request.captured.get("id"));
  Subject authority;
  TRY(api->hub.write([&](store::Connection& connection) -> Result<> {
    const auto found = TRY(find(connection, id, api->hub.clock().now()));
    if (!found || !require_administrator(*api, caller, found->authority)) return nothing_there("invitation");
    authority = found->authority;
    return enrolment::forget(connection, found->id);
  }));
  api->live.tell(News::enrolment, authority, id);
  return done();
}

// ---- the newcomer, who has no session yet --------------------------------------------------

Result<Invitation> invited_by(store::Connection& connection, std::string_view ticket, Time now) {
  auto found = TRY(enrolment::find_by_ticket(connection, enrolment::hash_of_ticket(ticket), now));
  if (!found)
    return fail(Errc::not_found, "enrolment.ticket",
                "invitation: there is none for this code; it was mistyped, withdrawn, or is over");
  return std::move(*found);
}

Result<net::Response> open_invitation(const Api& api, const net::Request& request) {
  const Json value = TRY(codec::parse_json(request.body, {.bytes = 1024}));
  codec::ObjectReader in(value, "body");
  const std::string ticket = in.string("ticket");
  TRY(in.finish());
  const Invitation invitation = TRY(api.hub.read()(
      [&](store::Connection& connection) { return invited_by(connection, ticket, api.hub.clock().now()); }));
  const auto people = api.hub.directory();
  return json(200, Json::object({{"invitation", invitation.id},
                                 {"authority", invitation.authority.str()},
                                 {"officer", invitation.officer.str()},
                                 {"administrator", invitation.administrator.str()},
                                 {"rulebook", codec::to_text(people->rulebooks().back())},
                                 {"expires_at", codec::rfc3339(invitation.expires)}}));
}

Result<net::Response> answer(Api& api, const net::Request& request) {
  const Json value = TRY(codec::parse_json(request.body, {.bytes = 2 * enrolment::kHalfBytesMax}));
  codec::ObjectReader in(value, "body");
  const std::string ticket = in.string("ticket"), body = in.string("act");
  TRY(in.finish());
  const Time now = api.hub.clock().now();
  const Invitation invitation =
      TRY(api.hub.read()([&](store::Connection& connection) { return invited_by(connection, ticket, now); }));
  const auto told = [&](int status, const std::string& id) {
    return json(status, Json::object({{"enrolment", id}, {"expires_at", codec::rfc3339(invitation.expires)}}));
  };
  if (invitation.half && invitation.half->act == body) return told(200, invitation.half->id);
  enrolment::Half half = TRY(enrolment::read_half(invitation, body, now));
  const auto people = api.hub.directory();
  if (people->key(half.sign) != nullptr || people->key(half.seal) != nullptr)
    return fail(Errc::invalid, "enrolment.act", "enrolment: these keys are in the directory already; make new ones");
  half.id = codec::base64url(api.hub.random().bytes(16));
  // Answered once: who comes second, even in this moment, is told so.
  TRY(api.hub.write([&](store::Connection& connection) { return enrolment::answer(connection, invitation, half); }));
  api.live.tell(News::enrolment, invitation.authority, half.id);
  return told(201, half.id);
}

// Who asks proves that they hold the new signing key. Everybody else finds nothing.
Result<net::Response> how_it_stands(Api& api, const net::Request& request) {
  const auto key = TRY(api.sessions.holder(request, api.url_of(request)));
  const auto found = TRY(api.hub.read()([&](store::Connection& connection) {
    return enrolment::find_by_half(connection, request.captured.get("id"), api.hub.clock().now());
  }));
  if (!found || found->half->sign != key.kid()) return nothing_there("enrolment");
  return json(200, Json::object({{"enrolment", found->half->id},
                                 {"state", state_of(api, *found)},
                                 {"expires_at", codec::rfc3339(found->expires)}}));
}

}  // namespace

void add_enrolment_routes(net::Router& router, ApiPtr api) {
  const auto with = [&](auto read) {
    return reading(
        api, [api, read](const Caller& caller, const net::Request& request) { return read(api, caller, request); });
  };
  const auto forgetting = [&](Find find) {
    return reading(api, [api, find](const Caller& caller, const net::Request& request) {
      return forget(api, caller, request, find);
    });
  };
  const net::RouteOptions small{.body_limit = 2 * enrolment::kHalfBytesMax, .pool = true};
  router.add("POST", "/v1/invitations", with(invite), small);
  router.add("GET", "/v1/invitations", with(invitations), kOnPool);
  router.add("DELETE", "/v1/invitations/{id}", forgetting(&enrolment::find), kOnPool);
  router.add("POST", "/v1/invitations/open", limited(api, open_to_all(api, open_invitation)), small);
  router.add("POST", "/v1/enrolments",
             limited(api, open_to_all(
                              api, [api](const Api&, const net::Request& request) { return answer(*api, request); })),
             small);
  router.add("GET", "/v1/enrolments", with(enrolments), kOnPool);
  router.add(
      "GET", "/v1/enrolments/{id}",
      limited(api, open_to_all(
                       api, [api](const Api&, const net::Request& request) { return how_it_stands(*api, request); })),
      kOnPool);
  router.add("DELETE", "/v1/enrolments/{id}", forgetting(&enrolment::find_by_half), kOnPool);
}

}  // namespace entraide::http
