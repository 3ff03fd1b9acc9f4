#pragma once

// Files of a client: replaced whole or not at all, private where they hold secrets, one process at a time.

#include <filesystem>

#include "base/base.h"

namespace entraide::client {

/// Rules: file.missing (Errc::not_found), file.read, file.size.
Result<Bytes> read_file(const std::filesystem::path& path, std::size_t bytes_max);
/// As `read_file`, but refuses a file that somebody else than its owner may read or write, or that belongs to
/// another user. Rule: file.permissions.
Result<SecretBytes> read_private_file(const std::filesystem::path& path, std::size_t bytes_max);
/// Writes beside the file, syncs, renames over it, syncs the folder: after a power cut the file is the old one or
/// the new one. Makes the folder (0700) where it is not there. Mode 0600 unless said. Rule: file.write.
Result<> write_file_whole(const std::filesystem::path& path, BytesView bytes, unsigned mode = 0600);
/// Removes a file and syncs its folder; one that is not there is no failure. Rule: file.write.
Result<> remove_file(const std::filesystem::path& path);

/// Holds a lock file for as long as it lives; waits for another process of the same user to let go.
class FileLock {
 public:
  /// Rule: file.lock.
  static Result<FileLock> take(const std::filesystem::path& path);
  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace entraide::client
