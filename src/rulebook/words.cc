// Which words there must be, derived from the rules by the convention of docs/formats/rulebook.md.

#include "rulebook/lint.h"
#include "rulebook/model.h"

namespace entraide::rulebook {

namespace {

using Keys = std::map<std::string, std::string, std::less<>>;

void need_fields(Keys& keys, const Form& form) {
  for (const Field* field : form.fields) {
    const std::string key = "field." + form.id + "." + field->name;
    keys.emplace(key, form.file);
    const Schema& schema = field->schema.type == Schema::Type::array ? field->schema.items[0] : field->schema;
    for (const Field& inner : schema.fields) keys.emplace(key + "." + inner.name, form.file);
  }
}

}  // namespace

const std::vector<std::string>& show_words() {
  static const std::vector<std::string> words = {
      "show.source",      "show.basis",     "show.parties", "show.states",  "show.final",     "show.transitions",
      "show.who",         "show.from",      "show.to",      "show.opens",   "show.any",       "show.same",
      "show.assurance",   "show.form",      "show.clocks",  "show.owner",   "show.period",    "show.until",
      "show.at-least",    "show.at-most",   "show.by",      "show.else",    "show.alarms",    "show.lapse",
      "show.starts",      "show.stops",     "show.extends", "show.refused", "show.unless",    "show.years",
      "show.months",      "show.days",      "show.hours",   "show.minutes", "show.seconds",   "show.roles",
      "show.signers",     "show.reactions", "show.when",    "show.forms",   "show.mandatory", "show.mandatory-if",
      "show.optional",    "show.shown-if",  "show.routing", "show.sealed",  "show.checks",    "show.retention",
      "show.from-memory", "show.hand-over", "show.urgent"};
  return words;
}

std::map<std::string, std::string, std::less<>> words_needed(const Rulebook& rules) {
  const Model& model = rules.model();
  Keys keys;
  for (const auto& [id, kind] : model.kinds) {
    keys.emplace("kind." + id, kind.file);
    for (const State& state : kind.states) keys.emplace("state." + id + "." + state.name, kind.file);
    for (const Transition& transition : kind.transitions) {
      keys.emplace("act." + transition.t, kind.file);
      for (const Rule& rule : transition.require) keys.emplace("rule." + rule.id, kind.file);
    }
    for (const ClockRule& clock : kind.clocks) keys.emplace("clock." + clock.id, kind.file);
  }
  for (const auto& [id, form] : model.forms) {
    keys.emplace("form." + id, form.file);
    for (const Form::Section& section : form.sections) keys.emplace("form." + id + "." + section.name, form.file);
    for (const Rule& rule : form.checks) keys.emplace("rule." + rule.id, form.file);
    need_fields(keys, form);
  }
  for (const auto& [id, vocab] : model.vocabs)
    for (const std::string& code : vocab.codes) keys.emplace("vocab." + id + "." + code, "vocab/" + id + ".json");
  for (const auto& [id, instrument] : model.instruments) {
    keys.emplace("instrument." + id, "instruments/" + id + ".json");
    for (const std::string& code : instrument.declaration_codes)
      keys.emplace("declaration." + code, "instruments/" + id + ".json");
  }
  for (const std::string& rule : engine_rules()) keys.emplace("rule." + rule, "rulebook.json");
  for (const std::string& code : defect_codes()) keys.emplace("defect." + code, "rulebook.json");
  for (const std::string& role : model.roles) keys.emplace("role." + role, "rulebook.json");
  for (const std::string& kind : model.authority_kinds) keys.emplace("authority." + kind, "rulebook.json");
  for (const By by : {By::requesting, By::requested, By::either, By::clock})
    keys.emplace("party." + std::string(name_of(by)), "rulebook.json");
  for (const Assurance level : {Assurance::session, Assurance::step_up, Assurance::two_person})
    keys.emplace("assurance." + std::string(name_of(level)), "rulebook.json");
  for (const std::string& key : show_words()) keys.emplace(key, "rulebook.json");
  for (const UseRule& rule : model.use) keys.emplace("use." + rule.article, "rules-of-use.json");
  for (const DirectoryAct& act : model.directory) keys.emplace("act." + act.t, "directory.json");
  if (model.delivery)
    for (const std::string& type : model.delivery->acts) keys.emplace("act." + type, "delivery.json");
  return keys;
}

}  // namespace entraide::rulebook
