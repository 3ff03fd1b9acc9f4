#pragma once

// Keys that live in a smart card or an HSM, through its PKCS#11 module. The secret never leaves the token.

#include "crypto/keys.h"

namespace entraide::crypto {

struct Pkcs11Options {
  std::string module_path;  // for example /usr/lib/softhsm/libsofthsm2.so
  std::string token_label;
  std::string pin_file;     // first line is the user PIN; readable by its owner only
};

/// One session with one token, closed when the last key taken from it goes. Any thread: calls take turns.
class Pkcs11Token {
 public:
  /// Rules: pkcs11.module, pkcs11.token, pkcs11.pin, pkcs11.device.
  static Result<Pkcs11Token> open(const Pkcs11Options& options);

  /// The P-256 pair with this label, for signing or for agreement. Rules: pkcs11.key (none, several, or not P-256),
  /// pkcs11.device.
  Result<std::unique_ptr<Signer>> signer(std::string_view label) const;
  Result<std::unique_ptr<Agreement>> agreement(std::string_view label) const;

  /// Makes a P-256 pair in the token: its secret is sensitive and cannot be extracted, and has the one use given.
  enum class Use { sign, agree };
  Result<PublicKey> generate(std::string_view label, Use use) const;

  struct Session;  // this folder's affair

 private:
  explicit Pkcs11Token(std::shared_ptr<Session> session) : session_(std::move(session)) {}
  std::shared_ptr<Session> session_;
};

}  // namespace entraide::crypto
