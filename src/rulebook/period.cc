#include "rulebook/period.h"

namespace entraide::rulebook {
namespace {

/// Takes digits off the front of `text`; at least one, at most four.
std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    if (digits == 4) return std::nullopt;
    value = value * 10 + (text[digits++] - '0');
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

/// Exactly `size` digits at `at`, at most `max`.
std::optional<int> number_at(std::string_view text, std::size_t at, std::size_t size, int max) {
  int value = 0;
  for (std::size_t i = at; i < at + size; ++i) {
    if (i >= text.size() || text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  if (value > max) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Period> parse_period(std::string_view text) {
  Period out;
  out.text = std::string(text);
  int sign = 1;
  if (text.starts_with('-')) {
    sign = -1;
    text.remove_prefix(1);
  }
  if (!text.starts_with('P')) return std::nullopt;
  text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  std::string_view units = "YMWD";  // each at most once, in this order
  bool in_time = false;
  while (!text.empty()) {
    if (text.front() == 'T') {
      if (in_time) return std::nullopt;
      in_time = true;
      units = "HMS";
      text.remove_prefix(1);
    }
    const auto number = take_number(text);
    if (!number || text.empty()) return std::nullopt;
    const char unit = text.front();
    text.remove_prefix(1);
    const std::size_t rank = units.find(unit);
    if (rank == std::string_view::npos) return std::nullopt;
    units.remove_prefix(rank + 1);
    const int value = *number * sign;
    if (unit == 'Y') out.months += value * 12;
    if (unit == 'M' && !in_time) out.months += value;
    if (unit == 'W') out.days += value * 7;
    if (unit == 'D') out.days += value;
    if (unit == 'H') out.seconds += std::int64_t{value} * 3600;
    if (unit == 'M' && in_time) out.seconds += std::int64_t{value} * 60;
    if (unit == 'S') out.seconds += value;
  }
  return out;
}

Time add(Time time, const Period& period) {
  using namespace std::chrono;
  const sys_days day = floor<days>(time);
  const auto of_day = time - day;
  year_month_day date = year_month_day(day) + months(period.months);
  if (!date.ok()) date = date.year() / date.month() / last;
  return sys_days(date) + days(period.days) + seconds(period.seconds) + of_day;
}

std::optional<Time> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = number_at(text, 0, 4, 9999);
  const auto m = number_at(text, 5, 2, 12);
  const auto d = number_at(text, 8, 2, 31);
  if (!y || !m || !d || *y == 0) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*y), std::chrono::month(static_cast<unsigned>(*m)),
                                         std::chrono::day(static_cast<unsigned>(*d)));
  if (!date.ok()) return std::nullopt;
  return Time(std::chrono::sys_days(date));
}

std::optional<std::chrono::minutes> parse_offset(std::string_view text) {
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto h = number_at(text, 1, 2, 14);
  const auto m = number_at(text, 4, 2, 59);
  if (!h || !m || *h * 60 + *m > 14 * 60) return std::nullopt;
  return std::chrono::minutes((text[0] == '-' ? -1 : 1) * (*h * 60 + *m));
}

std::optional<Time> parse_date_time(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
  const auto day = parse_date(text.substr(0, 10));
  const auto h = number_at(text, 11, 2, 23);
  const auto m = number_at(text, 14, 2, 59);
  const auto s = number_at(text, 17, 2, 59);
  if (!day || !h || !m || !s) return std::nullopt;
  const std::string_view zone = text.substr(19);
  std::chrono::minutes offset{0};
  if (zone != "Z") {
    const auto parsed = parse_offset(zone);
    if (!parsed) return std::nullopt;
    offset = *parsed;
  }
  return *day + std::chrono::hours(*h) + std::chrono::minutes(*m) + Seconds(*s) - offset;
}

}  // namespace entraide::rulebook
