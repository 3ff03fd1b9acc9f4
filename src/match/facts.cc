#include "match/facts.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "match/model.h"

namespace entraide::match {
namespace {

Weight worth(DateLevel level) { return model::kDate[static_cast<std::size_t>(level)]; }

bool only_year(const BirthDate& date) {
  return date.month == 0 || (date.month == 1 && (date.day == 0 || date.day == 1));
}

std::array<int, 8> digits(const BirthDate& date) {
  return {date.year / 1000, date.year / 100 % 10, date.year / 10 % 10, date.year % 10,
          date.month / 10,  date.month % 10,      date.day / 10,       date.day % 10};
}

int digits_apart(const BirthDate& a, const BirthDate& b) {
  const auto left = digits(a), right = digits(b);
  int apart = 0;
  for (std::size_t i = 0; i < left.size(); ++i) apart += left[i] != right[i];
  return apart;
}

bool digits_swapped(unsigned a, unsigned b) {
  return a / 100 == b / 100 && a % 10 == b / 10 % 10 && a / 10 % 10 == b % 10;
}

DateLevel level_of(const BirthDate& a, const BirthDate& b) {
  const bool full = a.day != 0 && b.day != 0;
  if (a.year == b.year) {
    if (full && a.month == b.month && a.day == b.day) return only_year(a) ? DateLevel::year : DateLevel::equal;
    if (only_year(a) || only_year(b)) return DateLevel::year;
    if (a.month == b.month)
      return full ? (digits_apart(a, b) == 1 ? DateLevel::one_digit : DateLevel::same_year) : DateLevel::year_month;
    if (full && a.month == b.day && a.day == b.month) return DateLevel::flipped;
    if (full && digits_apart(a, b) == 1) return DateLevel::one_digit;
    return DateLevel::same_year;
  }
  if (full && !only_year(a) && digits_apart(a, b) == 1) return DateLevel::one_digit;
  const int years = std::abs(static_cast<int>(a.year) - static_cast<int>(b.year));
  if (years == 1) return DateLevel::one_year;
  if (years == 2) return DateLevel::two_years;
  if (digits_swapped(a.year, b.year)) return DateLevel::digits_swapped;
  return DateLevel::disjoint;
}

Weight worth(DateLevel level, const BirthDate& a, const BirthDate& b) {
  Weight out = worth(level);
  if (a.circa || b.circa) {
    if (level == DateLevel::one_year || level == DateLevel::two_years) out += model::kCirca;
    if (level == DateLevel::disjoint && std::abs(static_cast<int>(a.year) - static_cast<int>(b.year)) <= 5)
      out += 2 * model::kCirca;
  }
  return out;
}

constexpr std::string_view kSuccessors[] = {"su:ru ua by kz uz tm tj kg ge am az md lt lv ee",
                                            "yu:rs me hr si ba mk xk",
                                            "cs:cz sk rs me",
                                            "dd:de",
                                            "zr:cd",
                                            "bu:mm",
                                            "tp:tl",
                                            "an:cw sx bq nl",
                                            "sd:ss",
                                            "rs:xk me",
                                            "et:er",
                                            "id:tl",
                                            "pk:bd",
                                            "yd:ye"};

}  // namespace

std::optional<DateFinding> compare_dates(std::span<const BirthDate> query, std::span<const BirthDate> record) {
  std::optional<DateFinding> best;
  for (const BirthDate& a : query)
    for (const BirthDate& b : record) {
      const DateLevel level = level_of(a, b);
      const Weight weight = worth(level, a, b);
      if (!best || weight > best->weight) best = DateFinding{level, weight, a, b};
    }
  return best;
}

Weight date_bound(std::span<const BirthDate> query, std::uint32_t year) {
  if (query.empty()) return 0;
  Weight best = worth(DateLevel::disjoint);
  for (const BirthDate& date : query) {
    const auto consider = [&](Weight weight) { best = std::max(best, weight); };
    const int years = std::abs(static_cast<int>(date.year) - static_cast<int>(year));
    const bool full = date.day != 0 && !only_year(date);
    // Of several dates, which year 0 stands for, one may be this one.
    if (years == 0 || year == 0) {
      consider(worth(full ? DateLevel::equal : only_year(date) ? DateLevel::year : DateLevel::year_month));
      continue;
    }
    const BirthDate same_day{static_cast<std::uint16_t>(year), date.month, date.day};
    if (full && digits_apart(date, same_day) == 1) consider(worth(DateLevel::one_digit));
    if (years == 1) consider(worth(DateLevel::one_year) + model::kCirca);
    if (years == 2) consider(worth(DateLevel::two_years) + model::kCirca);
    if (years <= 5) consider(worth(DateLevel::disjoint) + 2 * model::kCirca);
    if (digits_swapped(date.year, year)) consider(worth(DateLevel::digits_swapped));
  }
  return best;
}

bool successor(std::uint16_t one, std::uint16_t other) {
  const std::string a = country_letters(one), b = country_letters(other);
  if (a.empty() || b.empty()) return false;
  for (const std::string_view line : kSuccessors) {
    const std::string_view before = line.substr(0, 2), after = line.substr(3);
    const auto among = [&](const std::string& country) {
      for (std::size_t at = 0; at < after.size(); at += 3)
        if (after.substr(at, 2) == country) return true;
      return false;
    };
    if ((a == before && among(b)) || (b == before && among(a))) return true;
  }
  return false;
}

std::optional<CountryFinding> compare_countries(std::span<const std::uint16_t> query,
                                                std::span<const std::uint16_t> record) {
  std::optional<CountryFinding> best;
  for (const std::uint16_t a : query)
    for (const std::uint16_t b : record) {
      if (a == 0 || b == 0) continue;
      const Weight weight = a == b            ? model::kCountrySame
                            : successor(a, b) ? model::kCountrySuccessor
                                              : model::kCountryOther;
      if (!best || weight > best->weight) best = CountryFinding{weight, a, b};
    }
  return best;
}

std::vector<std::string> place_words(const text::Analyser& analyser, std::string_view place) {
  // What stands in half of all addresses tells no place from another.
  static constexpr std::array<std::string_view, 20> common = {
      "area",        "city",      "country",    "county",       "district", "governorate", "near",
      "oblast",      "province",  "region",     "republic",     "state",    "town",        "village",
      "departement", "provincia", "prefecture", "municipality", "rayon",    "north"};
  std::vector<std::string> out;
  std::string word;
  const auto keep = [&] {
    std::string folded = analyser.fold(word);
    word.clear();
    if (folded.size() < 3 || std::find(common.begin(), common.end(), folded) != common.end()) return;
    if (out.size() < 16 && std::find(out.begin(), out.end(), folded) == out.end()) out.push_back(std::move(folded));
  };
  for (const char c : place) {
    const bool between = c == ' ' || c == ',' || c == ';' || c == '(' || c == ')' || c == '/' || c == '.';
    if (!between) word += c;
    else if (!word.empty()) keep();
  }
  if (!word.empty()) keep();
  return out;
}

std::optional<PlaceFinding> compare_places(std::span<const std::vector<std::string>> query,
                                           std::span<const std::vector<std::string>> record) {
  std::optional<PlaceFinding> best;
  for (const auto& a : query)
    for (const auto& b : record) {
      if (a.empty() || b.empty()) continue;
      PlaceFinding found;
      std::size_t shared = 0;
      for (const std::string& word : a)
        if (std::find(b.begin(), b.end(), word) != b.end()) {
          ++shared;
          found.shared += (found.shared.empty() ? "" : " ") + word;
        }
      found.weight = shared == 0                                                ? model::kPlaceOther
                     : shared > 1 || (shared == a.size() && shared == b.size()) ? model::kPlaceSame
                                                                                : model::kPlaceShared;
      if (!best || found.weight > best->weight) best = std::move(found);
    }
  return best;
}

}  // namespace entraide::match
