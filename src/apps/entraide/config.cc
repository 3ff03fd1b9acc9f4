#include "apps/entraide/config.h"

#include <algorithm>
#include <cstdlib>

#include "client/files.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread here
  return value == nullptr ? "" : value;
}

std::filesystem::path base_folder(const char* variable, const char* below_home) {
  if (const std::string set = environment(variable); !set.empty()) return set;
  return std::filesystem::path(environment("HOME")) / below_home;
}

std::string upper(std::string_view name) {
  std::string out = "ENTRAIDE_";
  for (const char c : name) out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

bool is_setting(std::string_view name) {
  return std::any_of(settings().begin(), settings().end(),
                     [&](const Setting& setting) { return setting.name == name; });
}

}  // namespace

const std::vector<Setting>& settings() {
  static const std::vector<Setting> all = {
      {"hub", "address of the hub, https://..."},
      {"genesis", "id of the genesis act that you trust: ask your authority, it is published"},
      {"ca_file",
       "PEM file of the authority that vouches for the hub's TLS certificate; the system's where it is empty"},
      {"tls_certificate", "PEM file of the certificate with which this device signs in, its own first: for systems"},
      {"tls_key", "PEM file of its key, readable by you alone and not locked by a passphrase"},
      {"authority", "for which authority you act by default, au:..."},
      {"officer", "your pseudonym, of:..."},
      {"language", "en, fr, es or ar"},
  };
  return all;
}

Result<Sections> parse_toml(std::string_view text) {
  Sections out;
  std::string section;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    const auto wrong = [&](const char* what) {
      return fail(Errc::invalid, "config.syntax", "config: line " + std::to_string(number) + ": " + what);
    };
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == '[') {
      if (line.back() != ']') return wrong("a section is written [name]");
      section = trim(line.substr(1, line.size() - 2));
      if (!is_word(section)) return wrong("a profile's name is letters, digits, - and _");
      out[section];
      continue;
    }
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || section.empty()) return wrong("write name = \"text\" below a [profile]");
    const std::string name(trim(line.substr(0, equals)));
    std::string_view value = trim(line.substr(equals + 1));
    if (!is_word(name) || value.size() < 2 || value.front() != '"' || value.back() != '"')
      return wrong("write name = \"text\"");
    value = value.substr(1, value.size() - 2);
    std::string plain;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i] == '"') return wrong("a quotation mark inside a text is written \\\"");
      if (value[i] == '\\') {
        if (i + 1 == value.size() || (value[i + 1] != '"' && value[i + 1] != '\\'))
          return wrong("a backslash is written \\\\");
        ++i;
      }
      plain += value[i];
    }
    if (!out[section].emplace(name, std::move(plain)).second) return wrong("the name is there twice");
  }
  return out;
}

std::string to_toml(const Sections& sections) {
  std::string out;
  for (const auto& [section, values] : sections) {
    out += (out.empty() ? "[" : "\n[") + section + "]\n";
    for (const auto& [name, value] : values) {
      out += name + " = \"";
      for (const char c : value) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
      }
      out += "\"\n";
    }
  }
  return out;
}

Result<Config> Config::load(const Arguments& arguments) {
  Config out;
  out.arguments_ = arguments;
  const std::string home = arguments.get_or("home", environment("ENTRAIDE_HOME"));
  out.file_ = home.empty() ? base_folder("XDG_CONFIG_HOME", ".config") / "entraide" / "config.toml"
                           : std::filesystem::path(home) / "config.toml";
  out.data_ = home.empty() ? base_folder("XDG_DATA_HOME", ".local/share") / "entraide" : std::filesystem::path(home);
  out.profile_ = arguments.get_or("profile", environment("ENTRAIDE_PROFILE"));
  if (out.profile_.empty()) out.profile_ = "default";
  if (!is_word(out.profile_)) return fail(Errc::invalid, "usage", "--profile: a name of letters, digits, - and _");
  const auto bytes = client::read_file(out.file_, 1 << 20);
  if (!bytes && bytes.error().code != Errc::not_found) return std::unexpected(bytes.error());
  if (bytes) out.sections_ = TRY(parse_toml(text_of(*bytes)));
  for (const auto& [section, values] : out.sections_)
    for (const auto& [name, value] : values)
      if (!is_setting(name))
        return fail(Errc::invalid, "config.unknown",
                    out.file_.string() + ": [" + section + "] " + name +
                        ": there is no such setting; `entraide config list` shows them");
  return out;
}

Value Config::explain(std::string_view name) const {
  if (const auto flag = arguments_.get(name == "language" ? "lang" : name))
    return {*flag, "flag --" + std::string(name == "language" ? "lang" : name)};
  const std::string variable = upper(name);
  if (std::string value = environment(variable.c_str()); !value.empty()) return {value, variable};
  if (const auto section = sections_.find(profile_); section != sections_.end())
    if (const auto value = section->second.find(std::string(name)); value != section->second.end())
      return {value->second, file_.string() + " [" + profile_ + "]"};
  if (name == "language") {
    const std::string locale = environment("LANG").substr(0, 2);
    for (const std::string_view known : {"en", "fr", "es", "ar"})
      if (locale == known) return {locale, "LANG"};
    return {"en", "built in"};
  }
  return {};
}

Result<> Config::set(const std::string& name, const std::string& value) {
  if (!is_setting(name))
    return fail(Errc::invalid, "config.unknown",
                name + ": there is no such setting; `entraide config list` shows them");
  if (value.find('\n') != std::string::npos || !codec::is_utf8(value))
    return fail(Errc::invalid, "config.syntax", name + ": must be one line of text");
  if (value.empty()) sections_[profile_].erase(name);
  else sections_[profile_][name] = value;
  return client::write_file_whole(file_, bytes_of(to_toml(sections_)));
}

std::vector<std::string> Config::profiles() const {
  std::vector<std::string> out;
  for (const auto& [name, values] : sections_) out.push_back(name);
  return out;
}

}  // namespace entraide::cli
