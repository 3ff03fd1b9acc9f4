#include "crypto/certificate.h"

#include "crypto/literals_for_test.h"
#include "crypto/vectors_for_test.h"

using namespace entraide;
using namespace entraide::crypto;
using entraide::testing::rule_of;

namespace {

const Validity kTenYears{at("2026-01-01T00:00:00Z"), at("2036-01-01T00:00:00Z")};
const Validity kTwoYears{at("2026-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z")};
const Time kWithin = at("2026-06-01T12:00:00Z");

struct Country {
  SeededRandom random{21};
  PrivateKey root_key = PrivateKey::generate(random), officer_key = PrivateKey::generate(random);
  Certificate root = MUST(create_root(root_key, {"KE", "Fictional Republic", "Fictional Root 1"}, kTenYears, random));
  DistinguishedName name{"KE", "Central Authority", "Wanjirũ Ex. Ample"};
  Certificate officer =
      MUST(issue_signing_certificate(root_key, root, officer_key.public_key(), name, kTwoYears, random));
};

}  // namespace

TEST_CASE("a root signs an officer's certificate, which chains to it while both are valid") {
  Country ke;
  CHECK(ke.officer.subject() == "C=KE, O=Central Authority, CN=Wanjirũ Ex. Ample");
  CHECK(ke.officer.issuer() == ke.root.subject());
  CHECK(MUST(ke.officer.public_key()) == ke.officer_key.public_key());
  CHECK(ke.officer.validity().until == kTwoYears.until);
  CHECK(MUST(Certificate::from_der(ke.officer.der())).fingerprint() == ke.officer.fingerprint());
  const Certificate chain[] = {ke.officer};
  MUST(verify_chain(chain, {&ke.root, 1}, kWithin));
  const Certificate with_root[] = {ke.officer, ke.root};
  MUST(verify_chain(with_root, {&ke.root, 1}, kWithin));
  MUST(verify_chain(chain, {&ke.root, 1}, kTwoYears.from));
  CHECK(rule_of(verify_chain(chain, {&ke.root, 1}, at("2025-12-31T23:59:59Z"))) == "certificate.chain");
  CHECK(rule_of(verify_chain(chain, {&ke.root, 1}, at("2028-01-01T00:00:01Z"))) == "certificate.chain");
}

TEST_CASE("a chain is worth nothing without the right root") {
  Country ke;
  const Certificate chain[] = {ke.officer, ke.root};
  const Certificate same_name =
      MUST(create_root(ke.officer_key, {"KE", "Fictional Republic", "Fictional Root 1"}, kTenYears, ke.random));
  CHECK(rule_of(verify_chain(chain, {&same_name, 1}, kWithin)) == "certificate.chain");
  CHECK(rule_of(verify_chain(chain, {}, kWithin)) == "certificate.chain");
  CHECK(rule_of(verify_chain({}, {&ke.root, 1}, kWithin)) == "certificate.chain");
  const std::vector<Certificate> long_chain(9, ke.officer);
  CHECK(rule_of(verify_chain(long_chain, {&ke.root, 1}, kWithin)) == "certificate.chain");
}

TEST_CASE("a certificate altered in any bit is no certificate of this root") {
  Country ke;
  std::size_t accepted = 0;
  for (std::size_t bit = 0; bit < ke.officer.der().size() * 8; bit += 5) {
    const auto bent = Certificate::from_der(flipped(ke.officer.der(), bit));
    if (bent && verify_chain({&*bent, 1}, {&ke.root, 1}, kWithin)) ++accepted;
  }
  CHECK(accepted == 0);
}

TEST_CASE("an issuer below the root certifies officers, and nobody below it does") {
  Country ke;
  const PrivateKey issuer_key = PrivateKey::generate(ke.random), other = PrivateKey::generate(ke.random);
  const Certificate issuer = MUST(issue_issuer_certificate(
      ke.root_key, ke.root, issuer_key.public_key(), {"KE", "Central Authority", "Issuer"}, kTenYears, ke.random));
  const Certificate leaf =
      MUST(issue_signing_certificate(issuer_key, issuer, ke.officer_key.public_key(), ke.name, kTwoYears, ke.random));
  const Certificate chain[] = {leaf, issuer};
  MUST(verify_chain(chain, {&ke.root, 1}, kWithin));
  CHECK(rule_of(verify_chain({&leaf, 1}, {&ke.root, 1}, kWithin)) == "certificate.chain");
  CHECK(rule_of(verify_chain({&issuer, 1}, {&ke.root, 1}, kWithin)) == "certificate.use");
  const Certificate below = MUST(issue_issuer_certificate(issuer_key, issuer, other.public_key(),
                                                          {"KE", "Nobody", "Issuer"}, kTwoYears, ke.random));
  const Certificate too_long[] = {
      MUST(issue_signing_certificate(other, below, ke.officer_key.public_key(), ke.name, kTwoYears, ke.random)),
      below, issuer};
  CHECK(rule_of(verify_chain(too_long, {&ke.root, 1}, kWithin)) == "certificate.chain");
}

TEST_CASE("an officer's certificate cannot issue, and a root cannot sign documents") {
  Country ke;
  const PrivateKey third = PrivateKey::generate(ke.random);
  const Certificate forged = MUST(issue_signing_certificate(ke.officer_key, ke.officer, third.public_key(),
                                                            {"KE", "", "Forged"}, kTwoYears, ke.random));
  const Certificate chain[] = {forged, ke.officer};
  CHECK(rule_of(verify_chain(chain, {&ke.root, 1}, kWithin)) == "certificate.chain");
  CHECK(rule_of(verify_chain({&ke.root, 1}, {&ke.root, 1}, kWithin)) == "certificate.use");
  CHECK(rule_of(issue_signing_certificate(ke.officer_key, ke.root, third.public_key(), {"KE", "", "X"}, kTwoYears,
                                          ke.random)) == "certificate.issuer");
}

TEST_CASE("names and validities that cannot be are refused") {
  Country ke;
  const auto rule = [&](DistinguishedName name, Validity validity = kTenYears) {
    return rule_of(create_root(ke.root_key, name, validity, ke.random));
  };
  CHECK(rule({"KE", "", "Root"}) == "accepted");
  CHECK(rule({"", "", "Root"}) == "accepted");
  CHECK(rule({"KE", "", ""}) == "certificate.name");
  CHECK(rule({"KEN", "", "Root"}) == "certificate.name");
  CHECK(rule({"KE", "", std::string(65, 'x')}) == "certificate.name");
  CHECK(rule({"KE", "", "\xff"}) == "certificate.name");
  CHECK(rule({"KE", "", "Root"}, {kTenYears.until, kTenYears.from}) == "certificate.validity");
  CHECK(rule({"KE", "", "Root"}, {kTenYears.from, kTenYears.from}) == "certificate.validity");
  CHECK(rule({"KE", "", "Root"}, {kTenYears.from, at("2099-12-31T23:59:59Z")}) == "accepted");
}

TEST_CASE("what is not exactly one certificate is refused") {
  Country ke;
  CHECK(rule_of(Certificate::from_der({})) == "certificate.form");
  CHECK(rule_of(Certificate::from_der(bytes_of("-----BEGIN CERTIFICATE-----"))) == "certificate.form");
  Bytes twice = ke.root.der();
  append(twice, ke.root.der());
  CHECK(rule_of(Certificate::from_der(twice)) == "certificate.form");
  for (std::size_t size = 0; size < ke.root.der().size(); size += 7)
    CHECK(rule_of(Certificate::from_der(BytesView(ke.root.der()).first(size))) == "certificate.form");
}
