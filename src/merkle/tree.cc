#include "merkle/tree.h"

#include <bit>
#include <cstring>

#include "codec/codec.h"
#include "crypto/digest.h"

namespace entraide::merkle {

namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;
constexpr std::uint8_t kNodePrefix = 0x01;

bool is_odd(std::uint64_t number) { return (number & 1) != 0; }

std::unexpected<Error> too_long(const Proof& proof) {
  return fail(Errc::not_authentic, "merkle.proof.length",
              "proof: " + std::to_string(proof.size()) + " hashes, more than the tree has levels");
}

}  // namespace

Digest leaf_hash(BytesView entry) { return crypto::sha256(BytesView(&kLeafPrefix, 1), entry); }

Digest node_hash(const Digest& left, const Digest& right) {
  // One piece instead of three: most of the time of a short hash goes into being called.
  std::array<std::uint8_t, 1 + 32 + 32> bytes;
  bytes[0] = kNodePrefix;
  std::memcpy(bytes.data() + 1, left.value.data(), 32);
  std::memcpy(bytes.data() + 33, right.value.data(), 32);
  return crypto::sha256(BytesView(bytes));
}

Digest empty_root() { return crypto::sha256(BytesView()); }

// ---- frontier ------------------------------------------------------------------------------

Digest Frontier::root() const {
  if (size_ == 0) return empty_root();
  unsigned level = static_cast<unsigned>(std::countr_zero(size_));
  Digest root = peaks_[level];
  for (++level; level < peaks_.size(); ++level)
    if ((size_ >> level & 1) != 0) root = node_hash(peaks_[level], root);
  return root;
}

void Frontier::append(const Digest& leaf_hash) {
  ENSURE(size_ < kTreeSizeMax);
  // As in adding one to a binary number: every bit that is carried over joins two perfect subtrees.
  Digest carried = leaf_hash;
  unsigned level = 0;
  for (; (size_ >> level & 1) != 0; ++level) carried = node_hash(peaks_[level], carried);
  peaks_[level] = carried;
  ++size_;
}

const Digest& Frontier::peak(unsigned level) const {
  ENSURE(level < peaks_.size() && (size_ >> level & 1) != 0);
  return peaks_[level];
}

Bytes Frontier::serialise() const {
  Bytes out;
  codec::append_be64(out, size_);
  for (std::size_t level = peaks_.size(); level-- > 0;)
    if ((size_ >> level & 1) != 0) entraide::append(out, peaks_[level].view());
  return out;
}

Result<Frontier> Frontier::parse(BytesView bytes) {
  Frontier out;
  if (bytes.size() >= 8) out.size_ = codec::read_be64(bytes.first(8));
  if (bytes.size() < 8 || out.size_ > kTreeSizeMax ||
      bytes.size() != 8 + 32 * static_cast<std::size_t>(std::popcount(out.size_)))
    return fail(Errc::invalid, "merkle.frontier",
                "frontier: " + std::to_string(bytes.size()) + " bytes do not fit the size that they begin with");
  BytesView rest = bytes.subspan(8);
  for (std::size_t level = out.peaks_.size(); level-- > 0;) {
    if ((out.size_ >> level & 1) == 0) continue;
    out.peaks_[level] = codec::hash_from_bytes<Digest>(rest.first(32));
    rest = rest.subspan(32);
  }
  return out;
}

bool Frontier::operator==(const Frontier& other) const {
  if (size_ != other.size_) return false;
  for (std::size_t level = 0; level < peaks_.size(); ++level)
    if ((size_ >> level & 1) != 0 && peaks_[level] != other.peaks_[level]) return false;
  return true;
}

// ---- verification: numbered as in RFC 9162, quoted ------------------------------------------

