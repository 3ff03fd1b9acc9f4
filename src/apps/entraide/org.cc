// org, country, authority: acts of the roots.

#include <algorithm>

#include "apps/entraide/context.h"
#include "client/admin.h"
#include "client/files.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {

using client::KeyUse;
using codec::Json;

/// The signers named by --with-key, besides the author.
Result<> send_official(Context& context, const client::Author& author, client::Intent intent, const std::string& next,
                       std::vector<std::string> objects = {}, std::optional<Digest> rulebook = {}) {
  const FurtherSigners signers = TRY(context.further_signers());
  const auto sent = TRY(context.send(author, std::move(intent), std::move(objects), signers.views(), rulebook));
  if (sent) context.report(*sent, next);
  return {};
}

Result<std::int64_t> threshold(Context& context, std::size_t keys) {
  const std::string text = context.args().get_or("threshold", std::to_string(keys / 2 + 1));
  const std::int64_t m = std::atoll(text.c_str());
  if (m < 1 || m > static_cast<std::int64_t>(keys))
    return fail(Errc::invalid, "usage",
                "--threshold: must be between 1 and the number of roots (" + std::to_string(keys) + ")");
  return m;
}

Result<> genesis(Context& context) {
  const Arguments& args = context.args();
  client::Api* hub = TRY(context.api());
  const Json status = TRY(hub->get_public("/v1/status"));
  codec::ObjectReader in(status, "status");
  const std::string log = in.string("log_vkey");
  TRY(in.finish_open());
  if (const Json* begun = status.find("genesis"); begun != nullptr && begun->is_string())
    return fail(Errc::conflict, "dir.duplicate", "this ledger has begun already, with genesis " + begun->string());
  const auto roots = TRY(read_public_keys(args.all("root")));
  const std::int64_t m = TRY(threshold(context, roots.size()));
  std::string witnesses = "quorum none\n";
  if (const auto file = args.get("witnesses")) witnesses = TRY(read_text(*file, 64 << 10));
  Digest rules{};
  if (const auto digest = args.get("rulebook")) {
    rules = TRY(codec::hash_from_text<Digest>(*digest, "--rulebook"));
  } else {
    const auto folder = args.get("rulebook-folder");
    if (!folder)
      return fail(Errc::invalid, "usage", "which rulebook? give --rulebook DIGEST or --rulebook-folder DIR");
    const rulebook::Rulebook loaded = TRY(rulebook::load_folder(*folder));
    rules = loaded.digest();
  }
  context.out().say("The ceremony: " + std::to_string(roots.size()) + " roots, " + std::to_string(m) +
                    " must sign; log " + log + "; rulebook " + codec::to_text(rules) + ".");
  const client::Author author = TRY(context.official(KeyUse::root, Subject("org")));
  client::Intent intent{"dir.genesis", {}, {}, {}, {}, client::admin::genesis(roots, m, log, witnesses, rules)};
  const FurtherSigners signers = TRY(context.further_signers());
  const auto sent = TRY(context.send(author, std::move(intent), {}, signers.views(), rules));
  if (!sent) return {};
  TRY(context.config().set("genesis", act::to_text(sent->id)));
  context.report(*sent,
                 "publish the genesis id " + act::to_text(sent->id) + ": it is what everybody's trust stands on");
  return {};
}

Result<> activate_rulebook(Context& context) {
  const Digest digest = TRY(codec::hash_from_text<Digest>(*context.args().get("DIGEST"), "DIGEST"));
  TRY(context.fresh_mirror());
  const client::Author author = TRY(context.official(KeyUse::root, Subject("org")));
  return send_official(context, author, {"dir.rulebook", {}, {}, {}, {}, client::admin::rulebook(digest)},
                       "every client fetches it now");
}

Result<> add_country(Context& context) {
  const Arguments& args = context.args();
  TRY(context.fresh_mirror());
  const auto roots = TRY(read_public_keys(args.all("root")));
  const std::int64_t m = TRY(threshold(context, roots.size()));
  std::vector<crypto::Certificate> pki;
  for (const std::string& file : args.all("pki")) {
    const auto certificates = TRY(read_certificates(file));
    pki.insert(pki.end(), certificates.begin(), certificates.end());
  }
  const client::Author author = TRY(context.official(KeyUse::root, Subject("org")));
  return send_official(context, author,
                       {"dir.country", {}, {}, {}, {}, client::admin::country(*args.get("CC"), roots, m, pki)},
                       "the country adds its authorities: `entraide authority add`");
}

