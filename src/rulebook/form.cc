// The form engine: answers against a form. What this file does is written in docs/formats/rulebook.md in a way that other
// languages can follow, and rulebook/examples/forms holds the vectors that both must pass.

#include "codec/codec.h"
#include "rulebook/model.h"

namespace entraide::rulebook {

using codec::Json;
using Type = Schema::Type;

namespace {

// ---- single values -------------------------------------------------------------------------

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_country(std::string_view text) { return text.size() == 2 && is_lower(text[0]) && is_lower(text[1]); }

bool is_language(std::string_view text) {
  return (text.size() == 2 || text.size() == 3) && std::all_of(text.begin(), text.end(), is_lower);
}

/// One `@`, a dot in the domain, printable ASCII without blanks, no dot or `@` at an end of the domain: what a person can mistype is
/// caught, what a mail server may accept is not second-guessed.
bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.size() > 254 || text.rfind('@') != at) return false;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; })) return false;
  const std::string_view domain = text.substr(at + 1);
  return domain.find('.') != std::string_view::npos && domain.front() != '.' && domain.back() != '.';
}

/// `cc:fr` or `au:fr:parquet-paris`.
bool is_authority(std::string_view text) {
  if (text.starts_with("cc:")) return is_country(text.substr(3));
  if (!text.starts_with("au:") || text.size() < 7 || text.size() > 100) return false;
  const std::string_view rest = text.substr(6);
  return is_country(text.substr(3, 2)) && text[5] == ':' && std::all_of(rest.begin(), rest.end(), [](char c) {
           return is_lower(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
         });
}

bool is_known_basis(const Model& model, std::string_view text) {
  for (const auto& [id, kind] : model.kinds)
    if (std::find(kind.basis.begin(), kind.basis.end(), text) != kind.basis.end()) return true;
  return false;
}

constexpr std::array<std::string_view, 10> kFormatNames = {"",          "date",     "date-time", "country", "email",
                                                           "authority", "language", "offset",    "period",  "basis"};

bool fits(const Model& model, Format format, std::string_view text) {
  switch (format) {
    case Format::none: return true;
    case Format::date: return parse_date(text).has_value();
    case Format::date_time: return parse_date_time(text).has_value();
    case Format::country: return is_country(text);
    case Format::email: return is_email(text);
    case Format::authority: return is_authority(text);
    case Format::language: return is_language(text);
    case Format::offset: return parse_offset(text).has_value();
    case Format::period: return parse_period(text).has_value();
    case Format::basis: return is_known_basis(model, text);
  }
  return false;
}

// ---- values by schema ----------------------------------------------------------------------

struct Checker {
  const Model& model;
  std::vector<Defect> defects;

  void defect(const std::string& path, std::string_view code, Json params = Json::object()) {
    defects.push_back({path, std::string(code), std::move(params)});
  }
  void wrong_type(const std::string& path, std::string_view type) {
    defect(path, "type", Json::object({{"type", type}}));
  }
  void bounds(std::int64_t size, const Schema& schema, const std::string& path, std::string_view below,
              std::string_view above) {
    if (size < schema.min) defect(path, below, Json::object({{"min", schema.min}}));
    else if (size > schema.max) defect(path, above, Json::object({{"max", schema.max}}));
  }

  void text(const Schema& schema, const std::string& value, const std::string& path) {
    if (schema.vocabulary != nullptr) {
      if (!schema.vocabulary->known.contains(value)) defect(path, "vocab", Json::object({{"vocab", schema.vocab}}));
    } else if (schema.format != Format::none) {
      if (!fits(model, schema.format, value))
        defect(path, "format", Json::object({{"format", kFormatNames[static_cast<std::size_t>(schema.format)]}}));
    } else {
      bounds(static_cast<std::int64_t>(codec::code_points(value)), schema, path, "too_short", "too_long");
    }
  }

  void object(const Schema& schema, const Json& value, const std::string& path) {
    for (const Field& field : schema.fields) {
      const Json* inner = value.find(field.name);
      const std::string where = path + "." + field.name;
      if (is_answered(inner)) check(field.schema, *inner, where);
      else if (field.required) defect(where, "required");
    }
    for (const auto& [name, inner] : value.members())
      if (std::none_of(schema.fields.begin(), schema.fields.end(), [&](const Field& f) { return f.name == name; }))
        defect(path + "." + name, "unknown");
  }

  void check(const Schema& schema, const Json& value, const std::string& path) {
    switch (schema.type) {
      case Type::string: return value.is_string() ? text(schema, value.string(), path) : wrong_type(path, "string");
      case Type::boolean: return value.is_bool() ? void() : wrong_type(path, "boolean");
      case Type::integer:
        if (!value.is_integer()) return wrong_type(path, "integer");
        return bounds(value.integer(), schema, path, "minimum", "maximum");
      case Type::object: return value.is_object() ? object(schema, value, path) : wrong_type(path, "object");
      case Type::array: break;
    }
    if (!value.is_array()) return wrong_type(path, "array");
    const Json::Array& items = value.array_items();
    const std::size_t before = defects.size();
    bounds(static_cast<std::int64_t>(items.size()), schema, path, "too_few", "too_many");
    if (defects.size() > before) return;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string where = path + "." + std::to_string(i);
      if (is_answered(&items[i])) check(schema.items[0], items[i], where);
      else defect(where, "required");
    }
  }
};

