// SQLite's way to the simulated disk: a VFS (https://www.sqlite.org/vfs.html).

#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <new>

#include "sim_disk/sim_disk.h"

namespace entraide::sim {

/// The locks and the shared memory of one database file, among the connections of this process.
struct SimDisk::SqliteLocks {
  std::set<const void*> shared;
  const void* reserved = nullptr;
  const void* pending = nullptr;
  const void* exclusive = nullptr;

  std::vector<std::unique_ptr<std::uint8_t[]>> regions;  // the WAL index; gone with its last user
  int users = 0;
  int slot_readers[SQLITE_SHM_NLOCK] = {};
  const void* slot_writer[SQLITE_SHM_NLOCK] = {};
};

class SqliteDoor {
 public:
  /// What SQLite holds of an open file; it makes the room, we build in it.
  struct Handle {
    sqlite3_file base;
    SimDisk* disk;
    SimDisk::InodePtr inode;
    std::shared_ptr<SimDisk::SqliteLocks> locks;
    std::uint64_t epoch;
    std::string path;
    bool sync_folder;// a log's first sync by each handle makes its name durable too, as in SQLite's own VFS
    bool delete_on_close;
    int level;               // SQLITE_LOCK_*
    bool maps;               // uses the shared memory
    unsigned slots_read, slots_written;
  };

  static void install(SimDisk& disk);
  static void forget(SimDisk& disk) { sqlite3_vfs_unregister(disk.vfs_.get()); }

 private:
  static SimDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<SimDisk*>(vfs->pAppData); }
  static Handle& handle_of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

  static int code_of(SimDisk::Outcome outcome, int io_error) {
    switch (outcome) {
      case SimDisk::Outcome::done: return SQLITE_OK;
      case SimDisk::Outcome::no_space: return SQLITE_FULL;
      case SimDisk::Outcome::missing: return SQLITE_IOERR_DELETE_NOENT;
      case SimDisk::Outcome::io_error: break;
    }
    return io_error;
  }

  // ---- the file system ---------------------------------------------------------------------

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    SimDisk& disk = disk_of(vfs);
    file->pMethods = nullptr;
    Lock lock(disk.mutex_);
    if (!disk.powered_) return SQLITE_IOERR;
    const std::string path = name ? name : "";
    SimDisk::InodePtr inode = name ? disk.find(path) : std::make_shared<SimDisk::Inode>();
    if (inode && name && (flags & SQLITE_OPEN_EXCLUSIVE)) return SQLITE_CANTOPEN;
    if (!inode) {
      if (!(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
      if (disk.create(path, inode) != SimDisk::Outcome::done) return SQLITE_IOERR;
    }
    if (!inode->locks) inode->locks = std::make_shared<SimDisk::SqliteLocks>();
    constexpr int kLogs = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL;
    new (file) Handle{{&kMethods},
                      &disk,
                      inode,
                      inode->locks,
                      disk.epoch_,
                      path,
                      (flags & SQLITE_OPEN_CREATE) && (flags & kLogs),
                      (flags & SQLITE_OPEN_DELETEONCLOSE) != 0,
                      SQLITE_LOCK_NONE,
                      false,
                      0,
                      0};
    if (out_flags) *out_flags = flags;
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    SimDisk& disk = disk_of(vfs);
    Lock lock(disk.mutex_);
    const SimDisk::Outcome outcome = disk.remove_name(name);
    if (outcome != SimDisk::Outcome::done || !sync_folder) return code_of(outcome, SQLITE_IOERR_DELETE);
    return code_of(disk.sync_names(store::folder_of(name)), SQLITE_IOERR_DIR_FSYNC);
  }

  static int access(sqlite3_vfs* vfs, const char* name, int, int* out) {
    SimDisk& disk = disk_of(vfs);
    Lock lock(disk.mutex_);
    if (!disk.powered_) return SQLITE_IOERR_ACCESS;
    const SimDisk::InodePtr inode = disk.find(name);
    *out = inode && !inode->memory.empty();  // SQLite's own VFS takes an empty file for none
    return SQLITE_OK;
  }

  static int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
  }

  static int randomness(sqlite3_vfs* vfs, int size, char* out) {
    SimDisk& disk = disk_of(vfs);
    Lock lock(disk.mutex_);
    disk.random_.fill({reinterpret_cast<std::uint8_t*>(out), static_cast<std::size_t>(size)});
    return size;
  }

  static int sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
  static int now(sqlite3_vfs*, sqlite3_int64* out) {
    *out = 212'000'000'000'000;  // some time, always the same: no statement of ours asks
    return SQLITE_OK;
  }
  static int last_error(sqlite3_vfs*, int, char*) { return 0; }

  // ---- one file ----------------------------------------------------------------------------

  static int close(sqlite3_file* file) {
    Handle& handle = handle_of(file);
    {
      Lock lock(handle.disk->mutex_);
      release(handle, SQLITE_LOCK_NONE);
      if (handle.maps) leave_memory(handle);
      if (handle.delete_on_close && handle.disk->alive(handle.epoch)) (void)handle.disk->remove_name(handle.path);
    }
    handle.~Handle();
    file->pMethods = nullptr;
    return SQLITE_OK;
  }

