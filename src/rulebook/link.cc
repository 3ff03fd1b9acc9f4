// The last step of loading: everything that is named is there, and parts point to one another.

#include "rulebook/loader.h"

namespace entraide::rulebook {

using To = Reference::To;

namespace {

bool contains(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

/// "uncc.42.6" is listed when the instrument lists 42.6 or 42.
bool cites_known_article(const Model& model, std::string_view source) {
  const std::size_t dot = source.find('.');
  if (dot == std::string_view::npos) return model.instruments.contains(source);
  const std::string_view article = source.substr(dot + 1);
  if (source.substr(0, dot) == "use")
    return std::any_of(model.use.begin(), model.use.end(),
                       [&](const UseRule& rule) { return rule.article == article; });
  const auto instrument = model.instruments.find(source.substr(0, dot));
  if (instrument == model.instruments.end()) return false;
  const auto& articles = instrument->second.articles;
  return std::any_of(articles.begin(), articles.end(),
                     [&](const std::string& known) { return covers(known, article); });
}

bool is_there(const Model& model, const Reference& reference) {
  switch (reference.to) {
    case To::field:
    case To::label: return true;  // looked up where the form or the kind is known
    case To::kind: return model.kinds.contains(reference.name);
    case To::act: return model.acts.contains(reference.name);
    case To::clock: return model.clocks.contains(reference.name);
    case To::vocab: return model.vocabs.contains(reference.name);
    case To::role: return contains(model.roles, reference.name);
    case To::basis: return cites_known_article(model, reference.name);
    case To::profile_field: {
      const auto form = model.forms.find("country-profile");
      return form != model.forms.end() && form->second.by_name.contains(reference.name);
    }
  }
  return false;
}

std::string_view what(To to) {
  switch (to) {
    case To::field: return "field";
    case To::label: return "member of the label";
    case To::kind: return "kind";
    case To::act: return "act";
    case To::clock: return "clock";
    case To::vocab: return "vocabulary";
    case To::role: return "role";
    case To::basis: return "article listed by an instrument";
    case To::profile_field: return "field of the form country-profile";
  }
  return "";
}

void link_schema(const Model& model, Schema& schema) {
  if (!schema.vocab.empty()) schema.vocabulary = &model.vocabs.find(schema.vocab)->second;
  for (Schema& items : schema.items) link_schema(model, items);
  for (Field& field : schema.fields) link_schema(model, field.schema);
}

/// The fields that a transition's conditions read must be routing fields of its form.
Result<> check_fields(const Transition& transition, const std::string& where) {
  std::vector<std::string> read;
  for (const Rule& rule : transition.require) read.insert(read.end(), rule.fields.begin(), rule.fields.end());
  for (const StartClock& start : transition.starts)
    if (start.when) fields_of(*start.when, read);
  if (transition.urgent_when) fields_of(*transition.urgent_when, read);
  if (transition.hand_over) read.push_back(transition.hand_over->field);
  if (transition.opens) read.push_back("basis");
  for (const std::string& name : read) {
    const Field* field = nullptr;
    if (transition.form_rules != nullptr)
      if (const auto found = transition.form_rules->by_name.find(name); found != transition.form_rules->by_name.end())
        field = found->second;
    if (field == nullptr)
      return refuse("rulebook.reference", where, "needs a field `" + name + "`, which its form does not have");
    if (!field->routing)
      return refuse("rulebook.reference", where,
                    "reads the field `" + name + "`, which is sealed: the hub cannot know it");
    if (name == "basis" && transition.opens && field->schema.format != Format::basis)
      return refuse("rulebook.schema", where, "the field `basis` of an opening form has the format basis");
    if (transition.hand_over && name == transition.hand_over->field && field->schema.format != Format::authority)
      return refuse("rulebook.schema", where, "the field `" + name + "` of a hand-over has the format authority");
  }
  return {};
}

/// A clock that runs until a field says needs that field, as a date, in every form that sets it; always answered, unless the clock
/// starts on a condition only.
Result<> check_until(const Model& model, const Transition& transition, const std::string& clock, bool always,
                     const std::string& where) {
  const PeriodRule& period = model.clocks.find(clock)->second->period;
  if (period.how != PeriodRule::How::until) return {};
  const Field* field = nullptr;
  if (transition.form_rules != nullptr)
    if (const auto found = transition.form_rules->by_name.find(period.field);
        found != transition.form_rules->by_name.end())
      field = found->second;
  const bool is_time = field != nullptr && field->routing && (field->required || !always) &&
                       (field->schema.format == Format::date || field->schema.format == Format::date_time);
  if (!is_time)
    return refuse("rulebook.reference", where,
                  "sets clock `" + clock + "`, so its form needs the " + std::string(always ? "required " : "") +
                      "routing date `" + period.field + "`");
  return {};
}

/// What the hub keeps in the label comes from a routing field of one of the kind's forms.
Result<> check_label(const Kind& kind) {
  for (const std::string& name : kind.label) {
    const bool found =
        std::any_of(kind.transitions.begin(), kind.transitions.end(), [&](const Transition& transition) {
          if (transition.form_rules == nullptr) return false;
          const auto field = transition.form_rules->by_name.find(name);
          return field != transition.form_rules->by_name.end() && field->second->routing;
        });
    if (!found)
      return refuse("rulebook.reference", kind.file + "#.label",
                    "`" + name + "` is no routing field of a form of this kind");
  }
  return {};
}

Result<> link_kind(Model& model, Kind& kind) {
  for (std::size_t i = 0; i < kind.transitions.size(); ++i) {
    Transition& transition = kind.transitions[i];
    const std::string where = kind.file + "#.transitions." + std::to_string(i);
    transition.kind = &kind;
    if (!transition.form.empty()) {
      const auto form = model.forms.find(transition.form);
      if (form == model.forms.end())
        return refuse("rulebook.reference", where + ".form", "there is no form `" + transition.form + "`");
      transition.form_rules = &form->second;
      if (form->second.has_sealed && !transition.doc_said) transition.doc = Presence::required;
      if (form->second.has_sealed && !transition.sum_said) transition.sum = Presence::required;
    }
    TRY(check_fields(transition, where));
    for (const StartClock& start : transition.starts)
      TRY(check_until(model, transition, start.clock, !start.when, where));
    for (const std::string& clock : transition.extends) TRY(check_until(model, transition, clock, true, where));
    for (const std::string& authority : transition.inform)
      if (!contains(model.authority_kinds, authority))
        return refuse("rulebook.reference", where + ".inform", "there is no kind of authority `" + authority + "`");
  }
  TRY(check_label(kind));
  for (const std::vector<std::string>* party : {&kind.requesting, &kind.requested}) {
    if (party->empty()) return refuse("rulebook.member", kind.file + "#.parties", "a party that nobody may be");
    for (const std::string& authority : *party)
      if (!contains(model.authority_kinds, authority))
        return refuse("rulebook.reference", kind.file + "#.parties",
                      "there is no kind of authority `" + authority + "`");
  }
  for (ClockRule& clock : kind.clocks) {
    if (clock.lapse.empty()) continue;
    const auto lapse = model.acts.find(clock.lapse);
    if (lapse == model.acts.end() || lapse->second->by != By::clock || !lapse->second->t.starts_with(kind.id + "."))
      return refuse("rulebook.reference", kind.file + "#.clocks",
                    "clock `" + clock.id + "` lapses by `" + clock.lapse +
                        "`, which is no transition of this kind by the clock");
    clock.lapse_rules = lapse->second;
  }
  for (std::size_t i = 0; i < kind.reactions.size(); ++i) {
    const Reaction& reaction = kind.reactions[i];
    model.reactions[reaction.on].emplace_back(&kind, &reaction);
    for (const StartClock& start : reaction.starts)
      if (model.clocks.find(start.clock)->second->period.how == PeriodRule::How::until)
        return refuse("rulebook.reference", kind.file + "#.reactions." + std::to_string(i),
                      "a reaction has no form, so it cannot start clock `" + start.clock + "`");
  }
  return {};
}

Result<> index_acts(Model& model) {
  for (auto& [id, kind] : model.kinds) {
    for (Transition& transition : kind.transitions)
      if (!model.acts.emplace(transition.t, &transition).second)
        return refuse("rulebook.name", kind.file, "`" + transition.t + "` is there twice");
    for (ClockRule& clock : kind.clocks) {
      clock.kind = &kind;
      if (!model.clocks.emplace(clock.id, &clock).second)
        return refuse("rulebook.name", kind.file, "clock `" + clock.id + "` is there twice");
    }
  }
  for (const DirectoryAct& act : model.directory) model.directory_acts.emplace(act.t, &act);
  for (const UseRule& rule : model.use)
    for (const std::string& enforced : rule.enforced_by)
      model.engine_sources.emplace(enforced, "use." + rule.article);
  return {};
}

Result<> check_profiles(const Model& model) {
  const auto form = model.forms.find("country-profile");
  for (const auto& [country, answers] : model.profiles) {
    const std::string where = "profiles/" + country + ".json#.answers";
    if (form == model.forms.end()) return refuse("rulebook.profile", where, "there is no form `country-profile`");
    const auto defects = validate_answers(form->second, Scope{.model = model}, answers);
    if (!defects.empty())
      return refuse("rulebook.profile", where + "." + defects[0].path,
                    "does not fit the form country-profile: " + defects[0].code);
  }
  return {};
}

}  // namespace

Result<> link(Loading& loading) {
  Model& model = loading.model;
  TRY(index_acts(model));
  for (const Reference& reference : loading.references)
    if (!is_there(model, reference))
      return refuse("rulebook.reference", reference.where,
                    "there is no " + std::string(what(reference.to)) + " `" + reference.name + "`");
  for (const auto& [source, where] : model.cited)
    if (!cites_known_article(model, source))
      return refuse("rulebook.reference", where, "no instrument lists the article of source `" + source + "`");
  for (auto& [id, form] : model.forms)
    for (Form::Section& section : form.sections)
      for (Field& field : section.fields) link_schema(model, field.schema);
  for (auto& [id, kind] : model.kinds) TRY(link_kind(model, kind));
  for (const Reference& reference : loading.references)
    if (reference.to == To::label)
      for (const auto& [id, kind] : model.kinds)
        if (reference.where.starts_with(kind.file + "#") && !contains(kind.label, reference.name))
          return refuse("rulebook.reference", reference.where,
                        "the kind keeps no `" + reference.name + "` in its label");
  return check_profiles(model);
}

}  // namespace entraide::rulebook
