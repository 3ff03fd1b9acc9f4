#pragma once

// Sealed objects and tiles: named bytes that are written once and read often.

#include <map>
#include <optional>

#include "store/file_system.h"

namespace entraide::store {

/// A folder of blobs. A key is a relative path of [a-z0-9._-] parts joined by '/', at most 200 characters,
/// no part empty or starting with a dot (Errc::invalid `store.blob.key`). What a call has written is on the
/// disk when it returns. Partial uploads live apart and are not seen by `get`, `list` and their like.
/// Failures of the disk: Errc::storage. Any thread; two writers of one key or one upload take turns outside.
class Blobs {
 public:
  /// `folder` is made if need be.
  static Result<Blobs> open(std::string folder, FileSystem& files = real_files());

  /// Whole or not at all; replaces what was there.
  Result<> put(std::string_view key, BytesView bytes);
  /// Several, each whole or not at all and all there when this returns; a failure may leave some. Each folder is synced
  /// once, however many go into it.
  Result<> put_all(const std::map<std::string, Bytes>& blobs);
  /// Errc::not_found `store.blob.missing`; Errc::too_large `store.blob.size` over `limit`.
  Result<Bytes> get(std::string_view key, std::size_t limit = 64u << 20) const;
  Result<std::uint64_t> size(std::string_view key) const;
  /// Up to `length` bytes from `offset`; fewer at the end, none past it.
  Result<Bytes> read(std::string_view key, std::uint64_t offset, std::size_t length) const;
  /// The file that holds the blob, for a sender that reads it piece by piece. It says nothing about its being there.
  Result<std::string> path(std::string_view key) const;
  Result<bool> exists(std::string_view key) const;
  /// Removing what is not there is no failure.
  Result<> remove(std::string_view key);
  /// All keys that start with `prefix`, sorted. An empty prefix lists all.
  Result<std::vector<std::string>> list(std::string_view prefix) const;

  // ---- uploads that may be interrupted -------------------------------------------------------

  /// Appends at `offset`, which must be the upload's size so far: else Errc::conflict `store.upload.offset`
  /// and nothing is written. The first append, at 0, starts the upload. Gives the new size.
  Result<std::uint64_t> append(std::string_view upload, std::uint64_t offset, BytesView bytes);
  /// How much has arrived; none when there is no such upload.
  Result<std::optional<std::uint64_t>> upload_size(std::string_view upload) const;
  /// Up to `length` bytes of an upload from `offset`, for whoever must check it before it is finished.
  Result<Bytes> read_upload(std::string_view upload, std::uint64_t offset, std::size_t length) const;
  /// The upload becomes the blob `key`, atomically.
  Result<> finish(std::string_view upload, std::string_view key);
  Result<> abandon(std::string_view upload);
  Result<std::vector<std::string>> uploads() const;

 private:
  Blobs(std::string folder, FileSystem& files) : folder_(std::move(folder)), files_(&files) {}
  Result<std::string> write_part(std::string_view key, BytesView bytes);
  Result<std::string> path_of(std::string_view kind, std::string_view key) const;
  Result<Bytes> read_path(const std::string& path, std::string_view key, std::uint64_t offset,
                          std::size_t length) const;

  std::string folder_;
  FileSystem* files_;
};

}  // namespace entraide::store
