#include "rulebook/show.h"

#include "codec/codec.h"
#include "rulebook/model.h"

namespace entraide::rulebook {

using codec::Json;

namespace {

class Printer {
 public:
  Printer(const Rulebook& rules, const Kind& kind, std::string_view language)
      : rules_(rules), model_(rules.model()), kind_(kind), language_(language) {}

  std::string print() {
    line("# " + word("kind." + kind_.id));
    line("");
    line(word("show.source") + ": " + source(kind_.source));
    line("");
    basis();
    parties();
    states();
    transitions();
    reactions();
    clocks();
    forms();
    line(word("show.retention") + ": " + length(kind_.keep) + " (" + source(kind_.keep_source) + ")");
    return std::move(out_);
  }

 private:
  void line(const std::string& text) { (out_ += text) += '\n'; }
  void heading(std::string_view key) {
    line("## " + word("show." + std::string(key)));
    line("");
  }
  /// The words for a key; the key itself where a word is missing, so that nothing disappears.
  std::string word(const std::string& key) const {
    const std::string_view found = rules_.word(language_, key);
    return found.empty() ? "`" + key + "`" : std::string(found);
  }

  /// "uncc.42.6" as "United Nations Convention against Cybercrime, 42.6", with a mark when it is from memory.
  std::string source(const Source& of) const {
    return article(of.id) + (of.from_text ? "" : " [" + word("show.from-memory") + "]");
  }
  std::string article(const std::string& id) const {
    const std::size_t dot = id.find('.');
    if (dot == std::string::npos) return id;
    return word("instrument." + id.substr(0, dot)) + ", " + id.substr(dot + 1);
  }

  template <class List, class Words>
  static std::string join(const List& list, Words&& words, std::string_view between = ", ") {
    std::string out;
    for (const auto& item : list) {
      if (!out.empty()) out += between;
      out += words(item);
    }
    return out;
  }
  std::string state(const std::string& name) const { return word("state." + kind_.id + "." + name); }
  std::string clock(const std::string& id) const { return word("clock." + id); }
  std::string party(By by) const { return word("party." + std::string(name_of(by))); }

  void basis() {
    heading("basis");
    for (const std::string& id : kind_.basis) line("- " + article(id));
    line("");
  }

  void parties() {
    heading("parties");
    const auto name = [&](const std::string& kind) { return word("authority." + kind); };
    line("- " + party(By::requesting) + ": " + join(kind_.requesting, name));
    line("- " + party(By::requested) + ": " + join(kind_.requested, name));
    line("");
  }

  void states() {
    heading("states");
    for (const State& of : kind_.states)
      line("- " + state(of.name) + (of.is_final ? " (" + word("show.final") + ")" : ""));
    line("");
  }

  // ---- what may be done --------------------------------------------------------------------

  void transitions() {
    heading("transitions");
    for (const Transition& of : kind_.transitions) {
      line("### " + word("act." + of.t) + " (`" + of.t + "`)");
      line("");
      item("who", party(of.by));
      item("from", of.opens      ? word("show.opens")
                   : of.from_any ? word("show.any")
                                 : join(of.from, [&](const auto& s) { return state(s); }));
      item("to", of.to.empty() ? word("show.same") : state(of.to));
      if (of.by != By::clock) {
        item("roles", join(of.roles, [&](const auto& role) { return word("role." + role); }));
        item("assurance", word("assurance." + std::string(name_of(of.assurance))));
      }
      for (const SignerNeed& need : of.signers)
        item("signers", std::to_string(need.count) + " × " + word("role." + need.role));
      if (!of.form.empty()) item("form", word("form." + of.form));
      if (of.hand_over) item("hand-over", party(of.hand_over->party));
      if (of.urgent) line("- " + word("show.urgent"));
      if (of.urgent_when) item("urgent", condition(*of.urgent_when, of.form));
      for (const Rule& rule : of.require) item("refused", refusal(rule, of.form));
      starts(of.starts, of.form);
      if (!of.stops.empty()) item("stops", join(of.stops, [&](const auto& id) { return clock(id); }));
      if (!of.extends.empty()) item("extends", join(of.extends, [&](const auto& id) { return clock(id); }));
      item("source", source(of.source));
      line("");
    }
  }

