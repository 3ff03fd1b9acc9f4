#pragma once

// What is known of a person besides names, compared: birth dates, gender, countries, places.

#include "match/segment.h"

namespace entraide::match {

struct DateFinding {
  DateLevel level = DateLevel::disjoint;
  Weight weight = 0;
  BirthDate query, record;
};
/// The best of all pairs; nothing where a side has none.
std::optional<DateFinding> compare_dates(std::span<const BirthDate> query, std::span<const BirthDate> record);
/// No record born in `year` can score more for its date. Year 0: nothing is known of the record's dates.
Weight date_bound(std::span<const BirthDate> query, std::uint32_t year);

struct CountryFinding {
  Weight weight = 0;
  std::uint16_t query = 0, record = 0;   // the pair that decided
};
std::optional<CountryFinding> compare_countries(std::span<const std::uint16_t> query,
                                                std::span<const std::uint16_t> record);
/// Whether one state has taken the place of the other: su and ua, yu and hr, cs and sk.
bool successor(std::uint16_t one, std::uint16_t other);

/// The words of a place's name by which it is told from others, folded.
std::vector<std::string> place_words(const text::Analyser& analyser, std::string_view place);
struct PlaceFinding {
  Weight weight = 0;
  std::string shared;
};
std::optional<PlaceFinding> compare_places(std::span<const std::vector<std::string>> query,
                                           std::span<const std::vector<std::string>> record);

}  // namespace entraide::match
