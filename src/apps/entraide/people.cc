// officer, device: acts of an authority's administrators, and the devices themselves.

#include "apps/entraide/people.h"
#include "client/admin.h"
#include "client/files.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {

using client::KeyUse;
using codec::Json;

Result<> add_officer(Context& context) {
  const Arguments& args = context.args();
  TRY(context.fresh_mirror());
  const Subject authority = TRY(context.authority());
  Subject officer;
  if (const auto system = args.get("system"))
    officer = Subject("sy:" + act::country_of(authority).str().substr(3) + ":" + *system);
  else if (const auto pseudonym = args.get("pseudonym")) officer = TRY(parse_subject(*pseudonym));
  else officer = client::admin::new_officer(act::country_of(authority).str().substr(3), context.random());
  const Time until = TRY(parse_day(*args.get("until")));
  const client::Author author = TRY(context.official(KeyUse::administrator, authority));
  const FurtherSigners signers = TRY(context.further_signers());
  client::Intent intent{"dir.officer", {}, {}, {}, {}, client::admin::officer(officer, args.all("role"), until)};
  if (args.has("leave")) {
    const act::Act act =
        client::compose(*TRY(context.mirror()), author, std::move(intent), context.clock().now(), context.random());
    TRY(context.confirm("Sign " + act.type + " for " + officer.str() + " and leave it for a colleague's signature?"));
    return leave_act(context, TRY(client::sign(act, author, signers.views())));
  }
  const auto sent = TRY(context.send(author, std::move(intent), {}, signers.views()));
  if (!sent) return {};
  context.report(*sent, "give the officer the pseudonym " + officer.str() +
                            ": they run `entraide device request --officer " + officer.str() + "`");
  return {};
}

}  // namespace

/// The keys of a new device, where they are not there yet.
Result<> make_device_keys(Context& context, const Subject& officer) {
  client::KeyStore* store = TRY(context.keys());
  for (const auto& [name, use] : {std::pair{"device.sign", KeyUse::sign},
                                  {"device.seal", KeyUse::seal},
                                  {"document", KeyUse::document},
                                  {"dpop", KeyUse::dpop}}) {
    if (store->only(use) == nullptr && store->find(name) == nullptr)
      TRY(store->generate(name, use, officer, context.random()));
  }
  TRY(store->save(context.random()));
  if (store->only(KeyUse::sign) == nullptr || store->only(KeyUse::seal) == nullptr)
    return fail(Errc::conflict, "keystore.duplicate",
                "the key store holds more than one device; use another --profile for another device");
  return {};
}

Result<> remember_officer(Context& context, const Subject& officer, const Subject& authority) {
  TRY(context.config().set("officer", officer.str()));
  if (context.config().get("authority") != authority.str() ||
      context.config().explain("authority").from.starts_with("flag"))
    TRY(context.config().set("authority", authority.str()));
  return {};
}

std::string spoken(const std::array<std::string, 4>& words) {
  return words[0] + "  " + words[1] + "  " + words[2] + "  " + words[3];
}

