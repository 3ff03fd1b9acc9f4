#pragma once

// The act: the only way in which anything changes. A small JSON document signed by an officer's device for
// an authority. One format, built and read by the same code on both sides of the hub.
//
// Act file ("body"), all lines end with \n:
//     b64u(payload)
//     b64u(protected) "." b64u(signature)      one line a signature, sorted bytewise, 1 to 32 of them
// Payload members, exactly: v t n by dv for to at case prev st rb cp obj d.
// protected is exactly {"alg":"ES256","kid":<kid>,"typ":"entraide-act+json"}.

#include <map>
#include <optional>

#include "base/ids.h"
#include "codec/json.h"
#include "crypto/keys.h"

namespace entraide::act {

constexpr std::size_t kActBytesMax = 64 * 1024;
constexpr std::size_t kSignaturesMax = 32;
constexpr std::size_t kReceiversMax = 64;
constexpr std::size_t kObjectsMax = 32;

/// One authority that a sealed object is sealed to: the key `kid` of generation `generation` of its ring.
struct SealedTo {
  Subject authority;
  std::int64_t generation = 0;
  KeyId kid;
  bool operator==(const SealedTo&) const = default;
};

/// What travels beside the act: a sealed object (a JWE) or a file (uploaded ciphertext).
struct ObjectRef {
  enum class Kind { seal, file };
  Kind kind = Kind::seal;
  std::string role = "doc";         // of a seal: doc, sum (summary for the inbox) or tr (translation)
  Digest hash;                      // SHA-256 of the JWE or of the file's ciphertext
  std::int64_t bytes = 0;
  std::string content_commitment;   // of a seal: base64url of 32 bytes
  std::vector<SealedTo> to;         // of a seal
  std::string file_id;              // of a file: base64url of 16 bytes
  bool operator==(const ObjectRef&) const = default;
};

/// A tree head that the signer has verified.
struct CheckpointRef {
  std::int64_t size = 0;
  Digest root;
  bool operator==(const CheckpointRef&) const = default;
};

/// What an act says. A plain value; nothing is checked by holding one.
struct Act {
  std::string type;
  std::string nonce;                            // base64url of 16 random bytes
  Subject by;                                   // officer; for root and administrators' keys the subject itself
  KeyId device;                                 // the key that signs for `by`
  Subject for_authority;                        // authority, country or `org`
  std::vector<Subject> to;                      // receiving authorities, may be empty
  Time at;                                      // the signer's clock
  std::optional<CaseId> case_id;
  std::optional<ActId> previous;                // last act of the case that the signer has seen
  std::map<std::string, std::int64_t> sent;     // `st`: per receiving authority, this device's counter
  Digest rulebook;
  CheckpointRef checkpoint;
  std::vector<ObjectRef> objects;
  codec::Json d = codec::Json::object();

  bool operator==(const Act&) const = default;
};

/// A signature line, not yet verified.
struct Signature {
  KeyId kid;
  std::string protected_b64;
  Bytes value;  // r || s, 64 bytes
};

/// A well-formed act whose signatures nobody has checked yet.
struct SignedAct {
  Act act;
  ActId id;                   // SHA-256 of the payload bytes; the idempotency key
  Digest body_digest;         // SHA-256 of the body
  std::string body;           // as received
  std::string payload_b64;
  std::vector<Signature> signatures;
};

/// Reads an act body strictly: exact members, sorted and distinct signature lines, bounded sizes. The
/// signatures' mathematics is not checked. Rules: act.size, act.form, act.member, json.*, codec.*, jose.*.
/// trust core section 3. Any thread.
Result<SignedAct> parse_act(std::string_view body);

/// Where signing keys come from. Implementations must be safe for the threads that call `verify`.
class KeyDirectory {
 public:
  virtual ~KeyDirectory() = default;
  /// The key of that id, active or revoked; whether it may sign at an index is decided later.
  virtual std::optional<crypto::PublicKey> signing_key(const KeyId& kid) const = 0;
};

/// An act all of whose signature lines verify, under keys that the directory knows or that the act itself
/// announces (possession: `roots`, `ops`, `sig` in `d` of dir. acts). Only `verify` makes one.
class VerifiedAct {
 public:
  const Act& act() const { return signed_.act; }
  const SignedAct& signed_act() const { return signed_; }
  const ActId& id() const { return signed_.id; }
  /// Distinct, in the order of the lines.
  const std::vector<KeyId>& signers() const { return signers_; }
  bool signed_by(const KeyId& kid) const;

 private:
  friend Result<VerifiedAct> verify(SignedAct act, const KeyDirectory& keys);
  VerifiedAct(SignedAct act, std::vector<KeyId> signers) : signed_(std::move(act)), signers_(std::move(signers)) {}
  SignedAct signed_;
  std::vector<KeyId> signers_;
};

/// Checks every signature line, and that `dv` is among the signers. About 0.1 ms a signature. Any thread.
/// Rules: act.device.unknown, act.signature, act.dv.
Result<VerifiedAct> verify(SignedAct act, const KeyDirectory& keys);

/// The payload bytes of an act, compact, members in the order of the format.
std::string payload_of(const Act& act);

/// Signs `act` with every signer and returns the body. Two signers with one key are a bug of the caller.
Result<std::string> sign_act(const Act& act, std::span<const crypto::Signer* const> signers);

/// Adds a signature line to a body that others have signed (two-person and threshold acts). The result
/// has the same act id. Rule: act.signature.twice when the key is there already.
Result<std::string> add_signature(std::string_view body, const crypto::Signer& signer);

/// Public keys that a dir. act announces in `d`: `roots`, `ops`, `sig`. Empty for other acts.
Result<std::vector<crypto::PublicKey>> announced_keys(const Act& act);

/// What kind of subject a name is, after checking its spelling. Rule: act.subject.
enum class SubjectKind { org, country, authority, officer, device, system, witness };
Result<SubjectKind> subject_kind(const Subject& subject);
/// The `cc:..` of an authority, officer or system, itself for a country, empty for the others.
Subject country_of(const Subject& subject);

/// The act id and case id as they are spelled in JSON.
std::string to_text(const ActId& id);
Result<ActId> act_id_from_text(std::string_view text);
Result<CaseId> case_id_from_text(std::string_view text);

}  // namespace entraide::act