  std::string refusal(const Rule& rule, const std::string& form) const {
    return "“" + word("rule." + rule.id) + "” " + word("show.unless") + " " + condition(rule.that, form) + " (" +
           source(rule.source) + ")";
  }

  /// "60 days"; the sign of an alarm is left to its heading.
  std::string length(const Period& of) const {
    std::string out;
    const auto part = [&](std::int64_t number, const char* unit) {
      if (number != 0)
        out += (out.empty() ? "" : " ") + std::to_string(std::abs(number)) + " " + word(std::string("show.") + unit);
    };
    part(of.months / 12, "years");
    part(of.months % 12, "months");
    part(of.days, "days");
    part(of.seconds / 3600, "hours");
    part(of.seconds / 60 % 60, "minutes");
    part(of.seconds % 60, "seconds");
    return out.empty() ? of.text : out;
  }

  void item(const std::string& key, const std::string& text) { line("- " + word("show." + key) + ": " + text); }

  void starts(const std::vector<StartClock>& starts, const std::string& form) {
    for (const StartClock& start : starts)
      item("starts", clock(start.clock) +
                         (start.when ? " (" + word("show.when") + " " + condition(*start.when, form) + ")" : ""));
  }

  void reactions() {
    if (kind_.reactions.empty()) return;
    heading("reactions");
    for (const Reaction& of : kind_.reactions) {
      line("- " + word("act." + of.on) + ": " + join(of.from, [&](const auto& s) { return state(s); }) + " → " +
           (of.to.empty() ? word("show.same") : state(of.to)) + " (" + source(of.source) + ")");
      for (const StartClock& start : of.starts) line("  - " + word("show.starts") + ": " + clock(start.clock));
      for (const std::string& stopped : of.stops) line("  - " + word("show.stops") + ": " + clock(stopped));
    }
    line("");
  }

  // ---- time limits -------------------------------------------------------------------------

  void clocks() {
    heading("clocks");
    for (const ClockRule& of : kind_.clocks) {
      line("### " + clock(of.id));
      line("");
      item("owner", party(of.owner));
      item("period", period(of));
      if (!of.alarms.empty()) item("alarms", join(of.alarms, [&](const Period& alarm) { return length(alarm); }));
      if (!of.lapse.empty()) item("lapse", word("act." + of.lapse));
      item("source", source(of.source));
      line("");
    }
  }

  std::string period(const ClockRule& of) const {
    const PeriodRule& rule = of.period;
    if (rule.how == PeriodRule::How::fixed) return length(rule.fixed);
    if (rule.how == PeriodRule::How::until) {
      std::string out = word("show.until") + " “" + setting_field(of) + "”";
      if (rule.at_least) out += ", " + word("show.at-least") + " " + length(*rule.at_least);
      if (rule.at_most) out += ", " + word("show.at-most") + " " + length(*rule.at_most);
      return out;
    }
    std::string out = word("show.by") + " " + operand(rule.operand, "");
    for (const auto& [code, period] : rule.periods) out += "; " + choice(rule.operand, code) + ": " + length(period);
    return out + "; " + word("show.else") + ": " + length(rule.otherwise);
  }

  /// The label of the field that sets a clock, from the first form that starts it.
  std::string setting_field(const ClockRule& of) const {
    for (const Transition& transition : kind_.transitions)
      for (const StartClock& start : transition.starts)
        if (start.clock == of.id) return word("field." + transition.form + "." + of.period.field);
    return of.period.field;
  }

  // ---- forms -------------------------------------------------------------------------------

  void forms() {
    heading("forms");
    std::set<std::string> printed;
    for (const Transition& transition : kind_.transitions) {
      if (transition.form_rules == nullptr || !printed.insert(transition.form).second) continue;
      form(*transition.form_rules);
    }
  }

