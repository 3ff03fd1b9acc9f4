#include "drafts/drafts.h"

#include "codec/codec.h"
#include "crypto/digest.h"
#include "crypto/jwe.h"

namespace entraide::drafts {
namespace {

using store::Migration;
using store::Sql;

constexpr Migration kMigrations[] = {{"drafts", 1, R"sql(
  create table draft (
    authority text not null,
    draft text not null,
    kind text not null,
    form text not null,
    jwe text not null,
    size bigint not null,
    tag bytes not null check (length(tag) = 32),
    updated_ms bigint not null,
    updated_by text not null,
    primary key (authority, draft)
  );
)sql"}};

constexpr Sql kFind{"drafts.find", R"sql(
  select draft, kind, form, size, tag, updated_ms, updated_by, jwe from draft where authority = $1 and draft = $2)sql"};
constexpr Sql kList{"drafts.list", R"sql(
  select draft, kind, form, size, tag, updated_ms, updated_by from draft
  where authority = $1 order by updated_ms desc, draft limit 200)sql"};
// What the others have: this one is about to be replaced.
constexpr Sql kUsage{"drafts.usage", R"sql(
  select count(*), coalesce(sum(size), 0) from draft where authority = $1 and draft <> $2)sql"};
constexpr Sql kRemove{"drafts.remove", "delete from draft where authority = $1 and draft = $2"};
constexpr Sql kPut{"drafts.put", R"sql(
  insert into draft (authority, draft, kind, form, jwe, size, tag, updated_ms, updated_by)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9))sql"};

Draft read(const store::Row& row, const Subject& authority) {
  return {std::string(row.text(0)), authority,   std::string(row.text(1)),
          std::string(row.text(2)), {},          row.integer(3),
          row.hash<Digest>(4),      row.time(5), Subject(std::string(row.text(6)))};
}

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

Draft with_tag(Draft draft) {
  const std::string_view line = "\n";
  draft.bytes = static_cast<std::int64_t>(draft.jwe.size());
  draft.tag = crypto::sha256(std::string_view("entraide/draft/v1\n"), std::string_view(draft.kind), line,
                             std::string_view(draft.form), line, std::string_view(draft.jwe));
  return draft;
}

Result<> check_sealed(const Draft& draft, const KeyId& ring) {
  if (draft.jwe.size() > kDraftBytesMax)
    return fail(Errc::too_large, "draft.size", "draft: sealed, it must not be over 1 MiB");
  const crypto::SealedView sealed = TRY(crypto::parse_jwe(draft.jwe));
  const crypto::SealHeader expected{"entraide-draft+json", "application/json", draft.id,
                                    "draft:" + draft.authority.str()};
  if (sealed.header() != expected)
    return fail(Errc::invalid, "draft.seal", "draft: the seal's header is not that of this draft");
  if (sealed.recipients().size() != 1 || sealed.recipients()[0] != ring)
    return fail(Errc::conflict, "draft.ring",
                "draft: must be sealed to the authority's newest ring, and to it alone");
  return {};
}

Result<std::optional<Draft>> find(store::Connection& connection, const Subject& authority, std::string_view id) {
  const store::Rows rows = TRY(connection.query(kFind, {authority, id}));
  if (rows.empty()) return std::nullopt;
  Draft out = read(rows.front(), authority);
  out.jwe = rows.front().text(7);
  return out;
}

Result<std::vector<Draft>> list(store::Connection& connection, const Subject& authority) {
  const store::Rows rows = TRY(connection.query(kList, {authority}));
  std::vector<Draft> out;
  for (const store::Row row : rows) out.push_back(read(row, authority));
  return out;
}

Result<> put(store::Connection& connection, const Draft& draft) {
  const store::Rows used = TRY(connection.query(kUsage, {draft.authority, draft.id}));
  if (used.front().integer(0) >= kDraftsMax || used.front().integer(1) + draft.bytes > kAuthorityBytesMax)
    return fail(Errc::conflict, "draft.full",
                "drafts: your authority has as many as it may have; send or delete some");
  TRY(connection.execute(kRemove, {draft.authority, draft.id}));
  TRY(connection.execute(kPut, {draft.authority, draft.id, draft.kind, draft.form, draft.jwe, draft.bytes, draft.tag,
                                draft.updated, draft.updated_by}));
  return {};
}

Result<> remove(store::Connection& connection, const Subject& authority, std::string_view id) {
  TRY(connection.execute(kRemove, {authority, id}));
  return {};
}

}  // namespace entraide::drafts
