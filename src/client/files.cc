#include "client/files.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace entraide::client {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  bool close() { return ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

std::unexpected<Error> cannot(const char* rule, const std::filesystem::path& path, const char* what) {
  const int why = errno;
  const Errc code = why == ENOENT ? Errc::not_found : Errc::internal;
  return fail(code, why == ENOENT ? "file.missing" : rule,
              path.string() + ": " + what + ": " + std::generic_category().message(why), path.string());
}

Result<> sync_folder(const std::filesystem::path& folder) {
  const Descriptor open(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (open.get() < 0 || ::fsync(open.get()) != 0) return cannot("file.write", folder, "cannot sync the folder");
  return {};
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

Result<Bytes> read_all(const Descriptor& from, const std::filesystem::path& path, std::size_t bytes_max) {
  Bytes out;
  std::uint8_t piece[16384];
  while (true) {
    const ssize_t got = ::read(from.get(), piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot("file.read", path, "cannot read");
    if (got == 0) return out;
    if (out.size() + static_cast<std::size_t>(got) > bytes_max)
      return fail(Errc::too_large, "file.size",
                  path.string() + ": larger than " + std::to_string(bytes_max) + " bytes", path.string());
    out.insert(out.end(), piece, piece + got);
  }
}

}  // namespace

Result<Bytes> read_file(const std::filesystem::path& path, std::size_t bytes_max) {
  const Descriptor from(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (from.get() < 0) return cannot("file.read", path, "cannot open");
  return read_all(from, path, bytes_max);
}

Result<SecretBytes> read_private_file(const std::filesystem::path& path, std::size_t bytes_max) {
  const Descriptor from(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (from.get() < 0) return cannot("file.read", path, "cannot open");
  struct stat about{};
  if (::fstat(from.get(), &about) != 0) return cannot("file.read", path, "cannot look at");
  if (about.st_uid != ::geteuid())
    return fail(Errc::refused, "file.permissions",
                path.string() + ": belongs to another user; secrets must be your own", path.string());
  if (S_ISREG(about.st_mode) && (about.st_mode & 077) != 0)
    return fail(Errc::refused, "file.permissions",
                path.string() + ": others may read or write it; run `chmod 600 " + path.string() +
                    "` and consider the secret known",
                path.string());
  Bytes bytes = TRY(read_all(from, path, bytes_max));
  return SecretBytes(std::move(bytes));
}

Result<> write_file_whole(const std::filesystem::path& path, BytesView bytes, unsigned mode) {
  const std::filesystem::path folder = folder_of(path);
  if (std::error_code none; !std::filesystem::exists(folder, none)) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed)
      return fail(Errc::internal, "file.write", folder.string() + ": cannot make the folder: " + failed.message(),
                  folder.string());
    ::chmod(folder.c_str(), 0700);
  }
  std::string beside = path.string() + ".XXXXXX";
  Descriptor to(::mkostemp(beside.data(), O_CLOEXEC));
  if (to.get() < 0) return cannot("file.write", path, "cannot write beside it");
  const auto give_up = [&](const char* what) {
    auto error = cannot("file.write", path, what);
    ::unlink(beside.c_str());
    return error;
  };
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t wrote = ::write(to.get(), bytes.data() + done, bytes.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return give_up("cannot write");
    done += static_cast<std::size_t>(wrote);
  }
  if (::fchmod(to.get(), mode) != 0 || ::fsync(to.get()) != 0 || !to.close()) return give_up("cannot sync");
  if (::rename(beside.c_str(), path.c_str()) != 0) return give_up("cannot replace");
  return sync_folder(folder);
}

Result<> remove_file(const std::filesystem::path& path) {
  if (::unlink(path.c_str()) != 0) {
    if (errno == ENOENT) return {};
    return cannot("file.write", path, "cannot remove");
  }
  return sync_folder(folder_of(path));
}

Result<FileLock> FileLock::take(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::create_directories(folder_of(path), ignored);
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return cannot("file.lock", path, "cannot open the lock");
  FileLock lock(descriptor);
  while (::flock(descriptor, LOCK_EX) != 0)
    if (errno != EINTR) return cannot("file.lock", path, "cannot lock");
  return lock;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace entraide::client
