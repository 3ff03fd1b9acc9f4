#include "crypto/jwe.h"

#include "crypto/content.h"
#include "crypto/digest.h"
#include "crypto/vectors_for_test.h"

using namespace entraide;
using namespace entraide::crypto;
using codec::Json;
using entraide::testing::rule_of;

namespace {

const SealHeader kHeader{.typ = "entraide-seal+json",
                         .cty = "jose+json",
                         .cid = "XKZ1J79n4fiWfeAAy_WZYA",
                         .ctx = "5_TpNE7NAcNiEmwQ47wZ7Q"};

std::vector<PrivateKey> make_keys(std::size_t count, Random& random) {
  std::vector<PrivateKey> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(PrivateKey::generate(random));
  return out;
}
std::vector<PublicKey> public_keys(const std::vector<PrivateKey>& keys) {
  std::vector<PublicKey> out;
  for (const PrivateKey& key : keys) out.push_back(key.public_key());
  return out;
}

// One sealed object with two recipients, to be bent.
struct Sealed {
  SeededRandom random{11};
  std::vector<PrivateKey> keys = make_keys(2, random);
  std::string text = MUST(seal(bytes_of("evidence"), kHeader, public_keys(keys), random));

  Json json() const { return MUST(codec::parse_json(text)); }
  std::string rule(const Json& bent) const { return rule_of(open(codec::to_json(bent), keys[0])); }
};

Json& member(Json& json, std::string_view key) {
  for (auto& [name, value] : json.members())
    if (name == key) return value;
  FAIL("no such member: " << key);
  return json;
}
void remove(Json& json, std::string_view key) {
  std::erase_if(json.members(), [&](const auto& m) { return m.first == key; });
}
std::string protected_with(std::string_view text) { return codec::base64url(bytes_of(text)); }

}  // namespace

TEST_CASE("the golden seal opens for both recipients and holds the golden document") {
  const Json golden = vectors("seal.json");
  const std::string jwe = vector_text("seal.jwe");
  CHECK(jwe == text_at(golden, "jwe_bytes"));
  CHECK(codec::to_text(sha256(jwe)) == text_at(golden, "h"));
  const SealedView sealed = MUST(parse_jwe(jwe));
  CHECK(sealed.header() == kHeader);
  const auto& recipients = golden.find("recipients")->array_items();
  const char* files[] = {"seal-a.jwk", "seal-b.jwk"};
  REQUIRE(sealed.recipients().size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const PrivateKey key = MUST(PrivateKey::from_jwk(*recipients[i].find("jwk")));
    CHECK(MUST(PrivateKey::from_secret_jwk(bytes_of(vector_text(files[i])))).public_key() == key.public_key());
    CHECK(sealed.recipients()[i].str() == text_at(recipients[i], "kid"));
    const SecretBytes plaintext = MUST(open(sealed, key));
    CHECK(codec::hex(plaintext.view()) == text_at(golden, "plaintext_hex"));
    const Digest commitment = MUST(codec::hash_from_text<Digest>(text_at(golden, "cc"), "cc"));
    CHECK(text_of(MUST(unpack_content(plaintext.view(), commitment)).view()) == text_at(golden, "doc"));
  }
}

TEST_CASE("sealing with the golden key, vector and ephemeral secrets gives the golden bytes") {
  const Json golden = vectors("seal.json");
  std::vector<PublicKey> recipients;
  for (const Json& item : golden.find("recipients")->array_items()) {
    Json jwk = *item.find("jwk");
    remove(jwk, "d");
    recipients.push_back(MUST(PublicKey::from_jwk(jwk)));
  }
  ScriptedRandom random(
      MUST(codec::from_hex("3b61f1efadcb59b7d62457d5c9cb74ce36f1f865d7328f7f88b19149dc31be18"   // content key
                           "943c93e49803cf17c496c92b"                                           // iv
                           "75bc0a9b2d59d331497ae23a7d0f4e898c77ecb5add3805a8ec89a734b490222"  // ephemeral secrets
                           "26f4ffa5a162ad76733667682936adbdc0795744153280745463423d9bdc2925")));
  CHECK(MUST(seal(bytes_at(golden, "plaintext_hex"), kHeader, recipients, random)) == vector_text("seal.jwe"));
}

