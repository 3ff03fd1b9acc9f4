#pragma once

// Records from files: tab-separated values with a head, and FollowTheMoney entities as JSON lines. One line at a
// time; whoever calls reads the file.

#include "match/match.h"

namespace entraide::match {

inline constexpr std::size_t kLineBytesMax = 1 << 20;

/// The columns of a head line: id (or rid), name, alias, weak_alias, former, original_script, father, mother, born (or
/// dob), gender, country (or nationality), birth_place, audience, and the types of identifiers. Several values of one
/// field stand between "|". Columns of other names are not read.
class TsvHead {
 public:
  /// Rule: match.line.head (no column of that name, or twice the same).
  static Result<TsvHead> parse(std::string_view line);
  /// Rules: match.line.size, match.line.columns, and those of `check`. A birth date that cannot be read is left out,
  /// as registers have many of them; anything else is refused.
  Result<Record> record(std::string_view line) const;
  bool has(std::string_view column) const;

 private:
  std::vector<std::string> columns_;
};

/// One FollowTheMoney entity (followthemoney.tech): Person and what is like it. Nothing for entities of other schemas.
/// Rules: match.line.size, json.*, match.line.entity.
Result<std::optional<Record>> record_from_entity(std::string_view json);

}  // namespace entraide::match
