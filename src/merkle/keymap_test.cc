#include "merkle/keymap.h"

#include "merkle/test_support.h"

using namespace entraide;
using namespace entraide::merkle;
using namespace entraide::merkle::test;

namespace {

SubjectState state_of(const codec::Json& json) {
  SubjectState out;
  out.subject = Subject(json.find("subject")->string());
  out.generation = json.find("g")->integer();
  out.status = json.find("status")->string();
  for (const codec::Json& key : json.find("keys")->array_items()) out.keys.emplace_back(key.string());
  out.last_index = static_cast<std::uint64_t>(json.find("last")->integer());
  return out;
}

}  // namespace

TEST_CASE("the golden map has the golden roots and proofs") {
  const codec::Json vector = vector_json("keymap.json");
  KeyMap map;
  CHECK(codec::base64(map.root().view()) == vector.find("empty_root_b64")->string());
  std::map<std::int64_t, std::string> roots;
  for (const codec::Json& row : vector.find("roots")->array_items())
    roots[row.find("count")->integer()] = row.find("root_b64")->string();
  std::map<std::string, MapValue> values;
  for (const codec::Json& json : vector.find("states")->array_items()) {
    const SubjectState state = state_of(json);
    values[state.subject.str()] = map_value(state);
    map.set(map_key(state.subject), map_value(state));
    const auto expected = roots.find(static_cast<std::int64_t>(map.size()));
    if (expected != roots.end()) {
      CHECK(codec::base64(map.root().view()) == expected->second);
      roots.erase(expected);
    }
  }
  CHECK(roots.empty());
  REQUIRE(map.size() == 65);

  for (const codec::Json& row : vector.find("proofs_at_65")->array_items()) {
    const std::string subject = row.find("subject")->string();
    const MapProof golden = MUST(map_proof_from_json(*row.find("proof")));
    const MapKey key = map_key(Subject(subject));
    CHECK(map.prove(key) == golden);
    CHECK(to_json(golden) == *row.find("proof"));
    const std::optional<MapValue> value = MUST(verify_map_proof(map.root(), key, golden));
    CHECK(value.has_value() == row.find("present")->boolean());
    if (value) CHECK(*value == values.at(subject));
  }
}

TEST_CASE("every subject is provable, every other provably absent, and no changed proof holds") {
  INFO("seed ", seed());
  SeededRandom random(seed());
  KeyMap map;
  const MapKey lonely = {random_hash(random).value};
  CHECK_FALSE(MUST(verify_map_proof(map.root(), lonely, map.prove(lonely))).has_value());
  std::map<MapKey, MapValue> all;
  for (int i = 0; i < 200; ++i) {
    MapKey key = {random_hash(random).value};
    // Keys that go together for a long way make deep trees.
    if (i % 3 == 1) std::copy_n(all.begin()->first.value.begin(), 1 + below(random, 32), key.value.begin());
    const MapValue value = {random_hash(random).value};
    map.set(key, value);
    all[key] = value;
  }
  const Digest root = map.root();
  for (const auto& [key, value] : all) {
    const MapProof proof = map.prove(key);
    REQUIRE(MUST(verify_map_proof(root, key, proof)) == value);
    REQUIRE(MUST(map_proof_from_json(to_json(proof))) == proof);
    MapKey near = key;
    near.value[31] ^= 1;
    if (!all.contains(near)) REQUIRE_FALSE(MUST(verify_map_proof(root, near, map.prove(near))).has_value());
    // A proof of somebody else's place is not a proof of absence here.
    MapKey far = key;
    far.value[0] ^= 0x80;
    REQUIRE(testing::rule_of(verify_map_proof(root, far, proof)) == "merkle.map.proof");

    MapProof changed = proof;
    changed.leaf->value.value[5] ^= 1;
    REQUIRE(testing::rule_of(verify_map_proof(root, key, changed)) == "merkle.map.root");
    changed = proof;
    changed.leaf.reset();
    REQUIRE(testing::rule_of(verify_map_proof(root, key, changed)) == "merkle.map.root");
    changed = proof;
    changed.siblings[below(random, proof.siblings.size())].value[7] ^= 1;
    REQUIRE(testing::rule_of(verify_map_proof(root, key, changed)) == "merkle.map.root");
    changed = proof;
    changed.siblings.pop_back();
    REQUIRE(testing::rule_of(verify_map_proof(root, key, changed)) == "merkle.map.root");
    changed = proof;
    changed.siblings.emplace_back();
    REQUIRE(testing::rule_of(verify_map_proof(root, key, changed)) == "merkle.map.root");
  }
  MapProof too_long;
  too_long.siblings.resize(257);
  CHECK(testing::rule_of(verify_map_proof(root, lonely, too_long)) == "merkle.map.proof");
}

