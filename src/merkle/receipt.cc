#include "merkle/receipt.h"

#include "codec/codec.h"
#include "crypto/digest.h"
#include "merkle/lines.h"

namespace entraide::merkle {

namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

}  // namespace

// ---- text ----------------------------------------------------------------------------------

std::string receipt_text(const Blind& blind, std::int64_t unix_seconds, std::uint64_t leaf_index, const Proof& proof,
                         std::string_view note) {
  Bytes extra(blind.value.begin(), blind.value.end());
  codec::append_be64(extra, static_cast<std::uint64_t>(unix_seconds));
  std::string out;
  out.reserve(160 + proof.size() * 45 + note.size());
  out.append(kFirstLine).append("\n").append(kExtra).append(codec::base64(extra));
  out.append("\n").append(kIndex).append(std::to_string(leaf_index)).append("\n");
  return out.append(proof_lines(proof)).append(note);
}

std::string to_text(const Receipt& receipt) {
  return receipt_text(receipt.blind, receipt.unix_seconds, receipt.leaf_index, receipt.proof,
                      to_text(receipt.checkpoint.note));
}

Result<Receipt> parse_receipt(std::string_view text) {
  if (text.size() > kReceiptBytesMax) return fail(Errc::too_large, "merkle.receipt", "receipt: over 264 KiB");
  const auto wrong = [](std::string_view what) {
    return fail(Errc::invalid, "merkle.receipt", "receipt: " + std::string(what));
  };
  LineReader lines(text);
  std::string_view line;
  if (!lines.next(line) || line != kFirstLine)
    return wrong("does not begin with the line \"" + std::string(kFirstLine) + "\"");
  Receipt out;
  if (!lines.next(line) || !line.starts_with(kExtra)) return wrong("no extra line with blind and time");
  const Result<Bytes> extra = codec::from_base64(line.substr(kExtra.size()));
  if (!extra || extra->size() != 32 + 8) return wrong("the extra line is not 40 bytes in base64");
  out.blind = codec::hash_from_bytes<Blind>(BytesView(*extra).first(32));
  const std::uint64_t seconds = codec::read_be64(BytesView(*extra).subspan(32));
  if (seconds > static_cast<std::uint64_t>(kEntrySecondsMax)) return wrong("the time is after the year 9999");
  out.unix_seconds = static_cast<std::int64_t>(seconds);
  if (!lines.next(line) || !line.starts_with(kIndex)) return wrong("no index line");
  const std::optional<std::uint64_t> index = decimal(line.substr(kIndex.size()), kTreeSizeMax);
  if (!index) return wrong("the index is not a number");
  out.leaf_index = *index;
  if (const std::string_view what = read_proof(lines, out.proof); !what.empty()) return wrong(what);
  out.checkpoint = TRY(parse_checkpoint(lines.rest()));
  return out;
}

std::string_view to_text(ReceiptCheck check) {
  switch (check) {
    case ReceiptCheck::format: return "format";
    case ReceiptCheck::entry: return "entry";
    case ReceiptCheck::inclusion: return "inclusion";
    case ReceiptCheck::log_signature: return "log_signature";
    case ReceiptCheck::cosignature: return "cosignature";
    case ReceiptCheck::quorum: return "quorum";
  }
  ENSURE(!"a check of a receipt");
}

// ---- verdict -------------------------------------------------------------------------------

