#include "rulebook/condition.h"

#include <array>

#include "rulebook/model.h"

namespace entraide::rulebook {

using codec::Json;

// ---- reading -------------------------------------------------------------------------------

namespace {

using Test = Condition::Test;
using Of = Operand::Of;
using Place = ConditionPlace;

struct NamedTest {
  std::string_view name;
  Test test;
  bool in_forms;
};
constexpr std::array kTests = {
    NamedTest{"all", Test::all, true},
    NamedTest{"any", Test::any, true},
    NamedTest{"not", Test::not_, true},
    NamedTest{"equals", Test::equals, true},
    NamedTest{"in", Test::in, true},
    NamedTest{"contains", Test::contains, true},
    NamedTest{"has_role", Test::has_role, false},
    NamedTest{"same_authority", Test::same_authority, false},
    NamedTest{"sealed_to", Test::sealed_to, false},
    NamedTest{"basis_is", Test::basis_is, true},
    NamedTest{"within", Test::within, true},
    NamedTest{"before", Test::before, true},
    NamedTest{"ground_in", Test::ground_in, true},
    NamedTest{"count_at_least", Test::count_at_least, true},
};

struct NamedOperand {
  std::string_view name;  // a prefix when it takes a name after a dot
  Of of;
  bool takes_name;
  bool in_forms;
  std::optional<Reference::To> refers_to = {};
};
constexpr std::array kOperands = {
    NamedOperand{"field", Of::field, true, true, Reference::To::field},
    NamedOperand{"profile", Of::profile, true, true, Reference::To::profile_field},
    NamedOperand{"label", Of::label, true, false, Reference::To::label},
    NamedOperand{"thread", Of::thread, true, false, Reference::To::kind},
    NamedOperand{"happened", Of::happened, true, false, Reference::To::act},
    NamedOperand{"clock", Of::clock, true, false, Reference::To::clock},
    NamedOperand{"basis", Of::basis, false, true},
    NamedOperand{"now", Of::now, false, true},
    NamedOperand{"signers", Of::signers, false, false},
    NamedOperand{"actor.kind", Of::actor_kind, false, false},
    NamedOperand{"actor.country", Of::actor_country, false, false},
    NamedOperand{"receiver.kind", Of::receiver_kind, false, false},
    NamedOperand{"receiver.country", Of::receiver_country, false, false},
};

std::unexpected<Error> wrong(const std::string& where, const std::string& what) {
  return fail(Errc::invalid, "rulebook.condition", where + ": " + what, where);
}

Result<Who> parse_who(const Json& json, const std::string& where) {
  if (json.is_string()) {
    if (json.string() == "actor") return Who::actor;
    if (json.string() == "requesting") return Who::requesting;
    if (json.string() == "requested") return Who::requested;
    if (json.string() == "receiver") return Who::receiver;
  }
  return wrong(where, "must be actor, requesting, requested or receiver");
}

Result<std::vector<std::string>> parse_texts(const Json& json, const std::string& where) {
  std::vector<std::string> out;
  if (!json.is_array() || json.array_items().empty())
    return wrong(where, "must be a list of texts that is not empty");
  for (const Json& item : json.array_items()) {
    if (!item.is_string()) return wrong(where, "must be a list of texts that is not empty");
    out.push_back(item.string());
  }
  return out;
}

}  // namespace

Result<Operand> parse_operand(std::string_view text, const std::string& where, ConditionPlace place,
                              std::vector<Reference>& references) {
  for (const NamedOperand& known : kOperands) {
    if (known.takes_name
            ? !(text.size() > known.name.size() + 1 && text.starts_with(known.name) && text[known.name.size()] == '.')
            : text != known.name)
      continue;
    if (place == Place::form && !known.in_forms)
      return wrong(
          where, "`" + std::string(text) + "` cannot be asked in a form: a form knows field, basis, profile and now");
    Operand out{known.of, known.takes_name ? std::string(text.substr(known.name.size() + 1)) : std::string()};
    if (known.refers_to) references.push_back({*known.refers_to, out.name, where});
    return out;
  }
  return wrong(where, "`" + std::string(text) +
                          "` is no operand: write field.NAME, label.NAME, basis, thread.KIND, " +
                          "happened.ACT, clock.ID, profile.FIELD, actor.kind, receiver.kind, signers or now");
}

Result<Condition> parse_condition(const Json& json, const std::string& where, ConditionPlace place,
                                  std::vector<Reference>& references) {
  if (!json.is_object() || json.members().size() != 1)
    return wrong(where,
                 "a condition is an object with one member, for example {\"equals\": [\"field.urgency\", \"high\"]}");
  const auto& [name, body] = json.members().front();
  const auto known = std::find_if(kTests.begin(), kTests.end(), [&](const NamedTest& t) { return t.name == name; });
  if (known == kTests.end()) return wrong(where, "`" + name + "` is no condition");
  if (place == Place::form && !known->in_forms) return wrong(where, "`" + name + "` cannot be asked in a form");
  const std::string here = where + "." + name;
  Condition out;
  out.test = known->test;

  const auto items = [&](std::size_t size) -> const Json::Array* {
    return body.is_array() && body.array_items().size() == size ? &body.array_items() : nullptr;
  };
  const auto operand = [&](const Json& item) -> Result<> {
    if (!item.is_string()) return wrong(here, "an operand is a text such as \"field.urgency\"");
    Operand parsed = TRY(parse_operand(item.string(), here, place, references));
    out.operands.push_back(std::move(parsed));
    return {};
  };

  switch (out.test) {
    case Test::all:
    case Test::any:
      if (!body.is_array() || body.array_items().empty()) return wrong(here, "must be a list of conditions");
      for (std::size_t i = 0; i < body.array_items().size(); ++i) {
        Condition part =
            TRY(parse_condition(body.array_items()[i], here + "." + std::to_string(i), place, references));
        out.parts.push_back(std::move(part));
      }
      break;
    case Test::not_: {
      Condition part = TRY(parse_condition(body, here, place, references));
      out.parts.push_back(std::move(part));
      break;
    }
    case Test::contains:
    case Test::equals: {
      const Json::Array* pair = items(2);
      if (pair == nullptr || !((*pair)[1].is_string() || (*pair)[1].is_integer() || (*pair)[1].is_bool()))
        return wrong(here, "must be [operand, text, integer, true or false]");
      TRY(operand((*pair)[0]));
      out.values.push_back((*pair)[1]);
      break;
    }
    case Test::in: {
      const Json::Array* pair = items(2);
      if (pair == nullptr || !(*pair)[1].is_array() || (*pair)[1].array_items().empty())
        return wrong(here, "must be [operand, [values]]");
      TRY(operand((*pair)[0]));
      out.values = (*pair)[1].array_items();
      break;
    }
    case Test::has_role:
      if (!body.is_string()) return wrong(here, "must be the name of a role");
      out.names.push_back(body.string());
      references.push_back({Reference::To::role, body.string(), here});
      break;
    case Test::same_authority: {
      const Json::Array* pair = items(2);
      if (pair == nullptr) return wrong(here, "must name two authorities");
      for (const Json& item : *pair) {
        const Who who = TRY(parse_who(item, here));
        out.who.push_back(who);
      }
      break;
    }
    case Test::sealed_to: {
      const Who who = TRY(parse_who(body, here));
      out.who.push_back(who);
      break;
    }
    case Test::basis_is: {
      std::vector<std::string> names = TRY(parse_texts(body, here));
      for (const std::string& basis : names) references.push_back({Reference::To::basis, basis, here});
      out.names = std::move(names);
      break;
    }
    case Test::within: {
      const Json::Array* pair = items(2);
      const auto period =
          pair != nullptr && (*pair)[1].is_string() ? parse_period((*pair)[1].string()) : std::nullopt;
      if (!period) return wrong(here, "must be [operand, period], for example [\"field.until\", \"P60D\"]");
      TRY(operand((*pair)[0]));
      out.period = *period;
      break;
    }
    case Test::before: {
      const Json::Array* pair = items(2);
      if (pair == nullptr) return wrong(here, "must be [operand, operand]");
      TRY(operand((*pair)[0]));
      TRY(operand((*pair)[1]));
      break;
    }
    case Test::ground_in: {
      if (body.is_string()) {
        out.vocab = body.string();
        references.push_back({Reference::To::vocab, body.string(), here});
      } else {
        std::vector<std::string> names = TRY(parse_texts(body, here));
        out.names = std::move(names);
      }
      TRY(operand(Json("field.grounds")));
      break;
    }
    case Test::count_at_least: {
      const Json::Array* pair = items(2);
      if (pair == nullptr || !((*pair)[1].is_integer() || (*pair)[1].is_string()))
        return wrong(here, "must be [operand, integer or operand]");
      TRY(operand((*pair)[0]));
      if ((*pair)[1].is_integer()) out.count = (*pair)[1].integer();
      else TRY(operand((*pair)[1]));
      break;
    }
  }
  return out;
}

// ---- evaluating ----------------------------------------------------------------------------

namespace {

using Value = std::variant<std::monostate, const Json*, std::string_view, std::int64_t, Time>;

Value from_json(const Json* json) { return json == nullptr || json->is_null() ? Value() : Value(json); }

const Authority* authority_of(Who who, const Scope& scope) {
  switch (who) {
    case Who::actor: return scope.actor;
    case Who::requesting: return scope.requesting;
    case Who::requested: return scope.requested;
    case Who::receiver: return scope.act && !scope.act->receivers.empty() ? &scope.act->receivers.front() : nullptr;
  }
  return nullptr;
}

Value text_or_nothing(const Authority* authority, std::string Authority::* member) {
  return authority == nullptr ? Value() : Value(std::string_view(authority->*member));
}

std::int64_t officers(const ActFacts& act) {
  std::set<std::string_view> seen;
  for (const Signer& signer : act.signers) seen.insert(signer.officer.str());
  return static_cast<std::int64_t>(seen.size());
}

Value value_of(const Operand& operand, const Scope& scope) {
  switch (operand.of) {
    case Of::field: return scope.answers ? from_json(scope.answers->find(operand.name)) : Value();
    case Of::label: return scope.label ? from_json(scope.label->find(operand.name)) : Value();
    case Of::profile: return scope.profile ? from_json(scope.profile->find(operand.name)) : Value();
    case Of::basis: return scope.basis.empty() ? Value() : Value(scope.basis);
    case Of::now: return scope.now;
    case Of::signers: return scope.act ? Value(officers(*scope.act)) : Value();
    case Of::thread:
      if (scope.state != nullptr)
        for (const Thread& thread : scope.state->threads)
          if (thread.kind == operand.name) return std::string_view(thread.state);
      return std::string_view("none");
    case Of::happened: {
      if (scope.state == nullptr) return std::int64_t{0};
      const auto found = scope.state->happened.find(operand.name);
      return std::int64_t{found == scope.state->happened.end() ? 0 : found->second};
    }
    case Of::clock:
      if (scope.state != nullptr)
        for (const RunningClock& clock : scope.state->clocks)
          if (clock.clock == operand.name) return clock.due;
      return {};
    case Of::actor_kind: return text_or_nothing(scope.actor, &Authority::kind);
    case Of::actor_country: return text_or_nothing(scope.actor, &Authority::country);
    case Of::receiver_kind: return text_or_nothing(authority_of(Who::receiver, scope), &Authority::kind);
    case Of::receiver_country: return text_or_nothing(authority_of(Who::receiver, scope), &Authority::country);
  }
  return {};
}

bool same(const Value& value, const Json& literal) {
  if (const auto* json = std::get_if<const Json*>(&value)) return **json == literal;
  if (const auto* text = std::get_if<std::string_view>(&value))
    return literal.is_string() && literal.string() == *text;
  if (const auto* number = std::get_if<std::int64_t>(&value))
    return literal.is_integer() && literal.integer() == *number;
  return false;
}

bool one_of(const Value& value, const std::vector<Json>& literals) {
  return std::any_of(literals.begin(), literals.end(), [&](const Json& literal) { return same(value, literal); });
}

std::optional<Time> time_of(const Value& value) {
  if (const auto* time = std::get_if<Time>(&value)) return *time;
  std::string_view text;
  if (const auto* json = std::get_if<const Json*>(&value); json != nullptr && (*json)->is_string())
    text = (*json)->string();
  if (const auto* view = std::get_if<std::string_view>(&value)) text = *view;
  if (text.size() == 10) return parse_date(text);
  return parse_date_time(text);
}

/// Items of a list; an integer itself; 1 for any other value that is there; 0 for nothing.
std::int64_t count_of(const Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return 0;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  const auto* json = std::get_if<const Json*>(&value);
  if (json == nullptr) return 1;
  if ((*json)->is_array()) return static_cast<std::int64_t>((*json)->array_items().size());
  if ((*json)->is_integer()) return (*json)->integer();
  return is_answered(*json) ? 1 : 0;
}

bool listed(const Condition& condition, const Scope& scope, const Json& code) {
  if (!code.is_string()) return false;
  if (condition.vocab.empty())
    return std::find(condition.names.begin(), condition.names.end(), code.string()) != condition.names.end();
  const auto vocab = scope.model.vocabs.find(condition.vocab);
  return vocab != scope.model.vocabs.end() && vocab->second.known.contains(code.string());
}

bool grounds_listed(const Condition& condition, const Scope& scope) {
  const Value value = value_of(condition.operands[0], scope);
  const auto* json = std::get_if<const Json*>(&value);
  if (json == nullptr) return false;
  if (!(*json)->is_array()) return listed(condition, scope, **json);
  const Json::Array& codes = (*json)->array_items();
  return !codes.empty() &&
         std::all_of(codes.begin(), codes.end(), [&](const Json& code) { return listed(condition, scope, code); });
}

bool sealed_to(const Condition& condition, const Scope& scope) {
  const Authority* authority = authority_of(condition.who[0], scope);
  if (scope.act == nullptr || authority == nullptr || scope.act->objects.empty()) return false;
  for (const SealedObject& object : scope.act->objects)
    if (std::find(object.to.begin(), object.to.end(), authority->id) == object.to.end()) return false;
  return true;
}

bool has_role(const Condition& condition, const Scope& scope) {
  if (scope.act == nullptr) return false;
  for (const Signer& signer : scope.act->signers)
    if (std::find(signer.roles.begin(), signer.roles.end(), condition.names[0]) != signer.roles.end()) return true;
  return false;
}

}  // namespace

bool covers(std::string_view wide, std::string_view basis) {
  return basis.starts_with(wide) && (basis.size() == wide.size() || basis[wide.size()] == '.');
}

bool holds(const Condition& condition, const Scope& scope) {
  const auto part_holds = [&](const Condition& part) { return holds(part, scope); };
  switch (condition.test) {
    case Test::all: return std::all_of(condition.parts.begin(), condition.parts.end(), part_holds);
    case Test::any: return std::any_of(condition.parts.begin(), condition.parts.end(), part_holds);
    case Test::not_: return !part_holds(condition.parts[0]);
    case Test::equals: return same(value_of(condition.operands[0], scope), condition.values[0]);
    case Test::in: {
      const Value value = value_of(condition.operands[0], scope);
      const auto* json = std::get_if<const Json*>(&value);
      if (json == nullptr || !(*json)->is_array()) return one_of(value, condition.values);
      const Json::Array& items = (*json)->array_items();
      return !items.empty() && std::all_of(items.begin(), items.end(),
                                           [&](const Json& item) { return one_of(&item, condition.values); });
    }
    case Test::contains: {
      const Value value = value_of(condition.operands[0], scope);
      const auto* json = std::get_if<const Json*>(&value);
      if (json == nullptr || !(*json)->is_array()) return false;
      const Json::Array& items = (*json)->array_items();
      return std::find(items.begin(), items.end(), condition.values[0]) != items.end();
    }
    case Test::has_role: return has_role(condition, scope);
    case Test::same_authority: {
      const Authority* a = authority_of(condition.who[0], scope);
      const Authority* b = authority_of(condition.who[1], scope);
      return a != nullptr && b != nullptr && a->id == b->id;
    }
    case Test::sealed_to: return sealed_to(condition, scope);
    case Test::basis_is:
      return std::any_of(condition.names.begin(), condition.names.end(),
                         [&](const std::string& wide) { return !scope.basis.empty() && covers(wide, scope.basis); });
    case Test::within: {
      const auto time = time_of(value_of(condition.operands[0], scope));
      return time && *time <= add(scope.now, condition.period);
    }
    case Test::before: {
      const auto a = time_of(value_of(condition.operands[0], scope));
      const auto b = time_of(value_of(condition.operands[1], scope));
      return a && b && *a < *b;
    }
    case Test::ground_in: return grounds_listed(condition, scope);
    case Test::count_at_least: {
      if (condition.operands.size() == 1) return count_of(value_of(condition.operands[0], scope)) >= condition.count;
      const Value limit = value_of(condition.operands[1], scope);
      if (std::holds_alternative<std::monostate>(limit)) return false;
      return count_of(value_of(condition.operands[0], scope)) >= count_of(limit);
    }
  }
  return false;
}

std::string_view text_of_operand(const Operand& operand, const Scope& scope) {
  const Value value = value_of(operand, scope);
  if (const auto* json = std::get_if<const Json*>(&value); json != nullptr && (*json)->is_string())
    return (*json)->string();
  if (const auto* text = std::get_if<std::string_view>(&value)) return *text;
  return {};
}

bool needs_act(const Condition& condition, bool opens) {
  switch (condition.test) {
    case Test::has_role:
    case Test::sealed_to: return true;
    case Test::basis_is:
      if (opens) return true;
      break;
    case Test::same_authority:
      if (opens) return true;
      for (const Who who : condition.who)
        if (who == Who::receiver) return true;
      break;
    default: break;
  }
  for (const Operand& operand : condition.operands) {
    switch (operand.of) {
      case Of::field:
      case Of::signers:
      case Of::receiver_kind:
      case Of::receiver_country: return true;
      case Of::basis:
      case Of::label:
      case Of::profile:
        if (opens) return true;
        break;
      default: break;
    }
  }
  return std::any_of(condition.parts.begin(), condition.parts.end(),
                     [&](const Condition& part) { return needs_act(part, opens); });
}

void fields_of(const Condition& condition, std::vector<std::string>& names) {
  for (const Operand& operand : condition.operands)
    if (operand.of == Of::field) names.push_back(operand.name);
  for (const Condition& part : condition.parts) fields_of(part, names);
}

}  // namespace entraide::rulebook
