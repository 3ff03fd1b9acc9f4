#include "apps/entraide/filling.h"

#include <algorithm>

#include "client/answers.h"
#include "client/upload.h"
#include "codec/codec.h"
#include "rulebook/model.h"

namespace entraide::cli {
namespace {

using codec::Json;

std::string type_by_name(const std::filesystem::path& file) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".pdf", "application/pdf"}, {".txt", "text/plain"},      {".json", "application/json"},
      {".png", "image/png"},       {".jpg", "image/jpeg"},      {".zip", "application/zip"},
      {".csv", "text/csv"},        {".xml", "application/xml"}, {".eml", "message/rfc822"}};
  const std::string extension = file.extension().string();
  for (const auto& [ending, type] : kTypes)
    if (extension == ending) return std::string(type);
  return "application/octet-stream";
}

Result<Json> gather_answers(Context& context) {
  Json answers = Json::object();
  if (const auto file = context.args().get("answers")) answers = TRY(client::read_answers(*file));
  for (const std::string& pair : context.args().all("set")) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
      return fail(Errc::invalid, "usage", "--set " + pair + ": write FIELD=VALUE");
    Json value = TRY(client::parse_yaml(pair.substr(equals + 1).empty() ? "~" : pair.substr(equals + 1)));
    answers.set(pair.substr(0, equals), std::move(value));
  }
  return answers;
}

/// In the reader's language, else in the first that there is; empty where the directory knows none.
std::string name_of(const directory::Directory& directory, const Subject& subject, const std::string& language) {
  const directory::Authority* authority = directory.authority(subject);
  if (authority == nullptr || !authority->name.is_object() || authority->name.members().empty()) return {};
  const Json* name = authority->name.find(language);
  if (name == nullptr) name = &authority->name.members()[0].second;
  return name->is_string() ? name->string() : std::string();
}

/// What the program knows anyway, where the rulebook says that a field's first value comes from there: only where the
/// form insists on an answer and nobody has given one.
void prefill(Context& context, const rulebook::Form& form, Json& answers, const directory::Directory& directory,
             const Subject& issuing, const std::vector<Subject>& to, const CaseView* file) {
  const std::string now = codec::rfc3339(context.clock().now());
  const std::pair<std::string_view, std::string> known[] = {
      {"today", now.substr(0, 10)},
      {"now", now},
      {"language", context.language()},
      {"authority", name_of(directory, issuing, context.language())},
      {"other-authority", to.empty() ? std::string() : name_of(directory, to[0], context.language())},
      {"reference", file == nullptr ? std::string() : own_reference(issuing, file->reference)}};
  for (const auto& section : form.sections)
    for (const rulebook::Field& field : section.fields) {
      if (!field.required || answers.find(field.name) != nullptr) continue;
      for (const auto& [source, value] : known)
        if (source == field.prefill && !value.empty()) {
          context.out().say("Filled in " + field.name + ": " + value);
          answers.set(field.name, value);
        }
    }
}

/// What the receiver's inbox says of the act. An acknowledgement always says the same.
Result<std::string> summary_of(Context& context, const rulebook::Rulebook& rules, const std::string& type) {
  std::string out = context.args().get_or("summary", "");
  const rulebook::Transition* transition = rulebook::find_act(rules.model(), type);
  if (!out.empty() || transition == nullptr || transition->sum != rulebook::Presence::required) return out;
  if (!type.ends_with(".acknowledge"))
    return fail(Errc::invalid, "seal.summary",
                type +
                    " needs a line for the receiver's inbox: add --summary 'TEXT', at most 120 characters; it is "
                    "sealed like the rest");
  out = case_word(CaseWord::acknowledged, context.language());
  context.out().say("Filled in summary: " + out);
  return out;
}

Result<std::vector<client::FileEntry>> attach(Context& context) {
  std::vector<client::FileEntry> out;
  for (const std::string& name : context.args().all("attach")) {
    const std::filesystem::path sealed =
        context.config().data("uploads/" + codec::base64url(context.random().bytes(12)) + ".sealed");
    client::FileEntry entry = TRY(client::encrypt_file(name, sealed, context.random()));
    entry.type = type_by_name(name);
    if (!context.args().has("dry-run")) {
      client::Api* hub = TRY(context.session());
      context.out().say("Sending " + entry.name + ", encrypted, " + std::to_string(entry.sealed_size) + " bytes.");
      TRY(client::upload_file(*hub, sealed, entry));
    }
    std::error_code ignored;
    std::filesystem::remove(sealed, ignored);
    out.push_back(std::move(entry));
  }
  return out;
}

Result<std::vector<client::Translation>> translations(Context& context) {
  std::vector<client::Translation> out;
  for (const std::string& text : context.args().all("translation")) {
    const std::size_t equals = text.find('=');
    if (equals != 2 && equals != 3)
      return fail(Errc::invalid, "usage",
                  "--translation " + text + ": write LANGUAGE=FILE, for example en=answers.en.yaml");
    out.push_back({text.substr(0, equals), context.args().get_or("translator", "not stated"),
                   context.args().get_or("checked-by", ""), TRY(client::read_answers(text.substr(equals + 1)))});
  }
  return out;
}

