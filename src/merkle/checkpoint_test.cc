#include "merkle/checkpoint.h"

#include "merkle/test_support.h"

using namespace entraide;
using namespace entraide::merkle;
using namespace entraide::merkle::test;

TEST_CASE("the golden checkpoint is that of its log, cosigned by its witness") {
  const codec::Json vector = vector_json("ledger.json");
  const std::string text = vector.find("checkpoint")->string();
  const SignedCheckpoint checkpoint = MUST(parse_checkpoint(text));
  CHECK(to_text(checkpoint.note) == text);
  CHECK(to_text(checkpoint.checkpoint) == checkpoint.note.text);
  const Checkpoint verified =
      MUST(verify_checkpoint(checkpoint, MUST(NoteVerifier::parse(vector.find("log_vkey")->string()))));
  CHECK(verified.size == 300);
  CHECK(codec::hex(verified.root.view()) == vector.find("roots_hex")->find("300")->string());
  const NoteVerifier witness = MUST(NoteVerifier::parse(vector.find("witness_vkey")->string()));
  CHECK(MUST(verify_note(checkpoint.note, witness))->unix_seconds == 1767323400);
}

TEST_CASE("a checkpoint is three lines") {
  const Checkpoint checkpoint = {"hub.example/ledger", 7, leaf_hash(bytes_of("x"))};
  const std::string good = to_text(checkpoint);
  CHECK(MUST(parse_checkpoint_text(good)) == checkpoint);
  const std::string root = codec::base64(checkpoint.root.view());
  for (const std::string& wrong : {std::string(),
                                   good.substr(0, good.size() - 1),
                                   good + "extension\n",
                                   good + "\n",
                                   with(good, "hub.example/ledger", ""),
                                   with(good, "hub.example", "hub example"),
                                   with(good, "hub.", "hub+"),
                                   with(good, "\n7\n", "\n07\n"),
                                   with(good, "\n7\n", "\n+7\n"),
                                   with(good, "\n7\n", "\n-7\n"),
                                   with(good, "\n7\n", "\n\n"),
                                   with(good, "\n7\n", "\n7 \n"),
                                   with(good, "\n7\n", "\n9223372036854775808\n"),
                                   with(good, "\n7\n", "\n18446744073709551623\n"),
                                   with(good, "\n7\n", "\n0\n"),
                                   with(good, root, ""),
                                   with(good, root, root.substr(0, 43)),
                                   with(good, root, root + "="),
                                   with(good, root, root.substr(4)),
                                   with(good, root, codec::hex(checkpoint.root.view()))})
    CHECK_MESSAGE(testing::rule_of(parse_checkpoint_text(wrong)) == "merkle.checkpoint", wrong);
  CHECK(parse_checkpoint_text(with(good, "\n7\n", "\n9223372036854775807\n")));
  CHECK(parse_checkpoint_text(to_text(Checkpoint{"hub.example/ledger", 0, empty_root()})));
}

TEST_CASE("a checkpoint of another log, unsigned, or changed after signing is not believed") {
  const auto key = test_key(1);
  const Checkpoint checkpoint = {"hub.example/ledger", 7, leaf_hash(bytes_of("x"))};
  const SignedCheckpoint good = sign_checkpoint(checkpoint, key);
  const NoteVerifier log("hub.example/ledger", SignatureType::ed25519, key.verify_key());
  CHECK(MUST(verify_checkpoint(good, log)) == checkpoint);
  CHECK(MUST(verify_checkpoint(MUST(parse_checkpoint(to_text(good.note))), log)) == checkpoint);

  const NoteVerifier other_name("other.example/ledger", SignatureType::ed25519, key.verify_key());
  CHECK(testing::rule_of(verify_checkpoint(good, other_name)) == "merkle.checkpoint.origin");
  const NoteVerifier other_key("hub.example/ledger", SignatureType::ed25519, test_key(2).verify_key());
  CHECK(testing::rule_of(verify_checkpoint(good, other_key)) == "merkle.checkpoint.unsigned");
  for (const auto& [what, by] : std::vector<std::pair<std::string, std::string>>{
           {"\n7\n", "\n8\n"}, {codec::base64(checkpoint.root.view()), codec::base64(empty_root().view())}}) {
    const SignedCheckpoint changed = MUST(parse_checkpoint(with(to_text(good.note), what, by)));
    CHECK(testing::rule_of(verify_checkpoint(changed, log)) == "merkle.note.forged");
  }
}
