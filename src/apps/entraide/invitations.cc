// officer invite, device pending, device admit, and the newcomer's end of it.

#include "apps/entraide/people.h"
#include "client/enrol.h"
#include "client/invitation.h"
#include "codec/codec.h"
#include "crypto/digest.h"

namespace entraide::cli {
namespace {

using client::KeyUse;
using codec::Json;

Result<Json> post(client::Api& hub, const std::string& path, const Json& body, bool with_session) {
  const client::HttpResponse response =
      TRY(hub.exchange({"POST", path, {{"Content-Type", "application/json"}}, codec::to_json(body)}, with_session));
  if (response.status >= 400) return std::unexpected(client::error_of(response));
  return codec::parse_json(response.body);
}

Result<> invite(Context& context) {
  const Subject officer = TRY(parse_subject(*context.args().get("OFFICER")));
  const Subject authority = TRY(context.authority());
  client::Api* hub = TRY(context.session());
  const std::string shown = client::new_invitation_code(context.random());
  const std::string ticket = client::invitation_ticket(TRY(client::read_invitation_code(shown)));
  const Json made =
      TRY(post(*hub, "/v1/invitations",
               Json::object({{"authority", authority.str()},
                             {"officer", officer.str()},
                             {"ticket_hash", codec::to_text(crypto::sha256(std::string_view(ticket)))}}),
               true));
  Json told = made;
  context.out().record(told.set("officer", officer.str()).set("code", shown));
  context.out().say(
      "Give the officer this code by a way that is not this hub's, and keep it until the device is "
      "admitted:\n\n    " +
      shown + "\n\nOn the new device: `entraide device enrol --invitation CODE`, or the desk.");
  return {};
}

Result<Json::Array> waiting(Context& context, const Subject& authority) {
  client::Api* hub = TRY(context.session());
  const Json list = TRY(hub->get("/v1/enrolments?authority=" + client::escape(authority.str())));
  const Json* items = list.find("items");
  if (items == nullptr || !items->is_array())
    return fail(Errc::invalid, "enrolment.form", "the hub's list of enrolments is not in its form");
  return items->array_items();
}

Result<> pending(Context& context) {
  Json::Array rows;
  for (Json& item : TRY(waiting(context, TRY(context.authority())))) {
    std::erase_if(item.members(), [](const Json::Member& member) { return member.first == "act"; });
    rows.push_back(std::move(item));
  }
  context.out().rows({{"enrolment", "ENROLMENT"},
                      {"officer", "OFFICER"},
                      {"state", "STATE"},
                      {"aal", "LEVEL"},
                      {"sign", "KEY ID"},
                      {"expires_at", "UNTIL"}},
                     rows);
  return {};
}

Result<> admit(Context& context) {
  const Arguments& args = context.args();
  const Subject authority = TRY(context.authority());
  const std::string wanted = *args.get("ENROLMENT");
  const std::string code = TRY(client::read_invitation_code(*args.get("code")));
  const auto items = TRY(waiting(context, authority));
  const auto found = std::ranges::find_if(items, [&](const Json& item) {
    const Json* id = item.find("enrolment");
    return id != nullptr && *id == Json(wanted);
  });
  const Json* body = found == items.end() ? nullptr : found->find("act");
  if (body == nullptr || !body->is_string())
    return fail(Errc::not_found, "api.not_found", wanted + ": no such device waits; see `entraide device pending`");

  client::Mirror* mirror = TRY(context.fresh_mirror());
  // The act names the key that invited: that one signs, and no other.
  client::KeyStore* store = TRY(context.keys());
  const client::StoredKey* own = store->find(TRY(act::parse_act(body->string())).act.device);
  if (own == nullptr || own->use != KeyUse::administrator || own->subject != authority)
    return fail(Errc::refused, "enrolment.administrator",
                "another administrator has invited this officer, and must admit the device");
  const auto signer = TRY(store->signer(own->name));
  const client::ReadHalf half = TRY(client::read_half(body->string(), authority, own->public_key.kid()));
  const directory::Officer* officer = mirror->directory().officer(half.officer);
  if (officer == nullptr || !officer->assignments.contains(authority))
    return fail(Errc::refused, "enrolment.officer",
                half.officer.str() + ": does not act for " + authority.str() + " in the ledger");
  context.out().warn(
      "A device for " + half.officer.str() + ", keys kept at level " + half.assurance_level +
      ". Its words are\n\n    " + spoken(client::invitation_words(code, half.sign.kid(), half.seal.kid())) +
      "\n\nThe officer must read you the same over the telephone; if they differ, somebody has put keys "
      "of their own in between.");
  TRY(context.confirm("Is this the officer whom you invited, and do the words agree?"));
  const client::Sent sent = TRY(context.deliver(TRY(act::add_signature(body->string(), *signer)), {}));
  if (half.document && args.has("name")) TRY(certify_device(context, authority, half.sign.kid()));
  else if (half.document)
    context.out().say("It has no certificate to sign documents with yet: `entraide device certify " +
                      half.sign.kid().str() + " --name NAME`");
  context.report(sent, "the device opens older cases after `entraide ring grant " + half.sign.kid().str() +
                           "` or the next `entraide ring new`");
  return {};
}

}  // namespace

Result<> answer_invitation(Context& context, const std::string& typed) {
  const std::string code = TRY(client::read_invitation_code(typed));
  const std::string ticket = client::invitation_ticket(code);
  client::Api* hub = TRY(context.api());
  const client::Invited invited =
      TRY(client::read_invited(TRY(post(*hub, "/v1/invitations/open", Json::object({{"ticket", ticket}}), false))));
  TRY(make_device_keys(context, invited.officer));
  client::KeyStore* store = TRY(context.keys());
  const client::StoredKey *sign = store->only(KeyUse::sign), *seal = store->only(KeyUse::seal),
                          *document = store->only(KeyUse::document);
  const auto signer = TRY(store->signer(sign->name));
  const std::string level = context.args().get_or("aal", sign->card ? "hw" : "soft");
  const std::string half = TRY(client::device_half(
      invited, *signer, seal->public_key, level, context.clock().now(), context.random(),
      document == nullptr ? nullptr : &document->public_key, TRY(context.certificate_thumbprint(invited.officer))));
  Json begun = TRY(post(*hub, "/v1/enrolments", Json::object({{"ticket", ticket}, {"act", half}}), false));
  TRY(remember_officer(context, invited.officer, invited.authority));
  const auto words = client::invitation_words(code, sign->public_key.kid(), seal->public_key.kid());
  context.out().record(begun.set("officer", invited.officer.str())
                           .set("authority", invited.authority.str())
                           .set("kid", sign->public_key.kid().str())
                           .set("words", spoken(words)));
  context.out().say(
      "Telephone your administrator, at a number that you know, and read out these four words:\n\n    " +
      spoken(words) +
      "\n\nWhen the device has been admitted, `entraide doctor` says so, and `entraide device certificate` fetches "
      "what you sign documents with.");
  return {};
}

std::vector<Command> invitation_commands() {
  const Option key{"--key", "NAME", "act with this administrator's key, where the key store has several"};
  return {
      {"officer",
       "invite",
       "As administrator: invite an officer to enrol a device, with a code that you hand over",
       {{"OFFICER", "OF", "the officer's pseudonym", true}, key},
       &invite,
       "entraide officer invite of:fr:AAAAAAAAAAAAAAAA"},
      {"device", "pending", "As administrator: devices that wait to be admitted", {key}, &pending, ""},
      {"device",
       "admit",
       "As administrator: admit a device that answered an invitation, after comparing its words",
       {{"ENROLMENT", "ID", "as `device pending` lists it", true},
        {"--code", "CODE", "the code that you gave", true},
        {"--name", "TEXT", "also certify the officer's document signatures, in this name"},
        key},
       &admit,
       "entraide device admit ENROLMENT --code K7QF-9M2X-D3RT-8WZA-4HVC --name 'C. Morel'"},
  };
}

}  // namespace entraide::cli
