// Makes src/match/calibration.inc: what a score is worth as a probability, in a small register and in a large one.
//   match_calibrate_bench --data DIR [--each N] [--keep FOLDER] > src/match/calibration.inc
// The questions of DIR (at most N a class) are asked of its list, and of the list among a million generated records, by name,
// and by name and year of birth. Each best hit is right or wrong; isotonic regression (pool adjacent violators), one for either
// size, smoothed by one right and one wrong hit a pool, gives probabilities that never fall as scores rise. Persons on no
// list weigh half as much as all the others together. One table does not serve both sizes, whatever the prior: words of a
// name are not drawn one by one, so in a large register more people agree by chance than their product says.
//
// On standard error: the calibration error of either size, of questions whose fold was not learned from. --keep: indexes
// stay there and are used again.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>

#include "bench/match_data.h"

using namespace entraide;
using namespace entraide::bench;

namespace {

struct Shown {
  double score = 0, weight = 1;  // the score without its prior
  bool right = false;
  bool counted = false;  // by the calibration error of match_bench
  std::size_t fold = 0;
};

struct Pool {
  double first = 0, last = 0, weight = 0, right = 0;
  double probability() const { return right / weight; }
};

/// Isotonic regression over all folds but one.
std::vector<Pool> pools(const std::vector<Shown>& shown, std::size_t without) {
  std::vector<std::pair<double, const Shown*>> sorted;
  for (const Shown& one : shown)
    if (one.fold != without) sorted.emplace_back(one.score, &one);
  std::ranges::sort(sorted, {}, &std::pair<double, const Shown*>::first);
  std::vector<Pool> out;
  for (const auto& [score, one] : sorted) {
    out.push_back({score, score, one->weight, one->right ? one->weight : 0});
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

struct Point {
  double score = 0, probability = 0;
};

std::vector<Point> table_of(const std::vector<Pool>& made) {
  std::vector<Point> out;
  for (const Pool& pool : made) {
    if (pool.weight < 30) continue;  // too few to say anything
    const double probability = std::clamp((pool.right + 1) / (pool.weight + 2), 0.0001, 0.9999);
    const double middle = (pool.first + pool.last) / 2;
    if (!out.empty() && (middle < out.back().score + 0.1 || probability <= out.back().probability)) continue;
    out.push_back({middle, probability});
  }
  return out;
}

/// As the engine reads its table: straight lines between the points.
double read(const std::vector<Point>& table, double score) {
  if (table.empty()) return 0.5;
  const auto next = std::ranges::find_if(table, [&](const Point& point) { return point.score > score; });
  if (next == table.begin()) return next->probability;
  if (next == table.end()) return table.back().probability;
  const Point& before = *std::prev(next);
  return before.probability +
         (next->probability - before.probability) * (score - before.score) / (next->score - before.score);
}

Result<> ask(const match::Snapshot& snapshot, const MatchData& data, std::size_t each, std::vector<Shown>& out) {
  std::map<std::string, std::size_t> taken;
  std::size_t negatives = 0, others = 0;
  for (std::size_t q = 0; q < data.questions.size(); ++q) {
    const Question& question = data.questions[q];
    const bool negative = question.kind == "negative";
    if (!negative && taken[question.kind]++ >= each) continue;
    for (const bool with_year : {false, true}) {
      if (with_year && question.year == 0) continue;
      match::Query query;
      query.limit = 1;
      query.person.names.push_back({question.name});
      if (with_year) query.person.born.push_back({.year = question.year});
      const auto answer = snapshot.search(query);
      if (answer.hits.empty()) continue;
      const match::Hit& hit = answer.hits[0];
      ++(negative ? negatives : others);
      out.push_back({.score = hit.score / match::kWeightUnit,
                     .weight = negative ? 0.0 : 1.0,
                     .right = !negative && std::ranges::find(question.accepted, hit.id) != question.accepted.end(),
                     .counted = !with_year && (negative || question.overlap >= 0.5),
                     .fold = q % 2});
    }
  }
  for (Shown& one : out)
    if (one.weight == 0) one.weight = 0.5 * static_cast<double>(others) / static_cast<double>(negatives);
  return {};
}

Result<> ask_among(std::size_t size, const MatchData& data, const std::string& folder, const std::string& keep,
                   std::size_t each, std::vector<Shown>& out) {
  const auto analyser = std::make_shared<const text::Analyser>(TRY(text::Analyser::make()));
  const Folder scratch("calibrate");
  const std::string path = (keep.empty() ? scratch.path() : keep) + "/" + std::to_string(size) + ".idx";
  if (!match::Index::open(path, analyser)) {
    match::Builder builder(analyser, 2);
    TRY(builder.add(data.targets));
    if (size > data.targets.size())
      TRY(generate_records(folder, size - data.targets.size(),
                           [&](std::span<const match::Record> batch) { return builder.add(batch); }));
    TRY(builder.write(path));
  }
  const auto index = TRY(match::Index::open(path, analyser));
  return ask(index->snapshot(), data, each, out);
}

/// The calibration error, fifteen bins, each fold judged by the table of the other.
double error_of(const std::vector<Shown>& shown) {
  constexpr std::size_t kBins = 15;
  std::array<double, kBins> sum{}, right{};
  double size = 0, error = 0;
  for (const std::size_t fold : {0u, 1u}) {
    const auto table = table_of(pools(shown, fold));
    for (const Shown& one : shown) {
      if (one.fold != fold || !one.counted) continue;
      const double p = read(table, one.score);
      const auto bin = std::min(kBins - 1, static_cast<std::size_t>(p * kBins));
      sum[bin] += p;
      right[bin] += one.right;
      ++size;
    }
  }
  for (std::size_t b = 0; b < kBins; ++b) error += std::abs(sum[b] - right[b]) / size;
  return error;
}

Result<> make_tables(const std::string& folder, const std::string& keep, std::size_t each) {
  const MatchData data = TRY(read_match_data(folder));
  std::printf(
      "// Made by bench/match_calibrate_bench; do not edit. Records, score (natural logarithm of odds), "
      "probability.\n");
  for (const std::size_t size : {data.targets.size(), std::size_t{1'000'000}}) {
    std::vector<Shown> shown;
    TRY(ask_among(size, data, folder, keep, each, shown));
    std::fprintf(stderr, "among %zu records: calibration error %.4f over %zu answers\n", size, error_of(shown),
                 shown.size());
    for (const Point& point : table_of(pools(shown, 2)))
      std::printf("{%zu, %.3f, %.5f},\n", size, point.score, point.probability);
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  std::string folder, keep;
  std::size_t each = 200;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view word = argv[i];
    if (word == "--data") folder = argv[i + 1];
    if (word == "--keep") keep = argv[i + 1];
    if (word == "--each") each = std::stoul(argv[i + 1]);
  }
  if (folder.empty()) {
    std::fprintf(stderr, "match_calibrate_bench --data DIR [--each N] [--keep FOLDER] > src/match/calibration.inc\n");
    return 2;
  }
  if (const auto made = make_tables(folder, keep, each); !made) {
    std::fprintf(stderr, "%s\n", made.error().message.c_str());
    return 1;
  }
  return 0;
}