Result<> defects_as_failure(Context& context, const rulebook::Rulebook& rules, std::string_view form,
                            const std::vector<rulebook::Defect>& defects) {
  if (defects.empty()) return {};
  return fail(Errc::invalid, "form." + defects[0].code,
              (defects.size() == 1 ? "one answer is not right:\n"
                                   : std::to_string(defects.size()) + " answers are not right:\n") +
                  client::words_of(rules, form, defects, context.language()),
              defects[0].path);
}

const Json* profile_for(const rulebook::Rulebook& rules, const Subject& to) {
  const std::string country = act::country_of(to).str();
  return country.size() == 5 ? rulebook::profile_of(rules, country.substr(3)) : nullptr;
}

}  // namespace

std::string own_reference(const Subject& authority, const std::string& reference) {
  const std::string country = country_code(authority);
  return country.empty() || reference.starts_with(country + "-") ? reference : country + "/" + reference;
}

const std::vector<Option>& filling_options() {
  static const std::vector<Option> all = {
      {"--answers", "FILE", "the form, filled in: YAML or JSON; - for standard input"},
      {"--set", "FIELD=VALUE", "one answer more, or instead", false, true},
      {"--summary", "TEXT", "at most 120 characters for the receiver's inbox; sealed"},
      {"--attach", "FILE", "a file of any size; encrypted here", false, true},
      {"--translation", "LANG=FILE", "a translation of the answers", false, true},
      {"--translator", "TEXT", "who made the translations"},
      {"--checked-by", "TEXT", "who checked them"},
  };
  return all;
}

Result<Filling> fill(Context& context, const std::string& type, const Subject& issuing, const CaseView* file,
                     const std::vector<Subject>& to, const std::string& basis) {
  client::Mirror* mirror = TRY(context.fresh_mirror());
  const rulebook::Rulebook* rules = TRY(context.rules());
  Filling out;
  out.case_id = file != nullptr ? file->id : client::new_case_id(context.random());
  client::Contents contents;
  contents.type = type;
  contents.case_id = out.case_id;
  contents.issuing = issuing;
  contents.receiving = to;
  contents.answers = TRY(gather_answers(context));
  const std::string form(rulebook::form_of(*rules, type));
  if (const auto rules_of_form = rules->model().forms.find(form); rules_of_form != rules->model().forms.end())
    prefill(context, rules_of_form->second, contents.answers, mirror->directory(), issuing, to, file);
  contents.basis = basis;
  if (const Json* chosen = contents.answers.find("basis"); chosen != nullptr && chosen->is_string())
    contents.basis = chosen->string();
  // Look before anything is uploaded.
  if (!form.empty())
    TRY(defects_as_failure(
        context, *rules, form,
        rulebook::validate_form(*rules, form, contents.basis, contents.answers,
                                to.empty() ? nullptr : profile_for(*rules, to[0]), context.clock().now())));
  contents.summary = TRY(summary_of(context, *rules, type));
  contents.translations = TRY(translations(context));
  contents.files = TRY(attach(context));
  const auto signer = context.document_signer();
  const rulebook::Transition* transition = rulebook::find_act(rules->model(), type);
  if (!signer && transition != nullptr && transition->doc == rulebook::Presence::required)
    return std::unexpected(signer.error());
  out.sealed = TRY(client::seal_contents(*rules, mirror->directory(), contents, signer ? &*signer : nullptr,
                                         context.clock().now(), context.random()));
  for (const std::string& field : out.sealed.removed)
    context.out().warn("Left out, because the form does not ask for it here: " + field);
  return out;
}

Result<> check_only(Context& context, const rulebook::Rulebook& rules, const std::string& type) {
  const std::string form(rulebook::form_of(rules, type));
  if (form.empty()) return fail(Errc::not_found, "seal.form", type + " has no form, or there is no such act");
  const Json answers = TRY(gather_answers(context));
  std::string basis = context.args().get_or("basis", "");
  if (const Json* chosen = answers.find("basis"); chosen != nullptr && chosen->is_string()) basis = chosen->string();
  const Json* profile = nullptr;
  if (const auto to = context.args().get("to")) profile = profile_for(rules, TRY(parse_subject(*to)));
  const auto defects = rulebook::validate_form(rules, form, basis, answers, profile, context.clock().now());
  Json::Array rows;
  for (const rulebook::Defect& defect : defects)
    rows.push_back(Json::object({{"path", defect.path},
                                 {"code", defect.code},
                                 {"words", client::words_of(rules, form, std::span(&defect, 1), context.language())},
                                 {"params", defect.params}}));
  if (context.out().as_json()) context.out().rows({{"path", "FIELD"}, {"code", "CODE"}, {"words", "WORDS"}}, rows);
  TRY(defects_as_failure(context, rules, form, defects));
  const auto parted = rulebook::part_answers(rules, form, basis, answers, profile, context.clock().now());
  context.out().say("The answers are complete under " + form +
                    ". The hub would see: " + codec::to_json(parted.routing));
  for (const std::string& field : parted.removed)
    context.out().say("Not asked for here, would be left out: " + field);
  return {};
}

}  // namespace entraide::cli
