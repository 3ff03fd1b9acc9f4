#include <fstream>
#include <sstream>

#include "passkeys/authenticator_for_test.h"
#include "passkeys/cbor.h"
#include "store/test_databases.h"
#include "testing/testing.h"

using namespace entraide;
using namespace entraide::passkeys;
using entraide::testing::rule_of;

namespace {

const RelyingParty kParty{"hub.example", "https://hub.example"};
constexpr std::string_view kChallenge = "a challenge.of the hub";

codec::Json object(const char* name, codec::Json value) { return codec::Json::object({{name, std::move(value)}}); }

}  // namespace

TEST_CASE("a new passkey is taken when everything about it is right, and for nothing less") {
  SystemRandom random;
  const Authenticator device(kParty, random);
  const auto verdict = [&](const Bend& bend, std::string_view challenge = kChallenge) {
    return rule_of(check_registration(kParty, challenge, device.create(kChallenge, bend)));
  };
  CHECK(MUST(check_registration(kParty, kChallenge, device.create(kChallenge))).key == device.key.public_key());
  CHECK(verdict({.extensions = *codec::from_hex("a16b686d61632d736563726574f5")}) ==
        "accepted");  // {"hmac-secret": true}
  CHECK(verdict({.flags = 0x1d}) == "accepted");  // a synced passkey
  CHECK(verdict({.client = object("crossOrigin", false)}) == "accepted");
  CHECK(verdict({.client = object("something_new", "is left alone")}) == "accepted");

  CHECK(verdict({}, "another challenge") == "session.passkey.challenge");
  CHECK(verdict({.type = "webauthn.get"}) == "session.passkey.client_data");
  CHECK(verdict({.origin = "https://hub.example.evil.example"}) == "session.passkey.origin");
  CHECK(verdict({.origin = "http://hub.example"}) == "session.passkey.origin");
  CHECK(verdict({.client = object("crossOrigin", true)}) == "session.passkey.origin");
  CHECK(verdict({.client = object("topOrigin", "https://elsewhere.example")}) == "session.passkey.origin");
  CHECK(verdict({.rp_id = "example"}) == "session.passkey.rp");
  CHECK(verdict({.flags = 0x01}) == "session.passkey.flags");  // present, not verified
  CHECK(verdict({.flags = 0x04}) == "session.passkey.flags");  // verified, not present
  CHECK(verdict({.flags = 0x15}) == "session.passkey.flags");  // backed up and cannot be
  CHECK(verdict({.more = {0x00}}) == "session.passkey.form");
  CHECK(verdict({.extensions = {0xa0}, .more = {0x00}}) == "session.passkey.form");
  CHECK(verdict({.extensions = {0x80}}) == "session.passkey.form");
  CHECK(verdict({.extensions = {0xbf, 0xff}}) == "session.passkey.form");

  Registration other = device.create(kChallenge);
  other.id[0] ^= 1;
  CHECK(rule_of(check_registration(kParty, kChallenge, other)) == "session.passkey.form");
  other = device.create(kChallenge);
  other.authenticator_data[32] &= 0xbf;  // says that it holds no key
  CHECK(rule_of(check_registration(kParty, kChallenge, other)) == "session.passkey.form");
  other = device.create(kChallenge);
  other.client_data.pop_back();
  CHECK(rule_of(check_registration(kParty, kChallenge, other)) == "session.passkey.client_data");
  const Registration whole = device.create(kChallenge);
  for (std::size_t size = 0; size < whole.authenticator_data.size(); ++size) {
    Registration cut = whole;
    cut.authenticator_data.resize(size);
    CHECK(!check_registration(kParty, kChallenge, cut));
  }
  // Any member of the key but the coordinates: another type, algorithm, curve, or number of members.
  const std::size_t cose = whole.authenticator_data.size() - device.cose().size();
  for (std::size_t i = 0; i < 10; ++i) {
    Registration bent = whole;
    bent.authenticator_data[cose + i] ^= 0x01;
    CHECK(rule_of(check_registration(kParty, kChallenge, bent)) == "session.passkey.form");
  }
  Registration off_curve = whole;
  off_curve.authenticator_data.back() ^= 1;
  CHECK(rule_of(check_registration(kParty, kChallenge, off_curve)) == "session.passkey.form");
}

TEST_CASE("an assertion opens when everything about it is right, and for nothing less") {
  SystemRandom random;
  Authenticator device(kParty, random);
  const crypto::PublicKey key = device.key.public_key();
  const auto verdict = [&](const Bend& bend, std::string_view challenge = kChallenge, std::int64_t counter = 0) {
    return rule_of(check_assertion(kParty, challenge, key, counter, device.get(kChallenge, bend)));
  };
  CHECK(verdict({}) == "accepted");
  CHECK(verdict({.extensions = *codec::from_hex("a16b686d61632d73656372657444deadbeef")}) == "accepted");
  CHECK(verdict({}, "another challenge") == "session.passkey.challenge");
  CHECK(verdict({.type = "webauthn.create"}) == "session.passkey.client_data");
  CHECK(verdict({.origin = "https://elsewhere.example"}) == "session.passkey.origin");
  CHECK(verdict({.rp_id = "elsewhere.example"}) == "session.passkey.rp");
  CHECK(verdict({.flags = 0x01}) == "session.passkey.flags");
  CHECK(verdict({.flags = 0x45}) == "session.passkey.form");
  CHECK(verdict({.more = {0x00}}) == "session.passkey.form");

  for (const auto bend :
       {+[](Assertion& a) { a.signature[10] ^= 1; }, +[](Assertion& a) { a.signature.push_back(0); },
        +[](Assertion& a) { a.signature.clear(); }, +[](Assertion& a) { a.client_data.push_back(' '); },
        +[](Assertion& a) { a.authenticator_data[36] ^= 1; }}) {
    Assertion bent = device.get(kChallenge);
    bend(bent);
    CHECK(rule_of(check_assertion(kParty, kChallenge, key, 0, bent)) == "session.passkey.signature");
  }
  CHECK(rule_of(check_assertion(kParty, kChallenge, crypto::PrivateKey::generate(random).public_key(), 0,
                                device.get(kChallenge))) == "session.passkey.signature");

  // A counter that does not grow means that there are two of them.
  CHECK(verdict({}, kChallenge, 7) == "session.passkey.counter");
  device.counter = 7;
  CHECK(verdict({}, kChallenge, 7) == "session.passkey.counter");
  CHECK(MUST(check_assertion(kParty, kChallenge, key, 6, device.get(kChallenge))) == 7);
}

