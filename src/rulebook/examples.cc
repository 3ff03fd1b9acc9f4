#include "rulebook/examples.h"

#include "codec/codec.h"
#include "rulebook/loader.h"

namespace entraide::rulebook {

using codec::Json;
using codec::ObjectReader;

namespace {

struct AnswerFile {
  std::string form;
  Json values;
};
using AnswerFiles = std::map<std::string, AnswerFile, std::less<>>;

std::unexpected<Error> wrong(const std::string& what) { return fail(Errc::invalid, "rulebook.example", what); }

/// Answers given in place or by the name of a file, with some members replaced (null removes).
Result<Json> answers_of(const Json& given, const Json* change, const AnswerFiles& files) {
  Json out = given;
  if (given.is_string()) {
    const auto file = files.find(given.string());
    if (file == files.end()) return wrong("there is no examples/answers/" + given.string() + ".json");
    out = file->second.values;
  }
  if (change != nullptr && change->is_object() && out.is_object()) {
    for (const auto& [name, value] : change->members()) {
      auto& members = out.members();
      std::erase_if(members, [&](const auto& member) { return member.first == name; });
      if (!value.is_null()) members.emplace_back(name, value);
    }
  }
  return out;
}

// ---- given, when, then ---------------------------------------------------------------------

struct Played {
  Decision decision;
  CaseState after;
};

/// Plays one example. The cast is fixed, so that an example says only what matters to it.
class Stage {
 public:
  Stage(const Rulebook& rules, const AnswerFiles& files) : rules_(rules), model_(rules.model()), files_(files) {}

  Result<> set(const Json& given);
  Result<Played> play(const Json& when);

 private:
  Result<Authority> cast(std::string_view name, const Kind& kind, const Thread* thread) const;
  Result<ActFacts> facts(ObjectReader& in, const Transition& transition, const Thread* thread);
  Result<> sign(ObjectReader& in, const Transition& transition, ActFacts& act) const;
  Result<> seal(ObjectReader& in, const Transition& transition, const Thread* thread, ActFacts& act) const;
  Result<std::optional<Refused>> fill_in(ObjectReader& in, const Transition& transition, const Thread* thread,
                                         Time at, ActFacts& act);