Result<Digest> root_of_inclusion(const Digest& leaf, std::uint64_t leaf_index, std::uint64_t tree_size,
                                 const Proof& proof) {
  // "1. Compare leaf_index from the inclusion_proof_v2 structure against tree_size. If leaf_index is greater
  //     than or equal to tree_size, then fail the proof verification."
  if (leaf_index >= tree_size)
    return fail(Errc::not_authentic, "merkle.proof.index",
                "proof: leaf " + std::to_string(leaf_index) + " is not below size " + std::to_string(tree_size));
  // "2. Set fn to leaf_index and sn to tree_size - 1."
  std::uint64_t fn = leaf_index;
  std::uint64_t sn = tree_size - 1;
  // "3. Set r to hash."
  Digest r = leaf;
  // "4. For each value p in the inclusion_path array:"
  for (const Digest& p : proof) {
    // "a. If sn is 0, then stop the iteration and fail the proof verification."
    if (sn == 0) return too_long(proof);
    // "b. If LSB(fn) is set, or if fn is equal to sn, then:"
    if (is_odd(fn) || fn == sn) {
      // "i. Set r to HASH(0x01 || p || r)."
      r = node_hash(p, r);
      // "ii. If LSB(fn) is not set, then right-shift both fn and sn equally until either LSB(fn) is set or
      //      fn is 0."
      while (!is_odd(fn) && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      // "Otherwise: i. Set r to HASH(0x01 || r || p)."
      r = node_hash(r, p);
    }
    // "c. Finally, right-shift both fn and sn one time."
    fn >>= 1;
    sn >>= 1;
  }
  // "5. Compare sn to 0. Compare r against the root_hash. If sn is equal to 0 and r and the root_hash are
  //     equal, then the log has proven the inclusion of hash. Otherwise, fail the proof verification."
  if (sn != 0)
    return fail(Errc::not_authentic, "merkle.proof.length",
                "proof: " + std::to_string(proof.size()) + " hashes do not reach the root of a tree of size " +
                    std::to_string(tree_size));
  return r;
}

Result<> verify_inclusion(const Digest& leaf, std::uint64_t leaf_index, std::uint64_t tree_size, const Proof& proof,
                          const Digest& root) {
  const Digest r = TRY(root_of_inclusion(leaf, leaf_index, tree_size, proof));
  if (r != root)  // the last comparison of step 5
    return fail(Errc::not_authentic, "merkle.proof.root",
                "proof: leaf " + std::to_string(leaf_index) + " leads to another root than that of size " +
                    std::to_string(tree_size));
  return {};
}

Result<> verify_consistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size,
                            const Digest& new_root, const Proof& proof) {
  if (old_size > new_size)
    return fail(Errc::not_authentic, "merkle.proof.sizes",
                "proof: size " + std::to_string(old_size) + " is not before size " + std::to_string(new_size));
  // The RFC's steps are for 0 < first < second; at either end there is nothing to prove, and no hash to prove
  // it with (c2sp.org/tlog-witness: "The proof MUST be empty if the old size is zero").
  if (old_size == 0 || old_size == new_size) {
    if (!proof.empty()) return too_long(proof);
    if (old_root != (old_size == 0 ? empty_root() : new_root))
      return fail(Errc::not_authentic, "merkle.proof.old_root",
                  "proof: two different roots for size " + std::to_string(old_size));
    if (new_size == 0 && new_root != empty_root())
      return fail(Errc::not_authentic, "merkle.proof.root", "proof: an empty tree has another root");
    return {};
  }
  // "1. If consistency_path is an empty array, stop and fail the proof verification."
  if (proof.empty())
    return fail(Errc::not_authentic, "merkle.proof.length",
                "proof: no hash between size " + std::to_string(old_size) + " and size " + std::to_string(new_size));
  // "2. If first is an exact power of 2, then prepend first_hash to the consistency_path array."
  const bool prepended = std::has_single_bit(old_size);
  // "3. Set fn to first - 1 and sn to second - 1."
  std::uint64_t fn = old_size - 1;
  std::uint64_t sn = new_size - 1;
  // "4. If LSB(fn) is set, then right-shift both fn and sn equally until LSB(fn) is not set."
  while (is_odd(fn)) {
    fn >>= 1;
    sn >>= 1;
  }
  // "5. Set both fr and sr to the first value in the consistency_path array."
  Digest fr = prepended ? old_root : proof.front();
  Digest sr = fr;
  // "6. For each subsequent value c in the consistency_path array:"
  for (std::size_t i = prepended ? 0 : 1; i < proof.size(); ++i) {
    const Digest& c = proof[i];
    // "a. If sn is 0, then stop the iteration and fail the proof verification."
    if (sn == 0) return too_long(proof);
    // "b. If LSB(fn) is set, or if fn is equal to sn, then:"
    if (is_odd(fn) || fn == sn) {
      // "i. Set fr to HASH(0x01 || c || fr)."
      fr = node_hash(c, fr);
      // "ii. Set sr to HASH(0x01 || c || sr)."
      sr = node_hash(c, sr);
      // "iii. If LSB(fn) is not set, then right-shift both fn and sn equally until either LSB(fn) is set or
      //       fn is 0."
      while (!is_odd(fn) && fn != 0) {
        fn >>= 1;
        sn >>= 1;
      }
    } else {
      // "Otherwise: i. Set sr to HASH(0x01 || sr || c)."
      sr = node_hash(sr, c);
    }
    // "c. Finally, right-shift both fn and sn one time."
    fn >>= 1;
    sn >>= 1;
  }
  // "7. After completing iterating through the consistency_path array as described above, verify that the fr
  //     calculated is equal to the first_hash supplied, that the sr calculated is equal to the second_hash
  //     supplied, and that sn is 0."
  if (sn != 0)
    return fail(Errc::not_authentic, "merkle.proof.length",
                "proof: " + std::to_string(proof.size()) + " hashes do not reach the root of size " +
                    std::to_string(new_size));
  if (fr != old_root)
    return fail(Errc::not_authentic, "merkle.proof.old_root",
                "proof: does not lead to the root of size " + std::to_string(old_size));
  if (sr != new_root)
    return fail(Errc::not_authentic, "merkle.proof.root",
                "proof: does not lead to the root of size " + std::to_string(new_size));
  return {};
}

}  // namespace entraide::merkle
