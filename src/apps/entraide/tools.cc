// api, doctor, completion, help, version.

#include <unistd.h>

#include "apps/entraide/context.h"
#include "client/files.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {

using codec::Json;

Result<> api(Context& context) {
  std::string method = *context.args().get("METHOD"), path = *context.args().get("PATH");
  if (!path.starts_with("/")) path = "/" + path;
  if (method != "GET" && method != "HEAD")
    return fail(Errc::invalid, "usage",
                "entraide api reads: GET or HEAD. What changes anything is an act; see `entraide act send`");
  const bool open = context.args().has("no-session");
  client::Api* hub = TRY(open ? context.api() : context.session());
  const client::HttpResponse response = TRY(hub->exchange({method, path, {}, {}}, !open));
  if (response.status >= 400) return std::unexpected(client::error_of(response));
  if (method == "HEAD") {
    for (const auto& [name, value] : response.headers) context.out().text(safe(name + ": " + value + "\n"));
    return {};
  }
  if (const auto value = codec::parse_json(response.body); value && ::isatty(STDOUT_FILENO) != 0)
    context.out().text(safe(codec::to_pretty_json(*value) + "\n"));
  else context.out().text(response.body);
  return {};
}

Result<> doctor(Context& context) {
  client::Verdict verdict;
  Config& config = context.config();
  verdict.holds("profile", "profile " + config.profile() + ", settings in " + config.file().string());
  if (config.get("hub").empty()) verdict.fails("hub", "no hub is set: `entraide init --hub https://...`");
  if (config.get("genesis").empty())
    verdict.not_shown("genesis", "no genesis is set: the first ledger that is shown will be trusted");
  else verdict.holds("genesis", "you trust the ledger that begins with " + config.get("genesis"));
  std::error_code none;
  const bool has_keys = std::filesystem::exists(context.key_file(), none);
  if (!has_keys) verdict.fails("keys", "no key store: `entraide init`");
  if (!config.get("hub").empty()) {
    client::Api* hub = TRY(context.api());
    const auto status = hub->get_public("/v1/status");
    if (verdict.note("reach", status, "the hub answers at " + config.get("hub"))) {
      const Json* time = status->find("time");
      const auto theirs = time != nullptr && time->is_string()
                              ? codec::from_rfc3339(time->string())
                              : Result<Time>(fail(Errc::invalid, "doctor.clock", "no time"));
      if (theirs) {
        const std::int64_t apart = std::abs(to_seconds(*theirs) - to_seconds(context.clock().now()));
        if (apart > 60)
          verdict.fails("clock", "this clock and the hub's are " + std::to_string(apart) +
                                     " s apart: acts are refused beyond 300 s, sessions beyond 60 s");
        else verdict.holds("clock", "this clock and the hub's agree within " + std::to_string(apart) + " s");
      }
      const Json* genesis = status->find("genesis");
      if (genesis != nullptr && genesis->is_string() && !config.get("genesis").empty() &&
          genesis->string() != config.get("genesis"))
        verdict.fails("genesis",
                      "the hub's ledger begins with " + genesis->string() + ": it is not the one that you trust");
      if (const Json* demonstration = status->find("demonstration");
          demonstration != nullptr && demonstration->is_bool() && demonstration->boolean())
        verdict.not_shown("demonstration", "this hub is a demonstration: nothing in it is real");
    }
  }
  if (has_keys && (context.args().has("pin-file") || context.args().has("pin-fd") || ::isatty(STDIN_FILENO) != 0)) {
    auto store = context.keys();
    if (verdict.note("keys", store, "the key store opens")) {
      const client::StoredKey* device = (*store)->only(client::KeyUse::sign);
      const client::StoredKey* document = (*store)->only(client::KeyUse::document);
      if (device == nullptr) verdict.not_shown("device", "no device's signing key: `entraide device request`");
      if (document == nullptr || document->certificates.empty())
        verdict.not_shown("document", "no certificate to sign documents with: `entraide pki issue`");
      else if (document->certificates[0].validity().until < context.clock().now() + Seconds(30 * 86400))
        verdict.fails("document", "the document certificate ends on " +
                                      codec::rfc3339(document->certificates[0].validity().until));
      else verdict.holds("document", "documents are signed as " + document->certificates[0].subject());
      if (device != nullptr && !config.get("hub").empty()) {
        auto mirror = context.fresh_mirror();
        if (verdict.note("ledger", mirror, "the ledger was verified up to its newest checkpoint")) {
          const directory::Key* key = (*mirror)->directory().key(device->public_key.kid());
          if (key == nullptr) verdict.fails("device", "this device is not enrolled");
          else if (!key->active()) verdict.fails("device", "this device has been revoked");
          else verdict.holds("device", "this device is enrolled for " + key->holder.str());
          client::Api* hub = TRY(context.session());
          const auto me = hub->get("/v1/me");
          if (const Json* sent = me ? me->find("sent") : nullptr; sent != nullptr)
            verdict.note("counters",
                         (*mirror)->reconcile_sent(device->public_key.kid(), *sent, context.clock().now()),
                         "the hub counts the same acts of this device as we do");
        }
      }
    }
  }
  if (context.out().as_json())
    context.out().record(Json::object({{"good", verdict.good()}, {"checks", json_of(verdict)}}));
  else print_verdict(context.out(), verdict);
  if (const client::Step* failed = verdict.first_failure()) return fail(Errc::internal, "doctor", failed->words);
  return {};
}

