// kinds/<kind>.json: the state machines.

#include "rulebook/loader.h"

namespace entraide::rulebook {

using codec::Json;
using codec::ObjectReader;

namespace {

Result<By> read_by(const std::string& text, const std::string& where) {
  for (const By by : {By::requesting, By::requested, By::either, By::clock})
    if (text == name_of(by)) return by;
  return refuse("rulebook.member", where, "must be requesting, requested, either or clock");
}

Result<Presence> read_presence(const std::string& text, const std::string& where) {
  if (text == "required") return Presence::required;
  if (text == "optional") return Presence::optional;
  if (text == "forbidden") return Presence::forbidden;
  return refuse("rulebook.member", where, "must be required, optional or forbidden");
}

Result<std::vector<StartClock>> read_starts(const std::vector<At>& items, Loading& loading) {
  std::vector<StartClock> out;
  for (const At& item : items) {
    StartClock start;
    if (item.json.is_string()) {
      start.clock = item.json.string();
    } else {
      ObjectReader in(item.json, item.where);
      start.clock = in.string("clock");
      const Json& when = in.value("when");
      TRY(in.finish());
      Condition condition =
          TRY(parse_condition(when, item.where + ".when", ConditionPlace::transition, loading.references));
      start.when = std::move(condition);
    }
    loading.references.push_back({Reference::To::clock, start.clock, item.where});
    out.push_back(std::move(start));
  }
  return out;
}

Result<> read_objects(const At& at, Transition& out) {
  ObjectReader in(at.json, at.where);
  const auto doc = in.optional_string("doc");
  const auto sum = in.optional_string("sum");
  const auto tr = in.optional_string("tr");
  TRY(in.finish());
  if (doc) {
    const Presence presence = TRY(read_presence(*doc, at.where + ".doc"));
    out.doc = presence;
    out.doc_said = true;
  }
  if (sum) {
    const Presence presence = TRY(read_presence(*sum, at.where + ".sum"));
    out.sum = presence;
    out.sum_said = true;
  }
  if (tr) {
    const Presence presence = TRY(read_presence(*tr, at.where + ".tr"));
    out.tr = presence;
  }
  return {};
}

Result<> read_from(const Json* from, const std::string& where, const Kind& kind, Transition& out) {
  if (from == nullptr) return refuse("rulebook.member", where, "is missing: null, a list of states or \"any\"");
  if (from->is_null()) {
    out.opens = true;
    return {};
  }
  if (from->is_string() && from->string() == "any") {
    out.from_any = true;
    return {};
  }
  if (!from->is_array() || from->array_items().empty())
    return refuse("rulebook.member", where, "must be null, a list of states or \"any\"");
  for (const Json& state : from->array_items()) {
    if (!state.is_string() || kind.find_state(state.string()) == nullptr)
      return refuse("rulebook.reference", where, "names a state that the kind does not have");
    out.from.push_back(state.string());
  }
  return check_names(out.from, where, false);
}

Result<> check_clock_transition(const Transition& out, const std::string& where) {
  if (out.by != By::clock) return {};
  if (out.opens || !out.form.empty() || !out.signers.empty() || !out.require.empty() || out.hand_over ||
      !out.extends.empty())
    return refuse("rulebook.member", where,
                  "what the clock does by itself has no form, signers, require, extends or hand_over");
  return {};
}

Result<Transition> read_transition(const At& at, const Kind& kind, Loading& loading) {
  ObjectReader in(at.json, at.where);
  in.optional_string("note");
  Transition out;
  out.t = in.string("t");
  const By by = TRY(read_by(in.string("by"), at.where + ".by"));
  out.by = by;
  out.to = in.string("to");
  out.form = in.optional_string("form").value_or("");
  const std::string assurance = in.optional_string("assurance").value_or("session");
  out.roles = in.optional_strings("roles");
  out.inform = in.optional_strings("inform");
  out.stops = in.optional_strings("stops");
  out.extends = in.optional_strings("extends");
  const Json* from = in.optional_value("from");
  const Json* objects = in.optional_value("objects");
  const Json* urgent = in.optional_value("urgent");
  const Json* hand_over = in.optional_value("hand_over");
  const std::vector<At> signers = items_of(at, in, "signers");
  const std::vector<At> require = items_of(at, in, "require");
  const std::vector<At> starts = items_of(at, in, "starts");
  Source source = TRY(read_source(in, at.where, loading));
  out.source = std::move(source);
  TRY(in.finish());

  if (!is_identifier(out.t) || !out.t.starts_with(kind.id + "."))
    return refuse("rulebook.name", at.where + ".t", "`" + out.t + "` must begin with `" + kind.id + ".`");
  TRY(read_from(from, at.where + ".from", kind, out));
  if (out.to == "same") out.to.clear();
  if (!out.to.empty() && kind.find_state(out.to) == nullptr)
    return refuse("rulebook.reference", at.where + ".to", "the kind has no state `" + out.to + "`");
  if (out.opens && (out.to.empty() || (out.by != By::requesting && out.by != By::requested)))
    return refuse("rulebook.member", at.where,
                  "what opens a thread is done by one of the two parties and leads to a state");
  if (assurance == "session") out.assurance = Assurance::session;
  else if (assurance == "step-up") out.assurance = Assurance::step_up;
  else if (assurance == "two-person") out.assurance = Assurance::two_person;
  else return refuse("rulebook.member", at.where + ".assurance", "must be session, step-up or two-person");
  if (out.roles.empty()) out.roles = kind.roles;
  for (const std::string& role : out.roles)
    loading.references.push_back({Reference::To::role, role, at.where + ".roles"});
  for (const std::string& clock : out.stops)
    loading.references.push_back({Reference::To::clock, clock, at.where + ".stops"});
  for (const std::string& clock : out.extends)
    loading.references.push_back({Reference::To::clock, clock, at.where + ".extends"});
  if (objects != nullptr) TRY(read_objects({*objects, at.where + ".objects"}, out));
  if (urgent != nullptr && urgent->is_bool()) {
    out.urgent = urgent->boolean();
  } else if (urgent != nullptr) {
    Condition when =
        TRY(parse_condition(*urgent, at.where + ".urgent", ConditionPlace::transition, loading.references));
    out.urgent_when = std::move(when);
  }
  if (hand_over != nullptr) {
    ObjectReader one(*hand_over, at.where + ".hand_over");
    const By party = TRY(read_by(one.string("party"), at.where + ".hand_over.party"));
    HandOver over{party, one.string("field")};
    TRY(one.finish());
    if (party != By::requesting && party != By::requested)
      return refuse("rulebook.member", at.where + ".hand_over.party", "must be requesting or requested");
    out.hand_over = std::move(over);
  }
  for (const At& signer : signers) {
    SignerNeed need = TRY(read_signer_need(signer, false));
    loading.references.push_back({Reference::To::role, need.role, signer.where});
    out.signers.push_back(std::move(need));
  }
  std::vector<Rule> rules = TRY(read_rules(require, ConditionPlace::transition, loading));
  for (Rule& rule : rules) rule.needs_act = needs_act(rule.that, out.opens);
  out.require = std::move(rules);
  std::vector<StartClock> clocks = TRY(read_starts(starts, loading));
  out.starts = std::move(clocks);
  TRY(check_clock_transition(out, at.where));
  return out;
}

Result<PeriodRule> read_period_rule(const At& at, Loading& loading) {
  PeriodRule out;
  if (at.json.is_string()) {
    Period period = TRY(read_period(at.json.string(), at.where));
    out.fixed = std::move(period);
    return out;
  }
  ObjectReader in(at.json, at.where);
  if (in.has("until")) {
    out.how = PeriodRule::How::until;
    out.field = in.string("until");
    const auto at_least = in.optional_string("at_least");
    const auto at_most = in.optional_string("at_most");
    TRY(in.finish());
    if (at_least) {
      Period period = TRY(read_period(*at_least, at.where + ".at_least"));
      out.at_least = std::move(period);
    }
    if (at_most) {
      Period period = TRY(read_period(*at_most, at.where + ".at_most"));
      out.at_most = std::move(period);
    }
    return out;
  }
  out.how = PeriodRule::How::by;
  const std::string operand = in.string("by");
  const Json& periods = in.value("periods");
  const std::string otherwise = in.string("else");
  TRY(in.finish());
  Operand parsed = TRY(parse_operand(operand, at.where + ".by", ConditionPlace::transition, loading.references));
  out.operand = std::move(parsed);
  if (!periods.is_object())
    return refuse("rulebook.member", at.where + ".periods", "must be an object of code to period");
  for (const auto& [code, text] : periods.members()) {
    Period period = TRY(read_period(text.is_string() ? text.string() : "", at.where + ".periods." + code));
    out.periods.emplace_back(code, std::move(period));
  }
  Period period = TRY(read_period(otherwise, at.where + ".else"));
  out.otherwise = std::move(period);
  return out;
}

Result<ClockRule> read_clock(const At& at, Loading& loading) {
  ObjectReader in(at.json, at.where);
  in.optional_string("note");
  ClockRule out;
  out.id = in.string("clock");
  const std::string owner = in.string("owner");
  in.value("period");
  const std::vector<std::string> alarms = in.optional_strings("alarms");
  out.lapse = in.optional_string("lapse").value_or("");
  Source source = TRY(read_source(in, at.where, loading));
  out.source = std::move(source);
  TRY(in.finish());
  const By by = TRY(read_by(owner, at.where + ".owner"));
  if (by != By::requesting && by != By::requested)
    return refuse("rulebook.member", at.where + ".owner", "must be requesting or requested: somebody must act");
  out.owner = by;
  PeriodRule period = TRY(read_period_rule(at.member("period"), loading));
  out.period = std::move(period);
  for (const std::string& alarm : alarms) {
    Period before = TRY(read_period(alarm, at.where + ".alarms"));
    out.alarms.push_back(std::move(before));
  }
  return out;
}

Result<Reaction> read_reaction(const At& at, const Kind& kind, Loading& loading) {
  ObjectReader in(at.json, at.where);
  in.optional_string("note");
  Reaction out;
  out.on = in.string("on");
  out.from = in.strings("from");
  out.to = in.string("to");
  out.stops = in.optional_strings("stops");
  const std::vector<At> starts = items_of(at, in, "starts");
  Source source = TRY(read_source(in, at.where, loading));
  out.source = std::move(source);
  TRY(in.finish());
  loading.references.push_back({Reference::To::act, out.on, at.where + ".on"});
  if (out.on.starts_with(kind.id + "."))
    return refuse("rulebook.member", at.where + ".on", "a kind does not react to itself; write a transition");
  for (const std::string& state : out.from)
    if (kind.find_state(state) == nullptr)
      return refuse("rulebook.reference", at.where + ".from", "the kind has no state `" + state + "`");
  if (out.to == "same") out.to.clear();
  if (!out.to.empty() && kind.find_state(out.to) == nullptr)
    return refuse("rulebook.reference", at.where + ".to", "the kind has no state `" + out.to + "`");
  for (const std::string& clock : out.stops)
    loading.references.push_back({Reference::To::clock, clock, at.where + ".stops"});
  std::vector<StartClock> clocks = TRY(read_starts(starts, loading));
  out.starts = std::move(clocks);
  return out;
}

Result<> read_head(const At& at, ObjectReader& in, std::string_view id, Kind& kind, Loading& loading) {
  TRY(read_confidence(in, at.where, loading));
  in.optional_string("note");
  kind.id = in.string("kind");
  kind.file = at.where.substr(0, at.where.find('#'));
  kind.basis = in.strings("basis");
  kind.roles = in.strings("roles");
  kind.label = in.optional_strings("label");
  const Json& parties = in.value("parties");
  const Json& retention = in.value("retention");
  Source source = TRY(read_source(in, at.where, loading));
  kind.source = std::move(source);
  if (kind.id != id)
    return refuse("rulebook.name", at.where + ".kind", "must be the name of the file, `" + std::string(id) + "`");
  if (!is_name(kind.id)) return refuse("rulebook.name", at.where + ".kind", "`" + kind.id + "` is no name");
  TRY(check_names(kind.basis, at.where + ".basis", true));
  TRY(check_names(kind.label, at.where + ".label", false));
  for (const std::string& basis : kind.basis)
    loading.references.push_back({Reference::To::basis, basis, at.where + ".basis"});
  for (const std::string& role : kind.roles)
    loading.references.push_back({Reference::To::role, role, at.where + ".roles"});

  ObjectReader two(parties, at.where + ".parties");
  kind.requesting = two.strings("requesting");
  kind.requested = two.strings("requested");
  TRY(two.finish());

  ObjectReader keep(retention, at.where + ".retention");
  const std::string after = keep.string("after");
  const std::string period = keep.string("keep");
  Source keep_source = TRY(read_source(keep, at.where + ".retention", loading));
  kind.keep_source = std::move(keep_source);
  TRY(keep.finish());
  if (after != "final") return refuse("rulebook.member", at.where + ".retention.after", "can only be `final`");
  Period kept = TRY(read_period(period, at.where + ".retention.keep"));
  kind.keep = std::move(kept);
  return {};
}

}  // namespace

std::string_view name_of(By by) {
  switch (by) {
    case By::requesting: return "requesting";
    case By::requested: return "requested";
    case By::either: return "either";
    case By::clock: return "clock";
  }
  return "";
}

std::string_view name_of(Assurance assurance) {
  switch (assurance) {
    case Assurance::session: return "session";
    case Assurance::step_up: return "step-up";
    case Assurance::two_person: return "two-person";
  }
  return "";
}

Result<> load_kind(const At& at, std::string_view id, Loading& loading) {
  Kind& kind = loading.model.kinds[std::string(id)];
  ObjectReader in(at.json, at.where);
  TRY(read_head(at, in, id, kind, loading));
  const std::vector<At> states = items_of(at, in, "states");
  const std::vector<At> transitions = items_of(at, in, "transitions");
  const std::vector<At> clocks = items_of(at, in, "clocks");
  const std::vector<At> reactions = items_of(at, in, "reactions");
  TRY(in.finish());

  std::vector<std::string> names;
  for (const At& item : states) {
    ObjectReader one(item.json, item.where);
    one.optional_string("note");
    State state{one.string("state"), one.optional_boolean("final").value_or(false)};
    TRY(one.finish());
    names.push_back(state.name);
    kind.states.push_back(std::move(state));
  }
  TRY(check_names(names, at.where + ".states", false));
  for (const std::string_view reserved : {"same", "any", "none"})
    if (kind.find_state(reserved) != nullptr)
      return refuse("rulebook.name", at.where + ".states", "`" + std::string(reserved) + "` means something else");
  for (const At& item : transitions) {
    Transition transition = TRY(read_transition(item, kind, loading));
    kind.transitions.push_back(std::move(transition));
  }
  for (const At& item : clocks) {
    ClockRule clock = TRY(read_clock(item, loading));
    if (!is_identifier(clock.id) || !clock.id.starts_with(kind.id + "."))
      return refuse("rulebook.name", item.where + ".clock", "`" + clock.id + "` must begin with `" + kind.id + ".`");
    kind.clocks.push_back(std::move(clock));
  }
  for (const At& item : reactions) {
    Reaction reaction = TRY(read_reaction(item, kind, loading));
    kind.reactions.push_back(std::move(reaction));
  }
  return {};
}

}  // namespace entraide::rulebook
