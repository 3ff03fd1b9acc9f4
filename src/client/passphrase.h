#pragma once

// Where a passphrase or PIN comes from. Never a flag and never the environment: both are read by every process.

#include <filesystem>
#include <optional>

#include "base/base.h"

namespace entraide::client {

struct SecretSource {
  std::optional<int> descriptor;                // --pin-fd: the first line is read from it
  std::optional<std::filesystem::path> file;    // --pin-file: first line, readable by its owner only
  bool may_ask = true;                          // the terminal, without echo
};

/// The secret, without its line end. `prompt` is shown on the terminal; with `twice` it is asked for again and both
/// must agree (a new passphrase). Rules: secret.none (no source and no terminal), secret.empty, secret.differs,
/// file.permissions.
Result<SecretBytes> read_secret(const SecretSource& source, std::string_view prompt, bool twice = false);

}  // namespace entraide::client
