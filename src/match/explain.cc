#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "match/match.h"

namespace entraide::match {
namespace {

constexpr std::array<std::string_view, kEvidenceKinds> kKinds = {
    "exact",      "variant", "nickname", "romanised",   "spelling", "bare",   "glued",         "syllables",
    "skeleton",   "edit",    "initial",  "order",       "missing",  "extra",  "contradiction", "name_kind",
    "birth_date", "gender",  "country",  "birth_place", "father",   "mother", "identifier"};
constexpr std::array<std::string_view, kDateLevels> kLevels = {
    "equal",     "year_month", "flipped",   "one_digit",      "year",
    "same_year", "one_year",   "two_years", "digits_swapped", "disjoint"};

struct Point {
  double records, score, probability;
};
/// By records, then by score.
constexpr Point kCalibration[] = {
#include "match/calibration.inc"
};

struct Words {
  std::string_view key;
  std::string_view texts[4];
};
constexpr Words kWords[] = {
#include "match/words.inc"
};

std::size_t language_number(std::string_view language) {
  constexpr std::array<std::string_view, 4> languages = {"en", "fr", "es", "ar"};
  const auto at = std::find(languages.begin(), languages.end(), language.substr(0, 2));
  return at == languages.end() ? 0 : static_cast<std::size_t>(at - languages.begin());
}

std::string_view words_of(std::string_view key, std::size_t language) {
  for (const Words& words : kWords)
    if (words.key == key) return words.texts[language];
  ENSURE(!"every key has words");
  return {};
}

std::string key_of(const Evidence& evidence) {
  const std::string word(word_for(evidence.kind));
  switch (evidence.kind) {
    case EvidenceKind::birth_date: return word + "." + std::string(word_for(evidence.level));
    case EvidenceKind::gender:
    case EvidenceKind::country:
    case EvidenceKind::birth_place:
    case EvidenceKind::father:
    case EvidenceKind::mother: return word + (evidence.weight > 0 ? ".for" : ".against");
    case EvidenceKind::identifier: return evidence.edits > 0 ? word + ".near" : word;
    case EvidenceKind::contradiction: return evidence.detail.empty() ? word : word + "." + evidence.detail;
    case EvidenceKind::glued: return evidence.record.end == 0 ? "segmented" : word;
    default: return word;
  }
}

std::string_view part(std::string_view text, text::Span span) {
  if (span.begin > span.end || span.end > text.size()) return {};
  return text.substr(span.begin, span.end - span.begin);
}

/// "+8.31", with two digits; the sign of Arabic text stays before its number.
std::string number(Weight weight) {
  char out[32];
  std::snprintf(out, sizeof out, "%+.2f", weight / kWeightUnit);
  return out;
}

}  // namespace

std::string_view word_for(EvidenceKind kind) { return kKinds.at(static_cast<std::size_t>(kind)); }
std::string_view word_for(DateLevel level) { return kLevels.at(static_cast<std::size_t>(level)); }

double posterior_of(Weight score, Weight prior, double expected) {
  constexpr double kLearnedOdds = 2;  // two in three
  static constexpr auto kLarge =
      std::ranges::find_if(kCalibration, [](const Point& point) { return point.records != kCalibration[0].records; });
  static_assert(kLarge != std::end(kCalibration));
  const double at = score / kWeightUnit;
  const auto read = [&](const Point* point, const Point* end) {
    if (at <= point->score) return point->probability;
    for (const Point* left = point++; point != end; left = point++)
      if (at <= point->score)
        return left->probability +
               (at - left->score) / (point->score - left->score) * (point->probability - left->probability);
    return end[-1].probability;
  };
  const double small = std::log(kCalibration[0].records), large = std::log(kLarge->records);
  const double share = std::clamp((-prior / kWeightUnit - small) / (large - small), 0.0, 1.0);
  const double learned = (1 - share) * read(kCalibration, kLarge) + share * read(kLarge, std::end(kCalibration));
  if (!(expected > 0 && expected < 1)) return learned;
  // The odds change as those that the person is there at all: nearly all wrong hits are of persons who are not.
  const double right = learned * expected / (1 - expected) / kLearnedOdds;
  return right / (right + 1 - learned);
}

std::string explain(const Trace& trace, const Evidence& evidence, std::string_view language) {
  const std::string_view words = words_of(key_of(evidence), language_number(language));
  std::string out;
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t open = words.find('{', at);
    out += words.substr(at, open - at);
    if (open == words.npos) break;
    const std::size_t close = words.find('}', open);
    const std::string_view name = words.substr(open + 1, close - open - 1);
    if (name == "query") out += part(trace.query_text, evidence.query);
    else if (name == "record") out += part(trace.record_text, evidence.record);
    else if (name == "detail") out += evidence.detail;
    else if (name == "edits") out += std::to_string(evidence.edits);
    else if (name == "rank") out += std::to_string(evidence.rank);
    else if (name == "of") out += std::to_string(evidence.of);
    at = close + 1;
  }
  return out;
}

std::string explain(const Trace& trace, std::string_view language) {
  const std::size_t at = language_number(language);
  std::string out = number(trace.prior) + "  " + std::string(words_of("prior", at)) + "\n";
  for (const Evidence& evidence : trace.evidence)
    out += number(evidence.weight) + "  " + explain(trace, evidence, language) + "\n";
  out += number(trace.score) + "  " + std::string(words_of("score", at)) + "\n";
  char percent[32];
  std::snprintf(percent, sizeof percent, "%.1f %%", trace.posterior * 100);
  return out + percent + "  " + std::string(words_of("posterior", at)) + "\n";
}

}  // namespace entraide::match
