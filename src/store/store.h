#pragma once

// The database, whichever it is: SQLite in a file beside us, or any server that speaks PostgreSQL's protocol.
// One SQL text serves both; no other folder knows which one is there.

#include <atomic>
#include <initializer_list>

#include "base/metrics.h"
#include "base/mutex.h"
#include "store/file_system.h"
#include "store/value.h"

namespace entraide::store {

/// One statement, written beside the function that runs it. `name` is unique in the program: it names the
/// prepared statement and its metric. `text` has `$1`, `$2`, ... placeholders, each used at least once.
///     constexpr Sql kLeafByDigest{"ledger.leaf_by_digest", "select leaf_index from leaves where digest = $1"};
struct Sql {
  std::string_view name;
  std::string_view text;
};

/// One step of a module's schema, run once in the life of a database; `text` may hold many statements.
/// Numbers count from 1 without gaps within a module. Types are `bigint`, `text` and `bytes`; the bare word
/// `bytes` becomes the engine's type for them (SQLite `blob`, PostgreSQL `bytea`) wherever it stands outside
/// quotes and comments: name no column so.
struct Migration {
  std::string_view module;
  int number;
  std::string_view text;
};

enum class Engine { sqlite, postgresql };
enum class Access { read, write };

// How calls fail, everywhere below:
//   Errc::unavailable  store.busy           somebody else holds what we need, or the server asks to try again
//   Errc::unavailable  store.connection     the server is out of reach; the transaction, if any, did not happen
//   Errc::unavailable  store.commit.unknown the connection broke during COMMIT: look before you answer
//   Errc::conflict     store.constraint     a unique, foreign key, not null or check constraint says no
//   Errc::unavailable  store.schema         the schema changed under the transaction
//   Errc::invalid      store.text           a text is not UTF-8 or holds a zero byte
//   Errc::too_large    store.too_large      a value is over the engine's limit
//   Errc::storage      store.write          a read, write or sync failed, the disk is full, the file is damaged
//   Errc::storage      store.failed         an earlier call failed so: this Database is done for (fail-stop)
//   Errc::internal     store.statement      the statement is wrong; store.read_only: it writes in a read
//                                           transaction; store.transaction: an earlier one of it failed
// After any failure inside a transaction, all that is left to do with the transaction is `rollback`.

class Database;
class Link;  // one engine's connection; see store/link.h

/// One conversation with the database. One thread at a time; at most one transaction at a time.
/// Outside a transaction each statement is its own.
class Connection {
 public:
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) = delete;
  ~Connection();

  /// A read transaction sees one moment of the database throughout. On SQLite a write transaction holds the
  /// only writer's place from here on; on PostgreSQL writers exclude each other with `lock_ledger`.
  Result<> begin(Access access = Access::write);
  /// Durable when it returns. Sends what `execute_later` has queued first.
  Result<> commit();
  /// Always leaves the connection outside a transaction.
  Result<> rollback();
  bool in_transaction() const { return state_ != State::idle; }

  /// From the next statement to the end of this write transaction, we are the only ones here who hold it,
  /// and see all that its former holders have committed. A lost wait is `store.busy`.
  Result<> lock_ledger();

  Result<Rows> query(const Sql& sql, std::span<const Value> values);
  Result<Rows> query(const Sql& sql, std::initializer_list<Value> values = {}) {
    return query(sql, std::span(values.begin(), values.size()));
  }
  /// Asks now, for an answer that `answer` fetches later in this transaction: PostgreSQL gets all that was asked in
  /// one round trip, SQLite answers at once. The answer is of the moment of asking: who has written since what it says
  /// asks again. `Later` below gives it a type.
  Result<std::uint64_t> ask(const Sql& sql, std::initializer_list<Value> values);
  /// Once for each `ask`, in any order. A failed `ask` comes out here, or of any call in between.
  Result<Rows> answer(std::uint64_t asked);
  /// How many rows it inserted, updated or deleted.
  Result<std::int64_t> execute(const Sql& sql, std::span<const Value> values);
  Result<std::int64_t> execute(const Sql& sql, std::initializer_list<Value> values = {}) {
    return execute(sql, std::span(values.begin(), values.size()));
  }
  /// The same statement for each row of values; inside a transaction, or all in one of its own.
  Result<> execute_many(const Sql& sql, std::span<const std::vector<Value>> rows);

  /// As `execute`, inside a write transaction, without waiting for the answer: PostgreSQL gets all queued
  /// statements in one round trip, SQLite runs them at once. They run in order, before any later `query`.
  /// A failure comes out here, or of the next `flush`, `query`, `execute` or `commit`, whichever is first.
  /// `values` need to live only until this returns.
  Result<> execute_later(const Sql& sql, std::span<const Value> values);
  Result<> execute_later(const Sql& sql, std::initializer_list<Value> values = {}) {
    return execute_later(sql, std::span(values.begin(), values.size()));
  }
  Result<> flush();

  // ---- between nodes (PostgreSQL only; on SQLite there is one process and all but `notify` fail) ---------

  /// Tells all who listen on `channel` ([a-z_], at most 60) when this transaction commits. At most 7,900
  /// bytes of text. On SQLite it does nothing.
  Result<> notify(std::string_view channel, std::string_view payload);
  Result<> listen(std::string_view channel);
  /// The next notice's payload, or none when the time is over. Outside transactions. After a lost connection
  /// (`store.connection`) call it again: it reconnects and listens again; catch up by index meanwhile.
  Result<std::optional<std::string>> wait_notice(Milliseconds timeout);