  static int read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
    Handle& handle = handle_of(file);
    Lock lock(handle.disk->mutex_);
    if (!handle.disk->alive(handle.epoch)) return SQLITE_IOERR_READ;
    const Bytes& memory = handle.inode->memory;
    const auto size = static_cast<sqlite3_int64>(memory.size());
    const sqlite3_int64 got = offset >= size ? 0 : std::min<sqlite3_int64>(count, size - offset);
    if (got > 0) std::memcpy(to, memory.data() + offset, static_cast<std::size_t>(got));
    if (got == count) return SQLITE_OK;
    std::memset(static_cast<char*>(to) + got, 0, static_cast<std::size_t>(count - got));
    return SQLITE_IOERR_SHORT_READ;  // the end of the file, never less
  }

  static int write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
    Handle& handle = handle_of(file);
    Lock lock(handle.disk->mutex_);
    if (!handle.disk->alive(handle.epoch)) return SQLITE_IOERR_WRITE;
    const BytesView bytes(static_cast<const std::uint8_t*>(from), static_cast<std::size_t>(count));
    return code_of(handle.disk->write(*handle.inode, static_cast<std::uint64_t>(offset), bytes), SQLITE_IOERR_WRITE);
  }

  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    Handle& handle = handle_of(file);
    Lock lock(handle.disk->mutex_);
    if (!handle.disk->alive(handle.epoch)) return SQLITE_IOERR_TRUNCATE;
    return code_of(handle.disk->truncate(*handle.inode, static_cast<std::uint64_t>(size)), SQLITE_IOERR_TRUNCATE);
  }

  static int sync(sqlite3_file* file, int) {
    Handle& handle = handle_of(file);
    Lock lock(handle.disk->mutex_);
    if (!handle.disk->alive(handle.epoch)) return SQLITE_IOERR_FSYNC;
    const SimDisk::Outcome outcome = handle.disk->sync(*handle.inode);
    if (outcome != SimDisk::Outcome::done || !handle.sync_folder) return code_of(outcome, SQLITE_IOERR_FSYNC);
    handle.sync_folder = false;
    return code_of(handle.disk->sync_names(store::folder_of(handle.path)), SQLITE_IOERR_DIR_FSYNC);
  }

  static int size(sqlite3_file* file, sqlite3_int64* out) {
    Handle& handle = handle_of(file);
    Lock lock(handle.disk->mutex_);
    if (!handle.disk->alive(handle.epoch)) return SQLITE_IOERR_FSTAT;
    *out = static_cast<sqlite3_int64>(handle.inode->memory.size());
    return SQLITE_OK;
  }

  // ---- locks (https://www.sqlite.org/lockingv3.html) -----------------------------------------

  static int take(sqlite3_file* file, int level) {
    Handle& handle = handle_of(file);
    Lock lock(handle.disk->mutex_);
    if (!handle.disk->alive(handle.epoch)) return SQLITE_IOERR_LOCK;
    if (handle.level >= level) return SQLITE_OK;
    SimDisk::SqliteLocks& locks = *handle.locks;
    const auto foreign = [&](const void* holder) { return holder != nullptr && holder != &handle; };
    if (foreign(locks.exclusive)) return SQLITE_BUSY;
    if (level == SQLITE_LOCK_SHARED) {
      if (foreign(locks.pending)) return SQLITE_BUSY;
      locks.shared.insert(&handle);
    } else if (level == SQLITE_LOCK_RESERVED) {
      if (foreign(locks.reserved)) return SQLITE_BUSY;
      locks.reserved = &handle;
    } else {
      if (foreign(locks.pending) || foreign(locks.reserved)) return SQLITE_BUSY;
      locks.pending = &handle;
      handle.level = SQLITE_LOCK_PENDING;
      if (locks.shared.size() > locks.shared.count(&handle)) return SQLITE_BUSY;
      locks.exclusive = &handle;
    }
    handle.level = level;
    return SQLITE_OK;
  }

  static void release(Handle& handle, int level) {
    SimDisk::SqliteLocks& locks = *handle.locks;
    const auto drop = [&](const void*& holder) {
      if (holder == &handle) holder = nullptr;
    };
    drop(locks.exclusive);
    drop(locks.pending);
    drop(locks.reserved);
    if (level == SQLITE_LOCK_NONE) locks.shared.erase(&handle);
    handle.level = level;
  }

  static int untake(sqlite3_file* file, int level) {
    Handle& handle = handle_of(file);
    Lock lock(handle.disk->mutex_);
    if (handle.level > level) release(handle, level);
    return SQLITE_OK;
  }

  static int is_reserved(sqlite3_file* file, int* out) {
    Handle& handle = handle_of(file);
    Lock lock(handle.disk->mutex_);
    if (!handle.disk->alive(handle.epoch)) return SQLITE_IOERR_CHECKRESERVEDLOCK;
    *out = handle.locks->reserved != nullptr || handle.locks->exclusive != nullptr;
    return SQLITE_OK;
  }

  // ---- shared memory of the write-ahead log ------------------------------------------------

  static int map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
    Handle& handle = handle_of(file);
    *out = nullptr;
    Lock lock(handle.disk->mutex_);
    if (!handle.disk->alive(handle.epoch)) return SQLITE_IOERR_SHMMAP;
    SimDisk::SqliteLocks& locks = *handle.locks;
    if (!handle.maps) {
      handle.maps = true;
      ++locks.users;
    }
    const auto at = static_cast<std::size_t>(region);
    if (locks.regions.size() <= at && !extend) return SQLITE_OK;
    while (locks.regions.size() <= at)
      locks.regions.push_back(std::make_unique<std::uint8_t[]>(static_cast<std::size_t>(size)));
    *out = locks.regions[at].get();
    return SQLITE_OK;
  }

  static int lock_slots(sqlite3_file* file, int first, int count, int flags) {
    Handle& handle = handle_of(file);
    Lock lock(handle.disk->mutex_);
    if (!handle.disk->alive(handle.epoch)) return SQLITE_IOERR_SHMLOCK;
    SimDisk::SqliteLocks& locks = *handle.locks;
    for (int i = first; i < first + count; ++i) {
      if (!(flags & SQLITE_SHM_LOCK)) continue;
      const int own = (handle.slots_read >> i) & 1;
      const bool foreign_writer = locks.slot_writer[i] != nullptr && locks.slot_writer[i] != &handle;
      if (foreign_writer) return SQLITE_BUSY;
      if ((flags & SQLITE_SHM_EXCLUSIVE) && locks.slot_readers[i] > own) return SQLITE_BUSY;
    }
    for (int i = first; i < first + count; ++i) change_slot(handle, i, flags);
    return SQLITE_OK;
  }

  static void change_slot(Handle& handle, int i, int flags) {
    SimDisk::SqliteLocks& locks = *handle.locks;
    const unsigned bit = 1u << i;
    const bool shared = flags & SQLITE_SHM_SHARED;
    if (flags & SQLITE_SHM_LOCK) {
      if (shared && !(handle.slots_read & bit)) ++locks.slot_readers[i], handle.slots_read |= bit;
      if (!shared) locks.slot_writer[i] = &handle, handle.slots_written |= bit;
    } else {
      if ((handle.slots_read & bit) != 0) --locks.slot_readers[i], handle.slots_read &= ~bit;
      if ((handle.slots_written & bit) != 0) locks.slot_writer[i] = nullptr, handle.slots_written &= ~bit;
    }
  }

  static void barrier(sqlite3_file*) { std::atomic_thread_fence(std::memory_order_seq_cst); }

  static void leave_memory(Handle& handle) {
    for (int i = 0; i < SQLITE_SHM_NLOCK; ++i) change_slot(handle, i, SQLITE_SHM_UNLOCK);
    handle.maps = false;
    if (--handle.locks->users == 0) handle.locks->regions.clear();
  }

  static int unmap(sqlite3_file* file, int) {
    Handle& handle = handle_of(file);
    Lock lock(handle.disk->mutex_);
    if (handle.maps) leave_memory(handle);
    return SQLITE_OK;
  }

  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector_size(sqlite3_file*) { return 4096; }  // as SQLite's own VFS says
  static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  static constexpr sqlite3_io_methods kMethods = {
      2,           close,           read, write,      truncate, sync,  size,    take,   untake, is_reserved, control,
      sector_size, characteristics, map,  lock_slots, barrier,  unmap, nullptr, nullptr};
};

