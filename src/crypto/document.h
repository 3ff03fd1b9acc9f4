#pragma once

// Legal documents: JAdES baseline B-B (ETSI TS 119 182-1), a JWS in flattened JSON, signed with an officer's
// certificate.
//
//   {"payload": b64u,
//    "protected": b64u({"alg":"ES256","cty":"application/json","iat":seconds,"x5t#S256":..,"x5c":[..]}),
//    "signature": b64u}
//
// No `kid` (in JAdES it is something else than our key id), no `sigT` (forbidden since July 2025), no `crit`. An
// unprotected `header` may carry `etsiU` (time stamps); it is read over, not judged.

#include <span>

#include "crypto/certificate.h"

namespace entraide::crypto {

inline constexpr std::string_view kDocumentType = "application/json";

/// Signs `payload` (UTF-8 JSON). `chain` is the signer's certificate first, then what leads to the root; the first
/// must hold the signer's key. What comes out is at most 1 MiB, so that it fits a seal: about 780 kB of payload.
/// Rules: document.chain, content.size, and what the signer fails with.
Result<std::string> make_document(BytesView payload, const Signer& signer, std::span<const Certificate> chain,
                                  Time signed_at);

struct VerifiedDocument {
  Bytes payload;                   // the JSON text that was signed, byte for byte
  std::string algorithm;           // ES256, RS256 or PS256
  Time signed_at;                  // what the signer claims (iat)
  std::vector<Certificate> chain;  // the signer's own first
};

/// Checks a document made here or by a national signer: ES256, RS256 or PS256 by the kind of key (RSA of 2048 to
/// 8192 bits), and the certificate against `roots` at the time `at` (admission of the act, not today).
/// Rules: document.form, document.header, document.alg, document.crit, document.certificate, document.signature,
/// document.iat (more than 5 minutes after `at`), json.*, certificate.*.
Result<VerifiedDocument> verify_document(BytesView document, std::span<const Certificate> roots, Time at);

}  // namespace entraide::crypto
