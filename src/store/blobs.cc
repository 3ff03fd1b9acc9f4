#include "store/blobs.h"

#include <algorithm>
#include <set>

namespace entraide::store {
namespace {

constexpr std::size_t kKeyMax = 200;
constexpr std::string_view kBlobs = "blobs";
constexpr std::string_view kUploads = "uploads";
constexpr std::string_view kParts = "parts";  // blobs on their way in

bool is_key(std::string_view key) {
  if (key.empty() || key.size() > kKeyMax) return false;
  char before = '/';
  for (const char c : key) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!letter && c != '.' && c != '/') return false;
    if (before == '/' && (c == '.' || c == '/')) return false;
    before = c;
  }
  return before != '/';
}

Error missing(Error error, std::string_view key) {
  if (error.code != Errc::not_found) return error;
  return {Errc::not_found, "store.blob.missing", "blob " + std::string(key) + ": not there", std::string(key)};
}

}  // namespace

Result<Blobs> Blobs::open(std::string folder, FileSystem& files) {
  for (const std::string_view kind : {kBlobs, kUploads, kParts})
    TRY(files.make_folders(folder + "/" + std::string(kind)));
  return Blobs(std::move(folder), files);
}

Result<std::string> Blobs::path_of(std::string_view kind, std::string_view key) const {
  if (!is_key(key))
    return fail(Errc::invalid, "store.blob.key",
                "blob key: must be parts of a-z, 0-9, '.', '_' and '-' joined by '/', none starting with a dot, "
                "at most 200 characters");
  std::string path = folder_;
  path.append("/").append(kind).append("/").append(key);
  return path;
}

// Beside the blobs, not among them, so that a half-written one is never listed. One name a key: what a crash leaves behind
// is overwritten by the next try. Gives the part's path.
Result<std::string> Blobs::write_part(std::string_view key, BytesView bytes) {
  std::string part = TRY(path_of(kParts, key));
  std::replace(part.begin() + static_cast<std::ptrdiff_t>(folder_.size() + kParts.size() + 2), part.end(), '/', '+');
  auto file = TRY(files_->open(part, Open::create));
  TRY(file->truncate(0));
  TRY(file->write(0, bytes));
  TRY(file->sync());
  return part;
}

Result<> Blobs::put(std::string_view key, BytesView bytes) {
  const std::string path = TRY(path_of(kBlobs, key));
  TRY(files_->make_folders(folder_of(path)));
  const std::string part = TRY(write_part(key, bytes));
  TRY(files_->rename(part, path));
  return files_->sync_folder(folder_of(path));
}

Result<> Blobs::put_all(const std::map<std::string, Bytes>& blobs) {
  std::vector<std::pair<std::string, std::string>> moves;
  std::set<std::string> folders;
  for (const auto& [key, bytes] : blobs) {
    const std::string path = TRY(path_of(kBlobs, key));
    folders.insert(folder_of(path));
    moves.emplace_back(TRY(write_part(key, bytes)), path);
  }
  for (const std::string& folder : folders) TRY(files_->make_folders(folder));
  for (const auto& [part, path] : moves) TRY(files_->rename(part, path));
  for (const std::string& folder : folders) TRY(files_->sync_folder(folder));
  return {};
}

Result<Bytes> Blobs::get(std::string_view key, std::size_t limit) const {
  const std::uint64_t size = TRY(this->size(key));
  if (size > limit)
    return fail(Errc::too_large, "store.blob.size",
                "blob " + std::string(key) + ": " + std::to_string(size) + " bytes are over the limit of " +
                    std::to_string(limit));
  return read(key, 0, size);
}

Result<std::uint64_t> Blobs::size(std::string_view key) const {
  const std::string path = TRY(path_of(kBlobs, key));
  auto file = files_->open(path, Open::read_only);
  if (!file) return std::unexpected(missing(std::move(file).error(), key));
  return (*file)->size();
}

Result<Bytes> Blobs::read_path(const std::string& path, std::string_view key, std::uint64_t offset,
                               std::size_t length) const {
  auto file = files_->open(path, Open::read_only);
  if (!file) return std::unexpected(missing(std::move(file).error(), key));
  const std::uint64_t size = TRY((*file)->size());
  if (offset >= size) return Bytes{};
  Bytes out(std::min<std::uint64_t>(length, size - offset));
  const std::size_t got = TRY((*file)->read(offset, out));
  out.resize(got);
  return out;
}

