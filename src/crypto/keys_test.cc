#include "crypto/keys.h"

#include "crypto/literals_for_test.h"

using namespace entraide;
using namespace entraide::crypto;
using codec::Json;
using entraide::testing::rule_of;

namespace {

// The order n of P-256, n - 1, and the prime of its field.
constexpr std::string_view kOrder = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
constexpr std::string_view kOrderLess1 = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";
constexpr std::string_view kPrime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
const std::string kZero(64, '0');

Json jwk(std::string_view text) { return MUST(codec::parse_json(text)); }

constexpr std::string_view kPublic = R"({"crv":"P-256","kty":"EC","x":"ykN4Sw4mts300Ad_DuxKn7iIJ35TkQprpvGzF1YLvuo",)"
                                     R"("y":"ut8AL5PTTQUfa8E9pjPggY-dtDVr5PT5aIgo5ZMiKmM"})";
constexpr std::string_view kSecret = "Ajt3KcnfeFEfiUMJRyYWoBsP5bqFkDf8g444OeTWRjA";

Json secret_with(std::string_view d) { return jwk(kPublic).set("d", Json(d)); }

}  // namespace

TEST_CASE("what OpenSSL multiplies out lies on the curve, and beside it nothing does") {
  SeededRandom random{256};
  for (int i = 0; i < 200; ++i) {
    const PublicKey key = PrivateKey::generate(random).public_key();  // reads the point that OpenSSL made
    Bytes bent(key.point().begin(), key.point().end());
    bent[1 + random.bytes(1)[0] % 64] ^= static_cast<std::uint8_t>(1 + random.bytes(1)[0] % 255);
    CHECK(rule_of(PublicKey::from_point(bent)) == "jwk.point");
  }
}

TEST_CASE("a public key reads from its JWK and knows its thumbprint") {
  const PublicKey key = MUST(PublicKey::from_jwk(jwk(kPublic)));
  CHECK(key.kid().str() == "qfqUkedYUeZtMNPB9eRMeAEb4kvt850AdTe7DeCVj6U");
  CHECK(codec::to_json(key.jwk()) == kPublic);
  CHECK(MUST(PublicKey::from_point(key.point())) == key);
}

TEST_CASE("a public key that is not exactly one is refused") {
  const auto with = [](std::string_view member, Json value) {
    return rule_of(PublicKey::from_jwk(jwk(kPublic).set(member, value)));
  };
  CHECK(with("d", kSecret) == "jwk.member");
  CHECK(with("kid", "x") == "jwk.member");
  CHECK(with("use", "sig") == "jwk.member");
  CHECK(with("x", 1) == "jwk.member");
  CHECK(with("kty", "OKP") == "jwk.curve");
  CHECK(with("crv", "P-384") == "jwk.curve");
  CHECK(with("crv", "secp256k1") == "jwk.curve");
  CHECK(with("x", "ykN4Sw4mts300Ad_DuxKn7iIJ35TkQprpvGzF1YLvuo=") == "jwk.encoding");
  CHECK(with("x", "ykN4Sw4mts300Ad_DuxKn7iIJ35TkQprpvGzF1YLvup") == "jwk.encoding");  // spare bits
  CHECK(with("x", "AMpDeEsOJrbN9NAHfw7sSp-4iCd-U5EKa6bxsxdWC77q") == "jwk.encoding");  // 33 bytes
  CHECK(with("x", "zEN4Sw4mts300Ad_DuxKn7iIJ35TkQprpvGzF1YLvuo") == "jwk.point");
  CHECK(with("x", codec::base64url(unhex(kPrime))) == "jwk.point");
  CHECK(with("y", codec::base64url(unhex(kZero))) == "jwk.point");
  CHECK(rule_of(PublicKey::from_jwk(jwk(R"({"crv":"P-256","kty":"EC","x":"AA"})"))) == "jwk.member");
  CHECK(rule_of(PublicKey::from_jwk(Json("x"))) == "jwk.member");
}

