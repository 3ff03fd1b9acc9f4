// Judging one act. The order of questions is the order in which a person would ask them: is this an act at all, does the
// case stand so, is it yours to do, are you the one to sign it, to whom does it go, what does it say, do the rules of this
// transition hold. The first "no" is the answer, with its rule.

#include "rulebook/clocks.h"
#include "rulebook/model.h"

namespace entraide::rulebook {

using codec::Json;

namespace {

template <class List, class Item>
bool contains(const List& list, const Item& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

/// One act on one case being judged. Each question returns its refusal, or nothing.
struct Judgement {
  using No = std::optional<Refused>;

  const Model& model;
  const CaseState& state;
  const Transition& transition;
  const Kind& kind;
  const Thread* thread = nullptr;  // the kind's thread, if the case has one
  Time now;

  No no(std::string_view rule, std::string path = {}, Json params = Json::object()) const {
    const auto source = model.engine_sources.find(rule);
    return Refused{std::string(rule), source == model.engine_sources.end() ? transition.source.id : source->second,
                   std::move(path), std::move(params)};
  }

  // ---- what is known before the act exists --------------------------------------------------

  No case_stands() const {
    const bool open = thread != nullptr && !is_final(*thread);
    if (transition.by == By::clock) return no("decide.act", "t");
    if (transition.opens) return open ? no("decide.case", "case", Json::object({{"state", thread->state}})) : No();
    if (thread == nullptr) return no("decide.case", "case", Json::object({{"state", "none"}}));
    if (!starts_here(thread->state)) return no("decide.state", "case", Json::object({{"state", thread->state}}));
    return {};
  }

  bool is_final(const Thread& of) const {
    const State* found = kind.find_state(of.state);
    return found == nullptr || found->is_final;
  }
  bool starts_here(const std::string& from) const {
    if (!transition.from_any) return contains(transition.from, from);
    const State* found = kind.find_state(from);
    return found != nullptr && !found->is_final;
  }

  No is_yours(const Authority& actor) const {
    if (transition.opens) {
      if (!contains(transition.by == By::requesting ? kind.requesting : kind.requested, actor.kind))
        return no("decide.authority-kind", "for", Json::object({{"kind", actor.kind}}));
      return state.threads.empty() || country_is_in_case(actor.country) ? No() : no("decide.stranger", "for");
    }
    const bool requesting = actor.id == thread->requesting.id;
    const bool requested = actor.id == thread->requested.id;
    const bool ok = transition.by == By::either       ? requesting || requested
                    : transition.by == By::requesting ? requesting
                                                      : requested;
    return ok ? No() : no("decide.party", "for", Json::object({{"party", name_of(transition.by)}}));
  }

  bool country_is_in_case(std::string_view country) const {
    return std::any_of(state.threads.begin(), state.threads.end(), [&](const Thread& of) {
      return of.requesting.country == country || of.requested.country == country;
    });
  }

  template <class Roles>
  No has_role(const Roles& roles) const {
    for (const std::string& role : roles)
      if (contains(transition.roles, role)) return {};
    return no("decide.role", "by");
  }

  No rules_hold(const Scope& scope, bool with_act) const {
    for (const Rule& rule : transition.require)
      if (rule.needs_act == with_act && !holds(rule.that, scope)) return Refused{rule.id, rule.source.id, rule.path};
    return {};
  }

  // ---- what the act itself says ------------------------------------------------------------

  No is_signed(const ActFacts& act) const {
    std::set<std::string_view> strong;  // officers who may sign this, by a device that asks for their presence
    for (const Signer& signer : act.signers) {
      if (signer.level != DeviceLevel::soft && is_entitled(signer)) strong.insert(signer.officer.str());
    }
    for (const SignerNeed& need : transition.signers) {
      std::set<std::string_view> have;
      for (const Signer& signer : act.signers)
        if (contains(signer.roles, need.role)) have.insert(signer.officer.str());
      if (static_cast<int>(have.size()) < need.count)
        return no("decide.signers", "by", Json::object({{"role", need.role}, {"count", need.count}}));
    }
    if (transition.assurance == Assurance::step_up && strong.empty()) return no("decide.assurance.step-up", "by");
    if (transition.assurance == Assurance::two_person && strong.size() < 2)
      return no("decide.assurance.two-person", "by");
    return {};
  }

  /// Whether the signer has a role that the transition names; whoever else signs adds nothing.
  bool is_entitled(const Signer& signer) const {
    if (!has_role(signer.roles)) return true;
    return std::any_of(transition.signers.begin(), transition.signers.end(),
                       [&](const SignerNeed& need) { return contains(signer.roles, need.role); });
  }

  /// The other party of an opening act: the first receiver of a kind that may be that party.
  const Authority* other_party(const ActFacts& act) const {
    const auto& may_be = transition.by == By::requesting ? kind.requested : kind.requesting;
    for (const Authority& receiver : act.receivers)
      if (contains(may_be, receiver.kind) && receiver.id != act.actor.id) return &receiver;
    return nullptr;
  }

  No has_receivers(const ActFacts& act, const Authority& requesting, const Authority& requested) const {
    const Authority& other = act.actor.id == requesting.id ? requested : requesting;
    bool reaches_other = false;
    for (const Authority& receiver : act.receivers) {
      if (receiver.id == other.id) {
        reaches_other = true;
        continue;
      }
      const bool becomes_party = transition.hand_over && handed_to(act) == receiver.id.str();
      const bool of_case = country_is_in_case(receiver.country) || receiver.country == other.country ||
                           receiver.country == act.actor.country;
      if (!becomes_party && !(of_case && contains(transition.inform, receiver.kind)))
        return no("decide.receiver.kind", "to", Json::object({{"kind", receiver.kind}}));
    }
    return reaches_other ? No() : no("decide.receiver", "to");
  }

  std::string_view handed_to(const ActFacts& act) const {
    const Json* field = act.d.find(transition.hand_over->field);
    return field != nullptr && field->is_string() ? std::string_view(field->string()) : std::string_view();
  }

  No basis_stands(std::string_view basis, const Authority& requesting, const Authority& requested) const {
    if (!contains(kind.basis, basis)) return no("decide.basis", "d.basis", Json::object({{"basis", basis}}));
    const auto instrument = model.instruments.find(basis.substr(0, basis.find('.')));
    if (instrument == model.instruments.end() || !instrument->second.enforce_parties) return {};
    for (const Authority* party : {&requesting, &requested}) {
      const auto& members = instrument->second.parties;
      const bool bound = std::any_of(members.begin(), members.end(), [&](const Instrument::Member& member) {
        return member.country == party->country && member.from <= now;
      });
      if (!bound)
        return no("decide.basis.parties", "d.basis", Json::object({{"basis", basis}, {"country", party->country}}));
    }
    return {};
  }

  No fields_fit(const ActFacts& act, const Scope& scope) const {
    if (transition.form_rules == nullptr) {
      if (act.d.is_object() && act.d.members().empty()) return {};
      return no("decide.field", "d", Json::object({{"code", "unknown"}}));
    }
    const auto defects = validate_routing(*transition.form_rules, scope, act.d);
    if (defects.empty()) return {};
    const Defect& first = defects.front();
    Json params = first.params;
    params.set("code", first.code);
    return no(first.code == "sealed" ? "decide.field.sealed" : "decide.field",
              first.path.empty() ? "d" : "d." + first.path, std::move(params));
  }

  No is_sealed(const ActFacts& act, const Authority& requesting, const Authority& requested) const {
    for (const auto& [role, presence] : {std::pair<std::string_view, Presence>{"doc", transition.doc},
                                         std::pair<std::string_view, Presence>{"sum", transition.sum},
                                         std::pair<std::string_view, Presence>{"tr", transition.tr}}) {
      const bool there = std::any_of(act.objects.begin(), act.objects.end(),
                                     [&](const SealedObject& object) { return object.role == role; });
      if (presence == Presence::required && !there)
        return no("decide.object.missing", "obj", Json::object({{"role", role}}));
      if (presence == Presence::forbidden && there)
        return no("decide.object.forbidden", "obj", Json::object({{"role", role}}));
    }
    for (std::size_t i = 0; i < act.objects.size(); ++i) {
      const SealedObject& object = act.objects[i];
      const std::string path = "obj." + std::to_string(i);
      if (object.role != "doc" && object.role != "sum" && object.role != "tr")
        return no("decide.object.forbidden", path, Json::object({{"role", object.role}}));
      for (const Authority* party : {&requesting, &requested, &act.actor})
        if (!contains(object.to, party->id))
          return no("decide.object.sealed-to", path, Json::object({{"to", party->id.str()}}));
      for (const Subject& to : object.to) {
        const bool known = to == requesting.id || to == requested.id || to == act.actor.id ||
                           std::any_of(act.receivers.begin(), act.receivers.end(),
                                       [&](const Authority& receiver) { return receiver.id == to; });
        if (!known) return no("decide.object.sealed-to", path, Json::object({{"to", to.str()}}));
      }
    }
    return {};
  }

  No hands_over(const ActFacts& act, Authority& requesting, Authority& requested) const {
    if (!transition.hand_over) return {};
    const bool asked_side = transition.hand_over->party == By::requested;
    const auto& may_be = asked_side ? kind.requested : kind.requesting;
    Authority& party = asked_side ? requested : requesting;
    for (const Authority& receiver : act.receivers) {
      if (receiver.id.str() != handed_to(act)) continue;
      // A case is handed on within a country: to another one it is a new request.
      if (!contains(may_be, receiver.kind) || receiver.country != party.country) break;
      party = receiver;
      return {};
    }
    return no("decide.hand-over", "d." + transition.hand_over->field);
  }
};

const Thread* find_thread(const CaseState& state, std::string_view kind) {
  for (const Thread& thread : state.threads)
    if (thread.kind == kind) return &thread;
  return nullptr;
}

Json label_after(const Kind& kind, const Json* before, const Json& d) {
  Json label = before != nullptr && before->is_object() ? *before : Json::object();
  for (const std::string& name : kind.label)
    if (const Json* value = d.find(name)) label.set(name, *value);
  return label;
}

const Json* profile_for(const Model& model, const ActFacts* act, std::string_view country) {
  if (act != nullptr && act->requested_profile != nullptr) return act->requested_profile;
  const auto found = model.profiles.find(country);
  return found == model.profiles.end() ? nullptr : &found->second;
}

/// The thread as it stands, moved to `to` ("" stays).
ThreadChange moved_to(const Kind& kind, const Thread& thread, const std::string& to) {
  ThreadChange change{kind.id,          thread.state, to.empty() ? thread.state : to, thread.basis, thread.requesting,
                      thread.requested, thread.label};
  change.is_final = kind.find_state(change.to)->is_final;
  return change;
}

/// What the rules of a clock or of a reaction see: no act, and nobody acting.
Scope scope_without_act(const Model& model, const CaseState& state, const Thread& thread, const ThreadChange& change,
                        Time now) {
  return {.model = model,
          .state = &state,
          .requesting = &thread.requesting,
          .requested = &thread.requested,
          .basis = thread.basis,
          .label = &change.label,
          .now = now};
}

/// Which threads of other kinds this act moves.
void react(const Model& model, const CaseState& state, std::string_view type, Permitted& out, Time now) {
  const auto reactions = model.reactions.find(type);
  if (reactions == model.reactions.end()) return;
  std::set<const Kind*> moved;
  for (const auto& [kind, reaction] : reactions->second) {
    const Thread* thread = find_thread(state, kind->id);
    if (thread == nullptr || !contains(reaction->from, thread->state) || !moved.insert(kind).second) continue;
    ThreadChange change = moved_to(*kind, *thread, reaction->to);
    const Scope scope = scope_without_act(model, state, *thread, change, now);
    move_clocks(*kind, state, change, reaction->starts, reaction->stops, scope, out);
    out.threads.push_back(std::move(change));
  }
}

}  // namespace

const Transition* find_act(const Model& model, std::string_view type) {
  const auto found = model.acts.find(type);
  return found == model.acts.end() ? nullptr : found->second;
}

Decision decide(const Rulebook& rules, const CaseState& state, const ActFacts& act, Time now) {
  const Model& model = rules.model();
  const Transition* transition = find_act(model, act.type);
  if (transition == nullptr) return std::unexpected(unknown_act(model));
  const Kind& kind = *transition->kind;
  const Thread* thread = find_thread(state, kind.id);
  const Judgement judge{model, state, *transition, kind, thread, now};

#define UNLESS(question) \
  if (auto refused = (question)) return std::unexpected(std::move(*refused))

  UNLESS(judge.case_stands());
  UNLESS(judge.is_yours(act.actor));
  std::vector<std::string> roles;
  for (const Signer& signer : act.signers) roles.insert(roles.end(), signer.roles.begin(), signer.roles.end());
  UNLESS(judge.has_role(roles));

  const Authority* other = transition->opens ? judge.other_party(act) : &act.actor;
  if (other == nullptr)
    return std::unexpected(*judge.no(act.receivers.empty() ? "decide.receiver" : "decide.receiver.kind", "to"));
  const bool asks = transition->by == By::requesting;
  const Authority requesting = !transition->opens ? thread->requesting : asks ? act.actor : *other;
  const Authority requested = !transition->opens ? thread->requested : asks ? *other : act.actor;
  const Json* basis_field = transition->opens ? act.d.find("basis") : nullptr;
  const std::string basis = !transition->opens                                   ? thread->basis
                            : basis_field != nullptr && basis_field->is_string() ? basis_field->string()
                                                                                 : "";
  const Json label = label_after(kind, transition->opens ? nullptr : &thread->label, act.d);
  const Scope scope{.model = model,
                    .state = &state,
                    .act = &act,
                    .requesting = &requesting,
                    .requested = &requested,
                    .actor = &act.actor,
                    .basis = basis,
                    .answers = &act.d,
                    .label = &label,
                    .profile = profile_for(model, &act, requested.country),
                    .now = now};

  UNLESS(judge.rules_hold(scope, false));
  UNLESS(judge.is_signed(act));
  UNLESS(judge.has_receivers(act, requesting, requested));
  if (transition->opens && !state.threads.empty() && !judge.country_is_in_case(other->country))
    return std::unexpected(*judge.no("decide.stranger", "to"));
  UNLESS(judge.fields_fit(act, scope));
  if (transition->opens) UNLESS(judge.basis_stands(basis, requesting, requested));
  UNLESS(judge.is_sealed(act, requesting, requested));
  UNLESS(judge.rules_hold(scope, true));

  ThreadChange change{kind.id,
                      transition->opens ? "" : thread->state,
                      transition->to.empty() ? thread->state : transition->to,
                      basis,
                      requesting,
                      requested,
                      label};
  UNLESS(judge.hands_over(act, change.requesting, change.requested));
  change.is_final = kind.find_state(change.to)->is_final;

  Permitted out;
  out.urgent = transition->urgent || (transition->urgent_when && holds(*transition->urgent_when, scope));
  Scope after = scope;
  after.requesting = &change.requesting;
  after.requested = &change.requested;
  move_clocks(kind, state, change, transition->starts, transition->stops, after, out);
  if (const auto wrong = set_periods(state, change, *transition, after, out))
    return std::unexpected(*judge.no(wrong->rule, wrong->path, wrong->params));
#undef UNLESS
  pass_clocks_on(kind, state, change, model, out);
  out.threads.push_back(std::move(change));
  react(model, state, transition->t, out, now);
  return out;
}

Decision fall_due(const Rulebook& rules, const CaseState& state, std::string_view clock, Time now) {
  const Model& model = rules.model();
  const auto running = std::find_if(state.clocks.begin(), state.clocks.end(),
                                    [&](const RunningClock& of) { return of.clock == clock; });
  const auto rule = model.clocks.find(clock);
  if (running == state.clocks.end() || rule == model.clocks.end() || now < running->due) {
    Refused refused = unknown_act(model);
    refused.rule = "decide.clock";
    if (const auto source = model.engine_sources.find("decide.clock"); source != model.engine_sources.end())
      refused.source = source->second;
    refused.path = std::string(clock);
    return std::unexpected(std::move(refused));
  }
  Permitted out;
  const Transition* lapse = rule->second->lapse_rules;
  const Kind& kind = *rule->second->kind;
  const Thread* thread = find_thread(state, kind.id);
  if (lapse == nullptr || thread == nullptr) return out;
  const Judgement judge{model, state, *lapse, kind, thread, now};
  if (!judge.starts_here(thread->state)) return out;
  ThreadChange change = moved_to(kind, *thread, lapse->to);
  const Scope scope = scope_without_act(model, state, *thread, change, now);
  move_clocks(kind, state, change, lapse->starts, lapse->stops, scope, out);
  if (!contains(out.stopped, clock) && std::none_of(out.started.begin(), out.started.end(),
                                                    [&](const ClockStart& start) { return start.clock == clock; }))
    out.stopped.emplace_back(clock);
  out.threads.push_back(std::move(change));
  react(model, state, lapse->t, out, now);
  return out;
}

CaseState apply(CaseState before, const Permitted& permitted, std::string_view act_type) {
  for (const ThreadChange& change : permitted.threads) {
    const auto found = std::find_if(before.threads.begin(), before.threads.end(),
                                    [&](const Thread& thread) { return thread.kind == change.kind; });
    Thread after{change.kind, change.to, change.basis, change.requesting, change.requested, change.label};
    if (found == before.threads.end()) before.threads.push_back(std::move(after));
    else *found = std::move(after);
  }
  const auto drop = [&](std::string_view clock) {
    std::erase_if(before.clocks, [&](const RunningClock& running) { return running.clock == clock; });
  };
  for (const std::string& clock : permitted.stopped) drop(clock);
  for (const ClockStart& start : permitted.started) {
    drop(start.clock);
    before.clocks.push_back({start.clock, start.owner, start.due});
  }
  for (const ClockMove& move : permitted.moved)
    for (RunningClock& running : before.clocks)
      if (running.clock == move.clock) running.owner = move.owner;
  ++before.happened[std::string(act_type)];
  return before;
}

std::vector<Ability> abilities(const Rulebook& rules, const CaseState& state, const Person& person, Time now) {
  const Model& model = rules.model();
  std::vector<Ability> out;
  for (const auto& [id, kind] : model.kinds) {
    const Thread* thread = find_thread(state, id);
    const Scope scope{.model = model,
                      .state = &state,
                      .requesting = thread ? &thread->requesting : nullptr,
                      .requested = thread ? &thread->requested : nullptr,
                      .actor = &person.authority,
                      .basis = thread ? std::string_view(thread->basis) : std::string_view(),
                      .label = thread ? &thread->label : nullptr,
                      .profile = thread ? profile_for(model, nullptr, thread->requested.country) : nullptr,
                      .now = now};
    for (const Transition& transition : kind.transitions) {
      if (transition.by == By::clock || (thread == nullptr && !transition.opens)) continue;
      const Judgement judge{model, state, transition, kind, thread, now};
      Ability ability{transition.t, transition.form, std::string(name_of(transition.assurance)), judge.case_stands()};
      if (!ability.refused) ability.refused = judge.is_yours(person.authority);
      if (!ability.refused) ability.refused = judge.has_role(person.roles);
      if (!ability.refused) ability.refused = judge.rules_hold(scope, false);
      if (!ability.refused && transition.assurance != Assurance::session && person.level == DeviceLevel::soft)
        ability.refused = judge.no(
            transition.assurance == Assurance::step_up ? "decide.assurance.step-up" : "decide.assurance.two-person",
            "by");
      out.push_back(std::move(ability));
    }
  }
  return out;
}

const std::vector<std::string>& engine_rules() {
  static const std::vector<std::string> rules = {"decide.act",
                                                 "decide.case",
                                                 "decide.state",
                                                 "decide.party",
                                                 "decide.stranger",
                                                 "decide.authority-kind",
                                                 "decide.role",
                                                 "decide.signers",
                                                 "decide.assurance.step-up",
                                                 "decide.assurance.two-person",
                                                 "decide.assurance.possession",
                                                 "decide.receiver",
                                                 "decide.receiver.kind",
                                                 "decide.object.missing",
                                                 "decide.object.forbidden",
                                                 "decide.object.sealed-to",
                                                 "decide.basis",
                                                 "decide.basis.parties",
                                                 "decide.field",
                                                 "decide.field.sealed",
                                                 "decide.clock",
                                                 "decide.clock.too-short",
                                                 "decide.clock.too-long",
                                                 "decide.clock.later",
                                                 "decide.hand-over"};
  return rules;
}

}  // namespace entraide::rulebook
