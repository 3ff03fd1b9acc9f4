// The command table, read by CLI11. The only file that includes it.

#include <algorithm>
#include <deque>
#include <iostream>

#include <CLI/CLI.hpp>

#include "apps/entraide/command.h"
#include "apps/entraide/output.h"

namespace entraide::cli {
namespace {

std::string key_of(const Option& option) {
  std::string_view name = option.name;
  const std::size_t comma = name.find(',');
  if (comma != std::string_view::npos) name = name.substr(comma + 1);
  while (name.starts_with('-')) name.remove_prefix(1);
  return std::string(name);
}

struct Bound {
  const Option* option;
  std::vector<std::string> values;
  bool flag = false;
  CLI::Option* made = nullptr;
};

void bind(CLI::App& app, const std::vector<Option>& options, std::deque<Bound>& into) {
  for (const Option& option : options) {
    Bound& bound = into.emplace_back(Bound{&option, {}, false, nullptr});
    if (option.value.empty() && option.name.starts_with('-')) {
      bound.made = app.add_flag(option.name, bound.flag, option.help);
      continue;
    }
    bound.made = app.add_option(option.name, bound.values, option.help);
    bound.made->type_name(option.value);
    if (option.required) bound.made->required();
    // One value a time, so that a flag never swallows the argument after it.
    if (option.name.starts_with('-') || !option.many) bound.made->expected(1)->allow_extra_args(false);
    else bound.made->expected(-1);
    if (option.many) bound.made->take_all();
    else if (option.name.starts_with('-'))
      bound.made->take_last();  // a positional that took all would leave none for the next
  }
}

/// How many letters must change to make one word the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t here = std::min({row[j] + 1, row[j - 1] + 1, corner + (a[i - 1] == b[j - 1] ? 0 : 1)});
      corner = std::exchange(row[j], here);
    }
  }
  return row[b.size()];
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  std::string best;
  std::size_t nearest = 3;
  for (const std::string& candidate : known)
    if (const std::size_t far = distance(word, candidate); far < nearest) {
      nearest = far;
      best = candidate;
    }
  return best.empty() ? "" : "; did you mean `" + best + "`?";
}

std::unexpected<Error> usage(std::string words) { return fail(Errc::invalid, "usage", std::move(words)); }

const Command* find(std::string_view noun, std::string_view verb) {
  for (const Command& command : commands())
    if (command.noun == noun && (command.verb == verb || (verb.empty() && command.is_default))) return &command;
  return nullptr;
}

std::vector<std::string> nouns() {
  std::vector<std::string> out;
  for (const Command& command : commands())
    if (std::find(out.begin(), out.end(), command.noun) == out.end()) out.push_back(command.noun);
  return out;
}
std::vector<std::string> verbs_of(std::string_view noun) {
  std::vector<std::string> out;
  for (const Command& command : commands())
    if (command.noun == noun && !command.verb.empty()) out.push_back(command.verb);
  return out;
}

}  // namespace

