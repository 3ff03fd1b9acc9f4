#pragma once

// Signed notes (c2sp.org/signed-note):
//
//   <text, each line ending in newline>
//   <empty line>
//   — <key name> <base64 of: key id, 4 bytes; signature>\n      one or more
//
// UTF-8, no control characters but newline. The text ends at the last empty line. A verifier key (vkey) is
// `<name>+<key id, 8 hex digits>+<base64 of: type, 1 byte; public key>`.

#include <optional>

#include "base/ids.h"
#include "crypto/keys.h"

namespace entraide::merkle {

constexpr std::size_t kNoteBytesMax = 256 << 10;
constexpr std::size_t kNoteSignaturesMax = 64;

enum class SignatureType : std::uint8_t {
  ed25519 = 0x01,         // over the text
  cosignature_v1 = 0x04,  // Ed25519 over "cosignature/v1\ntime <t>\n" then the text (c2sp.org/tlog-cosignature)
};

/// The first 4 bytes of SHA-256 over name, newline, type, public key.
using NoteKeyId = std::uint32_t;
NoteKeyId note_key_id(std::string_view name, SignatureType type, BytesView public_key);

/// Whether a text may name a key: not empty, UTF-8, no Unicode space, no control character, no plus.
bool is_key_name(std::string_view name);

/// Somebody whose signatures are known: a log (ed25519) or a witness (cosignature_v1).
class NoteVerifier {
 public:
  /// Rule: merkle.vkey.
  static Result<NoteVerifier> parse(std::string_view vkey);
  NoteVerifier(std::string name, SignatureType type, crypto::LogVerifyKey key);

  const std::string& name() const { return name_; }
  SignatureType type() const { return type_; }
  NoteKeyId id() const { return id_; }
  const crypto::LogVerifyKey& key() const { return key_; }
  std::string vkey() const;

 private:
  std::string name_;
  SignatureType type_;
  crypto::LogVerifyKey key_;
  NoteKeyId id_;
};

struct NoteSignature {
  std::string name;
  NoteKeyId id = 0;
  Bytes bytes;  // what follows the key id
  bool operator==(const NoteSignature&) const = default;
};

struct Note {
  std::string text;  // ends in newline
  std::vector<NoteSignature> signatures;
  bool operator==(const Note&) const = default;
};

/// Strict and bounded. Signatures of any key and type are kept; two by one key are refused.
/// Rules: merkle.note, merkle.note.signature, merkle.note.size.
Result<Note> parse_note(std::string_view note);
std::string to_text(const Note& note);

/// One signature line, newline included, as a witness answers it; and reading such lines.
std::string to_line(const NoteSignature& signature);
Result<std::vector<NoteSignature>> parse_signature_lines(std::string_view lines);

/// `name` is a key name: the caller's promise.
NoteSignature sign_note(std::string_view text, std::string_view name, const crypto::LogSigningKey& key);
/// `unix_seconds` is not negative: the caller's promise.
NoteSignature cosign_note(std::string_view text, std::string_view name, const crypto::LogSigningKey& key,
                          std::int64_t unix_seconds);

/// What a signature says, once it is known to hold.
struct VerifiedSignature {
  std::optional<std::int64_t> unix_seconds;  // of a cosignature
};
/// The signature of that verifier on the note: nothing where there is none; a failure where there is one
/// that does not hold, for then the whole note is not to be believed. Rule: merkle.note.forged.
Result<std::optional<VerifiedSignature>> verify_note(const Note& note, const NoteVerifier& verifier);

}  // namespace entraide::merkle
