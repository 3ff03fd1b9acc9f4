#include "bench/match_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace entraide::bench {
namespace {

struct Tally {
  std::size_t questions = 0, first = 0, ten = 0, alerts = 0;
  std::size_t near = 0, near_ten = 0, near_alerts = 0;  // of those whose words overlap by half
};

std::map<std::string, Tally> tally(const std::vector<Asked>& asked, double threshold) {
  std::map<std::string, Tally> out;
  for (const Asked& one : asked) {
    Tally& t = out[one.question->kind];
    const bool near = one.question->overlap >= 0.5, alert = one.rank && one.accepted >= threshold;
    ++t.questions;
    t.first += one.rank == 1;
    t.ten += one.rank != 0;
    t.alerts += one.question->kind == "negative" ? one.top >= threshold : alert;
    t.near += near;
    t.near_ten += near && one.rank;
    t.near_alerts += near && alert;
  }
  return out;
}

double share(std::size_t part, std::size_t whole) {
  return whole ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

}  // namespace

double alert_threshold(const std::vector<Asked>& asked) {
  std::vector<double> scores;
  for (const Asked& one : asked)
    if (one.question->kind == "negative") scores.push_back(one.top);
  if (scores.empty()) return 0;
  std::ranges::sort(scores, std::greater());
  return scores[scores.size() / 100] + 1;
}

void print_recall(const char* what, const std::vector<Asked>& asked) {
  const double threshold = alert_threshold(asked);
  std::printf("\n%s\n%-14s %6s %8s %8s %8s | overlap >= .5: %5s %8s %8s\n", what, "class", "asked", "@1", "@10",
              "alerts", "asked", "@10", "alerts");
  for (const auto& [kind, t] : tally(asked, threshold))
    std::printf("%-14s %6zu %8.3f %8.3f %8.3f | %20zu %8.3f %8.3f\n", kind.c_str(), t.questions,
                share(t.first, t.questions), share(t.ten, t.questions), share(t.alerts, t.questions), t.near,
                share(t.near_ten, t.near), share(t.near_alerts, t.near));
  std::printf("alert threshold: score %.2f\n", threshold / match::kWeightUnit);
}

void print_speed(const char* what, const std::vector<Asked>& asked) {
  std::vector<double> seconds;
  double total = 0, considered = 0;
  for (const Asked& one : asked)
    seconds.push_back(one.seconds), total += one.seconds, considered += static_cast<double>(one.considered);
  if (seconds.empty()) return;
  const double size = static_cast<double>(seconds.size());
  const double p50 = quantile(seconds, 0.5), p99 = quantile(seconds, 0.99), p999 = quantile(seconds, 0.999);
  std::printf(
      "%s: CPU a query p50 %.3f ms, p99 %.2f ms, p99.9 %.2f ms; %.0f queries/s a core; %.0f records scored a query\n",
      what, p50 * 1e3, p99 * 1e3, p999 * 1e3, size / total, considered / size);
}

void print_calibration(const std::vector<Asked>& asked) {
  constexpr std::size_t kBins = 15;
  const auto negative = [](const Asked& one) { return one.question->kind == "negative"; };
  const auto counts = [&](const Asked& one) {
    return one.top >= -1e8 && (negative(one) || one.question->overlap >= 0.5);
  };
  double strangers = 0, others = 0;
  for (const Asked& one : asked)
    if (counts(one)) ++(negative(one) ? strangers : others);
  const double expected = others / std::max(1.0, others + strangers);
  const auto error = [&](double stranger, bool told) {
    std::array<double, kBins> sum{}, right{};
    double out = 0, total = 0;
    for (const Asked& one : asked) {
      if (!counts(one)) continue;
      const double weight = negative(one) ? stranger : 1;
      const double posterior =
          told ? match::posterior_of(static_cast<match::Weight>(one.top), one.prior, expected) : one.posterior;
      const std::size_t bin = std::min(kBins - 1, static_cast<std::size_t>(posterior * kBins));
      sum[bin] += weight * posterior;
      right[bin] += one.rank == 1 ? weight : 0;
      total += weight;
    }
    for (std::size_t b = 0; b < kBins; ++b) out += std::abs(sum[b] - right[b]);
    return out / std::max(1.0, total);
  };
  std::printf(
      "calibration error of the first hit (overlap >= .5 and persons on no list) over %.0f questions: %.4f where one "
      "person in three is on no list, as the table assumes; as they were asked, %.0f %% on no list, %.4f, and %.4f "
      "where the engine is told so\n",
      strangers + others, error(0.5 * others / std::max(1.0, strangers), false), 100 * (1 - expected),
      error(1, false), error(1, true));
}

void print_labelled(const MatchData& data, match::Index& index, std::FILE* misses) {
  for (std::size_t i = 0; i < data.pairs.size(); ++i) {
    match::Record record;
    record.id = "labelled:" + std::to_string(i);
    record.names.push_back({data.pairs[i].right});
    BENCH_MUST(index.insert(record));
  }
  const match::Snapshot snapshot = index.snapshot();
  std::vector<std::pair<double, bool>> scored;
  std::size_t same = 0;
  for (std::size_t i = 0; i < data.pairs.size(); ++i) {
    match::Query query;
    query.person.names.push_back({data.pairs[i].left});
    const auto hit = snapshot.compare(query, "labelled:" + std::to_string(i));
    scored.emplace_back(hit ? hit->score : -1e9, data.pairs[i].same);
    if (misses && hit) {
      std::string why = match::explain(hit->trace, "en");
      std::ranges::replace(why, '\n', ';');
      std::fprintf(misses, "labelled\t%s\t%.2f\t%s\t%s\t%s\n", data.pairs[i].same ? "same" : "other",
                   hit->score / match::kWeightUnit, data.pairs[i].left.c_str(), data.pairs[i].right.c_str(),
                   why.c_str());
    }
    same += data.pairs[i].same;
  }
  std::ranges::sort(scored, std::greater());
  double best = 0, recall = 0;
  for (std::size_t i = 0, right = 0; i < scored.size(); ++i) {
    right += scored[i].second;
    const double precision = share(right, i + 1), found = share(right, same);
    if (precision + found > 0) best = std::max(best, 2 * precision * found / (precision + found));
    if (precision >= 0.9) recall = std::max(recall, found);
  }
  std::printf(
      "labelled pairs of persons: %zu, %zu of them the same: best F1 %.3f; recall at precision >= .90: %.3f\n",
      scored.size(), same, best, recall);
}

}  // namespace entraide::bench
