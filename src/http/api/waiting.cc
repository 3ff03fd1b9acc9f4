#include "enrolment/waiting.h"

#include "http/api/api.h"

// Acts of the directory that wait for their other signatures: left by the first who signs, read by those who may sign, gone
// when they lapse. What is whole goes to POST /v1/acts like every act.

namespace entraide::http {
namespace {

using codec::Json;
using enrolment::WaitingAct;

constexpr std::size_t kLeaveBytesMax = 2 * enrolment::kWaitingBytesMax;

// Administrators sign for their authority, roots for their country or the organisation.
Result<> require_signatory(const Api& api, const Caller& caller, const Subject& subject) {
  const auto people = api.hub.directory();
  const directory::Key* key = people->key(caller.device);
  if (key != nullptr && key->active() && key->use == directory::Key::Use::root && key->holder == subject) return {};
  return require_administrator(api, caller, subject);
}

Result<std::optional<std::int64_t>> place_of(const Api& api, const ActId& id) {
  return api.hub.read()([&](store::Connection& connection) -> Result<std::optional<std::int64_t>> {
    const auto entry = TRY(ledger::find_entry(connection, id));
    return entry ? std::optional(entry->index) : std::nullopt;
  });
}

std::unexpected<Error> is_complete() {
  return fail(Errc::conflict, "waiting.complete", "act: it lacks no signature; send it to /v1/acts");
}

std::unexpected<Error> is_declined() {
  return fail(Errc::conflict, "waiting.declined", "act: somebody has declined it; look again, and sign a new one");
}

Result<WaitingAct> read_waiting(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Json value = TRY(codec::parse_json(request.body, {.bytes = kLeaveBytesMax}));
  codec::ObjectReader in(value, "body");
  const std::string body = in.string("act");
  TRY(in.finish());
  if (body.size() > enrolment::kWaitingBytesMax)
    return fail(Errc::too_large, "waiting.size", "act: to wait here it must not be over 16 KiB");
  const act::SignedAct act = TRY(act::parse_act(body));
  if (!directory::is_directory_act(act.act.type))
    return fail(Errc::invalid, "waiting.type", "act: only acts of the directory wait here");
  TRY(require_signatory(*api, caller, act.act.for_authority));
  if (std::ranges::none_of(act.signatures, [&](const act::Signature& one) { return one.kid == caller.device; }))
    return fail(Errc::refused, "waiting.signer", "act: whoever leaves it here signs it first");
  const auto rules = api->hub.shelf().find(act.act.rulebook);
  if (!rules)
    return fail(Errc::conflict, "act.rulebook.unknown", "act: names a rulebook that this hub does not have");
  const Time now = from_seconds(to_seconds(api->hub.clock().now()));
  return WaitingAct{
      act.id, act.act.for_authority, body, now, rulebook::admissible_until(*rules, act.act.type, act.act.at), {}};
}

Result<net::Response> leave(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  WaitingAct waiting = TRY(read_waiting(api, caller, request));
  const Time now = waiting.created;
  const auto known = TRY(api->hub.read()(
      [&](store::Connection& connection) { return enrolment::find_waiting(connection, waiting.id, now); }));
  if (known && known->declined) return is_declined();
  if (TRY(place_of(*api, waiting.id))) return is_complete();
  if (known) {
    waiting.created = known->created;
    waiting.body =
        TRY(enrolment::with_signatures_of(TRY(act::parse_act(known->body)), TRY(act::parse_act(waiting.body))));
  }
  const auto judged = api->hub.rehearse(waiting.body, {});
  if (judged) return is_complete();
  // Whatever else the hub would refuse it for, it would refuse it for with more signatures too.
  if (judged.error().error.rule != "dir.signers") return problem_of(*api, judged.error(), request);
  TRY(api->hub.write([&](store::Connection& connection) -> Result<> {
    // Whoever has signed in this very moment keeps their line.
    if (const auto newest = TRY(enrolment::find_waiting(connection, waiting.id, now))) {
      if (newest->declined) return is_declined();
      waiting.body =
          TRY(enrolment::with_signatures_of(TRY(act::parse_act(newest->body)), TRY(act::parse_act(waiting.body))));
    }
    return enrolment::keep(connection, waiting, now);
  }));
  api->live.tell(News::waiting, waiting.for_authority, act::to_text(waiting.id));
  return json(known ? 200 : 201,
              Json::object({{"waiting", act::to_text(waiting.id)}, {"expires_at", codec::rfc3339(waiting.expires)}}));
}

// `rule`: what keeps the act from the directory today; empty for nothing.
Result<Json> json_of(const WaitingAct& waiting, std::optional<std::int64_t> index, const std::string& rule) {
  const std::string_view state = index                                   ? "admitted"
                                 : waiting.declined                      ? "declined"
                                 : rule.empty() || rule == "dir.signers" ? "waiting"
                                                                         : "void";
  Json signers = Json::array();
  for (const act::Signature& one : TRY(act::parse_act(waiting.body)).signatures) signers.push_back(one.kid.str());
  Json declined;
  if (waiting.declined)
    declined = Json::object({{"by", waiting.declined->by.str()},
                             {"why", waiting.declined->why},
                             {"at", codec::rfc3339(waiting.declined->at)}});
  return Json::object({{"waiting", act::to_text(waiting.id)},
                       {"for", waiting.for_authority.str()},
                       {"act", waiting.body},
                       {"signers", std::move(signers)},
                       {"state", state},
                       {"index", index ? Json(*index) : Json()},
                       {"rule", state == "void" ? Json(rule) : Json()},
                       {"declined", std::move(declined)},
                       {"created_at", codec::rfc3339(waiting.created)},
                       {"expires_at", codec::rfc3339(waiting.expires)}});
}

Result<net::Response> list_waiting(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Subject subject(std::string(request.query.get("for")));
  TRY(require_signatory(*api, caller, subject));
  std::vector<WaitingAct> all;
  std::vector<std::optional<std::int64_t>> places;
  TRY(api->hub.read()([&](store::Connection& connection) -> Result<> {
    all = TRY(enrolment::waiting_for(connection, subject, api->hub.clock().now()));
    std::vector<store::Later<std::optional<std::int64_t>>> asked;
    for (const WaitingAct& waiting : all) asked.push_back(TRY(ledger::ask_index(connection, waiting.id)));
    for (auto& one : asked) places.push_back(TRY(one.take()));
    return {};
  }));
  const auto is_open = [&](std::size_t i) { return !places[i] && !all[i].declined; };
  std::vector<std::string> open;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (is_open(i)) open.push_back(all[i].body);
  const std::vector<hub::Judgement> judged = api->hub.rehearse_each(open);
  Json items = Json::array();
  auto next = judged.begin();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const hub::Judgement* judgement = is_open(i) ? &*next++ : nullptr;
    items.push_back(TRY(json_of(all[i], places[i],
                                judgement == nullptr || *judgement ? std::string() : judgement->error().error.rule)));
  }
  return json(200, Json::object({{"items", std::move(items)}}));
}

Result<net::Response> decline_waiting(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Json value = TRY(codec::parse_json(request.body, {.bytes = 1024}));
  codec::ObjectReader in(value, "body");
  const std::string why = in.string("why");
  TRY(in.finish());
  const auto id = act::act_id_from_text(request.captured.get("id"));
  if (!id) return nothing_there("act");
  const Time now = from_seconds(to_seconds(api->hub.clock().now()));
  const auto found = TRY(
      api->hub.read()([&](store::Connection& connection) { return enrolment::find_waiting(connection, *id, now); }));
  if (!found || !require_signatory(*api, caller, found->for_authority)) return nothing_there("act");
  if (!enrolment::is_reason_to_decline(why))
    return fail(Errc::invalid, "waiting.why", "why: must be mistake, person, unexpected or withdrawn");
  if (TRY(place_of(*api, *id))) return is_complete();
  TRY(api->hub.write(
      [&](store::Connection& connection) { return enrolment::decline(connection, *id, {caller.device, why, now}); }));
  api->live.tell(News::waiting, found->for_authority, act::to_text(*id));
  return done();
}

}  // namespace

void add_waiting_routes(net::Router& router, ApiPtr api) {
  const auto with = [&](auto read) {
    return reading(
        api, [api, read](const Caller& caller, const net::Request& request) { return read(api, caller, request); });
  };
  router.add("POST", "/v1/waiting", with(leave), {.body_limit = kLeaveBytesMax, .pool = true});
  router.add("GET", "/v1/waiting", with(list_waiting), kOnPool);
  router.add("POST", "/v1/waiting/{id}/refusal", with(decline_waiting), {.body_limit = 1024, .pool = true});
}

}  // namespace entraide::http
