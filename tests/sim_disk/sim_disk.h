#pragma once

// A disk in memory that loses what was not synced, tears what was half written, and fails when told to; the
// same way each time for the same seed. The real store runs over it: SQLite through a VFS, the files beside
// the database through `FileSystem`.

#include <map>
#include <optional>
#include <set>

#include "base/mutex.h"
#include "base/random.h"
#include "store/store.h"

struct sqlite3_vfs;

namespace entraide::sim {

class SqliteDoor;

/// What it models, after Linux with ext4:
/// - A write goes to memory; reads see it at once. `sync` brings a file's writes to the disk, sector by sector.
/// - When the power goes, each unsynced sector survives or not by a coin of its own, so a page of several sectors
///   can be torn; a sector never is. Creations, renames and removals survive as far as the folder was synced;
///   of later ones, the first so many.
/// - A sync that fails has written some sectors and not others, and all of them count as clean from then on:
///   the next sync succeeds without writing them, reads go on showing the new bytes, the next power cut shows
///   the truth.
/// Any thread, one operation at a time; deterministic when used from one thread, one disk after the other: a new
/// disk seeds the one generator that SQLite has in a process.
class SimDisk final : public store::FileSystem {
 public:
  explicit SimDisk(std::uint64_t seed, std::size_t sector = 512);
  ~SimDisk() override;
  SimDisk(const SimDisk&) = delete;

  // ---- what goes wrong -----------------------------------------------------------------------

  /// Power goes at the `n`th operation from now that changes anything (1 = the next): a write then gets a part
  /// of its sectors in, anything else does not happen. From there on all calls fail until `restart`.
  void cut_power_at(std::uint64_t n);
  void cut_power();
  /// The machine starts again: what had not been synced is settled, handles and locks are void, the boot is new.
  void restart();
  /// The process dies: handles and locks are void, memory and boot stay.
  void kill_process();
  /// The process dies at the `n`th operation from now that changes anything; a write then gets a part of its sectors in.
  void kill_process_at(std::uint64_t n);
  /// Whether it has died so, or the power is gone: from then on it says nothing to anybody. Until `restart` or
  /// `kill_process`, which begin the next one.
  bool process_is_dead() const;
  /// Nothing more goes wrong of what was asked for.
  void calm();

  /// The `n`th sync of a file from now fails.
  void fail_sync_at(std::uint64_t n);
  enum class WriteFault { no_space, io_error };
  /// The `n`th write from now fails after a part of its sectors; a full disk stays full until `free_space`.
  void fail_write_at(std::uint64_t n, WriteFault how);
  void free_space();
  /// A sync that fails claims to have worked: what a program sees that does not look.
  void hide_failed_syncs(bool hidden);
  /// How likely an unsynced sector survives a power cut, and a sector of a failing sync gets written; 50 at first.
  void survival_percent(unsigned percent);

  bool powered() const;
  /// Operations that changed something so far: what `cut_power_at` counts.
  std::uint64_t operations() const;
  std::uint64_t syncs() const;
  /// How many of the faults that were asked for have struck.
  std::uint64_t faults() const;

  /// The name under which SQLite finds this disk.
  const std::string& vfs_name() const { return vfs_name_; }

  // ---- FileSystem ----------------------------------------------------------------------------

