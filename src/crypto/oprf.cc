#include "crypto/oprf.h"

#include <algorithm>
#include <optional>

#include <sodium.h>

#include "codec/codec.h"
#include "crypto/digest.h"

namespace entraide::crypto {
namespace {

static_assert(crypto_core_ristretto255_BYTES == 32 && crypto_core_ristretto255_SCALARBYTES == 32);

constexpr std::size_t kInputBytesMax = 65'535;
constexpr std::size_t kBatchMax = 50;
constexpr std::string_view kContext{"OPRFV1-\x01-ristretto255-SHA512", 28};  // mode 1: verifiable

using Scalar = std::array<std::uint8_t, 32>;  // little-endian, below the order of the group

void be16(Bytes& to, std::size_t value) { codec::append_be16(to, static_cast<std::uint16_t>(value)); }
void prefixed(Bytes& to, BytesView part) {
  be16(to, part.size());
  append(to, part);
}

// RFC 9380 section 5.3.1, expand_message_xmd with SHA-512 for 64 bytes, which are one block:
//   b0 = H(Z_pad (128 zeros) || msg || BE16(64) || 0x00 || DST_prime), b1 = H(b0 || 0x01 || DST_prime)
Digest512 expand_message(BytesView message, std::string_view domain) {
  Bytes suffix = to_bytes(domain);
  append(suffix, kContext);
  suffix.push_back(static_cast<std::uint8_t>(suffix.size()));
  Bytes first(128);
  append(first, message);
  be16(first, 64);
  first.push_back(0);
  append(first, suffix);
  Bytes second;
  append(second, sha512(first));
  second.push_back(1);
  append(second, suffix);
  return sha512(second);
}

Scalar hash_to_scalar(BytesView message, std::string_view domain = "HashToScalar-") {
  const Digest512 wide = expand_message(message, domain);
  Scalar out{};
  crypto_core_ristretto255_scalar_reduce(out.data(), wide.data());
  return out;
}

OprfElement hash_to_group(BytesView message) {
  const Digest512 wide = expand_message(message, "HashToGroup-");
  OprfElement out{};
  crypto_core_ristretto255_from_hash(out.data(), wide.data());
  return out;
}

bool is_zero(BytesView bytes) { return sodium_is_zero(bytes.data(), bytes.size()) == 1; }

Scalar random_scalar(Random& random) {
  Scalar out{};
  do {
    SecretBytes wide(std::size_t{64});
    random.fill(wide.span());
    crypto_core_ristretto255_scalar_reduce(out.data(), wide.view().data());
  } while (is_zero(out));
  return out;
}

// Below the order and not zero: reducing it changes nothing.
bool is_scalar(BytesView bytes) {
  if (bytes.size() != 32 || is_zero(bytes)) return false;
  std::array<std::uint8_t, 64> wide{};
  std::copy(bytes.begin(), bytes.end(), wide.begin());
  Scalar reduced{};
  crypto_core_ristretto255_scalar_reduce(reduced.data(), wide.data());
  return equal_in_constant_time(reduced, bytes);
}

bool is_element(const OprfElement& element) {
  return !is_zero(element) && crypto_core_ristretto255_is_valid_point(element.data()) == 1;
}

// The empty value where the product is the identity, which no honest computation meets.
std::optional<OprfElement> multiply(BytesView scalar, const OprfElement& element) {
  OprfElement out{};
  if (crypto_scalarmult_ristretto255(out.data(), scalar.data(), element.data()) != 0) return std::nullopt;
  return out;
}
std::optional<OprfElement> multiply_base(BytesView scalar) {
  OprfElement out{};
  if (crypto_scalarmult_ristretto255_base(out.data(), scalar.data()) != 0) return std::nullopt;
  return out;
}
std::optional<OprfElement> add(const std::optional<OprfElement>& a, const std::optional<OprfElement>& b) {
  OprfElement out{};
  if (!a || !b || crypto_core_ristretto255_add(out.data(), a->data(), b->data()) != 0) return std::nullopt;
  return out;
}

// RFC 9497 section 3.3.1: the output from the input and the unblinded element.
OprfOutput output_of(BytesView input, const OprfElement& element) {
  Bytes transcript;
  prefixed(transcript, input);
  prefixed(transcript, element);
  append(transcript, "Finalize");
  return sha512(transcript);
}

// RFC 9497 section 2.2.1, ComputeComposites, as far as M: the sum of d_i * C_i, with every d_i from the transcript.
// `also` sums the same multiples of D, which is Z for whoever does not have the key.
struct Composites {
  std::optional<OprfElement> m, z;
};
Composites composites(const OprfElement& public_key, std::span<const OprfElement> c, std::span<const OprfElement> d,
                      bool also) {
  Bytes seed_transcript;
  prefixed(seed_transcript, public_key);
  prefixed(seed_transcript, bytes_of("Seed-" + std::string(kContext)));
  const Digest512 seed = sha512(seed_transcript);
  Composites out;
  for (std::size_t i = 0; i < c.size(); ++i) {
    Bytes transcript;
    prefixed(transcript, seed);
    be16(transcript, i);
    prefixed(transcript, c[i]);
    prefixed(transcript, d[i]);
    append(transcript, "Composite");
    const Scalar weight = hash_to_scalar(transcript);
    const auto m = multiply(weight, c[i]);
    out.m = i == 0 ? m : add(out.m, m);
    if (!also) continue;
    const auto z = multiply(weight, d[i]);
    out.z = i == 0 ? z : add(out.z, z);
  }
  return out;
}

Scalar challenge(const OprfElement& public_key, const OprfElement& m, const OprfElement& z, const OprfElement& t2,
                 const OprfElement& t3) {
  Bytes transcript;
  for (const OprfElement* part : {&public_key, &m, &z, &t2, &t3}) prefixed(transcript, *part);
  append(transcript, "Challenge");
  return hash_to_scalar(transcript);
}

// RFC 9497 section 2.2.2: t2 = s * G + c * B, t3 = s * M + c * Z, and c must come out again.
bool proof_holds(std::span<const OprfElement> blinded, const OprfKey::Evaluation& evaluation,
                 const OprfElement& public_key) {
  const BytesView c = BytesView(evaluation.proof).first(32), s = BytesView(evaluation.proof).subspan(32);
  if (!is_scalar(c) || !is_scalar(s)) return false;
  const Composites sums = composites(public_key, blinded, evaluation.elements, true);
  if (!sums.m || !sums.z) return false;
  const auto t2 = add(multiply_base(s), multiply(c, public_key));
  const auto t3 = add(multiply(s, *sums.m), multiply(c, *sums.z));
  return t2 && t3 && equal_in_constant_time(challenge(public_key, *sums.m, *sums.z, *t2, *t3), c);
}

std::unexpected<Error> bad_element() {
  return fail(Errc::invalid, "oprf.element", "matching: not an element of the group, or the identity");
}

Result<OprfElement> element_of(BytesView input) {
  ENSURE(sodium_init() >= 0);
  if (input.size() > kInputBytesMax) return fail(Errc::invalid, "oprf.input", "matching: the input is too long");
  const OprfElement element = hash_to_group(input);
  if (is_zero(element)) return fail(Errc::invalid, "oprf.input", "matching: the input has no element");
  return element;
}

}  // namespace

Bytes match_input(std::string_view kind, std::string_view normal_form) {
  Bytes out = to_bytes("entraide/match/v1\n");
  append(out, kind);
  append(out, "\n");
  append(out, normal_form);
  return out;
}

Result<OprfKey> OprfKey::derive(BytesView seed, std::string_view info) {
  ENSURE(sodium_init() >= 0);
  if (seed.size() != 32 || info.size() > 65'535)
    return fail(Errc::invalid, "oprf.seed", "matching key: the seed must be 32 bytes");
  Bytes input(seed.begin(), seed.end());
  prefixed(input, bytes_of(info));
  input.push_back(0);  // RFC 9497 counts up while the scalar is zero; that takes 2^252 tries
  SecretBytes message(std::move(input));
  OprfKey key;
  const Scalar secret = hash_to_scalar(message.view(), "DeriveKeyPair");
  std::copy(secret.begin(), secret.end(), key.secret_.span().begin());
  const auto public_key = multiply_base(key.secret_.view());
  if (!public_key) return fail(Errc::invalid, "oprf.seed", "matching key: the seed gives no key");
  key.public_ = *public_key;
  return key;
}

Result<OprfOutput> OprfKey::evaluate(BytesView input) const {
  const OprfElement element = TRY(element_of(input));
  const auto evaluated = multiply(secret_.view(), element);
  if (!evaluated) return bad_element();
  return output_of(input, *evaluated);
}

Result<OprfKey::Evaluation> OprfKey::evaluate_blinded(std::span<const OprfElement> blinded, Random& random) const {
  if (blinded.empty() || blinded.size() > kBatchMax)
    return fail(Errc::invalid, "oprf.count", "matching: a question has 1 to 50 elements");
  Evaluation out;
  for (const OprfElement& element : blinded) {
    const auto evaluated = is_element(element) ? multiply(secret_.view(), element) : std::nullopt;
    if (!evaluated) return bad_element();
    out.elements.push_back(*evaluated);
  }
  const auto m = composites(public_, blinded, out.elements, false).m;
  if (!m) return bad_element();
  const auto z = multiply(secret_.view(), *m);
  // RFC 9497 section 2.2.1: t2 = r * G, t3 = r * M, s = r - c * k.
  Scalar r = random_scalar(random);
  const auto t2 = multiply_base(r), t3 = multiply(r, *m);
  if (!z || !t2 || !t3) return bad_element();
  const Scalar c = challenge(public_, *m, *z, *t2, *t3);
  Scalar ck{}, s{};
  crypto_core_ristretto255_scalar_mul(ck.data(), c.data(), secret_.view().data());
  crypto_core_ristretto255_scalar_sub(s.data(), r.data(), ck.data());
  sodium_memzero(r.data(), r.size());
  sodium_memzero(ck.data(), ck.size());
  std::copy(c.begin(), c.end(), out.proof.begin());
  std::copy(s.begin(), s.end(), out.proof.begin() + 32);
  return out;
}

Result<BlindedInput> blind_with(BytesView input, BytesView scalar) {
  const OprfElement element = TRY(element_of(input));
  if (!is_scalar(scalar)) return fail(Errc::invalid, "oprf.blind", "matching: not a scalar of the group");
  const auto blinded = multiply(scalar, element);
  if (!blinded) return bad_element();
  return BlindedInput{Bytes(input.begin(), input.end()), SecretBytes(Bytes(scalar.begin(), scalar.end())), *blinded};
}

Result<BlindedInput> blind(BytesView input, Random& random) {
  ENSURE(sodium_init() >= 0);
  Scalar scalar = random_scalar(random);
  auto out = blind_with(input, scalar);
  sodium_memzero(scalar.data(), scalar.size());
  return out;
}

Result<std::vector<OprfOutput>> finalize(std::span<const BlindedInput> questions,
                                         const OprfKey::Evaluation& evaluation, const OprfElement& public_key) {
  if (questions.empty() || questions.size() > kBatchMax || questions.size() != evaluation.elements.size())
    return fail(Errc::invalid, "oprf.count", "matching: as many answers as questions are needed, 1 to 50");
  std::vector<OprfElement> blinded;
  for (const BlindedInput& question : questions) blinded.push_back(question.element);
  const auto& evaluated = evaluation.elements;
  if (!is_element(public_key) || !std::all_of(evaluated.begin(), evaluated.end(), is_element)) return bad_element();
  if (!proof_holds(blinded, evaluation, public_key))
    return fail(Errc::not_authentic, "oprf.proof", "matching: the answer was not computed with the announced key");
  std::vector<OprfOutput> out;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    SecretBytes inverse(std::size_t{32});
    ENSURE(crypto_core_ristretto255_scalar_invert(inverse.span().data(), questions[i].blind.view().data()) == 0);
    const auto element = multiply(inverse.view(), evaluated[i]);
    if (!element) return bad_element();
    out.push_back(output_of(questions[i].input, *element));
  }
  return out;
}

}  // namespace entraide::crypto
