#pragma once

// The few file operations that durability rests on, behind one face, so that a simulated disk can stand in.

#include <memory>

#include "base/base.h"

namespace entraide::store {

/// One open file. One thread at a time.
class File {
 public:
  virtual ~File() = default;
  /// Reads up to `to.size()` bytes at `offset`; fewer only at the end of the file.
  virtual Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> to) = 0;
  /// Writes all of `bytes`, or fails. Nothing is durable before `sync`.
  virtual Result<> write(std::uint64_t offset, BytesView bytes) = 0;
  virtual Result<> truncate(std::uint64_t size) = 0;
  /// The file's bytes and size are on the disk when this returns. A failure is final: the kernel may have
  /// forgotten what it could not write, so a second try proves nothing.
  virtual Result<> sync() = 0;
  virtual Result<std::uint64_t> size() = 0;
};

/// Keeps others out for as long as it lives.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

enum class Open { existing, read_only, create, create_new };  // create: empty or existing; create_new: must not exist

/// Paths are plain strings with `/`. Failures: Errc::storage with `store.file.*`; a file that is not there is
/// Errc::not_found `store.file.missing`. Any thread.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  virtual Result<std::unique_ptr<File>> open(const std::string& path, Open how) = 0;
  virtual Result<bool> exists(const std::string& path) = 0;
  /// Replaces `to` where it exists. Durable after `sync_folder` of the folder of `to`.
  virtual Result<> rename(const std::string& from, const std::string& to) = 0;
  /// Removing what is not there is no failure.
  virtual Result<> remove(const std::string& path) = 0;
  /// Makes the folder and those above it, durably.
  virtual Result<> make_folders(const std::string& path) = 0;
  virtual Result<> sync_folder(const std::string& path) = 0;
  /// The files (not the folders) under `path`, at any depth, as paths relative to it, sorted.
  virtual Result<std::vector<std::string>> list(const std::string& path) = 0;
  /// Locks `path` (made if need be) against other processes and other callers of this one; Errc::unavailable
  /// `store.in_use` when somebody holds it. The lock falls when the process dies.
  virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path) = 0;
  /// A text that changes with every start of the machine, so that a later reader can tell whether what the
  /// kernel held in memory then may still be there.
  virtual Result<std::string> boot_id() = 0;
};

/// The machine's own files.
FileSystem& real_files();

/// The folder of a path: "a/b.db" -> "a", "b.db" -> ".".
std::string folder_of(const std::string& path);
/// The whole file, at most `limit` bytes (Errc::too_large `store.file.size`).
Result<Bytes> read_file(FileSystem& files, const std::string& path, std::size_t limit);
/// Puts a whole file in place: written beside it, synced, renamed, the folder synced.
Result<> write_file_durably(FileSystem& files, const std::string& path, BytesView bytes);

}  // namespace entraide::store
