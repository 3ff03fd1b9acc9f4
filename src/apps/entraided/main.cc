// The hub's daemon: serve, and what its operator does beside serving (fsck, rebuild, backup, restore).

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include <CLI/CLI.hpp>

#include "apps/entraided/config.h"
#include "apps/entraided/serve.h"
#include "codec/codec.h"
#include "hub/rebuild.h"

namespace entraide::entraided {
namespace {

// Exit codes of the command line conventions: 1 failed, 2 usage, 6 not valid, 8 unavailable.
int exit_code(const Error& error) {
  if (error.code == Errc::not_authentic) return 6;
  return error.code == Errc::unavailable ? 8 : 1;
}

int report(const Error& error) {
  std::cerr << "entraided: " << error.message << " [" << error.rule << "]\n";
  return exit_code(error);
}

Result<ledger::Log> log_of(const Config& config) {
  const SecretBytes seed = TRY(key_file(config.log_key_file));
  auto key = TRY(crypto::LogSigningKey::from_seed(seed.view()));
  if (!merkle::is_key_name(config.origin))
    return fail(Errc::invalid, "config.origin", "origin: must be a name like hub.example/ledger");
  return ledger::Log{config.origin, std::move(key)};
}

// What is looked at must be there: a key or a database that is made now would make a whole ledger look false, or an empty one clean.
Result<> is_there(const std::string& path, std::string_view what, std::string_view flag) {
  if (std::filesystem::exists(path)) return {};
  return fail(Errc::not_found, "file.missing",
              path + ": " + std::string(what) + " is not there; name the hub's own with " + std::string(flag) +
                  " or --config",
              path);
}

Result<bool> fsck(const Config& config) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (config.database.starts_with(kSqlite))
    TRY(is_there(config.database.substr(kSqlite.size()), "the database", "--database"));
  TRY(is_there(config.log_key_file, "the log's key", "--log-key-file"));
  const ledger::Log log = TRY(log_of(config));
  auto database = TRY(store::Database::open(config.database));
  bool clean = true;
  {
    auto connection = TRY(database->connect());
    const auto found = TRY(ledger::check(connection, log.verifier()));
    std::cout << found.entries << " entries, " << found.checkpoints << " checkpoints checked\n";
    for (const std::string& fault : found.faults) std::cout << "fault: " << fault << "\n";
    clean = found.faults.empty();
    auto shelf = TRY(hub::Shelf::open(connection));
    const auto rebuilt = TRY(hub::rebuild(connection, *shelf, false));
    for (const std::string& table : rebuilt.changed)
      std::cout << "fault: the rows of " << table << " are not what the acts give; run `entraided rebuild`\n";
    clean = clean && rebuilt.changed.empty();
  }
  TRY(database->close());
  std::cout << (clean ? "clean\n" : "NOT clean\n");
  return clean;
}

Result<> rebuild(const Config& config) {
  auto database = TRY(store::Database::open(config.database));
  {
    auto connection = TRY(database->connect());
    auto shelf = TRY(hub::Shelf::open(connection));
    const auto rebuilt = TRY(hub::rebuild(connection, *shelf, true));
    std::cout << rebuilt.entries << " entries replayed\n";
    for (const std::string& table : rebuilt.changed) std::cout << table << ": rows changed\n";
    if (rebuilt.changed.empty()) std::cout << "every projection was right already\n";
  }
  return database->close();
}

Result<> backup(const Config& config, const std::string& file) {
  auto database = TRY(store::Database::open(config.database, {.read_only = config.database.starts_with("sqlite:")}));
  TRY(database->backup(file));
  std::cout << "database written to " << file << "; copy the folder " << config.blobs
            << " and the key files as well\n";
  return database->close();
}

Result<> restore(const Config& config, const std::string& file) {
  auto database = TRY(store::Database::open(config.database));
  TRY(database->restore(file));
  std::cout << "restored; run `entraided fsck` before serving\n";
  return database->close();
}

Result<> print_key(const Config& config) {
  const ledger::Log log = TRY(log_of(config));
  std::cout << log.verifier().vkey() << "\n";
  return {};
}

// Keys and plaintext never reach a core file or another process of this user.
void harden() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

int run(int argc, char** argv) {
  Config config;
  CLI::App app("entraided: the hub of Entraide");
  app.require_subcommand(1);
  app.fallthrough();  // flags may stand before or after the command
  app.set_version_flag("--version", ENTRAIDE_VERSION);
  std::string config_file;
  app.add_option("--config", config_file, "configuration file (JSON); flags win over it")->check(CLI::ExistingFile);

  std::vector<std::function<void(Config&)>> overrides;
  const auto option = [&](const std::string& name, const std::string& help, std::string Config::* member) {
    app.add_option_function<std::string>(
        name,
        [&overrides, member](const std::string& value) {
          overrides.push_back([member, value](Config& into) { into.*member = value; });
        },
        help);
  };
  option("--database", "sqlite:PATH or postgresql://...", &Config::database);
  option("--blobs", "folder of files and tiles", &Config::blobs);
  option("--rulebook", "folder of a rulebook to keep and offer", &Config::rulebook);
  option("--origin", "the ledger's name, HOST/ledger", &Config::origin);
  option("--log-key-file", "seed of the log's Ed25519 key", &Config::log_key_file);
  option("--session-key-file", "key of session tokens, the same on every node", &Config::session_key_file);
  option("--name", "what the hub calls itself", &Config::name);
  option("--public-url", "https://HOST as clients see it", &Config::public_url);
  option("--systems-url", "https://HOST:PORT of the mtls:// address, as systems see it", &Config::systems_url);
  option("--tls-certificate", "PEM chain, leaf first", &Config::tls_certificate);
  option("--tls-key", "PEM key", &Config::tls_key);
  option("--metrics-listen", "address for /metrics, loopback", &Config::metrics_listen);
  option("--openapi", "the API's contract, JSON", &Config::openapi);
  option("--desk", "folder of the built web desk; `none` serves none", &Config::desk);
  option("--demonstration-people", "keys of a demonstration's people, as `entraide demo start` writes them",
         &Config::demonstration_people);
  app.add_option_function<std::vector<std::string>>(
      "--listen",
      [&](const std::vector<std::string>& value) {
        overrides.push_back([value](Config& into) { into.listen = value; });
      },
      "addresses: 127.0.0.1:8080 (plain, loopback), https://0.0.0.0:8443, or mtls://0.0.0.0:8444 for systems");
  app.add_flag_callback(
      "--demonstration", [&] { overrides.push_back([](Config& into) { into.demonstration = true; }); },
      "a demonstration world with fictional people; plainly marked");

  std::string file;
  CLI::App* serve_command = app.add_subcommand("serve", "run the hub until SIGTERM");
  CLI::App* fsck_command = app.add_subcommand("fsck", "recompute ledger and projections, change nothing");
  CLI::App* rebuild_command = app.add_subcommand("rebuild", "recompute projections from the acts");
  CLI::App* backup_command = app.add_subcommand("backup", "write the database to a file while the hub runs");
  backup_command->add_option("file", file, "a new file")->required();
  CLI::App* restore_command = app.add_subcommand("restore", "fill an empty database from a backup");
  restore_command->add_option("file", file, "a backup")->required()->check(CLI::ExistingFile);
  CLI::App* key_command = app.add_subcommand("log-key", "print the log's verifier key, making it if need be");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : 2;
  }
  if (!config_file.empty()) {
    auto loaded = load_config(config_file);
    if (!loaded) return report(loaded.error());
    config = std::move(*loaded);
  }
  for (const auto& change : overrides) change(config);

  harden();
  if (fsck_command->parsed()) {
    const auto clean = fsck(config);
    return clean ? (*clean ? 0 : 6) : report(clean.error());
  }
  Result<> done;
  if (serve_command->parsed()) {
    auto log = log_of(config);
    done = log ? serve(config, std::move(*log)) : Result<>(std::unexpected(log.error()));
  } else if (rebuild_command->parsed()) {
    done = rebuild(config);
  } else if (backup_command->parsed()) {
    done = backup(config, file);
  } else if (restore_command->parsed()) {
    done = restore(config, file);
  } else if (key_command->parsed()) {
    done = print_key(config);
  }
  return done ? 0 : report(done.error());
}

}  // namespace
}  // namespace entraide::entraided

int main(int argc, char** argv) { return entraide::entraided::run(argc, argv); }
