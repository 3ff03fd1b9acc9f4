#include "codec/codec.h"
#include "codec/json.h"
#include "crypto/digest.h"
#include "passkeys/cbor.h"
#include "passkeys/passkeys.h"

// Authenticator data (level 3, section 6.1):
//     SHA-256 of the RP id (32) | flags (1) | counter (4, big-endian)
//     | with AT: AAGUID (16), length of the id (2), id, key as COSE_Key
//     | with ED: a CBOR map of extensions

namespace entraide::passkeys {
namespace {

constexpr std::uint8_t kUserPresent = 0x01, kUserVerified = 0x04, kBackupEligible = 0x08, kBackedUp = 0x10,
                       kAttested = 0x40, kExtensions = 0x80;
constexpr std::size_t kFixedBytes = 37;
constexpr std::size_t kAuthenticatorDataMax = 4096;
constexpr std::size_t kClientDataMax = 4096;

std::unexpected<Error> no(std::string_view rule, std::string_view what) {
  return fail(rule == "form" ? Errc::invalid : Errc::unauthenticated, "session.passkey." + std::string(rule),
              "passkey: " + std::string(what));
}

// Sections 7.1 steps 5 to 11, 7.2 steps 8 to 14.
Result<> check_client_data(const RelyingParty& party, std::string_view type, std::string_view challenge,
                           BytesView client_data) {
  const auto value = codec::parse_json(client_data, {.bytes = kClientDataMax});
  if (!value) return no("client_data", "the client data is no JSON");
  codec::ObjectReader in(*value, "client_data");
  const std::string is = in.string("type"), answered = in.string("challenge"), origin = in.string("origin");
  const bool cross = in.optional_boolean("crossOrigin").value_or(false);
  const bool framed = in.has("topOrigin");
  if (auto read = in.finish_open(); !read) return no("client_data", read.error().message);
  if (is != type) return no("client_data", "the client data is not of type " + std::string(type));
  if (answered != codec::base64url(bytes_of(challenge))) return no("challenge", "answers another challenge");
  if (origin != party.origin) return no("origin", "was made at another place than " + party.origin);
  if (cross || framed) return no("origin", "was made inside another site's page");
  return {};
}

struct AuthenticatorData {
  std::uint8_t flags = 0;
  std::int64_t counter = 0;
  BytesView attested;  // from the AAGUID on, with the extensions
};

// Sections 7.1 steps 13 to 17, 7.2 steps 15 to 18.
Result<AuthenticatorData> read_authenticator_data(const RelyingParty& party, BytesView data) {
  if (data.size() < kFixedBytes || data.size() > kAuthenticatorDataMax)
    return no("form", "the authenticator's data has a wrong size");
  if (!crypto::equal_in_constant_time(data.first(32), crypto::sha256(std::string_view(party.id)).view()))
    return no("rp", "is for another service than " + party.id);
  AuthenticatorData out{data[32], codec::read_be32(data.subspan(33, 4)), data.subspan(kFixedBytes)};
  if ((out.flags & kUserPresent) == 0 || (out.flags & kUserVerified) == 0)
    return no("flags", "the person was not asked for touch and PIN or fingerprint");
  if ((out.flags & kBackedUp) != 0 && (out.flags & kBackupEligible) == 0)
    return no("flags", "says that it is backed up and cannot be");
  return out;
}

// Extensions are read over; they must be one map and the end.
Result<> check_end(std::uint8_t flags, BytesView rest) {
  if ((flags & kExtensions) == 0)
    return rest.empty() ? Result<>() : Result<>(no("form", "something follows that is not announced"));
  CborReader look(rest), whole(rest);
  TRY(look.map());
  TRY(whole.skip());
  if (!whole.rest().empty()) return no("form", "something follows the extensions");
  return {};
}

// RFC 9053 section 7.1.1: exactly kty EC2, alg ES256, crv P-256, x, y.
Result<crypto::PublicKey> read_cose_key(CborReader& in) {
  if (TRY(in.map()) != 5) return no("form", "the key must have five members");
  constexpr std::pair<std::int64_t, std::int64_t> fixed[] = {{1, 2}, {3, -7}, {-1, 1}};
  Bytes point{0x04};
  for (const auto& [label, value] : fixed)
    if (TRY(in.integer()) != label || TRY(in.integer()) != value)
      return no("form", "the key must be ES256 on P-256, its members in order");
  for (const std::int64_t label : {-2, -3}) {
    if (TRY(in.integer()) != label) return no("form", "the key must be ES256 on P-256, its members in order");
    const BytesView coordinate = TRY(in.bytes());
    if (coordinate.size() != 32) return no("form", "a coordinate of the key must have 32 bytes");
    append(point, coordinate);
  }
  auto key = crypto::PublicKey::from_point(point);
  if (!key) return no("form", "the key is not on its curve");
  return std::move(*key);
}

}  // namespace

Result<NewKey> check_registration(const RelyingParty& party, std::string_view challenge,
                                  const Registration& registration) {
  TRY(check_client_data(party, "webauthn.create", challenge, registration.client_data));
  const AuthenticatorData data = TRY(read_authenticator_data(party, registration.authenticator_data));
  constexpr std::size_t kAaguidAndLength = 18;
  if ((data.flags & kAttested) == 0 || data.attested.size() < kAaguidAndLength)
    return no("form", "the authenticator's data holds no key");
  const std::size_t length = codec::read_be16(data.attested.subspan(16, 2));
  const BytesView after = data.attested.subspan(kAaguidAndLength);
  if (length == 0 || length > kCredentialIdBytesMax || length > after.size() ||
      !std::ranges::equal(after.first(length), registration.id))
    return no("form", "the authenticator's data is for another credential");
  CborReader in(after.subspan(length));
  auto key = TRY(read_cose_key(in));
  TRY(check_end(data.flags, in.rest()));
  return NewKey{std::move(key), data.counter};
}

Result<std::int64_t> check_assertion(const RelyingParty& party, std::string_view challenge,
                                     const crypto::PublicKey& key, std::int64_t counter, const Assertion& assertion) {
  TRY(check_client_data(party, "webauthn.get", challenge, assertion.client_data));
  const AuthenticatorData data = TRY(read_authenticator_data(party, assertion.authenticator_data));
  if ((data.flags & kAttested) != 0) return no("form", "an assertion holds no key");
  TRY(check_end(data.flags, data.attested));
  Bytes message = assertion.authenticator_data;
  append(message, crypto::sha256(BytesView(assertion.client_data)).view());
  const auto signature = crypto::signature_from_der(assertion.signature);
  if (!signature || !crypto::verify(key, message, *signature)) return no("signature", "the signature is wrong");
  // Section 7.2 step 22: both zero, or growing.
  if ((data.counter != 0 || counter != 0) && data.counter <= counter)
    return no("counter", "its counter went back: there may be a copy of it; revoke the device");
  return data.counter;
}

}  // namespace entraide::passkeys