  void form(const Form& of) {
    line("### " + word("form." + of.id) + " (`" + of.id + "`)");
    line("");
    line(word("show.source") + ": " + source(of.source));
    line("");
    for (const Form::Section& section : of.sections) {
      line("#### " + word("form." + of.id + "." + section.name));
      line("");
      for (const Field& field : section.fields) print_field(of, field);
      line("");
    }
    if (of.checks.empty()) return;
    line("#### " + word("show.checks"));
    line("");
    for (const Rule& rule : of.checks) item("refused", refusal(rule, of.id));
    line("");
  }

  void print_field(const Form& of, const Field& field) {
    const std::string key = of.id + "." + field.name;
    std::string need = field.required ? word("show.mandatory") : word("show.optional");
    if (field.required_when) need = word("show.mandatory-if") + " " + condition(*field.required_when, of.id);
    if (field.show_if) need += "; " + word("show.shown-if") + " " + condition(*field.show_if, of.id);
    line("- **" + word("field." + key) + "** (" + word(field.routing ? "show.routing" : "show.sealed") + "; " + need +
         "; " + source(field.source) + ")");
    if (!rules_.word(language_, "hint." + key).empty()) line("  " + word("hint." + key));
    const Schema& schema = field.schema.type == Schema::Type::array ? field.schema.items[0] : field.schema;
    if (schema.vocabulary != nullptr)
      line("  " + join(
                      schema.vocabulary->codes,
                      [&](const auto& code) { return word("vocab." + schema.vocab + "." + code); }, " / "));
    for (const Field& inner : schema.fields) {
      line("  - " + word("field." + key + "." + inner.name) + " (" +
           word(inner.required ? "show.mandatory" : "show.optional") + ")");
      if (inner.schema.vocabulary != nullptr)
        line("    " + join(
                          inner.schema.vocabulary->codes,
                          [&](const auto& code) { return word("vocab." + inner.schema.vocab + "." + code); }, " / "));
    }
  }

  // ---- conditions --------------------------------------------------------------------------
  // Logic is printed with signs that need no translation: ∧ ∨ ¬ = ∈ ≥ < ≤.

  std::string operand(const Operand& of, const std::string& form) const {
    switch (of.of) {
      case Operand::Of::field: return "“" + field_label(of.name, form) + "”";
      case Operand::Of::label: return "“" + field_label(of.name, "") + "”";
      case Operand::Of::profile: return "“" + word("field.country-profile." + of.name) + "”";
      case Operand::Of::basis: return word("show.basis");
      case Operand::Of::thread: return word("kind." + of.name);
      case Operand::Of::happened: return "“" + word("act." + of.name) + "”";
      case Operand::Of::clock: return clock(of.name);
      case Operand::Of::signers: return word("show.signers");
      case Operand::Of::now: return "⏲";
      case Operand::Of::actor_kind: return word("show.who");
      case Operand::Of::receiver_kind: return "→ " + word("show.who");
      case Operand::Of::actor_country: return word("show.who") + " (ISO 3166)";
      case Operand::Of::receiver_country: return "→ " + word("show.who") + " (ISO 3166)";
    }
    return "";
  }

  const Field* find_field(const std::string& name, const std::string& form, std::string* of_form = nullptr) const {
    for (const Transition& transition : kind_.transitions) {
      if (transition.form_rules == nullptr || (!form.empty() && transition.form != form)) continue;
      const auto found = transition.form_rules->by_name.find(name);
      if (found == transition.form_rules->by_name.end()) continue;
      if (of_form != nullptr) *of_form = transition.form;
      return found->second;
    }
    return nullptr;
  }

  std::string field_label(const std::string& name, const std::string& form) const {
    std::string of_form;
    return find_field(name, form, &of_form) == nullptr ? name : word("field." + of_form + "." + name);
  }

