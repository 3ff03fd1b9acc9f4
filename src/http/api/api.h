#pragma once

// What the resources share: who asks, how an answer and a refusal look. This folder's affair.

#include "cases/cases.h"
#include "codec/codec.h"
#include "delivery/delivery.h"
#include "http/http.h"
#include "http/live.h"
#include "http/rates.h"
#include "http/sessions.h"
#include "passkeys/passkeys.h"

namespace entraide::http {

struct Api {
  hub::Hub& hub;
  metrics::Registry& metrics;
  Settings settings;
  Sessions sessions;
  Rates rates{120};  // for who has no session
  Live live{hub.clock(), metrics};

  std::string url_of(const net::Request& request) const;
};
/// Routes keep the API alive together.
using ApiPtr = std::shared_ptr<Api>;

void add_status_routes(net::Router& router, ApiPtr api);
void add_session_routes(net::Router& router, ApiPtr api);
void add_act_routes(net::Router& router, ApiPtr api);
void add_record_routes(net::Router& router, ApiPtr api);
void add_case_routes(net::Router& router, ApiPtr api);
void add_event_routes(net::Router& router, ApiPtr api);
void add_directory_routes(net::Router& router, ApiPtr api);
void add_file_routes(net::Router& router, ApiPtr api);
void add_ledger_routes(net::Router& router, ApiPtr api);
void add_enrolment_routes(net::Router& router, ApiPtr api);
void add_certificate_routes(net::Router& router, ApiPtr api);
void add_passkey_routes(net::Router& router, ApiPtr api);
void add_live_routes(net::Router& router, ApiPtr api);
void add_draft_routes(net::Router& router, ApiPtr api);
void add_waiting_routes(net::Router& router, ApiPtr api);
void add_desk_routes(net::Router& router, ApiPtr api);
void add_demonstration_routes(net::Router& router, ApiPtr api);
void add_health_routes(net::Router& router, hub::Hub& hub);

// ---- answers -------------------------------------------------------------------------------

net::Response json(int status, const codec::Json& value);
/// The same from the text of a JSON value.
net::Response json_text(int status, std::string text);
/// A problem with the rule's words in the reader's language, its article and its parameters.
net::Response problem_of(const Api& api, const hub::Refusal& refusal, const net::Request& request,
                         codec::Json more = codec::Json::object());
net::Response problem_of(const Api& api, const Error& error, const net::Request& request);
/// Nothing there, or nothing that the asker may know of: one and the same answer.
std::unexpected<Error> nothing_there(std::string_view what);

/// Nothing to say: 204.
net::Response done();

// ---- who asks ------------------------------------------------------------------------------

/// A resource that only a session may read. Runs on the pool; what it returns is the answer.
using Reading = std::function<Result<net::Response>(const Caller&, const net::Request&)>;
net::Handler reading(ApiPtr api, Reading read);
/// A resource that needs no session.
net::Handler open_to_all(ApiPtr api, std::function<Result<net::Response>(const Api&, const net::Request&)> handle);
/// A resource that an address may ask for 120 times a minute: 429 `api.rate` beyond.
net::Handler limited(ApiPtr api, net::Handler handler);
constexpr net::RouteOptions kOnPool{.pool = true};

/// The authority named by `authority=`, for which the caller must act; without it, the only one that there is.
/// Rules: api.authority.missing, api.authority.
Result<Subject> authority_of(const Caller& caller, const net::Request& request);
/// An administrator's affair: a session of one of the authority's administrator keys. Rule: api.administrator.
Result<> require_administrator(const Api& api, const Caller& caller, const Subject& authority);
/// Where passkeys are used: the public URL, or the address that the request came to.
passkeys::RelyingParty relying_party(const Api& api, const net::Request& request);
/// An integer of the query within bounds, or the given value when it is not there. Rule: api.parameter.
Result<std::int64_t> number_of(const net::Request& request, std::string_view name, std::int64_t otherwise,
                               std::int64_t least, std::int64_t most);
/// A cursor is opaque to clients: signed nowhere, but bound to the filter it was made for. Rule: api.cursor.
std::string make_cursor(std::string_view filter, std::int64_t key, std::int64_t tie);
struct Cursor {
  std::int64_t key;
  std::int64_t tie;
};
Result<Cursor> parse_cursor(std::string_view filter, std::string_view text);

/// A case and the authority of the caller's that is a party of it.
struct OpenedCase {
  cases::Case file;
  Subject authority;
};
/// A case by its id or its reference, for a caller who acts for one of its parties. Rule: api.not_found.
Result<OpenedCase> case_of(store::Connection& connection, const Caller& caller, std::string_view name);
/// What each receiver of an act has acknowledged, and by when it should: [{"authority","delivered_at","opened_at",
/// "due_at","overdue"}].
codec::Json delivery_of(const Api& api, const ledger::Entry& entry, const act::Act& act,
                        std::span<const delivery::Acknowledgement> said);
/// The sealed objects and files that an act names, without who can open them.
codec::Json objects_of(const act::Act& act);

}  // namespace entraide::http