/// Word lists of a shell, from the command table.
std::string words(const std::vector<Option>& options) {
  std::string out;
  for (const Option& option : options) {
    if (!option.name.starts_with('-') || option.name == "--json-fields") continue;
    const std::size_t comma = option.name.find(',');
    out += (out.empty() ? "" : " ") + (comma == std::string::npos ? option.name : option.name.substr(comma + 1));
  }
  return out;
}

std::map<std::string, std::string> verbs_by_noun() {
  std::map<std::string, std::string> out;
  for (const Command& command : commands())
    out[command.noun] += command.verb.empty() ? "" : (out[command.noun].empty() ? "" : " ") + command.verb;
  return out;
}

std::string bash_completion() {
  std::string out =
      "# bash completion of entraide; in ~/.bashrc: source <(entraide completion bash)\n_entraide() {\n  local "
      "word=${COMP_WORDS[COMP_CWORD]} noun=${COMP_WORDS[1]} verb=${COMP_WORDS[2]}\n"
      "  if [ \"$COMP_CWORD\" = 1 ]; then\n    COMPREPLY=($(compgen -W \"";
  for (const auto& [noun, verbs] : verbs_by_noun()) out += noun + " ";
  out += "\" -- \"$word\")); return\n  fi\n  local flags=\"" + words(global_options()) + "\"\n  case \"$noun\" in\n";
  for (const auto& [noun, verbs] : verbs_by_noun()) {
    out += "    " + noun + ")\n      if [ \"$COMP_CWORD\" = 2 ] && [ \"${word#-}\" = \"$word\" ] && [ -n \"" + verbs +
           "\" ]; then COMPREPLY=($(compgen -W \"" + verbs +
           "\" -- \"$word\")); return; fi\n      case \"$verb\" in\n";
    for (const Command& command : commands())
      if (command.noun == noun)
        out += "        " + (command.verb.empty() ? std::string("*") : command.verb) + ") flags=\"$flags " +
               words(command.options) + "\" ;;\n";
    out += "      esac ;;\n";
  }
  return out +
         "  esac\n  if [ \"${word#-}\" != \"$word\" ]; then COMPREPLY=($(compgen -W \"$flags\" -- \"$word\")); "
         "return; fi\n  COMPREPLY=($(compgen -f -- \"$word\"))\n}\ncomplete -F _entraide entraide\n";
}

std::string zsh_completion() {
  return "#compdef entraide\n# zsh completion of entraide; in ~/.zshrc: source <(entraide completion zsh)\nautoload "
         "-U +X bashcompinit && bashcompinit\n" +
         bash_completion();
}

std::string fish_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out + "'";
}

std::string fish_completion() {
  std::string out = "# fish completion of entraide; save as ~/.config/fish/completions/entraide.fish\n";
  for (const auto& [noun, verbs] : verbs_by_noun())
    out += "complete -c entraide -n __fish_use_subcommand -f -a " + noun + "\n";
  for (const Command& command : commands()) {
    const std::string seen = "__fish_seen_subcommand_from " + command.noun;
    if (!command.verb.empty())
      out +=
          "complete -c entraide -n '" + seen + "' -f -a " + command.verb + " -d " + fish_quoted(command.help) + "\n";
    for (const Option& option : command.options) {
      if (!option.name.starts_with('-')) continue;
      const std::size_t comma = option.name.find(',');
      out += "complete -c entraide -n '" + seen +
             (command.verb.empty() ? "" : "; and __fish_seen_subcommand_from " + command.verb) + "' -l " +
             (comma == std::string::npos ? option.name.substr(2) : option.name.substr(comma + 3)) +
             (option.value.empty() ? "" : " -r") + " -d " + fish_quoted(option.help) + "\n";
    }
  }
  return out;
}

Result<> completion(Context& context) {
  const std::string shell = *context.args().get("SHELL");
  if (shell == "bash") context.out().text(bash_completion());
  else if (shell == "zsh") context.out().text(zsh_completion());
  else if (shell == "fish") context.out().text(fish_completion());
  else return fail(Errc::invalid, "usage", shell + ": the shells are bash, zsh and fish");
  return {};
}

Result<> help(Context& context) {
  const std::string noun = context.args().get_or("NOUN", ""), verb = context.args().get_or("VERB", "");
  const std::string text = help_text(noun, verb);
  if (text.empty())
    return fail(Errc::invalid, "usage",
                "there is no `" + noun + (verb.empty() ? "" : " " + verb) + "`; `entraide help` lists what there is");
  context.out().text(text);
  return {};
}

Result<> version(Context& context) {
  context.out().record(Json::object({{"version", ENTRAIDE_VERSION}}));
  return {};
}

}  // namespace

std::vector<Command> tool_commands() {
  return {
      {"api",
       "",
       "Read any path of the hub's API",
       {{"METHOD", "GET", "GET or HEAD", true},
        {"PATH", "PATH", "for example /v1/me", true},
        {"--no-session", "", "without signing in"}},
       &api,
       "entraide api GET /v1/me"},
      {"doctor", "", "Look whether everything is in order, and say what to do", {}, &doctor, ""},
      {"completion",
       "",
       "Print the completion of a shell",
       {{"SHELL", "SHELL", "bash, zsh or fish", true}},
       &completion,
       "source <(entraide completion bash)"},
      {"help",
       "",
       "Explain a noun or a command",
       {{"NOUN", "NOUN", ""}, {"VERB", "VERB", ""}},
       &help,
       "entraide help request new"},
      {"version", "", "Print the version", {}, &version, ""},
  };
}

}  // namespace entraide::cli
