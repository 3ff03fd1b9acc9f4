#include "crypto/escrow.h"

#include "crypto/vectors_for_test.h"

using namespace entraide;
using namespace entraide::crypto;
using entraide::testing::rule_of;

namespace {

std::vector<SecretBytes> pick(const std::vector<SecretBytes>& shares, std::initializer_list<std::size_t> which) {
  std::vector<SecretBytes> out;
  for (const std::size_t i : which) out.push_back(shares[i].copy());
  return out;
}

}  // namespace

TEST_CASE("the golden escrow box is made again and opens") {
  const codec::Json golden = vectors("escrow.json");
  const Bytes secret = bytes_at(golden, "R_hex"), box = bytes_at(golden, "esc_hex");
  const std::string& plaintext = text_at(golden, "pt");
  CHECK(text_at(golden, "aad") == "au:fr:parquet-paris\n1");
  CHECK(seal_escrow(secret, "au:fr:parquet-paris", 1, bytes_of(plaintext)) == box);
  CHECK(text_of(MUST(open_escrow(secret, "au:fr:parquet-paris", 1, box)).view()) == plaintext);
  CHECK(rule_of(open_escrow(secret, "au:fr:parquet-paris", 2, box)) == "cipher.tag");
  CHECK(rule_of(open_escrow(secret, "au:fr:parquet-lyon", 1, box)) == "cipher.tag");
  CHECK(rule_of(open_escrow(flipped(secret, 0), "au:fr:parquet-paris", 1, box)) == "cipher.tag");
  CHECK(rule_of(open_escrow(secret, "au:fr:parquet-paris", 1, flipped(box, 5))) == "cipher.tag");
  CHECK(rule_of(open_escrow(Bytes(31), "au:fr:parquet-paris", 1, box)) == "escrow.secret");
}

TEST_CASE("any three of five shares bring the secret back, and two do not") {
  SeededRandom random(1);
  const Bytes secret = random.bytes(32);
  const auto shares = MUST(split_secret(secret, 3, 5, random));
  REQUIRE(shares.size() == 5);
  for (std::size_t a = 0; a < 5; ++a)
    for (std::size_t b = a + 1; b < 5; ++b) {
      for (std::size_t c = b + 1; c < 5; ++c) CHECK(same(MUST(join_secret(pick(shares, {c, a, b}))).view(), secret));
      CHECK(!same(MUST(join_secret(pick(shares, {a, b}))).view(), secret));
    }
  CHECK(same(MUST(join_secret(shares)).view(), secret));
  for (const SecretBytes& share : shares) CHECK(share.size() == 33);
}

TEST_CASE("a share has its x-byte last, as the polynomial says") {
  // f(x) = 0x2a + 0x53 x over GF(2^8): f(1) = 0x2a ^ 0x53, f(2) = 0x2a ^ 0xa6, and f(0xca) = 0x2a ^ 0x01, since 0x53
  // and 0xca are each other's inverse (FIPS 197, section 4.2).
  ScriptedRandom random(Bytes{0x00, 0x01, 0x01, 0x02, 0xca, 0x53});  // zero and the second 1 are thrown away
  const auto shares = MUST(split_secret(Bytes{0x2a}, 2, 3, random));
  CHECK(same(shares[0].view(), Bytes{0x79, 0x01}));
  CHECK(same(shares[1].view(), Bytes{0x8c, 0x02}));
  CHECK(same(shares[2].view(), Bytes{0x2b, 0xca}));
}

TEST_CASE("255 shares of one secret are all different places") {
  SeededRandom random(2);
  const auto shares = MUST(split_secret(bytes_of("R"), 2, 255, random));
  CHECK(same(MUST(join_secret(pick(shares, {0, 254}))).view(), bytes_of("R")));
  CHECK(rule_of(join_secret(shares)) == "accepted");
}

TEST_CASE("shares that cannot be, or do not fit together, are refused") {
  SeededRandom random(3);
  const Bytes secret(32, 1);
  CHECK(rule_of(split_secret(secret, 1, 5, random)) == "shamir.threshold");
  CHECK(rule_of(split_secret(secret, 6, 5, random)) == "shamir.threshold");
  CHECK(rule_of(split_secret(secret, 2, 256, random)) == "shamir.threshold");
  CHECK(rule_of(split_secret({}, 2, 3, random)) == "shamir.threshold");
  const auto shares = MUST(split_secret(secret, 2, 3, random));
  CHECK(rule_of(join_secret(pick(shares, {0}))) == "shamir.shares");
  CHECK(rule_of(join_secret({})) == "shamir.shares");
  CHECK(rule_of(join_secret(pick(shares, {0, 0}))) == "shamir.x");
  auto zero = pick(shares, {0, 1});
  zero[1].span().back() = 0;
  CHECK(rule_of(join_secret(zero)) == "shamir.x");
  auto uneven = pick(shares, {0, 1});
  uneven[1] = SecretBytes(Bytes(32, 9));
  CHECK(rule_of(join_secret(uneven)) == "shamir.shares");
  auto bent = pick(shares, {0, 1});
  bent[0].span()[4] ^= 1;
  CHECK(!same(MUST(join_secret(bent)).view(), secret));
}
