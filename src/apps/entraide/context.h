#pragma once

// What a command works with: configuration, keys, hub, verified copy, rulebook. Each is opened when it is first asked
// for, so that a command that needs no network makes no connection and one that needs no key asks for no passphrase.

#include "apps/entraide/config.h"
#include "apps/entraide/output.h"
#include "client/client.h"
#include "client/keystore.h"
#include "client/outbox.h"
#include "client/passphrase.h"
#include "client/rings.h"
#include "client/seal.h"
#include "client/verdict.h"
#include "rulebook/rulebook.h"

namespace entraide::cli {

/// The keys that sign an act besides its author's (--with-key).
struct FurtherSigners {
  std::vector<std::unique_ptr<crypto::Signer>> owned;
  std::vector<const crypto::Signer*> views() const;
};

class Context {
 public:
  Context(const Arguments& arguments, Config config, Output output);
  ~Context();

  const Arguments& args() const { return arguments_; }
  Config& config() { return config_; }
  const Output& out() const { return output_; }
  std::string language() const { return config_.get("language"); }
  const Clock& clock() const { return clock_; }
  Random& random() { return random_; }

  /// Rules: usage (no hub configured).
  Result<client::Api*> api();
  /// The API with a session of this device (or of a root's or administrator's key). Rule: session.none.
  Result<client::Api*> session();
  Result<client::KeyStore*> keys();
  /// Base64url SHA-256 of the TLS certificate of this profile, with which `holder` will sign in; empty where there is none.
  /// Rules: usage (a system needs one), certificate.form.
  Result<std::string> certificate_thumbprint(const Subject& holder);
  std::filesystem::path key_file() const { return config_.data("keys"); }
  client::SecretSource secret_source() const;

  /// The verified copy as it is on disk.
  Result<client::Mirror*> mirror();
  /// The verified copy, brought up to date.
  Result<client::Mirror*> fresh_mirror();
  /// The rulebook in force, or the one of that digest: from this machine's store, or fetched and checked by its
  /// digest.
  Result<const rulebook::Rulebook*> rules();
  Result<const rulebook::Rulebook*> rules(const Digest& digest);

  /// For which authority: --authority, the profile, or the only one of the officer. Rule: usage.
  Result<Subject> authority();
  /// The officer's device, for that authority.
  Result<client::Author> author();
  /// A root's or administrator's key by --key, or the only one of that use. `for_subject` is for whom the act is.
  Result<client::Author> official(client::KeyUse use, const Subject& for_subject);
  Result<FurtherSigners> further_signers();
  Result<client::DocumentSigner> document_signer();
  /// Opens rings with this device's sealing key.
  Result<client::RingReader*> rings();
  Result<client::Outbox*> outbox();

  /// Signs `intent` and sends it, once. Asks first; with --dry-run shows the act and what the hub would say; with
  /// --save FILE writes a prepared act for further signatures. Nothing is given back then.
  Result<std::optional<client::Sent>> send(const client::Author& author, client::Intent intent,
                                           std::vector<std::string> objects,
                                           std::span<const crypto::Signer* const> further = {},
                                           std::optional<Digest> rulebook = {});
  /// Sends an act that is signed already.
  Result<client::Sent> deliver(std::string body, std::vector<std::string> objects);
  /// Yes, on the terminal or by --yes. Rule: usage.yes.
  Result<> confirm(const std::string& question);
  /// Tells a person what happened and what may come next.
  void report(const client::Sent& sent, const std::string& next);

 private:
  struct Parts;
  Result<> write_prepared(const act::Act& act, const client::Author& author, std::vector<std::string> objects,
                          std::span<const crypto::Signer* const> further);

  Arguments arguments_;
  Config config_;
  Output output_;
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<Parts> parts_;
};

// Small things that many commands need.

/// A file's text, at most `bytes_max`.
Result<std::string> read_text(const std::filesystem::path& path, std::size_t bytes_max = 64 << 20);
/// A public key from a file with a JWK. Rule: jwk.*.
Result<crypto::PublicKey> read_public_key(const std::filesystem::path& path);
Result<std::vector<crypto::PublicKey>> read_public_keys(const std::vector<std::string>& paths);
/// One or more certificates, PEM. Rule: certificate.form.
Result<std::vector<crypto::Certificate>> read_certificates(const std::filesystem::path& path);
std::string to_pem(const crypto::Certificate& certificate);
/// "2027-01-01", or a whole RFC 3339 time. Rule: usage.
Result<Time> parse_day(const std::string& text);
/// A time in the future like "90d", "8h", "15m", "30s". Rule: usage.
Result<Seconds> parse_period(const std::string& text);
/// "FR" of a country, or of an authority there; empty for anybody else.
std::string country_code(const Subject& subject);
/// A subject's name as people may shorten it: "fr" or "FR" for a country's, else as it is.
Result<Subject> parse_subject(const std::string& text);
/// The option `--country` as "ke", however it was written; empty where it is not given. Rule: usage.
Result<std::string> country_option(const Arguments& args);
/// A verdict as rows: finding, check, words.
void print_verdict(const Output& out, const client::Verdict& verdict);
codec::Json json_of(const client::Verdict& verdict);
/// Set by SIGINT in commands that wait.
bool interrupted();
void watch_for_interrupt();

}  // namespace entraide::cli
