#include "merkle/note.h"

#include <algorithm>

#include "codec/codec.h"
#include "crypto/digest.h"
#include "merkle/lines.h"

namespace entraide::merkle {

namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // em dash, space
constexpr std::size_t kKeyNameBytesMax = 255;
constexpr std::size_t kKeyIdBytes = 4;
constexpr std::uint64_t kCosignedSecondsMax = (std::uint64_t{1} << 63) - 1;

// Unicode's white space in UTF-8. No character's bytes occur inside those of others, so looking for them is
// looking for the characters.
constexpr std::string_view kSpaces[] = {" ",
                                        "\xc2\x85",
                                        "\xc2\xa0",
                                        "\xe1\x9a\x80",
                                        "\xe2\x80\x80",
                                        "\xe2\x80\x81",
                                        "\xe2\x80\x82",
                                        "\xe2\x80\x83",
                                        "\xe2\x80\x84",
                                        "\xe2\x80\x85",
                                        "\xe2\x80\x86",
                                        "\xe2\x80\x87",
                                        "\xe2\x80\x88",
                                        "\xe2\x80\x89",
                                        "\xe2\x80\x8a",
                                        "\xe2\x80\xa8",
                                        "\xe2\x80\xa9",
                                        "\xe2\x80\xaf",
                                        "\xe2\x81\x9f",
                                        "\xe3\x80\x80"};

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20; }

std::unexpected<Error> bad_vkey(std::string_view what) {
  return fail(Errc::invalid, "merkle.vkey", "verifier key: " + std::string(what));
}

std::string cosigned_text(std::string_view text, std::uint64_t seconds) {
  return "cosignature/v1\ntime " + std::to_string(seconds) + "\n" + std::string(text);
}

Result<NoteSignature> parse_line(std::string_view line) {
  const auto wrong = [](std::string_view what) {
    return fail(Errc::invalid, "merkle.note.signature", "note: " + std::string(what));
  };
  if (!line.starts_with(kDash)) return wrong("a signature line does not begin with a dash and a space");
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return wrong("a signature line has no signature");
  NoteSignature out;
  out.name = line.substr(0, space);
  if (!is_key_name(out.name)) return wrong("a signature line has no key name");
  const Result<Bytes> bytes = codec::from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() <= kKeyIdBytes) return wrong("a signature is not a key id and a signature in base64");
  out.id = codec::read_be32(BytesView(*bytes).first(kKeyIdBytes));
  out.bytes.assign(bytes->begin() + kKeyIdBytes, bytes->end());
  return out;
}

}  // namespace

// ---- keys ----------------------------------------------------------------------------------

NoteKeyId note_key_id(std::string_view name, SignatureType type, BytesView public_key) {
  const auto type_byte = static_cast<std::uint8_t>(type);
  const Digest hash = crypto::sha256(name, std::string_view("\n"), BytesView(&type_byte, 1), public_key);
  return codec::read_be32(hash.view().first(kKeyIdBytes));
}

bool is_key_name(std::string_view name) {
  return !name.empty() && name.size() <= kKeyNameBytesMax && codec::is_utf8(name) &&
         name.find('+') == std::string_view::npos && std::none_of(name.begin(), name.end(), is_control) &&
         std::none_of(std::begin(kSpaces), std::end(kSpaces),
                      [&](std::string_view space) { return name.find(space) != std::string_view::npos; });
}

NoteVerifier::NoteVerifier(std::string name, SignatureType type, crypto::LogVerifyKey key)
    : name_(std::move(name)), type_(type), key_(std::move(key)), id_(note_key_id(name_, type_, key_.raw())) {
  ENSURE(is_key_name(name_));
}

Result<NoteVerifier> NoteVerifier::parse(std::string_view vkey) {
  const std::size_t first = vkey.find('+');
  const std::size_t second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == std::string_view::npos) return bad_vkey("not <name>+<key id>+<key>");
  const std::string_view name = vkey.substr(0, first);
  if (!is_key_name(name)) return bad_vkey("the name is empty or has spaces");
  const Result<Bytes> bytes = codec::from_base64(vkey.substr(second + 1));
  if (!bytes || bytes->empty()) return bad_vkey("the key is not base64");
  const std::uint8_t type_byte = bytes->front();
  if (type_byte != static_cast<std::uint8_t>(SignatureType::ed25519) &&
      type_byte != static_cast<std::uint8_t>(SignatureType::cosignature_v1))
    return bad_vkey("signatures of type " + std::to_string(type_byte) + " are not known here");
  Result<crypto::LogVerifyKey> key = crypto::LogVerifyKey::from_raw(BytesView(*bytes).subspan(1));
  if (!key) return bad_vkey("the key is not an Ed25519 key of 32 bytes");
  NoteVerifier out(std::string(name), static_cast<SignatureType>(type_byte), std::move(*key));
  if (out.vkey() != vkey) return bad_vkey("the key id does not fit name and key");
  return out;
}

