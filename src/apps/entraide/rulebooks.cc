// rulebook: law as data, checked, run, and shown in any of its languages.

#include "apps/entraide/context.h"
#include "client/files.h"
#include "codec/codec.h"
#include "rulebook/examples.h"
#include "rulebook/lint.h"
#include "rulebook/model.h"
#include "rulebook/show.h"

namespace entraide::cli {
namespace {

using codec::Json;

/// The folder named by --folder, or the rulebook in force.
struct Loaded {
  std::optional<rulebook::Rulebook> own;
  const rulebook::Rulebook* rules = nullptr;
};
Result<Loaded> load(Context& context) {
  Loaded out;
  if (const auto folder = context.args().get("folder")) {
    out.own = TRY(rulebook::load_folder(*folder));
    return out;
  }
  out.rules = TRY(context.rules());
  return out;
}

Result<> lint(Context& context) {
  const rulebook::Rulebook rules = TRY(rulebook::load_folder(context.args().get_or("FOLDER", "rulebook")));
  Json::Array rows;
  for (const rulebook::Finding& finding : rulebook::lint(rules))
    rows.push_back(Json::object(
        {{"file", finding.file}, {"path", finding.path}, {"what", finding.what}, {"mend", finding.mend}}));
  context.out().rows({{"file", "FILE"}, {"path", "WHERE"}, {"what", "WHAT"}, {"mend", "WHAT TO DO"}}, rows);
  if (!rows.empty()) return fail(Errc::invalid, "rulebook.lint", std::to_string(rows.size()) + " findings");
  context.out().say("Nothing to find fault with; version " + codec::to_text(rules.digest()) + ".");
  return {};
}

Result<> test(Context& context) {
  const rulebook::Rulebook rules = TRY(rulebook::load_folder(context.args().get_or("FOLDER", "rulebook")));
  const rulebook::ExampleReport report = rulebook::run_examples(rules);
  Json::Array rows;
  for (const rulebook::ExampleFailure& failure : report.failures)
    rows.push_back(Json::object({{"file", failure.file}, {"name", failure.name}, {"what", failure.what}}));
  context.out().rows({{"file", "FILE"}, {"name", "EXAMPLE"}, {"what", "WHAT"}}, rows);
  context.out().say(std::to_string(report.run) + " examples, " + std::to_string(rows.size()) + " fail.");
  if (!rows.empty()) return fail(Errc::invalid, "rulebook.examples", std::to_string(rows.size()) + " examples fail");
  return {};
}

Result<> show_rulebook(Context& context) {
  const Loaded loaded = TRY(load(context));
  const rulebook::Rulebook& rules = loaded.own ? *loaded.own : *loaded.rules;
  const std::string kind = *context.args().get("KIND");
  const std::string text = TRY(rulebook::show(rules, kind, context.language()));
  if (!context.out().as_json()) {
    context.out().text(text);
    return {};
  }
  // As the rulebook's file has it: what a program reads is what decides.
  const rulebook::Model& model = rules.model();
  Json data = TRY(codec::parse_json(model.files.at(model.kinds.at(kind).file)));
  data.set("rulebook", codec::to_text(rules.digest()));
  context.out().record(data);
  return {};
}

Result<> digest(Context& context) {
  const rulebook::Rulebook rules = TRY(rulebook::load_folder(context.args().get_or("FOLDER", "rulebook")));
  if (const auto file = context.args().get("bundle"))
    TRY(client::write_file_whole(*file, bytes_of(rules.bundle()), 0644));
  context.out().record(Json::object({{"digest", codec::to_text(rules.digest())}}));
  return {};
}

}  // namespace

std::vector<Command> rulebook_commands() {
  const Option folder{"FOLDER", "DIR", "the rulebook's folder (default: rulebook)"};
  return {
      {"rulebook",
       "lint",
       "Walk a rulebook folder and say what is wrong with it",
       {folder},
       &lint,
       "entraide rulebook lint rulebook"},
      {"rulebook", "test", "Run the examples of a rulebook folder", {folder}, &test, ""},
      {"rulebook",
       "show",
       "Print a kind as a document",
       {{"KIND", "KIND", "for example preservation", true},
        {"--folder", "DIR", "a folder instead of the rulebook in force"}},
       &show_rulebook,
       "entraide rulebook show preservation --lang fr"},
      {"rulebook",
       "digest",
       "Print the version of a rulebook folder; with --bundle write it as one file",
       {folder, {"--bundle", "FILE", "where to"}},
       &digest,
       ""},
  };
}

}  // namespace entraide::cli
