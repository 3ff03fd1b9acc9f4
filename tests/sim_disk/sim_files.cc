// The simulated disk as the store's `FileSystem`.

#include <sqlite3.h>

#include <algorithm>

#include "sim_disk/sim_disk.h"

namespace entraide::sim {

namespace {

std::unexpected<Error> failed(const std::string& path, const char* rule, const char* words) {
  return fail(Errc::storage, rule, path + ": " + words + " (simulated)", path);
}
std::unexpected<Error> io_error(const std::string& path) {
  return failed(path, "store.file.failed", "input/output error");
}
std::unexpected<Error> missing(const std::string& path) {
  return fail(Errc::not_found, "store.file.missing", path + ": no such file", path);
}

}  // namespace

class SimFile final : public store::File {
 public:
  SimFile(SimDisk& disk, SimDisk::InodePtr inode, std::uint64_t epoch, std::string path)
      : disk_(disk), inode_(std::move(inode)), epoch_(epoch), path_(std::move(path)) {}

  Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> to) override {
    Lock lock(disk_.mutex_);
    if (!disk_.alive(epoch_)) return io_error(path_);
    if (offset >= inode_->memory.size()) return std::size_t{0};
    const std::size_t count = std::min<std::uint64_t>(to.size(), inode_->memory.size() - offset);
    std::copy_n(inode_->memory.begin() + static_cast<std::ptrdiff_t>(offset), count, to.begin());
    return count;
  }
  Result<> write(std::uint64_t offset, BytesView bytes) override {
    Lock lock(disk_.mutex_);
    return verdict(disk_.alive(epoch_) ? disk_.write(*inode_, offset, bytes) : SimDisk::Outcome::io_error);
  }
  Result<> truncate(std::uint64_t size) override {
    Lock lock(disk_.mutex_);
    return verdict(disk_.alive(epoch_) ? disk_.truncate(*inode_, size) : SimDisk::Outcome::io_error);
  }
  Result<> sync() override {
    Lock lock(disk_.mutex_);
    return verdict(disk_.alive(epoch_) ? disk_.sync(*inode_) : SimDisk::Outcome::io_error);
  }
  Result<std::uint64_t> size() override {
    Lock lock(disk_.mutex_);
    if (!disk_.alive(epoch_)) return io_error(path_);
    return inode_->memory.size();
  }

 private:
  Result<> verdict(SimDisk::Outcome outcome) const {
    if (outcome == SimDisk::Outcome::done) return {};
    if (outcome == SimDisk::Outcome::no_space) return failed(path_, "store.file.full", "no space left on device");
    return io_error(path_);
  }

  SimDisk& disk_;
  SimDisk::InodePtr inode_;
  std::uint64_t epoch_;
  std::string path_;
};

class SimLock final : public store::FileLock {
 public:
  SimLock(SimDisk& disk, std::string path, std::uint64_t epoch)
      : disk_(disk), path_(std::move(path)), epoch_(epoch) {}
  ~SimLock() override {
    Lock lock(disk_.mutex_);
    if (epoch_ == disk_.epoch_) disk_.locked_.erase(path_);
  }

 private:
  SimDisk& disk_;
  std::string path_;
  std::uint64_t epoch_;
};

Result<std::unique_ptr<store::File>> SimDisk::open(const std::string& path, store::Open how) {
  Lock lock(mutex_);
  if (!powered_) return io_error(path);
  InodePtr inode = find(path);
  if (inode && how == store::Open::create_new)
    return fail(Errc::conflict, "store.file.exists", path + ": is already there", path);
  if (!inode && (how == store::Open::existing || how == store::Open::read_only)) return missing(path);
  if (!inode && create(path, inode) != Outcome::done) return io_error(path);
  return std::make_unique<SimFile>(*this, std::move(inode), epoch_, path);
}

Result<bool> SimDisk::exists(const std::string& path) {
  Lock lock(mutex_);
  if (!powered_) return io_error(path);
  return find(path) != nullptr;
}

Result<> SimDisk::rename(const std::string& from, const std::string& to) {
  Lock lock(mutex_);
  const InodePtr inode = find(from);
  if (!inode && powered_) return missing(from);
  if (begin(Operation::other) != Outcome::done) return io_error(from);
  change_name({to, inode, from});
  return {};
}

Result<> SimDisk::remove(const std::string& path) {
  Lock lock(mutex_);
  const Outcome outcome = remove_name(path);
  if (outcome == Outcome::done || outcome == Outcome::missing) return {};
  return io_error(path);
}

Result<> SimDisk::make_folders(const std::string& path) {
  Lock lock(mutex_);
  if (!powered_) return io_error(path);
  return {};
}

Result<> SimDisk::sync_folder(const std::string& path) {
  Lock lock(mutex_);
  if (sync_names(path) != Outcome::done) return io_error(path);
  return {};
}

Result<std::vector<std::string>> SimDisk::list(const std::string& path) {
  Lock lock(mutex_);
  if (!powered_) return io_error(path);
  const std::string folder = path.ends_with('/') ? path : path + "/";
  std::vector<std::string> out;
  for (const auto& [name, inode] : names_)
    if (name.starts_with(folder)) out.push_back(name.substr(folder.size()));
  return out;
}

Result<std::unique_ptr<store::FileLock>> SimDisk::lock(const std::string& path) {
  Lock lock(mutex_);
  if (!powered_) return io_error(path);
  if (!locked_.insert(path).second)
    return fail(Errc::unavailable, "store.in_use", path + ": held by another process", path);
  return std::make_unique<SimLock>(*this, path, epoch_);
}

Result<std::string> SimDisk::boot_id() {
  Lock lock(mutex_);
  return "boot " + std::to_string(boot_);
}

Result<std::unique_ptr<store::Database>> make_sim_database(SimDisk& disk, const std::string& path,
                                                           store::Options options) {
  options.files = &disk;
  options.sqlite_vfs = disk.vfs_name();
  return store::Database::open("sqlite:" + path, std::move(options));
}

}  // namespace entraide::sim
