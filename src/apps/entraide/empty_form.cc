#include "apps/entraide/empty_form.h"

#include <algorithm>

#include "codec/codec.h"
#include "rulebook/model.h"

namespace entraide::cli {
namespace {

using codec::Json;

std::string_view word_of(const rulebook::Rulebook& rules, const std::string& language, const std::string& key) {
  const std::string_view word = rules.word(language, key);
  return word.empty() ? rules.word("en", key) : word;
}

std::string example_of(const rulebook::Schema& schema) {
  switch (schema.type) {
    case rulebook::Schema::Type::integer: return "an integer";
    case rulebook::Schema::Type::boolean: return "true or false";
    case rulebook::Schema::Type::array:
      return schema.items.empty() || schema.items[0].type == rulebook::Schema::Type::object
                 ? "a list"
                 : "a list, [..., ...], each " + example_of(schema.items[0]);
    case rulebook::Schema::Type::object: return "a group";
    default: break;
  }
  if (schema.vocabulary != nullptr) return "a code";
  switch (schema.format) {
    case rulebook::Format::date: return "2031-12-31";
    case rulebook::Format::date_time: return "2031-12-31T12:00:00Z, the offset is needed";
    case rulebook::Format::authority: return "au:..";
    case rulebook::Format::country: return "two letters";
    case rulebook::Format::email: return "name@example.org";
    case rulebook::Format::language: return "fr, for example";
    case rulebook::Format::offset: return "+01:00";
    case rulebook::Format::period: return "P60D, for sixty days";
    case rulebook::Format::basis: return "a code";
    default: return "text, " + std::to_string(schema.max) + " characters at most";
  }
}

// What a code means, or under which instrument a basis stands, one a line. `form` is called by its kind first.
void write_codes(std::string& out, const rulebook::Rulebook& rules, const std::string& form,
                 const rulebook::Schema& schema, const std::string& language, const std::string& indent) {
  const auto kind = rules.model().kinds.find(form.substr(0, form.find('.')));
  const bool bases = schema.format == rulebook::Format::basis && kind != rules.model().kinds.end();
  if (schema.vocabulary == nullptr && !bases) return;
  const std::vector<std::string>& codes = bases ? kind->second.basis : schema.vocabulary->codes;
  std::size_t width = 0;
  for (const std::string& code : codes) width = std::max(width, code.size());
  for (const std::string& code : codes)
    out += indent + "#     " + code + std::string(width + 2 - code.size(), ' ') +
           std::string(word_of(
               rules, language,
               bases ? "instrument." + code.substr(0, code.find('.')) : "vocab." + schema.vocab + "." + code)) +
           "\n";
}

void write_field(std::string& out, const rulebook::Rulebook& rules, const rulebook::Field& field,
                 const std::string& key, const std::string& language, const std::string& indent) {
  const std::string_view label = word_of(rules, language, "field." + key),
                         hint = word_of(rules, language, "hint." + key);
  const char* needed = field.required ? ", needed" : field.required_when ? ", needed in some cases" : "";
  out += "\n" + indent + "# " + std::string(label.empty() ? std::string_view(field.name) : label) + " (" +
         (field.routing ? "the hub reads it" : "sealed") + needed + "; " + example_of(field.schema) + ")\n";
  if (!hint.empty()) out += indent + "#   " + std::string(hint) + "\n";
  const bool list = field.schema.type == rulebook::Schema::Type::array && !field.schema.items.empty();
  write_codes(out, rules, key, list ? field.schema.items[0] : field.schema, language, indent);
  const bool list_of_groups = field.schema.type == rulebook::Schema::Type::array && !field.schema.items.empty() &&
                              field.schema.items[0].type == rulebook::Schema::Type::object;
  if (list_of_groups || field.schema.type == rulebook::Schema::Type::object) {
    out += indent + "# " + field.name + ":\n";
    bool first = true;
    for (const rulebook::Field& inner : list_of_groups ? field.schema.items[0].fields : field.schema.fields) {
      out += indent + "#   " + (list_of_groups ? (first ? "- " : "  ") : "") + inner.name + ":   # " +
             std::string(word_of(rules, language, "field." + key + "." + inner.name)) +
             (inner.required ? ", needed" : "") + "; " + example_of(inner.schema) + "\n";
      write_codes(out, rules, key, inner.schema, language, indent + "    ");
      first = false;
    }
    return;
  }
  out += indent + (field.required ? "" : "# ") + field.name + ":\n";
}

Result<const rulebook::Form*> form_of(const rulebook::Rulebook& rules, const std::string& type) {
  const auto form = rules.model().forms.find(rulebook::form_of(rules, type));
  if (form == rules.model().forms.end())
    return fail(Errc::not_found, "seal.form",
                type + " has no form, or there is no such act; `entraide rulebook show KIND`");
  return &form->second;
}

// ---- as data ---------------------------------------------------------------------------------

struct Describing {
  const rulebook::Rulebook& rules;
  const std::string& language;

