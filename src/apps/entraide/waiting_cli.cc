// act leave, pending, countersign, decline: acts of the directory that more persons must sign than one.

#include "client/waiting.h"

#include "apps/entraide/people.h"
#include "client/admin.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {

using client::KeyUse;
using codec::Json;

/// For whom this profile's administrator's or root's key signs.
Result<Subject> signatory(Context& context) {
  if (const auto named = context.args().get("for")) return parse_subject(*named);
  return context.authority();
}

Result<client::Author> signing(Context& context, const Subject& subject) {
  const bool authority = TRY(act::subject_kind(subject)) == act::SubjectKind::authority;
  return context.official(authority ? KeyUse::administrator : KeyUse::root, subject);
}

Result<std::vector<client::Waiting>> all_waiting(Context& context, const Subject& subject) {
  client::Api* hub = TRY(context.session());
  return client::read_waiting(TRY(hub->get("/v1/waiting?for=" + client::escape(subject.str()))));
}

/// What the act does, in a line.
std::string summary_of(const act::Act& act) {
  std::string out = act.type;
  for (const auto& [name, value] : act.d.members()) {
    if (value.is_object()) continue;
    out += " " + name + "=" + (value.is_string() ? value.string() : codec::to_json(value));
  }
  return safe(out);
}

Result<> pending_acts(Context& context) {
  const Subject subject = TRY(signatory(context));
  Json::Array rows;
  for (const client::Waiting& one : TRY(all_waiting(context, subject))) {
    const act::SignedAct act = TRY(act::parse_act(one.act));
    Json signers = Json::array();
    for (const act::Signature& signature : act.signatures) signers.push_back(signature.kid.str());
    rows.push_back(Json::object({{"act", one.id},
                                 {"does", summary_of(act.act)},
                                 {"state", one.state},
                                 {"why", one.state == "void" ? one.rule : one.why},
                                 {"signers", std::move(signers)},
                                 {"expires_at", codec::rfc3339(one.expires)}}));
  }
  context.out().rows(
      {{"act", "ACT"}, {"does", "WHAT IT DOES"}, {"state", "STATE"}, {"why", "WHY"}, {"expires_at", "UNTIL"}}, rows);
  if (rows.empty()) context.out().say("Nothing waits for a signature.");
  return {};
}

Result<client::Waiting> named_act(Context& context, const Subject& subject) {
  const std::string wanted = *context.args().get("ACT");
  const auto all = TRY(all_waiting(context, subject));
  const auto found = std::ranges::find(all, wanted, &client::Waiting::id);
  if (found == all.end())
    return fail(Errc::not_found, "api.not_found",
                "no such act waits for " + subject.str() + "; `entraide act pending`");
  return *found;
}

Result<> countersign(Context& context) {
  const Subject subject = TRY(signatory(context));
  client::Mirror* mirror = TRY(context.fresh_mirror());
  const client::Waiting waiting = TRY(named_act(context, subject));
  if (waiting.state == "declined")
    return fail(Errc::conflict, "waiting.declined", "act: a colleague has declined it (" + waiting.why + ")");
  const client::Author author = TRY(signing(context, subject));
  const auto checked = TRY(client::check_waiting(waiting.act, mirror->directory(),
                                                 static_cast<std::int64_t>(mirror->checkpoint().size), subject,
                                                 *author.signer, context.clock().now()));
  const Json payload = TRY(codec::parse_json(act::payload_of(checked.act.act())));
  context.out().warn("You are about to sign:\n" + safe(codec::to_pretty_json(payload)));
  for (const KeyId& signer : checked.act.signers())
    context.out().warn("Signed by " + signer.str() + " of " + subject.str() + " (checked).");
  TRY(context.confirm("Sign this act?"));
  const std::string body = TRY(act::add_signature(waiting.act, *author.signer));
  if (!checked.enough_with_one_more) return leave_act(context, body);
  const auto sent = TRY(context.deliver(body, {}));
  context.report(sent, "");
  return {};
}

Result<> decline_act(Context& context) {
  const Subject subject = TRY(signatory(context));
  const client::Waiting waiting = TRY(named_act(context, subject));
  const std::string why = *context.args().get("why");
  TRY(context.confirm("Decline " + summary_of(TRY(act::parse_act(waiting.act)).act) + "?"));
  client::Api* hub = TRY(context.session());
  const client::HttpResponse response = TRY(hub->exchange({"POST",
                                                           "/v1/waiting/" + client::escape(waiting.id) + "/refusal",
                                                           {{"Content-Type", "application/json"}},
                                                           codec::to_json(Json::object({{"why", why}}))},
                                                          true));
  if (response.status >= 400) return std::unexpected(client::error_of(response));
  context.out().record(Json::object({{"act", waiting.id}, {"why", why}}));
  return {};
}

Result<> leave_file(Context& context) {
  const auto prepared = TRY(client::admin::parse_prepared(TRY(read_text(*context.args().get("FILE")))));
  if (prepared.body.empty())
    return fail(Errc::invalid, "act.form", "nobody has signed this act yet; `entraide act cosign FILE`");
  TRY(context.confirm("Leave " + summary_of(TRY(act::parse_act(prepared.body)).act) +
                      " for your colleagues to sign?"));
  return leave_act(context, prepared.body);
}

}  // namespace

Result<> leave_act(Context& context, const std::string& body) {
  client::Api* hub = TRY(context.session());
  const client::HttpResponse response = TRY(hub->exchange(
      {"POST", "/v1/waiting", {{"Content-Type", "application/json"}}, codec::to_json(Json::object({{"act", body}}))},
      true));
  if (response.status >= 400) return std::unexpected(client::error_of(response));
  Json told = TRY(codec::parse_json(response.body));
  const Json* id = told.find("waiting");
  context.out().record(told);
  context.out().say("It waits for another signature: a colleague runs `entraide act countersign " +
                    (id != nullptr && id->is_string() ? safe(id->string()) : "ACT") + "`, or signs it in the desk.");
  return {};
}

std::vector<Command> waiting_commands() {
  const Option whose{"--for", "SUBJECT", "whose acts: an authority (the profile's), a country or org"};
  const Option key{"--key", "NAME", "sign with this key of the key store"};
  const Option act{"ACT", "ACT", "as `act pending` lists it", true};
  return {
      {"act",
       "pending",
       "Acts that wait at the hub for more signatures of administrators or roots",
       {whose, key},
       &pending_acts,
       "entraide act pending --json=act,does,state"},
      {"act",
       "leave",
       "Leave a prepared act at the hub for your colleagues' signatures",
       {{"FILE", "FILE", "a prepared act that you have signed", true}, key},
       &leave_file,
       "entraide act leave officer.act"},
      {"act",
       "countersign",
       "Check an act that waits, sign it too, and send it when it lacks nothing more",
       {act, whose, key},
       &countersign,
       "entraide act countersign 8MLY..."},
      {"act",
       "decline",
       "Decline to sign an act that waits, or take back your own",
       {act, {"--why", "REASON", "mistake, person, unexpected or withdrawn", true}, whose, key},
       &decline_act,
       "entraide act decline 8MLY... --why mistake"},
  };
}

}  // namespace entraide::cli
