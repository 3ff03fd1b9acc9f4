#include "crypto/document.h"

#include "crypto/literals_for_test.h"
#include "crypto/vectors_for_test.h"

using namespace entraide;
using namespace entraide::crypto;
using codec::Json;
using entraide::testing::rule_of;

namespace {

const Validity kValidity{at("2026-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z")};
const Time kNow = at("2026-06-01T12:00:00Z");
constexpr std::string_view kRequest = R"({"request":"données","from":"au:fr:parquet-paris"})";

struct Office {
  SeededRandom random{31};
  PrivateKey root_key = PrivateKey::generate(random), key = PrivateKey::generate(random);
  Certificate root = MUST(create_root(root_key, {"FR", "", "Fictional Root"}, kValidity, random));
  Certificate certificate =
      MUST(issue_signing_certificate(root_key, root, key.public_key(), {"FR", "", "Ex. Ample"}, kValidity, random));
  std::string document = MUST(make_document(bytes_of(kRequest), key, {&certificate, 1}, kNow));

  std::string rule(std::string_view text) const { return rule_of(verify_document(bytes_of(text), {&root, 1}, kNow)); }
  Json json() const { return MUST(codec::parse_json(document)); }
  Json header() const {
    const Bytes decoded = MUST(codec::from_base64url(text_at(json(), "protected")));
    return MUST(codec::parse_json(decoded));
  }
  // A document with this header, well signed.
  std::string rule_of_header(const Json& header) const {
    const std::string part = codec::base64url(bytes_of(codec::to_json(header)));
    const std::string payload = codec::base64url(bytes_of(kRequest));
    const Bytes signature = MUST(key.sign(bytes_of(part + "." + payload)));
    return rule(codec::to_json(
        Json::object({{"payload", payload}, {"protected", part}, {"signature", codec::base64url(signature)}})));
  }
};

}  // namespace

TEST_CASE("documents made by another implementation verify: ES256, RS256 and PS256 with an intermediate") {
  const Json golden = vectors("documents.json");
  const Certificate root = MUST(Certificate::from_der(bytes_at(golden, "root_der_hex")));
  REQUIRE(golden.find("good")->array_items().size() == 3);
  for (const Json& item : golden.find("good")->array_items()) {
    CAPTURE(text_at(item, "alg"));
    const VerifiedDocument verified = MUST(verify_document(bytes_of(text_at(item, "document")), {&root, 1}, kNow));
    CHECK(text_of(verified.payload) == text_at(golden, "payload"));
    CHECK(verified.algorithm == text_at(item, "alg"));
    CHECK(to_seconds(verified.signed_at) == number_at(golden, "signed_at"));
    CHECK(verified.chain.size() == 2);
  }
  for (const Json& item : golden.find("bad")->array_items())
    CHECK_MESSAGE(
        rule_of(verify_document(bytes_of(text_at(item, "document")), {&root, 1}, kNow)) == text_at(item, "rule"),
        text_at(item, "why"));
}

TEST_CASE("one kind of signature does not pass for another") {
  const Json golden = vectors("documents.json");
  const Certificate root = MUST(Certificate::from_der(bytes_at(golden, "root_der_hex")));
  for (const Json& item : golden.find("good")->array_items()) {
    Json bent = MUST(codec::parse_json(text_at(item, "document")));
    const Bytes protected_header = MUST(codec::from_base64url(text_at(bent, "protected")));
    for (const char* alg : {"ES256", "RS256", "PS256"}) {
      if (alg == text_at(item, "alg")) continue;
      Json header = MUST(codec::parse_json(protected_header));
      bent.set("protected", codec::base64url(bytes_of(codec::to_json(header.set("alg", alg)))));
      CHECK(rule_of(verify_document(bytes_of(codec::to_json(bent)), {&root, 1}, kNow)) == "document.signature");
    }
  }
}

TEST_CASE("a document made here says what it said, and who signed it when") {
  const Office office;
  const VerifiedDocument verified = MUST(verify_document(bytes_of(office.document), {&office.root, 1}, kNow));
  CHECK(text_of(verified.payload) == kRequest);
  CHECK(verified.algorithm == "ES256");
  CHECK(verified.signed_at == kNow);
  CHECK(MUST(verified.chain[0].public_key()) == office.key.public_key());
  Json stamped = office.json();
  stamped.set("header", Json::object({{"etsiU", Json::array({"e30"})}}));
  CHECK(office.rule(codec::to_json(stamped)) == "accepted");
}

