#include "act/act.h"

#include <fstream>
#include <sstream>

#include "codec/codec.h"
#include "crypto/digest.h"
#include "testing/testing.h"

using namespace entraide;
using codec::Json;

namespace {

Json vectors() {
  std::ifstream in(std::string(ENTRAIDE_SOURCE_DIR) + "/tests/vectors/acts.json");
  std::ostringstream text;
  text << in.rdbuf();
  return MUST(codec::parse_json(text.str()));
}

struct Keys final : act::KeyDirectory {
  std::vector<crypto::PublicKey> keys;
  std::optional<crypto::PublicKey> signing_key(const KeyId& kid) const override {
    for (const auto& key : keys)
      if (key.kid() == kid) return key;
    return std::nullopt;
  }
};

struct Signed {
  SeededRandom random{5};
  crypto::PrivateKey key = crypto::PrivateKey::generate(random);
  crypto::PrivateKey other = crypto::PrivateKey::generate(random);
  Keys keys;
  act::Act act;

  Signed() {
    keys.keys = {key.public_key(), other.public_key()};
    act.type = "assistance.request";
    act.nonce = codec::base64url(Bytes(16, 1));
    act.by = Subject("of:fr:" + codec::base64url(Bytes(12, 2)));
    act.device = key.public_key().kid();
    act.for_authority = Subject("au:fr:central-authority");
    act.to = {Subject("au:ke:central-authority")};
    act.at = MUST(codec::from_rfc3339("2026-01-02T03:04:05Z"));
    act.case_id = CaseId(codec::base64url(Bytes(16, 3)));
    act.sent["au:ke:central-authority"] = 1;
    act.checkpoint.root = crypto::sha256("");
    act.objects.push_back({act::ObjectRef::Kind::seal,
                           "sum",
                           crypto::sha256("x"),
                           10,
                           codec::base64url(Bytes(32, 4)),
                           {{act.to[0], 1, act.device}},
                           {}});
  }
  std::string body(std::vector<const crypto::Signer*> signers) const { return MUST(act::sign_act(act, signers)); }
};

// The body of a payload that has been tampered with before it was signed.
std::string body_with(const Signed& from, const std::string& member, Json value) {
  Json payload = MUST(codec::parse_json(act::payload_of(from.act)));
  payload.set(member, std::move(value));
  const std::string b64 = codec::base64url(bytes_of(codec::to_json(payload)));
  const std::string whole = from.body({&from.key});
  return b64 + whole.substr(whole.find('\n'));
}

}  // namespace

TEST_CASE("the golden acts parse, verify and give the golden ids and digests") {
  const Json golden = vectors();
  Keys keys;
  for (const Json& key : golden.find("keys")->array_items())
    keys.keys.push_back(MUST(crypto::PublicKey::from_jwk(*key.find("jwk"))));
  for (const Json& one : golden.find("acts")->array_items()) {
    const auto parsed = MUST(act::parse_act(one.find("body")->string()));
    CHECK(act::to_text(parsed.id) == one.find("aid")->string());
    CHECK(codec::hex(parsed.body_digest.view()) == one.find("bd_hex")->string());
    CHECK(act::payload_of(parsed.act) == golden.find("payload")->string());
    MUST(act::verify(parsed, keys));
  }
}

TEST_CASE("an act is read as it was written, and signed by one or two") {
  const Signed world;
  const auto one = MUST(act::parse_act(world.body({&world.key})));
  CHECK(one.act == world.act);
  const std::string two = MUST(act::add_signature(one.body, world.other));
  const auto parsed = MUST(act::parse_act(two));
  CHECK(parsed.id == one.id);
  CHECK(parsed.body_digest != one.body_digest);
  const auto verified = MUST(act::verify(parsed, world.keys));
  CHECK(verified.signers().size() == 2);
  CHECK(testing::rule_of(act::add_signature(two, world.other)) == "act.signature.twice");
}

TEST_CASE("a signature that does not hold, or by nobody known, is refused") {
  const Signed world;
  std::string body = world.body({&world.key});
  const std::size_t at = body.rfind('.') + 5;
  body[at] = body[at] == 'A' ? 'B' : 'A';
  CHECK(testing::rule_of(act::verify(MUST(act::parse_act(body)), world.keys)) == "act.signature");
  CHECK(testing::rule_of(act::verify(MUST(act::parse_act(world.body({&world.key}))), Keys())) ==
        "act.device.unknown");
  CHECK(testing::rule_of(act::verify(MUST(act::parse_act(world.body({&world.other}))), world.keys)) == "act.dv");
}

TEST_CASE("a body that is not exactly the format is refused") {
  const Signed world;
  const std::string good = world.body({&world.key, &world.other});
  const std::size_t first = good.find('\n'), second = good.find('\n', first + 1);
  const std::string payload = good.substr(0, first + 1), a = good.substr(first + 1, second - first),
                    b = good.substr(second + 1);
  CHECK(act::parse_act(payload + a + b).has_value());
  CHECK(testing::rule_of(act::parse_act(payload + b + a)) == "act.form");
  CHECK(testing::rule_of(act::parse_act(payload + a + a)) == "act.form");
  CHECK(testing::rule_of(act::parse_act(payload)) == "act.form");
  CHECK(testing::rule_of(act::parse_act(good.substr(0, good.size() - 1))) == "act.form");
  CHECK(!act::parse_act(good + "\n"));
  CHECK(!act::parse_act(""));
  CHECK(testing::rule_of(act::parse_act(std::string(act::kActBytesMax + 1, 'A'))) == "act.size");
}

TEST_CASE("a member that is wrong is named") {
  const Signed world;
  const std::pair<const char*, Json> wrong[] = {
      {"v", 2},
      {"t", "Assistance.Request"},
      {"t", "nodot"},
      {"n", "short"},
      {"by", "of:fr:short"},
      {"for", "somebody"},
      {"to", Json::array({"of:fr:AAAAAAAAAAAAAAAA"})},
      {"to", Json::array({"au:ke:x", "au:ke:x"})},
      {"at", "2026-01-02T03:04:05+01:00"},
      {"case", "x"},
      {"prev", "x"},
      {"st", Json::object()},
      {"st", Json::object({{"au:ke:central-authority", 0}})},
      {"rb", "x"},
      {"cp", Json::object({{"n", -1}, {"h", codec::base64(Bytes(32, 0))}})},
      {"obj", Json::array({Json::object({{"k", "other"}})})},
      {"d", Json::array()},
      {"extra", 1},
  };
  for (const auto& [member, value] : wrong) {
    const auto parsed = act::parse_act(body_with(world, member, value));
    CHECK_MESSAGE(testing::rule_of(parsed) == "json.member", member);
  }
}

TEST_CASE("subjects have one spelling") {
  for (const char* good :
       {"org", "cc:fr", "au:fr:parquet-paris", "of:fr:AAAAAAAAAAAAAAAA", "sy:ke:gateway", "wi:university"})
    CHECK_MESSAGE(act::subject_kind(Subject(good)).has_value(), good);
  for (const char* bad : {"", "org:x", "cc:FR", "cc:fra", "au:fr", "au:fr:Parquet", "au:fr:a:b", "of:fr:short",
                          "of:fr:AAAAAAAAAAAAAAA=", "dv:x", "au:fr:a b"})
    CHECK_MESSAGE(testing::rule_of(act::subject_kind(Subject(bad))) == "act.subject", bad);
  CHECK(act::country_of(Subject("au:fr:x")) == Subject("cc:fr"));
  CHECK(act::country_of(Subject("org")).empty());
}
