// SQLite's side of a connection.

#include <sqlite3.h>

#include <cstring>

#include "store/link.h"

namespace entraide::store {
namespace {

struct CloseDatabase {
  void operator()(sqlite3* at) const { sqlite3_close_v2(at); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Handle = std::unique_ptr<sqlite3, CloseDatabase>;

Error failure(int code, std::string_view doing, const char* words) {
  const auto error = [&](Errc errc, const char* rule, const char* more = "") {
    return Error{errc, rule, "store: " + std::string(doing) + ": " + words + more};
  };
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT: return error(Errc::unavailable, "store.busy");
    case SQLITE_SCHEMA: return error(Errc::unavailable, "store.schema");
    case SQLITE_CONSTRAINT: return error(Errc::conflict, "store.constraint");
    case SQLITE_TOOBIG: return error(Errc::too_large, "store.too_large");
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
    case SQLITE_NOLFS:
    case SQLITE_NOMEM:
      return error(Errc::storage, "store.write",
                   "; stop, and start again so that the files are rewritten and checked");
    default: return error(Errc::internal, "store.statement");
  }
}

// Counting its memory costs SQLite a lock that all threads share, at each allocation. Too late where it already runs, and no harm.
void count_no_memory() { [[maybe_unused]] static const int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

class SqliteLink final : public Link {
 public:
  static Result<std::unique_ptr<Link>> open(const std::string& path, const Options& options) {
    count_no_memory();
    sqlite3* raw = nullptr;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (!options.read_only) flags |= SQLITE_OPEN_CREATE;
    const char* vfs = options.sqlite_vfs.empty() ? nullptr : options.sqlite_vfs.c_str();
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags, vfs);
    auto link = std::make_unique<SqliteLink>(Handle(raw));
    if (code != SQLITE_OK)
      return std::unexpected(failure(code, "open " + path, raw ? sqlite3_errmsg(raw) : "out of memory"));
    sqlite3_busy_timeout(raw, static_cast<int>(options.busy_timeout.count()));
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    TRY(
        link->script("pragma mmap_size = 0; pragma cache_size = -16384; pragma temp_store = memory;"
                     "pragma foreign_keys = on; pragma cell_size_check = on; pragma synchronous = full"));
    if (options.read_only) {
      sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
      TRY(link->script("pragma query_only = on"));
      link->looks_only_ = true;
    } else {
      const Rows mode = TRY(link->query({"store.journal_mode", "pragma journal_mode = wal"}, {}));
      if (mode.empty() || mode.front().text(0) != "wal")
        return fail(Errc::storage, "store.open", path + ": cannot keep a write-ahead log here", path);
      TRY(link->script("pragma journal_size_limit = 67108864"));
      link->checkpoint_pages_ = options.checkpoint_pages;
      // SQLite's own automatic checkpoint swallows its failures; ours reports them.
      sqlite3_wal_hook(raw, &SqliteLink::after_commit, link.get());
    }
    return Result<std::unique_ptr<Link>>(std::move(link));
  }

  explicit SqliteLink(Handle at) : at_(std::move(at)) {}

  Result<> begin(Access access) override {
    if (looks_only_ && access == Access::write)
      return fail(Errc::internal, "store.read_only", "store: this database was opened to look at only");
    TRY(control(access == Access::write ? "begin immediate" : "begin"));
    reading_ = access == Access::read;
    return {};
  }

  Result<> commit() override {
    TRY(control("commit"));
    reading_ = false;
    return {};
  }

  Result<> rollback() override {
    reading_ = false;
    // Some failures have already rolled back by themselves.
    if (sqlite3_get_autocommit(at_.get())) return {};
    return control("rollback");
  }

  Result<> lock_ledger() override { return {}; }  // `begin immediate` is it

  Result<Rows> query(const Sql& sql, std::span<const Value> values) override {
    Statement* statement = TRY(prepared(sql));
    Rows rows;
    TRY(run(*statement, sql.name, values, rows, []() -> Result<> { return {}; }));
    return rows;
  }

  Result<std::int64_t> execute(const Sql& sql, std::span<const Value> values) override {
    Statement* statement = TRY(prepared(sql));
    const std::int64_t before = sqlite3_total_changes64(at_.get());
    Rows none;
    TRY(run(*statement, sql.name, values, none, []() -> Result<> { return {}; }));
    return sqlite3_total_changes64(at_.get()) == before ? 0 : sqlite3_changes64(at_.get());
  }

  Result<> execute_later(const Sql& sql, std::span<const Value> values) override {
    TRY(execute(sql, values));
    return {};
  }
  Result<> flush() override { return {}; }

  Result<> scan(const Sql& sql, std::span<const Value> values, EachRow each, void* context) override {
    // A statement of its own, so that `each` may run the same one.
    Statement statement = TRY(prepare(sql));
    Rows row;
    return run(statement, sql.name, values, row, [&]() -> Result<> {
      TRY(each(context, row.front()));
      row.clear();
      return {};
    });
  }

  Result<> script(const std::string& text) override {
    char* words = nullptr;
    const int code = sqlite3_exec(at_.get(), text.c_str(), nullptr, nullptr, &words);
    if (code == SQLITE_OK) return {};
    Error error = failure(code, "script", words ? words : sqlite3_errmsg(at_.get()));
    sqlite3_free(words);
    return std::unexpected(std::move(error));
  }

  Result<> notify(std::string_view, std::string_view) override { return {}; }
  Result<> listen(std::string_view) override { return alone(); }
  Result<std::optional<std::string>> wait_notice(Milliseconds) override {
    TRY(alone());
    return std::nullopt;
  }

 private:
  struct Statement {
    std::string text;
    std::unique_ptr<sqlite3_stmt, Finalize> handle;
    std::vector<int> places;  // SQLite's number of $1, $2, ...: it counts them as they appear
  };

  static Result<> alone() {
    return fail(Errc::invalid, "store.statement", "store: SQLite has one process and no notices to listen to");
  }

  static int after_commit(void* self, sqlite3* at, const char* name, int pages) {
    auto* link = static_cast<SqliteLink*>(self);
    if (pages < link->checkpoint_pages_) return SQLITE_OK;
    const int code = sqlite3_wal_checkpoint_v2(at, name, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    // Readers may hold it up; it comes back after the next commit.
    if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED) return SQLITE_OK;
    link->checkpoint_failure_ = code;
    return SQLITE_OK;
  }

  Result<> checkpoint_verdict() {
    if (checkpoint_failure_ == SQLITE_OK) return {};
    return std::unexpected(failure(std::exchange(checkpoint_failure_, SQLITE_OK), "checkpoint", "failed"));
  }

  Result<> control(const char* text) {
    const int code = sqlite3_exec(at_.get(), text, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return std::unexpected(failure(code, text, sqlite3_errmsg(at_.get())));
    return checkpoint_verdict();
  }

  Result<Statement> prepare(const Sql& sql) {
    Statement out{.text = std::string(sql.text)};
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    const int code = sqlite3_prepare_v3(at_.get(), sql.text.data(), static_cast<int>(sql.text.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, &tail);
    out.handle.reset(raw);
    if (code != SQLITE_OK) return std::unexpected(failure(code, sql.name, sqlite3_errmsg(at_.get())));
    const std::string_view rest = sql.text.substr(static_cast<std::size_t>(tail - sql.text.data()));
    if (raw == nullptr || rest.find_first_not_of(" \t\r\n;") != std::string_view::npos)
      return fail(Errc::internal, "store.statement", "store: " + std::string(sql.name) + ": must be one statement");
    const int count = sqlite3_bind_parameter_count(raw);
    for (int i = 1; i <= count; ++i) {
      const int place = sqlite3_bind_parameter_index(raw, ("$" + std::to_string(i)).c_str());
      if (place == 0)
        return fail(Errc::internal, "store.statement",
                    "store: " + std::string(sql.name) + ": placeholders must be $1 to $" + std::to_string(count));
      out.places.push_back(place);
    }
    return out;
  }

  Result<Statement*> prepared(const Sql& sql) {
    if (Statement* known = statements_.find(sql)) return known;
    return &statements_.add(sql, TRY(prepare(sql)));
  }

  int bind(sqlite3_stmt* handle, int place, const Value& value) {
    const BytesView bytes = value.bytes();
    switch (value.kind()) {
      case Value::Kind::null: return sqlite3_bind_null(handle, place);
      case Value::Kind::integer: return sqlite3_bind_int64(handle, place, value.integer());
      case Value::Kind::text:
        return sqlite3_bind_text64(handle, place, bytes.empty() ? "" : value.text().data(), bytes.size(),
                                   SQLITE_STATIC, SQLITE_UTF8);
      case Value::Kind::blob:  // a null pointer would bind null
        return bytes.empty() ? sqlite3_bind_zeroblob(handle, place, 0)
                             : sqlite3_bind_blob64(handle, place, bytes.data(), bytes.size(), SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
  }

  Result<> add_row(sqlite3_stmt* handle, std::string_view name, Rows& rows) {
    const int columns = sqlite3_column_count(handle);
    for (int i = 0; i < columns; ++i) {
      const auto bytes = [&](const void* data) {
        return BytesView(static_cast<const std::uint8_t*>(data),
                         static_cast<std::size_t>(sqlite3_column_bytes(handle, i)));
      };
      switch (sqlite3_column_type(handle, i)) {
        case SQLITE_NULL: rows.add({}); break;
        case SQLITE_INTEGER: rows.add(sqlite3_column_int64(handle, i)); break;
        case SQLITE_TEXT: {
          const void* text = sqlite3_column_text(handle, i);
          rows.add(text_of(bytes(text)));
          break;
        }
        case SQLITE_BLOB: {
          const void* blob = sqlite3_column_blob(handle, i);
          rows.add(bytes(blob));
          break;
        }
        default:
          return fail(Errc::internal, "store.statement",
                      "store: " + std::string(name) + ": column " + std::to_string(i) + " is a fraction");
      }
    }
    return {};
  }

  // Adds each row to `rows`, and calls `each` after it.
  template <class F>
  Result<> run(Statement& statement, std::string_view name, std::span<const Value> values, Rows& rows, F&& each) {
    sqlite3_stmt* handle = statement.handle.get();
    if (values.size() != statement.places.size())
      return fail(Errc::internal, "store.statement",
                  "store: " + std::string(name) + ": takes " + std::to_string(statement.places.size()) +
                      " values, was given " + std::to_string(values.size()));
    if ((reading_ || looks_only_) && !sqlite3_stmt_readonly(handle))
      return fail(Errc::internal, "store.read_only",
                  "store: " + std::string(name) + ": writes in a read transaction");
    int code = SQLITE_OK;
    for (std::size_t i = 0; i < values.size() && code == SQLITE_OK; ++i)
      code = bind(handle, statement.places[i], values[i]);
    Result<> outcome;
    if (code == SQLITE_OK) {
      bool is_first = true;  // only now the number of columns is certain: a step may prepare the statement anew
      while (outcome && (code = sqlite3_step(handle)) == SQLITE_ROW) {
        if (std::exchange(is_first, false)) rows = Rows(static_cast<std::size_t>(sqlite3_column_count(handle)));
        outcome = add_row(handle, name, rows);
        if (outcome) outcome = each();
      }
    }
    if (outcome && code != SQLITE_DONE) outcome = std::unexpected(failure(code, name, sqlite3_errmsg(at_.get())));
    sqlite3_reset(handle);
    sqlite3_clear_bindings(handle);  // they pointed into the caller's values
    if (outcome) outcome = checkpoint_verdict();
    return outcome;
  }

  Handle at_;
  bool reading_ = false;
  bool looks_only_ = false;
  int checkpoint_pages_ = 0;
  int checkpoint_failure_ = SQLITE_OK;
  Statements<Statement> statements_;
};

}  // namespace

Result<std::unique_ptr<Link>> open_sqlite(const std::string& path, const Options& options) {
  return SqliteLink::open(path, options);
}

}  // namespace entraide::store
