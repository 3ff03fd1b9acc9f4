#include "hub/rebuild.h"

#include "codec/codec.h"
#include "crypto/digest.h"
#include "hub/acknowledge.h"

namespace entraide::hub {
namespace {

using store::Sql;

constexpr std::int64_t kPage = 500;

// A projection: how it is emptied, and its rows in an order of their own.
struct Table {
  std::string_view name;
  Sql clear;
  Sql rows;
};
constexpr Table kTables[] = {
    {"case_file",
     {"rebuild.clear_case_file", "delete from case_file"},
     {"rebuild.case_file", "select * from case_file order by case_no"}},
    {"case_thread",
     {"rebuild.clear_case_thread", "delete from case_thread"},
     {"rebuild.case_thread", "select * from case_thread order by case_no, position"}},
    {"case_box",
     {"rebuild.clear_case_box", "delete from case_box"},
     {"rebuild.case_box", "select * from case_box order by authority, case_no"}},
    {"case_entry",
     {"rebuild.clear_case_entry", "delete from case_entry"},
     {"rebuild.case_entry", "select * from case_entry order by case_no, leaf_index"}},
    {"case_tally",
     {"rebuild.clear_case_tally", "delete from case_tally"},
     {"rebuild.case_tally", "select * from case_tally order by case_no, type"}},
    {"case_reference",
     {"rebuild.clear_case_reference", "delete from case_reference"},
     {"rebuild.case_reference", "select * from case_reference order by country, year"}},
    {"clock",
     {"rebuild.clear_clock", "delete from clock"},
     {"rebuild.clock", "select * from clock order by case_no, clock"}},
    {"event",
     {"rebuild.clear_event", "delete from event"},
     {"rebuild.event", "select * from event order by leaf_index"}},
    {"delivery",
     {"rebuild.clear_delivery", "delete from delivery"},
     {"rebuild.delivery", "select * from delivery order by authority, leaf_index"}},
    {"acknowledgement",
     {"rebuild.clear_acknowledgement", "delete from acknowledgement"},
     {"rebuild.acknowledgement", "select * from acknowledgement order by leaf_index, authority"}},
    {"sent_counter",
     {"rebuild.clear_sent", "delete from sent_counter"},
     {"rebuild.sent_counter", "select * from sent_counter order by device, authority"}},
    {"seen_checkpoint",
     {"rebuild.clear_seen", "delete from seen_checkpoint"},
     {"rebuild.seen_checkpoint", "select * from seen_checkpoint order by device"}},
};

Result<Digest> digest_of(store::Connection& connection, const Table& table) {
  crypto::Sha256 hash;
  TRY(connection.scan(table.rows, {}, [&](const store::Row& row) -> Result<> {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const store::Value value = row.value(i);
      Bytes head;
      head.push_back(static_cast<std::uint8_t>(value.kind()));
      codec::append_be64(head, value.kind() == store::Value::Kind::integer
                                   ? static_cast<std::uint64_t>(value.integer())
                                   : value.bytes().size());
      hash.update(BytesView(head)).update(value.bytes());
    }
    return {};
  }));
  return hash.finish();
}

Result<> refused_now(const ledger::Entry& entry, const Refusal& refusal) {
  return fail(Errc::internal, "rebuild.refused",
              "entry " + std::to_string(entry.index) + ": the rules refuse it now (" + refusal.error.rule +
                  "); restore the rulebook that it was made under");
}

Result<> replay_act(store::Connection& connection, directory::Directory& directory, const Shelf& shelf,
                    const ledger::Entry& entry, cases::References& references) {
  const Bench bench{connection, directory, shelf, entry.time(), entry.index, references};
  auto parsed = TRY(act::parse_act(entry.body));
  const auto verified = TRY(act::verify(std::move(parsed), directory));
  if (entry.kind == merkle::EntryKind::dir) {
    TRY(directory.admit(verified, entry.index, entry.time()));
    return project_directory_act(bench, verified);
  }
  if (is_acknowledgement(verified.act().type)) {
    const auto acknowledged = decide_acknowledgement(bench, verified);
    if (!acknowledged) return refused_now(entry, acknowledged.error());
    return project_acknowledgement(bench, verified, *acknowledged);
  }
  const auto plan = decide_case_act(bench, verified, TRY(facts_for(connection, verified)));
  if (!plan) return refused_now(entry, plan.error());
  TRY(project_case_act(bench, verified, *plan));
  return {};
}

Result<> replay_note(store::Connection& connection, const directory::Directory& directory, const Shelf& shelf,
                     const ledger::Entry& entry, cases::References& references) {
  const Bench bench{connection, directory, shelf, entry.time(), entry.index, references};
  const NoteBody body = TRY(parse_note_body(entry.body));
  const auto file = TRY(cases::find(connection, body.case_id));
  const auto note = file ? TRY(examine_clock(bench, file->case_no, body.clock)) : std::nullopt;
  if (!note)
    return fail(Errc::internal, "rebuild.refused",
                "entry " + std::to_string(entry.index) + ": no clock of the case rings then");
  return project_clock(bench, *note);
}

}  // namespace

Result<Rebuilt> rebuild(store::Connection& connection, const Shelf& shelf, bool keep) {
  Rebuilt out;
  auto transaction = TRY(store::Transaction::begin(connection));
  TRY(connection.lock_ledger());
  std::vector<Digest> before;
  for (const Table& table : kTables) before.push_back(TRY(digest_of(connection, table)));
  for (const Table& table : kTables) TRY(connection.execute(table.clear));

  directory::Directory directory;
  cases::References references;
  while (true) {
    const auto page = TRY(ledger::entries_from(connection, out.entries, kPage));
    for (const ledger::Entry& entry : page) {
      if (entry.kind == merkle::EntryKind::note) TRY(replay_note(connection, directory, shelf, entry, references));
      else TRY(replay_act(connection, directory, shelf, entry, references));
      ++out.entries;
    }
    if (page.size() < static_cast<std::size_t>(kPage)) break;
  }
  TRY(connection.flush());
  for (std::size_t i = 0; i < std::size(kTables); ++i)
    if (TRY(digest_of(connection, kTables[i])) != before[i]) out.changed.emplace_back(kTables[i].name);
  if (keep) TRY(transaction.commit());
  return out;
}

}  // namespace entraide::hub
