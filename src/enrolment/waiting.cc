#include "enrolment/waiting.h"

#include <algorithm>
#include <array>

#include "codec/codec.h"

namespace entraide::enrolment {
namespace {

using store::Sql;

#define WAITING_COLUMNS \
  "select act_id, authority, body, created_ms, expires_ms, declined_by, why, declined_ms from waiting_act "
constexpr Sql kFindWaiting{"waiting.find", WAITING_COLUMNS "where act_id = $1 and expires_ms > $2"};
constexpr Sql kWaitingFor{"waiting.of_authority", WAITING_COLUMNS
                          "where authority = $1 and expires_ms > $2 order by created_ms, act_id limit 50"};
#undef WAITING_COLUMNS
// The others, as this one is about to be replaced.
constexpr Sql kCountWaiting{"waiting.count", R"sql(
  select count(*) from waiting_act where authority = $1 and act_id <> $2)sql"};
constexpr Sql kForgetDeclined{"waiting.forget_declined", R"sql(
  delete from waiting_act where authority = $1 and declined_ms is not null)sql"};
constexpr Sql kForgetLapsed{"waiting.forget_lapsed",
                            "delete from waiting_act where authority = $1 and expires_ms <= $2"};
constexpr Sql kForgetWaiting{"waiting.forget", "delete from waiting_act where act_id = $1"};
constexpr Sql kKeepWaiting{"waiting.keep", R"sql(
  insert into waiting_act (act_id, authority, body, created_ms, expires_ms) values ($1, $2, $3, $4, $5))sql"};
constexpr Sql kDecline{"waiting.decline", R"sql(
  update waiting_act set declined_by = $2, why = $3, declined_ms = $4 where act_id = $1 and declined_ms is null)sql"};

WaitingAct waiting_from(const store::Row& row) {
  WaitingAct out{
      row.hash<ActId>(0), Subject(std::string(row.text(1))), std::string(row.text(2)), row.time(3), row.time(4), {}};
  if (!row.is_null(5))
    out.declined = Declined{KeyId(std::string(row.text(5))), std::string(row.text(6)), row.time(7)};
  return out;
}

std::string signature_line(const act::Signature& signature) {
  return signature.protected_b64 + "." + codec::base64url(signature.value) + "\n";
}

}  // namespace

bool is_reason_to_decline(std::string_view why) {
  static constexpr std::array<std::string_view, 4> kReasons{"mistake", "person", "unexpected", "withdrawn"};
  return std::ranges::find(kReasons, why) != kReasons.end();
}

Result<std::string> with_signatures_of(const act::SignedAct& body, const act::SignedAct& more) {
  ENSURE(body.id == more.id);
  std::vector<std::string> lines;
  for (const act::Signature& signature : body.signatures) lines.push_back(signature_line(signature));
  for (const act::Signature& signature : more.signatures)
    if (std::ranges::none_of(body.signatures, [&](const act::Signature& had) { return had.kid == signature.kid; }))
      lines.push_back(signature_line(signature));
  std::ranges::sort(lines);
  std::string out = body.payload_b64 + "\n";
  for (const std::string& line : lines) out += line;
  TRY(act::parse_act(out));  // as many lines as an act may have
  return out;
}

Result<> keep(store::Connection& connection, const WaitingAct& waiting, Time now) {
  TRY(connection.execute(kForgetLapsed, {waiting.for_authority, now}));
  const auto others = [&]() -> Result<std::int64_t> {
    const store::Rows rows = TRY(connection.query(kCountWaiting, {waiting.for_authority, waiting.id}));
    return rows.front().integer(0);
  };
  if (TRY(others()) >= kWaitingMax) TRY(connection.execute(kForgetDeclined, {waiting.for_authority}));
  if (TRY(others()) >= kWaitingMax)
    return fail(Errc::conflict, "waiting.full",
                "acts: " + std::to_string(kWaitingMax) + " wait for signatures already; sign or decline some");
  TRY(forget_waiting(connection, waiting.id));
  TRY(connection.execute(kKeepWaiting,
                         {waiting.id, waiting.for_authority, waiting.body, waiting.created, waiting.expires}));
  return {};
}

Result<std::optional<WaitingAct>> find_waiting(store::Connection& connection, const ActId& id, Time now) {
  const store::Rows rows = TRY(connection.query(kFindWaiting, {id, now}));
  if (rows.empty()) return std::nullopt;
  return waiting_from(rows.front());
}

Result<std::vector<WaitingAct>> waiting_for(store::Connection& connection, const Subject& authority, Time now) {
  const store::Rows rows = TRY(connection.query(kWaitingFor, {authority, now}));
  std::vector<WaitingAct> out;
  for (const store::Row row : rows) out.push_back(waiting_from(row));
  return out;
}

Result<> decline(store::Connection& connection, const ActId& id, const Declined& declined) {
  if (TRY(connection.execute(kDecline, {id, declined.by, declined.why, declined.at})) == 1) return {};
  return fail(Errc::conflict, "waiting.declined", "act: somebody has declined it already");
}

Result<> forget_waiting(store::Connection& connection, const ActId& id) {
  TRY(connection.execute(kForgetWaiting, {id}));
  return {};
}

}  // namespace entraide::enrolment
