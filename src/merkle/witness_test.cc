#include "merkle/witness.h"

#include "merkle/test_support.h"

using namespace entraide;
using namespace entraide::merkle;
using namespace entraide::merkle::test;

namespace {

SignedCheckpoint checkpoint_of(Hashes leaves) {
  return sign_checkpoint({"hub.example/ledger", leaves.size(), naive_root(leaves)}, test_key(1));
}

}  // namespace

TEST_CASE("a witness reads what a log asks, and the proof in it holds") {
  SeededRandom random(1);
  const std::vector<Digest> leaves = random_hashes(random, 50);
  const HashLevels levels = levels_of(leaves);
  const AddCheckpoint asked = {20, MUST(MUST(Prover::at(levels, 50)).consistency(20)), checkpoint_of(leaves)};
  const AddCheckpoint read = MUST(parse_add_checkpoint(to_text(asked)));
  CHECK(read.old_size == 20);
  CHECK(read.proof == asked.proof);
  CHECK(read.checkpoint.note == asked.checkpoint.note);
  CHECK(
      verify_consistency(20, naive_root(Hashes(leaves).first(20)), 50, read.checkpoint.checkpoint.root, read.proof));
  const AddCheckpoint first = {0, {}, checkpoint_of(leaves)};
  CHECK(MUST(parse_add_checkpoint(to_text(first))).proof.empty());
}

TEST_CASE("what is not a request to a witness is refused") {
  const std::vector<Digest> leaves(3);
  const std::string good = to_text(AddCheckpoint{2, {leaf_hash(bytes_of("x"))}, checkpoint_of(leaves)});
  REQUIRE(parse_add_checkpoint(good));
  const std::string hash = codec::base64(leaf_hash(bytes_of("x")).view());
  std::string many = hash;
  for (int i = 0; i < 63; ++i) many += "\n" + hash;
  for (const std::string& wrong :
       {std::string(), std::string("old 2"), std::string("old 2\n"), with(good, "old ", ""),
        with(good, "old ", "old  "), with(good, "old 2", "old 02"), with(good, "old 2", "old -2"),
        with(good, "old 2", "old 4"), with(good, "old 2", "new 2"), with(good, hash, hash.substr(1)),
        with(good, hash, many), with(good, hash + "\n\n", hash + "\n")})
    CHECK_MESSAGE(testing::rule_of(parse_add_checkpoint(wrong)) == "merkle.witness.request", wrong);
  CHECK(testing::rule_of(parse_add_checkpoint(good.substr(0, good.size() - 1))) == "merkle.note.signature");
  CHECK(testing::rule_of(parse_add_checkpoint(with(good, "\n3\n", "\n03\n"))) == "merkle.checkpoint");
}

TEST_CASE("a 409 answer is one size") {
  CHECK(MUST(parse_conflict("0\n")) == 0);
  CHECK(MUST(parse_conflict(conflict_text(20852014))) == 20852014);
  for (const std::string_view wrong :
       {"", "\n", "7", "7\n\n", "07\n", " 7\n", "-7\n", "7 \n", "7\n8\n", "seven\n", "9223372036854775808\n"})
    CHECK_MESSAGE(testing::rule_of(parse_conflict(wrong)) == "merkle.witness.size", wrong);
}

TEST_CASE("a cosignature is checked before it is taken, and takes the place of an older one") {
  const std::vector<Digest> leaves(3);
  SignedCheckpoint checkpoint = checkpoint_of(leaves);
  const auto key = test_key(4);
  const NoteVerifier witness("witness.example/w1", SignatureType::cosignature_v1, key.verify_key());
  const auto answer = [&](std::string_view text, std::int64_t seconds) {
    return to_line(cosign_note(text, witness.name(), key, seconds));
  };
  const std::string stray = to_line({"stray.example", 5, {1, 2, 3}});
  CHECK(MUST(add_cosignature(checkpoint, stray + answer(checkpoint.note.text, 1000), witness)) == 1000);
  CHECK(checkpoint.note.signatures.size() == 2);
  CHECK(MUST(add_cosignature(checkpoint, answer(checkpoint.note.text, 2000), witness)) == 2000);
  CHECK(checkpoint.note.signatures.size() == 2);
  const SignedCheckpoint again = MUST(parse_checkpoint(to_text(checkpoint.note)));
  CHECK(MUST(verify_note(again.note, witness))->unix_seconds == 2000);

  const SignedCheckpoint before = checkpoint;
  CHECK(testing::rule_of(add_cosignature(checkpoint, stray, witness)) == "merkle.witness.silent");
  CHECK(testing::rule_of(add_cosignature(checkpoint, answer("another text\n", 1), witness)) == "merkle.note.forged");
  CHECK(testing::rule_of(add_cosignature(checkpoint, "", witness)) == "merkle.note.signature");
  CHECK(testing::rule_of(add_cosignature(checkpoint, "no\n", witness)) == "merkle.note.signature");
  CHECK(checkpoint.note == before.note);

  for (std::uint32_t i = 2; i < kNoteSignaturesMax; ++i) checkpoint.note.signatures.push_back({"other", i, {1}});
  CHECK(add_cosignature(checkpoint, answer(checkpoint.note.text, 3000), witness));  // has its place already
  const NoteVerifier second("witness.example/w2", SignatureType::cosignature_v1, test_key(5).verify_key());
  const std::string line = to_line(cosign_note(checkpoint.note.text, second.name(), test_key(5), 1));
  CHECK(testing::rule_of(add_cosignature(checkpoint, line, second)) == "merkle.note.size");
}
