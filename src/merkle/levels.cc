#include "merkle/levels.h"

#include <bit>
#include <optional>

namespace entraide::merkle {

// ---- hashes in memory ----------------------------------------------------------------------

HashLevels::HashLevels(const Frontier& before) : size_(before.size()) {
  for (unsigned level = 0; level < levels_.size(); ++level) {
    // A peak is a left child whose parent does not exist yet: it is the first hash that its level needs.
    first_[level] = size_ >> level;
    if ((size_ >> level & 1) == 0) continue;
    --first_[level];
    levels_[level].push_back(before.peak(level));
  }
}

void HashLevels::reserve(std::uint64_t more_leaves) {
  for (unsigned level = 0; level < levels_.size() && more_leaves >> level != 0; ++level)
    levels_[level].reserve(levels_[level].size() + static_cast<std::size_t>(more_leaves >> level) + 2);
}

void HashLevels::append(const Digest& leaf_hash) {
  ENSURE(size_ < kTreeSizeMax);
  levels_[0].push_back(leaf_hash);
  for (unsigned level = 0; (size_ >> level & 1) != 0; ++level) {
    const Digest& right = levels_[level].back();
    const Digest& left = *(&right - 1);
    levels_[level + 1].push_back(node_hash(left, right));
  }
  ++size_;
}

Frontier HashLevels::frontier() const {
  Frontier out;
  out.size_ = size_;
  for (unsigned level = 0; level < levels_.size(); ++level)
    if ((size_ >> level & 1) != 0) out.peaks_[level] = levels_[level].back();
  return out;
}

Result<> HashLevels::read(std::span<const Node> nodes, std::span<Digest> hashes) const {
  ENSURE(nodes.size() == hashes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto [level, index] = nodes[i];
    if (level >= levels_.size() || index < first_[level] || index - first_[level] >= levels_[level].size())
      return fail(Errc::not_found, "merkle.hash.missing",
                  "ledger: no hash in memory at level " + std::to_string(level) + ", index " + std::to_string(index));
    hashes[i] = levels_[level][static_cast<std::size_t>(index - first_[level])];
  }
  return {};
}

// ---- proofs --------------------------------------------------------------------------------

Result<Prover> Prover::at(const HashReader& hashes, std::uint64_t tree_size) {
  ENSURE(tree_size <= kTreeSizeMax);
  Prover out;
  out.hashes_ = &hashes;
  out.size_ = tree_size;
  out.root_ = empty_root();
  if (tree_size == 0) return out;

  // The perfect subtrees that the tree falls into: one for each bit of its size.
  std::array<Node, 63> nodes;
  std::array<Digest, 63> peaks;
  std::size_t count = 0;
  for (unsigned level = 0; level < 63; ++level)
    if ((tree_size >> level & 1) != 0) nodes[count++] = {level, (tree_size >> level) - 1};
  TRY(hashes.read(std::span(nodes).first(count), std::span(peaks).first(count)));

  // edge_[level] is MTH(D[(size >> level) << level : size]): what is left behind the last perfect node of the
  // level. It means something where that range is not empty.
  std::size_t next = 0;
  bool empty = true;
  Digest rest;
  for (unsigned level = 0; level < 64; ++level) {
    out.edge_[level] = rest;
    if (level < 63 && (tree_size >> level & 1) != 0) {
      const Digest& peak = peaks[next++];
      rest = empty ? peak : node_hash(peak, rest);
      empty = false;
    }
  }
  out.root_ = rest;
  return out;
}

Result<Proof> Prover::path(unsigned level, std::uint64_t index, bool with_start) const {
  std::array<Node, kProofHashesMax + 1> nodes;
  std::array<Digest, kProofHashesMax + 1> hashes;
  std::size_t count = 0;
  // Every sibling is perfect, but for one: where a path joins the right edge from the left, its sibling is
  // what is left of the tree there.
  std::optional<std::size_t> edge_at;
  const Digest* edge = nullptr;
  if (with_start) nodes[count++] = {level, index};
  for (; (size_ - 1) >> level != 0; ++level, index >>= 1) {
    const std::uint64_t last = (size_ - 1) >> level;  // the last node of the level, perfect or not
    if (index == last && (index & 1) == 0) continue;  // no sibling: the node is its parent
    const std::uint64_t sibling = index ^ 1;
    if (sibling < size_ >> level) {
      nodes[count++] = {level, sibling};
    } else {
      edge_at = count;
      edge = &edge_[level];
    }
  }
  TRY(hashes_->read(std::span(nodes).first(count), std::span(hashes).first(count)));
  const std::size_t before = edge_at.value_or(count);
  Proof out;
  out.reserve(count + 1);
  out.assign(hashes.begin(), hashes.begin() + static_cast<std::ptrdiff_t>(before));
  if (edge_at) out.push_back(*edge);
  out.insert(out.end(), hashes.begin() + static_cast<std::ptrdiff_t>(before),
             hashes.begin() + static_cast<std::ptrdiff_t>(count));
  return out;
}

Result<Proof> Prover::inclusion(std::uint64_t leaf_index) const {
  if (leaf_index >= size_)
    return fail(Errc::invalid, "merkle.proof.index",
                "proof: leaf " + std::to_string(leaf_index) + " is not in a tree of size " + std::to_string(size_));
  return path(0, leaf_index, false);
}

Result<Proof> Prover::consistency(std::uint64_t old_size) const {
  if (old_size > size_)
    return fail(Errc::invalid, "merkle.proof.sizes",
                "proof: size " + std::to_string(old_size) + " is not before size " + std::to_string(size_));
  if (old_size == 0 || old_size == size_) return Proof();
  // RFC 6962's SUBPROOF comes down to the path of the old tree's smallest perfect subtree, with its own hash in
  // front unless it is the whole old tree, whose root the verifier has.
  const unsigned level = static_cast<unsigned>(std::countr_zero(old_size));
  return path(level, (old_size >> level) - 1, !std::has_single_bit(old_size));
}

// ---- batches -------------------------------------------------------------------------------

namespace {

Prover prover_of(HashLevels& levels, std::span<const Digest> leaf_hashes) {
  levels.reserve(leaf_hashes.size());
  for (const Digest& leaf : leaf_hashes) levels.append(leaf);
  Result<Prover> prover = Prover::at(levels, levels.size());
  ENSURE(prover);  // the levels hold the frontier's peaks and all that came after
  return *prover;
}

}  // namespace

BatchProver::BatchProver(const Frontier& before, std::span<const Digest> leaf_hashes)
    : old_size_(before.size()), levels_(before), prover_(prover_of(levels_, leaf_hashes)) {}

Proof BatchProver::inclusion(std::size_t position) const {
  ENSURE(position < tree_size() - old_size_);
  Result<Proof> proof = prover_.inclusion(old_size_ + position);
  ENSURE(proof);
  return std::move(*proof);
}

Proof BatchProver::consistency() const {
  Result<Proof> proof = prover_.consistency(old_size_);
  ENSURE(proof);
  return std::move(*proof);
}

}  // namespace entraide::merkle