  const Rulebook& rules_;
  const Model& model_;
  const AnswerFiles& files_;
  CaseState state_;
  std::optional<Json> profile_;
};

const Thread* thread_of(const CaseState& state, std::string_view kind) {
  for (const Thread& thread : state.threads)
    if (thread.kind == kind) return &thread;
  return nullptr;
}

Result<Authority> Stage::cast(std::string_view name, const Kind& kind, const Thread* thread) const {
  if (name == "requesting")
    return thread ? thread->requesting : Authority{Subject("au:fr:requesting"), kind.requesting.front(), "fr"};
  if (name == "requested")
    return thread ? thread->requested : Authority{Subject("au:ke:requested"), kind.requested.front(), "ke"};
  if (name == "stranger") return Authority{Subject("au:ma:stranger"), kind.requested.front(), "ma"};
  return wrong("`" + std::string(name) + "` is not in the cast: requesting, requested, stranger");
}

Result<> Stage::set(const Json& given) {
  ObjectReader in(given, "given");
  std::vector<const Json*> threads;
  if (const Json* one = in.optional_value("thread")) threads.push_back(one);
  if (const Json* many = in.optional_value("threads"); many != nullptr && many->is_array())
    for (const Json& one : many->array_items()) threads.push_back(&one);
  for (const Json* item : threads) {
    ObjectReader one(*item, "given.thread");
    Thread thread;
    thread.kind = one.string("kind");
    thread.state = one.string("state");
    const auto basis = one.optional_string("basis");
    const Json* label = one.optional_value("label");
    TRY(one.finish());
    const auto kind = model_.kinds.find(thread.kind);
    if (kind == model_.kinds.end()) return wrong("given: there is no kind `" + thread.kind + "`");
    if (kind->second.find_state(thread.state) == nullptr)
      return wrong("given: there is no state `" + thread.state + "`");
    thread.basis = basis.value_or(kind->second.basis.front());
    thread.label = label != nullptr ? *label : Json::object();
    Authority requesting = TRY(cast("requesting", kind->second, nullptr));
    Authority requested = TRY(cast("requested", kind->second, nullptr));
    thread.requesting = std::move(requesting);
    thread.requested = std::move(requested);
    state_.threads.push_back(std::move(thread));
  }
  for (const std::string& type : in.optional_strings("happened")) {
    if (find_act(model_, type) == nullptr) return wrong("given: there is no act `" + type + "`");
    ++state_.happened[type];
  }
  if (const Json* clocks = in.optional_value("clocks"); clocks != nullptr && clocks->is_object())
    for (const auto& [id, due] : clocks->members()) {
      const auto time = due.is_string() ? parse_date_time(due.string()) : std::nullopt;
      const auto rule = model_.clocks.find(id);
      if (!time || rule == model_.clocks.end())
        return wrong("given: clock `" + id + "` must exist and have a due time");
      const bool requesting = rule->second->owner == By::requesting;
      state_.clocks.push_back({id, Subject(requesting ? "au:fr:requesting" : "au:ke:requested"), *time});
    }
  if (const Json* profile = in.optional_value("profile")) {
    const auto known = model_.profiles.find("ke");
    Json merged = TRY(answers_of(known == model_.profiles.end() ? Json::object() : known->second, profile, files_));
    profile_ = std::move(merged);
  }
  const Json* acts = in.optional_value("acts");
  TRY(in.finish());
  if (acts == nullptr || !acts->is_array()) return {};
  for (const Json& act : acts->array_items()) {
    Played played = TRY(play(act));
    if (!played.decision)
      return wrong("given: an act before is refused by " + played.decision.error().rule + " at `" +
                   played.decision.error().path + "`");
    state_ = std::move(played.after);
  }
  return {};
}

Result<> Stage::sign(ObjectReader& in, const Transition& transition, ActFacts& act) const {
  std::vector<std::string> roles = in.optional_strings("roles");
  const std::string level = in.optional_string("aal").value_or("hw");
  const std::int64_t count =
      in.optional_integer("signers").value_or(transition.assurance == Assurance::two_person ? 2 : 1);
  if (roles.empty()) {
    roles.push_back(transition.roles.front());
    for (const SignerNeed& need : transition.signers) roles.push_back(need.role);
  }
  Signer signer{{}, roles, level == "hw" ? DeviceLevel::hw : level == "prf" ? DeviceLevel::prf : DeviceLevel::soft};
  for (std::int64_t i = 0; i < count && i < 32; ++i) {
    signer.officer = Subject("of:fr:officer-" + std::to_string(i));
    act.signers.push_back(signer);
  }
  return {};
}

Result<> Stage::seal(ObjectReader& in, const Transition& transition, const Thread* thread, ActFacts& act) const {
  std::vector<std::string> roles;
  if (in.has("objects")) {
    roles = in.strings("objects");
  } else {
    if (transition.doc == Presence::required) roles.emplace_back("doc");
    if (transition.sum == Presence::required) roles.emplace_back("sum");
    if (transition.tr == Presence::required) roles.emplace_back("tr");
  }
  std::vector<Subject> to;
  if (in.has("sealed_to")) {
    for (const std::string& name : in.strings("sealed_to")) {
      const Authority authority = TRY(cast(name, *transition.kind, thread));
      to.push_back(authority.id);
    }
  } else {
    to.push_back(act.actor.id);
    for (const Authority& receiver : act.receivers) to.push_back(receiver.id);
  }
  for (std::string& role : roles) act.objects.push_back({std::move(role), to});
  return {};
}

/// As a client does: validate all answers, then part them; a defect refuses before the act is made.
Result<std::optional<Refused>> Stage::fill_in(ObjectReader& in, const Transition& transition, const Thread* thread,
                                              Time at, ActFacts& act) {
  const Json* answers = in.optional_value("answers");
  const Json* change = in.optional_value("change");
  const Json* d = in.optional_value("d");
  if (answers == nullptr) {
    act.d = d != nullptr ? *d : Json::object();
    return std::nullopt;
  }
  const Json filled = TRY(answers_of(*answers, change, files_));
  if (transition.form.empty()) return wrong("`" + transition.t + "` has no form to answer");
  std::string basis = thread != nullptr ? thread->basis : "";
  if (transition.opens)
    if (const Json* own = filled.find("basis"); own != nullptr && own->is_string()) basis = own->string();
  const Json* profile = act.requested_profile;
  if (profile == nullptr) profile = profile_of(rules_, thread != nullptr ? thread->requested.country : "ke");
  const auto defects = validate_form(rules_, transition.form, basis, filled, profile, at);
  if (!defects.empty()) {
    const Json* rule = defects[0].params.find("rule");
    return Refused{rule != nullptr ? rule->string() : "form." + defects[0].code, "", defects[0].path,
                   defects[0].params};
  }
  act.d = part_answers(rules_, transition.form, basis, filled, profile, at).routing;
  return std::nullopt;
}

Result<ActFacts> Stage::facts(ObjectReader& in, const Transition& transition, const Thread* thread) {
  const Kind& kind = *transition.kind;
  const Thread* known = transition.opens ? nullptr : thread;
  ActFacts act;
  act.type = transition.t;
  const std::string by =
      in.optional_string("by").value_or(transition.by == By::requested ? "requested" : "requesting");
  Authority actor = TRY(cast(by, kind, known));
  act.actor = std::move(actor);
  act.actor.kind = in.optional_string("as").value_or(act.actor.kind);
  act.actor.country = in.optional_string("country").value_or(act.actor.country);
  std::vector<std::string> to = in.optional_strings("to");
  if (to.empty() && !in.has("to")) to.emplace_back(by == "requested" ? "requesting" : "requested");
  const auto to_kind = in.optional_string("to_kind");
  const auto to_country = in.optional_string("to_country");
  for (const std::string& name : to) {
    // Besides the cast an example may name an authority itself, for a hand-over or for information.
    if (name.starts_with("au:") && name.size() > 6) {
      act.receivers.push_back({Subject(name), to_kind.value_or(kind.requested.front()), name.substr(3, 2)});
      continue;
    }
    Authority receiver = TRY(cast(name, kind, known));
    const bool only = to.size() == 1;
    if (only) receiver.kind = to_kind.value_or(receiver.kind);
    if (only) receiver.country = to_country.value_or(receiver.country);
    act.receivers.push_back(std::move(receiver));
  }
  TRY(sign(in, transition, act));
  TRY(seal(in, transition, known, act));
  if (profile_) act.requested_profile = &*profile_;
  return act;
}

Result<Played> Stage::play(const Json& when) {
  ObjectReader in(when, "when");
  const auto at = parse_date_time(in.string("at"));
  if (const auto clock = in.optional_string("clock")) {
    TRY(in.finish());
    if (!at) return wrong("when: `at` is a time with its offset");
    const auto rule = model_.clocks.find(*clock);
    Decision decision = fall_due(rules_, state_, *clock, *at);
    CaseState after = decision ? apply(state_, *decision, rule->second->lapse) : state_;
    return Played{std::move(decision), std::move(after)};
  }
  const std::string type = in.string("t");
  TRY(in.finish_open());
  if (!at) return wrong("when: `at` is a time with its offset");
  const Transition* transition = find_act(model_, type);
  if (transition == nullptr) return wrong("when: there is no act `" + type + "`");
  const Thread* thread = thread_of(state_, transition->kind->id);
  ActFacts act = TRY(facts(in, *transition, thread));
  const std::optional<Refused> defect = TRY(fill_in(in, *transition, thread, *at, act));
  TRY(in.finish());
  if (defect) return Played{std::unexpected(*defect), state_};
  Decision decision = decide(rules_, state_, act, *at);
  CaseState after = decision ? apply(state_, *decision, type) : state_;
  return Played{std::move(decision), std::move(after)};
}

// ---- comparing -----------------------------------------------------------------------------

std::string describe(const Decision& decision) {
  if (decision) return "allowed" + (decision->threads.empty() ? "" : ", state " + decision->threads[0].to);
  return "refused by " + decision.error().rule +
         (decision.error().path.empty() ? "" : " at " + decision.error().path) + " " +
         codec::to_json(decision.error().params);
}

Result<> compare_clocks(const Json& expected, const CaseState& after) {
  if (!expected.is_object()) return wrong("then.clocks: must be an object");
  for (const auto& [id, due] : expected.members()) {
    std::string found = "stopped";
    for (const RunningClock& clock : after.clocks)
      if (clock.clock == id) found = codec::rfc3339(clock.due);
    const std::string wanted = due.is_string() ? due.string() : "stopped";
    if (found != wanted) return wrong("clock " + id + ": expected " + wanted + ", found " + found);
  }
  return {};
}

Result<> compare(const Json& then, const Played& played, const std::string& kind) {
  ObjectReader in(then, "then");
  const std::string decision = in.string("decision");
  const auto rule = in.optional_string("rule");
  const auto path = in.optional_string("path");
  const auto state = in.optional_string("state");
  const Json* threads = in.optional_value("threads");
  const Json* clocks = in.optional_value("clocks");
  const Json* label = in.optional_value("label");
  TRY(in.finish());
  const std::string found = describe(played.decision);
  if (decision != "allowed" && decision != "refused") return wrong("then.decision: must be allowed or refused");
  if (played.decision.has_value() != (decision == "allowed"))
    return wrong("expected " + decision + ", found " + found);
  if (!played.decision) {
    if (!rule) return wrong("then.rule: is missing: which rule refuses?");
    if (played.decision.error().rule != *rule) return wrong("expected a refusal by " + *rule + ", found " + found);
    if (path && played.decision.error().path != *path) return wrong("expected path " + *path + ", found " + found);
    return {};
  }
  const auto check_state = [&](const std::string& of, const std::string& wanted) -> Result<> {
    const Thread* thread = thread_of(played.after, of);
    const std::string is = thread == nullptr ? "none" : thread->state;
    if (is != wanted) return wrong("expected " + of + " to be " + wanted + ", found " + is);
    return {};
  };
  if (state) TRY(check_state(kind, *state));
  if (threads != nullptr && threads->is_object())
    for (const auto& [of, wanted] : threads->members())
      TRY(check_state(of, wanted.is_string() ? wanted.string() : ""));
  if (clocks != nullptr) TRY(compare_clocks(*clocks, played.after));
  if (label != nullptr) {
    const Thread* thread = thread_of(played.after, kind);
    if (thread == nullptr || thread->label != *label)
      return wrong("expected label " + codec::to_json(*label) + ", found " +
                   (thread ? codec::to_json(thread->label) : "none"));
  }
  return {};
}

// ---- the files -----------------------------------------------------------------------------

class Runner {
 public:
  explicit Runner(const Rulebook& rules) : rules_(rules), model_(rules.model()) {}

