#pragma once

// Blind matching: the verifiable oblivious pseudorandom function of RFC 9497 (mode 1, ristretto255-SHA512), and the
// rows that its outputs open. The asker learns F(x) for its own x; the holder of the key learns neither x nor F(x).

#include <array>
#include <span>

#include "base/random.h"

namespace entraide::crypto {

using OprfElement = std::array<std::uint8_t, 32>;  // an encoded ristretto255 point
using OprfOutput = std::array<std::uint8_t, 64>;

/// x = "entraide/match/v1\n" || kind || "\n" || normal form.
Bytes match_input(std::string_view kind, std::string_view normal_form);

/// A holder's key for one epoch. Any thread.
class OprfKey {
 public:
  /// RFC 9497 section 3.2.1, DeriveKeyPair. `seed` is 32 bytes. Rule: oprf.seed.
  static Result<OprfKey> derive(BytesView seed, std::string_view info);
  const OprfElement& public_key() const { return public_; }
  BytesView secret() const { return secret_.view(); }
  /// F(x) directly, for filling the holder's own table. Rule: oprf.input.
  Result<OprfOutput> evaluate(BytesView input) const;
  /// Evaluates 1 to 50 blinded elements and proves with one proof that it was with this key.
  /// Rules: oprf.element, oprf.count.
  struct Evaluation {
    std::vector<OprfElement> elements;
    std::array<std::uint8_t, 64> proof;  // c || s
  };
  Result<Evaluation> evaluate_blinded(std::span<const OprfElement> blinded, Random& random) const;

 private:
  OprfKey() : secret_(std::size_t{32}) {}
  SecretBytes secret_;
  OprfElement public_{};
};

/// One question, blinded. `blind` stays with the asker.
struct BlindedInput {
  Bytes input;
  SecretBytes blind;
  OprfElement element;
};
/// Rule: oprf.input (at most 65,535 bytes, and one that does not hash to the identity).
Result<BlindedInput> blind(BytesView input, Random& random);
/// With a given scalar of 32 bytes, for test vectors and for resuming a question. Rules: oprf.input, oprf.blind.
Result<BlindedInput> blind_with(BytesView input, BytesView scalar);

/// F(x) for each question, once the proof has been found good for `public_key`. Rules: oprf.count, oprf.element,
/// oprf.proof (Errc::not_authentic).
Result<std::vector<OprfOutput>> finalize(std::span<const BlindedInput> questions,
                                         const OprfKey::Evaluation& evaluation, const OprfElement& public_key);

/// Which of the 65,536 buckets holds the row of this output.
std::uint16_t match_bucket(const OprfOutput& output);

/// What a hit gives: nothing but a reference to ask about.
struct MatchPointer {
  std::uint8_t hit_class = 0;
  std::array<std::uint8_t, 16> reference{};
  std::uint32_t expiry_day = 0;  // days since 1970
  bool operator==(const MatchPointer&) const = default;
};
inline constexpr std::size_t kMatchRowBytes = 60;

/// Row = nonce (12) || AES-256-GCM(F[32:64], pointer, aad = "entraide/row/v1\n" || country || "\n" || epoch).
Bytes seal_row(const OprfOutput& output, const MatchPointer& pointer, std::string_view country,
               std::string_view epoch, Random& random);
/// Rules: match.row (not ours, padding, or altered), match.pointer (opens, but is not of the form that this version
/// reads).
Result<MatchPointer> open_row(const OprfOutput& output, BytesView row, std::string_view country,
                              std::string_view epoch);

}  // namespace entraide::crypto
