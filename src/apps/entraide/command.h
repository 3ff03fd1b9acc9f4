#pragma once

// The commands as data: one table from which parsing, help and completion are made. A noun's file lists its commands
// and holds their bodies; nothing but parse.cc knows which library reads the command line.

#include <map>
#include <optional>

#include "base/base.h"

namespace entraide::cli {

class Context;

/// One flag ("--to") or, where the name does not begin with a hyphen, one positional argument ("CASE").
struct Option {
  std::string name;
  std::string value;          // what stands for its value in help, "FILE"; empty: a flag that is there or not
  std::string help;
  bool required = false;
  bool many = false;          // may be given several times
};

struct Command {
  std::string noun;
  std::string verb;           // empty: the noun alone is the command
  std::string help;           // one line, imperative
  std::vector<Option> options;
  Result<> (*run)(Context&) = nullptr;
  std::string example;        // a line to copy
  bool is_default = false;    // what the noun alone does
};

/// What was given on the command line, by option name without hyphens.
class Arguments {
 public:
  bool has(std::string_view name) const { return values_.contains(name); }
  std::optional<std::string> get(std::string_view name) const;
  std::string get_or(std::string_view name, std::string otherwise) const;
  std::vector<std::string> all(std::string_view name) const;
  void set(std::string name, std::vector<std::string> values) { values_[std::move(name)] = std::move(values); }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

/// Every command, in the order of the manual.
const std::vector<Command>& commands();

/// What every command understands besides its own.
const std::vector<Option>& global_options();

struct Parsed {
  const Command* command = nullptr;   // null: help or version was asked for and printed
  Arguments arguments;
  bool as_json = false;               // known even when parsing failed, for how the error is told
};
/// Rules: usage (with what to do, and "did you mean").
Result<Parsed> parse_command_line(int argc, char** argv);
/// The help text of the program, of a noun or of a command.
std::string help_text(std::string_view noun, std::string_view verb);

/// The options of commands that sign and send: --key, --dry-run, --save.
std::vector<Option> and_sending(std::vector<Option> options);

// One list a file.
std::vector<Command> setup_commands();
std::vector<Command> key_commands();
std::vector<Command> pki_commands();
std::vector<Command> certificate_commands();
std::vector<Command> org_commands();
std::vector<Command> people_commands();
std::vector<Command> device_commands();
std::vector<Command> invitation_commands();
std::vector<Command> ring_commands();
std::vector<Command> directory_commands();
std::vector<Command> inbox_commands();
std::vector<Command> request_commands();
std::vector<Command> case_commands();
std::vector<Command> print_commands();
std::vector<Command> follow_commands();
std::vector<Command> act_commands();
std::vector<Command> waiting_commands();
std::vector<Command> proof_commands();
std::vector<Command> audit_commands();
std::vector<Command> rulebook_commands();
std::vector<Command> sealing_commands();
std::vector<Command> desk_commands();
std::vector<Command> demo_commands();
std::vector<Command> match_commands();
std::vector<Command> tool_commands();

}  // namespace entraide::cli