  /// A value in words: a code of the field's vocabulary, a state, a kind of authority.
  std::string choice(const Operand& of, const std::string& code, const std::string& form = "") const {
    if (of.of == Operand::Of::field || of.of == Operand::Of::label) {
      const Field* field = find_field(of.name, of.of == Operand::Of::label ? "" : form);
      if (field == nullptr) return code;
      const Schema& schema = field->schema.type == Schema::Type::array ? field->schema.items[0] : field->schema;
      return schema.vocab.empty() ? code : word("vocab." + schema.vocab + "." + code);
    }
    if (of.of == Operand::Of::thread && code != "none") return word("state." + of.name + "." + code);
    if (of.of == Operand::Of::actor_kind || of.of == Operand::Of::receiver_kind) return word("authority." + code);
    if (of.of == Operand::Of::basis) return article(code);
    return code;
  }
  std::string value(const Operand& of, const Json& json, const std::string& form) const {
    if (json.is_string()) return choice(of, json.string(), form);
    if (json.is_bool()) return json.boolean() ? "✓" : "✗";
    return codec::to_json(json);
  }

  std::string condition(const Condition& of, const std::string& form) const {
    using Test = Condition::Test;
    const auto part = [&](const Condition& inner) {
      const bool group = inner.parts.size() > 1;
      return (group ? "(" : "") + condition(inner, form) + (group ? ")" : "");
    };
    switch (of.test) {
      case Test::all: return join(of.parts, part, " ∧ ");
      case Test::any: return join(of.parts, part, " ∨ ");
      case Test::not_: return "¬ " + part(of.parts[0]);
      case Test::equals: return operand(of.operands[0], form) + " = " + value(of.operands[0], of.values[0], form);
      case Test::in:
        return operand(of.operands[0], form) + " ∈ {" +
               join(of.values, [&](const Json& json) { return value(of.operands[0], json, form); }) + "}";
      case Test::contains: return operand(of.operands[0], form) + " ∋ " + value(of.operands[0], of.values[0], form);
      case Test::has_role: return word("show.signers") + " ∋ " + word("role." + of.names[0]);
      case Test::same_authority: return who(of.who[0]) + " = " + who(of.who[1]);
      case Test::sealed_to: return word("show.sealed") + " → " + who(of.who[0]);
      case Test::basis_is:
        return word("show.basis") + " ∈ {" +
               join(of.names,
                    [&](const std::string& id) {
                      return id.find('.') == std::string::npos ? word("instrument." + id) : article(id);
                    }) +
               "}";
      case Test::within: return operand(of.operands[0], form) + " ≤ ⏲ + " + length(of.period);
      case Test::before: return operand(of.operands[0], form) + " < " + operand(of.operands[1], form);
      case Test::ground_in:
        return operand(of.operands[0], form) + " ∈ {" +
               (of.vocab.empty()
                    ? join(of.names, [&](const std::string& code) { return choice(of.operands[0], code, form); })
                    : of.vocab) +
               "}";
      case Test::count_at_least:
        return operand(of.operands[0], form) + " ≥ " +
               (of.operands.size() > 1 ? operand(of.operands[1], form) : std::to_string(of.count));
    }
    return "";
  }

  std::string who(Who of) const {
    if (of == Who::requesting) return party(By::requesting);
    if (of == Who::requested) return party(By::requested);
    return (of == Who::receiver ? "→ " : "") + word("show.who");
  }

  const Rulebook& rules_;
  const Model& model_;
  const Kind& kind_;
  std::string language_;
  std::string out_;
};

}  // namespace

Result<std::string> show(const Rulebook& rules, std::string_view kind, std::string_view language) {
  const auto& languages = rules.languages();
  if (std::find(languages.begin(), languages.end(), language) == languages.end())
    return fail(Errc::not_found, "rulebook.language",
                "rulebook: no words in `" + std::string(language) + "`; try en, fr, es or ar");
  const auto found = rules.model().kinds.find(kind);
  if (found == rules.model().kinds.end())
    return fail(Errc::not_found, "rulebook.kind", "rulebook: there is no kind `" + std::string(kind) + "`");
  return Printer(rules, found->second, language).print();
}

std::vector<std::string> kinds(const Rulebook& rules) {
  std::vector<std::string> out;
  for (const auto& [id, kind] : rules.model().kinds) out.push_back(id);
  return out;
}

}  // namespace entraide::rulebook
