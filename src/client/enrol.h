#pragma once

// The two halves of `dir.device` when a device is enrolled by invitation (client/invitation.h): what the newcomer signs
// without knowing the ledger yet, and what the administrator checks before signing as well.

#include "act/act.h"

namespace entraide::client {

/// What the hub says that an invitation is for.
struct Invited {
  Subject authority, officer;
  KeyId administrator;  // whose signature the act will need
  Digest rulebook;
};
/// Rules: json.member, codec.*.
Result<Invited> read_invited(const codec::Json& answer);

/// The act, signed by the new key alone. Its checkpoint is the empty tree's: the newcomer has verified nothing yet.
/// `document` is the key that a certificate is asked for; the four words vouch for it through the signing key.
Result<std::string> device_half(const Invited& invited, const crypto::Signer& sign, const crypto::PublicKey& seal,
                                std::string_view assurance_level, Time now, Random& random,
                                const crypto::PublicKey* document = nullptr, std::string_view certificate = {});

/// What an administrator reads in a half before signing it.
struct ReadHalf {
  act::Act act;
  Subject officer;
  crypto::PublicKey sign, seal;
  std::string assurance_level;
  std::optional<crypto::PublicKey> document;
};
/// Holds when the act enrols a device and does nothing else, for that authority, names that administrator's key, and is
/// signed by the device that it enrols. Whom it is for is the administrator's to compare. Rules: enrolment.act, act.*, jose.*.
Result<ReadHalf> read_half(std::string_view body, const Subject& authority, const KeyId& administrator);

}  // namespace entraide::client
