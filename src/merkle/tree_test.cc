#include "merkle/tree.h"

#include "merkle/test_support.h"

using namespace entraide;
using namespace entraide::merkle;
using namespace entraide::merkle::test;

TEST_CASE("roots are those of the golden ledger") {
  const codec::Json vector = vector_json("ledger.json");
  const std::vector<Digest> leaves = vector_leaves();
  REQUIRE(leaves.size() == 300);
  CHECK(to_text(vector_entries()[0]) == vector.find("entry_0")->string());
  CHECK(codec::hex(leaves[0].view()) == vector.find("leaf_0_hex")->string());
  Frontier frontier;
  std::size_t compared = 0;
  for (std::size_t size = 0; size <= leaves.size(); ++size) {
    if (const codec::Json* root = vector.find("roots_hex")->find(std::to_string(size))) {
      CHECK(codec::hex(frontier.root().view()) == root->string());
      ++compared;
    }
    if (size < leaves.size()) frontier.append(leaves[size]);
  }
  CHECK(compared == vector.find("roots_hex")->members().size());
}

TEST_CASE("a leaf and a node of the same bytes have different hashes") {
  const Digest left = leaf_hash(bytes_of("left"));
  const Digest right = leaf_hash(bytes_of("right"));
  Bytes both(left.value.begin(), left.value.end());
  append(both, right.view());
  CHECK(node_hash(left, right) != leaf_hash(both));
  CHECK(node_hash(left, right) != node_hash(right, left));
}

TEST_CASE("the frontier states the root that the definition gives, at every size") {
  INFO("seed ", seed());
  SeededRandom random(seed());
  const std::vector<Digest> leaves = random_hashes(random, 600);
  Frontier frontier;
  CHECK(frontier.root() == empty_root());
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    frontier.append(leaves[size - 1]);
    REQUIRE(frontier.size() == size);
    REQUIRE(frontier.root() == naive_root(Hashes(leaves).first(size)));
  }
}

TEST_CASE("a frontier is kept as bytes and goes on from there") {
  INFO("seed ", seed());
  SeededRandom random(seed());
  const std::vector<Digest> leaves = random_hashes(random, 300);
  Frontier frontier;
  for (const Digest& leaf : leaves) {
    const Bytes bytes = frontier.serialise();
    REQUIRE(bytes.size() == 8 + 32 * static_cast<std::size_t>(std::popcount(frontier.size())));
    Frontier read = MUST(Frontier::parse(bytes));
    REQUIRE(read == frontier);
    read.append(leaf);
    frontier.append(leaf);
    REQUIRE(read.root() == frontier.root());
  }
  CHECK(frontier != Frontier());
}

TEST_CASE("bytes that are no frontier are refused") {
  Frontier frontier;
  frontier.append(leaf_hash(bytes_of("one")));
  const Bytes good = frontier.serialise();
  CHECK(Frontier::parse(good));
  Bytes longer = good, shorter = good, other_size = good, too_large = good, empty;
  longer.push_back(0);
  shorter.pop_back();
  other_size[7] = 3;
  too_large[0] = 0x80;  // 2^63 + 1
  for (const Bytes& wrong : {longer, shorter, other_size, too_large, empty})
    CHECK(testing::rule_of(Frontier::parse(wrong)) == "merkle.frontier");
}

TEST_CASE("an inclusion proof holds for its own leaf, place, size and root only") {
  INFO("seed ", seed());
  SeededRandom random(seed());
  for (std::size_t size = 1; size <= 70; ++size) {
    const std::vector<Digest> leaves = random_hashes(random, size);
    const Digest root = naive_root(leaves);
    for (std::size_t index = 0; index < size; ++index) {
      const Proof proof = naive_inclusion(index, leaves);
      REQUIRE(verify_inclusion(leaves[index], index, size, proof, root));
      CHECK(testing::rule_of(verify_inclusion(random_hash(random), index, size, proof, root)) == "merkle.proof.root");
      CHECK(testing::rule_of(verify_inclusion(leaves[index], index, size, proof, random_hash(random))) ==
            "merkle.proof.root");
      for (std::size_t other = 0; other < size; ++other)
        if (other != index) REQUIRE(!verify_inclusion(leaves[index], other, size, proof, root));
    }
  }
}

