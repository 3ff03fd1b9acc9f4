// directory: who exists, as this client has verified it.

#include "apps/entraide/case_view.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {

using codec::Json;

std::string_view status_of(directory::Status status) {
  return status == directory::Status::active ? "active" : "closed";
}

std::string name_in(const Json& names, const std::string& language) {
  for (const std::string& wanted : {language, std::string("en")})
    if (const Json* words = names.find(wanted); words != nullptr && words->is_string()) return words->string();
  return names.is_object() && !names.members().empty() && names.members()[0].second.is_string()
             ? names.members()[0].second.string()
             : "";
}

Result<> list_directory(Context& context) {
  client::Mirror* mirror = TRY(context.fresh_mirror());
  const std::string country = TRY(country_option(context.args()));
  Json::Array rows;
  for (const auto& [subject, authority] : mirror->directory().authorities()) {
    if (!country.empty() && act::country_of(subject).str() != "cc:" + country) continue;
    const directory::Ring* ring = authority.current_ring();
    rows.push_back(Json::object({{"authority", subject.str()},
                                 {"kind", authority.kind},
                                 {"name", name_in(authority.name, context.language())},
                                 {"status", status_of(authority.status)},
                                 {"ring", ring == nullptr ? Json() : Json(ring->generation)}}));
  }
  context.out().rows(
      {{"authority", "AUTHORITY"}, {"kind", "KIND"}, {"name", "NAME"}, {"status", "STATUS"}, {"ring", "RING"}}, rows);
  if (rows.empty())
    context.out().say("The directory has no authority" + (country.empty() ? "." : " of " + country + "."));
  return {};
}

/// How to reach it by telephone and e-mail, as its country has notified: the central authority, the point of contact or the
/// National Central Bureau. Null for any other.
Json contact_of(const rulebook::Rulebook& rules, const Subject& authority) {
  const Json* profile = rulebook::profile_of(rules, act::country_of(authority).str().substr(3));
  if (profile == nullptr) return {};
  for (const std::string place : {"central_authority", "contact_point", "ncb"})
    if (const Json *named = profile->find(place), *contact = profile->find(place + "_contact");
        named != nullptr && contact != nullptr && *named == Json(authority.str()))
      return *contact;
  return {};
}

Json show_authority(const directory::Directory& directory, const directory::Authority& authority,
                    const rulebook::Rulebook& rules, const std::string& language, Time now) {
  Json competence = Json::array(), devices = Json::array(), administrators = Json::array();
  for (const std::string& code : authority.competence) competence.push_back(code);
  for (const directory::Device* device : directory.members(authority.authority, now))
    devices.push_back(device->sign.str());
  for (const KeyId& kid : authority.administrators) administrators.push_back(kid.str());
  const directory::Ring* ring = authority.current_ring();
  return Json::object({{"authority", authority.authority.str()},
                       {"kind", authority.kind},
                       {"name", name_in(authority.name, language)},
                       {"contact", contact_of(rules, authority.authority)},
                       {"competence", competence},
                       {"status", status_of(authority.status)},
                       {"ring", ring == nullptr ? Json() : Json(ring->generation)},
                       {"ring_kid", ring == nullptr ? Json() : Json(ring->key.kid().str())},
                       {"administrators", administrators},
                       {"devices", devices}});
}

Result<> show_authority(Context& context) {
  client::Mirror* mirror = TRY(context.fresh_mirror());
  const Subject subject = TRY(parse_subject(*context.args().get("SUBJECT")));
  const directory::Directory& directory = mirror->directory();
  const rulebook::Rulebook* rules = TRY(context.rules());
  if (const directory::Authority* authority = directory.authority(subject)) {
    context.out().record(show_authority(directory, *authority, *rules, context.language(), context.clock().now()));
  } else if (const directory::Country* country = directory.country(subject)) {
    Json roots = Json::array(), pki = Json::array();
    for (const KeyId& kid : country->roots) roots.push_back(kid.str());
    for (const Bytes& der : country->pki)
      if (const auto certificate = crypto::Certificate::from_der(der)) pki.push_back(certificate->subject());
    context.out().record(Json::object({{"country", subject.str()},
                                       {"status", status_of(country->status)},
                                       {"roots", roots},
                                       {"threshold", country->threshold},
                                       {"document_roots", pki}}));
    // What the country has notified of itself: whom to telephone, its languages, what it asks for.
    if (const Json* profile = rulebook::profile_of(*rules, subject.str().substr(3));
        profile != nullptr && context.out().for_people())
      context.out().text(safe(show_document(CaseWords(*rules, directory, {context.language()}),
                                            Json::object({{"form", "country-profile"}, {"answers", *profile}}))));
  } else if (const directory::Officer* officer = directory.officer(subject)) {
    Json assignments = Json::array();
    for (const auto& [where, assignment] : officer->assignments) {
      std::string roles;
      for (const std::string& role : assignment.roles) roles += (roles.empty() ? "" : "+") + role;
      assignments.push_back(where.str() + " " + roles + " until " + codec::rfc3339(assignment.until));
    }
    context.out().record(Json::object(
        {{"officer", subject.str()}, {"status", status_of(officer->status)}, {"assignments", assignments}}));
  } else {
    return fail(Errc::not_found, "dir.unknown", subject.str() + " is not in the directory");
  }
  return {};
}

Result<> update(Context& context) {
  client::Mirror* mirror = TRY(context.fresh_mirror());
  context.out().record(Json::object({{"genesis", act::to_text(*mirror->genesis())},
                                     {"size", static_cast<std::int64_t>(mirror->checkpoint().size)},
                                     {"root", codec::base64(mirror->checkpoint().root.view())},
                                     {"directory_acts", mirror->entries().size()},
                                     {"rulebook", codec::to_text(mirror->directory().rulebooks().back())}}));
  return {};
}

}  // namespace

std::vector<Command> directory_commands() {
  return {
      {"directory",
       "list",
       "List the authorities",
       {{"--country", "CC", "of one country"}},
       &list_directory,
       "entraide directory list --country ke",
       true},
      {"directory",
       "show",
       "Show an authority, a country or an officer",
       {{"SUBJECT", "SUBJECT", "au:..., cc:..., of:...", true}},
       &show_authority,
       "entraide directory show au:ke:central-authority"},
      {"directory", "update", "Bring the verified copy up to date and say where it stands", {}, &update, ""},
  };
}

}  // namespace entraide::cli
