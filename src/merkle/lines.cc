#include "merkle/lines.h"

#include "codec/codec.h"

namespace entraide::merkle {

bool LineReader::next(std::string_view& line) {
  const std::size_t end = rest_.find('\n');
  if (end == std::string_view::npos) return false;
  line = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return true;
}

std::optional<std::uint64_t> decimal(std::string_view text, std::uint64_t max) {
  if (text.empty() || text.size() > 20 || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  std::uint64_t out = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return std::nullopt;
    const auto value = static_cast<std::uint64_t>(digit - '0');
    if (value > max || out > (max - value) / 10) return std::nullopt;
    out = out * 10 + value;
  }
  return out;
}

std::optional<Digest> base64_hash(std::string_view text) {
  if (text.size() != 44) return std::nullopt;
  const Result<Bytes> bytes = codec::from_base64(text);
  if (!bytes || bytes->size() != 32) return std::nullopt;
  return codec::hash_from_bytes<Digest>(*bytes);
}

std::string_view read_proof(LineReader& lines, Proof& proof) {
  for (std::string_view line; lines.next(line);) {
    if (line.empty()) return {};
    const std::optional<Digest> hash = base64_hash(line);
    if (!hash) return "a hash is not 32 bytes in base64";
    if (proof.size() == kProofHashesMax) return "over 63 hashes";
    proof.push_back(*hash);
  }
  return "no empty line after the hashes";
}

std::string proof_lines(const Proof& proof) {
  std::string out;
  out.reserve(proof.size() * 45 + 1);
  for (const Digest& hash : proof) out.append(codec::base64(hash.view())).append("\n");
  return out.append("\n");
}

}  // namespace entraide::merkle
