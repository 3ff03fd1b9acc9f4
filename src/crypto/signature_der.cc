// ECDSA signatures in their two spellings: r || s of JOSE, and the DER of OpenSSL and X.509.

#include <cstring>

#include "crypto/openssl.h"

namespace entraide::crypto {
namespace {

// DER of one INTEGER from 32 bytes, without leading zeros but for the sign. Gives how many bytes were written.
std::size_t write_integer(BytesView number, std::uint8_t* to) {
  std::size_t skip = 0;
  while (skip < number.size() - 1 && number[skip] == 0) ++skip;
  const std::size_t sign = (number[skip] & 0x80) != 0 ? 1 : 0;
  const std::size_t size = number.size() - skip + sign;
  to[0] = 0x02;
  to[1] = static_cast<std::uint8_t>(size);
  to[2] = 0;
  std::memcpy(to + 2 + sign, number.data() + skip, number.size() - skip);
  return 2 + size;
}

}  // namespace

DerSignature der_of(BytesView rs) {
  ENSURE(rs.size() == 64);
  DerSignature out;
  std::size_t size = write_integer(rs.first(32), out.bytes.data() + 2);
  size += write_integer(rs.subspan(32), out.bytes.data() + 2 + size);
  out.bytes[0] = 0x30;
  out.bytes[1] = static_cast<std::uint8_t>(size);
  out.size = size + 2;
  return out;
}

Result<Bytes> signature_to_der(BytesView rs) {
  if (rs.size() != 64) return fail(Errc::invalid, "crypto.signature", "signature: must be 64 bytes");
  const DerSignature der = der_of(rs);
  return Bytes(der.bytes.begin(), der.bytes.begin() + static_cast<std::ptrdiff_t>(der.size));
}

Result<Bytes> signature_from_der(BytesView der) {
  const std::uint8_t* at = der.data();
  const QuietErrors quiet;
  const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  Bytes out(64);
  if (signature == nullptr || at != der.data() + der.size() ||
      BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out.data(), 32) != 32 ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out.data() + 32, 32) != 32)
    return fail(Errc::invalid, "crypto.signature", "signature: not an ECDSA signature on P-256");
  return out;
}

}  // namespace entraide::crypto
