#pragma once

// Where things are and what is meant by default: flag > environment (ENTRAIDE_*) > profile in config.toml.
//
//   $XDG_CONFIG_HOME/entraide/config.toml          profiles: [sandbox] hub = "https://..." ...
//   $XDG_DATA_HOME/entraide/<profile>/             keys, mirror.json, session.json, outbox/, rulebooks/, uploads/
// With --home DIR (or ENTRAIDE_HOME) both are below DIR.

#include <filesystem>

#include "apps/entraide/command.h"

namespace entraide::cli {

struct Setting {
  std::string name;
  std::string help;
};
/// hub, genesis, ca_file, tls_certificate, tls_key, authority, officer, language.
const std::vector<Setting>& settings();

struct Value {
  std::string value;
  std::string from;   // "flag --hub", "ENTRAIDE_HUB", "config.toml [default]", or empty where there is none
};

/// Sections of names and texts: the part of TOML that we write. Rule: config.syntax (with the line).
using Sections = std::map<std::string, std::map<std::string, std::string>>;
Result<Sections> parse_toml(std::string_view text);
std::string to_toml(const Sections& sections);

class Config {
 public:
  /// Rules: config.syntax, config.unknown (a name that no setting has), file.*.
  static Result<Config> load(const Arguments& arguments);

  Value explain(std::string_view name) const;
  std::string get(std::string_view name) const { return explain(name).value; }
  /// Writes the profile's value; empty removes it.
  Result<> set(const std::string& name, const std::string& value);

  const std::string& profile() const { return profile_; }
  std::vector<std::string> profiles() const;
  const std::filesystem::path& file() const { return file_; }
  std::filesystem::path data(std::string_view name) const { return data_ / profile_ / name; }

 private:
  Arguments arguments_;
  Sections sections_;
  std::string profile_;
  std::filesystem::path file_, data_;
};

}  // namespace entraide::cli
