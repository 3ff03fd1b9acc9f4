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
  const std::string code = country_code(Subject("cc:" + country));
  const std::int64_t days = TRY(days_of(context, 3650));
  auto certificate =
      TRY(crypto::create_root(*signer, {code, *context.args().get("organization"), *context.args().get("name")},
                              validity(context, days), context.random()));
  TRY(store->set_certificates(name, {certificate}));
  TRY(store->save(context.random()));
  return write_certificate(context, certificate);
}

/// What a root certifies, and with what.
struct Issuing {
  const client::StoredKey* root;
  std::unique_ptr<crypto::Signer> signer;
  crypto::PublicKey subject;
  crypto::Validity validity;
};
Result<Issuing> issuing(Context& context, std::int64_t days) {
  client::KeyStore* store = TRY(context.keys());
  const std::string name = context.args().get_or("key", "pki");
  const client::StoredKey* root_key = store->find(name);
  if (root_key == nullptr || root_key->certificates.empty())
    return fail(Errc::not_found, "keystore.missing",
                "the key store has no root named " + name + " with its certificate; see `entraide pki root`");
  crypto::PublicKey subject = TRY(read_public_key(*context.args().get("PUBLIC")));
  return Issuing{root_key, TRY(store->signer(name)), std::move(subject),
                 validity(context, TRY(days_of(context, days)))};
}

Result<> issue(Context& context) {
  const Issuing by = TRY(issuing(context, 730));
  const crypto::DistinguishedName name{country_code(by.root->subject), context.args().get_or("organization", ""),
                                       *context.args().get("name")};
  return write_certificate(
      context, TRY(crypto::issue_signing_certificate(*by.signer, by.root->certificates[0], by.subject, name,
                                                     by.validity, context.random())));
}

Result<> delegate(Context& context) {
  const Issuing by = TRY(issuing(context, 1825));
  const Subject authority = TRY(parse_subject(*context.args().get("authority")));
  const crypto::DistinguishedName name{country_code(authority), authority.str(),
                                       context.args().get_or("name", authority.str() + " issuer")};
  return write_certificate(
      context, TRY(crypto::issue_issuer_certificate(*by.signer, by.root->certificates[0], by.subject, name,
                                                    by.validity, context.random())));
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
  const auto with_root = [](std::vector<Option> first) {
    first.push_back({"--days", "N", "for how many days it is valid"});
    first.push_back({"--key", "NAME", "the root's key in the key store (default: pki)"});
    first.push_back({"--out", "FILE", "write the certificate (PEM) here"});
    return first;
  };
  return {
      {"pki", "root", "Make a country's root for document signatures",
       with_root({{"--country", "CC", "two letters, lower case", true},
                  {"--organization", "TEXT", "who keeps it", true},
                  {"--name", "TEXT", "what it is called", true}}),
       &root,
       "entraide pki root --country fr --organization 'Ministère de la Justice' --name 'Racine documentaire' --out "
       "fr-root.pem"},
      {"pki", "issue", "Certify a document key",
       with_root({{"PUBLIC", "FILE", "the public key (JWK), from `entraide key show document --public`", true},
                  {"--name", "TEXT", "whose signature it is", true},
                  {"--organization", "TEXT", "of which authority"}}),
       &issue,
       "entraide pki issue document.jwk --name 'C. Morel' --organization 'Autorité centrale' --out document.pem"},
      {"pki", "delegate", "Let an authority's administrators certify its officers themselves",
       with_root({{"PUBLIC", "FILE", "the public key (JWK) of their own issuing key", true},
                  {"--authority", "AU", "which authority", true},
                  {"--name", "TEXT", "what the issuer is called"}}),
       &delegate, "entraide pki delegate issuer.jwk --authority au:fr:central-authority --out issuer.pem"},
      {"pki", "show", "Show certificates", {{"FILE", "FILE", "PEM", true}}, &show_certificate, ""},
  };
}

}  // namespace entraide::cli
