#include "delivery/delivery.h"

namespace entraide::delivery {
namespace {

using store::Migration;
using store::Sql;

constexpr Migration kMigrations[] = {{"delivery", 1, R"sql(
  create table event (
    leaf_index bigint primary key,
    data text not null
  );
  create table delivery (
    authority text not null,
    leaf_index bigint not null,
    primary key (authority, leaf_index)
  );
  create index delivery_index on delivery (leaf_index, authority);
  create table sent_counter (
    device text not null,
    authority text not null,
    sent bigint not null,
    primary key (device, authority)
  );
  create table seen_checkpoint (
    device text primary key,
    tree_size bigint not null
  );
)sql"},
                                     {"delivery", 2, R"sql(
  create table acknowledgement (
    leaf_index bigint not null,
    authority text not null,
    delivered_ms bigint not null,
    opened_ms bigint,
    primary key (leaf_index, authority)
  );
)sql"}};

constexpr Sql kPutEvent{"delivery.put_event", "insert into event (leaf_index, data) values ($1, $2)"};
constexpr Sql kPut{"delivery.put", "insert into delivery (authority, leaf_index) values ($1, $2)"};
constexpr Sql kAfter{"delivery.after", R"sql(
  select e.leaf_index, e.data from delivery d join event e on e.leaf_index = d.leaf_index
  where d.authority = $1 and d.leaf_index > $2 order by d.leaf_index limit $3)sql"};
constexpr Sql kAllAfter{"delivery.all_after", R"sql(
  select d.leaf_index, d.authority, e.data from delivery d join event e on e.leaf_index = d.leaf_index
  where d.leaf_index > $1 order by d.leaf_index, d.authority limit $2)sql"};
constexpr Sql kReached{"delivery.reached", "select 1 from delivery where authority = $1 and leaf_index = $2"};
constexpr Sql kNewest{"delivery.newest", "select max(leaf_index) from event"};
constexpr Sql kCounters{"delivery.counters", R"sql(
  select (select tree_size from seen_checkpoint where device = $1),
         (select sent from sent_counter where device = $1 and authority = $2))sql"};
constexpr Sql kSetSent{"delivery.set_sent", R"sql(
  insert into sent_counter (device, authority, sent) values ($1, $2, $3)
  on conflict (device, authority) do update set sent = excluded.sent)sql"};
constexpr Sql kAllSent{"delivery.all_sent",
                       "select authority, sent from sent_counter where device = $1 order by authority"};
constexpr Sql kSetSeen{"delivery.set_seen_checkpoint", R"sql(
  insert into seen_checkpoint (device, tree_size) values ($1, $2)
  on conflict (device) do update set tree_size = excluded.tree_size
  where excluded.tree_size > seen_checkpoint.tree_size)sql"};

constexpr Sql kAcknowledgements{"delivery.acknowledgements", R"sql(
  select authority, delivered_ms, opened_ms from acknowledgement where leaf_index = $1 order by authority)sql"};
constexpr Sql kAcknowledgement{"delivery.acknowledgement", R"sql(
  select authority, delivered_ms, opened_ms from acknowledgement where leaf_index = $1 and authority = $2)sql"};
constexpr Sql kSetDelivered{"delivery.set_delivered", R"sql(
  insert into acknowledgement (leaf_index, authority, delivered_ms, opened_ms) values ($1, $2, $3, null))sql"};
constexpr Sql kSetOpened{"delivery.set_opened", R"sql(
  insert into acknowledgement (leaf_index, authority, delivered_ms, opened_ms) values ($1, $2, $3, $3)
  on conflict (leaf_index, authority) do update set opened_ms = excluded.opened_ms)sql"};

Acknowledgement acknowledgement_of(const store::Row& row) {
  Acknowledgement out{Subject(std::string(row.text(0))), row.time(1), {}};
  if (const auto opened = row.optional_integer(2)) out.opened = from_ms(*opened);
  return out;
}

Result<std::vector<Acknowledgement>> acknowledgements_of(const store::Rows& rows) {
  std::vector<Acknowledgement> out;
  for (const store::Row row : rows) out.push_back(acknowledgement_of(row));
  return out;
}

Result<bool> any(const store::Rows& rows) { return !rows.empty(); }

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

Result<> put(store::Connection& connection, std::int64_t index, std::span<const Subject> authorities,
             std::string_view data) {
  TRY(connection.execute_later(kPutEvent, {index, data}));
  for (const Subject& authority : authorities) TRY(connection.execute_later(kPut, {authority, index}));
  return {};
}

Result<std::vector<Event>> after(store::Connection& connection, const Subject& authority, std::int64_t after_index,
                                 std::int64_t limit) {
  const store::Rows rows = TRY(connection.query(kAfter, {authority, after_index, limit}));
  std::vector<Event> out;
  for (const store::Row row : rows) out.push_back({row.integer(0), std::string(row.text(1))});
  return out;
}

Result<std::vector<Addressed>> all_after(store::Connection& connection, std::int64_t after_index,
                                         std::int64_t limit) {
  const store::Rows rows = TRY(connection.query(kAllAfter, {after_index, limit}));
  std::vector<Addressed> out;
  for (const store::Row row : rows)
    out.push_back({row.integer(0), Subject(std::string(row.text(1))), std::string(row.text(2))});
  return out;
}

Result<std::optional<std::int64_t>> newest(store::Connection& connection) {
  const store::Rows rows = TRY(connection.query(kNewest));
  return rows.front().optional_integer(0);
}

Result<bool> reached(store::Connection& connection, const Subject& authority, std::int64_t index) {
  return any(TRY(connection.query(kReached, {authority, index})));
}
Result<store::Later<bool>> ask_reached(store::Connection& connection, const Subject& authority, std::int64_t index) {
  return store::Later<bool>::ask(connection, kReached, {authority, index}, any);
}

Result<store::Later<Counters>> ask_counters(store::Connection& connection, const KeyId& device, const Subject& to) {
  return store::Later<Counters>::ask(
      connection, kCounters, {device, to}, [](const store::Rows& rows) -> Result<Counters> {
        const store::Row row = rows.front();
        return Counters{row.optional_integer(0).value_or(0), row.optional_integer(1).value_or(0)};
      });
}
Result<> set_sent(store::Connection& connection, const KeyId& device, const Subject& to, std::int64_t count) {
  return connection.execute_later(kSetSent, {device, to, count});
}
Result<std::vector<std::pair<Subject, std::int64_t>>> all_sent(store::Connection& connection, const KeyId& device) {
  const store::Rows rows = TRY(connection.query(kAllSent, {device}));
  std::vector<std::pair<Subject, std::int64_t>> out;
  for (const store::Row row : rows) out.emplace_back(Subject(std::string(row.text(0))), row.integer(1));
  return out;
}

Result<> set_seen_checkpoint(store::Connection& connection, const KeyId& device, std::int64_t size) {
  return connection.execute_later(kSetSeen, {device, size});
}

Result<std::optional<Acknowledgement>> acknowledgement(store::Connection& connection, std::int64_t index,
                                                       const Subject& authority) {
  const store::Rows rows = TRY(connection.query(kAcknowledgement, {index, authority}));
  if (rows.empty()) return std::nullopt;
  return acknowledgement_of(rows.front());
}
Result<std::vector<Acknowledgement>> acknowledgements(store::Connection& connection, std::int64_t index) {
  return acknowledgements_of(TRY(connection.query(kAcknowledgements, {index})));
}
Result<store::Later<std::vector<Acknowledgement>>> ask_acknowledgements(store::Connection& connection,
                                                                        std::int64_t index) {
  return store::Later<std::vector<Acknowledgement>>::ask(connection, kAcknowledgements, {index}, acknowledgements_of);
}
Result<> set_delivered(store::Connection& connection, std::int64_t index, const Subject& authority, Time at) {
  return connection.execute_later(kSetDelivered, {index, authority, at});
}
Result<> set_opened(store::Connection& connection, std::int64_t index, const Subject& authority, Time at) {
  return connection.execute_later(kSetOpened, {index, authority, at});
}

}  // namespace entraide::delivery
