#include "store/recovery.h"

#include <algorithm>

#include "base/log.h"

namespace entraide::store {
namespace {

constexpr std::size_t kPiece = 1 << 20;

std::string marker_of(const std::string& path) { return path + ".open"; }

/// The same bytes in a new, synced file under the same name. Nothing to do where there is no file.
Result<> rewrite(FileSystem& files, const std::string& path) {
  const bool there = TRY(files.exists(path));
  if (!there) return {};
  const std::string beside = path + ".rewrite";
  TRY(files.remove(beside));
  auto from = TRY(files.open(path, Open::read_only));
  auto to = TRY(files.open(beside, Open::create_new));
  Bytes piece(kPiece);
  const std::uint64_t size = TRY(from->size());
  for (std::uint64_t offset = 0; offset < size;) {
    const std::size_t got = TRY(from->read(offset, piece));
    if (got == 0)
      return fail(Errc::storage, "store.file.failed", path + ": ends before its size; check the disk", path);
    TRY(to->write(offset, BytesView(piece).first(got)));
    offset += got;
  }
  TRY(to->sync());
  to.reset();
  from.reset();
  TRY(files.rename(beside, path));
  return files.sync_folder(folder_of(path));
}

}  // namespace

Result<bool> recover(FileSystem& files, const std::string& path) {
  const std::string boot = TRY(files.boot_id());
  const std::string marker = marker_of(path);
  const bool unclean = TRY(files.exists(marker));
  if (unclean) {
    const Bytes found = TRY(read_file(files, marker, 256));
    // A marker that cannot be read was being written when we stopped: treat it as of this boot.
    const bool this_boot = text_of(found) == boot || found.empty();
    log::warning("store.unclean_end", {{"file", path}, {"rewrites", this_boot ? "yes" : "no"}});
    if (this_boot) {
      TRY(rewrite(files, path));
      TRY(rewrite(files, path + "-wal"));
    }
  }
  TRY(write_file_durably(files, marker, bytes_of(boot)));
  return unclean;
}

Result<> ended_cleanly(FileSystem& files, const std::string& path) {
  TRY(files.remove(marker_of(path)));
  return files.sync_folder(folder_of(path));
}

}  // namespace entraide::store
