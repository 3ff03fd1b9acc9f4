// Our JOSE for other implementations to talk to: one JSON command a line in, one JSON answer a line out. For tests.
//
//   {"do":"key"}                                             -> {"jwk": private JWK, "kid": ..}
//   {"do":"sign", "key", "typ", "payload"}                   -> {"jws"}
//   {"do":"verify", "key", "typ", "jws"}                     -> {"payload"}
//   {"do":"dpop", "key", "claims"}                           -> {"proof"}
//   {"do":"verify_dpop", "proof"}                            -> {"kid", "claims"}
//   {"do":"seal", "to": [JWK..], "header", "plaintext"}      -> {"jwe"}
//   {"do":"open", "key", "jwe"}                              -> {"plaintext", "header"}
//   {"do":"pki", "key"}                                      -> {"root", "certificate"} (base64 DER; 2026 to 2028)
//   {"do":"document", "key", "certificate", "payload", "at"} -> {"document"}
//   {"do":"verify_document", "document", "root", "at"}       -> {"payload", "alg", "signed_at"}
//
// What is refused answers {"refused": rule, "message": ..}.

#include <iostream>

#include "codec/codec.h"
#include "codec/json.h"
#include "crypto/document.h"
#include "crypto/jwe.h"
#include "crypto/jws.h"

using namespace entraide;
using namespace entraide::crypto;
using codec::Json;
using codec::ObjectReader;

namespace {

Json private_jwk(const PrivateKey& key) {
  const SecretBytes text = key.secret_jwk();
  return codec::parse_json(text.view()).value();
}

Result<Certificate> certificate_of(std::string_view base64) {
  const Bytes der = TRY(codec::from_base64(base64));
  return Certificate::from_der(der);
}

Result<Json> seal_for(ObjectReader& in, Random& random) {
  const Json& header_json = in.value("header");
  ObjectReader header_in(header_json, "header");
  const std::string typ = header_in.string("typ"), cty = header_in.string("cty");
  const std::string cid = header_in.string("cid"), ctx = header_in.string("ctx");
  TRY(header_in.finish());
  std::vector<PublicKey> recipients;
  for (const Json& jwk : in.array("to")) recipients.push_back(TRY(PublicKey::from_jwk(jwk)));
  const std::string plaintext = in.string("plaintext");
  const std::string jwe = TRY(seal(bytes_of(plaintext), {typ, cty, cid, ctx}, recipients, random));
  return Json::object({{"jwe", jwe}});
}

Result<Json> open_with(ObjectReader& in) {
  const PrivateKey key = TRY(PrivateKey::from_jwk(in.value("key")));
  const SealedView sealed = TRY(parse_jwe(in.string("jwe")));
  const SecretBytes plaintext = TRY(open(sealed, key));
  const SealHeader& h = sealed.header();
  return Json::object({{"plaintext", text_of(plaintext.view())},
                       {"header", Json::object({{"typ", h.typ}, {"cty", h.cty}, {"cid", h.cid}, {"ctx", h.ctx}})}});
}

Result<Json> issue(ObjectReader& in, Random& random) {
  const PrivateKey key = TRY(PrivateKey::from_jwk(in.value("key")));
  const PrivateKey root_key = PrivateKey::generate(random);
  const Validity validity{from_seconds(1767225600), from_seconds(1830297600)};
  const Certificate root = TRY(create_root(root_key, {"FR", "", "Fictional Root"}, validity, random));
  const Certificate certificate =
      TRY(issue_signing_certificate(root_key, root, key.public_key(), {"FR", "", "Ex. Ample"}, validity, random));
  return Json::object({{"root", codec::base64(root.der())}, {"certificate", codec::base64(certificate.der())}});
}

Result<Json> make_one_document(ObjectReader& in) {
  const PrivateKey key = TRY(PrivateKey::from_jwk(in.value("key")));
  const Certificate certificate = TRY(certificate_of(in.string("certificate")));
  const std::string payload = in.string("payload");
  const Time at = from_seconds(in.integer("at"));
  const std::string document = TRY(make_document(bytes_of(payload), key, {&certificate, 1}, at));
  return Json::object({{"document", document}});
}

Result<Json> check_document(ObjectReader& in) {
  const Certificate root = TRY(certificate_of(in.string("root")));
  const std::string document = in.string("document");
  const Time at = from_seconds(in.integer("at"));
  const VerifiedDocument verified = TRY(verify_document(bytes_of(document), {&root, 1}, at));
  return Json::object({{"payload", text_of(verified.payload)},
                       {"alg", verified.algorithm},
                       {"signed_at", to_seconds(verified.signed_at)}});
}

Result<Json> answer(const Json& command, Random& random) {
  ObjectReader in(command, "command");
  const std::string what = in.string("do");
  if (what == "seal") return seal_for(in, random);
  if (what == "open") return open_with(in);
  if (what == "pki") return issue(in, random);
  if (what == "document") return make_one_document(in);
  if (what == "verify_document") return check_document(in);
  if (what == "key") {
    const PrivateKey key = PrivateKey::generate(random);
    return Json::object({{"jwk", private_jwk(key)}, {"kid", key.public_key().kid().str()}});
  }
  if (what == "sign") {
    const PrivateKey key = TRY(PrivateKey::from_jwk(in.value("key")));
    const std::string payload = in.string("payload");
    const std::string jws = TRY(make_compact_jws(key, in.string("typ"), bytes_of(payload)));
    return Json::object({{"jws", jws}});
  }
  if (what == "verify") {
    const PublicKey key = TRY(PublicKey::from_jwk(in.value("key")));
    const Bytes payload = TRY(verify_compact_jws(in.string("jws"), in.string("typ"), key));
    return Json::object({{"payload", text_of(payload)}});
  }
  if (what == "dpop") {
    const PrivateKey key = TRY(PrivateKey::from_jwk(in.value("key")));
    const std::string proof = TRY(make_dpop_proof(key, in.value("claims")));
    return Json::object({{"proof", proof}});
  }
  if (what == "verify_dpop") {
    const DpopProof proof = TRY(verify_dpop_proof(in.string("proof")));
    return Json::object({{"kid", proof.key.kid().str()}, {"claims", proof.claims}});
  }
  return fail(Errc::invalid, "helper.command", "command: not known: " + what);
}

Result<Json> answer_line(const std::string& line, Random& random) {
  const Json command = TRY(codec::parse_json(line, {.bytes = 4 << 20}));
  return answer(command, random);
}

}  // namespace

int main() {
  SystemRandom random;
  for (std::string line; std::getline(std::cin, line);) {
    const auto result = answer_line(line, random);
    const Json out =
        result ? *result : Json::object({{"refused", result.error().rule}, {"message", result.error().message}});
    std::cout << codec::to_json(out) << std::endl;
  }
  return 0;
}