  ExampleReport run() {
    for (const auto& [path, text] : model_.examples)
      if (path.starts_with("examples/answers/")) read_answers(path, text);
    for (const auto& [path, text] : model_.examples) {
      if (path.starts_with("examples/answers/")) continue;
      const auto json = parse(path, text);
      if (!json) continue;
      const bool forms = path.starts_with("examples/forms/");
      const Json* list = json->find(forms ? "vectors" : "examples");
      if (list == nullptr || !list->is_array()) {
        failed(path, "", std::string("must have a list `") + (forms ? "vectors`" : "examples`"));
        continue;
      }
      for (const Json& item : list->array_items()) forms ? run_vector(path, item) : run_example(path, item);
    }
    return std::move(report_);
  }

 private:
  void failed(const std::string& file, const std::string& name, const std::string& what) {
    report_.failures.push_back({file, name, what});
  }

  std::optional<Json> parse(const std::string& path, const std::string& text) {
    auto json = codec::parse_json(text);
    if (!json) {
      failed(path, "", json.error().message);
      return std::nullopt;
    }
    return std::move(*json);
  }

  void read_answers(const std::string& path, const std::string& text) {
    const auto json = parse(path, text);
    if (!json) return;
    ObjectReader in(*json, path);
    const std::string name = in.string("answers");
    AnswerFile file{in.string("form"), in.value("values")};
    const Result<> result = in.finish();
    if (!result) return failed(path, "", result.error().message);
    if (!path.ends_with("/" + name + ".json")) return failed(path, name, "must be named after its file");
    if (!model_.forms.contains(file.form)) return failed(path, name, "there is no form `" + file.form + "`");
    files_[name] = std::move(file);
  }