namespace {

ReceiptStep entry_step(const Digest& body_digest, const Entry& entry, const Digest& leaf) {
  const std::string admitted_at = codec::rfc3339(from_seconds(entry.unix_seconds));
  return {.check = ReceiptCheck::entry,
          .holds = true,
          .words = "the entry was made again from the body, its kind, its blind and its time",
          .values = {{"kind", std::string(to_text(entry.kind))},
                     {"admitted_at", admitted_at},
                     {"body_sha256", codec::hex(body_digest.view())},
                     {"commitment", codec::base64(entry.commitment.view())},
                     {"leaf_hash", codec::base64(leaf.view())}}};
}

ReceiptStep inclusion_step(const Receipt& receipt, const Digest& leaf) {
  const Checkpoint& checkpoint = receipt.checkpoint.checkpoint;
  ReceiptStep step{.check = ReceiptCheck::inclusion,
                   .holds = false,
                   .words = {},
                   .values = {{"leaf_index", std::to_string(receipt.leaf_index)},
                              {"tree_size", std::to_string(checkpoint.size)},
                              {"root", codec::base64(checkpoint.root.view())}}};
  const Result<Digest> root = root_of_inclusion(leaf, receipt.leaf_index, checkpoint.size, receipt.proof);
  if (!root) {
    step.words = root.error().message;
    return step;
  }
  step.values.emplace_back("computed_root", codec::base64(root->view()));
  step.holds = *root == checkpoint.root;
  step.words = step.holds ? "the entry is number " + std::to_string(receipt.leaf_index) + ", counted from 0, of " +
                                std::to_string(checkpoint.size) + " in the ledger"
                          : "the hashes do not lead to the checkpoint's root: this is not the body, kind, time or "
                            "place that was logged";
  return step;
}

ReceiptStep log_step(const SignedCheckpoint& checkpoint, const Policy& policy) {
  const std::string& origin = checkpoint.checkpoint.origin;
  ReceiptStep step{.check = ReceiptCheck::log_signature,
                   .holds = false,
                   .words = "the policy names no log " + origin,
                   .values = {{"origin", origin}}};
  for (const PolicyLog& log : policy.logs()) {
    if (log.key.name() != origin) continue;
    const Result<Checkpoint> verified = verify_checkpoint(checkpoint, log.key);
    if (verified) {
      step.holds = true;
      step.words = "the log " + origin + " signed the checkpoint";
      step.values.emplace_back("key", log.key.vkey());
      continue;
    }
    if (verified.error().rule == "merkle.note.forged") {
      step.holds = false;
      step.words = verified.error().message;
      return step;
    }
    if (!step.holds) step.words = "the log " + origin + " did not sign the checkpoint with a key of the policy";
  }
  return step;
}

struct WitnessStep {
  ReceiptStep step;
  bool forged = false;
};

WitnessStep witness_step(const SignedCheckpoint& checkpoint, const PolicyWitness& witness) {
  WitnessStep out{.step = {.check = ReceiptCheck::cosignature,
                           .holds = false,
                           .words = "the witness " + witness.name + " did not cosign",
                           .values = {{"witness", witness.name}, {"key", witness.key.vkey()}}}};
  const Result<std::optional<VerifiedSignature>> verified = verify_note(checkpoint.note, witness.key);
  if (!verified) {
    out.forged = true;
    out.step.words = "the cosignature in the name of witness " + witness.name + " does not hold";
  } else if (*verified) {
    const std::int64_t seconds = *(**verified).unix_seconds;
    const std::string at = seconds <= kEntrySecondsMax ? codec::rfc3339(from_seconds(seconds))
                                                       : std::to_string(seconds) + " seconds after 1970";
    out.step.holds = true;
    out.step.words = "the witness " + witness.name + " cosigned the checkpoint at " + at;
    out.step.values.emplace_back("cosigned_at", at);
  }
  return out;
}

ReceiptStep quorum_step(const Policy& policy, const std::vector<bool>& cosigned) {
  const QuorumVerdict verdict = policy.evaluate(cosigned);
  ReceiptStep step{.check = ReceiptCheck::quorum, .holds = verdict.holds, .words = {}, .values = {}};
  for (const QuorumLine& line : verdict.lines)
    step.values.emplace_back(line.name, std::to_string(line.have) + " of " + std::to_string(line.of) + ", needs " +
                                            std::to_string(line.need));
  if (policy.quorum().empty()) step.words = "the policy asks for no witness";
  else if (verdict.holds) step.words = "enough witnesses cosigned: " + policy.quorum() + " is satisfied";
  else step.words = "not enough witnesses cosigned: " + policy.quorum() + " is not satisfied";
  return step;
}

}  // namespace

ReceiptVerdict verify_receipt(const Digest& body_digest, EntryKind kind, std::string_view proof_text,
                              const Policy& policy) {
  ReceiptVerdict out;
  Result<Receipt> parsed = parse_receipt(proof_text);
  if (!parsed) {
    out.steps.push_back({ReceiptCheck::format, false, parsed.error().message});
    return out;
  }
  out.receipt = std::move(*parsed);
  const Receipt& receipt = *out.receipt;
  out.steps.push_back({ReceiptCheck::format, true, "the text is a receipt"});

  const Entry entry{kind, receipt.unix_seconds, commit(receipt.blind, body_digest)};
  const Digest leaf = leaf_hash(bytes_of(to_text(entry)));
  out.steps.push_back(entry_step(body_digest, entry, leaf));
  out.steps.push_back(inclusion_step(receipt, leaf));
  const bool included = out.steps.back().holds;
  out.steps.push_back(log_step(receipt.checkpoint, policy));
  const bool log_signed = out.steps.back().holds;

  // "If a signature from a known key fails to verify, clients SHOULD reject the whole note." (signed-note)
  bool forged = false;
  std::vector<bool> cosigned;
  for (const PolicyWitness& witness : policy.witnesses()) {
    WitnessStep step = witness_step(receipt.checkpoint, witness);
    forged = forged || step.forged;
    cosigned.push_back(step.step.holds);
    out.steps.push_back(std::move(step.step));
  }
  out.steps.push_back(quorum_step(policy, cosigned));
  const bool quorum = out.steps.back().holds;
  out.logged = included && log_signed && !forged;
  out.witnessed = out.logged && quorum;
  return out;
}

ReceiptVerdict verify_receipt(BytesView body, EntryKind kind, std::string_view proof_text, const Policy& policy) {
  return verify_receipt(crypto::sha256(body), kind, proof_text, policy);
}

}  // namespace entraide::merkle
