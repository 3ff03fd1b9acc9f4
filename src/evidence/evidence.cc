#include "evidence/evidence.h"

#include "codec/codec.h"

namespace entraide::evidence {
namespace {

using store::Migration;
using store::Sql;

constexpr Migration kMigrations[] = {{"evidence", 1, R"sql(
  create table sealed_object (
    leaf_index bigint not null,
    position bigint not null,
    hash bytes not null check (length(hash) = 32),
    jwe text not null,
    primary key (leaf_index, position)
  );
  create table evidence_file (
    file_id text primary key,
    uploaded_by text not null,
    size bigint not null,
    hash bytes not null check (length(hash) = 32),
    uploaded_ms bigint not null,
    leaf_index bigint
  );
  create index evidence_file_unbound on evidence_file (uploaded_ms) where leaf_index is null;
)sql"}};

constexpr Sql kPutObject{"evidence.put_object",
                         "insert into sealed_object (leaf_index, position, hash, jwe) values ($1, $2, $3, $4)"};
constexpr Sql kObject{"evidence.object", "select jwe from sealed_object where leaf_index = $1 and hash = $2"};
constexpr Sql kFile{"evidence.file",
                    "select file_id, uploaded_by, size, hash, leaf_index from evidence_file where file_id = $1"};
constexpr Sql kPutFile{"evidence.put_file", R"sql(
  insert into evidence_file (file_id, uploaded_by, size, hash, uploaded_ms) values ($1, $2, $3, $4, $5))sql"};
constexpr Sql kBindFile{"evidence.bind_file",
                        "update evidence_file set leaf_index = $2 where file_id = $1 and leaf_index is null"};
constexpr Sql kUnbound{"evidence.unbound", R"sql(
  select file_id from evidence_file where leaf_index is null and uploaded_ms < $1 order by uploaded_ms limit $2)sql"};
constexpr Sql kForget{"evidence.forget_file", "delete from evidence_file where file_id = $1 and leaf_index is null"};

Result<std::optional<std::string>> jwe_of(const store::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return std::string(rows.front().text(0));
}

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

Result<> put_object(store::Connection& connection, std::int64_t leaf_index, std::int64_t position, const Digest& hash,
                    std::string_view jwe) {
  return connection.execute_later(kPutObject, {leaf_index, position, hash, jwe});
}

Result<std::optional<std::string>> object(store::Connection& connection, std::int64_t leaf_index,
                                          const Digest& hash) {
  return jwe_of(TRY(connection.query(kObject, {leaf_index, hash})));
}
Result<store::Later<std::optional<std::string>>> ask_object(store::Connection& connection, std::int64_t leaf_index,
                                                            const Digest& hash) {
  return store::Later<std::optional<std::string>>::ask(connection, kObject, {leaf_index, hash}, jwe_of);
}

Result<std::optional<File>> file(store::Connection& connection, std::string_view file_id) {
  const store::Rows rows = TRY(connection.query(kFile, {file_id}));
  if (rows.empty()) return std::nullopt;
  const store::Row row = rows.front();
  return File{std::string(row.text(0)), KeyId(std::string(row.text(1))), row.integer(2), row.hash<Digest>(3),
              row.optional_integer(4)};
}

Result<> put_file(store::Connection& connection, const File& file, Time now) {
  TRY(connection.execute(kPutFile, {file.file_id, file.uploaded_by, file.bytes, file.hash, now}));
  return {};
}

Result<> bind_file(store::Connection& connection, std::string_view file_id, std::int64_t leaf_index) {
  return connection.execute_later(kBindFile, {file_id, leaf_index});
}

Result<std::vector<std::string>> unbound_since(store::Connection& connection, Time before, std::int64_t limit) {
  const store::Rows rows = TRY(connection.query(kUnbound, {before, limit}));
  std::vector<std::string> out;
  for (const store::Row row : rows) out.emplace_back(row.text(0));
  return out;
}

Result<> forget_file(store::Connection& connection, std::string_view file_id) {
  TRY(connection.execute(kForget, {file_id}));
  return {};
}

std::string blob_key(std::string_view file_id) {
  const auto raw = codec::from_base64url_sized(file_id, 16, "file id");
  ENSURE(raw.has_value());
  return "file/" + codec::hex(*raw);
}

}  // namespace entraide::evidence