  Result<> example(const Json& item, std::string& name, std::string& type) {
    ObjectReader in(item, "example");
    name = in.string("name");
    in.optional_string("note");
    const Json nothing = Json::object();
    const Json* given = in.optional_value("given");
    const Json& when = in.value("when");
    const Json& then = in.value("then");
    TRY(in.finish());
    Stage stage(rules_, files_);
    TRY(stage.set(given != nullptr ? *given : nothing));
    const Played played = TRY(stage.play(when));
    if (const Json* t = when.find("t"); t != nullptr && t->is_string()) type = t->string();
    if (const Json* clock = when.find("clock"); clock != nullptr && clock->is_string())
      if (const auto rule = model_.clocks.find(clock->string()); rule != model_.clocks.end())
        type = rule->second->lapse;
    TRY(compare(then, played, type.substr(0, type.find('.'))));
    if (played.decision) {
      ++report_.tried.allowed[type];
    } else {
      ++report_.tried.refused[type];
      ++report_.tried.rules[played.decision.error().rule];
    }
    return {};
  }

  void run_example(const std::string& file, const Json& item) {
    ++report_.run;
    std::string name;
    std::string type;
    const Result<> result = example(item, name, type);
    if (!result) failed(file, name, result.error().message);
  }

  Result<> vector(const Json& item, std::string& name) {
    ObjectReader in(item, "vector");
    name = in.string("name");
    const std::string form = in.string("form");
    const std::string basis = in.optional_string("basis").value_or("");
    const std::string now = in.optional_string("now").value_or("2031-03-02T09:00:00Z");
    const auto country = in.optional_string("country");
    const Json& given = in.value("answers");
    const Json* change = in.optional_value("change");
    const Json::Array& expected = in.array("defects");
    const Json* parted = in.optional_value("parted");
    TRY(in.finish());
    const auto at = parse_date_time(now);
    if (!at) return wrong("now: is a time with its offset");
    if (!model_.forms.contains(form)) return wrong("there is no form `" + form + "`");
    const Json answers = TRY(answers_of(given, change, files_));
    const Json* profile = country ? profile_of(rules_, *country) : nullptr;
    const auto found = validate_form(rules_, form, basis, answers, profile, *at);
    std::string words;
    for (const Defect& defect : found) words += " " + defect.path + ":" + defect.code + codec::to_json(defect.params);
    if (found.size() != expected.size())
      return wrong("expected " + std::to_string(expected.size()) + " defects, found" + words);
    for (std::size_t i = 0; i < found.size(); ++i) {
      ObjectReader one(expected[i], "defects." + std::to_string(i));
      const std::string path = one.string("path");
      const std::string code = one.string("code");
      const Json* params = one.optional_value("params");
      TRY(one.finish());
      if (path != found[i].path || code != found[i].code || (params != nullptr && *params != found[i].params))
        return wrong("expected " + path + ":" + code + ", found" + words);
      if (const Json* rule = found[i].params.find("rule")) ++report_.tried.rules[rule->string()];
    }
    if (parted != nullptr) TRY(compare_parted(*parted, part_answers(rules_, form, basis, answers, profile, *at)));
    return {};
  }

