#include "crypto/escrow.h"

#include <array>
#include <cstring>

#include "crypto/digest.h"
#include "crypto/secretbox.h"

namespace entraide::crypto {
namespace {

constexpr std::size_t kSecretBytes = 32;
const std::array<std::uint8_t, 12> kZeroNonce{};  // each key seals one box only

SecretBytes box_key(BytesView secret) {
  Digest512 key = hmac_sha512(secret, bytes_of("entraide/escrow/v1\n"));
  SecretBytes out(Bytes(key.begin(), key.begin() + 32));
  explicit_bzero(key.data(), key.size());
  return out;
}

std::string bound_to(std::string_view authority, std::int64_t generation) {
  return std::string(authority) + "\n" + std::to_string(generation);
}

// ---- GF(2^8) modulo x^8 + x^4 + x^3 + x + 1; no table and no branch depends on a secret ------

std::uint8_t multiply(std::uint8_t a, std::uint8_t b) {
  std::uint8_t product = 0;
  for (int bit = 0; bit < 8; ++bit) {
    product ^= static_cast<std::uint8_t>(-(b & 1) & a);
    const auto carry = static_cast<std::uint8_t>(-(a >> 7) & 0x1b);
    a = static_cast<std::uint8_t>((a << 1) ^ carry);
    b = static_cast<std::uint8_t>(b >> 1);
  }
  return product;
}

// a^254 = a^-1, since a^255 = 1.
std::uint8_t inverse(std::uint8_t a) {
  std::uint8_t out = 1;
  for (int bit = 7; bit >= 0; --bit) {
    out = multiply(out, out);
    if ((254 >> bit & 1) != 0) out = multiply(out, a);
  }
  return out;
}

// `count` different x-coordinates, none of them zero: at zero lies the secret.
std::vector<std::uint8_t> pick_coordinates(std::size_t count, Random& random) {
  std::array<bool, 256> taken{};
  std::vector<std::uint8_t> out;
  while (out.size() < count) {
    const std::uint8_t x = random.bytes(1)[0];
    if (x == 0 || taken[x]) continue;
    taken[x] = true;
    out.push_back(x);
  }
  return out;
}

}  // namespace

Bytes seal_escrow(BytesView secret, std::string_view authority, std::int64_t generation, BytesView ring_plaintext) {
  ENSURE(secret.size() == kSecretBytes);
  return aes256gcm_encrypt(box_key(secret).view(), kZeroNonce, bytes_of(bound_to(authority, generation)),
                           ring_plaintext);
}

Result<SecretBytes> open_escrow(BytesView secret, std::string_view authority, std::int64_t generation,
                                BytesView box) {
  if (secret.size() != kSecretBytes)
    return fail(Errc::invalid, "escrow.secret",
                "escrow: the joined secret is not 32 bytes; are these shares of a ring?");
  return aes256gcm_decrypt(box_key(secret).view(), kZeroNonce, bytes_of(bound_to(authority, generation)), box);
}

Result<std::vector<SecretBytes>> split_secret(BytesView secret, std::size_t threshold, std::size_t shares,
                                              Random& random) {
  if (threshold < 2 || threshold > shares || shares > 255 || secret.empty())
    return fail(Errc::invalid, "shamir.threshold", "shares: must be 2 <= threshold <= shares <= 255");
  const auto coordinates = pick_coordinates(shares, random);
  std::vector<SecretBytes> out;
  for (const std::uint8_t x : coordinates) {
    out.emplace_back(secret.size() + 1);
    out.back().span().back() = x;
  }
  // For each byte its own random polynomial of degree threshold - 1 whose value at zero is that byte (Horner).
  SecretBytes coefficients(threshold);
  for (std::size_t i = 0; i < secret.size(); ++i) {
    random.fill(coefficients.span().subspan(1));
    coefficients.span()[0] = secret[i];
    for (SecretBytes& share : out) {
      const std::uint8_t x = share.view().back();
      std::uint8_t y = 0;
      for (std::size_t k = threshold; k-- > 0;) y = multiply(y, x) ^ coefficients.view()[k];
      share.span()[i] = y;
    }
  }
  return out;
}

Result<SecretBytes> join_secret(std::span<const SecretBytes> shares) {
  if (shares.size() < 2 || shares.size() > 255 || shares[0].size() < 2)
    return fail(Errc::invalid, "shamir.shares", "shares: at least two are needed");
  const std::size_t size = shares[0].size() - 1;
  std::array<bool, 256> seen{};
  for (const SecretBytes& share : shares) {
    if (share.size() != size + 1) return fail(Errc::invalid, "shamir.shares", "shares: not all of one size");
    const std::uint8_t x = share.view().back();
    if (x == 0 || std::exchange(seen[x], true)) return fail(Errc::invalid, "shamir.x", "shares: one is there twice");
  }
  // Lagrange at zero: the weight of share j is the product over the others m of x_m / (x_m - x_j).
  SecretBytes out(size);
  for (std::size_t j = 0; j < shares.size(); ++j) {
    const std::uint8_t xj = shares[j].view().back();
    std::uint8_t weight = 1;
    for (std::size_t m = 0; m < shares.size(); ++m) {
      if (m == j) continue;
      const std::uint8_t xm = shares[m].view().back();
      weight = multiply(weight, multiply(xm, inverse(xm ^ xj)));
    }
    for (std::size_t i = 0; i < size; ++i) out.span()[i] ^= multiply(weight, shares[j].view()[i]);
  }
  return out;
}

}  // namespace entraide::crypto
