#pragma once

// What to do with a SQLite database whose last user did not end cleanly.

#include "store/file_system.h"

namespace entraide::store {

/// Call before SQLite opens `path`. While a database is open, a file `path`.open names the boot in which it was
/// opened; `ended_cleanly` removes it. Found again, it tells how the last use ended:
/// - in an earlier boot: what the kernel held in memory is gone, what the disk has is what SQLite reads. No more to
/// do.
/// - in this boot: a write may have failed. After a failed fsync Linux keeps the new bytes readable in memory,
///   calls them clean, and never writes them: everything looks committed until the power goes. So the database
///   and its log are read through that memory, written to new files, synced, and put in place of the old.
/// Gives whether the last use ended uncleanly, in either way: the database then deserves a check.
Result<bool> recover(FileSystem& files, const std::string& path);

/// The database at `path` has been closed and all its writes have succeeded.
Result<> ended_cleanly(FileSystem& files, const std::string& path);

}  // namespace entraide::store
