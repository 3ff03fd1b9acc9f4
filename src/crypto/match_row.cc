// The rows of oprf.h: what a holder lays out, and what a hit opens.

#include <algorithm>

#include "codec/codec.h"
#include "crypto/oprf.h"
#include "crypto/secretbox.h"

namespace entraide::crypto {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kPointerBytes = 32;
constexpr std::uint8_t kPointerVersion = 1;

std::string row_context(std::string_view country, std::string_view epoch) {
  return "entraide/row/v1\n" + std::string(country) + "\n" + std::string(epoch);
}
BytesView row_key(const OprfOutput& output) { return BytesView(output).subspan(32); }

}  // namespace

std::uint16_t match_bucket(const OprfOutput& output) { return codec::read_be16(output); }

Bytes seal_row(const OprfOutput& output, const MatchPointer& pointer, std::string_view country,
               std::string_view epoch, Random& random) {
  Bytes text = {kPointerVersion, pointer.hit_class};
  append(text, pointer.reference);
  codec::append_be32(text, pointer.expiry_day);
  text.resize(kPointerBytes);
  Bytes row = random.bytes(kNonceBytes);
  const Bytes sealed = aes256gcm_encrypt(row_key(output), row, bytes_of(row_context(country, epoch)), text);
  append(row, sealed);
  ENSURE(row.size() == kMatchRowBytes);
  return row;
}

Result<MatchPointer> open_row(const OprfOutput& output, BytesView row, std::string_view country,
                              std::string_view epoch) {
  const auto not_ours = [] { return fail(Errc::not_authentic, "match.row", "row: not for this value, or altered"); };
  if (row.size() != kMatchRowBytes) return not_ours();
  const auto opened = aes256gcm_decrypt(row_key(output), row.first(kNonceBytes),
                                        bytes_of(row_context(country, epoch)), row.subspan(kNonceBytes));
  if (!opened) return not_ours();
  const BytesView text = opened->view();
  const BytesView spare = text.subspan(22);
  if (text[0] != kPointerVersion || std::any_of(spare.begin(), spare.end(), [](std::uint8_t b) { return b != 0; }))
    return fail(Errc::invalid, "match.pointer", "row: of a version that is not known here");
  MatchPointer out;
  out.hit_class = text[1];
  std::copy_n(text.begin() + 2, out.reference.size(), out.reference.begin());
  out.expiry_day = codec::read_be32(text.subspan(18));
  return out;
}

}  // namespace entraide::crypto
