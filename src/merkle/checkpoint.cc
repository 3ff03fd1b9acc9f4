#include "merkle/checkpoint.h"

#include "codec/codec.h"
#include "merkle/lines.h"

namespace entraide::merkle {

std::string to_text(const Checkpoint& checkpoint) {
  ENSURE(is_key_name(checkpoint.origin));
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" + codec::base64(checkpoint.root.view()) +
         "\n";
}

Result<Checkpoint> parse_checkpoint_text(std::string_view text) {
  const auto wrong = [](std::string_view what) {
    return fail(Errc::invalid, "merkle.checkpoint", "checkpoint: " + std::string(what));
  };
  LineReader lines(text);
  std::string_view origin, size_line, root_line;
  if (!lines.next(origin) || !lines.next(size_line) || !lines.next(root_line) || !lines.at_end())
    return wrong("not three lines that end in newline");
  if (!is_key_name(origin)) return wrong("the origin is empty or has spaces");
  const std::optional<std::uint64_t> size = decimal(size_line, kTreeSizeMax);
  if (!size) return wrong("the size is not a number");
  const std::optional<Digest> root = base64_hash(root_line);
  if (!root) return wrong("the root is not 32 bytes in base64");
  if (*size == 0 && *root != empty_root()) return wrong("an empty tree has another root");
  return Checkpoint{std::string(origin), *size, *root};
}

Result<SignedCheckpoint> parse_checkpoint(std::string_view text) {
  Note note = TRY(parse_note(text));
  Checkpoint checkpoint = TRY(parse_checkpoint_text(note.text));
  return SignedCheckpoint{std::move(checkpoint), std::move(note)};
}

SignedCheckpoint sign_checkpoint(const Checkpoint& checkpoint, const crypto::LogSigningKey& key) {
  Note note{.text = to_text(checkpoint), .signatures = {}};
  note.signatures.push_back(sign_note(note.text, checkpoint.origin, key));
  return {checkpoint, std::move(note)};
}

Result<Checkpoint> verify_checkpoint(const SignedCheckpoint& signed_checkpoint, const NoteVerifier& log) {
  ENSURE(log.type() == SignatureType::ed25519);
  if (signed_checkpoint.checkpoint.origin != log.name())
    return fail(Errc::not_authentic, "merkle.checkpoint.origin",
                "checkpoint: is of log " + signed_checkpoint.checkpoint.origin + ", not of " + log.name());
  const std::optional<VerifiedSignature> signature = TRY(verify_note(signed_checkpoint.note, log));
  if (!signature)
    return fail(Errc::not_authentic, "merkle.checkpoint.unsigned", "checkpoint: not signed by " + log.name());
  return signed_checkpoint.checkpoint;
}

}  // namespace entraide::merkle