TEST_CASE("what is sealed opens for every recipient and for nobody else") {
  SeededRandom random(12);
  const auto keys = make_keys(3, random);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{4096}}) {
    const Bytes plaintext = counting_bytes(size);
    const std::string jwe = MUST(seal(plaintext, kHeader, public_keys(keys), random));
    for (const PrivateKey& key : keys) CHECK(same(MUST(open(jwe, key)).view(), plaintext));
    CHECK(rule_of(open(jwe, PrivateKey::generate(random))) == "jwe.not_recipient");
  }
}

TEST_CASE("no two seals share an ephemeral key, a vector or a ciphertext") {
  SeededRandom random(13);
  const auto keys = make_keys(1, random);
  const Json a = MUST(codec::parse_json(MUST(seal(bytes_of("x"), kHeader, public_keys(keys), random))));
  const Json b = MUST(codec::parse_json(MUST(seal(bytes_of("x"), kHeader, public_keys(keys), random))));
  CHECK(*a.find("iv") != *b.find("iv"));
  CHECK(*a.find("ciphertext") != *b.find("ciphertext"));
  CHECK(*a.at_path("recipients.0.header.epk") != *b.at_path("recipients.0.header.epk"));
}

TEST_CASE("a seal has 1 to 64 different recipients, written and read") {
  SeededRandom random(14);
  const auto keys = make_keys(65, random);
  auto recipients = public_keys(keys);
  CHECK(rule_of(seal(bytes_of("x"), kHeader, recipients, random)) == "jwe.recipients");
  CHECK(rule_of(seal(bytes_of("x"), kHeader, {}, random)) == "jwe.recipients");
  const PublicKey twice[] = {recipients[0], recipients[0]};
  CHECK(rule_of(seal(bytes_of("x"), kHeader, twice, random)) == "jwe.recipients");
  const PublicKey extra = recipients.back();
  recipients.pop_back();
  const std::string full = MUST(seal(bytes_of("x"), kHeader, recipients, random));
  CHECK(MUST(parse_jwe(full)).recipients().size() == 64);
  CHECK(text_of(MUST(open(full, keys[63])).view()) == "x");

  Json crowded = MUST(codec::parse_json(full));
  const Json one = MUST(codec::parse_json(MUST(seal(bytes_of("x"), kHeader, {&extra, 1}, random))));
  member(crowded, "recipients").push_back(*one.at_path("recipients.0"));
  CHECK(rule_of(parse_jwe(codec::to_json(crowded))) == "jwe.recipients");
  member(crowded, "recipients") = Json::array();
  CHECK(rule_of(parse_jwe(codec::to_json(crowded))) == "jwe.recipients");
}

TEST_CASE("a header that says too little or too much is not sealed") {
  SeededRandom random(15);
  const auto recipients = public_keys(make_keys(1, random));
  const auto rule = [&](SealHeader header) { return rule_of(seal(bytes_of("x"), header, recipients, random)); };
  CHECK(rule(kHeader) == "accepted");
  SealHeader h = kHeader;
  h.cid = "short";
  CHECK(rule(h) == "jwe.header");
  h = kHeader;
  h.ctx = "";
  CHECK(rule(h) == "jwe.header");
  h.ctx = std::string(201, 'x');
  CHECK(rule(h) == "jwe.header");
  h.ctx = "a\"b";
  CHECK(rule(h) == "jwe.header");
  h = kHeader;
  h.typ = "é";
  CHECK(rule(h) == "jwe.header");
}

TEST_CASE("a plaintext of the largest document fits with 64 recipients, a larger one does not") {
  SeededRandom random(16);
  const auto keys = make_keys(64, random);
  const PackedContent packed = MUST(pack_content(Bytes(kDocumentBytesMax, 0x41), random));
  const std::string jwe = MUST(seal(packed.plaintext.view(), kHeader, public_keys(keys), random));
  CHECK(same(MUST(open(jwe, keys[40])).view(), packed.plaintext.view()));
  CHECK(rule_of(seal(Bytes(kJweBytesMax), kHeader, public_keys(keys), random)) == "jwe.size");
  CHECK(rule_of(parse_jwe(std::string(kJweBytesMax + 1, ' '))) == "jwe.size");
}

