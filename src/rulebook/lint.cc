#include "rulebook/lint.h"

#include <tuple>

#include "rulebook/examples.h"
#include "rulebook/model.h"

namespace entraide::rulebook {

namespace {

template <class List, class Item>
bool contains(const List& list, const Item& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

class Linter {
 public:
  explicit Linter(const Rulebook& rules) : rules_(rules), model_(rules.model()) {}

  std::vector<Finding> run() {
    for (const auto& [id, kind] : model_.kinds) {
      walk_states(kind);
      for (const Transition& transition : kind.transitions) walk_transition(kind, transition);
      for (const ClockRule& clock : kind.clocks) walk_clock(kind, clock);
      walk_roles(kind);
    }
    walk_forms();
    walk_vocabs();
    walk_words();
    walk_use();
    walk_examples();
    std::sort(findings_.begin(), findings_.end(), [](const Finding& a, const Finding& b) {
      return std::tie(a.file, a.path, a.what) < std::tie(b.file, b.path, b.what);
    });
    return std::move(findings_);
  }

 private:
  void find(std::string file, std::string path, std::string what, std::string mend) {
    findings_.push_back({std::move(file), std::move(path), std::move(what), std::move(mend)});
  }

  // ---- kind x state x role x transition ----------------------------------------------------

  bool leaves(const Kind& kind, const Transition& transition, const State& from) const {
    if (transition.opens) return false;
    return transition.from_any ? !from.is_final
                               : contains(transition.from, from.name) && kind.find_state(from.name) != nullptr;
  }

  /// The states that can be reached from `start` by transitions, lapses and reactions.
  std::set<std::string> reachable(const Kind& kind, std::set<std::string> start) const {
    std::set<std::string> seen = std::move(start);
    for (std::size_t before = 0; before != seen.size();) {
      before = seen.size();
      for (const State& state : kind.states) {
        if (!seen.contains(state.name)) continue;
        for (const Transition& transition : kind.transitions)
          if (leaves(kind, transition, state) && !transition.to.empty()) seen.insert(transition.to);
        for (const Reaction& reaction : kind.reactions)
          if (contains(reaction.from, state.name) && !reaction.to.empty()) seen.insert(reaction.to);
      }
    }
    return seen;
  }

  void walk_states(const Kind& kind) {
    std::set<std::string> opened;
    for (const Transition& transition : kind.transitions)
      if (transition.opens) opened.insert(transition.to);
    if (opened.empty())
      find(kind.file, kind.id, "nothing opens a thread of this kind", "write a transition from null");
    const std::set<std::string> seen = reachable(kind, opened);
    for (const State& state : kind.states) {
      const std::string path = kind.id + "." + state.name;
      if (!seen.contains(state.name))
        find(kind.file, path, "the state cannot be reached", "write a transition that leads to it, or remove it");
      const std::set<std::string> next = reachable(kind, {state.name});
      const bool ends = std::any_of(kind.states.begin(), kind.states.end(),
                                    [&](const State& of) { return of.is_final && next.contains(of.name); });
      if (!ends)
        find(kind.file, path, "there is no way out: no final state can be reached from it",
             "write a transition, or make it final");
      if (state.is_final)
        for (const Transition& transition : kind.transitions)
          if (contains(transition.from, state.name) && !transition.to.empty() &&
              !kind.find_state(transition.to)->is_final)
            find(kind.file, transition.t, "leads out of the final state `" + state.name + "`",
                 "a final state is not left again");
    }
  }

  /// Every role that a kind admits has something to do; in every state that is not final somebody has.
  void walk_roles(const Kind& kind) {
    for (const std::string& role : kind.roles)
      if (std::none_of(kind.transitions.begin(), kind.transitions.end(), [&](const Transition& transition) {
            return transition.by != By::clock && contains(transition.roles, role);
          }))
        find(kind.file, kind.id, "role `" + role + "` can do nothing",
             "give it a transition, or take it off the list");
    for (const State& state : kind.states) {
      if (state.is_final) continue;
      for (const By party : {By::requesting, By::requested}) {
        const bool moves =
            std::any_of(kind.transitions.begin(), kind.transitions.end(), [&](const Transition& transition) {
              return leaves(kind, transition, state) && !transition.roles.empty() &&
                     (transition.by == party || transition.by == By::either);
            });
        if (!moves && party == By::requesting && !requesting_waits_well(kind, state))
          find(kind.file, kind.id + "." + state.name,
               "the requesting authority can do nothing and no clock runs for it",
               "let it withdraw, or start a clock that the requested authority owns");
      }
    }
  }

  bool requesting_waits_well(const Kind& kind, const State& state) const {
    for (const Transition& transition : kind.transitions) {
      if (transition.to != state.name) continue;
      for (const StartClock& start : transition.starts)
        if (model_.clocks.find(start.clock)->second->owner == By::requested) return true;
    }
    return false;
  }

  void walk_transition(const Kind& kind, const Transition& transition) {
    if (transition.by == By::clock) {
      const bool used = std::any_of(kind.clocks.begin(), kind.clocks.end(),
                                    [&](const ClockRule& clock) { return clock.lapse == transition.t; });
      if (!used) find(kind.file, transition.t, "no clock lapses by it", "name it in a clock's `lapse`, or remove it");
      return;
    }
    for (const std::string& clock : transition.stops)
      if (contains_start(transition.starts, clock))
        find(kind.file, transition.t, "stops and starts clock `" + clock + "`", "starting it anew is enough");
    if (!transition.to.empty() && kind.find_state(transition.to)->is_final && !transition.starts.empty())
      find(kind.file, transition.t, "starts a clock on the way to a final state",
           "nobody can stop it any more; remove it");
    for (const Rule& rule : transition.require)
      if (!rule.id.starts_with(kind.id + "."))
        find(kind.file, rule.id, "the rule is not named after its kind", "begin it with `" + kind.id + ".`");
  }

  static bool contains_start(const std::vector<StartClock>& starts, const std::string& clock) {
    return std::any_of(starts.begin(), starts.end(), [&](const StartClock& start) { return start.clock == clock; });
  }

  void walk_clock(const Kind& kind, const ClockRule& clock) {
    bool started = false;
    for (const auto& [id, other] : model_.kinds) {
      for (const Transition& transition : other.transitions)
        started = started || contains_start(transition.starts, clock.id);
      for (const Reaction& reaction : other.reactions) started = started || contains_start(reaction.starts, clock.id);
    }
    if (!started)
      find(kind.file, clock.id, "nothing starts this clock", "name it in a transition's `starts`, or remove it");
    if (!owner_can_stop(kind, clock))
      find(kind.file, clock.id,
           "its owner, the " + std::string(name_of(clock.owner)) + " authority, can do nothing that stops it",
           "let one of its transitions stop the clock or end the thread");
    if (clock.period.how == PeriodRule::How::by && clock.period.operand.of != Operand::Of::basis)
      check_codes(kind, clock);
  }

  bool owner_can_stop(const Kind& kind, const ClockRule& clock) const {
    const auto stops = [&](const Transition& transition) {
      if (transition.by != clock.owner && transition.by != By::either) return false;
      if (contains(transition.stops, clock.id) || contains(transition.extends, clock.id)) return true;
      return transition.kind == &kind && !transition.to.empty() && kind.find_state(transition.to)->is_final;
    };
    for (const auto& [id, other] : model_.kinds)
      if (std::any_of(other.transitions.begin(), other.transitions.end(), stops)) return true;
    // A reaction stops it when the owner does what it reacts to.
    for (const Reaction& reaction : kind.reactions)
      if (const Transition* on = find_act(model_, reaction.on); on != nullptr && contains(reaction.stops, clock.id))
        return true;
    return false;
  }

  /// The codes by which a clock chooses its period are codes of the field's vocabulary.
  void check_codes(const Kind& kind, const ClockRule& clock) {
    for (const Transition& transition : kind.transitions) {
      if (transition.form_rules == nullptr) continue;
      const auto field = transition.form_rules->by_name.find(clock.period.operand.name);
      if (field == transition.form_rules->by_name.end() || field->second->schema.vocabulary == nullptr) continue;
      for (const auto& [code, period] : clock.period.periods)
        if (!field->second->schema.vocabulary->known.contains(code))
          find(kind.file, clock.id, "`" + code + "` is no code of vocabulary `" + field->second->schema.vocab + "`",
               "write one that is");
    }
  }

  // ---- forms and lists ---------------------------------------------------------------------

  void walk_forms() {
    std::set<std::string> used = {"country-profile"};
    for (const auto& [id, kind] : model_.kinds)
      for (const Transition& transition : kind.transitions) used.insert(transition.form);
    for (const auto& [id, form] : model_.forms) {
      if (!used.contains(id))
        find(form.file, id, "no transition uses this form", "name it in a transition, or remove it");
      if (form.fields.empty())
        find(form.file, id, "the form has no field", "add one, or leave the form out of the transition");
      for (const Rule& rule : form.checks) check_form_rule(form, rule);
      for (const Field* field : form.fields) check_field(form, *field);
    }
  }

  void check_form_rule(const Form& form, const Rule& rule) {
    if (rule.path.empty() || !form.by_name.contains(rule.path))
      find(form.file, rule.id, "the check does not say which field is at fault", "set `path` to a field of the form");
    check_literals(form, rule.that, rule.id);
  }

  void check_field(const Form& form, const Field& field) {
    const std::string path = form.id + "." + field.name;
    if (field.required_when) check_literals(form, *field.required_when, path);
    if (field.show_if) {
      check_literals(form, *field.show_if, path);
      std::vector<std::string> read;
      fields_of(*field.show_if, read);
      if (contains(read, field.name))
        find(form.file, path, "is shown only if it says so itself", "let `show_if` read another field");
      for (const std::string& name : read)
        if (position(form, name) > position(form, field.name))
          find(form.file, path, "is hidden by `" + name + "`, which comes after it", "put `" + name + "` before it");
    }
    if (field.name == "grounds" && field.schema.type == Schema::Type::array &&
        field.schema.items[0].vocabulary == nullptr)
      find(form.file, path, "grounds are free text", "take them from a vocabulary");
  }

  static std::size_t position(const Form& form, const std::string& name) {
    for (std::size_t i = 0; i < form.fields.size(); ++i)
      if (form.fields[i]->name == name) return i;
    return form.fields.size();
  }

  /// A condition compares a field with codes that its vocabulary has.
  void check_literals(const Form& form, const Condition& condition, const std::string& path) {
    for (const Condition& part : condition.parts) check_literals(form, part, path);
    if (condition.operands.empty() || condition.operands[0].of != Operand::Of::field) return;
    const auto field = form.by_name.find(condition.operands[0].name);
    if (field == form.by_name.end()) return;
    const Schema& schema =
        field->second->schema.type == Schema::Type::array ? field->second->schema.items[0] : field->second->schema;
    if (schema.vocabulary == nullptr) return;
    std::vector<std::string> codes =
        condition.test == Condition::Test::ground_in ? condition.names : std::vector<std::string>();
    for (const codec::Json& value : condition.values)
      if (value.is_string()) codes.push_back(value.string());
    for (const std::string& code : codes)
      if (!schema.vocabulary->known.contains(code))
        find(form.file, path, "`" + code + "` is no code of vocabulary `" + schema.vocab + "`", "write one that is");
  }

  static void collect_vocabs(const Schema& schema, std::set<std::string>& used) {
    used.insert(schema.vocab);
    for (const Schema& items : schema.items) collect_vocabs(items, used);
    for (const Field& field : schema.fields) collect_vocabs(field.schema, used);
  }

  void walk_vocabs() {
    std::set<std::string> used;
    for (const auto& [id, form] : model_.forms)
      for (const Field* field : form.fields) collect_vocabs(field->schema, used);
    for (const auto& [id, vocab] : model_.vocabs)
      if (!used.contains(id))
        find("vocab/" + id + ".json", id, "no form uses this vocabulary", "use it, or remove it");
  }

  // ---- words, rules of use, examples -------------------------------------------------------

  void walk_words() {
    const auto needed = words_needed(rules_);
    for (const std::string& language : model_.languages) {
      for (const auto& [key, file] : needed)
        if (rules_.word(language, key).empty())
          find(file, key, "has no words in `" + language + "`",
               "add the key `" + key + "` to words/" + language + "/");
      const auto words = model_.words.find(language);
      if (words == model_.words.end()) continue;
      for (const auto& [key, text] : words->second) check_word(language, key, text, needed);
    }
  }

  void check_word(const std::string& language, const std::string& key, const std::string& text,
                  const std::map<std::string, std::string, std::less<>>& needed) {
    const std::string folder = "words/" + language + "/";
    // Other parts of the house refuse too, by rules that the rulebook does not know; their words live here all the same.
    const bool free = key.starts_with("rule.") || key.starts_with("hint.");
    if (free && !needed.contains(key)) {
      if (key.starts_with("hint.") && !needed.contains("field." + key.substr(5)))
        find(folder, key, "is a hint for no field", "remove it, or correct its key");
      for (const std::string& other : model_.languages)
        if (rules_.word(other, key).empty())
          find(folder, key, "has no words in `" + other + "`", "add it to words/" + other + "/");
    } else if (!needed.contains(key)) {
      find(folder, key, "nothing asks for these words", "remove them, or correct the key");
    }
    // The {places} of a text are the same in every language, or a number would be lost in one of them.
    if (language != model_.languages.front() && places(text) != places(rules_.word(model_.languages.front(), key)))
      find(folder, key, "has other {places} than in `" + model_.languages.front() + "`", "use the same ones");
  }

  static std::set<std::string> places(std::string_view text) {
    std::set<std::string> out;
    for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1))
      if (const std::size_t close = text.find('}', open); close != std::string_view::npos)
        out.insert(std::string(text.substr(open, close - open)));
    return out;
  }

