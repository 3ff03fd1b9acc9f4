#pragma once

// Making proofs: where the hashes come from, and which of them a proof needs.

#include "merkle/tree.h"

namespace entraide::merkle {

/// The root of a perfect subtree: leaves [index * 2^level, (index + 1) * 2^level).
struct Node {
  unsigned level = 0;
  std::uint64_t index = 0;
  auto operator<=>(const Node&) const = default;
};

/// Where the hashes of perfect subtrees are: memory, tiles on disk, tiles of a server.
class HashReader {
 public:
  virtual ~HashReader() = default;
  /// `hashes` has room for as many as there are `nodes`. All nodes of one proof come in one call, so that a
  /// reader may fetch what it lacks at once. Fails where a hash is not to be had (merkle.hash.missing).
  virtual Result<> read(std::span<const Node> nodes, std::span<Digest> hashes) const = 0;
};

/// Hashes in memory, each level one contiguous vector: of the whole tree, or of everything from a frontier
/// on (which is enough for proofs about what comes after it). 64 bytes a leaf. One writer, or many readers.
class HashLevels final : public HashReader {
 public:
  HashLevels() = default;
  explicit HashLevels(const Frontier& before);

  /// Room for that many more, exactly: for one large load, not before every small one.
  void reserve(std::uint64_t more_leaves);
  void append(const Digest& leaf_hash);
  std::uint64_t size() const { return size_; }
  Frontier frontier() const;

  Result<> read(std::span<const Node> nodes, std::span<Digest> hashes) const override;

 private:
  std::uint64_t size_ = 0;
  std::array<std::vector<Digest>, 63> levels_;
  std::array<std::uint64_t, 63> first_{};  // the index of the first node that each level holds
};

/// Makes proofs about one tree size. Construction reads the right edge once (at most 63 hashes); after
/// that an inclusion proof is a copy of its hashes, without hashing. `hashes` must outlive the prover and
/// hold at least `tree_size` leaves. Any thread, if the reader allows it.
class Prover {
 public:
  static Result<Prover> at(const HashReader& hashes, std::uint64_t tree_size);

  std::uint64_t tree_size() const { return size_; }
  const Digest& root() const { return root_; }

  /// RFC 6962 section 2.1.1. Rules: merkle.proof.index, merkle.hash.missing.
  Result<Proof> inclusion(std::uint64_t leaf_index) const;
  /// RFC 6962 section 2.1.2, from `old_size` to `tree_size()`; empty from zero and for equal sizes.
  /// Rules: merkle.proof.sizes, merkle.hash.missing.
  Result<Proof> consistency(std::uint64_t old_size) const;

 private:
  Result<Proof> path(unsigned level, std::uint64_t index, bool with_start) const;

  const HashReader* hashes_ = nullptr;
  std::uint64_t size_ = 0;
  Digest root_;
  std::array<Digest, 64> edge_{};  // by level: the root of what is left of the tree behind its perfect nodes
};

/// Inclusion proofs for a batch that is just being appended, out of the frontier before it and the batch's
/// leaf hashes alone: a committer needs no stored hash to hand out receipts.
class BatchProver {
 public:
  BatchProver(const Frontier& before, std::span<const Digest> leaf_hashes);
  BatchProver(const BatchProver&) = delete;
  BatchProver& operator=(const BatchProver&) = delete;

  std::uint64_t old_size() const { return old_size_; }
  std::uint64_t tree_size() const { return levels_.size(); }
  const Digest& root() const { return prover_.root(); }
  /// The frontier after the batch.
  Frontier frontier() const { return levels_.frontier(); }
  /// Of the leaf at `old_size() + position` in the tree after the batch; `position` is less than the batch's
  /// size: the caller's promise.
  Proof inclusion(std::size_t position) const;
  /// From the tree before the batch to the tree after it.
  Proof consistency() const;

 private:
  std::uint64_t old_size_;
  HashLevels levels_;
  Prover prover_;
};

}  // namespace entraide::merkle
