#pragma once

// Cases as the hub may know them: parties, threads with their states, routing labels, references. Nothing of
// what was asked or answered is here; that is sealed.

#include <map>
#include <optional>

#include "act/act.h"
#include "codec/json.h"
#include "store/store.h"

namespace entraide::cases {

std::span<const store::Migration> migrations();

/// A party as the directory knew it when it entered the case.
struct Party {
  Subject authority;
  std::string kind;
  std::string country;
  bool operator==(const Party&) const = default;
};

/// One kind's course within a case.
struct Thread {
  std::string kind;
  std::string state;
  std::string basis;
  Party requesting;
  Party requested;
  codec::Json label = codec::Json::object();
  bool is_final = false;
  std::int64_t changed_index = 0;
};

struct Case {
  std::int64_t case_no = 0;            // the hub's own number: the index of the act that opened it
  CaseId id;
  std::string reference;               // "FR-2026-00017"
  Digest rulebook;                     // the version that it began under
  Time opened;
  Time changed;
  std::int64_t opened_index = 0;
  std::int64_t last_index = 0;
  std::vector<Thread> threads;         // in the order in which they were opened

  const Thread* thread(std::string_view kind) const;
  /// The thread that changed last: what lists show.
  const Thread& newest() const;
  bool is_final() const;
};

/// What a case means to one party: where it stands in that party's lists.
struct Box {
  Subject authority;
  enum class Side { requesting, requested, informed } side = Side::informed;
  std::optional<Time> due;             // the earliest clock that this party owns: then it is its turn
};

Result<std::optional<Case>> find(store::Connection& connection, const CaseId& id);
Result<store::Later<std::optional<Case>>> ask_case(store::Connection& connection, std::int64_t case_no);
Result<std::optional<Case>> find_by_reference(store::Connection& connection, std::string_view reference);
Result<std::optional<Case>> find_by_number(store::Connection& connection, std::int64_t case_no);

/// The references that one transaction gives out, counted here once the first of a country and year was read. Whoever
/// has one holds the ledger's lock, so nobody else counts meanwhile; it goes with its transaction.
class References {
 public:
  /// "FR-2026-00017"
  Result<std::string> next(store::Connection& connection, std::string_view country, Time now);

 private:
  std::map<std::pair<std::string, int>, std::int64_t> newest_;
};

/// A new case of the requesting country, with its reference of the year; threads are the caller's to add before `put`.
Result<Case> open(store::Connection& connection, References& references, const CaseId& id, const Digest& rulebook,
                  std::string_view country, Time now, std::int64_t index);
/// Writes the case as it is now, its threads and where it stands for each party.
Result<> put(store::Connection& connection, const Case& file, std::span<const Box> boxes);

/// One act or note of a case.
struct EntryRef {
  std::int64_t index = 0;
  std::string type;
};
Result<> add_entry(store::Connection& connection, std::int64_t case_no, std::int64_t index, std::string_view type);
Result<std::vector<EntryRef>> entries(store::Connection& connection, std::int64_t case_no);
/// Whether that entry is one of the case's.
Result<store::Later<bool>> ask_has_entry(store::Connection& connection, std::int64_t case_no, std::int64_t index);
/// How often each act type has happened in the case.
using Happened = std::map<std::string, int, std::less<>>;
Result<store::Later<Happened>> ask_happened(store::Connection& connection, std::int64_t case_no);
Result<bool> is_party(store::Connection& connection, std::int64_t case_no, const Subject& authority);
Result<store::Later<std::vector<Box>>> ask_boxes(store::Connection& connection, std::int64_t case_no);

/// What a list shows, and how it goes on.
enum class View { inbox, sent, open, closed, all };
Result<View> view_from_text(std::string_view text);
struct Query {
  Subject authority;
  View view = View::inbox;
  std::string kind;  // empty: any; likewise below
  std::string state;
  std::string country;  // of the other side, "ke"
  std::int64_t limit = 50;
  // Where the last page ended; both null on the first. Inbox pages go by due time, others by last index.
  std::optional<std::int64_t> after_key;
  std::int64_t after_case = 0;
};
struct Listed {
  Case file;
  Box box;
  std::int64_t page_key = 0;
};
/// Inbox: open cases in which the party owns a clock, earliest due first. Others: newest change first.
Result<std::vector<Listed>> list(store::Connection& connection, const Query& query);

}  // namespace entraide::cases
