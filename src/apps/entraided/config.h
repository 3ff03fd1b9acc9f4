#pragma once

// What the hub's operator decides: a JSON file, and flags of the same names that win over it.

#include "base/base.h"

namespace entraide::entraided {

struct Config {
  std::string database = "sqlite:entraide-data/hub.db";
  std::string blobs = "entraide-data/blobs";
  std::string rulebook;                          // a folder; empty: the versions that the database keeps
  std::string origin = "localhost/ledger";       // the ledger's name, for ever
  std::string log_key_file = "entraide-data/log.key";
  std::string session_key_file = "entraide-data/session.key";
  std::string name = "Entraide";
  std::string public_url;
  std::string systems_url;                       // of an mtls:// address, as clients see it
  std::vector<std::string> listen = {"127.0.0.1:8080"};
  std::string tls_certificate;
  std::string tls_key;
  std::string metrics_listen;                    // empty: no metrics listener
  std::string openapi;                           // the contract file; empty: the one beside the binary's sources
  std::string desk;                              // the built web desk; empty: the installed one; "none": no desk
  std::string demonstration_people;              // keys of a demonstration's people; for --demonstration only
  bool demonstration = false;
  bool plain_http_beyond_loopback = false;
};

/// Reads the file over the defaults. Unknown members are refused. Rule: config.file.
Result<Config> load_config(const std::string& path);

/// 32 secret bytes from a file, base64url; made, readable by its owner only, when it is not there.
/// Rules: config.key (wrong size, or others may read it).
Result<SecretBytes> key_file(const std::string& path);

}  // namespace entraide::entraided
