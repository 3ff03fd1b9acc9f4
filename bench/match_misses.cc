#include "bench/match_misses.h"

#include <algorithm>
#include <array>
#include <map>

namespace entraide::bench {
namespace {

/// Causes, by what it would take to mend them.
enum Cause : std::uint8_t {
  satisfied,   // worth more than the tenth; the wider look, which alone sees it, was not taken
  cut_short,   // worth more than the tenth; the limit on work was reached
  overlooked,  // worth more than the tenth for another reason
  behind_1,    // looked at, and behind the tenth by less than one natural logarithm of odds
  behind_3,    // by less than three
  behind,      // by more
  ambiguous,   // ten others have the very words that were asked for, or score the same
  nothing,     // no word in common
};
constexpr std::size_t kCauses = 8;
constexpr std::array<const char*, kCauses> kNames = {"satisfied", "cut short", "overlooked", "< 1",
                                                     "< 3",       "more",      "ambiguous",  "nothing"};

/// The best of the records that count, whatever its rank; nothing where none has a word in common.
std::optional<match::Hit> wanted(const match::Snapshot& snapshot, const Question& question, bool with_year) {
  match::Query query;
  query.person.names.push_back({question.name});
  if (with_year) query.person.born.push_back({.year = question.year});
  std::optional<match::Hit> best;
  for (const std::string& id : question.accepted) {
    auto hit = snapshot.compare(query, id);
    if (hit && !hit->trace.record_text.empty() && (!best || hit->score > best->score)) best = std::move(hit);
  }
  return best;
}

bool shares_a_word(const match::Trace& trace) {
  return std::ranges::any_of(
      trace.evidence, [](const match::Evidence& evidence) { return evidence.kind <= match::EvidenceKind::edit; });
}

Cause cause_of(const match::Snapshot& snapshot, const Asked& one, bool with_year) {
  const auto hit = wanted(snapshot, *one.question, with_year);
  if (!hit || !shares_a_word(hit->trace)) return nothing;
  const double apart = (one.last - hit->score) / match::kWeightUnit;
  if (apart < 0) return one.bounded ? cut_short : one.widened ? overlooked : satisfied;
  if (apart == 0 || one.tenth_same) return ambiguous;
  return apart < 1 ? behind_1 : apart < 3 ? behind_3 : behind;
}

}  // namespace

void print_misses(const char* what, const match::Snapshot& snapshot, const std::vector<Asked>& asked,
                  bool with_year) {
  struct Tally {
    std::size_t asked = 0, near = 0;
    std::array<std::size_t, kCauses> all{}, of_near{};  // of those whose words overlap by half
  };
  std::map<std::string, Tally> tallies;
  for (const Asked& one : asked) {
    if (one.question->kind == "negative") continue;
    Tally& tally = tallies[one.question->kind];
    const bool near = one.question->overlap >= 0.5;
    ++tally.asked;
    tally.near += near;
    if (one.rank != 0) continue;
    const Cause cause = cause_of(snapshot, one, with_year);
    ++tally.all[cause];
    tally.of_near[cause] += near;
  }
  std::printf(
      "\nnot among ten, %s: never looked at | behind the tenth, in natural logarithms | cannot be told\n%-20s %6s",
      what, "class", "asked");
  for (std::size_t i = 0; i < kCauses; ++i)
    std::printf("%s %10s", i == behind_1 || i == ambiguous ? " |" : "", kNames[i]);
  std::printf("\n");
  const auto print = [](const std::string& name, std::size_t size, const std::array<std::size_t, kCauses>& causes) {
    std::printf("%-20s %6zu", name.c_str(), size);
    for (std::size_t i = 0; i < kCauses; ++i)
      std::printf("%s %10zu", i == behind_1 || i == ambiguous ? " |" : "", causes[i]);
    std::printf("\n");
  };
  for (const auto& [kind, tally] : tallies) {
    print(kind, tally.asked, tally.all);
    if (tally.near != 0 && tally.near != tally.asked) print("  overlap >= .5", tally.near, tally.of_near);
  }
}

void note_misses(std::FILE* to, const match::Snapshot& snapshot, const std::vector<Asked>& asked, bool with_year) {
  const double threshold = alert_threshold(asked);
  const auto natural = [](double score) { return score / match::kWeightUnit; };
  for (const Asked& one : asked) {
    const bool negative = one.question->kind == "negative";
    const bool alert = negative ? one.top >= threshold : one.rank && one.accepted >= threshold;
    if (negative ? !alert : one.rank && alert) continue;
    std::string why;
    double score = one.top;
    if (!negative) {
      const auto hit = wanted(snapshot, *one.question, with_year);
      score = hit ? hit->score : -1e9;
      const auto record = snapshot.find(one.question->accepted.front());
      why = hit ? match::explain(hit->trace, "en") : "(nothing met)";
      if (record) why = record->names[0].text + ": " + why;
      std::ranges::replace(why, '\n', ';');
    }
    std::fprintf(to, "%s\t%s\t%s\t%.2f\t%s\t%.2f\t%s\t%.2f\t%s\t%.2f\t%s\n", with_year ? "year" : "name",
                 one.question->kind.c_str(),
                 negative   ? "stranger"
                 : one.rank ? "no alert"
                            : "not found",
                 one.question->overlap, one.question->name.c_str(), natural(one.top), one.first.c_str(),
                 natural(one.last), one.tenth.c_str(), natural(score), why.c_str());
  }
}

}  // namespace entraide::bench
