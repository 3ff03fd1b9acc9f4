// Every text of the ledger that comes from outside: notes, checkpoints, verifier keys, policies, receipts, entries,
// what a log and a witness say to each other, the key map's proofs. What is accepted must read back to the same
// text, for two readers must never see two things in one.

#include "codec/json.h"
#include "merkle/merkle.h"

using namespace entraide;
using namespace entraide::merkle;

namespace {

template <class T>
void reads_back(const Result<T>& parsed, std::string_view text) {
  if (parsed) ENSURE(to_text(*parsed) == text);
}

/// The policy of the golden ledger (tests/vectors/ledger.json), so that its receipt gets through to the signatures.
const Policy& golden_policy() {
  static const Policy policy = [] {
    Result<Policy> parsed = Policy::parse(
        "log hub.entraide.example/ledger+af17ec7d+Afhyc8s/ArpTYRubn8EwhdYiTM8NOolGcQjbwPo5r4El\n"
        "witness w1 witness.ncb-fr.example/w1+47002caf+BDXIsVVzdmRrKqKcSO1m9P1LlTsyz3ZC/glBQx31Rzrw\n"
        "quorum w1\n");
    ENSURE(parsed);
    return std::move(*parsed);
  }();
  return policy;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of({data, size});
  reads_back(parse_note(text), text);
  reads_back(parse_checkpoint_text(text), text);
  reads_back(parse_entry(text), text);
  reads_back(parse_map_entry(text), text);
  reads_back(parse_add_checkpoint(text), text);
  reads_back(parse_receipt(text), text);
  if (const auto checkpoint = parse_checkpoint(text)) ENSURE(to_text(checkpoint->note) == text);
  if (const auto key = NoteVerifier::parse(text)) ENSURE(key->vkey() == text);
  if (const auto conflict = parse_conflict(text)) ENSURE(conflict_text(*conflict) == text);
  if (const auto lines = parse_signature_lines(text)) {
    std::string again;
    for (const NoteSignature& signature : *lines) again += to_line(signature);
    ENSURE(again == text);
  }
  if (const auto policy = Policy::parse(text)) {
    ENSURE(policy->evaluate(std::vector<bool>(policy->witnesses().size(), true)).holds);
    ENSURE(policy->evaluate(std::vector<bool>(policy->witnesses().size())).holds == policy->quorum().empty());
  }
  if (const auto json = codec::parse_json(text))
    if (const auto proof = map_proof_from_json(*json)) {
      const auto again = map_proof_from_json(to_json(*proof));
      ENSURE(again && *again == *proof);
      (void)verify_map_proof(empty_root(), map_key(Subject("org")), *proof);
    }
  const ReceiptVerdict verdict = verify_receipt(Digest{}, EntryKind::act, text, golden_policy());
  ENSURE(!verdict.logged);  // the golden receipt is for another body
  return 0;
}
