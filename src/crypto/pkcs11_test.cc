#include "crypto/pkcs11.h"

#include "crypto/certificate.h"
#include "crypto/jwe.h"
#include "crypto/jws.h"
#include "crypto/soft_token_for_test.h"
#include "crypto/vectors_for_test.h"

using namespace entraide;
using namespace entraide::crypto;
using entraide::testing::rule_of;
namespace fs = std::filesystem;

TEST_CASE("a key in a token signs acts and certificates that anybody verifies") {
  if (!soft_token().ready) return;
  const Pkcs11Token token = MUST(Pkcs11Token::open(soft_token().options()));
  const PublicKey made = MUST(token.generate("device signing", Pkcs11Token::Use::sign));
  const auto signer = MUST(token.signer("device signing"));
  CHECK(signer->public_key() == made);
  const Bytes signature = MUST(signer->sign(bytes_of("message")));
  CHECK(verify(made, bytes_of("message"), signature));
  CHECK(!verify(made, bytes_of("messagf"), signature));
  const JwsSignature line = MUST(sign_jws(*signer, "entraide-act+json", "e30"));
  MUST(verify_jws(line, "e30", "entraide-act+json", made));

  SeededRandom random(1);
  const Validity validity{from_seconds(1767225600), from_seconds(1798761600)};
  const Certificate root = MUST(create_root(*signer, {"FR", "", "Fictional Root"}, validity, random));
  const PrivateKey officer = PrivateKey::generate(random);
  const Certificate leaf =
      MUST(issue_signing_certificate(*signer, root, officer.public_key(), {"FR", "", "Ex. Ample"}, validity, random));
  MUST(verify_chain({&leaf, 1}, {&root, 1}, from_seconds(1767323045)));
}

TEST_CASE("a key in a token opens seals") {
  if (!soft_token().ready) return;
  const Pkcs11Token token = MUST(Pkcs11Token::open(soft_token().options()));
  const PublicKey made = MUST(token.generate("ring 1", Pkcs11Token::Use::agree));
  const auto key = MUST(token.agreement("ring 1"));
  SeededRandom random(2);
  const SealHeader header{"entraide-seal+json", "jose+json", "XKZ1J79n4fiWfeAAy_WZYA", "ring:au:fr:x:1"};
  const std::string jwe = MUST(seal(bytes_of("evidence"), header, {&made, 1}, random));
  CHECK(text_of(MUST(open(jwe, *key)).view()) == "evidence");
  const PrivateKey other = PrivateKey::generate(random);
  const SecretBytes there = MUST(key->agree(other.public_key())), here = MUST(other.agree(made));
  CHECK(same(there.view(), here.view()));
}

TEST_CASE("a key that is held keeps its session, and two sessions live side by side") {
  if (!soft_token().ready) return;
  std::unique_ptr<Signer> signer;
  {
    const Pkcs11Token token = MUST(Pkcs11Token::open(soft_token().options()));
    MUST(token.generate("kept", Pkcs11Token::Use::sign));
    signer = MUST(token.signer("kept"));
  }
  {
    const Pkcs11Token second = MUST(Pkcs11Token::open(soft_token().options()));
    CHECK(MUST(second.signer("kept"))->public_key() == signer->public_key());
  }
  CHECK(verify(signer->public_key(), bytes_of("x"), MUST(signer->sign(bytes_of("x")))));
}

TEST_CASE("a key has one use, and no second key takes its name") {
  if (!soft_token().ready) return;
  const Pkcs11Token token = MUST(Pkcs11Token::open(soft_token().options()));
  const PublicKey key = MUST(token.generate("only seals", Pkcs11Token::Use::agree));
  CHECK(rule_of(MUST(token.signer("only seals"))->sign(bytes_of("x"))) == "pkcs11.device");
  CHECK(rule_of(token.generate("only seals", Pkcs11Token::Use::sign)) == "pkcs11.key");
  MUST(token.generate("only signs", Pkcs11Token::Use::sign));
  CHECK(rule_of(MUST(token.agreement("only signs"))->agree(key)) == "pkcs11.device");
  CHECK(rule_of(token.signer("absent")) == "pkcs11.key");
  CHECK(rule_of(token.agreement("")) == "pkcs11.key");
}

TEST_CASE("a token that is not there, a wrong PIN and a PIN file that others read are refused") {
  if (!soft_token().ready) return;
  const fs::path folder = soft_token().folder;
  const auto rule = [&](auto bend) {
    Pkcs11Options options = soft_token().options();
    bend(options);
    return rule_of(Pkcs11Token::open(options));
  };
  CHECK(rule([](Pkcs11Options&) {}) == "accepted");
  CHECK(rule([](Pkcs11Options& o) { o.module_path = "/nonexistent/module.so"; }) == "pkcs11.module");
  CHECK(rule([](Pkcs11Options& o) { o.token_label = "another"; }) == "pkcs11.token");
  CHECK(rule([](Pkcs11Options& o) { o.pin_file = "/nonexistent/pin"; }) == "pkcs11.pin");
  const auto with_pin = [&](std::string_view text, mode_t mode = 0600) {
    write_file(folder / "other-pin", text, mode);
    return rule([&](Pkcs11Options& o) { o.pin_file = folder / "other-pin"; });
  };
  CHECK(with_pin("123456\nsecond line\n") == "accepted");
  CHECK(with_pin("000000\n") == "pkcs11.pin");
  CHECK(with_pin("") == "pkcs11.pin");
  CHECK(with_pin("\n123456\n") == "pkcs11.pin");
  CHECK(with_pin("123456\n", 0644) == "pkcs11.pin");
}