TEST_CASE("members beyond the profile are refused wherever they stand") {
  const Sealed sealed;
  CHECK(sealed.rule(sealed.json()) == "accepted");
  for (const char* extra : {"aad", "unprotected", "zip", "header", "encrypted_key", "x"})
    CHECK_MESSAGE(sealed.rule(sealed.json().set(extra, "")) == "jwe.member", extra);
  CHECK(sealed.rule(sealed.json().set("unprotected", Json::object())) == "jwe.member");
  for (const char* name : {"protected", "recipients", "iv", "ciphertext", "tag"}) {
    Json bent = sealed.json();
    remove(bent, name);
    CHECK_MESSAGE(sealed.rule(bent) == "jwe.member", name);
    CHECK_MESSAGE(sealed.rule(sealed.json().set(name, 1)) == "jwe.member", name);
  }
  const auto recipient = [&](auto bend) {
    Json bent = sealed.json();
    bend(member(bent, "recipients").array_items()[0]);
    return sealed.rule(bent);
  };
  CHECK(recipient([](Json& r) { r.set("x", 1); }) == "jwe.member");
  CHECK(recipient([](Json& r) { remove(r, "encrypted_key"); }) == "jwe.member");
  CHECK(recipient([](Json& r) { member(r, "header").set("apu", "AA"); }) == "jwe.member");
  CHECK(recipient([](Json& r) { member(r, "header").set("zip", "DEF"); }) == "jwe.member");
  CHECK(recipient([](Json& r) { member(r, "header").set("enc", "A256GCM"); }) == "jwe.member");
  CHECK(recipient([](Json& r) { remove(member(r, "header"), "kid"); }) == "jwe.member");
  CHECK(recipient([](Json& r) { remove(member(r, "header"), "epk"); }) == "jwe.member");
  CHECK(recipient([](Json& r) { r = Json("x"); }) == "jwe.member");
}

TEST_CASE("other algorithms, other keys and ephemeral keys that are no points are refused") {
  const Sealed sealed;
  const auto header = [&](std::string_view name, Json value) {
    Json bent = sealed.json();
    member(member(bent, "recipients").array_items()[0], "header").set(name, std::move(value));
    return sealed.rule(bent);
  };
  for (const char* alg : {"ECDH-ES", "ECDH-ES+A128KW", "dir", "A256KW", "RSA-OAEP", "none", "ecdh-es+a256kw"})
    CHECK_MESSAGE(header("alg", alg) == "jwe.alg", alg);
  CHECK(header("kid", "x") == "jwe.recipients");
  CHECK(header("kid", sealed.keys[1].public_key().kid().str()) == "jwe.recipients");  // the same twice
  const Json json = sealed.json();
  const Json epk = *json.at_path("recipients.0.header.epk");
  const auto epk_with = [&](std::string_view name, Json value) { return header("epk", Json(epk).set(name, value)); };
  CHECK(epk_with("crv", "P-521") == "jwe.epk");
  CHECK(epk_with("kty", "OKP") == "jwe.epk");
  CHECK(epk_with("d", "AA") == "jwe.epk");
  CHECK(epk_with("kid", "x") == "jwe.epk");
  const Bytes x = MUST(codec::from_base64url(text_at(epk, "x")));
  for (std::size_t bit = 0; bit < 256; bit += 17)
    CHECK(epk_with("x", codec::base64url(flipped(x, bit))) != "accepted");
  CHECK(epk_with("x", codec::base64url(Bytes(32))) == "jwe.epk");
  CHECK(header("epk", *json.at_path("recipients.1.header.epk")) == "jwe.epk");  // one ephemeral key used twice
  CHECK(header("epk", sealed.keys[1].public_key().jwk()) == "jwe.open");  // a good point, but another one
  CHECK(header("epk", "x") == "jwe.epk");
}