  /// What travels in the open is compared whole; of what is sealed, the names.
  static Result<> compare_parted(const Json& expected, const PartedAnswers& found) {
    ObjectReader in(expected, "parted");
    const Json& routing = in.value("routing");
    std::vector<std::string> sealed = in.strings("sealed");
    const std::vector<std::string> removed = in.strings("removed");
    TRY(in.finish());
    const auto by_name = [](const Json& object) {
      return std::map<std::string, Json, std::less<>>(object.members().begin(), object.members().end());
    };
    std::vector<std::string> names;
    for (const auto& [name, value] : found.sealed.members()) names.push_back(name);
    std::sort(names.begin(), names.end());
    std::sort(sealed.begin(), sealed.end());
    if (!routing.is_object() || by_name(routing) != by_name(found.routing))
      return wrong("expected routing " + codec::to_json(routing) + ", found " + codec::to_json(found.routing));
    if (names != sealed) return wrong("other fields are sealed: " + codec::to_json(found.sealed));
    if (removed != found.removed) return wrong("other fields are hidden");
    return {};
  }

  void run_vector(const std::string& file, const Json& item) {
    ++report_.run;
    std::string name;
    const Result<> result = vector(item, name);
    if (!result) failed(file, name, result.error().message);
  }

  const Rulebook& rules_;
  const Model& model_;
  AnswerFiles files_;
  ExampleReport report_;
};

}  // namespace

ExampleReport run_examples(const Rulebook& rules) { return Runner(rules).run(); }

}  // namespace entraide::rulebook
