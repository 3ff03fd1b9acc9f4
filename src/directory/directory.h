#pragma once

// Who exists, which keys speak for whom, and since when: a fold over the `dir.` and `ring.` acts of the
// ledger, in ledger order. The hub and every client compute it with this same code from the same acts, so
// nobody has to believe the hub about a key (trust core section 4).
//
// A key is valid for the act at index i if it was enrolled at j < i and not revoked at k < i.

#include <map>
#include <memory>
#include <set>

#include "act/act.h"

namespace entraide::directory {

struct Key {
  enum class Use { root, administrator, sign, seal };
  crypto::PublicKey key;
  Use use = Use::sign;
  Subject holder;  // `org`, a country, an authority (administrators) or an officer (devices)
  std::int64_t from = 0;
  std::optional<std::int64_t> revoked;

  bool active() const { return !revoked.has_value(); }
  bool active_at(std::int64_t index) const { return from < index && (!revoked || *revoked >= index); }
};

struct Genesis {
  ActId id;
  std::vector<KeyId> roots;
  std::int64_t threshold = 0;
  std::string log_vkey;          // the ledger's verifier key, C2SP vkey text
  std::string witness_policy;    // tlog-policy text
  bool demonstration = false;    // everybody in this ledger is fictional, and their keys are public
};

enum class Status { active, closed };

struct Country {
  Subject country;
  std::vector<KeyId> roots;
  std::int64_t threshold = 0;
  std::vector<Bytes> pki;        // DER certificates that document signers chain to
  Status status = Status::active;
};

/// One generation of an authority's sealing key.
struct Ring {
  std::int64_t generation = 0;
  std::int64_t index = 0;
  Digest wrap;                   // SHA-256 of the JWE that carries the private key to the members
  crypto::PublicKey key;
};

struct Authority {
  Subject authority;
  std::string kind;              // a code of the rulebook's vocabulary `authority-kind`
  std::vector<std::string> competence;
  codec::Json name;              // {"en": .., "fr": ..}: what people call it
  std::vector<KeyId> administrators;
  std::map<std::int64_t, Ring> rings;
  Status status = Status::active;

  const Ring* current_ring() const { return rings.empty() ? nullptr : &rings.rbegin()->second; }
};

/// What an officer may do for one authority.
struct Assignment {
  std::vector<std::string> roles;
  Time until;
  std::int64_t index = 0;
  bool has_role(std::string_view role) const;
};

/// A person under a pseudonym (`of:`), or a system that acts for an authority (`sy:`).
struct Officer {
  Subject officer;
  std::map<Subject, Assignment> assignments;  // by authority
  Status status = Status::active;
};

struct Device {
  KeyId sign;
  KeyId seal;
  Subject officer;
  std::string assurance_level;                // hw, prf or soft
  std::string certificate_thumbprint;  // `x5t`, base64url SHA-256: it signs in with this certificate only; or empty
  std::optional<crypto::PublicKey> document;  // `doc`: signs documents, never acts; for its certificate
};

/// One officer who signed an act, as the directory knows them.
struct ActingOfficer {
  Subject officer;
  std::vector<std::string> roles;  // for the authority that the act is for
  std::string assurance_level;  // of the device: hw, prf or soft
  bool has_role(std::string_view role) const;
};

/// Who acts, once the directory has agreed that they may: what the rulebook's conditions ask about.
struct Actor {
  Subject authority;
  std::string authority_kind;
  std::vector<ActingOfficer> officers;  // one a signature line; the first is `by`
};

/// Roles that two administrators must give together.
bool role_needs_two_administrators(std::string_view role);

/// Whether acts of this type are judged here ("dir." and "ring."), and logged as ledger kind `dir`.
bool is_directory_act(std::string_view type);

class Directory final : public act::KeyDirectory {
 public:
  std::optional<crypto::PublicKey> signing_key(const KeyId& kid) const override;

  /// Admits the directory act that stands at `index`, or says why not and changes nothing. `now` is the
  /// admission time. Rules: dir.*, ring.*, act.by, act.device.revoked, act.authority.wrong, act.role.missing (each is worded in the rulebook).
  /// The objects that the act names by hash are the caller's to check.
  Result<> admit(const act::VerifiedAct& act, std::int64_t index, Time now);

  /// Whether the signers of `act` may act for `act.for_authority` at this moment.
  /// Rules: act.device.revoked, act.officer.closed, act.officer.expired, act.role.missing,
  /// act.authority.wrong, act.device.unknown.
  Result<Actor> authorise(const act::VerifiedAct& act, Time now) const;

  const std::optional<Genesis>& genesis() const { return genesis_; }
  const Country* country(const Subject& country) const;
  const Authority* authority(const Subject& authority) const;
  /// The authority, if it and its country are active: who may act, read, and be written to. Null otherwise.
  const Authority* active_authority(const Subject& authority) const;
  const Officer* officer(const Subject& officer) const;
  const Device* device(const KeyId& sign) const;
  const Key* key(const KeyId& kid) const;
  const std::map<Subject, Country>& countries() const { return countries_; }
  const std::map<Subject, Authority>& authorities() const { return authorities_; }
  const std::map<Subject, Officer>& officers() const { return officers_; }
  const std::map<KeyId, Device>& devices() const { return devices_; }

  /// Active devices of officers who act for `authority` now: who must be able to open its ring.
  std::vector<const Device*> members(const Subject& authority, Time now) const;
  bool is_member(const Subject& authority, const KeyId& device, Time now) const;

  /// Rulebook versions in force, newest last: by genesis and `dir.rulebook`.
  const std::vector<Digest>& rulebooks() const { return rulebooks_; }

  /// The ids of the acts that a reader must check to believe that `device` speaks for `authority`, in ledger
  /// order: genesis, country, authority, officer, device. Empty when the device is unknown.
  std::vector<ActId> chain(const KeyId& device, const Subject& authority) const;

 private:
  struct Step;  // one act under judgement
  Result<> admit_genesis(const Step& step);
  Result<> admit_country(const Step& step);
  Result<> admit_authority(const Step& step);
  Result<> admit_officer(const Step& step);
  Result<> admit_device(const Step& step);
  Result<> admit_revoke(const Step& step);
  Result<> admit_rulebook(const Step& step);
  Result<> admit_ring_new(const Step& step);
  Result<> admit_ring_grant(const Step& step);

  std::size_t active_signers(const act::VerifiedAct& act, std::span<const KeyId> among) const;
  Result<> require_threshold(const Step& step, std::span<const KeyId> among, std::int64_t threshold,
                             std::string_view who) const;
  bool signed_by_administrator_of(const act::VerifiedAct& act, const Officer& officer) const;
  Result<> require_new(const crypto::PublicKey& key) const;
  void add_key(const crypto::PublicKey& key, Key::Use use, const Subject& holder, std::int64_t index);
  void revoke_key(const KeyId& kid, std::int64_t index);
  /// Under which `origins_` keeps who made an officer what they are for an authority.
  static std::string assignment_name(const Subject& officer, const Subject& authority);

  std::optional<Genesis> genesis_;
  std::map<Subject, Country> countries_;
  std::map<Subject, Authority> authorities_;
  std::map<Subject, Officer> officers_;
  std::map<KeyId, Device> devices_;
  std::map<KeyId, Key> keys_;
  std::vector<Digest> rulebooks_;
  std::map<std::string, ActId> origins_;  // subject, officer@authority or key -> the act that made it
};

}  // namespace entraide::directory