/// Removes what the form hides, field by field in the order of the form.
std::vector<std::string> hide(const Form& form, Scope scope, Json& answers) {
  std::vector<std::string> removed;
  scope.answers = &answers;
  for (const Field* field : form.fields) {
    if (!field->show_if || holds(*field->show_if, scope)) continue;
    auto& members = answers.members();
    const auto found =
        std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.first == field->name; });
    if (found != members.end()) {
      if (is_answered(&found->second)) removed.push_back(field->name);
      members.erase(found);
    }
  }
  return removed;
}

/// A form that opens a thread names the basis itself; the others take the thread's.
std::string_view basis_of(const Form& form, const Json& answers, std::string_view given) {
  const Json* own = form.by_name.contains("basis") ? answers.find("basis") : nullptr;
  return own != nullptr && own->is_string() ? std::string_view(own->string()) : given;
}

bool is_visible(const Field& field, const Scope& scope) { return !field.show_if || holds(*field.show_if, scope); }

bool is_required(const Field& field, const Scope& scope) {
  return field.required || (field.required_when && holds(*field.required_when, scope));
}

void check_fields(const Form& form, const Scope& scope, bool routing_only, Checker& checker) {
  for (const Field* field : form.fields) {
    if (routing_only && !field->routing) continue;
    const Json* value = scope.answers->find(field->name);
    if (is_answered(value)) {
      checker.check(field->schema, *value, field->name);
    } else if (is_visible(*field, scope) && is_required(*field, scope)) {
      checker.defect(field->name, "required");
    }
  }
}

std::string_view first_part(std::string_view path) { return path.substr(0, path.find('.')); }

void check_rules(const Form& form, const Scope& scope, Checker& checker) {
  std::set<std::string, std::less<>> faulty;
  for (const Defect& defect : checker.defects) faulty.insert(std::string(first_part(defect.path)));
  for (const Rule& rule : form.checks) {
    const bool skipped = std::any_of(rule.fields.begin(), rule.fields.end(),
                                     [&](const std::string& field) { return faulty.contains(field); });
    if (!skipped && !holds(rule.that, scope)) checker.defect(rule.path, "check", Json::object({{"rule", rule.id}}));
  }
}

}  // namespace

bool is_answered(const Json* value) {
  if (value == nullptr || value->is_null()) return false;
  if (value->is_string()) return value->string().find_first_not_of(" \t\r\n") != std::string::npos;
  if (value->is_array()) return !value->array_items().empty();
  if (value->is_object()) return !value->members().empty();
  return true;
}

std::vector<Defect> validate_answers(const Form& form, Scope scope, const Json& answers) {
  Checker checker{scope.model, {}};
  if (!answers.is_object()) {
    checker.wrong_type("", "object");
    return std::move(checker.defects);
  }
  scope.basis = basis_of(form, answers, scope.basis);
  Json shown = answers;
  hide(form, scope, shown);
  scope.answers = &shown;
  check_fields(form, scope, false, checker);
  for (const auto& [name, value] : shown.members())
    if (!form.by_name.contains(name)) checker.defect(name, "unknown");
  check_rules(form, scope, checker);
  return std::move(checker.defects);
}

std::vector<Defect> validate_routing(const Form& form, Scope scope, const Json& d) {
  Checker checker{scope.model, {}};
  if (!d.is_object()) {
    checker.wrong_type("", "object");
    return std::move(checker.defects);
  }
  scope.answers = &d;
  for (const auto& [name, value] : d.members()) {
    const auto field = form.by_name.find(name);
    // A client removes what is hidden before it signs, so a hidden field in `d` is not known here either.
    if (field == form.by_name.end() || !field->second->routing || !is_visible(*field->second, scope) ||
        !is_answered(&value))
      checker.defect(name, field != form.by_name.end() && !field->second->routing ? "sealed" : "unknown");
  }
  check_fields(form, scope, true, checker);
  return std::move(checker.defects);
}

// ---- public --------------------------------------------------------------------------------

std::vector<Defect> validate_form(const Rulebook& rules, std::string_view form, std::string_view basis,
                                  const Json& answers, const Json* profile, Time now) {
  const Model& model = rules.model();
  const auto found = model.forms.find(form);
  if (found == model.forms.end()) return {Defect{"", "unknown"}};
  return validate_answers(found->second, Scope{.model = model, .basis = basis, .profile = profile, .now = now},
                          answers);
}

PartedAnswers part_answers(const Rulebook& rules, std::string_view form, std::string_view basis, const Json& answers,
                           const Json* profile, Time now) {
  const Model& model = rules.model();
  PartedAnswers out;
  const auto found = model.forms.find(form);
  if (found == model.forms.end() || !answers.is_object()) return out;
  Json shown = answers;
  basis = basis_of(found->second, answers, basis);
  out.removed = hide(found->second, Scope{.model = model, .basis = basis, .profile = profile, .now = now}, shown);
  for (auto& [name, value] : shown.members()) {
    const auto field = found->second.by_name.find(name);
    if (field == found->second.by_name.end() || !is_answered(&value)) continue;
    (field->second->routing ? out.routing : out.sealed).members().emplace_back(name, std::move(value));
  }
  return out;
}

std::string_view form_of(const Rulebook& rules, std::string_view act_type) {
  const Transition* transition = find_act(rules.model(), act_type);
  return transition == nullptr ? std::string_view() : std::string_view(transition->form);
}

const Json* profile_of(const Rulebook& rules, std::string_view country) {
  const auto found = rules.model().profiles.find(country);
  return found == rules.model().profiles.end() ? nullptr : &found->second;
}

const std::vector<std::string>& defect_codes() {
  static const std::vector<std::string> codes = {"required", "unknown", "type",    "too_short", "too_long", "format",
                                                 "vocab",    "minimum", "maximum", "too_few",   "too_many", "check"};
  return codes;
}

}  // namespace entraide::rulebook
