// pki: a country's root for documents, and the certificates of those who sign them.

#include "apps/entraide/context.h"
#include "client/files.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {

using codec::Json;

Result<> write_certificate(Context& context, const crypto::Certificate& certificate, const std::string& also = "") {
  const std::string text = to_pem(certificate) + also;
  if (const auto file = context.args().get("out")) {
    TRY(client::write_file_whole(*file, bytes_of(text), 0644));
    context.out().say("Wrote " + *file + ": " + certificate.subject() + ".");
  } else {
    context.out().text(text);
  }
  return {};
}

crypto::Validity validity(Context& context, std::int64_t days) {
  // Whole seconds, and a minute back: clocks differ.
  const Time now = from_seconds(to_seconds(context.clock().now()) - 60);
  return {now, now + Seconds(days * 86400)};
}

Result<std::int64_t> days_of(Context& context, std::int64_t otherwise) {
  const auto text = context.args().get("days");
  if (!text) return otherwise;
  const Seconds period = TRY(parse_period(*text + "d"));
  return period.count() / 86400;
}

Result<> root(Context& context) {
  client::KeyStore* store = TRY(context.keys());
  const std::string name = context.args().get_or("key", "pki"), country = *context.args().get("country");
  if (store->find(name) == nullptr)
    TRY(store->generate(name, client::KeyUse::pki, Subject("cc:" + country), context.random()));
  const auto signer = TRY(store->signer(name));
  std::string code = country;
  for (char& c : code) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const std::int64_t days = TRY(days_of(context, 3650));
  auto certificate =
      TRY(crypto::create_root(*signer, {code, *context.args().get("organization"), *context.args().get("name")},
                              validity(context, days), context.random()));
  TRY(store->set_certificates(name, {certificate}));
  TRY(store->save(context.random()));
  return write_certificate(context, certificate);
}

Result<> issue(Context& context) {
  client::KeyStore* store = TRY(context.keys());
  const std::string name = context.args().get_or("key", "pki");
  const client::StoredKey* root_key = store->find(name);
  if (root_key == nullptr || root_key->certificates.empty())
    return fail(Errc::not_found, "keystore.missing",
                "the key store has no root named " + name + " with its certificate; see `entraide pki root`");
  const crypto::PublicKey subject = TRY(read_public_key(*context.args().get("PUBLIC")));
  const auto signer = TRY(store->signer(name));
  std::string code = root_key->subject.str().substr(root_key->subject.str().find(':') + 1, 2);
  for (char& c : code) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const std::int64_t days = TRY(days_of(context, 730));
  const auto certificate = TRY(crypto::issue_signing_certificate(
      *signer, root_key->certificates[0], subject,
      {code, context.args().get_or("organization", ""), *context.args().get("name")}, validity(context, days),
      context.random()));
  return write_certificate(context, certificate);
}

Result<> delegate(Context& context) {
  client::KeyStore* store = TRY(context.keys());
  const std::string name = context.args().get_or("key", "pki");
  const client::StoredKey* root_key = store->find(name);
  if (root_key == nullptr || root_key->certificates.empty())
    return fail(Errc::not_found, "keystore.missing",
                "the key store has no root named " + name + " with its certificate; see `entraide pki root`");
  const crypto::PublicKey subject = TRY(read_public_key(*context.args().get("PUBLIC")));
  const Subject authority = TRY(parse_subject(*context.args().get("authority")));
  const auto signer = TRY(store->signer(name));
  std::string code = act::country_of(authority).str().substr(3);
  for (char& c : code) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const std::int64_t days = TRY(days_of(context, 1825));
  return write_certificate(context,
                           TRY(crypto::issue_issuer_certificate(
                               *signer, root_key->certificates[0], subject,
                               {code, authority.str(), context.args().get_or("name", authority.str() + " issuer")},
                               validity(context, days), context.random())));
}

Result<> show_certificate(Context& context) {
  Json::Array rows;
  const auto certificates = TRY(read_certificates(*context.args().get("FILE")));
  for (const crypto::Certificate& certificate : certificates)
    rows.push_back(Json::object({{"subject", certificate.subject()},
                                 {"issuer", certificate.issuer()},
                                 {"from", codec::rfc3339(certificate.validity().from)},
                                 {"until", codec::rfc3339(certificate.validity().until)},
                                 {"sha256", codec::hex(certificate.fingerprint().view())}}));
  context.out().rows(
      {{"subject", "SUBJECT"}, {"issuer", "ISSUER"}, {"from", "FROM"}, {"until", "UNTIL"}, {"sha256", "SHA-256"}},
      rows);
  return {};
}

}  // namespace

std::vector<Command> pki_commands() {
  const Option out{"--out", "FILE", "write the certificate (PEM) here"};
  const Option days{"--days", "N", "for how many days it is valid"};
  const Option key{"--key", "NAME", "the root's key in the key store (default: pki)"};
  return {
      {"pki",
       "root",
       "Make a country's root for document signatures",
       {{"--country", "CC", "two letters, lower case", true},
        {"--organization", "TEXT", "who keeps it", true},
        {"--name", "TEXT", "what it is called", true},
        days,
        key,
        out},
       &root,
       "entraide pki root --country fr --organization 'Ministère de la Justice' --name 'Racine documentaire' --out "
       "fr-root.pem"},
      {"pki",
       "issue",
       "Certify a document key",
       {{"PUBLIC", "FILE", "the public key (JWK), from `entraide key show document --public`", true},
        {"--name", "TEXT", "whose signature it is", true},
        {"--organization", "TEXT", "of which authority"},
        days,
        key,
        out},
       &issue,
       "entraide pki issue document.jwk --name 'C. Morel' --organization 'Autorité centrale' --out document.pem"},
      {"pki",
       "delegate",
       "Let an authority's administrators certify its officers themselves",
       {{"PUBLIC", "FILE", "the public key (JWK) of their own issuing key", true},
        {"--authority", "AU", "which authority", true},
        {"--name", "TEXT", "what the issuer is called"},
        days,
        key,
        out},
       &delegate,
       "entraide pki delegate issuer.jwk --authority au:fr:central-authority --out issuer.pem"},
      {"pki", "show", "Show certificates", {{"FILE", "FILE", "PEM", true}}, &show_certificate, ""},
  };
}

}  // namespace entraide::cli