void SqliteDoor::install(SimDisk& disk) {
  disk.vfs_ = std::make_unique<sqlite3_vfs>();
  sqlite3_vfs& vfs = *disk.vfs_;
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(Handle);
  vfs.mxPathname = 512;
  vfs.zName = disk.vfs_name_.c_str();
  vfs.pAppData = &disk;
  vfs.xOpen = open;
  vfs.xDelete = remove;
  vfs.xAccess = access;
  vfs.xFullPathname = full_path;
  vfs.xRandomness = randomness;
  vfs.xSleep = sleep;
  vfs.xGetLastError = last_error;
  vfs.xCurrentTimeInt64 = now;
  ENSURE(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
}

SimDisk::SimDisk(std::uint64_t seed, std::size_t sector) : random_(seed), sector_(sector) {
  static std::atomic<std::uint64_t> count{0};
  vfs_name_ = "sim_disk_" + std::to_string(++count);
  SqliteDoor::install(*this);
  // SQLite draws the salts of its log from one generator of the process, which asks no VFS of ours.
  sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, static_cast<int>(seed % 0x7fffffff) + 1, nullptr);
}

SimDisk::~SimDisk() { SqliteDoor::forget(*this); }

void SimDisk::void_handles() {
  ++epoch_;
  locked_.clear();
  // Dead handles keep their old locks and memory; the living start with new ones.
  for (auto& [name, inode] : names_) inode->locks.reset();
}

}  // namespace entraide::sim