  void walk_use() {
    std::set<std::string, std::less<>> known(engine_rules().begin(), engine_rules().end());
    for (const auto& [id, kind] : model_.kinds)
      for (const Transition& transition : kind.transitions)
        for (const Rule& rule : transition.require) known.insert(rule.id);
    for (const auto& [id, form] : model_.forms)
      for (const Rule& rule : form.checks) known.insert(rule.id);
    for (const UseRule& use : model_.use)
      for (const std::string& rule : use.enforced_by)
        if (!known.contains(rule))
          find("rules-of-use.json", use.article, "is enforced by `" + rule + "`, which is no rule",
               "name one that is");
    for (const std::string& rule : engine_rules())
      if (!model_.engine_sources.contains(rule))
        find("rules-of-use.json", rule, "no article says that this rule enforces it, so its refusals cite nothing",
             "add it to an article's `enforced_by`");
  }

  void walk_examples() {
    const ExampleReport report = run_examples(rules_);
    for (const ExampleFailure& failure : report.failures)
      find(failure.file, failure.name, failure.what, "correct the rule, or the example");
    if (model_.examples.empty()) return;  // a bundle carries none
    const auto tried = [](const auto& map, const std::string& key) { return map.find(key) != map.end(); };
    for (const auto& [id, kind] : model_.kinds)
      for (const Transition& transition : kind.transitions) {
        if (!tried(report.tried.allowed, transition.t))
          find(kind.file, transition.t, "no example allows it", "add one to examples/" + id + "/");
        if (!tried(report.tried.refused, transition.t))
          find(kind.file, transition.t, "no example refuses it", "add one to examples/" + id + "/");
        for (const Rule& rule : transition.require)
          if (!tried(report.tried.rules, rule.id))
            find(kind.file, rule.id, "no example is refused by this rule", "add one to examples/" + id + "/");
      }
    for (const auto& [id, form] : model_.forms)
      for (const Rule& rule : form.checks)
        if (!tried(report.tried.rules, rule.id))
          find(form.file, rule.id, "no example or vector is refused by this check", "add one to examples/forms/");
  }

  const Rulebook& rules_;
  const Model& model_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> lint(const Rulebook& rules) { return Linter(rules).run(); }

}  // namespace entraide::rulebook
