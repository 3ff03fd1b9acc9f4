#include "sim_disk/sim_disk.h"

#include <sqlite3.h>

#include <algorithm>

namespace entraide::sim {

// ---- what goes wrong -------------------------------------------------------------------------

void SimDisk::cut_power_at(std::uint64_t n) {
  Lock lock(mutex_);
  cut_at_ = operations_ + n;
}

void SimDisk::cut_power() {
  Lock lock(mutex_);
  powered_ = false;
  dead_ = false;
}

void SimDisk::restart() {
  Lock lock(mutex_);
  // The folder's journal: the first so many of the changes that were not synced have made it.
  std::size_t kept = 0;
  while (kept < unsynced_.size() && chance(survival_percent_)) ++kept;
  for (std::size_t i = 0; i < kept; ++i) apply(disk_names_, unsynced_[i]);
  unsynced_.clear();
  names_ = disk_names_;
  for (auto& [name, inode] : names_) settle(*inode);
  void_handles();
  powered_ = true;
  dead_ = false;
  forget_faults();
  ++boot_;
}

void SimDisk::kill_process() {
  Lock lock(mutex_);
  void_handles();
  kill_at_.reset();
  if (std::exchange(dead_, false)) powered_ = true;
}

void SimDisk::kill_process_at(std::uint64_t n) {
  Lock lock(mutex_);
  kill_at_ = operations_ + n;
}

bool SimDisk::process_is_dead() const {
  Lock lock(mutex_);
  return !powered_;
}

void SimDisk::calm() {
  Lock lock(mutex_);
  forget_faults();
}

void SimDisk::forget_faults() {
  full_ = false;
  cut_at_.reset();
  kill_at_.reset();
  fail_sync_at_.reset();
  fail_write_at_.reset();
}

void SimDisk::fail_sync_at(std::uint64_t n) {
  Lock lock(mutex_);
  fail_sync_at_ = syncs_ + n;
}

void SimDisk::fail_write_at(std::uint64_t n, WriteFault how) {
  Lock lock(mutex_);
  fail_write_at_ = writes_ + n;
  write_fault_ = how;
}

void SimDisk::free_space() {
  Lock lock(mutex_);
  full_ = false;
}

void SimDisk::hide_failed_syncs(bool hidden) {
  Lock lock(mutex_);
  hide_failed_syncs_ = hidden;
}

void SimDisk::survival_percent(unsigned percent) {
  Lock lock(mutex_);
  survival_percent_ = percent;
}

bool SimDisk::powered() const {
  Lock lock(mutex_);
  return powered_ || dead_;
}

std::uint64_t SimDisk::operations() const {
  Lock lock(mutex_);
  return operations_;
}

std::uint64_t SimDisk::syncs() const {
  Lock lock(mutex_);
  return syncs_;
}

std::uint64_t SimDisk::faults() const {
  Lock lock(mutex_);
  return faults_;
}

// ---- sectors ---------------------------------------------------------------------------------

SimDisk::Outcome SimDisk::begin(Operation operation) {
  if (!powered_) return Outcome::io_error;
  ++operations_;
  if (operation == Operation::sync) ++syncs_;
  if (operation == Operation::write) ++writes_;
  if (cut_at_ && operations_ >= *cut_at_) {
    powered_ = false;
    ++faults_;
    return Outcome::io_error;
  }
  if (kill_at_ && operations_ >= *kill_at_) {
    powered_ = false;  // for the dying process it comes to the same
    dead_ = true;
    ++faults_;
    return Outcome::io_error;
  }
  if (operation == Operation::write && fail_write_at_ && writes_ >= *fail_write_at_) {
    fail_write_at_.reset();
    ++faults_;
    if (write_fault_ == WriteFault::io_error) return Outcome::io_error;
    full_ = true;
  }
  if (operation == Operation::write && full_) return Outcome::no_space;
  if (operation == Operation::sync && fail_sync_at_ && syncs_ >= *fail_sync_at_) {
    fail_sync_at_.reset();
    ++faults_;
    return Outcome::io_error;
  }
  return Outcome::done;
}

void SimDisk::write_sector(Inode& inode, std::size_t sector) {
  const std::size_t from = sector * sector_, to = std::min(from + sector_, inode.memory.size());
  if (from >= to) return;
  if (inode.disk.size() < to) inode.disk.resize(to);
  std::copy(inode.memory.begin() + static_cast<std::ptrdiff_t>(from),
            inode.memory.begin() + static_cast<std::ptrdiff_t>(to),
            inode.disk.begin() + static_cast<std::ptrdiff_t>(from));
}

void SimDisk::put(Inode& inode, std::uint64_t offset, BytesView bytes) {
  if (bytes.empty()) return;
  // Writing past the end makes a hole of zeros, which is as unsynced as the rest.
  const std::uint64_t first = std::min<std::uint64_t>(offset, inode.memory.size());
  if (inode.memory.size() < offset + bytes.size()) {
    inode.memory.resize(offset + bytes.size());
    inode.size_dirty = true;
  }
  std::copy(bytes.begin(), bytes.end(), inode.memory.begin() + static_cast<std::ptrdiff_t>(offset));
  for (std::uint64_t s = first / sector_; s <= (offset + bytes.size() - 1) / sector_; ++s) inode.dirty.insert(s);
}

SimDisk::Outcome SimDisk::write(Inode& inode, std::uint64_t offset, BytesView bytes) {
  const Outcome outcome = begin(Operation::write);
  if (outcome == Outcome::done) {
    put(inode, offset, bytes);
  } else if (!bytes.empty()) {
    // A write that fails, or that the power cut interrupts, has got some whole sectors in.
    const std::uint64_t sectors = random_.number() % (bytes.size() / sector_ + 1);
    put(inode, offset, bytes.first(sectors * sector_));
  }
  return outcome;
}

SimDisk::Outcome SimDisk::truncate(Inode& inode, std::uint64_t size) {
  const Outcome outcome = begin(Operation::other);
  if (outcome != Outcome::done) return outcome;
  if (size > inode.memory.size()) {
    const Bytes zeros(size - inode.memory.size());
    put(inode, inode.memory.size(), zeros);
  } else {
    inode.memory.resize(size);
    inode.dirty.erase(inode.dirty.lower_bound((size + sector_ - 1) / sector_), inode.dirty.end());
  }
  inode.size_dirty = true;
  return outcome;
}

SimDisk::Outcome SimDisk::sync(Inode& inode) {
  const Outcome outcome = begin(Operation::sync);
  if (outcome == Outcome::done) {
    for (const std::size_t sector : inode.dirty) write_sector(inode, sector);
    if (inode.size_dirty) inode.disk.resize(inode.memory.size());
  } else if (powered_) {
    for (const std::size_t sector : inode.dirty)
      if (chance(survival_percent_)) write_sector(inode, sector);
  } else {
    return outcome;  // nothing has become of it yet
  }
  inode.dirty.clear();
  inode.size_dirty = false;
  return hide_failed_syncs_ ? Outcome::done : outcome;
}

void SimDisk::settle(Inode& inode) {
  for (const std::size_t sector : inode.dirty)
    if (chance(survival_percent_)) write_sector(inode, sector);
  if (inode.size_dirty && chance(survival_percent_)) inode.disk.resize(inode.memory.size());
  inode.memory = inode.disk;
  inode.dirty.clear();
  inode.size_dirty = false;
}

// ---- names -----------------------------------------------------------------------------------

void SimDisk::apply(Names& to, const NameChange& change) {
  if (!change.also_gone.empty()) to.erase(change.also_gone);
  if (change.inode) {
    to[change.name] = change.inode;
  } else {
    to.erase(change.name);
  }
}

void SimDisk::change_name(NameChange change) {
  apply(names_, change);
  unsynced_.push_back(std::move(change));
}

SimDisk::InodePtr SimDisk::find(const std::string& path) const {
  const auto found = names_.find(path);
  return found == names_.end() ? nullptr : found->second;
}

SimDisk::Outcome SimDisk::create(const std::string& path, InodePtr& out) {
  const Outcome outcome = begin(Operation::other);
  if (outcome != Outcome::done) return outcome;
  out = std::make_shared<Inode>();
  change_name({path, out, {}});
  return outcome;
}

SimDisk::Outcome SimDisk::remove_name(const std::string& path) {
  if (!find(path)) return powered_ ? Outcome::missing : Outcome::io_error;
  const Outcome outcome = begin(Operation::other);
  if (outcome == Outcome::done) change_name({path, nullptr, {}});
  return outcome;
}

SimDisk::Outcome SimDisk::sync_names(const std::string& folder) {
  const Outcome outcome = begin(Operation::other);
  if (outcome != Outcome::done) return outcome;
  // The journal is one: what came before in other folders goes with it.
  const auto in_folder = [&](const NameChange& change) { return store::folder_of(change.name) == folder; };
  const auto last = std::find_if(unsynced_.rbegin(), unsynced_.rend(), in_folder);
  const std::size_t count = static_cast<std::size_t>(unsynced_.rend() - last);
  for (std::size_t i = 0; i < count; ++i) apply(disk_names_, unsynced_[i]);
  unsynced_.erase(unsynced_.begin(), unsynced_.begin() + static_cast<std::ptrdiff_t>(count));
  return outcome;
}

}  // namespace entraide::sim
