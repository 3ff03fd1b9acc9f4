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

  /// `proof` is a compact JWS by the device, typ "entraide-session+jwt", payload {"nonce","hub","jkt","at"}.
  /// Rules: session.proof, session.nonce, act.device.unknown, act.device.revoked, jose.*.
  Result<Session> open(std::string_view proof, const directory::Directory& people) const;

  /// Checks `Authorization: DPoP` and `DPoP` of a request to `url` (scheme, host, path). Any thread.
  /// Rules: session.missing, session.token, session.expired, session.proof, session.proof.replayed, act.device.revoked.
  Result<Caller> caller(const net::Request& request, std::string_view url, const directory::Directory& people);

 private:
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
