#include "client/keystore.h"

#include <algorithm>

#include "client/files.h"
#include "codec/codec.h"

namespace entraide::client {
namespace {

using codec::Json;
using codec::ObjectReader;

constexpr std::size_t kStoreBytesMax = 1 << 20;
constexpr std::string_view kKeysFormat = "entraide-keys/1";
constexpr std::pair<KeyUse, std::string_view> kUses[] = {
    {KeyUse::root, "root"}, {KeyUse::administrator, "administrator"}, {KeyUse::sign, "sign"}, {KeyUse::seal, "seal"},
    {KeyUse::dpop, "dpop"}, {KeyUse::document, "document"},           {KeyUse::pki, "pki"}};

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

std::unexpected<Error> malformed(std::string what) {
  return fail(Errc::invalid, "keystore.form", "key store: " + std::move(what));
}

Result<StoredKey> read_key(const Json& value, const std::string& what) {
  ObjectReader in(value, what);
  const std::string name = in.string("name"), use = in.string("use"), subject = in.string("subject");
  const Json* secret = in.optional_value("jwk");
  const Json* point = in.optional_value("public");
  const Json* card = in.optional_value("card");
  const std::vector<std::string> certificates = in.strings("certificates");
  TRY(in.finish());
  const KeyUse meant = TRY(key_use_from_text(use));
  std::optional<crypto::PrivateKey> pair;
  std::optional<CardKey> on_card;
  if (secret != nullptr && point == nullptr && card == nullptr) {
    pair = TRY(crypto::PrivateKey::from_jwk(*secret));
  } else if (secret == nullptr && point != nullptr && card != nullptr) {
    ObjectReader place(*card, what + ".card");
    CardKey found{{place.string("module"), place.string("token"), place.string("pin_file")}, place.string("label")};
    TRY(place.finish());
    on_card = std::move(found);
  } else {
    return malformed(what + ": must hold either a private key, or a public key and its card");
  }
  auto public_key = pair ? Result<crypto::PublicKey>(pair->public_key()) : crypto::PublicKey::from_jwk(*point);
  StoredKey out{name, meant, Subject(subject), TRY(std::move(public_key)), std::move(pair), std::move(on_card), {}};
  for (const std::string& text : certificates) {
    const Bytes der = TRY(codec::from_base64(text));
    out.certificates.push_back(TRY(crypto::Certificate::from_der(der)));
  }
  return out;
}

Json json_of(const StoredKey& key) {
  Json out = Json::object({{"name", key.name}, {"use", to_text(key.use)}, {"subject", key.subject.str()}});
  if (key.secret) {
    // The text passes through plain memory on its way into the box; the process ends soon after.
    out.set("jwk", *codec::parse_json(key.secret->secret_jwk().view()));
  } else {
    out.set("public", key.public_key.jwk());
    out.set("card", Json::object({{"module", key.card->token.module_path},
                                  {"token", key.card->token.token_label},
                                  {"pin_file", key.card->token.pin_file},
                                  {"label", key.card->label}}));
  }
  Json certificates = Json::array();
  for (const crypto::Certificate& certificate : key.certificates)
    certificates.push_back(codec::base64(certificate.der()));
  return out.set("certificates", std::move(certificates));
}

}  // namespace

std::string_view to_text(KeyUse use) {
  for (const auto& [value, text] : kUses)
    if (value == use) return text;
  return "";
}
Result<KeyUse> key_use_from_text(std::string_view text) {
  for (const auto& [value, name] : kUses)
    if (name == text) return value;
  return fail(Errc::invalid, "keystore.use",
              "\"" + std::string(text) +
                  "\" is not a use of a key; uses are root, administrator, sign, seal, dpop, document, pki");
}

Result<KeyStore> KeyStore::create(std::filesystem::path path, const SecretBytes& passphrase, Random& random,
                                  crypto::ScryptCost cost) {
  if (std::error_code ignored; std::filesystem::exists(path, ignored))
    return fail(Errc::conflict, "keystore.exists",
                path.string() + ": there is a key store already; it was left as it is", path.string());
  KeyStore store(std::move(path), passphrase.copy(), cost);
  TRY(store.save(random));
  return store;
}

Result<KeyStore> KeyStore::open(std::filesystem::path path, const SecretBytes& passphrase, crypto::ScryptCost cost) {
  const SecretBytes box = TRY(read_private_file(path, kStoreBytesMax));
  const SecretBytes text = TRY(crypto::open_box(box.view(), passphrase.view()));
  const Json value = TRY(codec::parse_json(text.view()));
  ObjectReader in(value, "key store");
  const std::string format = in.string("format");
  const Json::Array& keys = in.array("keys");
  TRY(in.finish());
  if (format != kKeysFormat)
    return malformed("written by another version (" + format + "); this one reads " + std::string(kKeysFormat));
  KeyStore store(std::move(path), passphrase.copy(), cost);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    StoredKey key = TRY(read_key(keys[i], "key store.keys." + std::to_string(i)));
    TRY(store.add(std::move(key)));
  }
  return store;
}

