// entraide: what officers, administrators, auditors and national IT do from a terminal.

#include <sys/prctl.h>
#include <sys/resource.h>

#include "apps/entraide/context.h"

namespace entraide::cli {
namespace {

Result<Output> output_of(const Arguments& arguments) {
  Output out;
  out.quiet = arguments.has("quiet");
  if (arguments.has("json")) out.format = Format::json;
  if (const auto format = arguments.get("output")) {
    if (*format == "json") out.format = Format::json;
    else if (*format == "ndjson") out.format = Format::ndjson;
    else if (*format == "tsv") out.format = Format::tsv;
    else if (*format == "id") out.format = Format::id;
    else return fail(Errc::invalid, "usage", "-o " + *format + ": the formats are json, ndjson, tsv and id");
  }
  if (const auto fields = arguments.get("json-fields")) {
    out.list_fields = *fields == "?";
    std::string field;
    for (const char c : *fields + ",") {
      if (c != ',') field += c;
      else if (!out.list_fields && !field.empty()) out.fields.push_back(std::exchange(field, {}));
    }
  }
  return out;
}

Result<> run(const Parsed& parsed) {
  if (parsed.arguments.has("no-color"))
    ::setenv("NO_COLOR", "1", 1);  // NOLINT(concurrency-mt-unsafe): one thread here
  Output output = TRY(output_of(parsed.arguments));
  Config config = TRY(Config::load(parsed.arguments));
  Context context(parsed.arguments, std::move(config), std::move(output));
  return parsed.command->run(context);
}

// Also for a failure of the configuration itself.
std::string language_of(const Arguments& arguments) {
  const auto config = Config::load(arguments);
  if (config) return config->get("language");
  return arguments.get_or("lang", "en");
}

// Keys and plaintext never reach a core file or another process of this user.
void harden() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> all = [] {
    std::vector<Command> out;
    for (auto* list :
         {&inbox_commands,       &request_commands, &case_commands,   &print_commands,     &follow_commands,
          &act_commands,         &waiting_commands, &proof_commands,  &directory_commands, &sealing_commands,
          &rulebook_commands,    &audit_commands,   &setup_commands,  &key_commands,       &pki_commands,
          &certificate_commands, &org_commands,     &people_commands, &device_commands,    &invitation_commands,
          &ring_commands,        &match_commands,   &desk_commands,   &demo_commands,      &tool_commands})
      for (Command& command : list()) out.push_back(std::move(command));
    return out;
  }();
  return all;
}

}  // namespace entraide::cli

int main(int argc, char** argv) {
  using namespace entraide::cli;
  harden();
  const auto parsed = parse_command_line(argc, argv);
  if (!parsed) {
    bool as_json = false;
    for (int i = 1; i < argc; ++i) as_json = as_json || std::string_view(argv[i]).starts_with("--json");
    tell(parsed.error(), as_json, language_of({}));
    return exit_code(parsed.error());
  }
  if (parsed->command == nullptr) return 0;
  const auto done = run(*parsed);
  if (done) return 0;
  tell(done.error(), parsed->as_json, language_of(parsed->arguments));
  return exit_code(done.error());
}
