#pragma once

// An authenticator and its browser, for tests: what they say, and each piece of it bent.

#include "codec/codec.h"
#include "codec/json.h"
#include "crypto/digest.h"
#include "passkeys/passkeys.h"

namespace entraide::passkeys {

/// What a test changes.
struct Bend {
  std::string type = {}, origin = {}, rp_id = {};
  std::uint8_t flags = 0x05;                   // present and verified
  Bytes extensions = {};                       // with their flag
  Bytes more = {};                             // without
  codec::Json client = codec::Json::object();  // further members of the client data
};

struct Authenticator {
  RelyingParty party;
  crypto::PrivateKey key;
  Bytes id;
  std::uint32_t counter = 0;

  Authenticator(RelyingParty at, Random& random)
      : party(std::move(at)), key(crypto::PrivateKey::generate(random)), id(random.bytes(16)) {}

  using Bend = passkeys::Bend;

  Bytes client_data(std::string_view type, std::string_view challenge, const Bend& bend) const {
    codec::Json value = codec::Json::object({{"type", bend.type.empty() ? std::string(type) : bend.type},
                                             {"challenge", codec::base64url(bytes_of(challenge))},
                                             {"origin", bend.origin.empty() ? party.origin : bend.origin}});
    for (const auto& [name, member] : bend.client.members()) value.set(name, member);
    return to_bytes(codec::to_json(value));
  }
  Bytes data(std::uint8_t flags, const Bytes& attested, const Bend& bend) const {
    const Digest rp = crypto::sha256(std::string_view(bend.rp_id.empty() ? party.id : bend.rp_id));
    Bytes out(rp.value.begin(), rp.value.end());
    out.push_back(static_cast<std::uint8_t>(flags | (bend.extensions.empty() ? 0 : 0x80)));
    codec::append_be32(out, counter);
    append(out, attested);
    append(out, bend.extensions);
    append(out, bend.more);
    return out;
  }
  /// The public key as COSE_Key.
  Bytes cose() const {
    const BytesView point = key.public_key().point();
    Bytes out{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20};
    append(out, point.subspan(1, 32));
    append(out, Bytes{0x22, 0x58, 0x20});
    append(out, point.subspan(33, 32));
    return out;
  }
  Registration create(std::string_view challenge, const Bend& bend = {}) const {
    Bytes attested(16);  // an AAGUID of zeros: no attestation
    codec::append_be16(attested, static_cast<std::uint16_t>(id.size()));
    append(attested, id);
    append(attested, cose());
    return {id, data(static_cast<std::uint8_t>(bend.flags | 0x40), attested, bend),
            client_data("webauthn.create", challenge, bend)};
  }
  Assertion get(std::string_view challenge, const Bend& bend = {}) const {
    Assertion out{data(bend.flags, {}, bend), client_data("webauthn.get", challenge, bend), {}};
    Bytes message = out.authenticator_data;
    append(message, crypto::sha256(BytesView(out.client_data)).view());
    const auto signature = key.sign(message);
    ENSURE(signature.has_value());  // in memory
    out.signature = der(*signature);
    return out;
  }

  static Bytes der(const Bytes& rs) {
    Bytes body;
    for (std::size_t half = 0; half < 2; ++half) {
      BytesView number = BytesView(rs).subspan(32 * half, 32);
      while (number.size() > 1 && number[0] == 0) number = number.subspan(1);
      const bool sign = (number[0] & 0x80) != 0;
      body.push_back(0x02);
      body.push_back(static_cast<std::uint8_t>(number.size() + (sign ? 1 : 0)));
      if (sign) body.push_back(0);
      append(body, number);
    }
    Bytes out{0x30, static_cast<std::uint8_t>(body.size())};
    append(out, body);
    return out;
  }
};

}  // namespace entraide::passkeys
