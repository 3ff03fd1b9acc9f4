#pragma once

// Sessions that only read. A token says which device opened it and to which key it is bound; it is worth nothing
// without that key, and nothing once the device is revoked. The hub keeps no session: the token is signed with a key
// that all nodes share.

#include "base/clock.h"
#include "base/mutex.h"
#include "directory/directory.h"
#include "net/message.h"

#include <unordered_map>

namespace entraide::http {

constexpr Seconds kSessionLasts{12 * 3600};
constexpr Seconds kChallengeLasts{120};
constexpr Seconds kProofWindow{60};

/// Who reads.
struct Caller {
  Subject subject;  // officer; for root and administrators' keys the holder
  KeyId device;
  std::vector<std::pair<Subject, std::vector<std::string>>>
      authorities;  // for which the subject acts now, with roles
  std::string assurance_level;

  bool acts_for(const Subject& authority) const;
};

struct Session {
  std::string token;
  Time expires;
};

class Sessions {
 public:
  Sessions(SecretBytes key, std::string origin, const Clock& clock);

  struct Challenge {
    std::string nonce;
    Time expires;
  };
  /// A nonce for this key, good for two minutes, any number of times: the proof that answers it is bound to a DPoP key.
  Challenge challenge(const KeyId& kid) const;

  /// What a device has proved: that it holds its key, and which key its session will be bound to.
  struct Proven {
    KeyId device;
    std::string nonce;  // the challenge that it answered
    std::string jkt;
  };
  /// `proof`, which came with `request`, is a compact JWS by the device, typ "entraide-session+jwt", payload
  /// {"nonce","hub","jkt","at"}. Rules: session.proof, session.nonce, session.certificate.missing, session.certificate,
  /// act.device.unknown, jose.*; and last, once it has shown that it holds the key: act.device.revoked, act.officer.closed.
  Result<Proven> prove(std::string_view proof, const net::Request& request, const directory::Directory& people) const;
  Session grant(const Proven& proven) const;

  /// What a device says beside its session: a compact JWS of that `typ`, payload {"nonce","hub",<name>,"at"}. Gives the nonce,
  /// once `<name>` is found to be `value`. Rules: session.proof, session.nonce, jose.*.
  Result<std::string> statement(std::string_view jws, std::string_view typ, const crypto::PublicKey& device,
                                std::string_view name, std::string_view value) const;

  /// Checks `Authorization: DPoP` and `DPoP` of a request to `url` (scheme, host, path), and the connection's certificate
  /// where the device has one. Any thread. Rules: session.missing, session.token, session.expired, session.proof,
  /// session.proof.replayed, session.certificate.missing, session.certificate, act.device.revoked.
  Result<Caller> caller(const net::Request& request, std::string_view url, const directory::Directory& people);

  /// The key that the `DPoP` of a request without a session proves to be held. Rules: session.proof, session.proof.replayed.
  Result<crypto::PublicKey> holder(const net::Request& request, std::string_view url);

 private:
  struct Proof {
    crypto::PublicKey key;
    std::string jti;
    std::string ath;  // empty where the proof names no token
  };
  /// The request's proof, right but for its freshness, which `remember` sees to.
  Result<Proof> proof_of(const net::Request& request, std::string_view url) const;
  Result<> check_nonce(std::string_view nonce, std::string_view hub, const KeyId& device) const;
  std::string sign(std::string_view purpose, std::string_view payload) const;
  Result<codec::Json> open_signed(std::string_view purpose, std::string_view text, std::string_view rule) const;
  Result<> remember(std::string_view jti, Time now);

  const SecretBytes key_;
  const std::string origin_;
  const Clock& clock_;
  Mutex mutex_;
  std::unordered_map<std::string, Time> seen_ GUARDED_BY(mutex_);
  Time swept_ GUARDED_BY(mutex_)
  {};
};

/// Who `kid` is now: rules act.device.unknown, act.device.revoked, act.officer.closed.
Result<Caller> who_is(const KeyId& kid, const directory::Directory& people, Time now);

}  // namespace entraide::http
