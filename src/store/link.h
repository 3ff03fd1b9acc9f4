#pragma once

// One engine's side of a `Connection`. Only this folder includes it.

#include <map>

#include "store/store.h"

namespace entraide::store {

using EachRow = Result<> (*)(void* context, const Row&);

/// What an engine must do. `Connection` has already checked order of calls and texts, and judges failures;
/// the rules of failure are those of store.h.
class Link {
 public:
  virtual ~Link() = default;
  virtual Result<> begin(Access access) = 0;
  virtual Result<> commit() = 0;
  virtual Result<> rollback() = 0;
  virtual Result<> lock_ledger() = 0;
  virtual Result<Rows> query(const Sql& sql, std::span<const Value> values) = 0;
  virtual Result<> ask(const Sql& sql, std::span<const Value> values, std::uint64_t number);
  virtual Result<Rows> answer(std::uint64_t number);
  virtual Result<std::int64_t> execute(const Sql& sql, std::span<const Value> values) = 0;
  virtual Result<> execute_later(const Sql& sql, std::span<const Value> values) = 0;
  virtual Result<> flush() = 0;
  /// Inside a transaction.
  virtual Result<> scan(const Sql& sql, std::span<const Value> values, EachRow each, void* context) = 0;
  /// Many statements without values: schema steps.
  virtual Result<> script(const std::string& text) = 0;
  virtual Result<> notify(std::string_view channel, std::string_view payload) = 0;
  virtual Result<> listen(std::string_view channel) = 0;
  virtual Result<std::optional<std::string>> wait_notice(Milliseconds timeout) = 0;

  /// Where the time of a statement goes; null without metrics.
  metrics::Histogram* time_of(std::string_view name);
  metrics::Registry* metrics = nullptr;
  /// What was asked and is not yet taken, by number; `Connection` empties it when a transaction ends.
  std::map<std::uint64_t, Rows> answers;

 private:
  std::map<std::string, metrics::Histogram*, std::less<>> times_;
};

/// `path` as SQLite takes it.
Result<std::unique_ptr<Link>> open_sqlite(const std::string& path, const Options& options);
/// `conninfo` as libpq takes it.
Result<std::unique_ptr<Link>> open_postgresql(const std::string& conninfo, const Options& options);

}  // namespace entraide::store
