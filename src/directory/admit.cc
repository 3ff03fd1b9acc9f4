// How each act of the directory changes it, or why it is not admitted. Each reader looks at everything before the first thing
// changes.

#include <algorithm>

#include "codec/codec.h"
#include "directory/directory.h"

namespace entraide::directory {
namespace {

using act::SubjectKind;
using codec::Json;
using codec::ObjectReader;

bool is(const Subject& subject, SubjectKind kind) {
  const auto found = act::subject_kind(subject);
  return found && *found == kind;
}

Result<crypto::PublicKey> read_key(ObjectReader& in, std::string_view key) {
  const Json& jwk = in.value(key);
  TRY(in.finish_open());
  return crypto::PublicKey::from_jwk(jwk);
}

Result<std::vector<crypto::PublicKey>> read_keys(ObjectReader& in, std::string_view key, std::size_t at_least) {
  std::vector<crypto::PublicKey> keys;
  for (const Json& jwk : in.array(key)) keys.push_back(TRY(crypto::PublicKey::from_jwk(jwk)));
  TRY(in.finish_open());
  if (keys.size() < at_least || keys.size() > act::kSignaturesMax)
    return fail(Errc::invalid, "dir.keys",
                in.what() + "." + std::string(key) + ": must list " + std::to_string(at_least) + " to 32 keys");
  for (std::size_t i = 0; i < keys.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (keys[i].kid() == keys[j].kid())
        return fail(Errc::invalid, "dir.key.duplicate", in.what() + ": a key is listed twice");
  return keys;
}

std::vector<KeyId> ids_of(const std::vector<crypto::PublicKey>& keys) {
  std::vector<KeyId> ids;
  for (const auto& key : keys) ids.push_back(key.kid());
  return ids;
}

}  // namespace

// The act under judgement, where it stands, and a reader over its `d`.
struct Directory::Step {
  const act::VerifiedAct& act;
  std::int64_t index;
  Time now;

