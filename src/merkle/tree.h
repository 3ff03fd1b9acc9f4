#pragma once

// The Merkle tree of RFC 6962 section 2.1 (the same tree as RFC 9162 section 2.1), with SHA-256.

#include <array>

#include "base/ids.h"

namespace entraide::merkle {

/// How many leaves a tree may have; sizes and indices fit in 63 bits, as in other implementations.
constexpr std::uint64_t kTreeSizeMax = (std::uint64_t{1} << 63) - 1;
/// No proof is longer: one hash for each level.
constexpr std::size_t kProofHashesMax = 63;

/// The hashes of an inclusion or consistency proof, in the order of RFC 6962: from the leaf to the root.
using Proof = std::vector<Digest>;

/// SHA-256 over 0x00 then the entry. The prefix keeps leaves and nodes apart. RFC 6962 section 2.1.
Digest leaf_hash(BytesView entry);
/// SHA-256 over 0x01, the left hash, the right hash. RFC 6962 section 2.1.
Digest node_hash(const Digest& left, const Digest& right);
/// The root of the tree without leaves: SHA-256 of nothing. RFC 6962 section 2.1.
Digest empty_root();

/// All that is needed to append to a tree and to state its root: the hashes of the perfect subtrees that it
/// falls into, one for each bit of the size. At most 63 hashes, whatever the size. A plain value.
class Frontier {
 public:
  std::uint64_t size() const { return size_; }
  Digest root() const;
  /// Two hashes or fewer on average. The size stays below `kTreeSizeMax`: the caller's promise.
  void append(const Digest& leaf_hash);
  /// The hash of the perfect subtree of 2^level leaves at the tree's right edge; `size()` has that bit set.
  const Digest& peak(unsigned level) const;

  /// BE64 size, then the peaks from the largest to the smallest, 32 bytes each.
  Bytes serialise() const;
  /// Rule: merkle.frontier. Whether the hashes are right is for the caller to compare with a checkpoint.
  static Result<Frontier> parse(BytesView bytes);
  bool operator==(const Frontier&) const;

 private:
  friend class HashLevels;
  std::uint64_t size_ = 0;
  std::array<Digest, 63> peaks_{};  // by level; only those whose bit of the size is set mean anything
};

/// The root that the proof leads to, if `leaf` is at `leaf_index` of a tree of `tree_size` leaves.
/// RFC 9162 section 2.1.3.2, all but the last comparison. Rules: merkle.proof.index, merkle.proof.length.
Result<Digest> root_of_inclusion(const Digest& leaf, std::uint64_t leaf_index, std::uint64_t tree_size,
                                 const Proof& proof);

/// Whether the proof shows `leaf` at `leaf_index` of the tree. RFC 9162 section 2.1.3.2.
/// Rules: merkle.proof.index, merkle.proof.length, merkle.proof.root.
Result<> verify_inclusion(const Digest& leaf, std::uint64_t leaf_index, std::uint64_t tree_size, const Proof& proof,
                          const Digest& root);

/// Whether the proof shows the tree of `new_size` to begin with the tree of `old_size`. RFC 9162 section
/// 2.1.4.2. From the empty tree, and between equal sizes, the proof is empty (c2sp.org/tlog-witness).
/// Rules: merkle.proof.sizes, merkle.proof.length, merkle.proof.old_root, merkle.proof.root.
Result<> verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size,
                            const Digest& new_root, const Proof& proof);

}  // namespace entraide::merkle
