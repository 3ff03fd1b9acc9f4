// key: the key store of this profile.

#include "apps/entraide/context.h"
#include "client/files.h"
#include "client/passphrase.h"
#include "codec/codec.h"

namespace entraide::cli {
namespace {

using client::KeyUse;
using codec::Json;

Json json_of(const client::StoredKey& key) {
  return Json::object({{"name", key.name},
                       {"use", client::to_text(key.use)},
                       {"subject", key.subject.str()},
                       {"kid", key.public_key.kid().str()},
                       {"place", key.card ? "card " + key.card->token.token_label : "key store"},
                       {"certificate", key.certificates.empty() ? "" : key.certificates[0].subject()}});
}

Result<> list_keys(Context& context) {
  client::KeyStore* store = TRY(context.keys());
  Json::Array rows;
  for (const client::StoredKey& key : store->keys()) rows.push_back(json_of(key));
  context.out().rows({{"name", "NAME"},
                      {"use", "USE"},
                      {"subject", "FOR"},
                      {"kid", "KEY ID"},
                      {"place", "PLACE"},
                      {"certificate", "CERTIFICATE"}},
                     rows);
  return {};
}

Result<const client::StoredKey*> named(Context& context) {
  client::KeyStore* store = TRY(context.keys());
  const std::string name = *context.args().get("NAME");
  const client::StoredKey* key = store->find(name);
  if (key == nullptr)
    return fail(Errc::not_found, "keystore.missing",
                "the key store has no key named " + name + "; `entraide key list` shows what it has");
  return key;
}

Result<> write_public(Context& context, const client::StoredKey& key) {
  const std::string text = codec::to_json(key.public_key.jwk()) + "\n";
  if (const auto file = context.args().get("public")) {
    TRY(client::write_file_whole(*file, bytes_of(text), 0644));
    context.out().say("Wrote the public key to " + *file + ".");
  } else if (context.args().has("show-public")) {
    context.out().text(text);
  }
  return {};
}

Result<> make_key(Context& context) {
  client::KeyStore* store = TRY(context.keys());
  const KeyUse use = TRY(client::key_use_from_text(context.args().get_or("use", "sign")));
  Subject subject;
  if (const auto name = context.args().get("for")) subject = TRY(parse_subject(*name));
  const client::StoredKey* key = TRY(store->generate(*context.args().get("NAME"), use, subject, context.random()));
  TRY(store->save(context.random()));
  TRY(write_public(context, *key));
  if (!context.args().has("show-public")) context.out().record(json_of(*key));
  return {};
}

Result<> show_key(Context& context) {
  const client::StoredKey* key = TRY(named(context));
  TRY(write_public(context, *key));
  if (!context.args().has("public") && !context.args().has("show-public")) context.out().record(json_of(*key));
  return {};
}

Result<> remove_key(Context& context) {
  const client::StoredKey* key = TRY(named(context));
  TRY(context.confirm("Destroy the key " + key->name + " (" + std::string(client::to_text(key->use)) +
                      ")? What was sealed to it alone can never be opened again."));
  client::KeyStore* store = TRY(context.keys());
  TRY(store->remove(key->name));
  return store->save(context.random());
}

/// A key on a smart card or in an HSM: made there, or there already.
Result<> card(Context& context) {
  const Arguments& args = context.args();
  client::KeyStore* store = TRY(context.keys());
  const KeyUse use = TRY(client::key_use_from_text(*args.get("use")));
  client::CardKey place{
      {*args.get("module"), *args.get("token"), std::filesystem::absolute(*args.get("card-pin-file")).string()},
      *args.get("label")};
  const crypto::Pkcs11Token token = TRY(crypto::Pkcs11Token::open(place.token));
  if (args.has("make"))
    TRY(token.generate(place.label,
                       use == KeyUse::seal ? crypto::Pkcs11Token::Use::agree : crypto::Pkcs11Token::Use::sign));
  Subject subject;
  if (const auto name = args.get("for")) subject = TRY(parse_subject(*name));
  const auto add = [&](const crypto::PublicKey& key) {
    return store->add(client::StoredKey{*args.get("NAME"), use, subject, key, std::nullopt, place, {}});
  };
  if (use == KeyUse::seal) {
    const auto pair = TRY(token.agreement(place.label));
    TRY(add(pair->public_key()));
  } else {
    const auto pair = TRY(token.signer(place.label));
    TRY(add(pair->public_key()));
  }
  TRY(store->save(context.random()));
  context.out().record(json_of(store->keys().back()));
  return {};
}

Result<> certificate(Context& context) {
  const client::StoredKey* key = TRY(named(context));
  std::vector<crypto::Certificate> chain = TRY(read_certificates(*context.args().get("FILE")));
  const crypto::PublicKey certified = TRY(chain[0].public_key());
  if (certified != key->public_key)
    return fail(Errc::invalid, "certificate.key", "the first certificate is for another key than " + key->name);
  client::KeyStore* store = TRY(context.keys());
  TRY(store->set_certificates(key->name, std::move(chain)));
  TRY(store->save(context.random()));
  context.out().say(key->name + " signs documents as " + key->certificates[0].subject() + ".");
  return {};
}

Result<> passphrase(Context& context) {
  client::KeyStore* store = TRY(context.keys());
  client::SecretSource source;
  if (const auto file = context.args().get("new-pin-file")) source.file = *file;
  const SecretBytes fresh = TRY(client::read_secret(source, "New passphrase", true));
  TRY(store->change_passphrase(fresh, context.random()));
  context.out().say("The passphrase was changed. Copies of the old file still open with the old one.");
  return {};
}

}  // namespace

std::vector<Command> key_commands() {
  const Option name{"NAME", "NAME", "the key's name", true};
  const Option use{"--use", "USE", "root, administrator, sign, seal, dpop, document or pki", true};
  const Option subject{"--for", "SUBJECT", "for whom it speaks: org, cc:fr, au:fr:..., of:fr:..."};
  const Option file{"--public", "FILE", "write the public key (JWK) to a file"};
  const Option shown{"--show-public", "", "print the public key (JWK)"};
  return {
      {"key", "list", "List the keys of this profile", {}, &list_keys, "", true},
      {"key",
       "new",
       "Make a key",
       {name, use, subject, file, shown},
       &make_key,
       "entraide key new root-1 --use root --for org --public root-1.jwk"},
      {"key",
       "show",
       "Show a key's public half",
       {name, file, shown},
       &show_key,
       "entraide key show root-1 --public root-1.jwk"},
      {"key",
       "card",
       "Take up a key on a smart card or HSM (PKCS#11)",
       {name,
        use,
        subject,
        {"--module", "FILE", "the card's PKCS#11 library", true},
        {"--token", "LABEL", "which token", true},
        {"--label", "LABEL", "which key on it", true},
        {"--card-pin-file", "FILE", "first line is the card's PIN; mode 600", true},
        {"--make", "", "make the key on the card first"}},
       &card,
       "entraide key card device.sign --use sign --module /usr/lib/softhsm/libsofthsm2.so --token desk --label sign "
       "--card-pin-file pin"},
      {"key",
       "certificate",
       "Give a document key its certificate",
       {name, {"FILE", "FILE", "PEM: the key's own certificate first", true}},
       &certificate,
       "entraide key certificate document document.pem"},
      {"key",
       "passphrase",
       "Change the passphrase of the key store",
       {{"--new-pin-file", "FILE", "first line is the new passphrase"}},
       &passphrase,
       ""},
      {"key", "remove", "Destroy a key", {name}, &remove_key, ""},
  };
}

}  // namespace entraide::cli
