#include "merkle/witness.h"

#include <algorithm>

#include "merkle/lines.h"

namespace entraide::merkle {

std::string to_text(const AddCheckpoint& request) {
  return "old " + std::to_string(request.old_size) + "\n" + proof_lines(request.proof) +
         to_text(request.checkpoint.note);
}

Result<AddCheckpoint> parse_add_checkpoint(std::string_view body) {
  const auto wrong = [](std::string_view what) {
    return fail(Errc::invalid, "merkle.witness.request", "add-checkpoint: " + std::string(what));
  };
  LineReader lines(body);
  std::string_view line;
  if (!lines.next(line) || !line.starts_with("old ")) return wrong("does not begin with the old size");
  const std::optional<std::uint64_t> old_size = decimal(line.substr(4), kTreeSizeMax);
  if (!old_size) return wrong("the old size is not a number");
  AddCheckpoint out;
  out.old_size = *old_size;
  if (const std::string_view what = read_proof(lines, out.proof); !what.empty()) return wrong(what);
  out.checkpoint = TRY(parse_checkpoint(lines.rest()));
  if (out.old_size > out.checkpoint.checkpoint.size) return wrong("the old size is larger than the checkpoint's");
  return out;
}

Result<std::uint64_t> parse_conflict(std::string_view body) {
  LineReader lines(body);
  std::string_view line;
  std::optional<std::uint64_t> size;
  if (lines.next(line) && lines.at_end()) size = decimal(line, kTreeSizeMax);
  if (!size) return fail(Errc::invalid, "merkle.witness.size", "witness: the answer is not one line with a size");
  return *size;
}

std::string conflict_text(std::uint64_t size) { return std::to_string(size) + "\n"; }

Result<std::int64_t> add_cosignature(SignedCheckpoint& to, std::string_view answer, const NoteVerifier& witness) {
  ENSURE(witness.type() == SignatureType::cosignature_v1);
  Note said{.text = to.note.text, .signatures = TRY(parse_signature_lines(answer))};
  const std::optional<VerifiedSignature> verified = TRY(verify_note(said, witness));
  if (!verified)
    return fail(Errc::not_authentic, "merkle.witness.silent", "witness: no cosignature by " + witness.name());
  const auto by_witness = [&](const NoteSignature& signature) {
    return signature.name == witness.name() && signature.id == witness.id();
  };
  std::erase_if(to.note.signatures, by_witness);
  if (to.note.signatures.size() >= kNoteSignaturesMax)
    return fail(Errc::too_large, "merkle.note.size", "witness: the checkpoint has no room for another cosignature");
  to.note.signatures.push_back(*std::find_if(said.signatures.begin(), said.signatures.end(), by_witness));
  return *verified->unix_seconds;
}

}  // namespace entraide::merkle
