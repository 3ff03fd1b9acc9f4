#include "client/enrol.h"

#include "client/admin.h"
#include "codec/codec.h"
#include "crypto/jws.h"
#include "merkle/tree.h"

namespace entraide::client {
namespace {

using codec::Json;

std::unexpected<Error> no(const std::string& what) {
  return fail(Errc::not_authentic, "enrolment.act", "enrolment: " + what + "; sign nothing of it");
}

}  // namespace

Result<Invited> read_invited(const Json& answer) {
  codec::ObjectReader in(answer, "invitation");
  Invited out{Subject(in.string("authority")), Subject(in.string("officer")), KeyId(in.string("administrator")), {}};
  const std::string rulebook = in.string("rulebook");
  TRY(in.finish_open());
  out.rulebook = TRY(codec::hash_from_text<Digest>(rulebook, "rulebook"));
  return out;
}

Result<std::string> device_half(const Invited& invited, const crypto::Signer& sign, const crypto::PublicKey& seal,
                                std::string_view assurance_level, Time now, Random& random,
                                const crypto::PublicKey* document, std::string_view certificate) {
  act::Act act;
  act.type = "dir.device";
  act.nonce = codec::base64url(random.bytes(16));
  act.by = act.for_authority = invited.authority;
  act.device = invited.administrator;
  act.at = from_seconds(to_seconds(now));
  act.rulebook = invited.rulebook;
  act.checkpoint = {0, merkle::empty_root()};
  act.d = admin::device(invited.officer, sign.public_key(), seal, assurance_level, document, certificate);
  const crypto::Signer* const signers[] = {&sign};
  return act::sign_act(act, signers);
}

Result<ReadHalf> read_half(std::string_view body, const Subject& authority, const KeyId& administrator) {
  act::SignedAct parsed = TRY(act::parse_act(body));
  act::Act& act = parsed.act;
  if (act.type != "dir.device") return no("the act enrols no device");
  if (act.by != authority || act.for_authority != authority)
    return no("the act is not by and for " + authority.str());
  if (act.device != administrator) return no("the act names another administrator's key");
  if (act.case_id || act.previous || !act.to.empty() || !act.objects.empty() || !act.sent.empty())
    return no("the act does more than enrol a device");
  codec::ObjectReader in(act.d, "d");
  const std::string officer = in.string("of");
  const Json &sign = in.value("sig"), &seal = in.value("seal");
  std::string level = in.string("aal");
  in.nullable_string("att");
  in.nullable_string("x5t");
  const Json* doc = in.optional_value("doc");
  TRY(in.finish());
  std::optional<crypto::PublicKey> document;
  if (doc != nullptr) document = TRY(crypto::PublicKey::from_jwk(*doc));
  auto sign_key = TRY(crypto::PublicKey::from_jwk(sign));
  auto seal_key = TRY(crypto::PublicKey::from_jwk(seal));
  if (parsed.signatures.size() != 1 || parsed.signatures[0].kid != sign_key.kid())
    return no("the act is not signed by the device alone");
  const act::Signature& line = parsed.signatures[0];
  TRY(crypto::verify_jws({line.protected_b64, codec::base64url(line.value)}, parsed.payload_b64, "entraide-act+json",
                         sign_key));
  return ReadHalf{std::move(act),      Subject(officer), std::move(sign_key),
                  std::move(seal_key), std::move(level), std::move(document)};
}

}  // namespace entraide::client