TEST_CASE("the root depends on what is in the map, not on how it came there") {
  SeededRandom random(2);
  KeyMap forwards, backwards;
  std::vector<std::pair<MapKey, MapValue>> leaves;
  for (int i = 0; i < 40; ++i) leaves.push_back({{random_hash(random).value}, {random_hash(random).value}});
  for (const auto& [key, value] : leaves) forwards.set(key, value);
  for (auto leaf = leaves.rbegin(); leaf != leaves.rend(); ++leaf) backwards.set(leaf->first, leaf->second);
  CHECK(forwards.root() == backwards.root());
  backwards.set({random_hash(random).value}, {});
  CHECK(forwards.root() != backwards.root());
  const Digest with_all = forwards.root();
  const MapKey extra = {random_hash(random).value};
  forwards.set(extra, {});
  forwards.erase(extra);
  CHECK(forwards.root() == with_all);
}

TEST_CASE("the state that is hashed has its keys sorted") {
  SubjectState state{.subject = Subject("au:fr:parquet-paris"), .generation = 2, .keys = {KeyId("b"), KeyId("a")}};
  SubjectState sorted = state;
  sorted.keys = {KeyId("a"), KeyId("b")};
  CHECK(map_value(state) == map_value(sorted));
  sorted.generation = 3;
  CHECK(map_value(state) != map_value(sorted));
}

TEST_CASE("what is not a map proof is refused") {
  const std::string hash = codec::base64(Digest{}.view());
  const auto rule = [](const std::string& text) {
    return testing::rule_of(map_proof_from_json(MUST(codec::parse_json(text))));
  };
  CHECK(rule(R"({"sib":[],"leaf":null})") == "accepted");
  CHECK(rule(R"({"sib":[")" + hash + R"("],"leaf":{"k":")" + hash + R"(","v":")" + hash + R"("}})") == "accepted");
  CHECK(rule(R"({"sib":[]})") == "merkle.map.proof");
  CHECK(rule(R"({"leaf":null})") == "json.member");
  CHECK(rule(R"({"sib":[],"leaf":null,"x":1})") == "json.member");
  CHECK(rule(R"({"sib":[1],"leaf":null})") == "json.member");
  CHECK(rule(R"({"sib":["AAAA"],"leaf":null})") == "merkle.map.proof");
  CHECK(rule(R"({"sib":[],"leaf":{}})") == "json.member");
  CHECK(rule(R"({"sib":[],"leaf":[]})") == "json.member");
  CHECK(rule(R"({"sib":[],"leaf":{"k":")" + hash + R"(","v":"AAAA"}})") == "merkle.map.proof");
  CHECK(rule("[]") == "json.member");
  std::string many;
  for (int i = 0; i < 257; ++i) many += (i == 0 ? "\"" : ",\"") + hash + "\"";
  CHECK(rule(R"({"sib":[)" + many + R"(],"leaf":null})") == "merkle.map.proof");
}

TEST_CASE("a map entry has one text") {
  const MapEntry entry = {300, leaf_hash(bytes_of("x"))};
  const std::string good = to_text(entry);
  CHECK(good == R"({"n":300,"root":")" + codec::base64(entry.root.view()) + R"(","v":1})");
  CHECK(MUST(parse_map_entry(good)) == entry);
  for (const std::string& wrong :
       {std::string(), std::string("{}"), std::string("[]"), " " + good, good + "\n", with(good, ",\"v\":1", ""),
        with(good, ":1}", ":2}"), with(good, "300", "-1"), with(good, "300", "\"300\""), with(good, "root", "rooT"),
        with(good, "=\"", "\""), with(good, ":1}", ":1,\"w\":1}"), with(good, ":300", ": 300")})
    CHECK_MESSAGE(testing::rule_of(parse_map_entry(wrong)) == "merkle.map.entry", wrong);
}
