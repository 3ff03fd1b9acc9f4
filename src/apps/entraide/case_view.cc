#include "apps/entraide/case_view.h"

#include <set>

#include "codec/codec.h"
#include "rulebook/model.h"

namespace entraide::cli {

using codec::Json;

const Json* CaseView::thread(std::string_view kind) const {
  const Json* threads = json.find("threads");
  if (threads == nullptr || !threads->is_array()) return nullptr;
  for (const Json& one : threads->array_items())
    if (const Json* name = one.find("kind"); name != nullptr && name->is_string() && name->string() == kind)
      return &one;
  return nullptr;
}

Result<CaseView> read_case(Context& context, const std::string& name) {
  client::Api* hub = TRY(context.session());
  CaseView out;
  out.json = TRY(hub->get("/v1/cases/" + client::escape(name)));
  codec::ObjectReader in(out.json, "case");
  const std::string id = in.string("case");
  out.reference = in.string("reference");
  out.can = in.optional_strings("can");
  const Json::Array& acts = in.array("acts");
  TRY(in.finish_open());
  out.id = TRY(act::case_id_from_text(id));
  if (!acts.empty()) {
    codec::ObjectReader last(acts.back(), "case.acts");
    const std::string newest = last.string("id");
    TRY(last.finish_open());
    out.newest = TRY(act::act_id_from_text(newest));
  }
  return out;
}

Result<client::Reader> reader_for(Context& context, const Subject& authority) {
  client::Api* hub = TRY(context.session());
  client::Mirror* mirror = TRY(context.fresh_mirror());
  const rulebook::Rulebook* rules = TRY(context.rules());
  client::RingReader* rings = TRY(context.rings());
  return client::Reader{*hub, *mirror, rules, rings, authority};
}

Result<> check_state(const rulebook::Rulebook& rules, const std::string& kind, const std::string& state) {
  std::set<std::string> kinds, states;
  for (const auto& [name, one] : rules.model().kinds) {
    kinds.insert(name);
    if (!kind.empty() && kind != name) continue;
    for (const rulebook::State& known : one.states) states.insert(known.name);
  }
  const auto refuse = [](const std::string& what, const std::set<std::string>& known) {
    std::string list;
    for (const std::string& name : known) list += (list.empty() ? "" : ", ") + name;
    return fail(Errc::invalid, "usage", what + ": the rulebook has " + list);
  };
  if (!kind.empty() && !kinds.contains(kind)) return refuse("kind " + kind, kinds);
  if (!state.empty() && !states.contains(state)) return refuse("state " + state, states);
  return {};
}

std::string text_member(const Json& object, std::string_view key) {
  const Json* value = object.find(key);
  return value != nullptr && value->is_string() ? value->string() : "";
}

std::string show_document(const CaseWords& say, const Json& document) {
  // What goes over more than one line stays under its label.
  const auto inside = [](std::string_view text, std::string_view indent) {
    std::string out;
    for (const char c : text) {
      if (!out.empty() && out.back() == '\n' && c != '\n') out += indent;
      out += c;
    }
    return out;
  };
  std::string out;
  for (const print::Block& block : say.document(document, {})) {
    if (block.kind != print::Block::Kind::field) {
      out += "\n  " + inside(block.text, "  ") + "\n";
      continue;
    }
    const bool lines = block.text.find('\n') != std::string::npos;
    out += "    " + block.label + ":" + (lines ? "\n      " : " ") +
           inside(lines ? block.text : say.isolated(block.text), "      ") + "\n";
  }
  return out;
}

Json json_of(const client::OpenedAct& act) {
  Json objects = Json::array();
  for (const client::OpenedObject& object : act.objects) {
    Json one =
        Json::object({{"role", object.ref.role}, {"h", codec::to_text(object.ref.hash)}, {"signer", object.signer}});
    if (object.document) {
      Json document = *object.document;
      // File keys stay where they are needed: they are no reading matter.
      if (Json* files = const_cast<Json*>(document.find("files")); files != nullptr && files->is_array())
        for (Json& file : files->array_items())
          if (file.is_object())
            std::erase_if(file.members(), [](const Json::Member& member) { return member.first == "fk"; });
      one.set("document", std::move(document));
    }
    objects.push_back(std::move(one));
  }
  Json out = Json::object({{"id", act::to_text(act.id)}, {"good", act.verdict.good()}});
  if (act.act)
    out.set("type", act.act->type)
        .set("by", act.act->by.str())
        .set("for", act.act->for_authority.str())
        .set("d", act.act->d);
  return out.set("index", act.index)
      .set("time", codec::rfc3339(act.time))
      .set("verdict", json_of(act.verdict))
      .set("objects", std::move(objects));
}

std::vector<Delivery> deliveries_of(const Json& act) {
  std::vector<Delivery> out;
  const Json* all = act.find("delivery");
  if (all == nullptr || !all->is_array()) return out;
  for (const Json& one : all->array_items()) {
    const Json* overdue = one.find("overdue");
    out.push_back({text_member(one, "authority"), text_member(one, "delivered_at"), text_member(one, "opened_at"),
                   text_member(one, "due_at"), overdue != nullptr && overdue->is_bool() && overdue->boolean()});
  }
  return out;
}

Option no_acknowledgement() {
  return {"--no-ack", "", "do not tell the sender; the act stays undelivered in their eyes, and they may telephone"};
}

void acknowledge(Context& context, const client::OpenedAct& act, client::Acknowledgement what) {
  if (context.args().has("no-ack")) return;
  const auto said = [&]() -> Result<> {
    auto intent = client::acknowledgement_of(act, TRY(context.authority()), what);
    if (!intent) return {};  // not ours to acknowledge, or said already
    const client::Author author = TRY(context.author());
    client::Outbox* outbox = TRY(context.outbox());
    client::Mirror* mirror = TRY(context.mirror());
    return client::acknowledge(*outbox, *mirror, author, std::move(*intent), context.clock().now(), context.random());
  }();
  if (!said) context.out().warn("The sender was not told of " + act::to_text(act.id) + ": " + said.error().message);
}

namespace {

Result<ActId> act_of_summary(const Json& file) {
  const Json* summary = file.find("summary");
  if (summary == nullptr || !summary->is_object())
    return fail(Errc::not_found, "summary.none", "the case has no summary");
  return act::act_id_from_text(text_member(*summary, "act"));
}

Result<std::string> open_one(Context& context, client::Reader& reader, const ActId& id,
                             const std::map<ActId, client::FetchedAct>& fetched) {
  const auto found = fetched.find(id);
  if (found == fetched.end())
    return fail(Errc::not_found, "summary.none", "the act is not there, or not for this authority");
  const client::OpenedAct opened = TRY(client::open_summary(reader, id, found->second));
  if (const client::Step* failed = opened.verdict.first_failure())
    return fail(Errc::not_authentic, "summary.verdict", failed->words);
  acknowledge(context, opened, client::Acknowledgement::delivered);
  for (const client::OpenedObject& object : opened.objects)
    if (object.ref.role == "sum" && object.document) return text_member(*object.document, "text");
  return fail(Errc::not_found, "summary.none", "no summary, or not sealed to this authority");
}

}  // namespace

std::vector<Result<std::string>> open_summaries(Context& context, client::Reader& reader,
                                                std::span<const Json> cases) {
  std::vector<ActId> wanted;
  for (const Json& file : cases)
    if (const auto id = act_of_summary(file)) wanted.push_back(*id);
  const auto fetched = client::fetch_with_summaries(reader.api, wanted);
  std::vector<Result<std::string>> out;
  for (const Json& file : cases)
    out.push_back([&]() -> Result<std::string> {
      const ActId id = TRY(act_of_summary(file));
      if (!fetched) return std::unexpected(fetched.error());
      return open_one(context, reader, id, *fetched);
    }());
  return out;
}

}  // namespace entraide::cli
