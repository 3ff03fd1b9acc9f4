// PostgreSQL's side of a connection. Everything goes through libpq's pipeline: `begin`, the ledger's lock and
// queued writes wait in the send buffer until an answer is needed, so a batch of writes with its COMMIT is
// one round trip.

#include <endian.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <deque>

#include "store/link.h"
#include "store/postgres_result.h"

namespace entraide::store {
namespace {

constexpr std::int64_t kLedgerLock = 0x656e747261696465;  // "entraide"

struct FinishConnection {
  void operator()(PGconn* at) const { PQfinish(at); }
};

/// The highest number after a dollar sign, outside quotes.
std::size_t placeholders_of(std::string_view text) {
  std::size_t most = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'') quoted = !quoted;
    if (text[i] != '$' || quoted) continue;
    std::size_t number = 0;
    while (i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9' && number < 10'000)
      number = number * 10 + static_cast<std::size_t>(text[++i] - '0');
    most = std::max(most, number);
  }
  return most;
}

class PostgresLink final : public Link {
 public:
  static Result<std::unique_ptr<Link>> open(const std::string& conninfo, const Options& options) {
    // Ours come first: what the conninfo says of the same word wins. A silent server must not hold us for ever.
    const char* const words[] = {"connect_timeout", "tcp_user_timeout", "application_name", "dbname", nullptr};
    const char* const values[] = {"10", "30000", "entraide", conninfo.c_str(), nullptr};
    std::unique_ptr<PGconn, FinishConnection> at(PQconnectdbParams(words, values, 1));
    if (!at || PQstatus(at.get()) != CONNECTION_OK)
      // libpq's own words may quote the conninfo, password included, when it cannot be read.
      return fail(Errc::unavailable, "store.connection",
                  "store: cannot reach the PostgreSQL server; check the url, that the server runs and lets us in");
    auto link = std::make_unique<PostgresLink>(std::move(at), options.busy_timeout);
    TRY(link->greet());
    return Result<std::unique_ptr<Link>>(std::move(link));
  }

  PostgresLink(std::unique_ptr<PGconn, FinishConnection> at, Milliseconds wait) : at_(std::move(at)), wait_(wait) {}

  Result<> begin(Access access) override {
    TRY(reach());
    // Read committed on purpose: under the ledger's lock each statement must see what the former holder has
    // committed, not the moment before we began to wait.
    TRY(send(access == Access::write ? "begin isolation level read committed read write"
                                     : "begin isolation level repeatable read read only"));
    in_transaction_ = true;
    return {};
  }

  Result<> commit() override {
    const bool reached = PQstatus(at_.get()) == CONNECTION_OK;
    if (reached) (void)send("commit");
    Outcome outcome = drain("commit");
    const bool lost = outcome.error && outcome.error->rule == "store.connection";
    if (lost && reached)
      return fail(Errc::unavailable, "store.commit.unknown",
                  "store: the connection broke during commit; look up what was written before answering");
    if (outcome.error) return std::unexpected(std::move(*outcome.error));
    in_transaction_ = false;
    if (std::string_view(PQcmdStatus(outcome.last.get())) != "COMMIT")
      return fail(Errc::internal, "store.transaction", "store: the server rolled back instead of committing");
    return {};
  }

  Result<> rollback() override {
    in_transaction_ = false;
    (void)drain("rollback");  // whatever was still queued dies with the transaction
    if (PQstatus(at_.get()) == CONNECTION_OK && PQtransactionStatus(at_.get()) != PQTRANS_IDLE) {
      (void)send("rollback");
      (void)drain("rollback");
    }
    // A connection that could not say goodbye is replaced at its next use; the server rolls back then.
    if (PQtransactionStatus(at_.get()) != PQTRANS_IDLE) lost_ = true;
    return {};
  }

  Result<> lock_ledger() override {
    return send("select pg_advisory_xact_lock(" + std::to_string(kLedgerLock) + ")");
  }

  Result<Rows> query(const Sql& sql, std::span<const Value> values) override {
    ServerResult result = TRY(answer(sql, values));
    return rows_of(result.get(), sql.name);
  }

  Result<> ask(const Sql& sql, std::span<const Value> values, std::uint64_t number) override {
    TRY(send(sql, values));
    pending_.back().asked = number;
    return {};
  }

