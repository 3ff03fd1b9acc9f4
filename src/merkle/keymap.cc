#include "merkle/keymap.h"

#include <algorithm>

#include "codec/codec.h"
#include "crypto/digest.h"
#include "merkle/lines.h"
#include "merkle/tree.h"

namespace entraide::merkle {

namespace {

constexpr std::uint8_t kMapLeafPrefix = 0x02;
constexpr std::uint8_t kMapNodePrefix = 0x03;
constexpr Digest kEmpty = {};

// Bit 0 is the top one: false goes left.
bool bit(const MapKey& key, std::size_t depth) { return (key.value[depth / 8] >> (7 - depth % 8) & 1) != 0; }

Digest map_leaf(const MapKey& key, const MapValue& value) {
  return crypto::sha256(BytesView(&kMapLeafPrefix, 1), key, value);
}
Digest map_node(const Digest& left, const Digest& right) {
  return crypto::sha256(BytesView(&kMapNodePrefix, 1), left, right);
}

// The leaves below one place of the tree lie side by side in the sorted map.
using Leaf = std::map<MapKey, MapValue>::const_iterator;
struct Range {
  Leaf begin, end;
  bool empty() const { return begin == end; }
  bool single() const { return !empty() && std::next(begin) == end; }
};

// Where the right half of a range begins: at the first key whose bit is set.
std::pair<Range, Range> split(const Range& range, std::size_t depth) {
  const Leaf middle = std::find_if(range.begin, range.end, [&](const auto& leaf) { return bit(leaf.first, depth); });
  return {{range.begin, middle}, {middle, range.end}};
}

Digest root_of(const Range& range, std::size_t depth) {
  if (range.empty()) return kEmpty;
  if (range.single()) return map_leaf(range.begin->first, range.begin->second);
  const auto [left, right] = split(range, depth);
  return map_node(root_of(left, depth + 1), root_of(right, depth + 1));
}

}  // namespace

MapKey map_key(const Subject& subject) {
  return {crypto::sha256(std::string_view("entraide/map/k/v1\n"), std::string_view(subject.str())).value};
}

MapValue map_value(const SubjectState& state) {
  std::vector<std::string> kids;
  for (const KeyId& key : state.keys) kids.push_back(key.str());
  std::sort(kids.begin(), kids.end());
  codec::Json keys = codec::Json::array();
  for (std::string& kid : kids) keys.push_back(std::move(kid));
  const codec::Json json = codec::Json::object({{"g", state.generation},
                                                {"keys", std::move(keys)},
                                                {"last", static_cast<std::int64_t>(state.last_index)},
                                                {"status", state.status},
                                                {"subject", state.subject.str()}});
  const std::string text = codec::canonical_json(json);
  return {crypto::sha256(std::string_view("entraide/map/v/v1\n"), std::string_view(text)).value};
}

Digest KeyMap::root() const { return root_of({leaves_.begin(), leaves_.end()}, 0); }

MapProof KeyMap::prove(const MapKey& key) const {
  MapProof out;
  Range range = {leaves_.begin(), leaves_.end()};
  for (std::size_t depth = 0; !range.empty() && !range.single(); ++depth) {
    const auto [left, right] = split(range, depth);
    out.siblings.push_back(root_of(bit(key, depth) ? left : right, depth + 1));
    range = bit(key, depth) ? right : left;
  }
  if (!range.empty()) out.leaf = MapProof::Leaf{range.begin->first, range.begin->second};
  return out;
}

Result<std::optional<MapValue>> verify_map_proof(const Digest& root, const MapKey& key, const MapProof& proof) {
  const auto wrong = [](std::string_view what) {
    return fail(Errc::not_authentic, "merkle.map.proof", "map proof: " + std::string(what));
  };
  const std::size_t depth = proof.siblings.size();
  if (depth > kMapProofHashesMax) return wrong("over 256 hashes");
  Digest hash = kEmpty;
  if (proof.leaf) {
    for (std::size_t i = 0; i < depth; ++i)
      if (bit(proof.leaf->key, i) != bit(key, i)) return wrong("is about another place of the tree");
    hash = map_leaf(proof.leaf->key, proof.leaf->value);
  }
  for (std::size_t i = depth; i-- > 0;)
    hash = bit(key, i) ? map_node(proof.siblings[i], hash) : map_node(hash, proof.siblings[i]);
  if (hash != root)
    return fail(Errc::not_authentic, "merkle.map.root", "map proof: does not lead to the root of the map");
  if (!proof.leaf || proof.leaf->key != key) return std::optional<MapValue>();
  return std::optional(proof.leaf->value);
}

// ---- JSON ----------------------------------------------------------------------------------

codec::Json to_json(const MapProof& proof) {
  codec::Json siblings = codec::Json::array();
  for (const Digest& sibling : proof.siblings) siblings.push_back(codec::base64(sibling.view()));
  codec::Json leaf;
  if (proof.leaf)
    leaf = codec::Json::object(
        {{"k", codec::base64(proof.leaf->key.view())}, {"v", codec::base64(proof.leaf->value.view())}});
  return codec::Json::object({{"sib", std::move(siblings)}, {"leaf", std::move(leaf)}});
}

Result<MapProof> map_proof_from_json(const codec::Json& json) {
  const auto wrong = [](std::string_view what) {
    return fail(Errc::invalid, "merkle.map.proof", "map proof: " + std::string(what));
  };
  codec::ObjectReader in(json, "proof");
  const std::vector<std::string> siblings = in.strings("sib");
  const codec::Json* const leaf = in.optional_value("leaf");
  TRY(in.finish());
  if (leaf == nullptr) return wrong("no leaf; it is null where there is none");
  if (siblings.size() > kMapProofHashesMax) return wrong("over 256 hashes");
  MapProof out;
  for (const std::string& text : siblings) {
    const std::optional<Digest> hash = base64_hash(text);
    if (!hash) return wrong("a hash is not 32 bytes in base64");
    out.siblings.push_back(*hash);
  }
  if (leaf->is_null()) return out;
  codec::ObjectReader inner(*leaf, "proof.leaf");
  const std::optional<Digest> key = base64_hash(inner.string("k"));
  const std::optional<Digest> value = base64_hash(inner.string("v"));
  TRY(inner.finish());
  if (!key || !value) return wrong("key or value of the leaf is not 32 bytes in base64");
  out.leaf = MapProof::Leaf{{key->value}, {value->value}};
  return out;
}

std::string to_text(const MapEntry& entry) {
  return codec::canonical_json(codec::Json::object(
      {{"n", static_cast<std::int64_t>(entry.tree_size)}, {"root", codec::base64(entry.root.view())}, {"v", 1}}));
}

Result<MapEntry> parse_map_entry(std::string_view body) {
  const auto wrong = [](std::string_view what) {
    return fail(Errc::invalid, "merkle.map.entry", "map entry: " + std::string(what));
  };
  const Result<codec::Json> json = codec::parse_json(body, {.bytes = 1024, .depth = 2, .values = 8});
  if (!json) return wrong("not a small JSON object");
  codec::ObjectReader in(*json, "map entry");
  const std::int64_t size = in.integer("n");
  const std::optional<Digest> root = base64_hash(in.string("root"));
  const std::int64_t version = in.integer("v");
  if (!in.finish() || size < 0 || !root || version != 1) return wrong("not n, root and v of version 1");
  MapEntry out{static_cast<std::uint64_t>(size), *root};
  if (to_text(out) != body) return wrong("not in canonical form");
  return out;
}

}  // namespace entraide::merkle
