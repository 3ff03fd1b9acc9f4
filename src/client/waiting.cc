#include "client/waiting.h"

#include "codec/codec.h"

namespace entraide::client {
namespace {

using codec::Json;

std::unexpected<Error> sign_nothing(const std::string& what) {
  return fail(Errc::not_authentic, "waiting.act", "waiting act: " + what + "; sign nothing of it");
}

bool speaks_for(const directory::Directory& directory, const KeyId& kid, const Subject& subject) {
  using Use = directory::Key::Use;
  const directory::Key* key = directory.key(kid);
  return key != nullptr && key->active() && key->holder == subject &&
         (key->use == Use::administrator || key->use == Use::root);
}

}  // namespace

Result<std::vector<Waiting>> read_waiting(const Json& list) {
  const Json* items = list.find("items");
  if (items == nullptr || !items->is_array())
    return fail(Errc::invalid, "waiting.form", "the hub's list of waiting acts is not in its form");
  std::vector<Waiting> out;
  for (const Json& item : items->array_items()) {
    codec::ObjectReader in(item, "waiting act");
    Waiting one{
        in.string("waiting"), in.string("act"), in.string("state"), in.nullable_string("rule").value_or(""), {}, {}};
    const std::string expires = in.string("expires_at");
    TRY(in.finish_open());
    const Json* declined = item.find("declined");
    const Json* why = declined != nullptr && declined->is_object() ? declined->find("why") : nullptr;
    if (why != nullptr && why->is_string()) one.why = why->string();
    one.expires = TRY(codec::from_rfc3339(expires));
    out.push_back(std::move(one));
  }
  return out;
}

Result<Countersignable> check_waiting(std::string_view body, const directory::Directory& directory,
                                      std::int64_t tree_size, const Subject& subject, const crypto::Signer& mine,
                                      Time now) {
  const act::SignedAct parsed = TRY(act::parse_act(body));
  const act::Act& what = parsed.act;
  if (!directory::is_directory_act(what.type)) return sign_nothing("it is no act of the directory");
  if (what.by != subject || what.for_authority != subject)
    return sign_nothing("it is not by and for " + subject.str());
  if (what.case_id || what.previous || !what.to.empty() || !what.objects.empty() || !what.sent.empty())
    return sign_nothing("it does more than change the directory");
  const KeyId own = mine.public_key().kid();
  if (!speaks_for(directory, own, subject)) return sign_nothing("your key does not sign for " + subject.str());
  for (const act::Signature& signature : parsed.signatures) {
    if (signature.kid == own)
      return fail(Errc::conflict, "act.signature.twice", "act: this key has signed already; somebody else must");
    if (!speaks_for(directory, signature.kid, subject))
      return sign_nothing("key " + signature.kid.str() + " does not sign for " + subject.str());
  }
  auto verified = TRY(act::verify(act::SignedAct(parsed), directory));
  // As the hub will, with this signature on it.
  const std::string signed_too = TRY(act::add_signature(body, mine));
  const auto with_mine = TRY(act::verify(TRY(act::parse_act(signed_too)), directory));
  directory::Directory trial = directory;
  const auto admitted = trial.admit(with_mine, tree_size, now);
  if (!admitted && admitted.error().rule != "dir.signers") return std::unexpected(admitted.error());
  return Countersignable{std::move(verified), admitted.has_value()};
}

}  // namespace entraide::client