  Result<Rows> answer(std::uint64_t number) override {
    if (!answers.contains(number)) TRY(flush());
    return Link::answer(number);
  }

  Result<std::int64_t> execute(const Sql& sql, std::span<const Value> values) override {
    ServerResult result = TRY(answer(sql, values));
    return rows_changed(result.get());
  }

  Result<> execute_later(const Sql& sql, std::span<const Value> values) override { return send(sql, values); }

  Result<> flush() override {
    Outcome outcome = drain("flush");
    if (outcome.error) return std::unexpected(std::move(*outcome.error));
    return {};
  }

  Result<> scan(const Sql& sql, std::span<const Value> values, EachRow each, void* context) override {
    const std::string cursor = "scan_" + std::to_string(++names_);
    const std::string declare = "declare " + cursor + " no scroll cursor for " + std::string(sql.text);
    TRY(execute({cursor, declare}, values));
    TRY(send("deallocate " + statements_.find({cursor, declare})->server_name));
    statements_.erase(cursor);
    while (true) {
      TRY(send("fetch forward 256 from " + cursor));
      Outcome outcome = drain(sql.name);
      if (outcome.error) return std::unexpected(std::move(*outcome.error));
      const Rows rows = TRY(rows_of(outcome.last.get(), sql.name));
      for (const Row row : rows) TRY(each(context, row));
      if (rows.size() < 256) return control("close " + cursor);
    }
  }

  Result<> script(const std::string& text) override {
    TRY(flush());
    PQexitPipelineMode(at_.get());  // many statements in one text need the simple protocol
    const ServerResult result(PQexec(at_.get(), text.c_str()));
    Result<> outcome;
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
      outcome = std::unexpected(failure_of(result.get(), "script"));
    if (PQstatus(at_.get()) == CONNECTION_OK) PQenterPipelineMode(at_.get());
    return outcome;
  }

  Result<> notify(std::string_view channel, std::string_view payload) override {
    const Value values[] = {channel, payload};
    return send({"store.notify", "select pg_notify($1, $2)"}, values);
  }

  Result<> listen(std::string_view channel) override {
    TRY(reach());
    TRY(control("listen " + std::string(channel)));
    if (std::find(channels_.begin(), channels_.end(), channel) == channels_.end()) channels_.emplace_back(channel);
    return {};
  }

