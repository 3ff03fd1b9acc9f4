// device certify, device certificate: the certificate with which an officer signs documents, from both ends.

#include "apps/entraide/people.h"
#include "client/certify.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {

using client::KeyUse;
using client::StoredKey;
using codec::Json;

/// The issuing key for an authority: its own before its country's.
Result<const StoredKey*> issuer_of(Context& context, const Subject& authority) {
  client::KeyStore* store = TRY(context.keys());
  for (const Subject& whose : {authority, act::country_of(authority)})
    for (const StoredKey& key : store->keys())
      if (key.use == KeyUse::pki && key.subject == whose && !key.certificates.empty()) return &key;
  return fail(Errc::not_found, "keystore.missing",
              "the key store has no issuing key of " + authority.str() +
                  " with its certificate: `entraide key new pki --use pki`, then `entraide pki delegate` at your "
                  "country's root, then `entraide key certificate pki FILE`");
}

std::string path_of(const KeyId& device) { return "/v1/certificates/" + client::escape(device.str()); }

Result<> certify(Context& context) {
  const Subject authority = TRY(context.authority());
  TRY(context.fresh_mirror());
  return certify_device(context, authority, KeyId(*context.args().get("KID")));
}

/// On the device: fetches the certificate, and keeps it with the key that it is over.
Result<> fetch(Context& context) {
  client::KeyStore* store = TRY(context.keys());
  const StoredKey *sign = store->only(KeyUse::sign), *seal = store->only(KeyUse::seal),
                  *document = store->only(KeyUse::document);
  if (sign == nullptr || seal == nullptr || document == nullptr)
    return fail(Errc::not_found, "keystore.missing",
                "the key store does not hold one device with its document key; see `entraide key list`");
  const Subject authority = TRY(context.authority());
  client::Mirror* mirror = TRY(context.fresh_mirror());
  const directory::Country* country = mirror->directory().country(act::country_of(authority));
  if (country == nullptr)
    return fail(Errc::not_found, "dir.unknown", authority.str() + " is of no country in the directory");
  client::Api* hub = TRY(context.session());
  const Json answer = TRY(hub->get(path_of(sign->public_key.kid())));
  const Json* jwe = answer.find("jwe");
  if (jwe == nullptr || !jwe->is_string())
    return fail(Errc::invalid, "certificate.form", "the hub's answer is not in its form");
  const auto agreement = TRY(store->agreement(seal->name));
  auto chain = TRY(client::open_certificate(jwe->string(), sign->public_key.kid(), *agreement, document->public_key,
                                            country->pki, context.clock().now()));
  const std::string name = document->name, subject = chain[0].subject();
  const Time until = chain[0].validity().until;
  TRY(store->set_certificates(name, std::move(chain)));
  TRY(store->save(context.random()));
  context.out().record(Json::object({{"key", name}, {"subject", subject}, {"until", codec::rfc3339(until)}}));
  context.out().say("Documents are signed as " + subject + " until " + codec::rfc3339(until) + ".");
  return {};
}

}  // namespace

Result<> certify_device(Context& context, const Subject& authority, const KeyId& kid) {
  const std::string name = *context.args().get("name");
  client::Mirror* mirror = TRY(context.mirror());
  const directory::Directory& people = mirror->directory();
  const directory::Device* device = people.device(kid);
  const directory::Country* country = people.country(act::country_of(authority));
  if (device == nullptr || country == nullptr || !people.is_member(authority, kid, context.clock().now()))
    return fail(Errc::refused, "certificate.device", kid.str() + " is no active device of " + authority.str());
  if (!device->document)
    return fail(Errc::refused, "certificate.device",
                "the device has named no key for documents: certify the one that the officer has with `entraide pki "
                "issue`");
  const StoredKey* key = TRY(issuer_of(context, authority));
  client::KeyStore* store = TRY(context.keys());
  const auto signer = TRY(store->signer(key->name));
  const auto chain = TRY(client::certify({*signer, key->certificates}, country->pki, *device->document,
                                         {country_code(country->country), authority.str(), name},
                                         context.clock().now(), context.random()));
  const std::string jwe = TRY(client::seal_certificate(chain, kid, people, context.random()));
  client::Api* hub = TRY(context.session());
  const client::HttpResponse response =
      TRY(hub->exchange({"PUT",
                         path_of(kid),
                         {{"Content-Type", "application/json"}},
                         codec::to_json(Json::object({{"authority", authority.str()}, {"jwe", jwe}}))},
                        true));
  if (response.status >= 400) return std::unexpected(client::error_of(response));
  context.out().say(
      "Documents of this device are signed as " + chain[0].subject() + " until " +
      codec::rfc3339(chain[0].validity().until) +
      ". The desk fetches the certificate by itself; at the command line: `entraide device certificate`.");
  return {};
}

std::vector<Command> certificate_commands() {
  return {
      {"device",
       "certify",
       "As administrator: certify the document signatures of an enrolled device, or renew that",
       {{"KID", "KID", "its signing key", true}, {"--name", "TEXT", "the name that documents are signed with", true}},
       &certify,
       "entraide device certify KID --name 'C. Morel'"},
      {"device",
       "certificate",
       "On the device: fetch the certificate that your administrator has issued",
       {},
       &fetch,
       ""},
  };
}

}  // namespace entraide::cli