TEST_CASE("an inclusion proof that was tampered with is refused") {
  SeededRandom random(seed());
  const std::vector<Digest> leaves = random_hashes(random, 21);
  const Digest root = naive_root(leaves);
  const Proof good = naive_inclusion(6, leaves);
  const auto verdict = [&](std::uint64_t index, std::uint64_t size, const Proof& proof) {
    return testing::rule_of(verify_inclusion(leaves[6], index, size, proof, root));
  };
  CHECK(verdict(6, 21, good) == "accepted");
  CHECK(verdict(21, 21, good) == "merkle.proof.index");
  CHECK(verdict(22, 21, good) == "merkle.proof.index");
  CHECK(verdict(0, 0, {}) == "merkle.proof.index");

  Proof cut = good;
  cut.pop_back();
  CHECK(verdict(6, 21, cut) == "merkle.proof.length");
  CHECK(verdict(6, 21, {}) == "merkle.proof.length");
  Proof headless(good.begin() + 1, good.end());
  CHECK(verdict(6, 21, headless) == "merkle.proof.length");
  Proof longer = good;
  longer.push_back(good.back());
  CHECK(verdict(6, 21, longer) == "merkle.proof.length");
  Proof swapped = good;
  std::swap(swapped[0], swapped[1]);
  CHECK(verdict(6, 21, swapped) == "merkle.proof.root");
  // The neighbour's proof has the sibling on the other side.
  CHECK(verdict(6, 21, naive_inclusion(7, leaves)) == "merkle.proof.root");
  for (Digest& hash : swapped) hash.value[31] ^= 1;
  CHECK(verdict(6, 21, swapped) == "merkle.proof.root");
}

TEST_CASE("a consistency proof holds for its own sizes and roots only") {
  INFO("seed ", seed());
  SeededRandom random(seed());
  const std::vector<Digest> leaves = random_hashes(random, 66);
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    const Digest root = naive_root(Hashes(leaves).first(size));
    for (std::size_t old_size = 1; old_size <= size; ++old_size) {
      const Digest old_root = naive_root(Hashes(leaves).first(old_size));
      const Proof proof = naive_subproof(old_size, Hashes(leaves).first(size), true);
      REQUIRE(verify_consistency(old_size, old_root, size, root, proof));
      REQUIRE(!verify_consistency(old_size, random_hash(random), size, root, proof));
      REQUIRE(!verify_consistency(old_size, old_root, size, random_hash(random), proof));
      if (old_size == size) continue;
      CHECK(testing::rule_of(verify_consistency(size, root, old_size, old_root, proof)) == "merkle.proof.sizes");
      Proof cut = proof;
      cut.pop_back();
      REQUIRE(!verify_consistency(old_size, old_root, size, root, cut));
      Proof longer = proof;
      longer.push_back(root);
      REQUIRE(testing::rule_of(verify_consistency(old_size, old_root, size, root, longer)) == "merkle.proof.length");
      for (std::size_t i = 0; i < proof.size(); ++i) {
        Proof flipped = proof;
        flipped[i].value[i % 32] ^= 0x10;
        REQUIRE(!verify_consistency(old_size, old_root, size, root, flipped));
      }
    }
  }
}

TEST_CASE("between a tree and a fork of it there is no consistency") {
  SeededRandom random(seed());
  std::vector<Digest> leaves = random_hashes(random, 40);
  const Digest old_root = naive_root(Hashes(leaves).first(25));
  leaves[24].value[0] ^= 1;  // the fork: one entry changed after it was promised
  const Digest forked_root = naive_root(leaves);
  const Proof proof = naive_subproof(25, leaves, true);
  CHECK(testing::rule_of(verify_consistency(25, old_root, 40, forked_root, proof)) == "merkle.proof.old_root");
}

TEST_CASE("from nothing and between equal sizes the proof is empty") {
  const Digest one = leaf_hash(bytes_of("one"));
  const Digest two = leaf_hash(bytes_of("two"));
  const auto verdict = [](std::uint64_t old_size, const Digest& old_root, std::uint64_t size, const Digest& root,
                          const Proof& proof) {
    return testing::rule_of(verify_consistency(old_size, old_root, size, root, proof));
  };
  CHECK(verdict(0, empty_root(), 0, empty_root(), {}) == "accepted");
  CHECK(verdict(0, empty_root(), 1, one, {}) == "accepted");
  CHECK(verdict(1, one, 1, one, {}) == "accepted");
  CHECK(verdict(0, one, 1, one, {}) == "merkle.proof.old_root");
  CHECK(verdict(0, empty_root(), 0, one, {}) == "merkle.proof.root");
  CHECK(verdict(0, one, 0, one, {}) == "merkle.proof.old_root");
  CHECK(verdict(1, one, 1, two, {}) == "merkle.proof.old_root");
  CHECK(verdict(0, empty_root(), 1, one, {one}) == "merkle.proof.length");
  CHECK(verdict(1, one, 1, one, {one}) == "merkle.proof.length");
  CHECK(verdict(1, one, 2, node_hash(one, two), {}) == "merkle.proof.length");
  CHECK(verdict(1, one, 2, node_hash(one, two), {two}) == "accepted");
  CHECK(verdict(1, one, 0, empty_root(), {}) == "merkle.proof.sizes");
}
