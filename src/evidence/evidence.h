#pragma once

// Sealed objects and files: what travels beside acts. The hub keeps ciphertext and can open none of it.
// Sealed objects (at most 1.5 MiB) lie in the database, in one transaction with their act; files lie in the
// blob folder and are known here by id, size and hash.

#include <optional>

#include "store/blobs.h"
#include "store/store.h"

namespace entraide::evidence {

std::span<const store::Migration> migrations();

// ---- sealed objects ------------------------------------------------------------------------

Result<> put_object(store::Connection& connection, std::int64_t leaf_index, std::int64_t position, const Digest& hash,
                    std::string_view jwe);
Result<std::optional<std::string>> object(store::Connection& connection, std::int64_t leaf_index, const Digest& hash);
Result<store::Later<std::optional<std::string>>> ask_object(store::Connection& connection, std::int64_t leaf_index,
                                                            const Digest& hash);

// ---- files ---------------------------------------------------------------------------------

/// A file that is whole and checked: its ciphertext has this size and hash.
struct File {
  std::string file_id;            // base64url of 16 bytes, chosen by the sender
  KeyId uploaded_by;
  std::int64_t bytes = 0;
  Digest hash;
  std::optional<std::int64_t> leaf_index;  // the act that names it; none yet: only its uploader may read it
};

Result<std::optional<File>> file(store::Connection& connection, std::string_view file_id);
Result<> put_file(store::Connection& connection, const File& file, Time now);
/// The act at `leaf_index` names this file: from now on its parties may read it.
Result<> bind_file(store::Connection& connection, std::string_view file_id, std::int64_t leaf_index);
/// Files that no act has named for longer than the time given: rubbish.
Result<std::vector<std::string>> unbound_since(store::Connection& connection, Time before, std::int64_t limit);
Result<> forget_file(store::Connection& connection, std::string_view file_id);

/// Where a file's ciphertext lies among the blobs: hexadecimal, for blob keys are lower case.
std::string blob_key(std::string_view file_id);

}  // namespace entraide::evidence
