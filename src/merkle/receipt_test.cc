#include "merkle/receipt.h"

#include <algorithm>

#include "crypto/digest.h"
#include "merkle/test_support.h"

using namespace entraide;
using namespace entraide::merkle;
using namespace entraide::merkle::test;

namespace {

struct Golden {
  codec::Json vector = vector_json("ledger.json");
  Digest body_digest = codec::hash_from_bytes<Digest>(MUST(codec::from_hex(vector.find("receipt_bd_hex")->string())));
  std::string proof = vector.find("receipt_tlog_proof")->string();
  Policy policy = MUST(Policy::parse(vector.find("policy")->string()));

  ReceiptVerdict verdict(const std::string& text) const {
    return verify_receipt(body_digest, EntryKind::act, text, policy);
  }
};

// "format entry -inclusion": what was looked at, and with a minus what does not hold.
std::string outline(const ReceiptVerdict& verdict) {
  std::string out;
  for (const ReceiptStep& step : verdict.steps) {
    if (!out.empty()) out += " ";
    if (!step.holds) out += "-";
    out += to_text(step.check);
    CHECK_FALSE(step.words.empty());
  }
  return out;
}

}  // namespace

TEST_CASE("the golden receipt holds, step by step") {
  const Golden golden;
  const ReceiptVerdict verdict = golden.verdict(golden.proof);
  CHECK(outline(verdict) == "format entry inclusion log_signature cosignature quorum");
  CHECK(verdict.logged);
  CHECK(verdict.witnessed);
  REQUIRE(verdict.receipt);
  CHECK(verdict.receipt->leaf_index == 257);
  CHECK(to_text(*verdict.receipt) == golden.proof);
  CHECK(verdict.steps[1].values[1].second == "2026-01-02T03:08:22Z");
  CHECK(verdict.steps[2].words == "the entry is number 257, counted from 0, of 300 in the ledger");
  CHECK(verdict.steps[4].words == "the witness w1 cosigned the checkpoint at 2026-01-02T03:10:00Z");
}

TEST_CASE("our own proof of the golden ledger is the golden proof, byte for byte") {
  const Golden golden;
  const std::vector<Digest> leaves = vector_leaves();
  const HashLevels levels = levels_of(leaves);
  Receipt receipt = MUST(parse_receipt(golden.proof));
  receipt.proof = MUST(MUST(Prover::at(levels, 300)).inclusion(257));
  CHECK(to_text(receipt) == golden.proof);
}

TEST_CASE("a receipt is for its own body, kind and time") {
  const Golden golden;
  const std::string not_included = "format entry -inclusion log_signature cosignature quorum";
  for (const EntryKind kind : {EntryKind::dir, EntryKind::map, EntryKind::note}) {
    const ReceiptVerdict verdict = verify_receipt(golden.body_digest, kind, golden.proof, golden.policy);
    CHECK(outline(verdict) == not_included);
    CHECK_FALSE(verdict.logged);
    CHECK_FALSE(verdict.witnessed);
  }
  const ReceiptVerdict other_body =
      verify_receipt(bytes_of("another body"), EntryKind::act, golden.proof, golden.policy);
  CHECK(outline(other_body) == not_included);
  Receipt later = MUST(parse_receipt(golden.proof));
  ++later.unix_seconds;
  CHECK(outline(golden.verdict(to_text(later))) == not_included);
  Receipt elsewhere = MUST(parse_receipt(golden.proof));
  --elsewhere.leaf_index;
  CHECK(outline(golden.verdict(to_text(elsewhere))) == not_included);
  elsewhere.leaf_index = 300;
  CHECK(outline(golden.verdict(to_text(elsewhere))) == not_included);
  Receipt cut = MUST(parse_receipt(golden.proof));
  cut.proof.pop_back();
  CHECK(outline(golden.verdict(to_text(cut))) == not_included);
}

TEST_CASE("a receipt is worth what its signatures are worth") {
  const Golden golden;
  const std::string policy_text = golden.vector.find("policy")->string();
  const auto verdict_under = [&](const std::string& policy) {
    return verify_receipt(golden.body_digest, EntryKind::act, golden.proof, MUST(Policy::parse(policy)));
  };
  const std::string log_line = policy_text.substr(0, policy_text.find('\n') + 1);

  SUBCASE("no log of that name in the policy") {
    const ReceiptVerdict verdict = verdict_under(with(policy_text, log_line, ""));
    CHECK(outline(verdict) == "format entry inclusion -log_signature cosignature quorum");
    CHECK_FALSE(verdict.logged);
    CHECK_FALSE(verdict.witnessed);
  }
  SUBCASE("a log of that name with another key") {
    const NoteVerifier other("hub.entraide.example/ledger", SignatureType::ed25519, test_key(9).verify_key());
    const std::string line = "log " + other.vkey() + "\n";
    CHECK(outline(verdict_under(with(policy_text, log_line, line))) ==
          "format entry inclusion -log_signature cosignature quorum");
    CHECK(verdict_under(with(policy_text, log_line, line + log_line)).logged);
    CHECK(verdict_under(with(policy_text, log_line, log_line + line)).logged);
  }
  SUBCASE("a witness that did not cosign") {
    const NoteVerifier other("w2.example", SignatureType::cosignature_v1, test_key(9).verify_key());
    const ReceiptVerdict verdict = verdict_under(
        with(policy_text, "quorum w1", "witness w2 " + other.vkey() + "\ngroup both all w1 w2\nquorum both"));
    CHECK(outline(verdict) == "format entry inclusion log_signature cosignature -cosignature -quorum");
    CHECK(verdict.logged);
    CHECK_FALSE(verdict.witnessed);
  }
  SUBCASE("an empty quorum is satisfied by the log alone") {
    const ReceiptVerdict verdict = verdict_under(log_line + "quorum none\n");
    CHECK(outline(verdict) == "format entry inclusion log_signature quorum");
    CHECK(verdict.witnessed);
  }
}

