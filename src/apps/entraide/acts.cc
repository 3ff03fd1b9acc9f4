// act: acts as they are, for people who want to see, countersign, keep or resend them.

#include "apps/entraide/case_view.h"
#include "client/admin.h"
#include "client/files.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {

using codec::Json;

Result<> show_act(Context& context) {
  const std::string name = *context.args().get("ACT");
  // A file is shown as it is, without a hub.
  std::error_code none;
  if (std::filesystem::exists(name, none)) {
    std::string text = TRY(read_text(name));
    std::string body = text;
    if (text.starts_with("{")) {
      const auto prepared = TRY(client::admin::parse_prepared(text));
      context.out().text(codec::to_pretty_json(TRY(codec::parse_json(prepared.payload))) + "\n");
      if (prepared.body.empty()) return {};
      body = prepared.body;
    }
    const act::SignedAct act = TRY(act::parse_act(body));
    if (!text.starts_with("{"))
      context.out().text(codec::to_pretty_json(TRY(codec::parse_json(act::payload_of(act.act)))) + "\n");
    for (const act::Signature& signature : act.signatures)
      context.out().say("Signed by key " + signature.kid.str() + " (not checked here).");
    return {};
  }
  const Subject own = TRY(context.authority());
  client::Reader reader = TRY(reader_for(context, own));
  const client::OpenedAct opened = TRY(client::open_act(reader, TRY(act::act_id_from_text(name))));
  acknowledge(context, opened, client::Acknowledgement::opened);
  if (!context.out().for_people()) {
    context.out().record(json_of(opened));
  } else {
    context.out().text(safe(
        (opened.act ? opened.act->type + " for " + opened.act->for_authority.str() : std::string("act")) + "\n"));
    print_verdict(context.out(), opened.verdict);
    const CaseWords say(*reader.rules, reader.mirror.directory(), {context.language()});
    for (const client::OpenedObject& object : opened.objects)
      if (object.document)
        context.out().text(safe("\n[" + object.ref.role + "]\n" + show_document(say, *object.document)));
  }
  if (const client::Step* failed = opened.verdict.first_failure())
    return fail(Errc::not_authentic, "act.verdict", "the act does not hold: " + failed->words);
  return {};
}

Result<> cosign(Context& context) {
  const std::string file = *context.args().get("FILE");
  client::admin::PreparedAct prepared = TRY(client::admin::parse_prepared(TRY(read_text(file))));
  const Json payload = TRY(codec::parse_json(prepared.payload));
  context.out().warn("You are about to sign:\n" + codec::to_pretty_json(payload));
  TRY(context.confirm("Sign this act?"));
  client::KeyStore* store = TRY(context.keys());
  const auto named = context.args().get("key");
  const client::StoredKey* key = named ? store->find(*named) : store->only(client::KeyUse::sign);
  if (key == nullptr)
    return fail(Errc::not_found, "keystore.missing",
                "sign with which key? give --key NAME; `entraide key list` shows them");
  const auto signer = TRY(store->signer(key->name));
  TRY(client::admin::cosign(prepared, *signer));
  TRY(client::write_file_whole(file, bytes_of(client::admin::to_text(prepared))));
  const act::SignedAct act = TRY(act::parse_act(prepared.body));
  context.out().say(file + " now has " + std::to_string(act.signatures.size()) +
                    " signatures. Next: another `entraide act cosign`, or `entraide act submit " + file + "`.");
  return {};
}

Result<> submit(Context& context) {
  const client::admin::PreparedAct prepared =
      TRY(client::admin::parse_prepared(TRY(read_text(*context.args().get("FILE")))));
  if (prepared.body.empty())
    return fail(Errc::invalid, "act.form", "nobody has signed this act yet; `entraide act cosign FILE`");
  const act::SignedAct act = TRY(act::parse_act(prepared.body));
  TRY(context.confirm("Send " + act.act.type + " for " + act.act.for_authority.str() + ", signed by " +
                      std::to_string(act.signatures.size()) + "?"));
  const auto sent = TRY(context.deliver(prepared.body, prepared.objects));
  context.report(sent, "");
  return {};
}

