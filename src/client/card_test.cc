// An officer whose two keys never leave a token: enrolled, heard, and able to read.

#include "client/admin.h"
#include "client/keystore.h"
#include "client/world_for_test.h"
#include "codec/codec.h"
#include "crypto/jwe.h"
#include "crypto/soft_token_for_test.h"

using namespace entraide;
using namespace entraide::client;
using crypto::Pkcs11Token;
using entraide::testing::rule_of;

TEST_CASE(
    "a device whose keys live in a token is enrolled, signs an act, and opens what was sealed to its authority") {
  if (!crypto::soft_token().ready) return;
  World world;
  const Party& kenya = world.kenya;
  const crypto::Pkcs11Options place = crypto::soft_token().options();
  {
    const Pkcs11Token token = MUST(Pkcs11Token::open(place));
    MUST(token.generate("officer signing", Pkcs11Token::Use::sign));
    MUST(token.generate("officer sealing", Pkcs11Token::Use::agree));
  }

  // The key store knows where they are, and nothing of their secrets; it finds them again after a restart.
  constexpr crypto::ScryptCost kCheap{10, 8, 1};
  const auto passphrase = [] { return SecretBytes(to_bytes("correct horse")); };
  {
    auto store = MUST(KeyStore::create(world.folder / "keys", passphrase(), world.random, kCheap));
    const Pkcs11Token token = MUST(Pkcs11Token::open(place));
    MUST(store.add({"device.sign",
                    KeyUse::sign,
                    kenya.officer,
                    MUST(token.signer("officer signing"))->public_key(),
                    {},
                    CardKey{place, "officer signing"},
                    {}}));
    MUST(store.add({"device.seal",
                    KeyUse::seal,
                    kenya.officer,
                    MUST(token.agreement("officer sealing"))->public_key(),
                    {},
                    CardKey{place, "officer sealing"},
                    {}}));
    MUST(store.save(world.random));
  }
  const auto store = MUST(KeyStore::open(world.folder / "keys", passphrase(), kCheap));
  const auto signer = MUST(store.signer("device.sign"));
  const auto agreement = MUST(store.agreement("device.seal"));
  CHECK(rule_of(store.agreement("device.sign")) == "keystore.use");

  // Enrolled: the token shows that it holds the key. Without that it is nobody's.
  const codec::Json device = admin::device(kenya.officer, signer->public_key(), agreement->public_key(), "hw");
  const crypto::Signer* possession[] = {signer.get()};
  world.directory_act(kenya.administrator(), "dir.device", device, possession);
  CHECK(world.directory.device(signer->public_key().kid())->assurance_level == "hw");
  const NewRing ring = MUST(make_ring(world.directory, kenya.authority, nullptr, world.clock.now(), world.random));
  world.directory_act(kenya.administrator(), "ring.new", ring.d, {}, {ring.wrap});

  // Heard: an act that the token signs verifies, and its officer may speak for the authority.
  auto client = world.client_of(kenya, "kenya");
  MUST(client->mirror.update(client->api));
  const Author author{kenya.officer, kenya.authority, signer.get()};
  Intent intent;
  intent.type = "test.say";
  const act::Act act = compose(client->mirror, author, std::move(intent), world.clock.now(), world.random);
  const std::string body = MUST(sign(act, author));
  const auto verified = MUST(act::verify(MUST(act::parse_act(body)), world.directory));
  CHECK(MUST(world.directory.authorise(verified, world.clock.now())).officers.front().officer == kenya.officer);
  std::string forged = body;
  char& letter = forged[forged.size() - 20];
  letter = letter == 'A' ? 'B' : 'A';
  CHECK(rule_of(act::verify(MUST(act::parse_act(forged)), world.directory)) == "act.signature");

  // Able to read: the token derives the key of the wrap, the wrap's key opens what was sealed to the authority.
  const RingKeys keys = MUST(open_wrap(world.directory, kenya.authority, 2, ring.wrap, *agreement));
  const Subject readers[] = {kenya.authority};
  const auto sealed = MUST(
      seal_one(world.directory, bytes_of("evidence"), "doc", new_case_id(world.random).str(), readers, world.random));
  CHECK(!MUST(crypto::open(sealed.jwe, keys.key())).view().empty());
  CHECK(rule_of(open_wrap(world.directory, kenya.authority, 2, ring.wrap, world.france.seal)) == "jwe.not_recipient");
}
