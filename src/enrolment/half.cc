#include "codec/codec.h"
#include "crypto/jws.h"
#include "enrolment/enrolment.h"

namespace entraide::enrolment {
namespace {

constexpr Seconds kMadeWithin{300};

std::unexpected<Error> no(const std::string& what) {
  return fail(Errc::invalid, "enrolment.act", "enrolment: " + what);
}

}  // namespace

Result<Half> read_half(const Invitation& invitation, std::string_view body, Time now) {
  if (body.size() > kHalfBytesMax) return fail(Errc::too_large, "enrolment.act", "enrolment: the act is too long");
  const act::SignedAct parsed = TRY(act::parse_act(body));
  const act::Act& act = parsed.act;
  if (act.type != "dir.device") return no("must be an act dir.device");
  if (act.for_authority != invitation.authority || act.by != invitation.authority)
    return no("must be by and for the authority that invited");
  if (act.device != invitation.administrator) return no("`dv` must name the administrator who invited");
  if (act.case_id || act.previous || !act.to.empty() || !act.objects.empty() || !act.sent.empty())
    return no("has no case, no receivers and no objects");
  if (act.at - now > kMadeWithin || now - act.at > kMadeWithin)
    return no("was made more than five minutes from now; set the clock");

  codec::ObjectReader in(act.d, "d");
  const std::string officer = in.string("of");
  const codec::Json &sign = in.value("sig"), &seal = in.value("seal");
  const std::string level = in.string("aal");
  in.nullable_string("att");
  in.nullable_string("x5t");
  const codec::Json* document = in.optional_value("doc");
  TRY(in.finish());
  if (Subject(officer) != invitation.officer) return no("is for another officer than the one who was invited");
  if (level != "hw" && level != "prf" && level != "soft") return no("d.aal must be hw, prf or soft");
  const auto sign_key = TRY(crypto::PublicKey::from_jwk(sign));
  const auto seal_key = TRY(crypto::PublicKey::from_jwk(seal));
  if (sign_key == seal_key) return no("a key has one use: sig or seal");
  if (document != nullptr) {
    const auto document_key = TRY(crypto::PublicKey::from_jwk(*document));
    if (document_key == sign_key || document_key == seal_key) return no("a key has one use: sig, seal or doc");
  }

  if (parsed.signatures.size() != 1 || parsed.signatures[0].kid != sign_key.kid())
    return no("must be signed by the new key, and by it alone");
  const act::Signature& line = parsed.signatures[0];
  TRY(crypto::verify_jws({line.protected_b64, codec::base64url(line.value)}, parsed.payload_b64, "entraide-act+json",
                         sign_key));
  return Half{{}, sign_key.kid(), seal_key.kid(), level, std::string(body), now};
}

}  // namespace entraide::enrolment
