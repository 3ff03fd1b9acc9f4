#pragma once

// JWS (RFC 7515) narrowed to one profile: ES256, a protected header with exactly the members alg, kid, typ, and
// nothing that could name another key or another way to read. The algorithm comes from the key, never from the
// message. No member `jwk`, `jku`, `x5u`, `b64`, `zip`; any `crit` is refused.

#include "crypto/keys.h"

namespace entraide::crypto {

/// One signature over a payload that is kept elsewhere: both parts base64url, as they stand in an act.
struct JwsSignature {
  std::string protected_header;
  std::string signature;
};

/// Signs `protected_header "." payload` with the header {"alg":"ES256","kid":..,"typ":..}.
/// `payload` is base64url already. Fails only when the signer does.
Result<JwsSignature> sign_jws(const Signer& signer, std::string_view typ, std::string_view payload);

/// The key that a protected header names, once the header has been found to obey the profile with this `typ`.
/// Says nothing about the signature. Rules: jose.encoding, json.*, jose.crit, jose.alg, jose.typ, jose.kid,
/// jose.header (any other member, or one too few).
Result<KeyId> jws_key_id(std::string_view protected_header, std::string_view typ);

/// Holds when the header obeys the profile, names `key`, and the signature is good.
/// Rules: those of `jws_key_id`, jose.signature (Errc::not_authentic when well-formed but wrong).
Result<> verify_jws(const JwsSignature& signature, std::string_view payload, std::string_view typ,
                    const PublicKey& key);

/// A compact JWS (`header.payload.signature`) under the same profile. `payload` is bytes here.
Result<std::string> make_compact_jws(const Signer& signer, std::string_view typ, BytesView payload);
/// The key that a compact JWS names. Rules: as `jws_key_id`, jose.form.
Result<KeyId> compact_jws_key_id(std::string_view compact, std::string_view typ);
/// The payload, once the signature is found good. Rules: as above, jose.signature.
Result<Bytes> verify_compact_jws(std::string_view compact, std::string_view typ, const PublicKey& key);

/// A DPoP proof (RFC 9449): who holds `key` made these claims. Whether the claims fit (htm, htu, iat, jti, ath,
/// nonce) is the caller's to check.
struct DpopProof {
  PublicKey key;
  codec::Json claims;
};
/// The header is exactly {"typ":"dpop+jwt","alg":"ES256","jwk":{..public..}}.
Result<std::string> make_dpop_proof(const Signer& signer, const codec::Json& claims);
/// Rules: jose.form, jose.encoding, jose.header, jose.alg, jose.crit, jose.typ, jose.signature, jwk.*, json.*.
Result<DpopProof> verify_dpop_proof(std::string_view compact);

}  // namespace entraide::crypto
