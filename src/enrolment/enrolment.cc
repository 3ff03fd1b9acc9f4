#include "enrolment/enrolment.h"

#include "crypto/digest.h"

namespace entraide::enrolment {
namespace {

using store::Migration;
using store::Sql;

constexpr Migration kMigrations[] = {{"enrolment", 1, R"sql(
  create table invitation (
    invitation text primary key,
    authority text not null,
    officer text not null,
    administrator text not null,
    ticket_hash bytes not null unique check (length(ticket_hash) = 32),
    created_ms bigint not null,
    expires_ms bigint not null,
    half text unique,
    sign text,
    seal text,
    level text,
    act text,
    answered_ms bigint
  );
  create index invitation_authority on invitation (authority, created_ms);
)sql"},
                                     {"enrolment", 2, R"sql(
  create table device_certificate (
    device text primary key,
    authority text not null,
    jwe text not null,
    issued_ms bigint not null
  );
  create index device_certificate_authority on device_certificate (authority, issued_ms);
)sql"},
                                     {"enrolment", 3, R"sql(
  create table waiting_act (
    act_id bytes primary key check (length(act_id) = 32),
    authority text not null,
    body text not null,
    created_ms bigint not null,
    expires_ms bigint not null,
    declined_by text,
    why text,
    declined_ms bigint
  );
  create index waiting_act_authority on waiting_act (authority, created_ms);
)sql"}};

#define COLUMNS                                                                                                   \
  "select invitation, authority, officer, administrator, ticket_hash, created_ms, expires_ms, half, sign, seal, " \
  "level, act, answered_ms from invitation "
constexpr Sql kFind{"enrolment.find", COLUMNS "where invitation = $1 and expires_ms > $2"};
constexpr Sql kFindByTicket{"enrolment.find_by_ticket", COLUMNS "where ticket_hash = $1 and expires_ms > $2"};
constexpr Sql kFindByHalf{"enrolment.find_by_half", COLUMNS "where half = $1 and expires_ms > $2"};
constexpr Sql kOfAuthority{"enrolment.of_authority", COLUMNS
                           "where authority = $1 and expires_ms > $2 order by created_ms, invitation limit 50"};
#undef COLUMNS
constexpr Sql kInvite{"enrolment.invite", R"sql(
  insert into invitation (invitation, authority, officer, administrator, ticket_hash, created_ms, expires_ms)
  values ($1, $2, $3, $4, $5, $6, $7))sql"};
constexpr Sql kCount{"enrolment.count", "select count(*) from invitation where authority = $1 and expires_ms > $2"};
constexpr Sql kAnswer{"enrolment.answer", R"sql(
  update invitation set half = $2, sign = $3, seal = $4, level = $5, act = $6, answered_ms = $7
  where invitation = $1 and half is null)sql"};
constexpr Sql kForget{"enrolment.forget", "delete from invitation where invitation = $1"};
constexpr Sql kSweep{"enrolment.sweep", "delete from invitation where expires_ms <= $1"};
constexpr Sql kSweepActs{"enrolment.sweep_acts", "delete from waiting_act where expires_ms <= $1"};

Invitation read(const store::Row& row) {
  Invitation out{std::string(row.text(0)),
                 Subject(std::string(row.text(1))),
                 Subject(std::string(row.text(2))),
                 KeyId(std::string(row.text(3))),
                 row.hash<Digest>(4),
                 row.time(5),
                 row.time(6),
                 {}};
  if (!row.is_null(7))
    out.half = Half{std::string(row.text(7)),  KeyId(std::string(row.text(8))), KeyId(std::string(row.text(9))),
                    std::string(row.text(10)), std::string(row.text(11)),       row.time(12)};
  return out;
}

Result<std::optional<Invitation>> one(store::Connection& connection, const Sql& sql, store::Value key, Time now) {
  const store::Rows rows = TRY(connection.query(sql, {key, now}));
  if (rows.empty()) return std::nullopt;
  return read(rows.front());
}

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

Digest hash_of_ticket(std::string_view ticket) { return crypto::sha256(ticket); }

Result<> invite(store::Connection& connection, const Invitation& invitation) {
  TRY(sweep(connection, invitation.created));
  const store::Rows open = TRY(connection.query(kCount, {invitation.authority, invitation.created}));
  if (open.front().integer(0) >= kInvitationsMax)
    return fail(Errc::conflict, "enrolment.full",
                "invitations: " + std::to_string(kInvitationsMax) + " are open already; withdraw some");
  auto kept =
      connection.execute(kInvite, {invitation.id, invitation.authority, invitation.officer, invitation.administrator,
                                   invitation.ticket_hash, invitation.created, invitation.expires});
  if (!kept && kept.error().rule == "store.constraint")
    return fail(Errc::conflict, "enrolment.duplicate", "invitation: this code was used before; make another one");
  TRY(std::move(kept));
  return {};
}

Result<std::optional<Invitation>> find(store::Connection& connection, std::string_view id, Time now) {
  return one(connection, kFind, id, now);
}
Result<std::optional<Invitation>> find_by_ticket(store::Connection& connection, const Digest& ticket_hash, Time now) {
  return one(connection, kFindByTicket, ticket_hash, now);
}
Result<std::optional<Invitation>> find_by_half(store::Connection& connection, std::string_view half, Time now) {
  return one(connection, kFindByHalf, half, now);
}

Result<std::vector<Invitation>> of_authority(store::Connection& connection, const Subject& authority, Time now) {
  const store::Rows rows = TRY(connection.query(kOfAuthority, {authority, now}));
  std::vector<Invitation> out;
  for (const store::Row row : rows) out.push_back(read(row));
  return out;
}

Result<> answer(store::Connection& connection, const Invitation& invitation, const Half& half) {
  const std::int64_t changed = TRY(connection.execute(
      kAnswer, {invitation.id, half.id, half.sign, half.seal, half.assurance_level, half.act, half.answered}));
  if (changed == 1) return {};
  return fail(Errc::conflict, "enrolment.used", "invitation: it was answered already; ask for a new one");
}

Result<> forget(store::Connection& connection, std::string_view id) {
  TRY(connection.execute(kForget, {id}));
  return {};
}

Result<std::int64_t> sweep(store::Connection& connection, Time now) {
  return TRY(connection.execute(kSweep, {now})) + TRY(connection.execute(kSweepActs, {now}));
}

}  // namespace entraide::enrolment