  const Json& d() const { return act.act().d; }
  ObjectReader reader() const { return ObjectReader(d(), "d"); }
};

std::size_t Directory::active_signers(const act::VerifiedAct& act, std::span<const KeyId> among) const {
  return static_cast<std::size_t>(std::count_if(among.begin(), among.end(), [&](const KeyId& kid) {
    const Key* found = key(kid);
    return found != nullptr && found->active() && act.signed_by(kid);
  }));
}

Result<> Directory::require_threshold(const Step& step, std::span<const KeyId> among, std::int64_t threshold,
                                      std::string_view who) const {
  const std::size_t have = active_signers(step.act, among);
  if (static_cast<std::int64_t>(have) < threshold)
    return fail(Errc::refused, "dir.signers",
                step.act.act().type + ": needs " + std::to_string(threshold) + " signatures of " + std::string(who) +
                    ", has " + std::to_string(have));
  return {};
}

Result<> Directory::require_new(const crypto::PublicKey& fresh) const {
  if (keys_.contains(fresh.kid()))
    return fail(Errc::refused, "dir.key.duplicate",
                "key " + fresh.kid().str() + " has been used before; make a new one");
  return {};
}

void Directory::add_key(const crypto::PublicKey& fresh, Key::Use use, const Subject& holder, std::int64_t index) {
  keys_.insert_or_assign(fresh.kid(), Key{fresh, use, holder, index, std::nullopt});
}

void Directory::revoke_key(const KeyId& kid, std::int64_t index) {
  const auto found = keys_.find(kid);
  if (found != keys_.end() && !found->second.revoked) found->second.revoked = index;
}

Result<> Directory::admit(const act::VerifiedAct& act, std::int64_t index, Time now) {
  const Step step{act, index, now};
  const std::string& type = act.act().type;
  if (!genesis_ && type != "dir.genesis")
    return fail(Errc::refused, "dir.genesis.missing", type + ": the first act of a ledger must be dir.genesis");
  if (type == "dir.genesis") return admit_genesis(step);
  // `by` says who acts, `dv` with which key: nobody acts in the name of another.
  const Key* speaking = key(act.act().device);
  if (speaking == nullptr || speaking->holder != act.act().by)
    return fail(Errc::refused, "act.by", type + ": the key named in `dv` is not a key of " + act.act().by.str());
  if (!speaking->active())
    return fail(Errc::refused, "act.device.revoked", type + ": the key named in `dv` has been revoked");
  if (type == "dir.country") return admit_country(step);
  if (type == "dir.authority") return admit_authority(step);
  if (type == "dir.officer") return admit_officer(step);
  if (type == "dir.device") return admit_device(step);
  if (type == "dir.revoke") return admit_revoke(step);
  if (type == "dir.rulebook") return admit_rulebook(step);
  if (type == "ring.new") return admit_ring_new(step);
  if (type == "ring.grant") return admit_ring_grant(step);
  return fail(Errc::invalid, "act.type.unknown", type + ": there is no such act");
}

Result<> Directory::admit_genesis(const Step& step) {
  if (genesis_) return fail(Errc::refused, "dir.duplicate", "dir.genesis: the ledger has begun already");
  ObjectReader in = step.reader();
  const auto roots = TRY(read_keys(in, "roots", 1));
  Genesis genesis{step.act.id(), ids_of(roots), in.integer("m"), in.string("log"), in.string("witnesses")};
  const std::string rulebook = in.string("rb");
  genesis.demonstration = in.optional_boolean("demonstration").value_or(false);
  TRY(in.finish());
  const auto digest = TRY(codec::hash_from_text<Digest>(rulebook, "d.rb"));
  if (genesis.threshold < 1 || genesis.threshold > static_cast<std::int64_t>(roots.size()))
    return fail(Errc::invalid, "dir.threshold", "d.m: must be between 1 and the number of roots");
  if (step.act.act().for_authority != Subject("org"))
    return fail(Errc::refused, "act.authority.wrong", "dir.genesis: must be `for` org");
  if (step.act.act().by != Subject("org")) return fail(Errc::refused, "act.by", "dir.genesis: must be `by` org");
  const auto signed_roots = std::count_if(genesis.roots.begin(), genesis.roots.end(),
                                          [&](const KeyId& kid) { return step.act.signed_by(kid); });
  if (signed_roots < genesis.threshold)
    return fail(Errc::refused, "dir.signers",
                "dir.genesis: needs " + std::to_string(genesis.threshold) + " of its roots");
  for (const auto& root : roots) add_key(root, Key::Use::root, Subject("org"), step.index);
  rulebooks_.push_back(digest);
  origins_["org"] = step.act.id();
  genesis_ = std::move(genesis);
  return {};
}

Result<> Directory::admit_country(const Step& step) {
  ObjectReader in = step.reader();
  const Subject country("cc:" + in.string("cc"));
  const auto roots = TRY(read_keys(in, "roots", 1));
  Country out{country, ids_of(roots), in.integer("m"), {}, Status::active};
  for (const std::string& der : in.strings("pki")) out.pki.push_back(TRY(codec::from_base64(der)));
  TRY(in.finish());
  if (!is(country, SubjectKind::country))
    return fail(Errc::invalid, "act.subject", "d.cc: must be an ISO 3166 code like fr");
  if (countries_.contains(country))
    return fail(Errc::refused, "dir.duplicate", country.str() + " is enrolled already");
  if (out.threshold < 1 || out.threshold > static_cast<std::int64_t>(roots.size()))
    return fail(Errc::invalid, "dir.threshold", "d.m: must be between 1 and the number of roots");
  if (step.act.act().for_authority != Subject("org"))
    return fail(Errc::refused, "act.authority.wrong", "dir.country: must be `for` org");
  TRY(require_threshold(step, genesis_->roots, genesis_->threshold, "the organisation's roots"));
  // Possession: the new country shows that it holds the keys it brings.
  const auto possessed =
      std::count_if(out.roots.begin(), out.roots.end(), [&](const KeyId& kid) { return step.act.signed_by(kid); });
  if (possessed < out.threshold)
    return fail(Errc::refused, "dir.possession",
                "dir.country: the new roots must sign too, " + std::to_string(out.threshold) + " of them");
  for (const auto& root : roots) TRY(require_new(root));
  for (const auto& root : roots) add_key(root, Key::Use::root, country, step.index);
  origins_[country.str()] = step.act.id();
  countries_.emplace(country, std::move(out));
  return {};
}

Result<> Directory::admit_authority(const Step& step) {
  ObjectReader in = step.reader();
  Authority out;
  out.authority = Subject(in.string("au"));
  out.kind = in.string("kind");
  out.competence = in.strings("competence");
  out.name = in.value("name");
  const auto administrators = TRY(read_keys(in, "ops", 2));
  TRY(in.finish());
  if (!is(out.authority, SubjectKind::authority))
    return fail(Errc::invalid, "act.subject", "d.au: must be like au:fr:central-authority");
  if (authorities_.contains(out.authority))
    return fail(Errc::refused, "dir.duplicate", out.authority.str() + " is enrolled already");
  const Subject parent = act::country_of(out.authority);
  const Country* of = country(parent);
  if (of == nullptr || of->status != Status::active)
    return fail(Errc::refused, "dir.parent", parent.str() + " is not enrolled or is suspended");
  if (step.act.act().for_authority != parent)
    return fail(Errc::refused, "act.authority.wrong", "dir.authority: must be `for` " + parent.str());
  TRY(require_threshold(step, of->roots, of->threshold, "the country's roots"));
  for (const auto& administrator : administrators) TRY(require_new(administrator));
  for (const auto& administrator : administrators)
    add_key(administrator, Key::Use::administrator, out.authority, step.index);
  out.administrators = ids_of(administrators);
  origins_[out.authority.str()] = step.act.id();
  authorities_.emplace(out.authority, std::move(out));
  return {};
}

Result<> Directory::admit_officer(const Step& step) {
  ObjectReader in = step.reader();
  const Subject person(in.string("of"));
  Assignment assignment{in.strings("roles"), {}, step.index};
  const std::string until = in.string("until");
  TRY(in.finish());
  assignment.until = TRY(codec::from_rfc3339(until));
  const Subject& where = step.act.act().for_authority;
  const bool system = is(person, SubjectKind::system);
  if (!system && !is(person, SubjectKind::officer))
    return fail(Errc::invalid, "act.subject", "d.of: must be like of:fr:<16 characters> or sy:fr:name");
  if (assignment.roles.empty() || assignment.roles.size() > 16)
    return fail(Errc::invalid, "dir.roles", "d.roles: must name 1 to 16 roles");
  if (assignment.until <= step.now) return fail(Errc::refused, "dir.until", "d.until: lies in the past");
  const Authority* of = active_authority(where);
  if (of == nullptr) return fail(Errc::refused, "dir.parent", where.str() + " is not an active authority");
  if (act::country_of(person) != act::country_of(where))
    return fail(Errc::refused, "dir.parent", "an officer and the authority must be of one country");
  const bool two = std::any_of(assignment.roles.begin(), assignment.roles.end(),
                               [](const std::string& role) { return role_needs_two_administrators(role); });
  if (system && two)
    return fail(Errc::refused, "dir.system.role", "d.roles: a system cannot have a role that asks for a person");
  TRY(require_threshold(step, of->administrators, two ? 2 : 1, "the authority's administrators"));
  if (const Officer* before = officer(person)) {
    if (before->status != Status::active)
      return fail(Errc::refused, "act.officer.closed", "the officer has been revoked; enrol a new pseudonym");
    // Signatures may take days to gather. What was decided meanwhile is not undone by an act that had not seen it.
    const auto now_in_force = before->assignments.find(where);
    if (now_in_force != before->assignments.end() && now_in_force->second.index >= step.act.act().checkpoint.size)
      return fail(Errc::conflict, "dir.superseded",
                  "dir.officer: the assignment was changed after this act was signed; look at it and sign again");
  }
  Officer& entry = officers_[person];
  entry.officer = person;
  entry.assignments.insert_or_assign(where, std::move(assignment));
  origins_[assignment_name(person, where)] = step.act.id();
  return {};
}

Result<> Directory::admit_device(const Step& step) {
  ObjectReader in = step.reader();
  Device out;
  out.officer = Subject(in.string("of"));
  const crypto::PublicKey sign = TRY(read_key(in, "sig"));
  const crypto::PublicKey seal = TRY(read_key(in, "seal"));
  out.assurance_level = in.string("aal");
  in.nullable_string("att");
  out.certificate_thumbprint = in.nullable_string("x5t").value_or("");
  if (const Json* document = in.optional_value("doc")) out.document = TRY(crypto::PublicKey::from_jwk(*document));
  TRY(in.finish());
  out.sign = sign.kid();
  out.seal = seal.kid();
  if (out.assurance_level != "hw" && out.assurance_level != "prf" && out.assurance_level != "soft")
    return fail(Errc::invalid, "dir.aal", "d.aal: must be hw, prf or soft");
  if (out.sign == out.seal || out.document == sign || out.document == seal)
    return fail(Errc::invalid, "dir.key.duplicate", "a key has one use: sig, seal or doc");
  if (!out.certificate_thumbprint.empty()) TRY(codec::from_base64url_sized(out.certificate_thumbprint, 32, "d.x5t"));
  else if (is(out.officer, SubjectKind::system))
    return fail(Errc::invalid, "dir.system.certificate",
                "d.x5t: a system signs in with a certificate; give its thumbprint");
  const Subject& where = step.act.act().for_authority;
  const Officer* person = officer(out.officer);
  const Authority* of = active_authority(where);
  if (of == nullptr || person == nullptr || person->status != Status::active || !person->assignments.contains(where))
    return fail(Errc::refused, "dir.parent", "the officer does not act for " + where.str());
  TRY(require_threshold(step, of->administrators, 1, "the authority's administrators"));
  if (!step.act.signed_by(out.sign))
    return fail(Errc::refused, "dir.possession", "dir.device: the device must sign too, with its new key");
  TRY(require_new(sign));
  TRY(require_new(seal));
  if (out.document) TRY(require_new(*out.document));
  add_key(sign, Key::Use::sign, out.officer, step.index);
  add_key(seal, Key::Use::seal, out.officer, step.index);
  origins_[out.sign.str()] = step.act.id();
  devices_.emplace(out.sign, std::move(out));
  return {};
}

bool Directory::signed_by_administrator_of(const act::VerifiedAct& act, const Officer& person) const {
  return std::any_of(person.assignments.begin(), person.assignments.end(), [&](const auto& assignment) {
    const Authority* of = authority(assignment.first);
    return of != nullptr && active_signers(act, of->administrators) > 0;
  });
}

Result<> Directory::admit_revoke(const Step& step) {
  ObjectReader in = step.reader();
  const auto kid = in.optional_string("kid");
  const auto name = in.optional_string("subject");
  in.string("why");
  const std::string from = in.string("from");
  TRY(in.finish());
  TRY(codec::from_rfc3339(from));
  if (kid.has_value() == name.has_value())
    return fail(Errc::invalid, "dir.revoke.target", "dir.revoke: names either a kid or a subject");

  const auto refused = [] {
    return fail(Errc::refused, "dir.signers",
                "dir.revoke: needs the officer, an administrator of the authority, or a root above it");
  };
  const bool by_org = active_signers(step.act, genesis_->roots) > 0;
  const auto by_country = [&](const Subject& country_name) {
    const Country* of = country(country_name);
    return of != nullptr && active_signers(step.act, of->roots) > 0;
  };

  if (kid) {
    const Key* target = key(KeyId(*kid));
    if (target == nullptr) return fail(Errc::refused, "dir.unknown", "dir.revoke: there is no key " + *kid);
    if (!target->active()) return fail(Errc::refused, "dir.duplicate", "dir.revoke: the key is revoked already");
    const Subject holder = target->holder;
    bool may = by_org || by_country(act::country_of(holder));
    if (const Officer* person = officer(holder)) {
      may = may || signed_by_administrator_of(step.act, *person);
      for (const KeyId& signer : step.act.signers()) {
        const Key* own = key(signer);
        may = may || (own != nullptr && own->active() && own->use == Key::Use::sign && own->holder == holder);
      }
    }
    if (const Authority* of = authority(holder)) may = may || active_signers(step.act, of->administrators) > 0;
    if (!may) return refused();
    revoke_key(KeyId(*kid), step.index);
    // A device is one thing: its two keys go together.
    for (const auto& [id, device] : devices_) {
      if (id.str() == *kid) revoke_key(device.seal, step.index);
      if (device.seal.str() == *kid) revoke_key(id, step.index);
    }
    return {};
  }

  const Subject target(*name);
  if (const auto person = officers_.find(target); person != officers_.end()) {
    if (!by_org && !by_country(act::country_of(target)) && !signed_by_administrator_of(step.act, person->second))
      return refused();
    person->second.status = Status::closed;
    for (const auto& [id, device] : devices_) {
      if (device.officer != target) continue;
      revoke_key(id, step.index);
      revoke_key(device.seal, step.index);
    }
    return {};
  }
  if (const auto found = authorities_.find(target); found != authorities_.end()) {
    if (!by_org && !by_country(act::country_of(target))) return refused();
    found->second.status = Status::closed;
    return {};
  }
  if (const auto found = countries_.find(target); found != countries_.end()) {
    TRY(require_threshold(step, genesis_->roots, genesis_->threshold, "the organisation's roots"));
    found->second.status = Status::closed;
    return {};
  }
  return fail(Errc::refused, "dir.unknown", "dir.revoke: there is no subject " + target.str());
}

Result<> Directory::admit_rulebook(const Step& step) {
  ObjectReader in = step.reader();
  const std::string text = in.string("rb");
  TRY(in.finish());
  const auto digest = TRY(codec::hash_from_text<Digest>(text, "d.rb"));
  if (step.act.act().for_authority != Subject("org"))
    return fail(Errc::refused, "act.authority.wrong", "dir.rulebook: must be `for` org");
  TRY(require_threshold(step, genesis_->roots, genesis_->threshold, "the organisation's roots"));
  if (!rulebooks_.empty() && rulebooks_.back() == digest)
    return fail(Errc::refused, "dir.duplicate", "dir.rulebook: this version is in force already");
  rulebooks_.push_back(digest);
  return {};
}

Result<> Directory::admit_ring_new(const Step& step) {
  ObjectReader in = step.reader();
  const Subject where(in.string("au"));
  const std::int64_t generation = in.integer("g");
  const crypto::PublicKey fresh = TRY(read_key(in, "pub"));
  const std::string wrap = in.string("wrap");
  in.nullable_string("esc");
  const std::int64_t previous = in.integer("prev");
  TRY(in.finish());
  const Ring ring{generation, step.index, TRY(codec::hash_from_text<Digest>(wrap, "d.wrap")), fresh};
  const auto found = authorities_.find(where);
  if (active_authority(where) == nullptr)
    return fail(Errc::refused, "dir.parent", where.str() + " is not an active authority");
  if (step.act.act().for_authority != where)
    return fail(Errc::refused, "act.authority.wrong", "ring.new: must be `for` " + where.str());
  const Ring* current = found->second.current_ring();
  const std::int64_t expected = (current == nullptr ? 0 : current->generation) + 1;
  if (generation != expected || previous != expected - 1)
    return fail(Errc::conflict, "ring.generation",
                "ring.new: the next generation of " + where.str() + " is " + std::to_string(expected));
  TRY(require_threshold(step, found->second.administrators, 1, "the authority's administrators"));
  TRY(require_new(fresh));
  add_key(fresh, Key::Use::seal, where, step.index);
  origins_[where.str() + "#" + std::to_string(generation)] = step.act.id();
  found->second.rings.emplace(generation, ring);
  return {};
}

Result<> Directory::admit_ring_grant(const Step& step) {
  ObjectReader in = step.reader();
  const Subject where(in.string("au"));
  const std::int64_t generation = in.integer("g");
  const KeyId to(in.string("dv"));
  const std::string wrap = in.string("wrap");
  TRY(in.finish());
  TRY(codec::hash_from_text<Digest>(wrap, "d.wrap"));
  const Authority* of = authority(where);
  if (of == nullptr || !of->rings.contains(generation))
    return fail(Errc::refused, "ring.unknown",
                "ring.grant: " + where.str() + " has no generation " + std::to_string(generation));
  if (step.act.act().for_authority != where)
    return fail(Errc::refused, "act.authority.wrong", "ring.grant: must be `for` " + where.str());
  const Actor actor = TRY(authorise(step.act, step.now));
  if (std::none_of(actor.officers.begin(), actor.officers.end(),
                   [](const auto& o) { return o.has_role("ring-admin"); }))
    return fail(Errc::refused, "act.role.missing", "ring.grant: needs the role ring-admin");
  if (!is_member(where, to, step.now))
    return fail(Errc::refused, "ring.member", "ring.grant: the device is not an active device of " + where.str());
  return {};
}

}  // namespace entraide::directory
