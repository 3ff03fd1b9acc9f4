#include "crypto/jws.h"

#include "crypto/digest.h"
#include "crypto/vectors_for_test.h"

using namespace entraide;
using namespace entraide::crypto;
using codec::Json;
using entraide::testing::rule_of;

namespace {

constexpr std::string_view kActType = "entraide-act+json";
const std::string kPayload = codec::base64url(to_bytes(R"({"v":1})"));

PrivateKey key_of(std::uint64_t seed) {
  SeededRandom random(seed);
  return PrivateKey::generate(random);
}

// A signature over any header text at all, good but for what the header says.
JwsSignature signed_with_header(const PrivateKey& key, std::string_view header, std::string_view payload = kPayload) {
  const std::string protected_header = codec::base64url(bytes_of(header));
  const Bytes signature = MUST(key.sign(bytes_of(protected_header + "." + std::string(payload))));
  return {protected_header, codec::base64url(signature)};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0, end; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
    out.push_back(text.substr(at, end - at));
  return out;
}

}  // namespace

TEST_CASE("the signatures of the golden acts verify, and every hash of theirs comes out") {
  const Json golden = vectors("acts.json");
  std::vector<PublicKey> keys;
  for (const Json& key : golden.find("keys")->array_items()) {
    Json jwk = *key.find("jwk");
    keys.push_back(MUST(PublicKey::from_jwk(jwk)));
    CHECK(keys.back().kid().str() == text_at(key, "kid"));
    CHECK(MUST(PrivateKey::from_jwk(jwk.set("d", text_at(key, "d")))).public_key() == keys.back());
  }
  for (const Json& act : golden.find("acts")->array_items()) {
    CAPTURE(text_at(act, "name"));
    const std::string& body = text_at(act, "body");
    const auto lines = lines_of(body);
    REQUIRE(lines.size() >= 2);
    const Bytes payload = MUST(codec::from_base64url(lines[0]));
    CHECK(text_of(payload) == text_at(golden, "payload"));
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const std::size_t dot = lines[i].find('.');
      const JwsSignature signature{lines[i].substr(0, dot), lines[i].substr(dot + 1)};
      const KeyId kid = MUST(jws_key_id(signature.protected_header, kActType));
      const auto key = std::find_if(keys.begin(), keys.end(), [&](const PublicKey& k) { return k.kid() == kid; });
      REQUIRE(key != keys.end());
      MUST(verify_jws(signature, lines[0], kActType, *key));
      const std::string compact = signature.protected_header + "." + lines[0] + "." + signature.signature;
      CHECK(MUST(verify_compact_jws(compact, kActType, *key)) == payload);
    }
    const Digest body_digest = sha256(body), blind = codec::hash_from_bytes<Digest>(bytes_at(act, "blind_hex"));
    const Digest commitment = sha256("entraide/commit/v1\n", blind, body_digest);
    const std::string entry = "entraide/1 act\n" + std::to_string(number_at(act, "unix_seconds")) + "\n" +
                              codec::base64(commitment.view()) + "\n";
    CHECK(codec::to_text(sha256(payload)) == text_at(act, "aid"));
    CHECK(codec::hex(body_digest.view()) == text_at(act, "bd_hex"));
    CHECK(codec::hex(commitment.view()) == text_at(act, "commit_hex"));
    CHECK(entry == text_at(act, "entry"));
    CHECK(codec::hex(sha256(Bytes{0}, entry).view()) == text_at(act, "leaf_hash_hex"));
  }
}

TEST_CASE("a signature reads back with the key that made it and with no other") {
  const PrivateKey key = key_of(1), other = key_of(2);
  const JwsSignature made = MUST(sign_jws(key, kActType, kPayload));
  MUST(verify_jws(made, kPayload, kActType, key.public_key()));
  CHECK(rule_of(verify_jws(made, kPayload, kActType, other.public_key())) == "jose.kid");
  CHECK(rule_of(verify_jws(made, codec::base64url(to_bytes("{}")), kActType, key.public_key())) == "jose.signature");
  CHECK(rule_of(verify_jws(made, kPayload, "entraide-map+json", key.public_key())) == "jose.typ");
  const std::string stolen =
      R"({"alg":"ES256","kid":")" + other.public_key().kid().str() + R"(","typ":"entraide-act+json"})";
  CHECK(rule_of(verify_jws(signed_with_header(key, stolen), kPayload, kActType, other.public_key())) ==
        "jose.signature");
}