TEST_CASE("what another implementation says is understood") {
  // Made by tests/interop/make_passkeys.py with python-fido2.
  std::ifstream in(ENTRAIDE_SOURCE_DIR "/tests/vectors/passkeys.json", std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  const codec::Json file = MUST(codec::parse_json(text.str()));
  const RelyingParty party{file.find("rp_id")->string(), file.find("origin")->string()};
  const std::string challenge = file.find("challenge")->string();
  const auto bytes = [](const codec::Json& from, const char* name) {
    return MUST(codec::from_base64url(from.find(name)->string()));
  };
  REQUIRE(!file.find("cases")->array_items().empty());
  for (const codec::Json& one : file.find("cases")->array_items()) {
    INFO(one.find("name")->string());
    const codec::Json &made = *one.find("registration"), &used = *one.find("assertion");
    const NewKey key = MUST(check_registration(
        party, challenge, {bytes(made, "id"), bytes(made, "authenticator_data"), bytes(made, "client_data")}));
    CHECK(MUST(check_assertion(party, challenge, key.key, key.counter,
                               {bytes(used, "authenticator_data"), bytes(used, "client_data"),
                                bytes(used, "signature")})) == one.find("counter")->integer());
  }
}

TEST_CASE("CBOR is read in its shortest form only, and never past its end") {
  const auto skipped = [](const char* hex) {
    const Bytes bytes = *codec::from_hex(hex);
    CborReader in(bytes);
    const auto read = in.skip();
    return read && in.rest().empty();
  };
  for (const char* good : {"00", "17", "1818", "190100", "1a00010000", "1b0000000100000000", "20", "43010203", "6161",
                           "80", "820102", "a0", "a1616101", "f4", "f5", "f6", "818181f6"})
    CHECK_MESSAGE(skipped(good), good);
  for (const char* bad : {"",
                          "18",
                          "1817",
                          "1900ff",
                          "1a0000ffff",
                          "1b00000000ffffffff",
                          "1c",
                          "1f",
                          "42",
                          "4201",
                          "5f",
                          "61",
                          "82",
                          "8201",
                          "9f01ff",
                          "a1",
                          "a101",
                          "bfff",
                          "c0",
                          "c101",
                          "e0",
                          "f7",
                          "f818",
                          "f90000",
                          "ff",
                          "8181818100",
                          "9b7fffffffffffffff",
                          "bb7fffffffffffffff"})
    CHECK_MESSAGE(!skipped(bad), bad);
}

TEST_CASE("passkeys of a device are kept, used and removed; another device's are not its own") {
  store::on_each_engine([](const auto& make) {
    auto database = make({});
    MUST(database->migrate(migrations()));
    auto connection = MUST(database->connect());
    SystemRandom random;
    const auto key = crypto::PrivateKey::generate(random).public_key();
    const KeyId mine(std::string(43, 'a')), other(std::string(43, 'b'));
    const Time now = from_seconds(1'900'000'000);
    for (int i = 0; i < 5; ++i)
      MUST(add(connection, {"credential" + std::to_string(i), mine, key, 0, now + Seconds(i), {}}));
    CHECK(rule_of(add(connection, {"more", mine, key, 0, now, {}})) == "passkey.full");
    CHECK(rule_of(add(connection, {"credential0", other, key, 0, now, {}})) == "passkey.duplicate");
    const auto known = MUST(of_device(connection, mine));
    REQUIRE(known.size() == 5);
    CHECK(known[0].id == "credential0");
    CHECK(known[0].key == key);
    CHECK(!known[0].used);
    CHECK(MUST(of_device(connection, other)).empty());

    MUST(use(connection, known[0], 0, now));
    MUST(use(connection, known[0], 0, now));
    MUST(use(connection, known[0], 3, now));
    CHECK(rule_of(use(connection, known[0], 3, now)) == "session.passkey.counter");
    CHECK(rule_of(use(connection, known[0], 0, now)) == "session.passkey.counter");
    CHECK(MUST(of_device(connection, mine))[0].counter == 3);
    CHECK(MUST(of_device(connection, mine))[0].used == now);

    CHECK(!MUST(remove(connection, other, "credential0")));
    CHECK(MUST(remove(connection, mine, "credential0")));
    CHECK(!MUST(remove(connection, mine, "credential0")));
    CHECK(rule_of(use(connection, known[0], 4, now)) == "session.passkey.counter");
  });
}
