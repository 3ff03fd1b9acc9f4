#pragma once

// Where a database is and what was taken to open it. Only this folder includes it.

#include "store/link.h"

namespace entraide::store {

struct Database::Place {
  Engine engine = Engine::sqlite;
  std::string where;  // the file's path, or libpq's words
  Options options;
  FileSystem* files = nullptr;
  bool closed = false;
  std::unique_ptr<FileLock> lock;
  /// SQLite folds its log into the database when the last connection goes: this one stays to the end.
  std::unique_ptr<Link> keeper;

  Result<> take_files();
  Result<std::unique_ptr<Link>> new_link() const;
};

}  // namespace entraide::store