TEST_CASE("a protected header that is not exactly the profile is refused, though well signed") {
  const PrivateKey key = key_of(3);
  const std::string kid = key.public_key().kid().str();
  const auto rule = [&](std::string header) {
    const std::string mark = "KID";
    if (const auto at = header.find(mark); at != std::string::npos) header.replace(at, mark.size(), kid);
    return rule_of(verify_jws(signed_with_header(key, header), kPayload, kActType, key.public_key()));
  };
  CHECK(rule(R"({"alg":"ES256","kid":"KID","typ":"entraide-act+json"})") == "accepted");
  CHECK(rule(R"({"typ":"entraide-act+json","kid":"KID","alg":"ES256"})") == "accepted");
  struct Case {
    const char* header;
    const char* rule;
  };
  const Case cases[] = {
      {R"({"alg":"none","kid":"KID","typ":"entraide-act+json"})", "jose.alg"},
      {R"({"alg":"HS256","kid":"KID","typ":"entraide-act+json"})", "jose.alg"},
      {R"({"alg":"ES384","kid":"KID","typ":"entraide-act+json"})", "jose.alg"},
      {R"({"alg":"es256","kid":"KID","typ":"entraide-act+json"})", "jose.alg"},
      {R"({"alg":1,"kid":"KID","typ":"entraide-act+json"})", "jose.alg"},
      {R"({"kid":"KID","typ":"entraide-act+json"})", "jose.alg"},
      {R"({"alg":"ES256","kid":"KID","typ":"JWT"})", "jose.typ"},
      {R"({"alg":"ES256","kid":"KID","typ":"Entraide-Act+JSON"})", "jose.typ"},
      {R"({"alg":"ES256","kid":"KID"})", "jose.typ"},
      {R"({"alg":"ES256","kid":"KID","typ":"entraide-act+json","crit":["x"],"x":1})", "jose.crit"},
      {R"({"alg":"ES256","kid":"KID","typ":"entraide-act+json","crit":[]})", "jose.crit"},
      {R"({"alg":"ES256","kid":"KID","typ":"entraide-act+json","crit":["b64"],"b64":false})", "jose.crit"},
      {R"({"alg":"ES256","kid":"KID","typ":"entraide-act+json","b64":true})", "jose.header"},
      {R"({"alg":"ES256","kid":"KID","typ":"entraide-act+json","jwk":{}})", "jose.header"},
      {R"({"alg":"ES256","kid":"KID","typ":"entraide-act+json","jku":"https://x"})", "jose.header"},
      {R"({"alg":"ES256","kid":"KID","typ":"entraide-act+json","x5u":"https://x"})", "jose.header"},
      {R"({"alg":"ES256","kid":"KID","typ":"entraide-act+json","x5c":[]})", "jose.header"},
      {R"({"alg":"ES256","kid":"KID","typ":"entraide-act+json","zip":"DEF"})", "jose.header"},
      {R"({"alg":"ES256","kid":"KID","typ":"entraide-act+json","cty":"json"})", "jose.header"},
      {R"({"alg":"ES256","typ":"entraide-act+json"})", "jose.header"},
      {R"({"alg":"ES256","kid":7,"typ":"entraide-act+json"})", "jose.header"},
      {R"({"alg":"ES256","kid":"short","typ":"entraide-act+json"})", "jose.kid"},
      {R"({"alg":"ES256","kid":"qfqUkedYUeZtMNPB9eRMeAEb4kvt850AdTe7DeCVj6U","typ":"entraide-act+json"})",
       "jose.kid"},
      {R"({"alg":"ES256","alg":"ES256","kid":"KID","typ":"entraide-act+json"})", "json.duplicate"},
      {R"({"alg":"none","\u0061lg":"ES256","kid":"KID","typ":"entraide-act+json"})", "json.duplicate"},
      {R"({"alg":"ES256","kid":"KID","typ":"entraide-act+json"} )"
       "x",
       "json.syntax"},
      {R"(["ES256"])", "jose.header"},
      {R"("ES256")", "jose.header"},
      {"", "json.syntax"},
  };
  for (const Case& c : cases) CHECK_MESSAGE(rule(c.header) == c.rule, c.header);
  const std::string spaces(1100, ' ');
  CHECK(rule(R"({"alg":"ES256","kid":"KID","typ":"entraide-act+json")" + spaces + "}") == "json.size");
}

TEST_CASE("flipping any bit of a compact JWS breaks it") {
  const PrivateKey key = key_of(4);
  const std::string good = MUST(make_compact_jws(key, kActType, bytes_of("{}")));
  CHECK(text_of(MUST(verify_compact_jws(good, kActType, key.public_key()))) == "{}");
  CHECK(MUST(compact_jws_key_id(good, kActType)) == key.public_key().kid());
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    const Bytes bent = flipped(bytes_of(good), bit);
    CHECK_MESSAGE(!verify_compact_jws(text_of(bent), kActType, key.public_key()), bit);
  }
}

TEST_CASE("a compact JWS has three strict parts") {
  const PrivateKey key = key_of(5);
  const std::string good = MUST(make_compact_jws(key, kActType, bytes_of("{}")));
  const auto rule = [&](std::string_view text) {
    return rule_of(verify_compact_jws(text, kActType, key.public_key()));
  };
  CHECK(rule(good + ".") == "jose.form");
  CHECK(rule(good + ".AAAA") == "jose.form");
  CHECK(rule(good.substr(0, good.rfind('.'))) == "jose.form");
  CHECK(rule("") == "jose.form");
  CHECK(rule("..") == "json.syntax");
  CHECK(rule(good + "=") == "jose.encoding");
  CHECK(rule(good + "\n") == "jose.encoding");
  CHECK(rule(" " + good) == "jose.encoding");
  CHECK(rule(good.substr(0, good.rfind('.') + 1)) == "jose.signature");
  CHECK(rule(good.substr(0, good.rfind('.') + 1) + codec::base64url(Bytes(61))) == "jose.signature");
}

TEST_CASE("a DPoP proof names its own key and nothing else") {
  const PrivateKey key = key_of(6), other = key_of(7);
  const Json claims = Json::object({{"htm", "GET"}, {"htu", "https://hub.example/v1/inbox"}, {"iat", 1767323045}});
  const std::string good = MUST(make_dpop_proof(key, claims));
  const DpopProof proof = MUST(verify_dpop_proof(good));
  CHECK(proof.key == key.public_key());
  CHECK(proof.claims == claims);

  const auto rule = [&](const Json& header, std::string_view payload = "{}") {
    const std::string part = codec::base64url(bytes_of(payload));
    const JwsSignature made = signed_with_header(key, codec::to_json(header), part);
    return rule_of(verify_dpop_proof(made.protected_header + "." + part + "." + made.signature));
  };
  const Json header = Json::object({{"typ", "dpop+jwt"}, {"alg", "ES256"}, {"jwk", key.public_key().jwk()}});
  const auto with = [&](std::string_view member, Json value) { return Json(header).set(member, std::move(value)); };
  CHECK(rule(header) == "accepted");
  CHECK(rule(with("typ", "JWT")) == "jose.typ");
  CHECK(rule(with("alg", "none")) == "jose.alg");
  CHECK(rule(with("crit", Json::array({"b64"}))) == "jose.crit");
  CHECK(rule(with("kid", key.public_key().kid().str())) == "jose.header");
  CHECK(rule(with("jwk", other.public_key().jwk())) == "jose.signature");
  CHECK(rule(with("jwk", key.public_key().jwk().set("d", "AA"))) == "jwk.member");
  CHECK(rule(with("jwk", key.public_key().jwk().set("crv", "P-384"))) == "jwk.curve");
  CHECK(rule(with("jwk", "x")) == "jwk.member");
  CHECK(rule(Json::object({{"typ", "dpop+jwt"}, {"alg", "ES256"}})) == "jose.header");
  CHECK(rule(header, "[]") == "jose.form");
  CHECK(rule(header, R"({"iat":1,"iat":2})") == "json.duplicate");
  CHECK(rule_of(verify_dpop_proof(MUST(make_compact_jws(key, kActType, bytes_of("{}"))))) == "jose.typ");
  CHECK(rule_of(verify_compact_jws(good, "dpop+jwt", key.public_key())) == "jose.header");
}
