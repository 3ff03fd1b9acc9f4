#pragma once

// Invitations to enrol a device, and the halves of `dir.device` that answer them: what waits between a newcomer and an
// administrator until both have compared four words. Nothing here enrols anybody; the act does, through the ordinary
// door, with both signatures.
//
// Beside them wait certificates: what an administrator has issued to a device that was admitted, sealed to that device
// alone, because a certificate names a person.
//
// The code of an invitation never comes here. Who holds it shows a ticket made from it, and only the ticket's hash is
// kept. A row holds a pseudonym, public keys and no name, and goes after three days.

#include "act/act.h"
#include "store/store.h"

namespace entraide::enrolment {

constexpr Seconds kInvitationLasts{72 * 3600};
constexpr std::int64_t kInvitationsMax = 50;  // open at the same time, for one authority
constexpr std::size_t kHalfBytesMax = 8192;

std::span<const store::Migration> migrations();

/// The half of `dir.device` that the newcomer has signed.
struct Half {
  std::string id;  // base64url of 16 random bytes
  KeyId sign, seal;  // the new device's keys
  std::string assurance_level;
  std::string act;  // the body, with one signature line
  Time answered;
};

struct Invitation {
  std::string id;  // base64url of 16 random bytes
  Subject authority, officer;
  KeyId administrator;  // who invited, and whose signature the act will need
  Digest ticket_hash;
  Time created, expires;
  std::optional<Half> half;
};

/// SHA-256 of a ticket as it is written.
Digest hash_of_ticket(std::string_view ticket);

/// Keeps a new invitation, and forgets those that are over. Rules: enrolment.full, enrolment.duplicate.
Result<> invite(store::Connection& connection, const Invitation& invitation);
/// None once it is over.
Result<std::optional<Invitation>> find(store::Connection& connection, std::string_view id, Time now);
Result<std::optional<Invitation>> find_by_ticket(store::Connection& connection, const Digest& ticket_hash, Time now);
Result<std::optional<Invitation>> find_by_half(store::Connection& connection, std::string_view half, Time now);
/// Oldest first; at most kInvitationsMax.
Result<std::vector<Invitation>> of_authority(store::Connection& connection, const Subject& authority, Time now);
/// The answer to an invitation, once. Rule: enrolment.used.
Result<> answer(store::Connection& connection, const Invitation& invitation, const Half& half);
Result<> forget(store::Connection& connection, std::string_view id);
/// Forgets what is over, invitations and acts that wait (enrolment/waiting.h): how many.
Result<std::int64_t> sweep(store::Connection& connection, Time now);

/// Reads the newcomer's half: an act `dir.device` for the officer and the authority that were invited, to be signed by
/// the administrator who invited, made within five minutes of `now`, and signed by the new key alone, whose possession that
/// shows. Rules: enrolment.act, act.*, jose.*, jwk.*.
Result<Half> read_half(const Invitation& invitation, std::string_view body, Time now);

// ---- certificates ---------------------------------------------------------------------------

constexpr std::size_t kCertificateBytesMax = 32 << 10;

/// A certificate for signing documents on its way to the device that it is for.
struct SealedCertificate {
  KeyId device;  // its signing key
  Subject authority;
  std::string jwe;
  Time issued;
};
/// Whether `jwe` is a certificate of this device: typ entraide-certificate+json, cty application/json, ctx "certificate:<device>",
/// sealed to `seal` and to nobody else. Rules: certificate.size, certificate.seal, jwe.*.
Result<> check_sealed(const SealedCertificate& certificate, const KeyId& seal);
/// Replaces the one that the device has.
Result<> keep(store::Connection& connection, const SealedCertificate& certificate);
Result<std::optional<SealedCertificate>> certificate_of(store::Connection& connection, const KeyId& device);
/// Those of an authority's devices, newest first, without their content; at most 1,000.
Result<std::vector<SealedCertificate>> certificates_of(store::Connection& connection, const Subject& authority);

}  // namespace entraide::enrolment
