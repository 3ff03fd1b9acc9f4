#include "apps/entraide/context.h"

#include <algorithm>
#include <csignal>
#include <iostream>

#include <unistd.h>

#include "apps/entraide/verbose.h"
#include "client/admin.h"
#include "client/files.h"
#include "client/passphrase.h"
#include "codec/codec.h"

namespace entraide::cli {

using client::KeyUse;
using codec::Json;

namespace {
constexpr std::size_t kCertificateBytesMax = 256 << 10;
}

struct Context::Parts {
  std::unique_ptr<client::Transport> transport;
  std::optional<client::Api> api;
  bool has_session = false;
  std::optional<client::KeyStore> keys;
  std::optional<client::Mirror> mirror;
  bool mirror_fresh = false;
  std::map<Digest, rulebook::Rulebook> rulebooks;
  std::map<std::string, std::unique_ptr<crypto::Signer>> signers;   // by key name
  std::unique_ptr<crypto::Agreement> seal_key;
  std::optional<client::RingReader> rings;
  std::optional<client::Outbox> outbox;
  std::optional<client::FileLock> lock;

  Result<const crypto::Signer*> signer(const std::string& name) {
    auto& place = signers[name];
    if (!place) place = TRY(keys->signer(name));
    return place.get();
  }
};

Context::Context(const Arguments& arguments, Config config, Output output)
    : arguments_(arguments),
      config_(std::move(config)),
      output_(std::move(output)),
      parts_(std::make_unique<Parts>()) {}
Context::~Context() = default;

Result<client::Api*> Context::api() {
  if (parts_->api) return &*parts_->api;
  const std::string hub = config_.get("hub");
  if (hub.empty()) return fail(Errc::invalid, "usage", "no hub: run `entraide init --hub https://...` or give --hub");
  client::CurlOptions door{config_.get("ca_file"), "entraide/" ENTRAIDE_VERSION, Seconds{15}};
  if (const std::string file = config_.get("tls_certificate"); !file.empty()) {
    const std::string key = config_.get("tls_key");
    if (key.empty())
      return fail(Errc::invalid, "usage",
                  "tls_certificate is set and tls_key is not: `entraide config set tls_key FILE`");
    door.certificate = TRY(read_text(file, kCertificateBytesMax));
    door.certificate_key =
        std::make_shared<const SecretBytes>(TRY(client::read_private_file(key, kCertificateBytesMax)));
  }
  parts_->transport = client::make_curl_transport(std::move(door));
  if (arguments_.has("verbose")) parts_->transport = tell_each_exchange(std::move(parts_->transport));
  client::ApiOptions options{hub, language(), 5, {}, {}};
  options.on_retry = [this](const std::string& words) { output_.say(words); };
  parts_->api.emplace(*parts_->transport, clock_, random_, std::move(options));
  return &*parts_->api;
}

Result<std::string> Context::certificate_thumbprint(const Subject& holder) {
  const std::string file = config_.get("tls_certificate");
  if (!file.empty()) return codec::to_text(TRY(read_certificates(file))[0].fingerprint());
  if (holder.str().starts_with("sy:"))
    return fail(
        Errc::invalid, "usage",
        "a system signs in with a certificate: `entraide config set tls_certificate FILE`, and tls_key, first");
  return std::string();
}

client::SecretSource Context::secret_source() const {
  client::SecretSource source;
  if (const auto file = arguments_.get("pin-file")) source.file = *file;
  if (const auto number = arguments_.get("pin-fd")) source.descriptor = std::atoi(number->c_str());
  return source;
}

Result<client::KeyStore*> Context::keys() {
  if (parts_->keys) return &*parts_->keys;
  std::error_code none;
  if (!std::filesystem::exists(key_file(), none))
    return fail(Errc::unauthenticated, "keystore.none",
                "profile " + config_.profile() + " has no key store yet; run `entraide init`");
  const SecretBytes passphrase = TRY(client::read_secret(secret_source(), "Passphrase of " + key_file().string()));
  parts_->keys = TRY(client::KeyStore::open(key_file(), passphrase));
  return &*parts_->keys;
}

Result<client::Api*> Context::session() {
  client::Api* hub = TRY(api());
  if (parts_->has_session) return hub;
  client::KeyStore* store = TRY(keys());
  // Best a key that the directory knows, and of those the device, for it reads most; then the one that --key names.
  client::Mirror* copy = TRY(mirror());
  const std::string named = arguments_.get_or("key", "");
  std::vector<std::pair<int, const client::StoredKey*>> candidates;
  for (const client::StoredKey& key : store->keys()) {
    if (key.use != KeyUse::sign && key.use != KeyUse::root && key.use != KeyUse::administrator) continue;
    const directory::Key* known = copy->directory().key(key.public_key.kid());
    int worth = key.use == KeyUse::sign ? 5 : key.use == KeyUse::root ? 2 : 1;
    if (key.name == named) worth += 2;
    if (known != nullptr && known->active()) worth += 8;
    candidates.emplace_back(-worth, &key);
  }
  std::sort(candidates.begin(), candidates.end());
  const client::StoredKey* dpop = store->only(KeyUse::dpop);
  if (candidates.empty() || dpop == nullptr)
    return fail(Errc::unauthenticated, "session.none",
                "the key store has no device's signing key; make one with `entraide device request`");
  std::vector<const crypto::Signer*> signers;
  for (const auto& [worth, key] : candidates)  // a further card is not touched for a session
    if (signers.empty() || !key->card) signers.push_back(TRY(parts_->signer(key->name)));
  const crypto::Signer* bound = TRY(parts_->signer(dpop->name));
  // A session is worth nothing without the DPoP key, so it may be kept on disk.
  const std::filesystem::path file = config_.data("session.json");
  std::optional<client::Session> known;
  if (const auto bytes = client::read_private_file(file, 64 << 10)) {
    const auto value = codec::parse_json(bytes->view());
    if (value && value->is_object()) {
      codec::ObjectReader in(*value, "session");
      client::Session session{in.string("token"), {}, KeyId(in.string("kid"))};
      const std::int64_t until = in.integer("until");
      const std::string at = in.string("hub");
      session.expires_at = from_seconds(until);
      const bool ours = session.by == signers[0]->public_key().kid();
      if (in.finish() && ours && at == hub->base_url()) known = std::move(session);
    }
  }
  hub->sign_in_with(std::move(signers), *bound, std::move(known), [this, file, hub](const client::Session& session) {
    const std::string text = codec::to_json(Json::object({{"token", session.token},
                                                          {"until", to_seconds(session.expires_at)},
                                                          {"kid", session.by.str()},
                                                          {"hub", hub->base_url()}}));
    if (const auto kept = client::write_file_whole(file, bytes_of(text)); !kept) output_.warn(kept.error().message);
  });
  parts_->has_session = true;
  return hub;
}

Result<client::Mirror*> Context::mirror() {
  if (parts_->mirror) return &*parts_->mirror;
  client::MirrorOptions options{config_.data("mirror.json"), std::nullopt};
  if (const std::string genesis = config_.get("genesis"); !genesis.empty())
    options.genesis = TRY(act::act_id_from_text(genesis));
  parts_->mirror = TRY(client::Mirror::load(std::move(options)));
  return &*parts_->mirror;
}

Result<client::Mirror*> Context::fresh_mirror() {
  client::Mirror* copy = TRY(mirror());
  if (parts_->mirror_fresh) return copy;
  client::Api* hub = TRY(session());
  const bool first = copy->empty();
  TRY(copy->update(*hub));
  if (first && config_.get("genesis").empty()) {
    output_.warn("This profile now trusts the ledger that begins with genesis " + act::to_text(*copy->genesis()) +
                 ".\nCompare it with the one that your authority publishes before you rely on it.");
    TRY(config_.set("genesis", act::to_text(*copy->genesis())));
  }
  parts_->mirror_fresh = true;
  return copy;
}

Result<const rulebook::Rulebook*> Context::rules(const Digest& digest) {
  if (const auto found = parts_->rulebooks.find(digest); found != parts_->rulebooks.end()) return &found->second;
  const std::string name = codec::to_text(digest);
  const std::filesystem::path file = config_.data("rulebooks/" + name + ".json");
  auto bytes = client::read_file(file, 64 << 20);
  const bool fetched = !bytes;
  if (fetched) {
    client::Api* hub = TRY(api());
    const std::string text = TRY(hub->get_public_text("/v1/rulebook/" + name));
    bytes = to_bytes(text);
  }
  rulebook::Rulebook rules = TRY(rulebook::load_bundle(*bytes));
  if (rules.digest() != digest)
    return fail(Errc::not_authentic, "rulebook.digest",
                "the rulebook that came is not version " + name + ", which the directory says is in force");
  if (fetched) TRY(client::write_file_whole(file, *bytes));
  return &parts_->rulebooks.emplace(digest, std::move(rules)).first->second;
}

Result<const rulebook::Rulebook*> Context::rules() {
  client::Mirror* copy = TRY(fresh_mirror());
  ENSURE(!copy->directory().rulebooks().empty());  // genesis names one
  return rules(copy->directory().rulebooks().back());
}

Result<Subject> Context::authority() {
  if (const std::string named = config_.get("authority"); !named.empty()) {
    Subject subject(named);
    TRY(act::subject_kind(subject));
    return subject;
  }
  client::KeyStore* store = TRY(keys());
  const client::StoredKey* device = store->only(KeyUse::sign);
  client::Mirror* copy = TRY(fresh_mirror());
  if (device != nullptr) {
    const directory::Device* enrolled = copy->directory().device(device->public_key.kid());
    const directory::Officer* officer = enrolled == nullptr ? nullptr : copy->directory().officer(enrolled->officer);
    if (officer != nullptr && officer->assignments.size() == 1) return officer->assignments.begin()->first;
  }
  return fail(Errc::invalid, "usage",
              "for which authority? give --authority au:..., or `entraide config set authority au:...`");
}

Result<client::Author> Context::author() {
  client::KeyStore* store = TRY(keys());
  const auto named = arguments_.get("key");
  const client::StoredKey* device = named ? store->find(*named) : store->only(KeyUse::sign);
  if (device == nullptr || device->use != KeyUse::sign)
    return fail(Errc::unauthenticated, "session.none",
                "the key store has no device's signing key" + (named ? " named " + *named : std::string()) +
                    "; see `entraide device request`");
  const Subject of = TRY(authority());
  client::Mirror* copy = TRY(fresh_mirror());
  const directory::Device* enrolled = copy->directory().device(device->public_key.kid());
  if (enrolled == nullptr)
    return fail(Errc::refused, "act.device.unknown",
                "this device is not enrolled yet; hand the file of `entraide device request` to your administrator");
  // A copy that was made anew, on a new machine say, learns from the hub how far this device has counted.
  client::Api* door = TRY(session());
  const Json me = TRY(door->get("/v1/me"));
  if (const Json* sent = me.find("sent"); sent != nullptr)
    TRY(copy->reconcile_sent(device->public_key.kid(), *sent, clock_.now()));
  return client::Author{enrolled->officer, of, TRY(parts_->signer(device->name))};
}

Result<client::Author> Context::official(KeyUse use, const Subject& for_subject) {
  client::KeyStore* store = TRY(keys());
  const auto named = arguments_.get("key");
  const client::StoredKey* key = named ? store->find(*named) : nullptr;
  for (const client::StoredKey& candidate : store->keys())
    if (!named && key == nullptr && candidate.use == use &&
        (candidate.subject.empty() || candidate.subject == for_subject))
      key = &candidate;
  if (key == nullptr)
    return fail(Errc::unauthenticated, "keystore.missing",
                "the key store has no " + std::string(client::to_text(use)) + " key" +
                    (named ? " named " + *named : " of " + for_subject.str()) + "; see `entraide key list`");
  const Subject by = key->subject.empty() ? for_subject : key->subject;
  return client::Author{by, for_subject, TRY(parts_->signer(key->name))};
}

std::vector<const crypto::Signer*> FurtherSigners::views() const {
  std::vector<const crypto::Signer*> out;
  for (const auto& signer : owned) out.push_back(signer.get());
  return out;
}

Result<FurtherSigners> Context::further_signers() {
  client::KeyStore* store = TRY(keys());
  FurtherSigners out;
  for (const std::string& name : arguments_.all("with-key")) out.owned.push_back(TRY(store->signer(name)));
  return out;
}

Result<client::DocumentSigner> Context::document_signer() {
  client::KeyStore* store = TRY(keys());
  const client::StoredKey* key = store->only(KeyUse::document);
  if (key == nullptr || key->certificates.empty())
    return fail(Errc::refused, "seal.signer",
                "no document signing key with a certificate: `entraide key new document --use document`, "
                "`entraide pki issue` at your country's root, then `entraide key certificate document FILE`");
  return client::DocumentSigner{TRY(parts_->signer(key->name)), key->certificates};
}

Result<client::RingReader*> Context::rings() {
  if (parts_->rings) return &*parts_->rings;
  client::KeyStore* store = TRY(keys());
  const client::StoredKey* key = store->only(KeyUse::seal);
  if (key == nullptr)
    return fail(Errc::unauthenticated, "keystore.missing",
                "the key store has no device's sealing key; see `entraide device request`");
  parts_->seal_key = TRY(store->agreement(key->name));
  client::Api* hub = TRY(session());
  client::Mirror* copy = TRY(fresh_mirror());
  parts_->rings.emplace(*hub, *copy, *parts_->seal_key);
  return &*parts_->rings;
}

Result<client::Outbox*> Context::outbox() {
  if (parts_->outbox) return &*parts_->outbox;
  client::Api* hub = TRY(session());
  client::Mirror* copy = TRY(mirror());
  auto lock = TRY(client::FileLock::take(config_.data("lock")));  // one process at a time counts and sends
  parts_->lock.emplace(std::move(lock));
  parts_->outbox.emplace(config_.data("outbox"), *hub, *copy);
  return &*parts_->outbox;
}

Result<> Context::confirm(const std::string& question) {
  if (arguments_.has("yes")) return {};
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0)
    return fail(Errc::invalid, "usage.yes",
                question + " There is no terminal to ask on: give --yes if you mean it, or --dry-run to look first");
  std::cerr << safe(question) << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "y" || answer == "Y" || answer == "yes") return {};
  return fail(Errc::invalid, "usage.no", "nothing was sent");
}