Result<> send_body(Context& context) {
  const std::string body = TRY(read_text(*context.args().get("FILE")));
  std::vector<std::string> objects;
  for (const std::string& file : context.args().all("object")) objects.push_back(TRY(read_text(file)));
  const act::SignedAct act = TRY(act::parse_act(body));
  TRY(context.confirm("Send " + act.act.type + " for " + act.act.for_authority.str() + "?"));
  const auto sent = TRY(context.deliver(body, std::move(objects)));
  context.report(sent, "");
  return {};
}

/// A prepared act of any type, from its `d`: for threshold acts and for types that have no command of their own.
Result<> prepare(Context& context) {
  if (!context.args().has("save") && !context.args().has("dry-run"))
    return fail(Errc::invalid, "usage", "where to? give --save FILE");
  const std::string type = *context.args().get("TYPE");
  const Json d = TRY(codec::parse_json(TRY(read_text(*context.args().get("d")))));
  const Subject for_subject = TRY(parse_subject(*context.args().get("for")));
  TRY(context.fresh_mirror());
  client::KeyStore* store = TRY(context.keys());
  const client::StoredKey* key = store->find(*context.args().get("key"));
  if (key == nullptr) return fail(Errc::not_found, "keystore.missing", "sign with which key? give --key NAME");
  const client::Author author = TRY(context.official(key->use, for_subject));
  std::vector<Subject> to;
  for (const std::string& name : context.args().all("to")) to.push_back(TRY(parse_subject(name)));
  TRY(context.send(author, {type, to, {}, {}, {}, d}, {}));
  return {};
}

Result<> resume(Context& context) {
  client::Outbox* outbox = TRY(context.outbox());
  const auto resumed = TRY(outbox->resume());
  Json::Array rows;
  std::optional<Error> failed;
  for (const auto& one : resumed) {
    rows.push_back(Json::object({{"act", act::to_text(one.id)},
                                 {"outcome", one.outcome ? "sent" : one.outcome.error().rule},
                                 {"index", one.outcome ? Json(one.outcome->index) : Json()}}));
    if (!one.outcome) failed = one.outcome.error();
  }
  context.out().rows({{"act", "ACT"}, {"outcome", "OUTCOME"}, {"index", "INDEX"}}, rows);
  if (resumed.empty()) context.out().say("Nothing was left behind.");
  if (failed) return std::unexpected(*failed);
  return {};
}

}  // namespace

std::vector<Command> act_commands() {
  const Option file{"FILE", "FILE", "a prepared act", true};
  return {
      {"act",
       "show",
       "Show an act, every check on it, and what is sealed in it",
       {{"ACT", "ACT", "its id, or a file", true}, no_acknowledgement()},
       &show_act,
       "entraide act show 8MLY..."},
      {"act",
       "prepare",
       "Make an act of any type, sign it and write it to a file",
       {{"TYPE", "TYPE", "for example dir.country", true},
        {"--d", "FILE", "its `d` as JSON", true},
        {"--for", "SUBJECT", "for whom", true},
        {"--to", "AU", "a receiver", false, true},
        {"--key", "NAME", "the key that signs first", true},
        {"--save", "FILE", "where to write it"},
        {"--dry-run", "", "show it only"}},
       &prepare,
       ""},
      {"act",
       "cosign",
       "Add your signature to a prepared act",
       {file, {"--key", "NAME", "which key signs (default: the device's)"}},
       &cosign,
       "entraide act cosign enrol.act --key device.sign"},
      {"act", "submit", "Send a prepared act", {file}, &submit, "entraide act submit enrol.act"},
      {"act",
       "send",
       "Send an act body that is signed already",
       {file, {"--object", "FILE", "a sealed object that goes with it", false, true}},
       &send_body,
       ""},
      {"act", "resume", "Send again what an interrupted command left behind", {}, &resume, ""},
  };
}

}  // namespace entraide::cli