Result<Bytes> Blobs::read(std::string_view key, std::uint64_t offset, std::size_t length) const {
  const std::string path = TRY(path_of(kBlobs, key));
  return read_path(path, key, offset, length);
}

Result<std::string> Blobs::path(std::string_view key) const { return path_of(kBlobs, key); }

Result<bool> Blobs::exists(std::string_view key) const {
  const std::string path = TRY(path_of(kBlobs, key));
  return files_->exists(path);
}

Result<> Blobs::remove(std::string_view key) {
  const std::string path = TRY(path_of(kBlobs, key));
  const bool there = TRY(files_->exists(path));
  if (!there) return {};
  TRY(files_->remove(path));
  return files_->sync_folder(folder_of(path));
}

Result<std::vector<std::string>> Blobs::list(std::string_view prefix) const {
  // Only the folder that the prefix names is walked: tiles are many, and asked for level by level.
  const std::size_t slash = prefix.rfind('/');
  const std::string folder = slash == std::string_view::npos ? "" : std::string(prefix.substr(0, slash + 1));
  if (!folder.empty()) TRY(path_of(kBlobs, prefix.substr(0, slash)));
  const auto names = TRY(files_->list(folder_ + "/" + std::string(kBlobs) + "/" + folder));
  std::vector<std::string> out;
  for (const std::string& name : names)
    if (std::string key = folder + name; key.starts_with(prefix)) out.push_back(std::move(key));
  return out;
}

Result<std::uint64_t> Blobs::append(std::string_view upload, std::uint64_t offset, BytesView bytes) {
  const std::string path = TRY(path_of(kUploads, upload));
  const std::optional<std::uint64_t> arrived = TRY(upload_size(upload));
  const bool starts = !arrived.has_value();
  if (starts) TRY(files_->make_folders(folder_of(path)));
  const std::uint64_t size = arrived.value_or(0);
  if (offset != size)
    return fail(Errc::conflict, "store.upload.offset",
                "upload " + std::string(upload) + ": has " + std::to_string(size) + " bytes, cannot go on at " +
                    std::to_string(offset));
  auto file = TRY(files_->open(path, Open::create));
  Result<> written = file->write(offset, bytes);
  if (written) written = file->sync();
  if (written && starts) written = files_->sync_folder(folder_of(path));
  if (!written) {
    // What a failed sync leaves behind may look written and never reach the disk: the upload starts over.
    file.reset();
    (void)files_->remove(path);
    return std::unexpected(std::move(written).error());
  }
  return offset + bytes.size();
}

Result<std::optional<std::uint64_t>> Blobs::upload_size(std::string_view upload) const {
  const std::string path = TRY(path_of(kUploads, upload));
  auto file = files_->open(path, Open::read_only);
  if (!file && file.error().code == Errc::not_found) return std::optional<std::uint64_t>();
  if (!file) return std::unexpected(std::move(file).error());
  const std::uint64_t size = TRY((*file)->size());
  return std::optional(size);
}

Result<Bytes> Blobs::read_upload(std::string_view upload, std::uint64_t offset, std::size_t length) const {
  const std::string path = TRY(path_of(kUploads, upload));
  return read_path(path, upload, offset, length);
}

Result<> Blobs::finish(std::string_view upload, std::string_view key) {
  const std::string from = TRY(path_of(kUploads, upload));
  const std::string to = TRY(path_of(kBlobs, key));
  const bool there = TRY(files_->exists(from));
  if (!there) return std::unexpected(missing({.code = Errc::not_found}, upload));
  TRY(files_->make_folders(folder_of(to)));
  TRY(files_->rename(from, to));
  TRY(files_->sync_folder(folder_of(to)));
  return files_->sync_folder(folder_of(from));
}

Result<> Blobs::abandon(std::string_view upload) {
  const std::string path = TRY(path_of(kUploads, upload));
  return files_->remove(path);
}

Result<std::vector<std::string>> Blobs::uploads() const {
  return files_->list(folder_ + "/" + std::string(kUploads));
}

}  // namespace entraide::store