std::optional<std::string> Arguments::get(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second.empty() ? std::string() : found->second.back();
}
std::string Arguments::get_or(std::string_view name, std::string otherwise) const {
  return get(name).value_or(std::move(otherwise));
}
std::vector<std::string> Arguments::all(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

const std::vector<Option>& global_options() {
  static const std::vector<Option> all = {
      {"--profile", "NAME", "which profile of config.toml (default: default)"},
      {"--home", "DIR", "keep configuration and data below this folder"},
      {"--hub", "URL", "address of the hub"},
      {"--genesis", "ID", "the genesis act that you trust"},
      {"--ca-file", "FILE", "who vouches for the hub's TLS certificate (PEM)"},
      {"--authority", "AU", "for which authority you act"},
      {"--officer", "OF", "your pseudonym"},
      {"--lang", "LANGUAGE", "of labels, forms and reasons: en, fr, es or ar"},
      {"--pin-file", "FILE", "first line is the passphrase of the key store; mode 600"},
      {"--pin-fd", "NUMBER", "read the passphrase from this descriptor"},
      {"-o,--output", "FORMAT", "json, ndjson, tsv or id"},
      {"--json", "", "the same as -o json; --json=a,b chooses fields, --json= lists them"},
      {"--json-fields", "A,B", "fields of the JSON output"},
      {"-q,--quiet", "", "say nothing but data and errors"},
      {"-v,--verbose", "", "say each request to the hub, what came back, and how long it took"},
      {"--no-color", "", "no colours (also: NO_COLOR)"},
      {"-y,--yes", "", "do not ask before something leaves"},
  };
  return all;
}

std::vector<Option> and_sending(std::vector<Option> options) {
  options.push_back({"--key", "NAME", "sign with this key of the key store"});
  options.push_back({"--dry-run", "", "show the exact act and what the hub would say; write nothing"});
  options.push_back(
      {"--save", "FILE", "sign and write the act to a file instead of sending it, for further signatures"});
  return options;
}

std::string help_text(std::string_view noun, std::string_view verb) {
  std::string out;
  if (noun.empty()) {
    out =
        "entraide: cross-border requests, sealed, signed and proven\n\n"
        "  entraide inbox                                   what waits for your authority\n"
        "  entraide request new KIND --to AU --answers F    ask\n"
        "  entraide request ack CASE                        answer for it\n"
        "  entraide proof verify FILE                       check a proof, with no network and no account\n\n"
        "Usage: entraide <noun> <verb> [arguments] [flags]\n\nNouns:\n";
    for (const std::string& name : nouns()) {
      std::string verbs;
      for (const std::string& each : verbs_of(name)) verbs += (verbs.empty() ? "" : " ") + each;
      if (verbs.empty()) verbs = find(name, "")->help;
      out += "  " + name + std::string(name.size() < 12 ? 12 - name.size() : 1, ' ') + verbs + "\n";
    }
    out += "\n`entraide help NOUN` and `entraide NOUN VERB --help` say more; exit codes: entraide-exit-codes(7).\n";
    return out;
  }
  for (const Command& command : commands()) {
    if (command.noun != noun || (!verb.empty() && command.verb != verb)) continue;
    const std::string name = "entraide " + command.noun + (command.verb.empty() ? "" : " " + command.verb);
    std::string line = name;
    for (const Option& option : command.options)
      if (!option.name.starts_with('-'))
        line += option.required ? " " + option.name + (option.many ? "..." : "")
                                : " [" + option.name + (option.many ? "..." : "") + "]";
    if (verb.empty() && !command.verb.empty()) {
      out += "  " + line + "\n      " + command.help + "\n";
      continue;
    }
    if (!command.example.empty()) out += "Example: " + command.example + "\n\n";
    out += "Usage: " + line + " [flags]\n" + command.help + "\n";
    for (const Option& option : command.options) {
      const std::string left =
          option.name + (option.value.empty() || !option.name.starts_with('-') ? "" : " " + option.value);
      out += "  " + left + std::string(left.size() < 26 ? 26 - left.size() : 1, ' ') + option.help +
             (option.required ? " (needed)" : "") + "\n";
    }
  }
  if (!out.empty() && verb.empty()) out = "entraide " + std::string(noun) + ":\n" + out;
  if (!out.empty()) {
    out += "\nEvery command takes:\n";
    for (const Option& option : global_options()) {
      if (option.name == "--json-fields") continue;
      const std::string left = option.name + (option.value.empty() ? "" : " " + option.value);
      out += "  " + left + std::string(left.size() < 26 ? 26 - left.size() : 1, ' ') + option.help + "\n";
    }
  }
  return out;
}

Result<Parsed> parse_command_line(int argc, char** argv) {
  Parsed parsed;
  std::vector<std::string> words;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    parsed.as_json = parsed.as_json || word == "--json" || word.starts_with("--json=");
    if (!word.starts_with("--json=")) {
      words.emplace_back(word);
      continue;
    }
    words.emplace_back("--json");
    words.emplace_back("--json-fields=" + std::string(word.size() == 7 ? "?" : word.substr(7)));
  }
  // Noun and verb are the first words that are not flags, nor the values of global flags before them.
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < words.size() && places.size() < 2; ++i) {
    if (words[i] == "--") break;
    if (!words[i].starts_with('-')) {
      places.push_back(i);
      continue;
    }
    if (places.size() == 1) break;  // flags belong to the command from here on
    const auto global = std::find_if(global_options().begin(), global_options().end(), [&](const Option& option) {
      return !option.value.empty() && (option.name == words[i] || option.name.ends_with("," + words[i]) ||
                                       option.name.starts_with(words[i] + ","));
    });
    if (global != global_options().end()) ++i;
  }
  const auto asks = [&](std::string_view one, std::string_view other) {
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string& word) { return word == one || word == other; });
  };
  std::string noun = places.empty() ? "" : words[places[0]];
  std::string verb = places.size() < 2 ? "" : words[places[1]];
  if (noun.empty()) {
    if (asks("--version", "-V")) {
      std::cout << "entraide " ENTRAIDE_VERSION "\n";
      return parsed;
    }
    std::cout << help_text("", "");
    return parsed;
  }
  const auto known = nouns();
  if (std::find(known.begin(), known.end(), noun) == known.end())
    return usage("there is no `" + noun + "`" + did_you_mean(noun, known) + "; `entraide help` lists what there is");
  const Command* command = find(noun, verb);
  const bool has_verb = command != nullptr && !verb.empty();
  if (command == nullptr) command = find(noun, "");  // the noun alone, or its default: the word is an argument
  if (asks("--help", "-h")) {
    std::cout << help_text(noun, has_verb ? verb : "");
    return parsed;
  }
  if (command == nullptr || (!verb.empty() && !has_verb && command->is_default && !command->verb.empty() &&
                             std::none_of(command->options.begin(), command->options.end(),
                                          [](const Option& option) { return !option.name.starts_with('-'); })))
    return usage(verb.empty() ? "entraide " + noun + ": which verb? see `entraide help " + noun + "`"
                              : "entraide " + noun + " has no `" + verb + "`" + did_you_mean(verb, verbs_of(noun)) +
                                    "; see `entraide help " + noun + "`");

  std::vector<std::string> rest;
  for (std::size_t i = 0; i < words.size(); ++i)
    if (i != places[0] && !(has_verb && i == places[1])) rest.push_back(words[i]);
  std::reverse(rest.begin(), rest.end());  // as CLI11 wants them

  CLI::App app;
  app.set_help_flag();
  std::deque<Bound> bound;
  try {
    bind(app, command->options, bound);
    bind(app, global_options(), bound);
    app.parse(rest);
  } catch (const CLI::Error& error) {
    std::string words_of_error = error.what();
    std::replace(words_of_error.begin(), words_of_error.end(), '\n', ' ');
    return usage("entraide " + noun + (has_verb ? " " + verb : "") + ": " + words_of_error + "; see `entraide " +
                 noun + (has_verb ? " " + verb : "") + " --help`");
  }
  for (const Bound& one : bound) {
    if (one.made->count() == 0) continue;
    std::string key = key_of(*one.option);
    if (key == "ca-file") key = "ca_file";
    parsed.arguments.set(std::move(key), one.values);
  }
  parsed.command = command;
  return parsed;
}

}  // namespace entraide::cli