TEST_CASE("one forged signature of a known key spoils the receipt") {
  const Golden golden;
  for (const std::size_t which : {0, 1}) {
    Receipt receipt = MUST(parse_receipt(golden.proof));
    receipt.checkpoint.note.signatures[which].bytes.back() ^= 1;
    const ReceiptVerdict verdict = golden.verdict(to_text(receipt));
    CHECK_FALSE(verdict.logged);
    CHECK_FALSE(verdict.witnessed);
    CHECK(outline(verdict) == (which == 0 ? "format entry inclusion -log_signature cosignature quorum"
                                          : "format entry inclusion log_signature -cosignature -quorum"));
  }
  // A stranger's signature is nobody's business.
  Receipt stray = MUST(parse_receipt(golden.proof));
  stray.checkpoint.note.signatures.push_back({"stranger.example", 1, {1, 2, 3}});
  CHECK(golden.verdict(to_text(stray)).witnessed);
}

TEST_CASE("a checkpoint of a fork does not prove what the fork left out") {
  const Golden golden;
  const auto key = test_key(1);
  const NoteVerifier log("hub.example/ledger", SignatureType::ed25519, key.verify_key());
  const Policy policy = MUST(Policy::parse("log " + log.vkey() + "\nquorum none\n"));
  std::vector<Digest> leaves = vector_leaves();
  Receipt receipt = MUST(parse_receipt(golden.proof));
  receipt.checkpoint = sign_checkpoint({"hub.example/ledger", 300, naive_root(leaves)}, key);
  CHECK(verify_receipt(golden.body_digest, EntryKind::act, to_text(receipt), policy).logged);
  leaves[257] = leaves[256];
  receipt.checkpoint = sign_checkpoint({"hub.example/ledger", 300, naive_root(leaves)}, key);
  CHECK_FALSE(verify_receipt(golden.body_digest, EntryKind::act, to_text(receipt), policy).logged);
}

TEST_CASE("the only entry of a ledger has a proof of no hashes") {
  const auto key = test_key(1);
  const NoteVerifier log("hub.example/ledger", SignatureType::ed25519, key.verify_key());
  const Policy policy = MUST(Policy::parse("log " + log.vkey() + "\nquorum none\n"));
  const Entry entry = {EntryKind::dir, 5, commit(Blind{}, crypto::sha256(bytes_of("genesis")))};
  Receipt receipt{.unix_seconds = 5};
  receipt.checkpoint = sign_checkpoint({"hub.example/ledger", 1, leaf_hash(bytes_of(to_text(entry)))}, key);
  CHECK(verify_receipt(bytes_of("genesis"), EntryKind::dir, to_text(receipt), policy).logged);
  receipt.checkpoint = sign_checkpoint({"hub.example/ledger", 0, empty_root()}, key);
  CHECK(outline(verify_receipt(bytes_of("genesis"), EntryKind::dir, to_text(receipt), policy)) ==
        "format entry -inclusion log_signature quorum");
}

TEST_CASE("what is not a receipt is refused") {
  const Golden golden;
  const std::string& good = golden.proof;
  const std::string extra = good.substr(good.find("extra "), good.find("\nindex") - good.find("extra "));
  const std::size_t hashes_at = good.find("index 257\n") + 10;
  const std::string first_hash = good.substr(hashes_at, 44);
  std::string many = first_hash;
  for (int i = 0; i < 63; ++i) many += "\n" + first_hash;
  Bytes late(40);
  late[32] = 0x01;
  for (const std::string& wrong : {std::string(),
                                   with(good, "@v1", "@v2"),
                                   "\n" + good,
                                   with(good, extra + "\n", ""),
                                   with(good, "extra", "Extra"),
                                   with(good, extra, "extra"),
                                   with(good, extra, "extra AAAA"),
                                   with(good, extra, extra + "="),
                                   with(good, extra, "extra " + codec::base64(Bytes(39))),
                                   with(good, extra, "extra " + codec::base64(Bytes(41))),
                                   with(good, extra, "extra " + codec::base64(late)),
                                   with(good, "index 257\n", ""),
                                   with(good, "index 257", "index 0257"),
                                   with(good, "index 257", "index -1"),
                                   with(good, "index 257", "index"),
                                   with(good, "index 257", "index 9223372036854775808"),
                                   with(good, first_hash, first_hash.substr(1)),
                                   with(good, first_hash, first_hash + "="),
                                   with(good, first_hash, many),
                                   with(good, "\n\n", "\n"),
                                   good.substr(0, hashes_at),
                                   good.substr(0, 10),
                                   std::string(kReceiptBytesMax + 1, 'x')}) {
    CHECK_MESSAGE(testing::rule_of(parse_receipt(wrong)) == "merkle.receipt", wrong.substr(0, 200));
    CHECK(outline(golden.verdict(wrong)) == "-format");
  }
  CHECK(testing::rule_of(parse_receipt(with(good, "\n300\n", "\n0300\n"))) == "merkle.checkpoint");
  CHECK(testing::rule_of(parse_receipt(good.substr(0, good.size() - 1))) == "merkle.note.signature");
}

TEST_CASE("a receipt with any byte flipped is not witnessed") {
  const Golden golden;
  for (std::size_t i = 0; i < golden.proof.size(); ++i) {
    std::string flipped = golden.proof;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    REQUIRE_MESSAGE(!golden.verdict(flipped).witnessed, "byte " << i);
  }
}