namespace {

/// On the device: makes its keys and the file that the administrator enrols.
Result<> request_device(Context& context) {
  const Arguments& args = context.args();
  client::KeyStore* store = TRY(context.keys());
  const Subject officer = TRY(parse_subject(
      context.config().get("officer").empty() ? args.get_or("officer", "") : context.config().get("officer")));
  const Subject authority = TRY(context.authority());
  const std::string certificate = TRY(context.certificate_thumbprint(officer));
  TRY(make_device_keys(context, officer));
  const client::StoredKey *sign = store->only(KeyUse::sign), *seal = store->only(KeyUse::seal);
  const std::string level = args.get_or("aal", sign->card ? "hw" : "soft");
  const auto signer = TRY(store->signer(sign->name));
  const client::StoredKey* document = store->only(KeyUse::document);
  const std::string text =
      TRY(client::admin::make_device_request(officer, authority, *signer, seal->public_key, level,
                                             document == nullptr ? nullptr : &document->public_key, certificate));
  const std::string file = args.get_or("out", "device-request.json");
  TRY(client::write_file_whole(file, bytes_of(text), 0644));
  TRY(remember_officer(context, officer, authority));
  const auto words = client::admin::words_of(sign->public_key, seal->public_key);
  context.out().record(
      Json::object({{"kid", sign->public_key.kid().str()}, {"request", file}, {"words", spoken(words)}}));
  context.out().say("Take " + file +
                    " to your administrator, and read them these four words over another channel:\n\n    " +
                    spoken(words) + "\n");
  return {};
}

Result<> enrol_device(Context& context) {
  if (const auto code = context.args().get("invitation")) return answer_invitation(context, *code);
  const auto file = context.args().get("FILE");
  if (!file) return fail(Errc::invalid, "usage", "name the request's FILE, or --invitation CODE on the new device");
  const std::string text = TRY(read_text(*file, 64 << 10));
  const client::admin::DeviceRequest request = TRY(client::admin::read_device_request(text));
  TRY(context.fresh_mirror());
  context.out().warn(
      "The device's words are\n\n    " + spoken(client::admin::words_of(request.sign, request.seal)) +
      "\n\nThe officer must read you the same; if they differ, somebody has changed the keys on the way.");
  TRY(context.confirm("Do the words agree?"));
  const client::Author author = TRY(context.official(KeyUse::administrator, request.authority));
  client::Intent intent{"dir.device",
                        {},
                        {},
                        {},
                        {},
                        client::admin::device(request.officer, request.sign, request.seal, request.assurance_level,
                                              request.document ? &*request.document : nullptr, request.certificate)};
  client::KeyStore* store = TRY(context.keys());
  FurtherSigners signers;
  if (const client::StoredKey* device = store->find(request.sign.kid()))
    signers.owned.push_back(TRY(store->signer(device->name)));
  else if (!context.args().has("save"))
    return fail(Errc::invalid, "usage",
                "the device must sign too: give --save FILE, hand the file to the officer, who runs "
                "`entraide act cosign FILE --key device.sign` and `entraide act submit FILE` within a week");
  const auto sent = TRY(context.send(author, std::move(intent), {}, signers.views()));
  if (sent)
    context.report(*sent, "the device opens older cases after `entraide ring grant " + request.sign.kid().str() +
                              "` or the next `entraide ring new`");
  return {};
}

Result<> revoke_device(Context& context) {
  const KeyId kid(*context.args().get("KID"));
  client::Mirror* mirror = TRY(context.fresh_mirror());
  const directory::Key* key = mirror->directory().key(kid);
  if (key == nullptr)
    return fail(Errc::not_found, "dir.unknown", "there is no key " + kid.str() + " in the directory");
  client::KeyStore* store = TRY(context.keys());
  // An administrator's key where there is one, else the officer's own device.
  const auto named = context.args().get("key");
  const client::StoredKey* own = nullptr;
  for (const client::StoredKey& candidate : store->keys())
    if (own == nullptr && candidate.use == KeyUse::administrator && (!named || candidate.name == *named))
      own = &candidate;
  Result<client::Author> author =
      own != nullptr ? context.official(KeyUse::administrator, own->subject) : context.author();
  const client::Author signer = TRY(std::move(author));
  const auto sent =
      TRY(context.send(signer,
                       {"dir.revoke",
                        {},
                        {},
                        {},
                        {},
                        client::admin::revoke_key(kid, *context.args().get("why"), context.clock().now())},
                       {}));
  if (sent)
    context.report(*sent, "make a new ring generation so that nothing more is sealed to it: `entraide ring new`");
  return {};
}

Result<> show_words(Context& context) {
  const std::string text = TRY(read_text(*context.args().get("FILE"), 64 << 10));
  const auto request = TRY(client::admin::read_device_request(text));
  context.out().record(Json::object({{"officer", request.officer.str()},
                                     {"authority", request.authority.str()},
                                     {"kid", request.sign.kid().str()},
                                     {"aal", request.assurance_level},
                                     {"certificate", request.certificate},
                                     {"words", spoken(client::admin::words_of(request.sign, request.seal))}}));
  return {};
}

}  // namespace

std::vector<Command> people_commands() {
  return {
      {"officer", "add", "Enrol an officer or a system of your authority, or change roles and term",
       and_sending({{"--role", "ROLE", "a role of the rulebook; one for each", true, true},
                    {"--until", "DAY", "until when, 2031-12-31", true},
                    {"--pseudonym", "OF", "an officer who has one already"},
                    {"--system", "NAME", "not a person but a system of this name, sy:fr:NAME"},
                    {"--with-key", "NAME",
                     "sign with this administrator's key too (magistrate and ring-admin need two)", false, true},
                    {"--leave", "", "leave it at the hub for a colleague, who runs `act countersign`"}}),
       &add_officer, "entraide officer add --authority au:fr:central-authority --role officer --until 2031-12-31"},
  };
}

std::vector<Command> device_commands() {
  return {
      {"device",
       "request",
       "On a new device: make its keys and the file to enrol it",
       {{"--aal", "LEVEL", "how well it keeps its keys: hw, prf or soft"},
        {"--out", "FILE", "where to write the request"}},
       &request_device,
       "entraide device request --officer of:fr:... --authority au:fr:central-authority"},
      {"device",
       "words",
       "Show a device request and its four words",
       {{"FILE", "FILE", "the request", true}},
       &show_words,
       ""},
      {"device", "enrol", "As administrator: enrol a device from its request; on a new device: by invitation",
       and_sending({{"FILE", "FILE", "the request"},
                    {"--invitation", "CODE", "on the new device: answer the invitation that has this code"},
                    {"--aal", "LEVEL", "with --invitation: how well it keeps its keys: hw, prf or soft"}}),
       &enrol_device, "entraide device enrol device-request.json --save enrol.act"},
      {"device", "revoke", "Revoke a device: lost, stolen, or its officer gone",
       and_sending({{"KID", "KID", "its signing key", true}, {"--why", "TEXT", "the reason", true}}), &revoke_device,
       ""},
  };
}

}  // namespace entraide::cli
