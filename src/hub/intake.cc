#include "hub/intake.h"

#include <algorithm>

#include "codec/codec.h"
#include "crypto/digest.h"
#include "crypto/jwe.h"
#include "directory/directory.h"

namespace entraide::hub {
namespace {

// Whether it is sealed to exactly the keys that the act names. There are few: comparing them all costs less than a set.
bool is_sealed_as_named(const crypto::SealedView& sealed, const act::ObjectRef& named) {
  const auto named_too = [&](const KeyId& kid) {
    return std::ranges::any_of(named.to, [&](const act::SealedTo& to) { return to.kid == kid; });
  };
  const auto sealed_too = [&](const act::SealedTo& to) {
    return std::ranges::find(sealed.recipients(), to.kid) != sealed.recipients().end();
  };
  return std::ranges::all_of(sealed.recipients(), named_too) && std::ranges::all_of(named.to, sealed_too);
}

Result<> check_header(const crypto::SealedView& sealed, std::string_view typ, std::string_view cty,
                      std::string_view ctx) {
  if (sealed.header().typ != typ || sealed.header().cty != cty)
    return fail(Errc::invalid, "act.object.type",
                "sealed object: its typ must be " + std::string(typ) + " and its cty " + std::string(cty));
  if (sealed.header().ctx != ctx)
    return fail(Errc::invalid, "act.object.context",
                "sealed object: it was made for another case or ring than the act names");
  return {};
}

Result<> check_seal(const act::Act& act, const act::ObjectRef& named, const std::string& jwe) {
  if (static_cast<std::int64_t>(jwe.size()) != named.bytes)
    return fail(Errc::invalid, "act.object.size", "sealed object: it has another size than the act names");
  const auto sealed = TRY(crypto::parse_jwe(jwe));
  TRY(check_header(sealed, "entraide-seal+json", "jose+json", act.case_id ? act.case_id->str() : std::string()));
  if (!is_sealed_as_named(sealed, named))
    return fail(Errc::invalid, "act.object.recipients",
                "sealed object: it is sealed to other keys than the act names");
  return {};
}

// A ring's wrap is named in `d`; to whom it must be sealed, the committer knows.
Result<> check_wrap(const act::Act& act, const std::string& jwe) {
  const codec::Json* au = act.d.find("au");
  const codec::Json* generation = act.d.find("g");
  if (au == nullptr || !au->is_string() || generation == nullptr || !generation->is_integer())
    return fail(Errc::invalid, "json.member", "d: must name the authority `au` and the generation `g`");
  const auto sealed = TRY(crypto::parse_jwe(jwe));
  return check_header(sealed, "entraide-ring+json", "jwk-set+json",
                      "ring:" + au->string() + ":" + std::to_string(generation->integer()));
}

std::vector<Digest> hashes_named(const act::Act& act) {
  std::vector<Digest> out;
  for (const act::ObjectRef& object : act.objects)
    if (object.kind == act::ObjectRef::Kind::seal) out.push_back(object.hash);
  if (const codec::Json* wrap = act.d.find("wrap");
      act.type.starts_with("ring.") && wrap != nullptr && wrap->is_string())
    if (auto hash = codec::hash_from_text<Digest>(wrap->string(), "d.wrap")) out.push_back(*hash);
  return out;
}

}  // namespace

Result<Submission> receive(std::string_view act_body, std::vector<std::string> objects,
                           const act::KeyDirectory& keys) {
  act::SignedAct parsed = TRY(act::parse_act(act_body));
  const act::Act& act = parsed.act;
  if (directory::is_directory_act(act.type) && !act.objects.empty())
    return fail(Errc::invalid, "act.object.extra", act.type + ": carries no sealed objects of its own");

  std::vector<SealedObject> matched;
  std::vector<bool> used(objects.size(), false);
  const std::vector<Digest> named = hashes_named(act);
  std::vector<Digest> hashes;
  for (const std::string& jwe : objects) hashes.push_back(crypto::sha256(jwe));
  for (const Digest& hash : named) {
    const auto found = std::find(hashes.begin(), hashes.end(), hash);
    if (found == hashes.end())
      return fail(Errc::invalid, "act.object.missing",
                  "the sealed object " + codec::to_text(hash) + " was not sent along");
    const auto at = static_cast<std::size_t>(found - hashes.begin());
    if (used[at]) return fail(Errc::invalid, "act.object.extra", "the act names one sealed object twice");
    used[at] = true;
    matched.push_back({hash, std::move(objects[at])});
  }
  if (std::find(used.begin(), used.end(), false) != used.end())
    return fail(Errc::invalid, "act.object.extra", "a sealed object was sent along that the act does not name");

  std::size_t next = 0;
  for (const act::ObjectRef& object : act.objects)
    if (object.kind == act::ObjectRef::Kind::seal) TRY(check_seal(act, object, matched[next++].jwe));
  if (next < matched.size()) TRY(check_wrap(act, matched[next].jwe));

  act::VerifiedAct verified = TRY(act::verify(std::move(parsed), keys));
  return Submission(std::move(verified), std::move(matched));
}

}  // namespace entraide::hub
