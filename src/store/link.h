#pragma once

// One engine's side of a `Connection`. Only this folder includes it.

#include <map>
#include <unordered_map>

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
  metrics::Histogram* time_of(const Sql& sql);
  metrics::Registry* metrics = nullptr;
  /// What was asked and is not yet taken, by number; `Connection` empties it when a transaction ends.
  std::map<std::uint64_t, Rows> answers;

 private:
  std::map<std::string, metrics::Histogram*, std::less<>> times_;
  // A name stands in the program once, too: see `Statements`.
  std::unordered_map<const char*, std::pair<std::string_view, metrics::Histogram*>> times_by_place_;
};

/// Statements by name. A statement stands in the program once: where its text lies finds it again, without a search
/// among names that begin alike.
template <class Statement>
class Statements {
 public:
  /// None that was made of this very text before. A name stands for one statement.
  Statement* find(const Sql& sql) {
    const auto near = by_place_.find(sql.text.data());
    if (near != by_place_.end() && near->second->text == sql.text) return near->second;
    const auto found = by_name_.find(sql.name);
    if (found == by_name_.end()) return nullptr;
    ENSURE(found->second.text == sql.text);
    return by_place_[sql.text.data()] = &found->second;
  }
  Statement& add(const Sql& sql, Statement made) {
    Statement& added = by_name_.insert_or_assign(std::string(sql.name), std::move(made)).first->second;
    return *(by_place_[sql.text.data()] = &added);
  }
  void erase(std::string_view name) {
    const auto found = by_name_.find(name);
    std::erase_if(by_place_, [&](const auto& at) { return at.second == &found->second; });
    by_name_.erase(found);
  }
  void clear() {
    by_place_.clear();
    by_name_.clear();
  }
  auto begin() { return by_name_.begin(); }
  auto end() { return by_name_.end(); }

 private:
  std::map<std::string, Statement, std::less<>> by_name_;
  std::unordered_map<const char*, Statement*> by_place_;
};

/// `path` as SQLite takes it.
Result<std::unique_ptr<Link>> open_sqlite(const std::string& path, const Options& options);
/// `conninfo` as libpq takes it.
Result<std::unique_ptr<Link>> open_postgresql(const std::string& conninfo, const Options& options);

}  // namespace entraide::store
