#include <algorithm>
#include <set>

#include "cases/cases.h"
#include "clocks/clocks.h"
#include "http/api/api.h"

namespace entraide::http {
namespace {

using codec::Json;

rulebook::Person person_of(const Api& api, const Caller& caller, const Subject& authority) {
  const auto people = api.hub.directory();
  const directory::Authority* of = people->authority(authority);
  rulebook::Person person;
  person.authority = {authority, of == nullptr ? std::string() : of->kind,
                      act::country_of(authority).str().substr(3)};
  for (const auto& [name, roles] : caller.authorities)
    if (name == authority) person.roles = roles;
  if (caller.assurance_level == "hw") person.level = rulebook::DeviceLevel::hw;
  else if (caller.assurance_level == "prf") person.level = rulebook::DeviceLevel::prf;
  return person;
}

std::shared_ptr<const rulebook::Rulebook> rules_of(const Api& api, const cases::Case& file) {
  return api.hub.shelf().find(file.rulebook);
}

Json json_of(const clocks::Clock& clock) {
  Json alarms = Json::array();
  for (const Time alarm : clock.alarms) alarms.push_back(codec::rfc3339(alarm));
  return Json::object({{"id", clock.clock},
                       {"kind", clock.kind},
                       {"owner", clock.owner.str()},
                       {"started_at", codec::rfc3339(clock.started)},
                       {"due_at", codec::rfc3339(clock.due)},
                       {"state", clocks::to_text(clock.state)},
                       {"alarms", std::move(alarms)}});
}

// Whose turn it is: the owner of the running clock that is due first.
Json turn_of(const std::vector<clocks::Clock>& clocks) {
  const auto first =
      std::find_if(clocks.begin(), clocks.end(), [](const auto& c) { return c.state == clocks::State::running; });
  return first == clocks.end() ? Json() : Json(first->owner.str());
}

// The newest sealed summary, which the reader's inbox opens.
Result<Json> summary_of(store::Connection& connection, const cases::Case& file) {
  const auto opening = TRY(ledger::entry_at(connection, file.opened_index));
  if (!opening || opening->body.empty()) return Json();
  const auto parsed = TRY(act::parse_act(opening->body));
  for (const act::ObjectRef& object : parsed.act.objects)
    if (object.kind == act::ObjectRef::Kind::seal && object.role == "sum")
      return Json::object(
          {{"act", act::to_text(parsed.id)}, {"h", codec::to_text(object.hash)}, {"n", object.bytes}});
  return Json();
}

// What the caller can do to the record travels with it: no client decides permissions.
Json can_of(const Api& api, const Caller& caller, const Subject& authority, const hub::Docket& docket) {
  Json out = Json::array();
  if (const auto rules = rules_of(api, *docket.file))
    for (const rulebook::Ability& ability :
         rulebook::abilities(*rules, docket.state, person_of(api, caller, authority), api.hub.clock().now()))
      if (!ability.refused) out.push_back(ability.act);
  return out;
}

Result<Json> json_of(const Api& api, store::Connection& connection, const Caller& caller, const Subject& authority,
                     cases::Case file) {
  const hub::Docket docket = TRY(hub::load_docket(connection, std::move(file)));
  const cases::Case& kept = *docket.file;
  const cases::Thread& newest = kept.newest();
  Json threads = Json::array(), clocks = Json::array(), parties = Json::array();
  std::set<std::string> names;
  for (const cases::Box& box : docket.boxes) names.insert(box.authority.str());
  for (const std::string& name : names) parties.push_back(name);
  for (const cases::Thread& thread : kept.threads)
    threads.push_back(Json::object({{"kind", thread.kind},
                                    {"state", thread.state},
                                    {"final", thread.is_final},
                                    {"basis", thread.basis},
                                    {"requesting", thread.requesting.authority.str()},
                                    {"requested", thread.requested.authority.str()},
                                    {"label", thread.label}}));
  for (const clocks::Clock& clock : docket.clocks) clocks.push_back(json_of(clock));
  return Json::object({{"case", kept.id.str()},
                       {"reference", kept.reference},
                       {"kind", newest.kind},
                       {"state", newest.state},
                       {"threads", std::move(threads)},
                       {"requesting", newest.requesting.authority.str()},
                       {"requested", newest.requested.authority.str()},
                       {"parties", std::move(parties)},
                       {"basis", newest.basis},
                       {"label", newest.label},
                       {"rulebook", codec::to_text(kept.rulebook)},
                       {"opened_at", codec::rfc3339(kept.opened)},
                       {"changed_at", codec::rfc3339(kept.changed)},
                       {"last_index", kept.last_index},
                       {"turn", turn_of(docket.clocks)},
                       {"clocks", std::move(clocks)},
                       {"summary", TRY(summary_of(connection, kept))},
                       {"can", can_of(api, caller, authority, docket)}});
}

Result<net::Response> list_cases(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Subject authority = TRY(authority_of(caller, request));
  cases::Query query;
  query.authority = authority;
  query.view = TRY(cases::view_from_text(request.query.get("view")));
  query.kind = request.query.get("kind");
  query.state = request.query.get("state");
  query.country = request.query.get("country");
  query.limit = TRY(number_of(request, "limit", 50, 1, 200));
  const std::string filter = authority.str() + "\n" + std::string(request.query.get("view")) + "\n" + query.kind +
                             "\n" + query.state + "\n" + query.country;
  if (const std::string* text = request.query.find("cursor")) {
    const Cursor cursor = TRY(parse_cursor(filter, *text));
    query.after_key = cursor.key;
    query.after_case = cursor.tie;
  }
  return api->hub.read()([&](store::Connection& connection) -> Result<net::Response> {
    Json items = Json::array();
    std::vector<cases::Listed> listed;
    if (const std::string* reference = request.query.find("reference")) {
      auto file = TRY(cases::find_by_reference(connection, *reference));
      if (file && TRY(cases::is_party(connection, file->case_no, authority)))
        listed.push_back({std::move(*file), {}, 0});
    } else {
      listed = TRY(cases::list(connection, query));
    }
    Json next;
    if (listed.size() == static_cast<std::size_t>(query.limit))
      next = make_cursor(filter, listed.back().page_key, listed.back().file.case_no);
    for (cases::Listed& one : listed)
      items.push_back(TRY(json_of(*api, connection, caller, authority, std::move(one.file))));
    return json(200, Json::object({{"items", std::move(items)}, {"next", std::move(next)}}));
  });
}

Json json_of(const ledger::Entry& entry, const act::SignedAct& parsed) {
  const act::Act& act = parsed.act;
  Json to = Json::array();
  for (const Subject& receiver : act.to) to.push_back(receiver.str());
  return Json::object({{"id", act::to_text(parsed.id)},
                       {"index", entry.index},
                       {"time", codec::rfc3339(entry.time())},
                       {"t", act.type},
                       {"by", act.by.str()},
                       {"for", act.for_authority.str()},
                       {"to", std::move(to)},
                       {"at", codec::rfc3339(act.at)},
                       {"d", act.d},
                       {"objects", objects_of(act)}});
}

Result<net::Response> show_case(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  return api->hub.read()([&](store::Connection& connection) -> Result<net::Response> {
    OpenedCase opened = TRY(case_of(connection, caller, request.captured.get("case")));
    Json acts = Json::array(), notes = Json::array();
    for (const cases::EntryRef& ref : TRY(cases::entries(connection, opened.file.case_no))) {
      const auto entry = TRY(ledger::entry_at(connection, ref.index));
      ENSURE(entry.has_value());  // a case's entries are entries of the ledger
      if (entry->kind == merkle::EntryKind::note)
        notes.push_back(Json::object({{"index", entry->index},
                                      {"time", codec::rfc3339(entry->time())},
                                      {"t", ref.type},
                                      {"d", TRY(codec::parse_json(entry->body))}}));
      else {
        const act::SignedAct parsed = TRY(act::parse_act(entry->body));
        acts.push_back(json_of(*entry, parsed)
                           .set("delivery", delivery_of(*api, *entry, parsed.act,
                                                        TRY(delivery::acknowledgements(connection, entry->index)))));
      }
    }
    Json out = TRY(json_of(*api, connection, caller, opened.authority, std::move(opened.file)));
    out.set("acts", std::move(acts)).set("notes", std::move(notes));
    return json(200, out);
  });
}

Json json_of(const std::vector<rulebook::Ability>& abilities) {
  Json out = Json::array();
  for (const rulebook::Ability& ability : abilities) {
    Json one = Json::object({{"act", ability.act},
                             {"allowed", !ability.refused.has_value()},
                             {"form", ability.form},
                             {"assurance", ability.assurance}});
    if (ability.refused) one.set("rule", ability.refused->rule).set("source", ability.refused->source);
    out.push_back(std::move(one));
  }
  return out;
}

Result<net::Response> abilities_in(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  return api->hub.read()([&](store::Connection& connection) -> Result<net::Response> {
    OpenedCase opened = TRY(case_of(connection, caller, request.captured.get("case")));
    const auto rules = rules_of(*api, opened.file);
    const hub::Docket docket = TRY(hub::load_docket(connection, std::move(opened.file)));
    if (!rules) return nothing_there("rulebook");
    return json(200, json_of(rulebook::abilities(*rules, docket.state, person_of(*api, caller, opened.authority),
                                                 api->hub.clock().now())));
  });
}

// What may be begun, before an hour of typing.
Result<net::Response> abilities_to_begin(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const Subject authority = TRY(authority_of(caller, request));
  const auto rules = api->hub.rulebook();
  if (!rules) return nothing_there("rulebook");
  return json(200,
              json_of(rulebook::abilities(*rules, {}, person_of(*api, caller, authority), api->hub.clock().now())));
}

}  // namespace

Result<OpenedCase> case_of(store::Connection& connection, const Caller& caller, std::string_view name) {
  auto file = act::case_id_from_text(name) ? TRY(cases::find(connection, CaseId(std::string(name))))
                                           : TRY(cases::find_by_reference(connection, name));
  if (file)
    for (const auto& [authority, roles] : caller.authorities)
      if (TRY(cases::is_party(connection, file->case_no, authority))) return OpenedCase{std::move(*file), authority};
  return nothing_there("case");
}

void add_case_routes(net::Router& router, ApiPtr api) {
  const auto with = [&](auto read) {
    return reading(
        api, [api, read](const Caller& caller, const net::Request& request) { return read(api, caller, request); });
  };
  router.add("GET", "/v1/cases", with(list_cases), kOnPool);
  router.add("GET", "/v1/cases/{case}", with(show_case), kOnPool);
  router.add("GET", "/v1/cases/{case}/abilities", with(abilities_in), kOnPool);
  router.add("GET", "/v1/abilities", with(abilities_to_begin), kOnPool);
}

}  // namespace entraide::http
