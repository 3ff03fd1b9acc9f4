// forms/<form>.json: sections, fields, schemas, checks.

#include "rulebook/loader.h"

namespace entraide::rulebook {

using codec::Json;
using codec::ObjectReader;
using Type = Schema::Type;

namespace {

constexpr std::int64_t kTextMax = 4000;
constexpr std::int64_t kItemsMax = 100;
constexpr std::int64_t kIntegerMax = std::int64_t{1} << 53;

constexpr std::array<std::pair<std::string_view, Format>, 9> kFormats = {{
    {"date", Format::date},
    {"date-time", Format::date_time},
    {"country", Format::country},
    {"email", Format::email},
    {"authority", Format::authority},
    {"language", Format::language},
    {"offset", Format::offset},
    {"period", Format::period},
    {"basis", Format::basis},
}};
constexpr std::array<std::string_view, 18> kWidgets = {
    "approximate-date", "currency",  "file",   "text",        "long",      "radio",
    "select",           "check",     "checks", "date",        "date-time", "number",
    "country",          "authority", "basis",  "identifiers", "group",     "list"};

/// What a desk may put into a field before anybody has typed; beside them `case.FIELD`, from the act that opened the case.
constexpr std::array<std::string_view, 9> kPrefills = {
    "today", "now", "offset", "language", "telephone", "authority", "other-authority", "officer", "reference"};

Result<> check_prefill(const std::string& text, const std::string& where) {
  if (text.starts_with("case.")) return check_names({text.substr(5)}, where, false);
  if (std::find(kPrefills.begin(), kPrefills.end(), text) == kPrefills.end())
    return refuse("rulebook.member", where, "`" + text + "` is nothing that a desk knows beforehand");
  return {};
}

enum class Depth { field, item, inner };

Result<Schema> read_schema(const At& at, Loading& loading, const Source& source, Depth depth);

Result<> read_bounds(ObjectReader& in, const At& at, Schema& out, std::string_view least, std::string_view most) {
  out.min = in.optional_integer(least).value_or(out.min);
  out.max = in.optional_integer(most).value_or(out.max);
  TRY(in.finish_open());
  if (out.min > out.max)
    return refuse("rulebook.schema", at.where, std::string(least) + " is above " + std::string(most));
  return {};
}

Result<> read_string(ObjectReader& in, const At& at, Schema& out, Loading& loading) {
  const auto format = in.optional_string("format");
  const auto vocab = in.optional_string("vocab");
  out.min = 1;
  out.max = kTextMax;
  if (format && vocab) return refuse("rulebook.schema", at.where, "has a format or a vocabulary, not both");
  if (vocab) {
    out.vocab = *vocab;
    loading.references.push_back({Reference::To::vocab, *vocab, at.where + ".vocab"});
    return {};
  }
  if (format) {
    const auto known =
        std::find_if(kFormats.begin(), kFormats.end(), [&](const auto& f) { return f.first == *format; });
    if (known == kFormats.end())
      return refuse("rulebook.schema", at.where + ".format", "`" + *format + "` is no format");
    out.format = known->second;
    return {};
  }
  TRY(read_bounds(in, at, out, "minLength", "maxLength"));
  if (out.min < 1)
    return refuse("rulebook.schema", at.where + ".minLength", "must be at least 1: an empty text is no answer");
  return {};
}

Result<> read_inner_fields(const At& at, ObjectReader& in, Schema& out, Loading& loading, const Source& source) {
  std::vector<std::string> names;
  for (const At& item : items_of(at, in, "fields")) {
    ObjectReader one(item.json, item.where);
    one.optional_string("note");
    Field field;
    field.name = one.string("field");
    field.required = one.optional_boolean("required").value_or(false);
    field.widget = one.optional_string("widget").value_or("");
    Source own = TRY(read_source(one, item.where, loading, source));
    field.source = std::move(own);
    one.value("schema");
    TRY(one.finish());
    Schema schema = TRY(read_schema(item.member("schema"), loading, field.source, Depth::inner));
    field.schema = std::move(schema);
    names.push_back(field.name);
    out.fields.push_back(std::move(field));
  }
  if (names.empty()) return refuse("rulebook.schema", at.where + ".fields", "must not be empty");
  return check_names(names, at.where + ".fields", false);
}

Result<Schema> read_schema(const At& at, Loading& loading, const Source& source, Depth depth) {
  ObjectReader in(at.json, at.where);
  const std::string type = in.string("type");
  Schema out;
  if (type == "string") {
    TRY(read_string(in, at, out, loading));
  } else if (type == "integer") {
    out.type = Type::integer;
    out.min = -kIntegerMax;
    out.max = kIntegerMax;
    TRY(read_bounds(in, at, out, "minimum", "maximum"));
  } else if (type == "boolean") {
    out.type = Type::boolean;
  } else if (type == "array" && depth != Depth::item) {
    out.type = Type::array;
    out.max = kItemsMax;
    TRY(read_bounds(in, at, out, "minItems", "maxItems"));
    in.value("items");
    TRY(in.finish_open());
    Schema items =
        TRY(read_schema(at.member("items"), loading, source, depth == Depth::inner ? Depth::inner : Depth::item));
    if (items.type == Type::array) return refuse("rulebook.schema", at.where + ".items", "a list holds no lists");
    out.items.push_back(std::move(items));
  } else if (type == "object" && depth != Depth::inner) {
    out.type = Type::object;
    TRY(read_inner_fields(at, in, out, loading, source));
  } else if (!in.failed()) {
    return refuse(
        "rulebook.schema", at.where + ".type",
        "`" + type + "` is no type here: string, integer, boolean, array (of no arrays), object (of no objects)");
  }
  TRY(in.finish());
  return out;
}

Result<Field> read_field(const At& at, Loading& loading, const Source& of_form) {
  ObjectReader in(at.json, at.where);
  in.optional_string("note");
  Field out;
  out.name = in.string("field");
  const std::string place = in.string("in");
  out.widget = in.optional_string("widget").value_or("");
  const auto prefill = in.optional_string("prefill");
  Source source = TRY(read_source(in, at.where, loading, of_form));
  out.source = std::move(source);
  const Json* required = in.optional_value("required");
  const Json* show_if = in.optional_value("show_if");
  in.value("schema");
  TRY(in.finish());
  if (place != "routing" && place != "sealed")
    return refuse("rulebook.member", at.where + ".in", "must be routing or sealed");
  if (!out.widget.empty() && std::find(kWidgets.begin(), kWidgets.end(), out.widget) == kWidgets.end())
    return refuse("rulebook.member", at.where + ".widget", "`" + out.widget + "` is no widget");
  if (prefill) TRY(check_prefill(*prefill, at.where + ".prefill"));
  out.prefill = prefill.value_or("");
  out.routing = place == "routing";
  if (required != nullptr && required->is_bool()) {
    out.required = required->boolean();
  } else if (required != nullptr) {
    Condition when =
        TRY(parse_condition(*required, at.where + ".required", ConditionPlace::form, loading.references));
    out.required_when = std::move(when);
  }
  if (show_if != nullptr) {
    Condition when = TRY(parse_condition(*show_if, at.where + ".show_if", ConditionPlace::form, loading.references));
    out.show_if = std::move(when);
  }
  Schema schema = TRY(read_schema(at.member("schema"), loading, out.source, Depth::field));
  out.schema = std::move(schema);
  return out;
}

/// What the hub must evaluate may only read what the hub sees.
Result<> check_routing(const Form& form, const std::string& where) {
  for (const Field* field : form.fields) {
    if (!field->routing) continue;
    std::vector<std::string> read;
    if (field->required_when) fields_of(*field->required_when, read);
    if (field->show_if) fields_of(*field->show_if, read);
    for (const std::string& name : read)
      if (const auto found = form.by_name.find(name); found != form.by_name.end() && !found->second->routing)
        return refuse(
            "rulebook.schema", where,
            "routing field `" + field->name + "` depends on `" + name + "`, which is sealed: the hub cannot know");
  }
  return {};
}

}  // namespace

Result<std::vector<Rule>> read_rules(const std::vector<At>& items, ConditionPlace place, Loading& loading) {
  std::vector<Rule> out;
  for (const At& item : items) {
    ObjectReader in(item.json, item.where);
    in.optional_string("note");
    Rule rule;
    rule.id = in.string("rule");
    rule.path = in.optional_string("path").value_or("");
    Source source = TRY(read_source(in, item.where, loading));
    rule.source = std::move(source);
    const Json& that = in.value("that");
    TRY(in.finish());
    if (!is_identifier(rule.id) || rule.id.starts_with("decide."))
      return refuse("rulebook.name", item.where + ".rule",
                    "`" + rule.id + "` is no rule; write KIND.TRANSITION.WORD");
    Condition condition = TRY(parse_condition(that, item.where + ".that", place, loading.references));
    rule.that = std::move(condition);
    fields_of(rule.that, rule.fields);
    out.push_back(std::move(rule));
  }
  return out;
}

Result<> load_form(const At& at, std::string_view id, Loading& loading) {
  ObjectReader in(at.json, at.where);
  TRY(read_confidence(in, at.where, loading));
  in.optional_string("note");
  Form& form = loading.model.forms[std::string(id)];
  form.id = in.string("form");
  form.file = at.where.substr(0, at.where.find('#'));
  Source source = TRY(read_source(in, at.where, loading));
  form.source = std::move(source);
  const std::vector<At> sections = items_of(at, in, "sections");
  const std::vector<At> checks = items_of(at, in, "checks");
  TRY(in.finish());
  if (form.id != id)
    return refuse("rulebook.name", at.where + ".form", "must be the name of the file, `" + std::string(id) + "`");
  if (!is_identifier(form.id)) return refuse("rulebook.name", at.where + ".form", "`" + form.id + "` is no name");

  const std::size_t first_reference = loading.references.size();
  std::vector<std::string> section_names;
  std::vector<std::string> field_names;
  for (const At& item : sections) {
    ObjectReader one(item.json, item.where);
    one.optional_string("note");
    Form::Section section;
    section.name = one.string("section");
    const std::vector<At> fields = items_of(item, one, "fields");
    TRY(one.finish());
    for (const At& field : fields) {
      Field read = TRY(read_field(field, loading, form.source));
      field_names.push_back(read.name);
      section.fields.push_back(std::move(read));
    }
    section_names.push_back(section.name);
    form.sections.push_back(std::move(section));
  }
  TRY(check_names(section_names, at.where + ".sections", false));
  // Fields are unique in the whole form, because answers are one flat object.
  TRY(check_names(field_names, at.where + ".sections", false));
  std::vector<Rule> rules = TRY(read_rules(checks, ConditionPlace::form, loading));
  form.checks = std::move(rules);

  for (const Form::Section& section : form.sections)
    for (const Field& field : section.fields) {
      form.fields.push_back(&field);
      form.by_name[field.name] = &field;
      if (!field.routing) form.has_sealed = true;
    }
  // The form's own conditions speak of its own fields.
  for (std::size_t i = first_reference; i < loading.references.size(); ++i) {
    const Reference& reference = loading.references[i];
    if (reference.to == Reference::To::field && !form.by_name.contains(reference.name))
      return refuse("rulebook.reference", reference.where, "the form has no field `" + reference.name + "`");
  }
  return check_routing(form, at.where);
}

}  // namespace entraide::rulebook
