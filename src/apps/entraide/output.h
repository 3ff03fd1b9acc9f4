#pragma once

// What the program says: data on standard output (a table for people, tab-separated lines for pipes, JSON on
// request), everything else on standard error.

#include "codec/json.h"

namespace entraide::cli {

enum class Format { automatic, json, ndjson, tsv, id };

struct Column {
  std::string key;  // of the JSON member, dotted
  std::string title;  // for people
};

class Output {
 public:
  Format format = Format::automatic;
  std::vector<std::string> fields;  // of --json=a,b; empty: all
  bool quiet = false;
  bool list_fields = false;  // --json= : only say which fields there are

  bool for_people() const;  // standard output is a terminal and nothing else was asked for
  bool as_json() const { return format == Format::json || format == Format::ndjson; }

  /// Rows of objects. The first column is what `-o id` prints.
  void rows(const std::vector<Column>& columns, const codec::Json::Array& items) const;
  /// One object: name and value a line for people and pipes.
  void record(const codec::Json& object) const;
  /// One line of a stream: NDJSON when JSON was asked for or standard output is a pipe, words otherwise.
  void event(const codec::Json& object, const std::string& words) const;
  /// Raw data.
  void text(std::string_view data) const;
  /// To standard error, unless quiet.
  void say(const std::string& words) const;
  /// To standard error, always.
  void warn(const std::string& words) const;
};

/// Failures, told on standard error: the rule's words in the language, then what exactly; with JSON as an RFC 9457 problem.
void tell(const Error& error, bool as_json, std::string_view language);
/// The exit code of a failure (entraide-exit-codes(7)).
int exit_code(const Error& error);
/// Bold and colours only where a person reads them.
bool colours();
/// "2026-03-02 09:00:00Z (10:00 local)" for people.
std::string for_people(Time time);
/// A text without control characters: what others wrote must not drive the reader's terminal.
std::string safe(std::string_view text);
/// How many terminal columns a text takes, near enough: code points without combining marks.
std::size_t width_of(std::string_view text);

}  // namespace entraide::cli
