#include "directory/directory.h"

#include <algorithm>

namespace entraide::directory {

bool Assignment::has_role(std::string_view role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}
bool ActingOfficer::has_role(std::string_view role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

bool role_needs_two_administrators(std::string_view role) { return role == "magistrate" || role == "ring-admin"; }

bool is_directory_act(std::string_view type) { return type.starts_with("dir.") || type.starts_with("ring."); }

std::optional<crypto::PublicKey> Directory::signing_key(const KeyId& kid) const {
  const Key* found = key(kid);
  if (found == nullptr || found->use == Key::Use::seal) return std::nullopt;
  return found->key;
}

const Country* Directory::country(const Subject& country) const {
  const auto found = countries_.find(country);
  return found == countries_.end() ? nullptr : &found->second;
}
const Authority* Directory::authority(const Subject& authority) const {
  const auto found = authorities_.find(authority);
  return found == authorities_.end() ? nullptr : &found->second;
}
const Authority* Directory::active_authority(const Subject& name) const {
  const Authority* of = authority(name);
  const Country* home = country(act::country_of(name));
  const bool active =
      of != nullptr && of->status == Status::active && home != nullptr && home->status == Status::active;
  return active ? of : nullptr;
}
const Officer* Directory::officer(const Subject& officer) const {
  const auto found = officers_.find(officer);
  return found == officers_.end() ? nullptr : &found->second;
}
const Device* Directory::device(const KeyId& sign) const {
  const auto found = devices_.find(sign);
  return found == devices_.end() ? nullptr : &found->second;
}
const Key* Directory::key(const KeyId& kid) const {
  const auto found = keys_.find(kid);
  return found == keys_.end() ? nullptr : &found->second;
}

bool Directory::is_member(const Subject& authority, const KeyId& device_id, Time now) const {
  const Device* found = device(device_id);
  const Key* signing = key(device_id);
  if (found == nullptr || signing == nullptr || !signing->active()) return false;
  const Officer* person = officer(found->officer);
  if (person == nullptr || person->status != Status::active) return false;
  const auto assignment = person->assignments.find(authority);
  return assignment != person->assignments.end() && assignment->second.until > now;
}

std::vector<const Device*> Directory::members(const Subject& authority, Time now) const {
  std::vector<const Device*> out;
  for (const auto& [kid, device] : devices_)
    if (is_member(authority, kid, now)) out.push_back(&device);
  return out;
}

Result<Actor> Directory::authorise(const act::VerifiedAct& act, Time now) const {
  const act::Act& what = act.act();
  const Authority* of = active_authority(what.for_authority);
  if (of == nullptr)
    return fail(Errc::refused, "act.authority.wrong",
                what.for_authority.str() + " is not an active authority of an active country");

  Actor out{what.for_authority, of->kind, {}};
  for (const KeyId& signer : act.signers()) {
    const Device* found = device(signer);
    const Key* signing = key(signer);
    if (found == nullptr || signing == nullptr)
      return fail(Errc::refused, "act.device.unknown", "key " + signer.str() + " is not an enrolled device");
    if (!signing->active())
      return fail(Errc::refused, "act.device.revoked", "device " + signer.str() + " has been revoked");
    const Officer* person = officer(found->officer);
    if (person == nullptr || person->status != Status::active)
      return fail(Errc::refused, "act.officer.closed", "the officer " + found->officer.str() + " has been revoked");
    const auto assignment = person->assignments.find(what.for_authority);
    if (assignment == person->assignments.end())
      return fail(Errc::refused, "act.authority.wrong",
                  found->officer.str() + " does not act for " + what.for_authority.str());
    if (assignment->second.until <= now)
      return fail(Errc::refused, "act.officer.expired",
                  found->officer.str() + ": the assignment has ended; ask an administrator to renew it");
    if (signer == what.device && found->officer != what.by)
      return fail(Errc::refused, "act.by", "the device named in `dv` belongs to another officer than `by`");
    const auto place = signer == what.device ? out.officers.begin() : out.officers.end();
    out.officers.insert(place, {found->officer, assignment->second.roles, found->assurance_level});
  }
  return out;
}

std::string Directory::assignment_name(const Subject& officer, const Subject& authority) {
  return officer.str() + "@" + authority.str();
}

std::vector<ActId> Directory::chain(const KeyId& device_id, const Subject& where) const {
  std::vector<ActId> out;
  const Device* found = device(device_id);
  if (found == nullptr) return out;
  for (const std::string& name : {std::string("org"), act::country_of(where).str(), where.str(),
                                  assignment_name(found->officer, where), device_id.str()}) {
    const auto origin = origins_.find(name);
    if (origin == origins_.end()) return {};
    out.push_back(origin->second);
  }
  return out;
}

}  // namespace entraide::directory
