#include <algorithm>

#include "delivery/delivery.h"
#include "evidence/evidence.h"
#include "http/api/api.h"

// Acts read back, one or many at once: what it takes to check them, and what is sealed beside them.

namespace entraide::http {
namespace {

using codec::Json;
template <class T>
using Asked = std::vector<store::Later<T>>;

// So many ids keep the request line under the 8 KiB that proxies let through.
constexpr std::size_t kRecordsMax = 100;
// Of acts and sealed objects in one answer; what does not fit is asked for again.
constexpr std::int64_t kRecordsBytesMax = 4 << 20;

// Those that the caller may read: as a party; directory entries are for every member.
Result<std::vector<ledger::Entry>> readable(store::Connection& connection, const Caller& caller,
                                            std::vector<ledger::Entry> entries) {
  std::vector<Asked<bool>> reached(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (entries[i].kind != merkle::EntryKind::dir)
      for (const auto& [authority, roles] : caller.authorities)
        reached[i].push_back(TRY(delivery::ask_reached(connection, authority, entries[i].index)));
  std::vector<ledger::Entry> out;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    bool may = entries[i].kind == merkle::EntryKind::dir;
    for (auto& one : reached[i]) may = TRY(one.take()) || may;
    if (may) out.push_back(std::move(entries[i]));
  }
  return out;
}

// In the order of asking. What is not there and what is not for the caller are left out alike.
Result<std::vector<ledger::Entry>> entries_for(store::Connection& connection, const Caller& caller,
                                               std::span<const ActId> ids) {
  Asked<std::optional<ledger::Entry>> asked;
  for (const ActId& id : ids) asked.push_back(TRY(ledger::ask_entry(connection, id)));
  std::vector<ledger::Entry> found;
  for (auto& one : asked)
    if (auto entry = TRY(one.take())) found.push_back(std::move(*entry));
  return readable(connection, caller, std::move(found));
}

Result<ledger::Entry> entry_for(store::Connection& connection, const Caller& caller, const net::Request& request) {
  const auto id = act::act_id_from_text(request.captured.get("id"));
  if (!id) return nothing_there("act");
  auto entries = TRY(entries_for(connection, caller, std::span(&*id, 1)));
  if (entries.empty()) return nothing_there("act");
  return std::move(entries.front());
}

// A ring's wrap is for the devices of that authority alone; other objects are for the parties of the act.
bool may_open(const Caller& caller, const ledger::Entry& entry, const act::Act& act) {
  return entry.kind != merkle::EntryKind::dir || caller.acts_for(act.for_authority) ||
         caller.subject == act.for_authority;
}

// What of the database belongs to a record.
struct Record {
  const ledger::Entry* entry;
  act::SignedAct parsed;
  store::Later<std::optional<std::string>> checkpoint;
  store::Later<std::vector<delivery::Acknowledgement>> said;
  struct Sealed {
    Digest hash;
    store::Later<std::optional<std::string>> jwe;
  };
  std::vector<Sealed> sealed = {};
};

// The sealed objects of that role which the caller may have; none where no role was named.
std::vector<act::ObjectRef> sealed_in(const Caller& caller, const ledger::Entry& entry, const act::Act& act,
                                      std::string_view role) {
  std::vector<act::ObjectRef> out;
  if (role.empty() || !may_open(caller, entry, act)) return out;
  for (const act::ObjectRef& object : act.objects)
    if (object.kind == act::ObjectRef::Kind::seal && object.role == role) out.push_back(object);
  return out;
}

Result<Record> ask_record(store::Connection& connection, const ledger::Entry& entry, act::SignedAct parsed) {
  return Record{&entry, std::move(parsed), TRY(ledger::ask_checkpoint_at(connection, entry.tree_size)),
                TRY(delivery::ask_acknowledgements(connection, entry.index))};
}

Result<Json> json_of(const Api& api, Record& record) {
  const ledger::Entry& entry = *record.entry;
  const ledger::Receipt receipt = TRY(ledger::receipt_of(entry, TRY(record.checkpoint.take())));
  return Json::object({{"id", act::to_text(*entry.act_id)},
                       {"index", entry.index},
                       {"time", codec::rfc3339(entry.time())},
                       {"kind", merkle::to_text(entry.kind)},
                       {"act", entry.body},
                       {"receipt", receipt.proof_text},
                       {"objects", objects_of(record.parsed.act)},
                       {"delivery", delivery_of(api, entry, record.parsed.act, TRY(record.said.take()))}});
}

Result<net::Response> read_act(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  return api->hub.read()([&](store::Connection& connection) -> Result<net::Response> {
    const ledger::Entry entry = TRY(entry_for(connection, caller, request));
    Record record = TRY(ask_record(connection, entry, TRY(act::parse_act(entry.body))));
    return json(200, TRY(json_of(*api, record)));
  });
}

Result<std::vector<ActId>> ids_of(const net::Request& request) {
  std::vector<ActId> out;
  std::string_view rest = request.query.get("ids");
  while (true) {
    const std::size_t comma = rest.find(',');
    const auto id = act::act_id_from_text(rest.substr(0, comma));
    if (!id || out.size() == kRecordsMax)
      return fail(Errc::invalid, "api.parameter",
                  "ids: must be 1 to " + std::to_string(kRecordsMax) + " act ids with commas between them");
    out.push_back(*id);
    if (comma == std::string_view::npos) return out;
    rest.remove_prefix(comma + 1);
  }
}

Result<std::string> role_of(const net::Request& request) {
  const std::string role(request.query.get("sealed"));
  if (role.empty() || role == "doc" || role == "sum" || role == "tr") return role;
  return fail(Errc::invalid, "api.parameter", "sealed: must be doc, sum or tr");
}

// However long the list, the database is asked three times: for the entries, for who may read them, for what goes with
// them. Nothing is read from it that will not be sent.
Result<net::Response> read_acts(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  const std::vector<ActId> ids = TRY(ids_of(request));
  const std::string role = TRY(role_of(request));
  return api->hub.read()([&](store::Connection& connection) -> Result<net::Response> {
    const std::vector<ledger::Entry> entries = TRY(entries_for(connection, caller, ids));
    std::vector<Record> records;
    std::int64_t bytes = 0;
    Json next;
    for (const ledger::Entry& entry : entries) {
      auto parsed = TRY(act::parse_act(entry.body));
      const auto refs = sealed_in(caller, entry, parsed.act, role);
      bytes += static_cast<std::int64_t>(entry.body.size());
      for (const act::ObjectRef& ref : refs) bytes += ref.bytes;
      if (bytes > kRecordsBytesMax && !records.empty()) {
        next = act::to_text(*entry.act_id);
        break;
      }
      records.push_back(TRY(ask_record(connection, entry, std::move(parsed))));
      for (const act::ObjectRef& ref : refs)
        records.back().sealed.push_back({ref.hash, TRY(evidence::ask_object(connection, entry.index, ref.hash))});
    }
    Json items = Json::array();
    for (Record& record : records) {
      Json item = TRY(json_of(*api, record));
      if (!role.empty()) {
        Json objects = Json::array();
        for (auto& one : record.sealed)
          if (auto jwe = TRY(one.jwe.take()))
            objects.push_back(Json::object({{"h", codec::to_text(one.hash)}, {"jwe", std::move(*jwe)}}));
        item.set("sealed", std::move(objects));
      }
      items.push_back(std::move(item));
    }
    return json(200, Json::object({{"items", std::move(items)}, {"next", std::move(next)}}));
  });
}

Result<net::Response> read_receipt(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  return api->hub.read()([&](store::Connection& connection) -> Result<net::Response> {
    const ledger::Entry entry = TRY(entry_for(connection, caller, request));
    const ledger::Receipt receipt = TRY(ledger::receipt_of(connection, entry));
    return net::Response::of(200, "text/plain; charset=utf-8", receipt.proof_text);
  });
}

Result<net::Response> read_object(const ApiPtr& api, const Caller& caller, const net::Request& request) {
  return api->hub.read()([&](store::Connection& connection) -> Result<net::Response> {
    const ledger::Entry entry = TRY(entry_for(connection, caller, request));
    const auto hash = codec::hash_from_text<Digest>(request.captured.get("hash"), "hash");
    if (!hash || !may_open(caller, entry, TRY(act::parse_act(entry.body)).act)) return nothing_there("sealed object");
    auto jwe = TRY(evidence::object(connection, entry.index, *hash));
    if (!jwe) return nothing_there("sealed object");
    auto response = net::Response::of(200, "application/jose+json", std::move(*jwe));
    response.headers.set("ETag", "\"" + codec::to_text(*hash) + "\"");
    response.headers.set("Cache-Control", "private, no-store");
    return net::conditional(request, std::move(response));
  });
}

}  // namespace

Json objects_of(const act::Act& act) {
  Json out = Json::array();
  for (const act::ObjectRef& object : act.objects) {
    const bool seal = object.kind == act::ObjectRef::Kind::seal;
    Json one = Json::object({{"k", seal ? "seal" : "file"}, {"h", codec::to_text(object.hash)}, {"n", object.bytes}});
    if (seal) one.set("r", object.role);
    else one.set("fid", object.file_id);
    out.push_back(std::move(one));
  }
  return out;
}

void add_record_routes(net::Router& router, ApiPtr api) {
  const auto with = [&](auto read) {
    return reading(
        api, [api, read](const Caller& caller, const net::Request& request) { return read(api, caller, request); });
  };
  router.add("GET", "/v1/acts", with(read_acts), kOnPool);
  router.add("GET", "/v1/acts/{id}", with(read_act), kOnPool);
  router.add("GET", "/v1/acts/{id}/receipt", with(read_receipt), kOnPool);
  router.add("GET", "/v1/acts/{id}/objects/{hash}", with(read_object), kOnPool);
}

}  // namespace entraide::http