TEST_CASE("a point that is off the curve, compressed, infinite or cut is refused") {
  const PublicKey key = MUST(PublicKey::from_jwk(jwk(kPublic)));
  const Bytes point(key.point().begin(), key.point().end());
  for (std::size_t bit = 8; bit < 65 * 8; ++bit) {
    Bytes bent = point;
    bent[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    CHECK(rule_of(PublicKey::from_point(bent)) == "jwk.point");
  }
  Bytes hybrid = point;
  hybrid[0] = 0x07;
  CHECK(rule_of(PublicKey::from_point(hybrid)) == "jwk.point");
  Bytes compressed(point.begin(), point.begin() + 33);
  compressed[0] = 0x03;
  CHECK(rule_of(PublicKey::from_point(compressed)) == "jwk.point");
  CHECK(rule_of(PublicKey::from_point(Bytes{0})) == "jwk.point");
  CHECK(rule_of(PublicKey::from_point(BytesView(point).first(64))) == "jwk.point");
  CHECK(rule_of(PublicKey::from_point({})) == "jwk.point");
}

TEST_CASE("a private key reads back from its own JWK") {
  SeededRandom random(7);
  const PrivateKey key = PrivateKey::generate(random);
  const PrivateKey again = MUST(PrivateKey::from_secret_jwk(key.secret_jwk().view()));
  CHECK(again.public_key() == key.public_key());
  const Bytes signature = MUST(again.sign(to_bytes("message")));
  CHECK(verify(key.public_key(), to_bytes("message"), signature));
}

TEST_CASE("a secret that is not the secret of the point is refused") {
  CHECK(MUST(PrivateKey::from_jwk(secret_with(kSecret))).public_key().kid().str() ==
        "qfqUkedYUeZtMNPB9eRMeAEb4kvt850AdTe7DeCVj6U");
  const auto rule = [](std::string_view hex) {
    return rule_of(PrivateKey::from_jwk(secret_with(codec::base64url(unhex(hex)))));
  };
  CHECK(rule(kZero) == "jwk.secret");
  CHECK(rule(kOrder) == "jwk.secret");
  CHECK(rule(kOrderLess1) == "jwk.secret");
  CHECK(rule("01") == "jwk.encoding");
  CHECK(rule_of(PrivateKey::from_jwk(jwk(kPublic))) == "jwk.member");
  CHECK(rule_of(PrivateKey::from_secret_jwk(bytes_of("[]"))) == "jwk.member");
  CHECK(rule_of(PrivateKey::from_secret_jwk(bytes_of("{"))) == "json.syntax");
}

TEST_CASE("a signature holds for its key, its message and its bytes only") {
  SeededRandom random(8);
  const PrivateKey key = PrivateKey::generate(random), other = PrivateKey::generate(random);
  const Bytes message = to_bytes("entraide");
  const Bytes good = MUST(key.sign(message));
  REQUIRE(good.size() == 64);
  CHECK(verify(key.public_key(), message, good));
  CHECK(!verify(other.public_key(), message, good));
  CHECK(!verify(key.public_key(), to_bytes("entraidf"), good));
  for (std::size_t bit = 0; bit < 512; bit += 3) {
    Bytes bent = good;
    bent[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    CHECK(!verify(key.public_key(), message, bent));
  }
}

TEST_CASE("r and s outside 1..n-1 and other sizes never verify") {
  SeededRandom random(9);
  const PrivateKey key = PrivateKey::generate(random);
  const Bytes message = to_bytes("entraide");
  const Bytes good = MUST(key.sign(message));
  const BytesView r = BytesView(good).first(32), s = BytesView(good).subspan(32);
  const auto holds = [&](BytesView a, BytesView b) {
    Bytes both(a.begin(), a.end());
    append(both, b);
    return verify(key.public_key(), message, both);
  };
  REQUIRE(holds(r, s));
  const Bytes ones(32, 0xff);
  for (const Bytes& edge : {unhex(kZero), unhex(kOrder), unhex(kPrime), ones}) {
    CHECK(!holds(edge, s));
    CHECK(!holds(r, edge));
    CHECK(!holds(edge, edge));
  }
  CHECK(!holds(r, {}));
  CHECK(!holds({}, {}));
  CHECK(!holds(r, BytesView(s).first(31)));
  Bytes longer(s.begin(), s.end());
  longer.push_back(0);
  CHECK(!holds(r, longer));
}

TEST_CASE("two keys agree on the secret that NIST's CAVS gives for P-256") {
  const auto key = [](std::string_view d, std::string_view x, std::string_view y) {
    return PrivateKey::from_jwk(Json::object({{"crv", "P-256"},
                                              {"kty", "EC"},
                                              {"x", codec::base64url(unhex(x))},
                                              {"y", codec::base64url(unhex(y))},
                                              {"d", codec::base64url(unhex(d))}}));
  };
  const PrivateKey own = MUST(key("7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534",
                                  "ead218590119e8876b29146ff89ca61770c4edbbf97d38ce385ed281d8a6b230",
                                  "28af61281fd35e2fa7002523acc85a429cb06ee6648325389f59edfce1405141"));
  const PublicKey peer =
      MUST(PublicKey::from_point(unhex("04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287"
                                       "db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac")));
  CHECK(codec::hex(MUST(own.agree(peer)).view()) ==
        "46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b");
  SeededRandom random(10);
  const PrivateKey a = PrivateKey::generate(random), b = PrivateKey::generate(random);
  CHECK(MUST(a.agree(b.public_key())).copy().view().size() == 32);
  const SecretBytes ab = MUST(a.agree(b.public_key())), ba = MUST(b.agree(a.public_key()));
  CHECK(Bytes(ab.view().begin(), ab.view().end()) == Bytes(ba.view().begin(), ba.view().end()));
}

TEST_CASE("a log key signs as RFC 8032 says") {
  const LogSigningKey key =
      MUST(LogSigningKey::from_seed(unhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")));
  CHECK(codec::hex(key.verify_key().raw()) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const auto signature = key.sign(Bytes{0x72});
  CHECK(codec::hex(signature) ==
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  const LogVerifyKey check = MUST(LogVerifyKey::from_raw(key.verify_key().raw()));
  CHECK(check.verify(Bytes{0x72}, signature));
  CHECK(!check.verify(Bytes{0x73}, signature));
  CHECK(!check.verify(Bytes{0x72}, BytesView(signature).first(63)));
  auto bent = signature;
  bent[63] ^= 0x80;
  CHECK(!check.verify(Bytes{0x72}, bent));
  CHECK(codec::hex(key.seed().view()).starts_with("4ccd089b"));
  CHECK(rule_of(LogVerifyKey::from_raw(Bytes(31))) == "ed25519.key");
  CHECK(rule_of(LogSigningKey::from_seed(Bytes(33))) == "ed25519.key");
}
