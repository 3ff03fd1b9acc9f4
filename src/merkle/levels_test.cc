#include "merkle/levels.h"

#include "merkle/test_support.h"

using namespace entraide;
using namespace entraide::merkle;
using namespace entraide::merkle::test;

TEST_CASE("the prover makes the proofs that the definition gives, at every small size") {
  INFO("seed ", seed());
  SeededRandom random(seed());
  const std::vector<Digest> leaves = random_hashes(random, 67);
  const HashLevels levels = levels_of(leaves);
  CHECK(MUST(Prover::at(levels, 0)).root() == empty_root());
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    const Hashes tree = Hashes(leaves).first(size);
    const Prover prover = MUST(Prover::at(levels, size));
    REQUIRE(prover.root() == naive_root(tree));
    for (std::size_t index = 0; index < size; ++index)
      REQUIRE(MUST(prover.inclusion(index)) == naive_inclusion(index, tree));
    for (std::size_t old_size = 1; old_size <= size; ++old_size)
      REQUIRE(MUST(prover.consistency(old_size)) == naive_subproof(old_size, tree, true));
    REQUIRE(MUST(prover.consistency(0)).empty());
  }
}

TEST_CASE("in trees of any size all proofs hold, and none with a flipped bit") {
  INFO("seed ", seed());
  SeededRandom random(seed());
  for (int round = 0; round < 12; ++round) {
    const std::uint64_t size = 1 + below(random, 5000);
    INFO("size ", size);
    const std::vector<Digest> leaves = random_hashes(random, size);
    const HashLevels levels = levels_of(leaves);
    const Prover prover = MUST(Prover::at(levels, size));
    const Digest root = naive_root(leaves);
    REQUIRE(prover.root() == root);
    REQUIRE(levels.frontier().root() == root);
    for (int i = 0; i < 60; ++i) {
      const std::uint64_t index = below(random, size);
      Proof proof = MUST(prover.inclusion(index));
      REQUIRE(verify_inclusion(leaves[index], index, size, proof, root));
      const std::uint64_t old_size = 1 + below(random, size);
      const Digest old_root = MUST(Prover::at(levels, old_size)).root();
      Proof between = MUST(prover.consistency(old_size));
      REQUIRE(verify_consistency(old_size, old_root, size, root, between));
      for (Proof* each : {&proof, &between}) {
        if (each->empty()) continue;
        Digest& hash = (*each)[below(random, each->size())];
        hash.value[below(random, 32)] ^= static_cast<std::uint8_t>(1 << below(random, 8));
        if (each == &proof) REQUIRE(!verify_inclusion(leaves[index], index, size, proof, root));
        else REQUIRE(!verify_consistency(old_size, old_root, size, root, between));
      }
    }
  }
}

TEST_CASE("a prover says no to what is not in the tree") {
  const HashLevels levels = levels_of(std::vector<Digest>(10));
  const Prover prover = MUST(Prover::at(levels, 10));
  CHECK(prover.inclusion(9));
  CHECK(testing::rule_of(prover.inclusion(10)) == "merkle.proof.index");
  CHECK(testing::rule_of(MUST(Prover::at(levels, 0)).inclusion(0)) == "merkle.proof.index");
  CHECK(testing::rule_of(prover.consistency(11)) == "merkle.proof.sizes");
  CHECK(testing::rule_of(Prover::at(levels, 11)) == "merkle.hash.missing");
  CHECK(Prover::at(levels, 9));
}

TEST_CASE("a batch's proofs come out of the frontier before it alone") {
  INFO("seed ", seed());
  SeededRandom random(seed());
  for (int round = 0; round < 60; ++round) {
    const std::uint64_t old_size = round < 10 ? static_cast<std::uint64_t>(round) : below(random, 3000);
    const std::uint64_t count = 1 + below(random, 256);
    const std::vector<Digest> leaves = random_hashes(random, old_size + count);
    Frontier before;
    for (std::uint64_t i = 0; i < old_size; ++i) before.append(leaves[i]);
    const BatchProver batch(before, Hashes(leaves).subspan(old_size));
    const HashLevels all = levels_of(leaves);
    const Prover prover = MUST(Prover::at(all, leaves.size()));
    INFO("old size ", old_size, ", batch of ", count);
    REQUIRE(batch.old_size() == old_size);
    REQUIRE(batch.tree_size() == leaves.size());
    REQUIRE(batch.root() == prover.root());
    REQUIRE(batch.frontier() == all.frontier());
    REQUIRE(batch.consistency() == MUST(prover.consistency(old_size)));
    for (std::size_t i = 0; i < count; ++i) REQUIRE(batch.inclusion(i) == MUST(prover.inclusion(old_size + i)));
  }
}

TEST_CASE("an empty batch leaves the tree as it is") {
  Frontier before;
  before.append(leaf_hash(bytes_of("one")));
  const BatchProver batch(before, {});
  CHECK(batch.root() == before.root());
  CHECK(batch.frontier() == before);
  CHECK(batch.consistency().empty());
  CHECK(BatchProver(Frontier(), {}).root() == empty_root());
}

TEST_CASE("levels that begin at a frontier do not know what was before it") {
  SeededRandom random(3);
  const std::vector<Digest> leaves = random_hashes(random, 12);
  Frontier before;
  for (std::size_t i = 0; i < 6; ++i) before.append(leaves[i]);
  HashLevels levels(before);
  for (std::size_t i = 6; i < 12; ++i) levels.append(leaves[i]);
  const Prover prover = MUST(Prover::at(levels, 12));
  CHECK(prover.root() == naive_root(leaves));
  CHECK(MUST(prover.inclusion(6)) == naive_inclusion(6, leaves));
  CHECK(testing::rule_of(prover.inclusion(0)) == "merkle.hash.missing");
}
