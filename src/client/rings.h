#pragma once

// Rings: the generations of an authority's sealing key. Members open any generation that was wrapped to their device,
// and with it the older ones.

#include "client/mirror.h"

namespace entraide::client {

/// More than a new generation each week for twenty years.
constexpr std::size_t kGenerationsMax = 1024;

/// What a wrap holds: {"keys":[private JWK of a generation, of the one before it, ...]}, newest first, without gaps,
/// back to where the history begins. Which generation that is says the wrap's context.
class RingKeys {
 public:
  /// Rule: ring.plaintext.
  static Result<RingKeys> parse(BytesView plaintext);
  /// A generation without history.
  explicit RingKeys(crypto::PrivateKey key) : keys_{std::move(key)} {}
  const crypto::PrivateKey& key() const { return keys_.front(); }
  /// How many generations, this one included.
  std::size_t size() const { return keys_.size(); }
  /// As somebody held it who joined `generations` ago. Rule: ring.history (it does not go back so far).
  Result<RingKeys> older(std::size_t generations) const;
  /// The next generation with all of this as its history. Rule: ring.history (kGenerationsMax of them).
  Result<RingKeys> followed_by(crypto::PrivateKey key) const;
  SecretBytes plaintext() const;

 private:
  explicit RingKeys(std::vector<crypto::PrivateKey> keys) : keys_(std::move(keys)) {}
  std::vector<crypto::PrivateKey> keys_;
};

/// A generation ready to be announced by `ring.new`.
struct NewRing {
  crypto::PublicKey public_key;
  std::string wrap;  // the JWE
  codec::Json d;  // of the act
};
/// Makes generation `current + 1` of `authority`, wrapped to the seal keys of all its members now. `before` is the
/// current generation, whose history goes along; null starts without history. Rules: ring.members (nobody to wrap
/// to).
Result<NewRing> make_ring(const directory::Directory& directory, const Subject& authority, const RingKeys* before,
                          Time now, Random& random);

/// A wrap of generation `generation` to one more device, and the `d` of its `ring.grant`.
struct Grant {
  std::string wrap;
  codec::Json d;
};
Result<Grant> grant_ring(const directory::Directory& directory, const Subject& authority, std::int64_t generation,
                         const RingKeys& keys, const KeyId& device, Random& random);

/// Opens a wrap and holds it to the directory: the key inside must be the one that the directory announces for that
/// generation. Rules: ring.substituted (Errc::not_authentic), ring.unknown, ring.plaintext, jwe.*.
Result<RingKeys> open_wrap(const directory::Directory& directory, const Subject& authority, std::int64_t generation,
                           std::string_view jwe, const crypto::Agreement& device);
/// From `newest` (of generation `generation`) back to `wanted`, whose key is held to the directory.
/// Rules: ring.history, ring.substituted, ring.unknown.
Result<RingKeys> walk_back(const directory::Directory& directory, const Subject& authority, const RingKeys& newest,
                           std::int64_t generation, std::int64_t wanted);

/// Fetches and opens what this device may read of a ring. Keeps what it opened for its lifetime.
class RingReader {
 public:
  RingReader(Api& api, const Mirror& mirror, const crypto::Agreement& device)
      : api_(api), mirror_(mirror), device_(device) {}
  /// The keys of that generation. Rule: ring.no-wrap (Errc::refused: nobody has wrapped the ring to this device yet;
  /// ask a colleague with the role ring-admin for `ring.grant`), and those of open_wrap and walk_back.
  Result<const RingKeys*> keys(const Subject& authority, std::int64_t generation);

 private:
  Api& api_;
  const Mirror& mirror_;
  const crypto::Agreement& device_;
  std::map<std::pair<Subject, std::int64_t>, RingKeys> opened_;
};

}  // namespace entraide::client
