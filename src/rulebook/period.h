#pragma once

// ISO 8601 periods and dates, as clocks and forms use them. Everything is UTC and the proleptic Gregorian calendar.

#include <optional>

#include "base/base.h"

namespace entraide::rulebook {

/// A signed length of time: calendar months, then whole days, then seconds.
struct Period {
  int months = 0;
  int days = 0;
  std::int64_t seconds = 0;
  std::string text;  // as it was written: "P60D"

  bool operator==(const Period&) const = default;
};

/// `P60D`, `PT8H`, `P1M`, `P1Y`, `P2W`, `P1DT12H30M`, with `-` before it for a negative one. Nothing for anything else, for
/// an empty one ("P"), or for a number above 9,999.
std::optional<Period> parse_period(std::string_view text);

/// `time` moved by the period. 31 January and one month is the last day of February.
Time add(Time time, const Period& period);

/// `2026-03-02`: the beginning of that day. Nothing for a day that does not exist.
std::optional<Time> parse_date(std::string_view text);

/// `2026-03-02T09:00:00Z` or with an offset such as `+01:00`, whole seconds; the offset must be there.
std::optional<Time> parse_date_time(std::string_view text);

/// `+05:30`: at most 14 hours.
std::optional<std::chrono::minutes> parse_offset(std::string_view text);

}  // namespace entraide::rulebook
