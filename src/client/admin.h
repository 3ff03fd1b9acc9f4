#pragma once

// The acts of the directory: who exists, which keys speak for whom. Each builder gives the `d` of its act.

#include <array>

#include "client/compose.h"
#include "crypto/certificate.h"

namespace entraide::client::admin {

codec::Json genesis(std::span<const crypto::PublicKey> roots, std::int64_t threshold, std::string_view log_vkey,
                    std::string_view witness_policy, const Digest& rulebook);
/// The same for a world of fictional people whose keys are public: it can never pass for a real one.
codec::Json as_demonstration(codec::Json genesis);
codec::Json country(std::string_view code, std::span<const crypto::PublicKey> roots, std::int64_t threshold,
                    std::span<const crypto::Certificate> pki);
codec::Json authority(const Subject& authority, std::string_view kind, const std::vector<std::string>& competence,
                      codec::Json name, std::span<const crypto::PublicKey> administrators);
codec::Json officer(const Subject& officer, const std::vector<std::string>& roles, Time until);
/// `document`, where there is one, is the key for which the officer is given a certificate. `certificate`: base64url SHA-256 of
/// the TLS certificate that the device must sign in with; empty: none.
codec::Json device(const Subject& officer, const crypto::PublicKey& sign, const crypto::PublicKey& seal,
                   std::string_view assurance_level, const crypto::PublicKey* document = nullptr,
                   std::string_view certificate = {});
codec::Json revoke_key(const KeyId& kid, std::string_view why, Time from);
codec::Json revoke_subject(const Subject& subject, std::string_view why, Time from);
codec::Json rulebook(const Digest& digest);

/// A fresh pseudonym: of:<cc>:<16 characters>.
Subject new_officer(std::string_view country, Random& random);

/// What a new device hands to the administrator: its public keys, and a proof that it holds them.
/// {"format":"entraide-device/1","officer","authority","sig":JWK,"seal":JWK,"aal","doc":JWK (optional),
///  "x5t": of its TLS certificate (optional), "proof": compact JWS over the rest}
struct DeviceRequest {
  Subject officer, authority;
  crypto::PublicKey sign, seal;
  std::string assurance_level;
  std::optional<crypto::PublicKey> document;
  std::string certificate;  // as in `device`
};
Result<std::string> make_device_request(const Subject& officer, const Subject& authority, const crypto::Signer& sign,
                                        const crypto::PublicKey& seal, std::string_view assurance_level,
                                        const crypto::PublicKey* document = nullptr,
                                        std::string_view certificate = {});
/// Rules: device.request, jose.*.
Result<DeviceRequest> read_device_request(std::string_view text);

/// Four words that both sides read to each other: 64 bits of SHA-256 over both keys, said as proquints
/// ("lusab-babad-.."). Two people who hear the same words hold the same keys.
std::array<std::string, 4> words_of(const crypto::PublicKey& sign, const crypto::PublicKey& seal);

/// An act that waits for signatures or for its sending: {"format":"entraide-act/1","payload","body","objects":[...]}.
struct PreparedAct {
  std::string body;  // empty while nobody has signed
  std::string payload;  // what will be signed
  std::vector<std::string> objects;
};
std::string to_text(const PreparedAct& act);
/// Rules: act.prepared, act.*.
Result<PreparedAct> parse_prepared(std::string_view text);
/// Adds a signature; the first one makes the body.
Result<> cosign(PreparedAct& act, const crypto::Signer& signer);

}  // namespace entraide::client::admin
