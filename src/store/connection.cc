// What holds for both engines: the order of calls, the judging of failures, the time of statements.

#include <algorithm>

#include "base/log.h"
#include "codec/codec.h"
#include "store/link.h"

namespace entraide::store {
namespace {

constexpr std::size_t kNoticeMax = 7900;  // PostgreSQL's payload limit is 8000 bytes

Result<> check_texts(const Sql& sql, std::span<const Value> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].kind() != Value::Kind::text) continue;
    const std::string_view text = values[i].text();
    if (text.find('\0') != std::string_view::npos || !codec::is_utf8(text))
      return fail(Errc::invalid, "store.text",
                  "store: " + std::string(sql.name) + ": $" + std::to_string(i + 1) +
                      " must be UTF-8 text without zero bytes");
  }
  return {};
}

bool is_channel(std::string_view name) {
  return !name.empty() && name.size() <= 60 &&
         std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

constexpr Sql kCommit{"store.commit", "commit"};
constexpr Sql kFlush{"store.flush", "flush"};
constexpr Sql kAnswer{"store.answer", "answer"};

}  // namespace

metrics::Histogram* Link::time_of(const Sql& sql) {
  if (metrics == nullptr) return nullptr;
  const auto near = times_by_place_.find(sql.name.data());
  if (near != times_by_place_.end() && near->second.first == sql.name) return near->second.second;
  auto [known, is_new] = times_.try_emplace(std::string(sql.name), nullptr);
  if (is_new)
    known->second = &metrics->histogram("entraide_store_statement_seconds", "Time of database statements by name.",
                                        "statement=\"" + known->first + "\"");
  times_by_place_[sql.name.data()] = {known->first, known->second};
  return known->second;
}

Result<> Link::ask(const Sql& sql, std::span<const Value> values, std::uint64_t number) {
  answers.emplace(number, TRY(query(sql, values)));
  return {};
}

Result<Rows> Link::answer(std::uint64_t number) {
  auto found = answers.extract(number);
  ENSURE(!found.empty());  // asked in this transaction, and not taken yet
  return std::move(found.mapped());
}

Connection::Connection(Database& database, std::unique_ptr<Link> link)
    : database_(&database), link_(std::move(link)) {
  database_->connections_.fetch_add(1);
}

Connection::Connection(Connection&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)),
      link_(std::move(other.link_)),
      state_(std::exchange(other.state_, State::idle)),
      asked_(other.asked_) {}

Connection::~Connection() {
  if (database_ == nullptr) return;
  if (in_transaction()) (void)rollback();  // nothing was promised yet
  link_.reset();
  database_->connections_.fetch_sub(1);
}

Engine Connection::engine() const { return database_->engine(); }

template <class T>
Result<T> Connection::judged(Result<T> result) {
  if (result) return result;
  if (result.error().code == Errc::storage) database_->poison(result.error());
  if (in_transaction()) state_ = State::broken;
  return result;
}

template <class T, class F>
Result<T> Connection::run(const Sql* sql, std::span<const Value> values, F&& call) {
  if (database_->failed()) {
    if (in_transaction()) state_ = State::broken;
    return std::unexpected(database_->failed_error());
  }
  if (state_ == State::broken)
    return fail(Errc::internal, "store.transaction",
                "store: " + (sql ? std::string(sql->name) : "statement") +
                    ": an earlier statement of this transaction failed; roll it back");
  if (sql != nullptr) {
    Result<> texts = check_texts(*sql, values);
    if (!texts) {
      if (in_transaction()) state_ = State::broken;
      return std::unexpected(std::move(texts).error());
    }
  }
  metrics::Histogram* histogram = sql ? link_->time_of(*sql) : nullptr;
  if (histogram == nullptr) return judged<T>(call());
  const auto start = std::chrono::steady_clock::now();
  Result<T> result = judged<T>(call());
  histogram->observe(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start));
  return result;
}

Result<> Connection::begin(Access access) {
  ENSURE(!in_transaction());
  TRY(run<void>(nullptr, {}, [&] { return link_->begin(access); }));
  state_ = access == Access::read ? State::reading : State::writing;
  return {};
}

Result<> Connection::commit() {
  ENSURE(in_transaction());
  link_->answers.clear();
  TRY(run<void>(&kCommit, {}, [&] { return link_->commit(); }));
  state_ = State::idle;
  return {};
}

Result<> Connection::rollback() {
  ENSURE(in_transaction());
  state_ = State::idle;
  link_->answers.clear();
  return judged<void>(link_->rollback());
}

Result<> Connection::lock_ledger() {
  ENSURE(state_ == State::writing || state_ == State::broken);
  return run<void>(nullptr, {}, [&] { return link_->lock_ledger(); });
}

Result<Rows> Connection::query(const Sql& sql, std::span<const Value> values) {
  return run<Rows>(&sql, values, [&] { return link_->query(sql, values); });
}

Result<std::uint64_t> Connection::ask(const Sql& sql, std::initializer_list<Value> values) {
  ENSURE(in_transaction());
  const std::span given(values.begin(), values.size());
  TRY(run<void>(&sql, given, [&] { return link_->ask(sql, given, asked_ + 1); }));
  return ++asked_;
}

Result<Rows> Connection::answer(std::uint64_t asked) {
  ENSURE(in_transaction());
  return run<Rows>(&kAnswer, {}, [&] { return link_->answer(asked); });
}

Result<std::int64_t> Connection::execute(const Sql& sql, std::span<const Value> values) {
  return run<std::int64_t>(&sql, values, [&] { return link_->execute(sql, values); });
}

Result<> Connection::execute_many(const Sql& sql, std::span<const std::vector<Value>> rows) {
  if (!in_transaction()) {
    Transaction transaction = TRY(Transaction::begin(*this));
    TRY(execute_many(sql, rows));
    return transaction.commit();
  }
  for (const auto& row : rows) TRY(execute_later(sql, row));
  return flush();
}

Result<> Connection::execute_later(const Sql& sql, std::span<const Value> values) {
  ENSURE(in_transaction());
  return run<void>(&sql, values, [&] { return link_->execute_later(sql, values); });
}

Result<> Connection::flush() {
  return run<void>(&kFlush, {}, [&] { return link_->flush(); });
}

Result<> Connection::scan_with(const Sql& sql, std::span<const Value> values, EachRow each, void* context) {
  if (!in_transaction()) {
    Transaction transaction = TRY(Transaction::begin(*this, Access::read));
    TRY(scan_with(sql, values, each, context));
    return transaction.commit();
  }
  return run<void>(&sql, values, [&] { return link_->scan(sql, values, each, context); });
}

Result<> Connection::script(const std::string& text) {
  return run<void>(nullptr, {}, [&] { return link_->script(text); });
}

Result<> Connection::notify(std::string_view channel, std::string_view payload) {
  ENSURE(in_transaction() && is_channel(channel) && payload.size() <= kNoticeMax);
  return run<void>(nullptr, {}, [&] { return link_->notify(channel, payload); });
}

Result<> Connection::listen(std::string_view channel) {
  ENSURE(!in_transaction() && is_channel(channel));
  return run<void>(nullptr, {}, [&] { return link_->listen(channel); });
}

Result<std::optional<std::string>> Connection::wait_notice(Milliseconds timeout) {
  ENSURE(!in_transaction());
  return run<std::optional<std::string>>(nullptr, {}, [&] { return link_->wait_notice(timeout); });
}

}  // namespace entraide::store
