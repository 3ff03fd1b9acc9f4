// Makes src/match/calibration.inc: what a score is worth as a probability.
//   match_calibrate_bench --data DIR > src/match/calibration.inc
// The questions of DIR are asked of its list by name, and by name and year of birth. Each best hit is right or wrong;
// isotonic regression (pool adjacent violators) over them, smoothed by one right and one wrong hit a pool, gives
// probabilities that never fall as scores rise. Persons on no list weigh as much as all the others together.

#include <algorithm>
#include <cstdio>

#include "bench/match_data.h"

using namespace entraide;
using namespace entraide::bench;

namespace {

struct Shown {
  double score = 0, weight = 1;
  bool right = false;
};

struct Pool {
  double first = 0, last = 0, weight = 0, right = 0;
  double probability() const { return right / weight; }
};

std::vector<Pool> pools(std::vector<Shown> shown) {
  std::ranges::sort(shown, {}, &Shown::score);
  std::vector<Pool> out;
  for (const Shown& one : shown) {
    out.push_back({one.score, one.score, one.weight, one.right ? one.weight : 0});
    while (out.size() > 1 && out[out.size() - 2].probability() >= out.back().probability()) {
      Pool& before = out[out.size() - 2];
      before.last = out.back().last;
      before.weight += out.back().weight;
      before.right += out.back().right;
      out.pop_back();
    }
  }
  return out;
}

Result<std::vector<Shown>> ask(const MatchData& data) {
  auto analyser = std::make_shared<const text::Analyser>(TRY(text::Analyser::make()));
  auto index = match::Index::empty(std::move(analyser));
  TRY(index->insert(data.targets));
  const match::Snapshot snapshot = index->snapshot();
  std::vector<Shown> out;
  std::size_t negatives = 0;
  for (const bool with_year : {false, true})
    for (const Question& question : data.questions) {
      if (with_year && question.year == 0) continue;
      match::Query query;
      query.limit = 1;
      query.person.names.push_back({question.name});
      if (with_year) query.person.born.push_back({.year = question.year});
      const auto answer = snapshot.search(query);
      if (answer.hits.empty()) continue;
      const bool negative = question.kind == "negative";
      negatives += negative;
      out.push_back(
          {answer.hits[0].score / match::kWeightUnit, negative ? 0.0 : 1.0,
           !negative && std::ranges::find(question.accepted, answer.hits[0].id) != question.accepted.end()});
    }
  const double each =
      negatives == 0 ? 0 : static_cast<double>(out.size() - negatives) / static_cast<double>(negatives);
  for (Shown& one : out)
    if (one.weight == 0) one.weight = each;
  return out;
}

Result<> make_table(const std::string& folder) {
  const MatchData data = TRY(read_match_data(folder));
  const auto made = pools(TRY(ask(data)));
  std::printf(
      "// Made by bench/match_calibrate_bench; do not edit. Pairs of score (natural logarithm of odds) and "
      "probability.\n");
  double last_score = -1e9, last = 0;
  for (const Pool& pool : made) {
    if (pool.weight < 20) continue;  // too few to say anything
    const double probability = std::clamp((pool.right + 1) / (pool.weight + 2), 0.0001, 0.9999);
    const double middle = (pool.first + pool.last) / 2;
    if (middle < last_score + 0.1 || probability <= last) continue;
    std::printf("{%.3f, %.5f},\n", last_score = middle, last = probability);
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 || std::string_view(argv[1]) != "--data") {
    std::fprintf(stderr, "match_calibrate_bench --data DIR > src/match/calibration.inc\n");
    return 2;
  }
  if (const auto made = make_table(argv[2]); !made) {
    std::fprintf(stderr, "%s\n", made.error().message.c_str());
    return 1;
  }
  return 0;
}
