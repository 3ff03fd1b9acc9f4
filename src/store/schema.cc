#include "store/schema.h"

#include <algorithm>

namespace entraide::store {
namespace {

constexpr std::string_view kMemory = "store_steps";
constexpr const char* kMakeMemory =
    "create table if not exists store_steps (position bigint not null primary key, module text not null,"
    " number bigint not null, statements text not null, unique (module, number))";
constexpr Sql kSteps{"store.steps", "select module, number, statements from store_steps order by position"};
constexpr Sql kRemember{"store.remember_step",
                        "insert into store_steps (position, module, number, statements) values ($1, $2, $3, $4)"};

// The only statements that exist twice: each engine keeps its catalogue in its own way.
constexpr Sql kTables[] = {
    {"store.tables",
     "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by rowid"},
    {"store.tables",
     "select cast(c.relname as text) from pg_catalog.pg_class c"
     " join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
     " where c.relkind = 'r' and n.nspname = current_schema() order by c.oid"},
};
constexpr Sql kColumns[] = {
    {"store.columns", "select name from pragma_table_info($1) order by cid"},
    {"store.columns",
     "select cast(column_name as text) from information_schema.columns"
     " where table_schema = current_schema() and table_name = $1 order by ordinal_position"},
};

const Sql& of_engine(const Sql (&both)[2], Engine engine) { return both[engine == Engine::sqlite ? 0 : 1]; }

bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Where the quoted text or comment that starts at `from` ends; `from` itself where none starts there.
std::size_t skip_quoted(std::string_view text, std::size_t from) {
  const auto past = [&](std::string_view end, std::size_t after) {
    const std::size_t at = text.find(end, from + after);
    return at == std::string_view::npos ? text.size() : at + end.size();
  };
  const std::string_view rest = text.substr(from);
  if (rest.starts_with('\'')) return past("'", 1);
  if (rest.starts_with('"')) return past("\"", 1);
  if (rest.starts_with("--")) return past("\n", 2);
  if (rest.starts_with("/*")) return past("*/", 2);
  return from;
}

}  // namespace

std::string for_engine(std::string_view text, Engine engine) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = skip_quoted(text, at);
    if (end == at && in_word(text[at])) {
      while (end < text.size() && in_word(text[end])) ++end;
      if (text.substr(at, end - at) == "bytes") {
        out += engine == Engine::sqlite ? "blob" : "bytea";
        at = end;
        continue;
      }
    }
    if (end == at) ++end;
    out += text.substr(at, end - at);
    at = end;
  }
  return out;
}

Result<std::vector<std::string>> Schema::tables() {
  const Rows rows = TRY(connection_.query(of_engine(kTables, connection_.engine())));
  std::vector<std::string> out;
  for (const Row row : rows)
    if (row.text(0) != kMemory) out.emplace_back(row.text(0));
  return out;
}

Result<bool> Schema::empty() {
  const Rows rows = TRY(connection_.query(of_engine(kTables, connection_.engine())));
  return rows.empty();
}

Result<bool> Schema::remembers() {
  const Rows rows = TRY(connection_.query(of_engine(kTables, connection_.engine())));
  return std::any_of(rows.begin(), rows.end(), [](const Row& row) { return row.text(0) == kMemory; });
}

Result<std::vector<std::string>> Schema::columns(const std::string& table) {
  const Rows rows = TRY(connection_.query(of_engine(kColumns, connection_.engine()), {table}));
  std::vector<std::string> out;
  for (const Row row : rows) out.emplace_back(row.text(0));
  return out;
}

Result<std::vector<RunStep>> Schema::steps() {
  std::vector<RunStep> out;
  const bool any = TRY(remembers());
  if (!any) return out;
  const Rows rows = TRY(connection_.query(kSteps));
  for (const Row row : rows) out.push_back({std::string(row.text(0)), row.integer(1), std::string(row.text(2))});
  return out;
}

Result<> Schema::run(const RunStep& step, std::int64_t position) {
  if (position == 1) TRY(connection_.script(kMakeMemory));
  Result<> done = connection_.script(for_engine(step.text, connection_.engine()));
  if (!done) {
    done.error().message =
        "schema step " + step.module + " " + std::to_string(step.number) + ": " + done.error().message;
    return done;
  }
  TRY(connection_.execute(kRemember, {position, step.module, step.number, step.text}));
  return {};
}

}  // namespace entraide::store
