#pragma once

// The key store: one file (mode 0600) that a passphrase opens, with the named keys of one person or one ceremony.
// A key on a smart card stands in it by reference: token and label, never the secret.
//
// The file is a box (crypto/secretbox.h) around
//   {"format":"entraide-keys/1","keys":[{"name","use","subject","jwk" (private) | "public" and "card","certificates":[b64 DER]}]}

#include <filesystem>
#include <memory>
#include <optional>

#include "crypto/certificate.h"
#include "crypto/keys.h"
#include "crypto/pkcs11.h"
#include "crypto/secretbox.h"

namespace entraide::client {

enum class KeyUse { root, administrator, sign, seal, dpop, document, pki };
std::string_view to_text(KeyUse use);
/// Rule: keystore.use.
Result<KeyUse> key_use_from_text(std::string_view text);

/// Where a key on a smart card is.
struct CardKey {
  crypto::Pkcs11Options token;
  std::string label;
};

struct StoredKey {
  std::string name;  // lower case, unique in the store: "device.sign"
  KeyUse use = KeyUse::sign;
  Subject subject;  // for whom it speaks, may be empty
  crypto::PublicKey public_key;
  std::optional<crypto::PrivateKey> secret;  // in this store, or
  std::optional<CardKey> card;  // on a card
  std::vector<crypto::Certificate> certificates;  // of a document or pki key: its own first
};

class KeyStore {
 public:
  /// An empty store; refuses a path where there is one already. Rules: keystore.exists, file.write.
  static Result<KeyStore> create(std::filesystem::path path, const SecretBytes& passphrase, Random& random,
                                 crypto::ScryptCost cost = {});
  /// Rules: file.missing, file.permissions, box.* (box.passphrase: wrong, or the file was altered), keystore.form.
  static Result<KeyStore> open(std::filesystem::path path, const SecretBytes& passphrase,
                               crypto::ScryptCost cost = {});

  const std::vector<StoredKey>& keys() const { return keys_; }
  const StoredKey* find(std::string_view name) const;
  const StoredKey* find(const KeyId& kid) const;
  /// The only key of that use; null when there is none or more than one.
  const StoredKey* only(KeyUse use) const;

  /// Rules: keystore.name (spelling), keystore.duplicate (the name or the key is there).
  Result<> add(StoredKey key);
  /// Makes a pair in memory and adds it.
  Result<const StoredKey*> generate(std::string name, KeyUse use, Subject subject, Random& random);
  /// Rule: keystore.missing.
  Result<> set_subject(std::string_view name, Subject subject);
  Result<> set_certificates(std::string_view name, std::vector<crypto::Certificate> certificates);
  Result<> remove(std::string_view name);
  /// Replaces the file whole.
  Result<> save(Random& random) const;
  Result<> change_passphrase(const SecretBytes& to, Random& random);

  /// What signs or opens with that key, in memory or on its card. Rules: keystore.missing, keystore.use, pkcs11.*.
  Result<std::unique_ptr<crypto::Signer>> signer(std::string_view name) const;
  Result<std::unique_ptr<crypto::Agreement>> agreement(std::string_view name) const;

 private:
  KeyStore(std::filesystem::path path, SecretBytes passphrase, crypto::ScryptCost cost)
      : path_(std::move(path)), passphrase_(std::move(passphrase)), cost_(cost) {}
  StoredKey* edit(std::string_view name);

  std::filesystem::path path_;
  SecretBytes passphrase_;
  crypto::ScryptCost cost_;
  std::vector<StoredKey> keys_;
};

}  // namespace entraide::client