const StoredKey* KeyStore::find(std::string_view name) const {
  const auto found = std::find_if(keys_.begin(), keys_.end(), [&](const StoredKey& key) { return key.name == name; });
  return found == keys_.end() ? nullptr : &*found;
}
const StoredKey* KeyStore::find(const KeyId& kid) const {
  const auto found =
      std::find_if(keys_.begin(), keys_.end(), [&](const StoredKey& key) { return key.public_key.kid() == kid; });
  return found == keys_.end() ? nullptr : &*found;
}
const StoredKey* KeyStore::only(KeyUse use) const {
  const StoredKey* found = nullptr;
  for (const StoredKey& key : keys_) {
    if (key.use != use) continue;
    if (found != nullptr) return nullptr;
    found = &key;
  }
  return found;
}
StoredKey* KeyStore::edit(std::string_view name) { return const_cast<StoredKey*>(find(name)); }

Result<> KeyStore::add(StoredKey key) {
  if (!is_name(key.name))
    return fail(Errc::invalid, "keystore.name",
                "\"" + key.name + "\": a key's name is 1 to 64 of a-z, 0-9, dot and hyphen");
  if (find(key.name) != nullptr)
    return fail(Errc::conflict, "keystore.duplicate", "the key store has a key named " + key.name + " already");
  if (find(key.public_key.kid()) != nullptr)
    return fail(Errc::conflict, "keystore.duplicate", key.name + ": the key store holds this very key already");
  keys_.push_back(std::move(key));
  return {};
}

Result<const StoredKey*> KeyStore::generate(std::string name, KeyUse use, Subject subject, Random& random) {
  crypto::PrivateKey pair = crypto::PrivateKey::generate(random);
  crypto::PublicKey half = pair.public_key();
  TRY(add(StoredKey{std::move(name), use, std::move(subject), std::move(half), std::move(pair), std::nullopt, {}}));
  return &keys_.back();
}

namespace {
std::unexpected<Error> missing(std::string_view name) {
  return fail(Errc::not_found, "keystore.missing",
              "the key store has no key named " + std::string(name) + "; `entraide key list` shows what it has");
}
}  // namespace

Result<> KeyStore::set_subject(std::string_view name, Subject subject) {
  StoredKey* key = edit(name);
  if (key == nullptr) return missing(name);
  key->subject = std::move(subject);
  return {};
}
Result<> KeyStore::set_certificates(std::string_view name, std::vector<crypto::Certificate> certificates) {
  StoredKey* key = edit(name);
  if (key == nullptr) return missing(name);
  key->certificates = std::move(certificates);
  return {};
}
Result<> KeyStore::remove(std::string_view name) {
  if (find(name) == nullptr) return missing(name);
  std::erase_if(keys_, [&](const StoredKey& key) { return key.name == name; });
  return {};
}

Result<> KeyStore::save(Random& random) const {
  Json keys = Json::array();
  for (const StoredKey& key : keys_) keys.push_back(json_of(key));
  const SecretBytes text(
      to_bytes(codec::to_json(Json::object({{"format", kKeysFormat}, {"keys", std::move(keys)}}))));
  const Bytes box = TRY(crypto::lock_box(text.view(), passphrase_.view(), random, cost_));
  return write_file_whole(path_, box);
}

Result<> KeyStore::change_passphrase(const SecretBytes& to, Random& random) {
  passphrase_ = to.copy();
  return save(random);
}

Result<std::unique_ptr<crypto::Signer>> KeyStore::signer(std::string_view name) const {
  const StoredKey* key = find(name);
  if (key == nullptr) return missing(name);
  if (key->use == KeyUse::seal)
    return fail(Errc::invalid, "keystore.use", key->name + ": is for opening seals; a key has one use");
  if (key->secret) return std::make_unique<crypto::PrivateKey>(*key->secret);
  const crypto::Pkcs11Token token = TRY(crypto::Pkcs11Token::open(key->card->token));
  return token.signer(key->card->label);
}

Result<std::unique_ptr<crypto::Agreement>> KeyStore::agreement(std::string_view name) const {
  const StoredKey* key = find(name);
  if (key == nullptr) return missing(name);
  if (key->use != KeyUse::seal)
    return fail(Errc::invalid, "keystore.use", key->name + ": is for signing; a key has one use");
  if (key->secret) return std::make_unique<crypto::PrivateKey>(*key->secret);
  const crypto::Pkcs11Token token = TRY(crypto::Pkcs11Token::open(key->card->token));
  return token.agreement(key->card->label);
}

}  // namespace entraide::client