TEST_CASE("a document under another root, too late or from the future is refused") {
  Office office;
  const auto rule = [&](const Certificate& root, Time now) {
    return rule_of(verify_document(bytes_of(office.document), {&root, 1}, now));
  };
  CHECK(rule(office.root, kNow) == "accepted");
  CHECK(rule(office.root, kNow - Seconds(300)) == "accepted");
  CHECK(rule(office.root, kNow - Seconds(301)) == "document.iat");
  CHECK(rule(office.root, at("2028-01-02T00:00:00Z")) == "certificate.chain");
  const Certificate other = MUST(create_root(office.key, {"FR", "", "Fictional Root"}, kValidity, office.random));
  CHECK(rule(other, kNow) == "certificate.chain");
}

TEST_CASE("a document is not made with a certificate of another key, or too large") {
  Office office;
  const auto rule = [&](BytesView payload, std::span<const Certificate> chain) {
    return rule_of(make_document(payload, office.key, chain, kNow));
  };
  CHECK(rule(bytes_of("{}"), {&office.root, 1}) == "document.chain");
  CHECK(rule(bytes_of("{}"), {}) == "document.chain");
  CHECK(rule(Bytes(780'000, ' '), {&office.certificate, 1}) == "accepted");
  CHECK(rule(Bytes(790'000, ' '), {&office.certificate, 1}) == "content.size");
}

TEST_CASE("a header that is not the profile is refused, though well signed") {
  const Office office;
  const auto with = [&](std::string_view name, Json value) {
    return office.rule_of_header(office.header().set(name, std::move(value)));
  };
  const auto without = [&](std::string_view name) {
    Json header = office.header();
    std::erase_if(header.members(), [&](const auto& m) { return m.first == name; });
    return office.rule_of_header(header);
  };
  CHECK(office.rule_of_header(office.header()) == "accepted");
  CHECK(with("typ", "jose+json") == "accepted");
  CHECK(with("alg", "none") == "document.alg");
  CHECK(with("alg", "ES384") == "document.alg");
  CHECK(with("alg", "HS256") == "document.alg");
  CHECK(with("alg", "RS256") == "document.signature");
  CHECK(with("alg", "PS256") == "document.signature");
  CHECK(with("crit", Json::array({"sigD"})) == "document.crit");
  CHECK(with("crit", Json::array()) == "document.crit");
  CHECK(with("kid", "x") == "document.header");
  CHECK(with("sigT", "2026-06-01T12:00:00Z") == "document.header");
  CHECK(with("b64", false) == "document.header");
  CHECK(with("jwk", office.key.public_key().jwk()) == "document.header");
  CHECK(with("x5u", "https://x") == "document.header");
  CHECK(with("cty", "text/plain") == "document.header");
  CHECK(with("iat", "2026") == "document.header");
  CHECK(with("iat", -1) == "document.iat");
  CHECK(with("iat", to_seconds(kNow) + 301) == "document.iat");
  CHECK(with("x5t#S256", codec::to_text(office.root.fingerprint())) == "document.certificate");
  CHECK(with("x5c", Json::array()) == "document.certificate");
  CHECK(with("x5c", Json::array({"*"})) == "document.certificate");
  CHECK(with("x5c", Json::array({codec::base64(bytes_of("no certificate"))})) == "certificate.form");
  for (const char* name : {"alg", "cty", "iat", "x5c", "x5t#S256"}) CHECK(without(name) == "document.header");
  Json of_root = office.header();
  of_root.set("x5c", Json::array({codec::base64(office.root.der())}));
  of_root.set("x5t#S256", codec::to_text(office.root.fingerprint()));
  CHECK(office.rule_of_header(of_root) == "document.signature");
}

TEST_CASE("an envelope that is not exactly flattened JSON is refused") {
  const Office office;
  const auto with = [&](std::string_view name, Json value) {
    return office.rule(codec::to_json(office.json().set(name, std::move(value))));
  };
  CHECK(with("x", 1) == "document.form");
  CHECK(with("signatures", Json::array()) == "document.form");
  CHECK(with("payload", 1) == "document.form");
  CHECK(with("payload", codec::base64url(bytes_of("{}"))) == "document.signature");
  CHECK(with("payload", "e30=") == "document.form");
  CHECK(with("signature", "AA") == "document.signature");
  CHECK(with("signature", "") == "document.signature");
  CHECK(with("signature", "*") == "document.form");
  CHECK(with("header", Json::object()) == "document.header");
  CHECK(with("header", Json::object({{"etsiU", Json::array()}, {"kid", "x"}})) == "document.header");
  CHECK(with("header", Json::object({{"alg", "none"}})) == "document.header");
  CHECK(office.rule("[]") == "document.form");
  CHECK(office.rule(office.document + "{}") == "json.syntax");
  CHECK(office.rule(std::string((1 << 20) + 1, ' ')) == "json.size");
}

TEST_CASE("no flipped bit of a document passes") {
  const Office office;
  for (std::size_t bit = 0; bit < office.document.size() * 8; bit += 11)
    CHECK(!verify_document(flipped(bytes_of(office.document), bit), {&office.root, 1}, kNow));
}