Result<> Context::write_prepared(const act::Act& act, const client::Author& author, std::vector<std::string> objects,
                                 std::span<const crypto::Signer* const> further) {
  client::admin::PreparedAct prepared{"", act::payload_of(act), std::move(objects)};
  TRY(client::admin::cosign(prepared, *author.signer));
  for (const crypto::Signer* signer : further) TRY(client::admin::cosign(prepared, *signer));
  const auto judged_by = rules(act.rulebook);
  const Time until =
      judged_by ? rulebook::admissible_until(**judged_by, act.type, act.at) : act.at + rulebook::kSigningWindow;
  const std::string file = *arguments_.get("save");
  TRY(client::write_file_whole(file, bytes_of(client::admin::to_text(prepared))));
  output_.say("Wrote " + file + ". It can be countersigned with `entraide act cosign " + file +
              "` and sent with `entraide act submit " + file + "`, until " + codec::rfc3339(until) + ".");
  return {};
}

Result<std::optional<client::Sent>> Context::send(const client::Author& author, client::Intent intent,
                                                  std::vector<std::string> objects,
                                                  std::span<const crypto::Signer* const> further,
                                                  std::optional<Digest> rulebook) {
  client::Outbox* out = TRY(outbox());
  const auto resumed = TRY(out->resume());
  for (const auto& one : resumed)
    output_.say("An act that was left behind, " + act::to_text(one.id) + ": " +
                (one.outcome ? "sent" : one.outcome.error().message));
  if (out->pending())
    return fail(Errc::unavailable, "outbox.pending",
                "an earlier act is still on its way; its counter must arrive first: `entraide act resume`");
  client::Mirror* copy = TRY(mirror());
  TRY(copy->refresh());
  const act::Act act = client::compose(*copy, author, std::move(intent), clock_.now(), random_, rulebook);
  if (arguments_.has("save")) {
    TRY(write_prepared(act, author, std::move(objects), further));
    return std::nullopt;
  }
  std::string body = TRY(client::sign(act, author, further));
  if (arguments_.has("dry-run")) {
    Json shown = Json::object({{"act", TRY(codec::parse_json(act::payload_of(act)))}});
    client::Api* hub = TRY(api());
    // Files go up only when the act goes out, so the hub judges the act without them.
    act::Act judged = act;
    std::erase_if(judged.objects,
                  [](const act::ObjectRef& object) { return object.kind == act::ObjectRef::Kind::file; });
    const auto decision = hub->dry_run(TRY(client::sign(judged, author, further)), objects);
    shown.set("decision", decision ? *decision
                                   : Json::object({{"decision", "refused"},
                                                   {"rule", decision.error().rule},
                                                   {"detail", decision.error().message}}));
    output_.text(codec::to_pretty_json(shown) + "\n");
    if (!decision) return std::unexpected(decision.error());
    output_.say("Nothing was sent.");
    return std::nullopt;
  }
  std::string receivers;
  for (const Subject& receiver : act.to) receivers += " " + receiver.str();
  TRY(confirm("Sign " + act.type + " for " + act.for_authority.str() + (receivers.empty() ? "" : " to" + receivers) +
              " and send it?"));
  return TRY(out->send(std::move(body), std::move(objects)));
}

Result<client::Sent> Context::deliver(std::string body, std::vector<std::string> objects) {
  client::Outbox* out = TRY(outbox());
  TRY(out->resume());
  return out->send(std::move(body), std::move(objects));
}

void Context::report(const client::Sent& sent, const std::string& next) {
  Json record = Json::object({{"act", act::to_text(sent.id)},
                              {"type", sent.act.type},
                              {"index", sent.index},
                              {"time", codec::rfc3339(sent.time)}});
  if (!sent.reference.empty()) record.set("reference", sent.reference);
  if (!sent.case_id.empty()) record.set("case", sent.case_id);
  if (!sent.state.members().empty()) record.set("state", sent.state);
  record.set("receipt", config_.data("outbox/receipts").string() + "/" + act::to_text(sent.id) + ".tlog-proof");
  output_.record(record);
  output_.say(
      std::string(sent.is_new ? "Done: it stands in the ledger at index " : "The ledger had it already, at index ") +
      std::to_string(sent.index) + ", checked here." + (next.empty() ? "" : " Next: " + next));
}

}  // namespace entraide::cli
