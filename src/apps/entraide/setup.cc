// init and config: a profile, its key store, its settings.

#include "apps/entraide/context.h"
#include "client/passphrase.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {

using codec::Json;

Result<> init(Context& context) {
  Config& config = context.config();
  for (const char* name : {"hub", "genesis", "ca_file", "authority", "officer"}) {
    const Value value = config.explain(name);
    if (!value.from.starts_with("flag")) continue;
    if (std::string_view(name) == "genesis") TRY(act::act_id_from_text(value.value));
    if (std::string_view(name) == "authority") TRY(parse_subject(value.value));
    TRY(config.set(name, value.value));
  }
  std::error_code none;
  if (!std::filesystem::exists(context.key_file(), none)) {
    const SecretBytes passphrase =
        TRY(client::read_secret(context.secret_source(), "New passphrase for " + context.key_file().string(), true));
    auto store = TRY(client::KeyStore::create(context.key_file(), passphrase, context.random()));
    TRY(store.generate("dpop", client::KeyUse::dpop, {}, context.random()));
    TRY(store.save(context.random()));
    context.out().say("Made the key store " + context.key_file().string() + ".");
  }
  context.out().record(Json::object({{"profile", config.profile()},
                                     {"config", config.file().string()},
                                     {"keys", context.key_file().string()},
                                     {"hub", config.get("hub")}}));
  if (config.get("genesis").empty())
    context.out().say(
        "No genesis is set: the first ledger that the hub shows will be trusted. Give --genesis ID to be sure; your "
        "authority publishes it.");
  context.out().say("Next: `entraide doctor`, then `entraide device request` to enrol this device.");
  return {};
}

Result<> config_list(Context& context) {
  Json::Array rows;
  for (const Setting& setting : settings()) {
    const Value value = context.config().explain(setting.name);
    rows.push_back(
        Json::object({{"name", setting.name}, {"value", value.value}, {"from", value.from}, {"help", setting.help}}));
  }
  context.out().rows({{"name", "NAME"}, {"value", "VALUE"}, {"from", "FROM"}}, rows);
  return {};
}

Result<> config_get(Context& context) {
  const std::string name = *context.args().get("NAME");
  const Value value = context.config().explain(name);
  if (value.from.empty())
    return fail(Errc::not_found, "config.unset", name + " is not set; `entraide config set " + name + " VALUE`");
  if (context.out().as_json())
    context.out().record(Json::object({{"name", name}, {"value", value.value}, {"from", value.from}}));
  else context.out().text(value.value + "\n");
  return {};
}

Result<> config_set(Context& context) {
  const std::string name = *context.args().get("NAME"), value = context.args().get_or("VALUE", "");
  TRY(context.config().set(name, value));
  context.out().say(value.empty()
                        ? "Removed " + name + "."
                        : "Set " + name + " = " + value + " in profile " + context.config().profile() + ".");
  return {};
}

Result<> profile_list(Context& context) {
  Json::Array rows;
  for (const std::string& name : context.config().profiles())
    rows.push_back(Json::object({{"profile", name}, {"current", name == context.config().profile()}}));
  context.out().rows({{"profile", "PROFILE"}, {"current", "CURRENT"}}, rows);
  return {};
}

}  // namespace

std::vector<Command> setup_commands() {
  return {
      {"init",
       "",
       "Make a profile and its key store",
       {},
       &init,
       "entraide init --hub https://hub.example --genesis ID"},
      {"config", "list", "Show every setting, its value and where it comes from", {}, &config_list, "", true},
      {"config", "explain", "Show every setting, its value and where it comes from", {}, &config_list, ""},
      {"config",
       "get",
       "Print one setting",
       {{"NAME", "NAME", "which", true}},
       &config_get,
       "entraide config get hub"},
      {"config",
       "set",
       "Change one setting of the profile; without a value, remove it",
       {{"NAME", "NAME", "which", true}, {"VALUE", "VALUE", "to what"}},
       &config_set,
       "entraide config set authority au:fr:central-authority"},
      {"profile", "list", "List the profiles of config.toml", {}, &profile_list, "", true},
  };
}

}  // namespace entraide::cli
