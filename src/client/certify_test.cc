#include "client/certify.h"

#include "client/world_for_test.h"
#include "codec/codec.h"
#include "crypto/jwe.h"

using namespace entraide;
using namespace entraide::client;
using entraide::testing::rule_of;

namespace {

struct Office {
  World world;
  const Party& france = world.france;
  const std::vector<Bytes>& pki = world.directory.country(Subject("cc:fr"))->pki;
  KeyId device = france.sign.public_key().kid();
  crypto::PublicKey document = france.document.public_key();
  std::vector<crypto::Certificate> root{france.chain[1]};
  crypto::PrivateKey issuer_key = crypto::PrivateKey::generate(world.random);
  std::vector<crypto::Certificate> issuer{MUST(crypto::issue_issuer_certificate(
      france.pki, root[0], issuer_key.public_key(), {"FR", "au:fr:central-authority", "Issuer"},
      {world.clock.now() - Seconds(60), world.clock.now() + Seconds(400 * 86400)}, world.random))};
  crypto::DistinguishedName name{"FR", "au:fr:central-authority", "Example Officer"};

  Result<std::vector<crypto::Certificate>> issue() {
    return certify({issuer_key, issuer}, pki, document, name, world.clock.now(), world.random);
  }
  std::string sealed() { return MUST(seal_certificate(MUST(issue()), device, world.directory, world.random)); }
  std::string open(std::string_view jwe, const crypto::Agreement& seal, const crypto::PublicKey& key, Time now) {
    return rule_of(open_certificate(jwe, device, seal, key, pki, now));
  }
};

}  // namespace

TEST_CASE("an administrator's issuer certifies a device's document key, and the device takes that certificate") {
  Office office;
  const auto chain = MUST(open_certificate(office.sealed(), office.device, office.france.seal, office.document,
                                           office.pki, office.world.clock.now()));
  REQUIRE(chain.size() == 2);
  CHECK(chain[0].subject() == "C=FR, O=au:fr:central-authority, CN=Example Officer");
  CHECK(chain[0].validity().until == office.issuer[0].validity().until);  // never longer than its issuer

  // The country's own root issues too; then the leaf alone is enough.
  const auto by_root = MUST(certify({office.france.pki, office.root}, office.pki, office.document, office.name,
                                    office.world.clock.now(), office.world.random));
  CHECK(by_root.size() == 1);
  CHECK(by_root[0].validity().until - by_root[0].validity().from == kCertificateLasts);
}

TEST_CASE("a certificate that is another's, of another key, or of no country's root is not taken") {
  Office office;
  const Time now = office.world.clock.now();
  const std::string jwe = office.sealed();
  CHECK(office.open(jwe, office.world.kenya.seal, office.document, now) == "jwe.not_recipient");
  CHECK(office.open(jwe, office.france.seal, office.world.kenya.document.public_key(), now) == "certificate.key");
  CHECK(office.open(jwe, office.france.seal, office.document, now + Seconds(401 * 86400)) == "certificate.chain");
  const KeyId kenya = office.world.kenya.sign.public_key().kid();
  CHECK(rule_of(open_certificate(jwe, kenya, office.france.seal, office.document, office.pki, now)) ==
        "certificate.seal");
  CHECK(rule_of(open_certificate(jwe, office.device, office.france.seal, office.document,
                                 office.world.directory.country(Subject("cc:ke"))->pki, now)) == "certificate.chain");
}

TEST_CASE(
    "an issuer that the country has not announced issues nothing, and no device that is unknown gets anything") {
  Office office;
  const auto foreign = certify({office.world.kenya.pki, std::span(office.world.kenya.chain).subspan(1)}, office.pki,
                               office.document, office.name, office.world.clock.now(), office.world.random);
  CHECK(rule_of(foreign) == "certificate.issuer");
  CHECK(rule_of(certify({office.france.pki, office.issuer}, office.pki, office.document, office.name,
                        office.world.clock.now(), office.world.random)) == "certificate.issuer");
  CHECK(rule_of(seal_certificate(MUST(office.issue()), KeyId(std::string(43, 'A')), office.world.directory,
                                 office.world.random)) == "certificate.device");
}
