#include "crypto/content.h"

#include <bit>

#include "codec/codec.h"
#include "crypto/digest.h"

namespace entraide::crypto {
namespace {

constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kBeforeDocument = kSaltBytes + 4;
constexpr std::size_t kPlaintextBytesMin = 1024;

std::size_t plaintext_size(std::size_t document_size) {
  return std::max(kPlaintextBytesMin, padme(kBeforeDocument + document_size));
}

}  // namespace

// E = floor(log2 L), S = floor(log2 E) + 1, z = E - S: the last z bits of the size become zero, rounding up.
std::size_t padme(std::size_t size) {
  ENSURE(size >= 2);
  const int e = std::bit_width(size) - 1;
  const int s = std::bit_width(static_cast<unsigned>(e));
  const std::size_t mask = (std::size_t{1} << (e - s)) - 1;
  return (size + mask) & ~mask;
}

Digest content_commitment(BytesView plaintext) { return sha256("entraide/content/v1\n", plaintext); }

Result<PackedContent> pack_content(BytesView document, Random& random) {
  if (document.size() > kDocumentBytesMax)
    return fail(Errc::too_large, "content.size", "document: larger than 1 MiB; send it as a file");
  Bytes plaintext;
  plaintext.reserve(plaintext_size(document.size()));  // so that growing leaves no copy behind
  plaintext.resize(kSaltBytes);
  random.fill(plaintext);
  codec::append_be32(plaintext, static_cast<std::uint32_t>(document.size()));
  append(plaintext, document);
  plaintext.resize(plaintext_size(document.size()));
  const Digest commitment = content_commitment(plaintext);
  return PackedContent{SecretBytes(std::move(plaintext)), commitment};
}

Result<SecretBytes> unpack_content(BytesView plaintext, const Digest& commitment) {
  if (!equal_in_constant_time(content_commitment(plaintext).view(), commitment.view()))
    return fail(Errc::not_authentic, "content.commitment",
                "sealed content: not the content that the signed act commits to");
  const auto wrong = [](const std::string& what) {
    return fail(Errc::invalid, "content.form", "sealed content: " + what);
  };
  if (plaintext.size() < kPlaintextBytesMin) return wrong("too short");
  const std::size_t size = codec::read_be32(plaintext.subspan(kSaltBytes));
  if (size > kDocumentBytesMax || plaintext_size(size) != plaintext.size())
    return wrong("its length does not fit its padded size");
  const BytesView document = plaintext.subspan(kBeforeDocument, size);
  const BytesView padding = plaintext.subspan(kBeforeDocument + size);
  if (std::any_of(padding.begin(), padding.end(), [](std::uint8_t byte) { return byte != 0; }))
    return wrong("its padding is not zero");
  return SecretBytes(Bytes(document.begin(), document.end()));
}

}  // namespace entraide::crypto
