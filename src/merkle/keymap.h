#pragma once

// The key map: which keys a subject has now, provable in a browser. A compressed sparse Merkle tree over
//
//   k = H("entraide/map/k/v1\n" || subject)       v = H("entraide/map/v/v1\n" || state as canonical JSON)
//   leaf = H(0x02 || k || v)    node = H(0x03 || left || right)    empty = 32 zero bytes
//
// The bits of k from the top choose left (0) or right (1); a subtree with exactly one leaf IS that leaf's hash.

#include <map>
#include <optional>

#include "base/ids.h"
#include "codec/json.h"

namespace entraide::merkle {

using MapKey = Hash32<struct MapKeyTag>;
using MapValue = Hash32<struct MapValueTag>;
constexpr std::size_t kMapProofHashesMax = 256;

/// What the directory says of one subject.
struct SubjectState {
  Subject subject;
  std::int64_t generation = 0;     // of its ring; 0 where it has none
  std::vector<KeyId> keys;         // sorted when hashed
  std::uint64_t last_index = 0;    // the ledger entry that changed it last
  std::string status = "active";   // active | suspended | closed
};
MapKey map_key(const Subject& subject);
MapValue map_value(const SubjectState& state);

/// Hashes from the top of the tree to the bottom, and the leaf that is where the key would be, if any.
struct MapProof {
  struct Leaf {
    MapKey key;
    MapValue value;
    bool operator==(const Leaf&) const = default;
  };
  std::vector<Digest> siblings;
  std::optional<Leaf> leaf;
  bool operator==(const MapProof&) const = default;
};
/// {"sib":[base64...],"leaf":{"k":base64,"v":base64}|null}
codec::Json to_json(const MapProof& proof);
/// Rules: merkle.map.proof, json.member.
Result<MapProof> map_proof_from_json(const codec::Json& json);

/// The whole map in memory. Setting is cheap; `root` and `prove` hash all of it anew: for tens of thousands of
/// subjects, not millions. One thread.
class KeyMap {
 public:
  void set(const MapKey& key, const MapValue& value) { leaves_[key] = value; }
  void erase(const MapKey& key) { leaves_.erase(key); }
  std::size_t size() const { return leaves_.size(); }
  Digest root() const;
  MapProof prove(const MapKey& key) const;

 private:
  std::map<MapKey, MapValue> leaves_;
};

/// The value that the map holds for `key`, or nothing where the proof shows that it holds none.
/// Rules: merkle.map.proof (too long, or about another place), merkle.map.root.
Result<std::optional<MapValue>> verify_map_proof(const Digest& root, const MapKey& key, const MapProof& proof);

/// The body of a map entry: {"n":size,"root":base64,"v":1}, canonical. The root is that after entries [0, n).
struct MapEntry {
  std::uint64_t tree_size = 0;
  Digest root;
  bool operator==(const MapEntry&) const = default;
};
std::string to_text(const MapEntry& entry);
/// Rule: merkle.map.entry.
Result<MapEntry> parse_map_entry(std::string_view body);

}  // namespace entraide::merkle
