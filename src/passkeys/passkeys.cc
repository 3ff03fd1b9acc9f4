#include "passkeys/passkeys.h"

#include "codec/json.h"

namespace entraide::passkeys {
namespace {

using store::Migration;
using store::Sql;

constexpr Migration kMigrations[] = {{"passkeys", 1, R"sql(
  create table passkey (
    credential text primary key,
    device text not null,
    point bytes not null check (length(point) = 65),
    counter bigint not null,
    created_ms bigint not null,
    used_ms bigint
  );
  create index passkey_device on passkey (device, created_ms);
)sql"}};

constexpr Sql kAdd{"passkeys.add", R"sql(
  insert into passkey (credential, device, point, counter, created_ms) values ($1, $2, $3, $4, $5))sql"};
constexpr Sql kCount{"passkeys.count", "select count(*) from passkey where device = $1"};
constexpr Sql kOfDevice{"passkeys.of_device", R"sql(
  select credential, point, counter, created_ms, used_ms from passkey
  where device = $1 order by created_ms, credential)sql"};
constexpr Sql kUse{"passkeys.use", R"sql(
  update passkey set counter = $2, used_ms = $3
  where credential = $1 and (counter < $2 or (counter = 0 and $2 = 0)))sql"};
constexpr Sql kRemove{"passkeys.remove", "delete from passkey where device = $1 and credential = $2"};

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

Result<> add(store::Connection& connection, const Passkey& passkey) {
  const store::Rows count = TRY(connection.query(kCount, {passkey.device}));
  if (count.front().integer(0) >= kPasskeysMax)
    return fail(Errc::conflict, "passkey.full",
                "passkeys: this device has " + std::to_string(kPasskeysMax) + " already; remove one first");
  auto added =
      connection.execute(kAdd, {passkey.id, passkey.device, passkey.key.point(), passkey.counter, passkey.created});
  if (!added && added.error().rule == "store.constraint")
    return fail(Errc::conflict, "passkey.duplicate", "passkeys: this one is registered already");
  TRY(std::move(added));
  return {};
}

Result<std::vector<Passkey>> of_device(store::Connection& connection, const KeyId& device) {
  const store::Rows rows = TRY(connection.query(kOfDevice, {device}));
  std::vector<Passkey> out;
  for (const store::Row row : rows)
    out.push_back({std::string(row.text(0)), device, TRY(crypto::PublicKey::from_point(row.blob(1))), row.integer(2),
                   row.time(3), row.is_null(4) ? std::nullopt : std::optional(row.time(4))});
  return out;
}

Result<> use(store::Connection& connection, const Passkey& passkey, std::int64_t counter, Time now) {
  if (TRY(connection.execute(kUse, {passkey.id, counter, now})) == 1) return {};
  return fail(Errc::unauthenticated, "session.passkey.counter",
              "passkey: it was used at the same time elsewhere, or is gone; try again");
}

Result<bool> remove(store::Connection& connection, const KeyId& device, std::string_view id) {
  return TRY(connection.execute(kRemove, {device, id})) > 0;
}

}  // namespace entraide::passkeys
