#include "client/rings.h"

#include "codec/codec.h"
#include "crypto/digest.h"
#include "crypto/jwe.h"

namespace entraide::client {
namespace {

using codec::Json;
using codec::ObjectReader;

constexpr std::string_view kType = "entraide-ring+json";
constexpr std::string_view kContent = "jwk-set+json";

std::string context_of(const Subject& authority, std::int64_t generation) {
  return "ring:" + authority.str() + ":" + std::to_string(generation);
}

crypto::SealHeader header_of(const Subject& authority, std::int64_t generation, Random& random) {
  return {std::string(kType), std::string(kContent), codec::base64url(random.bytes(16)),
          context_of(authority, generation)};
}

}  // namespace

Result<RingKeys> RingKeys::parse(BytesView plaintext) {
  const Json value = TRY(codec::parse_json(plaintext, {.bytes = crypto::kJweBytesMax}));
  ObjectReader in(value, "ring");
  const Json::Array& listed = in.array("keys");
  const auto read = in.finish();
  if (!read || listed.empty() || listed.size() > kGenerationsMax)
    return fail(Errc::not_authentic, "ring.plaintext",
                "a ring must hold `keys`, 1 to 1024 of them, and nothing else");
  std::vector<crypto::PrivateKey> keys;
  for (const Json& jwk : listed) keys.push_back(TRY(crypto::PrivateKey::from_jwk(jwk)));
  return RingKeys(std::move(keys));
}

Result<RingKeys> RingKeys::older(std::size_t generations) const {
  if (generations >= keys_.size())
    return fail(Errc::not_found, "ring.history",
                "the ring keeps no older history: what was sealed before it can only be opened by a member of that "
                "time");
  return RingKeys(std::vector(keys_.begin() + static_cast<std::ptrdiff_t>(generations), keys_.end()));
}

Result<RingKeys> RingKeys::followed_by(crypto::PrivateKey key) const {
  if (keys_.size() >= kGenerationsMax)
    return fail(Errc::too_large, "ring.history",
                "the ring carries 1024 generations already; begin the next one without history");
  std::vector<crypto::PrivateKey> keys{std::move(key)};
  keys.insert(keys.end(), keys_.begin(), keys_.end());
  return RingKeys(std::move(keys));
}

SecretBytes RingKeys::plaintext() const {
  // Put together by hand, so that no copy of a secret stays behind in a JSON value.
  constexpr std::size_t kJwkBytes = 256;  // more than any of them takes
  Bytes out;
  out.reserve(32 + keys_.size() * kJwkBytes);
  append(out, "{\"keys\":[");
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (i > 0) out.push_back(',');
    const SecretBytes jwk = keys_[i].secret_jwk();
    ENSURE(jwk.view().size() < kJwkBytes);
    out.insert(out.end(), jwk.view().begin(), jwk.view().end());
  }
  append(out, "]}");
  return SecretBytes(std::move(out));
}

Result<NewRing> make_ring(const directory::Directory& directory, const Subject& name, const RingKeys* before,
                          Time now, Random& random) {
  const directory::Authority* authority = directory.authority(name);
  if (authority == nullptr) return fail(Errc::not_found, "ring.unknown", name.str() + " is not in the directory");
  std::vector<crypto::PublicKey> members;
  for (const directory::Device* device : directory.members(name, now))
    if (const directory::Key* seal = directory.key(device->seal); seal != nullptr && seal->active())
      members.push_back(seal->key);
  if (members.empty())
    return fail(Errc::refused, "ring.members",
                name.str() + " has no officer with an active device; enrol one before making its ring");
  const directory::Ring* current = authority->current_ring();
  const std::int64_t generation = (current == nullptr ? 0 : current->generation) + 1;

  const crypto::PrivateKey fresh = crypto::PrivateKey::generate(random);
  if (before != nullptr && (current == nullptr || current->key != before->key().public_key()))
    return fail(Errc::conflict, "ring.generation",
                "the history at hand is not that of the current ring of " + name.str());
  const RingKeys keys = before == nullptr ? RingKeys(fresh) : TRY(before->followed_by(fresh));
  const SecretBytes plaintext = keys.plaintext();
  std::string wrap = TRY(crypto::seal(plaintext.view(), header_of(name, generation, random), members, random));
  Json d = Json::object({{"au", name.str()},
                         {"g", generation},
                         {"pub", fresh.public_key().jwk()},
                         {"wrap", codec::to_text(crypto::sha256(std::string_view(wrap)))},
                         {"esc", nullptr},
                         {"prev", generation - 1}});
  return NewRing{fresh.public_key(), std::move(wrap), std::move(d)};
}

