#include "match/readers.h"

#include <algorithm>
#include <charconv>

#include "codec/codec.h"
#include "codec/json.h"

namespace entraide::match {
namespace {

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> out;
  for (std::size_t begin = 0;;) {
    const std::size_t end = text.find(at, begin);
    out.push_back(text.substr(begin, end - begin));
    if (end == text.npos) return out;
    begin = end + 1;
  }
}

constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"rid", "id"}, {"dob", "born"}, {"nationality", "country"}};

Gender gender_of(std::string_view text) {
  if (text == "m" || text == "male") return Gender::male;
  if (text == "f" || text == "female") return Gender::female;
  return text == "other" || text == "x" ? Gender::other : Gender::unknown;
}

Result<> too_long() {
  return fail(Errc::too_large, "match.line.size", "line: over " + std::to_string(kLineBytesMax) + " bytes");
}

void add_date(Record& record, std::string_view text) {
  // Times of day are of no use; a date that is none tells nothing.
  if (const auto date = BirthDate::parse(text.substr(0, text.find('T')))) record.born.push_back(*date);
}

void add_country(Record& record, std::string_view text) {
  if (text.size() == 2) record.countries.emplace_back(text);
}

}  // namespace

Result<TsvHead> TsvHead::parse(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  TsvHead out;
  for (std::string_view column : split(line, '\t')) {
    for (const auto& [other, name] : kOtherNames)
      if (column == other) column = name;
    if (!column.empty() && out.has(column))
      return fail(Errc::invalid, "match.line.head",
                  "head: column \"" + std::string(column) + "\" stands there twice");
    out.columns_.emplace_back(column);
  }
  if (!out.has("name"))
    return fail(
        Errc::invalid, "match.line.head",
        "head: no column \"name\"; the first line names the columns, for example id, name, born, between tabs");
  return out;
}

bool TsvHead::has(std::string_view column) const {
  return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
}

Result<Record> TsvHead::record(std::string_view line) const {
  if (line.size() > kLineBytesMax) return std::unexpected(too_long().error());
  if (line.ends_with('\r')) line.remove_suffix(1);
  const auto fields = split(line, '\t');
  if (fields.size() > columns_.size())
    return fail(
        Errc::invalid, "match.line.columns",
        "line: " + std::to_string(fields.size()) + " fields under " + std::to_string(columns_.size()) + " columns");
  Record out;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string_view column = columns_[i], field = fields[i];
    if (field.empty()) continue;
    if (column == "id") out.id = field;
    else if (column == "gender") out.gender = gender_of(field);
    else if (column == "audience") {
      const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), out.audience);
      if (error != std::errc() || end != field.data() + field.size())
        return fail(Errc::invalid, "match.line.columns", "line: its audience is no number");
    } else {
      for (const std::string_view value : split(field, '|')) {
        if (value.empty()) continue;
        if (column == "name") out.names.push_back({std::string(value), NameKind::primary});
        else if (column == "born") add_date(out, value);
        else if (column == "country") add_country(out, value);
        else if (column == "birth_place") out.birth_places.emplace_back(value);
        else if (const auto kind = name_kind(column)) out.names.push_back({std::string(value), *kind});
        else if (const auto type = identifier_type(column)) out.identifiers.push_back({*type, std::string(value)});
      }
    }
  }
  if (out.id.empty() && !has("id")) out.id = "-";  // persons that are sought need none
  TRY(check(out));
  if (!has("id")) out.id.clear();
  return out;
}

Result<std::optional<Record>> record_from_entity(std::string_view json) {
  using codec::Json;
  if (json.size() > kLineBytesMax) return std::unexpected(too_long().error());
  const Json entity = TRY(codec::parse_json(json));
  const Json* const schema = entity.find("schema");
  const Json* const id = entity.find("id");
  const Json* const properties = entity.find("properties");
  if (schema == nullptr || !schema->is_string() || id == nullptr || !id->is_string() || properties == nullptr ||
      !properties->is_object())
    return fail(Errc::invalid, "match.line.entity", "line: no entity with id, schema and properties");
  if (schema->string() != "Person" && schema->string() != "LegalEntity") return std::optional<Record>();
  Record out;
  out.id = id->string();
  struct NameOf {
    std::string_view property;
    NameKind kind;
  };
  static constexpr NameOf names[] = {{"name", NameKind::primary},         {"alias", NameKind::alias},
                                     {"weakAlias", NameKind::weak_alias}, {"previousName", NameKind::former},
                                     {"fatherName", NameKind::father},    {"motherName", NameKind::mother}};
  struct MarkOf {
    std::string_view property;
    IdentifierType type;
  };
  static constexpr MarkOf marks[] = {{"passportNumber", IdentifierType::document},
                                     {"idNumber", IdentifierType::document},
                                     {"phone", IdentifierType::phone},
                                     {"email", IdentifierType::e_mail}};
  for (const auto& [property, values] : properties->members()) {
    if (!values.is_array()) return fail(Errc::invalid, "match.line.entity", "line: a property is no list of values");
    for (const Json& value : values.array_items()) {
      if (!value.is_string()) continue;  // entities inside entities
      const std::string& text = value.string();
      for (const NameOf& of : names)
        if (property == of.property) out.names.push_back({text, of.kind});
      for (const MarkOf& of : marks)
        if (property == of.property) out.identifiers.push_back({of.type, text});
      if (property == "birthDate") add_date(out, text);
      else if (property == "gender") out.gender = gender_of(text);
      else if (property == "nationality" || property == "citizenship" || property == "birthCountry") {
        if (std::find(out.countries.begin(), out.countries.end(), text) == out.countries.end())
          add_country(out, text);
      } else if (property == "birthPlace") out.birth_places.push_back(text);
    }
  }
  TRY(check(out));
  return std::optional(std::move(out));
}

}  // namespace entraide::match