  Result<std::optional<std::string>> wait_notice(Milliseconds timeout) override {
    TRY(reach());
    const auto until = std::chrono::steady_clock::now() + timeout;
    while (true) {
      if (PGnotify* notice = PQnotifies(at_.get())) {
        std::string payload = notice->extra;
        PQfreemem(notice);
        return std::optional(std::move(payload));
      }
      const auto left = std::chrono::ceil<Milliseconds>(until - std::chrono::steady_clock::now()).count();
      pollfd wait{.fd = PQsocket(at_.get()), .events = POLLIN, .revents = 0};
      const int ready = ::poll(&wait, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000)));
      if (ready == 0 && left <= 0) return std::optional<std::string>();
      if (ready < 0 && errno != EINTR) return lose("wait for a notice");
      if (ready > 0 && PQconsumeInput(at_.get()) == 0) return lose("wait for a notice");
    }
  }

 private:
  struct Statement {
    enum class State { unsent, sent, ready };
    std::string text;
    std::string server_name;
    std::size_t placeholders = 0;
    std::vector<Oid> types;  // 0 where only nulls were given so far: the server guesses
    State state = State::unsent;
  };
  // One answer that is still to come.
  struct Expected {
    Statement* made = nullptr;  // where it answers a "prepare"
    std::uint64_t asked = 0;  // where `ask` waits for it
  };
  struct Outcome {
    ServerResult last;
    std::optional<Error> error;
  };

  std::unexpected<Error> lose(std::string_view doing) {
    lost_ = true;
    return std::unexpected(failure_of(nullptr, doing));
  }

  /// A live connection, outside transactions: a broken one is replaced here, and only here.
  Result<> reach() {
    if (in_transaction_ || (!lost_ && PQstatus(at_.get()) == CONNECTION_OK)) return {};
    statements_.clear();
    pending_.clear();
    PQreset(at_.get());
    if (PQstatus(at_.get()) != CONNECTION_OK) return lose("reconnect");
    lost_ = false;
    TRY(greet());
    for (const std::string& channel : channels_) TRY(control("listen " + channel));
    return {};
  }

  Result<> greet() {
    PQsetNoticeProcessor(at_.get(), [](void*, const char*) {}, nullptr);
    if (PQsetClientEncoding(at_.get(), "UTF8") != 0) return lose("set the encoding");
    if (PQenterPipelineMode(at_.get()) != 1) return lose("enter the pipeline");
    TRY(control("set lock_timeout = " + std::to_string(wait_.count())));
    // Every statement of ours walks indexes, from few rows to few rows. A plan made while the tables were empty, and kept
    // with the prepared statement, would go on reading or merging whole tables however large they grow.
    TRY(query({"store.plans",
               "select set_config('enable_seqscan', 'off', false), set_config('enable_mergejoin', 'off', false),"
               " set_config('enable_hashjoin', 'off', false)"},
              {}));
    // A server may be told to answer before its log is on the disk; for what we store it must not.
    TRY(query({"store.durable",
               "select set_config('synchronous_commit', 'on', false)"
               " where current_setting('synchronous_commit') = 'off'"},
              {}));
    const Rows rows = TRY(query({"store.greet",
                                 "select current_setting('server_encoding'),"
                                 " 'B' < 'a' and 'a-b' < 'aa' and 'Z' < 'a b'"},
                                {}));
    if (rows.front().text(0) != "UTF8" || rows.front().integer(1) != 1)
      return fail(Errc::invalid, "store.collation",
                  "store: this database does not sort text byte by byte; make it with "
                  "`create database NAME template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`");
    return {};
  }

  Result<> send(const std::string& control) {
    if (PQsendQueryParams(at_.get(), control.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 1) != 1)
      return lose("send");
    pending_.push_back({});
    return {};
  }

  Result<> control(const std::string& text) {
    TRY(send(text));
    return flush();
  }

  Result<Statement*> prepared(const Sql& sql, std::span<const Value> values) {
    Statement* known = statements_.find(sql);
    if (known == nullptr)
      known = &statements_.add(sql, {.text = std::string(sql.text), .placeholders = placeholders_of(sql.text)});
    Statement& statement = *known;
    if (values.size() != statement.placeholders)
      return fail(Errc::internal, "store.statement",
                  "store: " + std::string(sql.name) + ": takes " + std::to_string(statement.placeholders) +
                      " values, was given " + std::to_string(values.size()));
    statement.types.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i].kind() == Value::Kind::null) continue;
      const Oid type = values[i].kind() == Value::Kind::integer ? kInt8Oid
                       : values[i].kind() == Value::Kind::text  ? kTextOid
                                                                : kByteaOid;
      if (statement.types[i] == type) continue;
      if (statement.types[i] != 0)
        return fail(Errc::internal, "store.statement",
                    "store: " + std::string(sql.name) + ": $" + std::to_string(i + 1) + " changes its type");
      statement.types[i] = type;  // the first value that is not null: now we know, and say so
      statement.state = Statement::State::unsent;
    }
    if (statement.state == Statement::State::unsent) {
      statement.server_name = "s" + std::to_string(++names_);
      if (PQsendPrepare(at_.get(), statement.server_name.c_str(), statement.text.c_str(),
                        static_cast<int>(values.size()), statement.types.data()) != 1)
        return lose(sql.name);
      pending_.push_back({.made = &statement});
      statement.state = Statement::State::sent;
    }
    return &statement;
  }

  Result<> send(const Sql& sql, std::span<const Value> values) {
    TRY(reach());
    Statement* statement = TRY(prepared(sql, values));
    integers_.assign(values.size(), 0);
    data_.assign(values.size(), nullptr);
    sizes_.assign(values.size(), 0);
    formats_.assign(values.size(), 1);
    for (std::size_t i = 0; i < values.size(); ++i) {
      BytesView bytes = values[i].bytes();
      if (values[i].kind() == Value::Kind::null) continue;
      if (values[i].kind() == Value::Kind::integer) {
        integers_[i] = htobe64(static_cast<std::uint64_t>(values[i].integer()));
        bytes = {reinterpret_cast<const std::uint8_t*>(&integers_[i]), sizeof integers_[i]};
      }
      if (bytes.size() > (1u << 30) - 1)
        return fail(Errc::too_large, "store.too_large",
                    "store: " + std::string(sql.name) + ": a value is over 1 GiB");
      data_[i] = bytes.empty() ? "" : reinterpret_cast<const char*>(bytes.data());  // a null pointer means null
      sizes_[i] = static_cast<int>(bytes.size());
    }
    if (PQsendQueryPrepared(at_.get(), statement->server_name.c_str(), static_cast<int>(values.size()), data_.data(),
                            sizes_.data(), formats_.data(), 1) != 1)
      return lose(sql.name);
    pending_.push_back({});
    return {};
  }

  Result<ServerResult> answer(const Sql& sql, std::span<const Value> values) {
    for (int attempt = 0;; ++attempt) {
      TRY(send(sql, values));
      Outcome outcome = drain(sql.name);
      if (!outcome.error) return std::move(outcome.last);
      // Outside a transaction nothing has happened yet, so a plan made stale by a new schema is made again.
      if (outcome.error->rule == "store.schema" && !in_transaction_ && attempt == 0) continue;
      if (outcome.error->rule == "store.connection" && !in_transaction_ && !sql.text.starts_with("select"))
        outcome.error->rule = "store.commit.unknown";
      return std::unexpected(std::move(*outcome.error));
    }
  }

  /// Sends what is queued and takes every answer: the last one, or the first failure.
  Outcome drain(std::string_view doing) {
    Outcome outcome;
    if (pending_.empty() && PQstatus(at_.get()) == CONNECTION_OK) return outcome;
    if (PQstatus(at_.get()) != CONNECTION_OK || PQpipelineSync(at_.get()) != 1) {
      forget_unanswered();
      outcome.error = lose(doing).error();
      return outcome;
    }
    while (true) {
      ServerResult result(PQgetResult(at_.get()));
      const ExecStatusType status = PQresultStatus(result.get());
      if (result && status == PGRES_PIPELINE_SYNC) break;
      // A server that ends the connection says so when nobody has asked: an answer too many is the end, too.
      const bool is_answer = !result || status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
      if (PQstatus(at_.get()) != CONNECTION_OK || (is_answer && pending_.empty())) {
        if (!outcome.error || outcome.error->rule != "store.write") outcome.error = failure_of(nullptr, doing);
        lost_ = true;
        break;
      }
      if (!result) {  // the end of one statement's answers
        if (Statement* made = pending_.front().made)
          made->state = outcome.error ? Statement::State::unsent : Statement::State::ready;
        pending_.pop_front();
      } else if (is_answer) {
        if (pending_.front().asked == 0) {
          outcome.last = std::move(result);
        } else if (auto rows = rows_of(result.get(), doing)) {
          answers.emplace(pending_.front().asked, std::move(*rows));
        } else if (!outcome.error) {
          outcome.error = std::move(rows).error();
        }
      } else if (!outcome.error && status != PGRES_PIPELINE_ABORTED) {
        outcome.error = failure_of(result.get(), doing);
        if (outcome.error->rule == "store.schema") statements_to_make_again_ = true;
      }
    }
    forget_unanswered();
    return outcome;
  }

  void forget_unanswered() {
    for (auto& [name, statement] : statements_) {
      const bool unanswered = statement.state == Statement::State::sent;
      if (unanswered || statements_to_make_again_) statement.state = Statement::State::unsent;
    }
    statements_to_make_again_ = false;
    pending_.clear();
  }

  std::unique_ptr<PGconn, FinishConnection> at_;
  Milliseconds wait_;
  bool lost_ = false;
  bool in_transaction_ = false;
  bool statements_to_make_again_ = false;
  std::uint64_t names_ = 0;
  Statements<Statement> statements_;
  std::deque<Expected> pending_;
  std::vector<std::string> channels_;
  // What `send` hands to libpq, which copies it: kept for their room.
  std::vector<std::uint64_t> integers_;
  std::vector<const char*> data_;
  std::vector<int> sizes_, formats_;
};

}  // namespace

Result<std::unique_ptr<Link>> open_postgresql(const std::string& conninfo, const Options& options) {
  return PostgresLink::open(conninfo, options);
}

}  // namespace entraide::store