Result<Grant> grant_ring(const directory::Directory& directory, const Subject& authority, std::int64_t generation,
                         const RingKeys& keys, const KeyId& to, Random& random) {
  const directory::Device* device = directory.device(to);
  const directory::Key* seal = device == nullptr ? nullptr : directory.key(device->seal);
  if (seal == nullptr || !seal->active())
    return fail(Errc::refused, "ring.member", "device " + to.str() + " is not enrolled, or has been revoked");
  const SecretBytes plaintext = keys.plaintext();
  std::string wrap =
      TRY(crypto::seal(plaintext.view(), header_of(authority, generation, random), std::vector{seal->key}, random));
  Json d = Json::object({{"au", authority.str()},
                         {"g", generation},
                         {"dv", to.str()},
                         {"wrap", codec::to_text(crypto::sha256(std::string_view(wrap)))}});
  return Grant{std::move(wrap), std::move(d)};
}

namespace {
Result<> require_announced(const directory::Directory& directory, const Subject& authority, std::int64_t generation,
                           const crypto::PublicKey& key) {
  const directory::Authority* found = directory.authority(authority);
  const auto ring = found == nullptr ? decltype(found->rings.begin()){} : found->rings.find(generation);
  if (found == nullptr || ring == found->rings.end())
    return fail(Errc::not_authentic, "ring.unknown",
                authority.str() + " has announced no ring of generation " + std::to_string(generation));
  if (ring->second.key != key)
    return fail(Errc::not_authentic, "ring.substituted",
                "the key in the wrap is not the one that " + authority.str() + " announced for generation " +
                    std::to_string(generation));
  return {};
}
}  // namespace

Result<RingKeys> open_wrap(const directory::Directory& directory, const Subject& authority, std::int64_t generation,
                           std::string_view jwe, const crypto::Agreement& device) {
  const crypto::SealedView sealed = TRY(crypto::parse_jwe(jwe));
  if (sealed.header().typ != kType || sealed.header().ctx != context_of(authority, generation))
    return fail(Errc::not_authentic, "ring.context",
                "the wrap is for " + sealed.header().ctx + ", not for " + context_of(authority, generation));
  const SecretBytes plaintext = TRY(crypto::open(sealed, device));
  RingKeys keys = TRY(RingKeys::parse(plaintext.view()));
  TRY(require_announced(directory, authority, generation, keys.key().public_key()));
  return keys;
}

Result<RingKeys> walk_back(const directory::Directory& directory, const Subject& authority, const RingKeys& newest,
                           std::int64_t generation, std::int64_t wanted) {
  ENSURE(wanted <= generation);
  RingKeys keys = TRY(newest.older(static_cast<std::size_t>(generation - wanted)));
  TRY(require_announced(directory, authority, wanted, keys.key().public_key()));
  return keys;
}

Result<const RingKeys*> RingReader::keys(const Subject& authority, std::int64_t generation) {
  const auto place = std::make_pair(authority, generation);
  if (const auto found = opened_.find(place); found != opened_.end()) return &found->second;

  const Json answer = TRY(api_.get("/v1/rings/" + escape(authority.str()) + "/wraps"));
  ObjectReader in(answer, "wraps");
  const Json::Array& wraps = in.array("wraps");
  TRY(in.finish_open());
  Error last{Errc::refused,
             "ring.no-wrap",
             "nobody has wrapped the ring of " + authority.str() +
                 " to this device; ask a colleague with the role ring-admin for `entraide ring grant`",
             {}};
  // Newest first: any generation from the wanted one on leads there.
  for (const Json& item : wraps) {
    ObjectReader wrap(item, "wrap");
    const std::int64_t of = wrap.integer("g");
    const std::string hash = wrap.string("h"), act = wrap.string("act");
    TRY(wrap.finish_open());
    if (of < generation) continue;
    const auto jwe = api_.get_text("/v1/acts/" + act + "/objects/" + hash);
    if (!jwe) {
      if (jwe.error().code == Errc::unavailable) return std::unexpected(jwe.error());
      last = jwe.error();
      continue;
    }
    if (codec::to_text(crypto::sha256(std::string_view(*jwe))) != hash)
      return fail(Errc::not_authentic, "object.hash", "the hub gave another object than the one that was asked for");
    const auto keys = open_wrap(mirror_.directory(), authority, of, *jwe, device_);
    auto wanted = keys ? walk_back(mirror_.directory(), authority, *keys, of, generation) : keys;
    if (wanted) return &opened_.emplace(place, std::move(*wanted)).first->second;
    if (wanted.error().rule != "jwe.not_recipient") last = wanted.error();
  }
  return std::unexpected(std::move(last));
}

}  // namespace entraide::client
