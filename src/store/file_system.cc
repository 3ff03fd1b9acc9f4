#include "store/file_system.h"

#include <algorithm>

namespace entraide::store {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Result<Bytes> read_file(FileSystem& files, const std::string& path, std::size_t limit) {
  auto file = TRY(files.open(path, Open::read_only));
  const std::uint64_t size = TRY(file->size());
  if (size > limit)
    return fail(Errc::too_large, "store.file.size",
                path + ": " + std::to_string(size) + " bytes are over the limit of " + std::to_string(limit), path);
  Bytes out(size);
  const std::size_t got = TRY(file->read(0, out));
  out.resize(got);
  return out;
}

Result<> write_file_durably(FileSystem& files, const std::string& path, BytesView bytes) {
  const std::string beside = path + ".new";
  auto file = TRY(files.open(beside, Open::create));
  TRY(file->truncate(0));
  TRY(file->write(0, bytes));
  TRY(file->sync());
  file.reset();
  TRY(files.rename(beside, path));
  return files.sync_folder(folder_of(path));
}

}  // namespace entraide::store