  /// Calls `each` for every row without holding them all; stops at its first failure. Reads only.
  template <class F>
  Result<> scan(const Sql& sql, std::initializer_list<Value> values, F&& each) {
    using Each = std::remove_reference_t<F>;
    return scan_with(
        sql, std::span(values.begin(), values.size()),
        [](void* f, const Row& row) -> Result<> { return (*static_cast<Each*>(f))(row); }, &each);
  }

  Engine engine() const;

 private:
  friend class Database;
  friend class Schema;
  enum class State { idle, reading, writing, broken };
  using EachRow = Result<> (*)(void*, const Row&);

  Connection(Database& database, std::unique_ptr<Link> link);
  template <class T, class F>
  Result<T> run(const Sql* sql, std::span<const Value> values, F&& call);
  template <class T>
  Result<T> judged(Result<T> result);
  Result<> scan_with(const Sql& sql, std::span<const Value> values, EachRow each, void* context);
  Result<> script(const std::string& text);

  Database* database_;
  std::unique_ptr<Link> link_;
  State state_ = State::idle;
  std::uint64_t asked_ = 0;
};

/// What was asked of the database and is read when it is needed: `T` as `read` makes it from the rows. To be taken
/// once, in the same transaction; not taking it costs nothing.
template <class T>
class Later {
 public:
  using Read = Result<T> (*)(const Rows&);

  static Result<Later> ask(Connection& connection, const Sql& sql, std::initializer_list<Value> values, Read read) {
    return Later(connection, TRY(connection.ask(sql, values)), read);
  }
  Result<T> take() { return read_(TRY(connection_->answer(asked_))); }

 private:
  Later(Connection& connection, std::uint64_t asked, Read read)
      : connection_(&connection), asked_(asked), read_(read) {}
  Connection* connection_;
  std::uint64_t asked_;
  Read read_;
};

/// A transaction that is rolled back unless it was committed.
class Transaction {
 public:
  static Result<Transaction> begin(Connection& connection, Access access = Access::write) {
    TRY(connection.begin(access));
    return Transaction(connection);
  }
  Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction() {
    // Nothing was promised yet, so a failed rollback loses nothing; the connection remembers a broken link.
    if (connection_ && connection_->in_transaction()) (void)connection_->rollback();
  }
  /// On failure the transaction is rolled back when this object goes.
  Result<> commit() { return connection_->commit(); }

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

struct Options {
  /// How long a writer waits for another one before `store.busy`.
  Milliseconds busy_timeout{5000};
  /// Looks only: takes no lock and leaves no mark, so it may stand beside a running hub. SQLite only.
  bool read_only = false;
  /// SQLite databases up to this size are checked whole (`quick_check`) after an unclean end.
  std::uint64_t check_up_to_bytes = 256u << 20;
  /// How long SQLite's log grows, in pages of 4 KiB, before a commit folds it into the database.
  int checkpoint_pages = 8000;
  /// Time of each statement by name, if given; must outlive the database.
  metrics::Registry* metrics = nullptr;
  /// For a simulated disk: the files beside the database, and SQLite's own way to them (a registered VFS).
  FileSystem* files = nullptr;
  std::string sqlite_vfs = {};
};

/// One database, open. Any thread; every connection must be gone before it.
class Database {
 public:
  /// `sqlite:PATH` (made if need be, together with its folder), or `postgresql://...` or `key=value ...` as
  /// libpq reads it. Rules besides those above: store.url, store.open, store.in_use (another process has this
  /// file), store.damaged (the check after an unclean end found damage), store.collation (a PostgreSQL database
  /// that sorts text otherwise than byte by byte).
  static Result<std::unique_ptr<Database>> open(std::string_view url, Options options = {});
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  /// Ends cleanly and says whether that worked; the destructor does it otherwise, and logs.
  Result<> close();

  Result<Connection> connect();
  Engine engine() const;

  /// Runs the steps that this database has not had yet, all in one transaction. May be called more than once
  /// with the lists of different modules. Rules: store.migration.changed (a step that was run had another text),
  /// store.migration.newer (the database has steps of that module that we do not know).
  Result<> migrate(std::span<const Migration> migrations);

  /// Every row of one moment, while others go on, into a new file that either engine can restore (format:
  /// store/dump.cc). Refuses to replace a file: store.backup.exists.
  Result<> backup(const std::string& file);
  /// Builds schema and rows from a backup, in one transaction. Refuses a database with any table in it
  /// (store.restore.not_empty) and a file that is cut or changed (store.restore.file).
  Result<> restore(const std::string& file);

  /// Whether a failed write has ended this database; nothing but closing it is left to do.
  bool failed() const { return failed_.load(std::memory_order_acquire); }

 private:
  friend class Connection;
  struct Place;  // where it is and what was taken to open it

  explicit Database(std::unique_ptr<Place> place);
  void poison(const Error& first);
  Error failed_error() const;

  std::unique_ptr<Place> place_;
  std::atomic<bool> failed_{false};
  std::atomic<int> connections_{0};
  mutable Mutex mutex_;
  std::string first_failure_ GUARDED_BY(mutex_);
};

}  // namespace entraide::store