std::string NoteVerifier::vkey() const {
  Bytes id;
  codec::append_be32(id, id_);
  Bytes key = {static_cast<std::uint8_t>(type_)};
  append(key, BytesView(key_.raw()));
  return name_ + "+" + codec::hex(id) + "+" + codec::base64(key);
}

// ---- text ----------------------------------------------------------------------------------

Result<Note> parse_note(std::string_view note) {
  if (note.size() > kNoteBytesMax) return fail(Errc::too_large, "merkle.note.size", "note: over 256 KiB");
  const auto wrong = [](std::string_view what) {
    return fail(Errc::invalid, "merkle.note", "note: " + std::string(what));
  };
  if (!codec::is_utf8(note)) return wrong("not UTF-8");
  if (std::any_of(note.begin(), note.end(), [](char c) { return is_control(c) && c != '\n'; }))
    return wrong("has a control character");
  const std::size_t end = note.rfind("\n\n");
  if (end == std::string_view::npos) return wrong("no empty line before the signatures");
  Note out;
  out.text = note.substr(0, end + 1);
  out.signatures = TRY(parse_signature_lines(note.substr(end + 2)));
  return out;
}

Result<std::vector<NoteSignature>> parse_signature_lines(std::string_view text) {
  if (text.size() > kNoteBytesMax) return fail(Errc::too_large, "merkle.note.size", "note: over 256 KiB");
  const auto wrong = [](std::string_view what) {
    return fail(Errc::invalid, "merkle.note.signature", "note: " + std::string(what));
  };
  std::vector<NoteSignature> out;
  LineReader lines(text);
  for (std::string_view line; lines.next(line);) {
    if (out.size() == kNoteSignaturesMax)
      return fail(Errc::too_large, "merkle.note.size", "note: over 64 signatures");
    NoteSignature signature = TRY(parse_line(line));
    for (const NoteSignature& other : out)
      if (other.name == signature.name && other.id == signature.id) return wrong("two signatures of one key");
    out.push_back(std::move(signature));
  }
  if (!lines.at_end()) return wrong("the last signature line does not end in newline");
  if (out.empty()) return wrong("no signature");
  return out;
}

std::string to_line(const NoteSignature& signature) {
  Bytes bytes;
  codec::append_be32(bytes, signature.id);
  append(bytes, signature.bytes);
  return std::string(kDash) + signature.name + " " + codec::base64(bytes) + "\n";
}

std::string to_text(const Note& note) {
  std::string out = note.text + "\n";
  for (const NoteSignature& signature : note.signatures) out += to_line(signature);
  return out;
}

// ---- signatures ----------------------------------------------------------------------------

NoteSignature sign_note(std::string_view text, std::string_view name, const crypto::LogSigningKey& key) {
  ENSURE(is_key_name(name));
  const auto signature = key.sign(bytes_of(text));
  return {std::string(name), note_key_id(name, SignatureType::ed25519, key.verify_key().raw()),
          Bytes(signature.begin(), signature.end())};
}

NoteSignature cosign_note(std::string_view text, std::string_view name, const crypto::LogSigningKey& key,
                          std::int64_t unix_seconds) {
  ENSURE(is_key_name(name) && unix_seconds >= 0);
  const auto seconds = static_cast<std::uint64_t>(unix_seconds);
  const std::string signed_text = cosigned_text(text, seconds);
  Bytes bytes;
  codec::append_be64(bytes, seconds);
  append(bytes, BytesView(key.sign(bytes_of(signed_text))));
  return {std::string(name), note_key_id(name, SignatureType::cosignature_v1, key.verify_key().raw()),
          std::move(bytes)};
}

Result<std::optional<VerifiedSignature>> verify_note(const Note& note, const NoteVerifier& verifier) {
  const auto found = std::ranges::find_if(note.signatures, [&](const NoteSignature& signature) {
    return signature.name == verifier.name() && signature.id == verifier.id();
  });
  if (found == note.signatures.end()) return std::optional<VerifiedSignature>();

  const auto forged = [&] {
    return fail(Errc::not_authentic, "merkle.note.forged",
                "note: the signature by " + verifier.name() + " does not hold");
  };
  const BytesView bytes = found->bytes;
  VerifiedSignature out;
  if (verifier.type() == SignatureType::ed25519) {
    if (!verifier.key().verify(bytes_of(note.text), bytes)) return forged();
  } else {
    if (bytes.size() != 8 + 64) return forged();
    const std::uint64_t seconds = codec::read_be64(bytes.first(8));
    if (seconds > kCosignedSecondsMax) return forged();
    const std::string signed_text = cosigned_text(note.text, seconds);
    if (!verifier.key().verify(bytes_of(signed_text), bytes.subspan(8))) return forged();
    out.unix_seconds = static_cast<std::int64_t>(seconds);
  }
  return std::optional(out);
}

}  // namespace entraide::merkle
