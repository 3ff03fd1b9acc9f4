// The machine's own files, by POSIX calls.

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "store/file_system.h"

namespace entraide::store {
namespace {

std::unexpected<Error> failed(const std::string& path, const char* doing) {
  const int number = errno;
  if (number == ENOENT || number == ENOTDIR)
    return fail(Errc::not_found, "store.file.missing", path + ": no such file", path);
  const char* rule = number == ENOSPC || number == EDQUOT ? "store.file.full" : "store.file.failed";
  return fail(Errc::storage, rule, path + ": cannot " + doing + ": " + std::generic_category().message(number), path);
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  bool open() const { return number_ >= 0; }

 private:
  int number_;
};

class PosixFile final : public File {
 public:
  PosixFile(Descriptor at, std::string path) : at_(std::move(at)), path_(std::move(path)) {}

  Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> to) override {
    std::size_t done = 0;
    while (done < to.size()) {
      const ssize_t got =
          ::pread(at_.number(), to.data() + done, to.size() - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failed(path_, "read");
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  Result<> write(std::uint64_t offset, BytesView bytes) override {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t put =
          ::pwrite(at_.number(), bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return failed(path_, "write");
      done += static_cast<std::size_t>(put);
    }
    return {};
  }

  Result<> truncate(std::uint64_t size) override {
    if (::ftruncate(at_.number(), static_cast<off_t>(size)) != 0) return failed(path_, "truncate");
    return {};
  }

  Result<> sync() override {
    if (::fsync(at_.number()) != 0) return failed(path_, "sync");
    return {};
  }

  Result<std::uint64_t> size() override {
    struct stat about{};
    if (::fstat(at_.number(), &about) != 0) return failed(path_, "measure");
    return static_cast<std::uint64_t>(about.st_size);
  }

 private:
  Descriptor at_;
  std::string path_;
};

class PosixLock final : public FileLock {
 public:
  explicit PosixLock(Descriptor at) : at_(std::move(at)) {}

 private:
  Descriptor at_;
};

Result<> list_into(std::vector<std::string>& out, const std::string& root, const std::string& below) {
  const std::string path = below.empty() ? root : root + "/" + below;
  DIR* folder = ::opendir(path.c_str());
  if (folder == nullptr) return errno == ENOENT ? Result<>{} : failed(path, "list");
  std::vector<std::string> folders;
  errno = 0;
  while (const dirent* entry = ::readdir(folder)) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const std::string relative = below.empty() ? name : below + "/" + name;
    struct stat about{};
    if (::lstat((root + "/" + relative).c_str(), &about) != 0) continue;  // gone since
    if (S_ISDIR(about.st_mode)) folders.push_back(relative);
    if (S_ISREG(about.st_mode)) out.push_back(relative);
    errno = 0;
  }
  const int number = errno;
  ::closedir(folder);
  errno = number;
  if (number != 0) return failed(path, "list");
  for (const std::string& inner : folders) TRY(list_into(out, root, inner));
  return {};
}

class PosixFiles final : public FileSystem {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, Open how) override {
    int flags = O_CLOEXEC;
    flags |= how == Open::read_only ? O_RDONLY : O_RDWR;
    if (how == Open::create) flags |= O_CREAT;
    if (how == Open::create_new) flags |= O_CREAT | O_EXCL;
    Descriptor at(::open(path.c_str(), flags, 0600));
    if (!at.open() && errno == EEXIST)
      return fail(Errc::conflict, "store.file.exists", path + ": is already there", path);
    if (!at.open()) return failed(path, "open");
    return std::make_unique<PosixFile>(std::move(at), path);
  }

  Result<bool> exists(const std::string& path) override {
    struct stat about{};
    if (::stat(path.c_str(), &about) == 0) return true;
    if (errno == ENOENT || errno == ENOTDIR) return false;
    return failed(path, "look at");
  }

  Result<> rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) != 0) return failed(from, "rename");
    return {};
  }

  Result<> remove(const std::string& path) override {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed(path, "remove");
    return {};
  }

  Result<> make_folders(const std::string& path) override {
    const bool there = TRY(exists(path));
    if (there) return {};
    const std::string above = folder_of(path);
    if (above != path) TRY(make_folders(above));
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return failed(path, "make the folder");
    return sync_folder(above);
  }

  Result<> sync_folder(const std::string& path) override {
    Descriptor at(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!at.open()) return failed(path, "open the folder");
    if (::fsync(at.number()) != 0) return failed(path, "sync the folder");
    return {};
  }

  Result<std::vector<std::string>> list(const std::string& path) override {
    std::vector<std::string> out;
    TRY(list_into(out, path, {}));
    std::sort(out.begin(), out.end());
    return out;
  }

  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override {
    Descriptor at(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!at.open()) return failed(path, "open");
    if (::flock(at.number(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK)
        return fail(Errc::unavailable, "store.in_use", path + ": held by another process; stop that one first", path);
      return failed(path, "lock");
    }
    return std::make_unique<PosixLock>(std::move(at));
  }

  Result<std::string> boot_id() override {
    Descriptor at(::open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC));
    if (!at.open()) return failed("/proc/sys/kernel/random/boot_id", "open");
    char text[64];
    const ssize_t got = ::read(at.number(), text, sizeof text);
    if (got <= 0) return failed("/proc/sys/kernel/random/boot_id", "read");
    std::string id(text, static_cast<std::size_t>(got));
    while (!id.empty() && id.back() == '\n') id.pop_back();
    return id;
  }
};

}  // namespace

FileSystem& real_files() {
  static PosixFiles files;
  return files;
}

}  // namespace entraide::store