TEST_CASE("the protected header says exactly five things") {
  const Sealed sealed;
  const auto rule = [&](std::string_view text) {
    return sealed.rule(sealed.json().set("protected", protected_with(text)));
  };
  const Bytes decoded = MUST(codec::from_base64url(text_at(sealed.json(), "protected")));
  const std::string good(text_of(decoded));
  CHECK(rule(good) == "accepted");
  const auto without = [&](std::string_view name) {
    Json bent = MUST(codec::parse_json(good));
    remove(bent, name);
    return rule(codec::to_json(bent));
  };
  const auto with = [&](std::string_view name, Json value) {
    return rule(codec::to_json(MUST(codec::parse_json(good)).set(name, std::move(value))));
  };
  for (const char* name : {"enc", "typ", "cty", "cid", "ctx"}) CHECK_MESSAGE(without(name) == "jwe.header", name);
  for (const char* name : {"alg", "zip", "crit", "kid", "epk", "apu", "p2c", "jku"})
    CHECK_MESSAGE(with(name, "DEF") == "jwe.header", name);
  CHECK(with("crit", Json::array({"exp"})) == "jwe.header");
  for (const char* enc : {"A128GCM", "A256CBC-HS512", "a256gcm", ""})
    CHECK_MESSAGE(with("enc", enc) == "jwe.enc", enc);
  CHECK(with("cid", "AA") == "jwe.header");
  CHECK(with("ctx", "") == "jwe.header");
  CHECK(with("ctx", "other") == "jwe.open");  // well-formed, but not what the tag binds
  CHECK(rule(good.substr(0, good.size() - 1) + R"(,"enc":"A256GCM"})") == "json.duplicate");
  CHECK(rule(good + " ") == "jwe.open");
  CHECK(rule("[]") == "jwe.header");
  CHECK(sealed.rule(sealed.json().set("protected", "*")) == "jwe.encoding");
}

TEST_CASE("vectors, tags and keys of another size or spelling are refused") {
  const Sealed sealed;
  const auto with = [&](const char* name, std::string value) { return sealed.rule(sealed.json().set(name, value)); };
  for (const std::size_t size : {0, 8, 11, 13, 16}) CHECK(with("iv", codec::base64url(Bytes(size))) == "jwe.iv");
  for (const std::size_t size : {0, 4, 8, 12, 15, 17}) CHECK(with("tag", codec::base64url(Bytes(size))) == "jwe.tag");
  CHECK(with("tag", text_at(sealed.json(), "tag") + "==") == "jwe.encoding");
  CHECK(with("iv", text_at(sealed.json(), "iv") + "\n") == "jwe.encoding");
  CHECK(with("ciphertext", "A") == "jwe.encoding");
  CHECK(with("ciphertext", "") == "jwe.open");
  for (const std::size_t size : {0, 32, 39, 41, 48}) {
    Json bent = sealed.json();
    member(bent, "recipients").array_items()[0].set("encrypted_key", codec::base64url(Bytes(size)));
    CHECK(sealed.rule(bent) == "jwe.encrypted_key");
  }
  CHECK(rule_of(open(sealed.text + " x", sealed.keys[0])) == "json.syntax");
  CHECK(rule_of(open("[]", sealed.keys[0])) == "jwe.member");
  std::string twice = sealed.text;
  twice.insert(1, R"("tag":"AAAAAAAAAAAAAAAAAAAAAA",)");
  CHECK(rule_of(open(twice, sealed.keys[0])) == "json.duplicate");
}

TEST_CASE("flipping any bit of the sealed bytes never opens to another text") {
  const Sealed sealed;
  std::size_t opened = 0;
  for (std::size_t bit = 0; bit < sealed.text.size() * 8; ++bit) {
    const Bytes bent = flipped(bytes_of(sealed.text), bit);
    const auto plaintext = open(text_of(bent), sealed.keys[0]);
    if (!plaintext) continue;
    // What the other recipient's entry says is not bound to ours: the act's digest of the whole bytes covers it.
    CHECK(text_of(plaintext->view()) == "evidence");
    ++opened;
  }
  CHECK(opened < sealed.text.size() * 8 / 5);
}