Result<> add_authority(Context& context) {
  const Arguments& args = context.args();
  TRY(context.fresh_mirror());
  const Subject authority = TRY(parse_subject(*args.get("AU")));
  Json name = Json::object();
  for (const char* language : {"en", "fr", "es", "ar"})
    if (const auto words = args.get(std::string("name-") + language)) name.set(language, *words);
  if (name.members().empty())
    return fail(Errc::invalid, "usage", "what is it called? give --name-en, --name-fr, --name-es or --name-ar");
  const auto administrators = TRY(read_public_keys(args.all("administrator")));
  if (administrators.size() < 2)
    return fail(Errc::invalid, "usage", "an authority has at least two administrators: give --administrator twice");
  const Subject country = act::country_of(authority);
  const client::Author author = TRY(context.official(KeyUse::root, country));
  return send_official(context, author,
                       {"dir.authority",
                        {},
                        {},
                        {},
                        {},
                        client::admin::authority(authority, *args.get("kind"), args.all("competence"),
                                                 std::move(name), administrators)},
                       "its administrators enrol officers: `entraide officer add`");
}

/// Who may revoke is the directory's to judge; the key is the nearest one at hand.
Result<client::Author> revoker(Context& context, const Subject& target) {
  client::KeyStore* store = TRY(context.keys());
  if (const auto name = context.args().get("key")) {
    const client::StoredKey* key = store->find(*name);
    if (key == nullptr) return fail(Errc::not_found, "keystore.missing", "the key store has no key named " + *name);
    return context.official(key->use, key->subject.empty() ? target : key->subject);
  }
  for (const client::StoredKey& key : store->keys())
    if (key.use == KeyUse::administrator && (key.subject == target || target.empty()))
      return context.official(KeyUse::administrator, key.subject);
  const Subject country = act::country_of(target);
  for (const client::StoredKey& key : store->keys())
    if (key.use == KeyUse::root && (key.subject == country || key.subject == Subject("org")))
      return context.official(KeyUse::root, key.subject);
  if (store->only(KeyUse::administrator) != nullptr)
    return context.official(KeyUse::administrator, store->only(KeyUse::administrator)->subject);
  return fail(Errc::unauthenticated, "keystore.missing",
              "the key store has no key that could revoke " + target.str());
}

Result<> close_subject(Context& context) {
  const Subject subject = TRY(parse_subject(*context.args().get("SUBJECT")));
  TRY(context.fresh_mirror());
  const client::Author author = TRY(revoker(context, subject));
  return send_official(context, author,
                       {"dir.revoke",
                        {},
                        {},
                        {},
                        {},
                        client::admin::revoke_subject(subject, *context.args().get("why"), context.clock().now())},
                       "make a new ring generation where it was a member: `entraide ring new`");
}

}  // namespace

std::vector<Command> org_commands() {
  const Option roots{"--root", "FILE", "a root's public key (JWK); one for each root", true, true};
  const Option with{"--with-key", "NAME", "sign with this key too; one for each", false, true};
  const Option m{"--threshold", "M", "how many roots must sign (default: more than half)"};
  const Option subject{"SUBJECT", "SUBJECT", "which", true};
  const Option why{"--why", "TEXT", "the reason; everybody in the directory reads it", true};
  return {
      {"org", "genesis", "Begin the ledger: the act that all trust stands on",
       and_sending({roots,
                    m,
                    with,
                    {"--rulebook", "DIGEST", "the rulebook in force from the start"},
                    {"--rulebook-folder", "DIR", "the same, from its folder"},
                    {"--witnesses", "FILE", "witnesses and quorum (tlog-policy)"}}),
       &genesis,
       "entraide org genesis --root r1.jwk --root r2.jwk --threshold 2 --key root-1 --with-key root-2 "
       "--rulebook-folder rulebook"},
      {"org", "rulebook", "Put a rulebook version in force",
       and_sending({{"DIGEST", "DIGEST", "of the version", true}, with}), &activate_rulebook, ""},
      {"country", "add", "Admit a country (its new roots sign too)",
       and_sending({{"CC", "CC", "two letters", true},
                    roots,
                    m,
                    with,
                    {"--pki", "FILE", "PEM roots that its document signers chain to", false, true}}),
       &add_country, "entraide country add fr --root fr1.jwk --pki fr-root.pem --with-key fr-root"},
      {"country", "close", "Suspend a country", and_sending({subject, why, with}), &close_subject, ""},
      {"authority", "add", "Enrol an authority of your country",
       and_sending({{"AU", "AU", "au:fr:central-authority", true},
                    {"--kind", "KIND", "a code of the rulebook, for example central-authority", true},
                    {"--administrator", "FILE", "an administrator's public key (JWK); at least two", true, true},
                    {"--competence", "CODE", "what it is competent for", false, true},
                    {"--name-en", "TEXT", "its name in English"},
                    {"--name-fr", "TEXT", "in French"},
                    {"--name-es", "TEXT", "in Spanish"},
                    {"--name-ar", "TEXT", "in Arabic"},
                    with}),
       &add_authority,
       "entraide authority add au:fr:central-authority --kind central-authority --name-en 'Central authority' "
       "--administrator a1.jwk --administrator a2.jwk"},
      {"authority", "close", "Suspend an authority", and_sending({subject, why, with}), &close_subject, ""},
      {"officer", "revoke", "End an officer's enrolment, with all devices", and_sending({subject, why, with}),
       &close_subject, ""},
  };
}

}  // namespace entraide::cli
