#pragma once

// Passkeys: a key of the person's authenticator beside the device's own. The hub checks them itself (W3C Web
// Authentication, level 3, sections 7.1 and 7.2, narrowed): ES256 only, the person present and verified, no
// attestation asked for. A passkey opens no session alone: the device's key signs as well (trust core section 5).

#include <optional>

#include "base/ids.h"
#include "crypto/keys.h"
#include "store/store.h"

namespace entraide::passkeys {

constexpr std::int64_t kPasskeysMax = 5;  // of one device
constexpr std::size_t kCredentialIdBytesMax = 1023;

/// Where passkeys are used: "hub.example" and "https://hub.example".
struct RelyingParty {
  std::string id;
  std::string origin;
};

// ---- what an authenticator says ------------------------------------------------------------

/// What a browser brings from navigator.credentials.create().
struct Registration {
  Bytes id;                  // of the credential
  Bytes authenticator_data;
  Bytes client_data;         // clientDataJSON
};
struct NewKey {
  crypto::PublicKey key;
  std::int64_t counter = 0;
};
/// The key, where everything about it is right. `challenge` is the text that the hub gave. Any thread.
/// Rules: session.passkey.form, .client_data, .challenge, .origin, .rp, .flags.
Result<NewKey> check_registration(const RelyingParty& party, std::string_view challenge,
                                  const Registration& registration);

/// What a browser brings from navigator.credentials.get().
struct Assertion {
  Bytes authenticator_data;
  Bytes client_data;
  Bytes signature;           // DER
};
/// The new counter, where everything about the assertion is right. `counter` is the last one that was seen. Any thread.
/// Rules: those above, session.passkey.signature, session.passkey.counter (a copy of the authenticator is about).
Result<std::int64_t> check_assertion(const RelyingParty& party, std::string_view challenge,
                                     const crypto::PublicKey& key, std::int64_t counter, const Assertion& assertion);

// ---- what the hub keeps --------------------------------------------------------------------

struct Passkey {
  std::string id;  // of the credential, base64url
  KeyId device;
  crypto::PublicKey key;
  std::int64_t counter = 0;
  Time created;
  std::optional<Time> used;
};

std::span<const store::Migration> migrations();
/// Rules: passkey.full, passkey.duplicate.
Result<> add(store::Connection& connection, const Passkey& passkey);
/// Oldest first.
Result<std::vector<Passkey>> of_device(store::Connection& connection, const KeyId& device);
/// Remembers that it was used; the counter only grows, or stays at zero. Rule: session.passkey.counter.
Result<> use(store::Connection& connection, const Passkey& passkey, std::int64_t counter, Time now);
/// Whether there was one.
Result<bool> remove(store::Connection& connection, const KeyId& device, std::string_view id);

}  // namespace entraide::passkeys