  Result<std::unique_ptr<store::File>> open(const std::string& path, store::Open how) override;
  Result<bool> exists(const std::string& path) override;
  Result<> rename(const std::string& from, const std::string& to) override;
  Result<> remove(const std::string& path) override;
  Result<> make_folders(const std::string& path) override;  // folders are only in names here
  Result<> sync_folder(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  Result<std::unique_ptr<store::FileLock>> lock(const std::string& path) override;
  Result<std::string> boot_id() override;

 private:
  friend class SqliteDoor;
  friend class SimFile;
  friend class SimLock;

  enum class Outcome { done, missing, no_space, io_error };
  enum class Operation { write, sync, other };

  struct SqliteLocks;  // what SQLite's connections hold of one file; see sqlite_door.cc
  struct Inode {
    Bytes memory;  // what reads see
    Bytes disk;  // what a power cut leaves, but for luck
    std::set<std::size_t> dirty;  // sectors that the next sync will write
    bool size_dirty = false;
    std::shared_ptr<SqliteLocks> locks;
  };
  using InodePtr = std::shared_ptr<Inode>;
  struct NameChange {
    std::string name;
    InodePtr inode;  // null: the name goes
    std::string also_gone;  // a rename takes this name away in the same stroke
  };
  using Names = std::map<std::string, InodePtr>;

  // All with mutex_ held.
  Outcome begin(Operation operation) REQUIRES(mutex_);
  bool alive(std::uint64_t epoch) const REQUIRES(mutex_) { return powered_ && epoch == epoch_; }
  bool chance(unsigned percent) REQUIRES(mutex_) { return random_.number() % 100 < percent; }
  void void_handles() REQUIRES(mutex_);
  void forget_faults() REQUIRES(mutex_);
  void write_sector(Inode& inode, std::size_t sector);
  void put(Inode& inode, std::uint64_t offset, BytesView bytes);
  Outcome write(Inode& inode, std::uint64_t offset, BytesView bytes) REQUIRES(mutex_);
  Outcome truncate(Inode& inode, std::uint64_t size) REQUIRES(mutex_);
  Outcome sync(Inode& inode) REQUIRES(mutex_);
  void settle(Inode& inode) REQUIRES(mutex_);
  void change_name(NameChange change) REQUIRES(mutex_);
  static void apply(Names& to, const NameChange& change);
  Outcome create(const std::string& path, InodePtr& out) REQUIRES(mutex_);
  Outcome remove_name(const std::string& path) REQUIRES(mutex_);
  Outcome sync_names(const std::string& folder) REQUIRES(mutex_);
  InodePtr find(const std::string& path) const REQUIRES(mutex_);

  mutable Mutex mutex_;
  SeededRandom random_ GUARDED_BY(mutex_);
  const std::size_t sector_;
  unsigned survival_percent_ GUARDED_BY(mutex_)
  = 50;
  bool powered_ GUARDED_BY(mutex_)
  = true;
  bool full_ GUARDED_BY(mutex_)
  = false;
  bool hide_failed_syncs_ GUARDED_BY(mutex_)
  = false;
  std::uint64_t boot_ GUARDED_BY(mutex_)
  = 1;
  std::uint64_t epoch_ GUARDED_BY(mutex_)
  = 1;  // of handles: a restart or a kill begins the next one
  std::uint64_t operations_ GUARDED_BY(mutex_)
  = 0, syncs_ GUARDED_BY(mutex_)
  = 0, writes_ GUARDED_BY(mutex_)
  = 0, faults_ GUARDED_BY(mutex_)
  = 0;
  bool dead_ GUARDED_BY(mutex_)
  = false;  // the process, by kill_process_at: nothing works, but memory stays
  std::optional<std::uint64_t> cut_at_ GUARDED_BY(mutex_)
  , kill_at_ GUARDED_BY(mutex_)
  , fail_sync_at_ GUARDED_BY(mutex_)
  , fail_write_at_ GUARDED_BY(mutex_);
  WriteFault write_fault_ GUARDED_BY(mutex_)
  = WriteFault::io_error;
  Names names_ GUARDED_BY(mutex_);  // as programs see them
  Names disk_names_ GUARDED_BY(mutex_);  // as a power cut leaves them, but for luck
  std::vector<NameChange> unsynced_ GUARDED_BY(mutex_);
  std::set<std::string> locked_ GUARDED_BY(mutex_);
  std::string vfs_name_;
  std::unique_ptr<sqlite3_vfs> vfs_;
};

/// The real store over the simulated disk. Destroy it before, or after, `restart` and `kill_process`: its old
/// handles fail either way.
Result<std::unique_ptr<store::Database>> make_sim_database(SimDisk& disk, const std::string& path,
                                                           store::Options options = {});

}  // namespace entraide::sim
