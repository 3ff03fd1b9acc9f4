#pragma once

// Files: encrypted here, sent in pieces, resumed where they stopped (tus 1.0.0).

#include <filesystem>

#include "client/api.h"
#include "client/seal.h"

namespace entraide::client {

/// Encrypts `from` to `sealed` and says how, in bounded memory. Rules: file.*.
Result<FileEntry> encrypt_file(const std::filesystem::path& from, const std::filesystem::path& sealed,
                               Random& random);
/// Sends the ciphertext, in pieces of at most `piece` bytes, each with its checksum; picks up where an earlier try
/// stopped. Rules: upload.offset, and the hub's.
Result<> upload_file(Api& api, const std::filesystem::path& sealed, const FileEntry& file,
                     std::size_t piece = 1 << 20,
                     const std::function<void(std::int64_t, std::int64_t)>& progress = {});
/// Fetches, checks the hash of the ciphertext, decrypts, checks that of the plaintext; nothing is left behind on
/// failure. Rules: upload.hash (Errc::not_authentic), file.*.
Result<> download_file(Api& api, const FileEntry& file, const std::filesystem::path& to);

}  // namespace entraide::client
