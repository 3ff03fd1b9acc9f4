#include "cases/cases.h"

#include <algorithm>
#include <cstdio>

#include "codec/codec.h"

namespace entraide::cases {
namespace {

using codec::Json;
using store::Migration;
using store::Sql;

constexpr Migration kMigrations[] = {{"cases", 1, R"sql(
  create table case_file (
    case_no bigint primary key,
    case_id text not null unique,
    reference text not null unique,
    rulebook bytes not null check (length(rulebook) = 32),
    opened_ms bigint not null,
    changed_ms bigint not null,
    opened_index bigint not null,
    last_index bigint not null
  );
  create table case_thread (
    case_no bigint not null,
    position bigint not null,
    kind text not null,
    state text not null,
    basis text not null,
    requesting text not null,
    requesting_kind text not null,
    requested text not null,
    requested_kind text not null,
    label text not null,
    is_final bigint not null,
    changed_index bigint not null,
    primary key (case_no, position)
  );
  create table case_box (
    authority text not null,
    case_no bigint not null,
    side bigint not null,
    is_final bigint not null,
    kind text not null,
    state text not null,
    other_country text not null,
    due_ms bigint,
    last_index bigint not null,
    primary key (authority, case_no)
  );
  create index case_box_due on case_box (authority, due_ms, case_no) where due_ms is not null;
  create index case_box_newest on case_box (authority, last_index, case_no);
  create index case_box_case on case_box (case_no);
  create table case_entry (
    case_no bigint not null,
    leaf_index bigint not null,
    type text not null,
    primary key (case_no, leaf_index)
  );
  create table case_reference (
    country text not null,
    year bigint not null,
    newest bigint not null,
    primary key (country, year)
  );
)sql"},
                                     // How often, kept beside what: judging an act costs the same in a long case.
                                     {"cases", 2, R"sql(
  create table case_tally (
    case_no bigint not null,
    type text not null,
    times bigint not null,
    primary key (case_no, type)
  );
  insert into case_tally (case_no, type, times)
    select case_no, type, count(*) from case_entry group by case_no, type;
)sql"}};

// A row for each thread of the case, or one without a thread.
constexpr Sql kById{"cases.by_id", R"sql(
  select f.case_no, f.case_id, f.reference, f.rulebook, f.opened_ms, f.changed_ms, f.opened_index, f.last_index,
         t.kind, t.state, t.basis, t.requesting, t.requesting_kind, t.requested, t.requested_kind, t.label, t.is_final,
         t.changed_index
  from case_file f left join case_thread t on t.case_no = f.case_no where f.case_id = $1 order by t.position)sql"};
constexpr Sql kByReference{"cases.by_reference", R"sql(
  select f.case_no, f.case_id, f.reference, f.rulebook, f.opened_ms, f.changed_ms, f.opened_index, f.last_index,
         t.kind, t.state, t.basis, t.requesting, t.requesting_kind, t.requested, t.requested_kind, t.label, t.is_final,
         t.changed_index
  from case_file f left join case_thread t on t.case_no = f.case_no where f.reference = $1 order by t.position)sql"};
constexpr Sql kByNumber{"cases.by_number", R"sql(
  select f.case_no, f.case_id, f.reference, f.rulebook, f.opened_ms, f.changed_ms, f.opened_index, f.last_index,
         t.kind, t.state, t.basis, t.requesting, t.requesting_kind, t.requested, t.requested_kind, t.label, t.is_final,
         t.changed_index
  from case_file f left join case_thread t on t.case_no = f.case_no where f.case_no = $1 order by t.position)sql"};
constexpr Sql kNewestReference{"cases.newest_reference",
                               "select newest from case_reference where country = $1 and year = $2"};
constexpr Sql kPutReference{"cases.put_reference", R"sql(
  insert into case_reference (country, year, newest) values ($1, $2, $3)
  on conflict (country, year) do update set newest = excluded.newest)sql"};
constexpr Sql kPutFile{"cases.put_file", R"sql(
  insert into case_file (case_no, case_id, reference, rulebook, opened_ms, changed_ms, opened_index, last_index)
  values ($1, $2, $3, $4, $5, $6, $7, $8)
  on conflict (case_no) do update set changed_ms = excluded.changed_ms, last_index = excluded.last_index)sql"};
constexpr Sql kPutThread{"cases.put_thread", R"sql(
  insert into case_thread (case_no, position, kind, state, basis, requesting, requesting_kind, requested,
                           requested_kind, label, is_final, changed_index)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  on conflict (case_no, position) do update set state = excluded.state, basis = excluded.basis,
    requesting = excluded.requesting, requesting_kind = excluded.requesting_kind, requested = excluded.requested,
    requested_kind = excluded.requested_kind, label = excluded.label, is_final = excluded.is_final,
    changed_index = excluded.changed_index)sql"};
constexpr Sql kPutBox{"cases.put_box", R"sql(
  insert into case_box (authority, case_no, side, is_final, kind, state, other_country, due_ms, last_index)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict (authority, case_no) do update set side = excluded.side, is_final = excluded.is_final,
    kind = excluded.kind, state = excluded.state, other_country = excluded.other_country,
    due_ms = excluded.due_ms, last_index = excluded.last_index)sql"};
constexpr Sql kAddEntry{"cases.add_entry", "insert into case_entry (case_no, leaf_index, type) values ($1, $2, $3)"};
constexpr Sql kEntries{"cases.entries",
                       "select leaf_index, type from case_entry where case_no = $1 order by leaf_index"};
constexpr Sql kHasEntry{"cases.has_entry", "select 1 from case_entry where case_no = $1 and leaf_index = $2"};
constexpr Sql kTally{"cases.tally", R"sql(
  insert into case_tally (case_no, type, times) values ($1, $2, 1)
  on conflict (case_no, type) do update set times = case_tally.times + 1)sql"};
constexpr Sql kHappened{"cases.happened", "select type, times from case_tally where case_no = $1 order by type"};
constexpr Sql kBoxes{"cases.boxes",
                     "select authority, side, due_ms from case_box where case_no = $1 order by authority"};
constexpr Sql kIsParty{"cases.is_party", "select 1 from case_box where authority = $1 and case_no = $2"};

// `$3`..`$5` filter where they are not empty. Pages go on behind (`$6`, `$7`).
constexpr Sql kInbox{"cases.inbox", R"sql(
  select case_no, side, due_ms, due_ms from case_box
  where authority = $1 and is_final = 0 and due_ms is not null
    and ($3 = '' or kind = $3) and ($4 = '' or state = $4) and ($5 = '' or other_country = $5)
    and (due_ms > $6 or (due_ms = $6 and case_no > $7))
  order by due_ms, case_no limit $2)sql"};
constexpr Sql kNewest{"cases.newest", R"sql(
  select case_no, side, due_ms, last_index from case_box
  where authority = $1
    and ($3 = '' or kind = $3) and ($4 = '' or state = $4) and ($5 = '' or other_country = $5)
    and (last_index < $6 or (last_index = $6 and case_no < $7))
    and ($8 = -1 or side = $8) and ($9 = -1 or is_final = $9)
  order by last_index desc, case_no desc limit $2)sql"};

Result<std::optional<Case>> case_of(const store::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  const store::Row row = rows.front();
  Case file{row.integer(0),
            CaseId(std::string(row.text(1))),
            std::string(row.text(2)),
            row.hash<Digest>(3),
            row.time(4),
            row.time(5),
            row.integer(6),
            row.integer(7),
            {}};
  for (const store::Row t : rows) {
    if (t.is_null(8)) continue;
    const auto party = [&](std::size_t at) {
      Subject authority{std::string(t.text(at))};
      std::string country = act::country_of(authority).str();
      return Party{std::move(authority), std::string(t.text(at + 1)), country.empty() ? country : country.substr(3)};
    };
    file.threads.push_back({std::string(t.text(8)), std::string(t.text(9)), std::string(t.text(10)), party(11),
                            party(13), TRY(codec::parse_json(t.text(15))), t.integer(16) != 0, t.integer(17)});
  }
  return file;
}

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

const Thread* Case::thread(std::string_view kind) const {
  for (const Thread& thread : threads)
    if (thread.kind == kind) return &thread;
  return nullptr;
}

const Thread& Case::newest() const {
  ENSURE(!threads.empty());
  return *std::max_element(threads.begin(), threads.end(),
                           [](const Thread& a, const Thread& b) { return a.changed_index < b.changed_index; });
}

bool Case::is_final() const {
  return std::all_of(threads.begin(), threads.end(), [](const Thread& thread) { return thread.is_final; });
}

Result<std::optional<Case>> find(store::Connection& connection, const CaseId& id) {
  return case_of(TRY(connection.query(kById, {id})));
}
Result<store::Later<std::optional<Case>>> ask_case(store::Connection& connection, std::int64_t case_no) {
  return store::Later<std::optional<Case>>::ask(connection, kByNumber, {case_no}, case_of);
}
Result<std::optional<Case>> find_by_reference(store::Connection& connection, std::string_view reference) {
  return case_of(TRY(connection.query(kByReference, {reference})));
}
Result<std::optional<Case>> find_by_number(store::Connection& connection, std::int64_t case_no) {
  return case_of(TRY(connection.query(kByNumber, {case_no})));
}

Result<std::string> References::next(store::Connection& connection, std::string_view country, Time now) {
  const int year = static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(now)).year());
  const auto [at, is_first] = newest_.try_emplace({std::string(country), year}, 0);
  if (is_first)
    if (const store::Rows rows = TRY(connection.query(kNewestReference, {country, year})); !rows.empty())
      at->second = rows.front().integer(0);
  TRY(connection.execute_later(kPutReference, {country, year, ++at->second}));
  std::string upper(country);
  for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  char count[24];
  std::snprintf(count, sizeof count, "%05lld", static_cast<long long>(at->second));
  return upper + "-" + std::to_string(year) + "-" + count;
}

Result<Case> open(store::Connection& connection, References& references, const CaseId& id, const Digest& rulebook,
                  std::string_view country, Time now, std::int64_t index) {
  std::string reference = TRY(references.next(connection, country, now));
  return Case{index, id, std::move(reference), rulebook, now, now, index, index, {}};
}

Result<> put(store::Connection& connection, const Case& file, std::span<const Box> boxes) {
  TRY(connection.execute_later(kPutFile, {file.case_no, file.id, file.reference, file.rulebook, file.opened,
                                          file.changed, file.opened_index, file.last_index}));
  for (std::size_t i = 0; i < file.threads.size(); ++i) {
    const Thread& t = file.threads[i];
    if (t.changed_index != file.last_index) continue;  // this act did not touch it
    TRY(connection.execute_later(
        kPutThread, {file.case_no, i, t.kind, t.state, t.basis, t.requesting.authority, t.requesting.kind,
                     t.requested.authority, t.requested.kind, codec::to_json(t.label), t.is_final, t.changed_index}));
  }
  const Thread& shown = file.newest();
  for (const Box& box : boxes) {
    const Party& other = box.side == Box::Side::requesting ? shown.requested : shown.requesting;
    const std::optional<std::int64_t> due = box.due ? std::optional(to_ms(*box.due)) : std::nullopt;
    TRY(connection.execute_later(kPutBox, {box.authority, file.case_no, static_cast<int>(box.side), file.is_final(),
                                           shown.kind, shown.state, other.country, due, file.last_index}));
  }
  return {};
}

Result<> add_entry(store::Connection& connection, std::int64_t case_no, std::int64_t index, std::string_view type) {
  TRY(connection.execute_later(kAddEntry, {case_no, index, type}));
  return connection.execute_later(kTally, {case_no, type});
}

Result<std::vector<EntryRef>> entries(store::Connection& connection, std::int64_t case_no) {
  const store::Rows rows = TRY(connection.query(kEntries, {case_no}));
  std::vector<EntryRef> out;
  for (const store::Row row : rows) out.push_back({row.integer(0), std::string(row.text(1))});
  return out;
}

Result<store::Later<bool>> ask_has_entry(store::Connection& connection, std::int64_t case_no, std::int64_t index) {
  return store::Later<bool>::ask(connection, kHasEntry, {case_no, index},
                                 [](const store::Rows& rows) -> Result<bool> { return !rows.empty(); });
}

Result<store::Later<Happened>> ask_happened(store::Connection& connection, std::int64_t case_no) {
  return store::Later<Happened>::ask(connection, kHappened, {case_no},
                                     [](const store::Rows& rows) -> Result<Happened> {
                                       Happened out;
                                       for (const store::Row row : rows)
                                         out.emplace(row.text(0), static_cast<int>(row.integer(1)));
                                       return out;
                                     });
}

Result<bool> is_party(store::Connection& connection, std::int64_t case_no, const Subject& authority) {
  const store::Rows rows = TRY(connection.query(kIsParty, {authority, case_no}));
  return !rows.empty();
}

Result<store::Later<std::vector<Box>>> ask_boxes(store::Connection& connection, std::int64_t case_no) {
  using Boxes = std::vector<Box>;
  return store::Later<Boxes>::ask(connection, kBoxes, {case_no}, [](const store::Rows& rows) -> Result<Boxes> {
    Boxes out;
    for (const store::Row row : rows) {
      const auto due = row.optional_integer(2);
      out.push_back({Subject(std::string(row.text(0))), static_cast<Box::Side>(row.integer(1)),
                     due ? std::optional(from_ms(*due)) : std::nullopt});
    }
    return out;
  });
}

Result<View> view_from_text(std::string_view text) {
  if (text.empty() || text == "inbox") return View::inbox;
  if (text == "sent") return View::sent;
  if (text == "open") return View::open;
  if (text == "closed") return View::closed;
  if (text == "all") return View::all;
  return fail(Errc::invalid, "cases.view", "view: must be inbox, sent, open, closed or all");
}

Result<std::vector<Listed>> list(store::Connection& connection, const Query& query) {
  constexpr std::int64_t kAny = -1;
  constexpr std::int64_t kLast = std::int64_t{1} << 62;
  store::Rows rows;
  if (query.view == View::inbox) {
    rows = TRY(connection.query(kInbox, {query.authority, query.limit, query.kind, query.state, query.country,
                                         query.after_key.value_or(-kLast), query.after_case}));
  } else {
    const std::int64_t side = query.view == View::sent ? static_cast<int>(Box::Side::requesting) : kAny;
    const std::int64_t is_final = query.view == View::closed ? 1 : query.view == View::open ? 0 : kAny;
    rows = TRY(connection.query(kNewest, {query.authority, query.limit, query.kind, query.state, query.country,
                                          query.after_key.value_or(kLast), query.after_case, side, is_final}));
  }
  std::vector<Listed> out;
  for (const store::Row row : rows) {
    auto file = TRY(find_by_number(connection, row.integer(0)));
    ENSURE(file.has_value());  // a box is written with its case
    const auto due = row.optional_integer(2);
    out.push_back({std::move(*file),
                   Box{query.authority, static_cast<Box::Side>(row.integer(1)),
                       due ? std::optional(from_ms(*due)) : std::nullopt},
                   row.integer(3)});
  }
  return out;
}

}  // namespace entraide::cases