  // `field` as its file has it, with what a file leaves to the whole: words, whether needed, on which article.
  Json described(const rulebook::Field& field, Json json, const std::string& key) const {
    const std::string_view label = word_of(rules, language, "field." + key),
                           hint = word_of(rules, language, "hint." + key);
    if (!label.empty()) json.set("label", label);
    if (!hint.empty()) json.set("hint", hint);
    if (json.find("required") == nullptr) json.set("required", field.required);
    if (!field.source.id.empty()) json.set("source", field.source.id);
    if (const Json* schema = json.find("schema")) {
      Json whole = described(field.schema, *schema, key);
      json.set("schema", std::move(whole));
    }
    return json;
  }

  Json described(const rulebook::Schema& schema, Json json, const std::string& key) const {
    if (schema.vocabulary != nullptr) {
      Json codes = Json::array();
      for (const std::string& code : schema.vocabulary->codes) codes.push_back(code);
      json.set("codes", std::move(codes));
    }
    if (const Json* items = json.find("items"); items != nullptr && !schema.items.empty()) {
      Json whole = described(schema.items[0], *items, key);
      json.set("items", std::move(whole));
    }
    if (const Json* fields = json.find("fields"); fields != nullptr && fields->is_array()) {
      Json whole = described(schema.fields, *fields, key);
      json.set("fields", std::move(whole));
    }
    return json;
  }

  Json described(const std::vector<rulebook::Field>& fields, const Json& json, const std::string& key) const {
    ENSURE(json.array_items().size() == fields.size());  // the model was read from it
    Json out = Json::array();
    for (std::size_t i = 0; i < fields.size(); ++i)
      out.push_back(described(fields[i], json.array_items()[i], key + "." + fields[i].name));
    return out;
  }
};

}  // namespace

Result<Json> template_data(const rulebook::Rulebook& rules, const std::string& type, const std::string& basis,
                           const std::string& language) {
  const rulebook::Form& form = *TRY(form_of(rules, type));
  const Json file = TRY(codec::parse_json(rules.model().files.at(form.file)));
  const Json::Array& written = file.find("sections")->array_items();
  const Describing describing{rules, language};
  Json sections = Json::array();
  for (std::size_t i = 0; i < form.sections.size(); ++i) {
    const std::string& name = form.sections[i].name;
    sections.push_back(Json::object(
        {{"section", name},
         {"title", word_of(rules, language, "form." + form.id + "." + name)},
         {"fields", describing.described(form.sections[i].fields, *written[i].find("fields"), form.id)}}));
  }
  Json out = Json::object({{"type", type},
                           {"form", form.id},
                           {"rulebook", codec::to_text(rules.digest())},
                           {"title", word_of(rules, language, "form." + form.id)},
                           {"source", form.source.id},
                           {"sections", std::move(sections)}});
  if (!basis.empty()) out.set("basis", basis);
  if (const Json* checks = file.find("checks")) out.set("checks", *checks);
  return out;
}

Result<std::string> answers_template(const rulebook::Rulebook& rules, const std::string& type,
                                     const std::string& basis, const std::string& language) {
  const rulebook::Form& form = *TRY(form_of(rules, type));
  const std::string& form_name = form.id;
  std::string out = "# " + std::string(word_of(rules, language, "form." + form_name)) + "\n# " + type +
                    ", rulebook " + codec::to_text(rules.digest()) + "\n";
  if (!basis.empty()) out += "basis: " + basis + "\n";
  for (const auto& section : form.sections) {
    out += "\n# ---- " + std::string(word_of(rules, language, "form." + form_name + "." + section.name)) + "\n";
    for (const rulebook::Field& field : section.fields)
      if (basis.empty() || field.name != "basis")
        write_field(out, rules, field, form_name + "." + field.name, language, "");
  }
  return out;
}

}  // namespace entraide::cli
