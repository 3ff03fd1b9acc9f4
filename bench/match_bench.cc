// How well and how fast persons are found: recall per class, alerts, calibration, time and memory, at list, register and
// world size, beside PostgreSQL trigrams and Xapian on the same records and questions.
//   match_bench --data DIR [--million] [--ten-million] [--each N] [--rivals N] [--small]
// --each: at most N questions a class (default all); --rivals: N questions a class to each rival (default 20, 0 for none);
// without a size, the list and a million.

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "bench/match_data.h"
#include "bench/match_rivals.h"

using namespace entraide;
using namespace entraide::bench;

namespace {

struct Asked {
  const Question* question = nullptr;
  std::size_t rank = 0;  // of the first accepted hit among ten, from 1; 0: none
  double top = -1e9;  // score of the first hit
  double accepted = -1e9;  // score of the first accepted hit
  double posterior = 0;  // of the first hit
  double seconds = 0;  // of this thread's CPU
  std::uint64_t considered = 0;
};

std::vector<Asked> ask_all(const match::Snapshot& snapshot, const std::vector<const Question*>& questions,
                           bool with_year) {
  std::vector<Asked> out;
  for (const Question* question : questions) {
    if (with_year && !question->year) continue;
    match::Query query;
    query.person.names.push_back({question->name});
    if (with_year) query.person.born.push_back({.year = question->year});
    const double begin = thread_cpu();
    const match::Answer answer = snapshot.search(query);
    Asked asked{.question = question, .seconds = thread_cpu() - begin, .considered = answer.considered};
    for (std::size_t i = 0; i < answer.hits.size(); ++i) {
      const match::Hit& hit = answer.hits[i];
      if (i == 0) asked.top = hit.score, asked.posterior = hit.posterior;
      if (asked.rank || std::ranges::find(question->accepted, hit.id) == question->accepted.end()) continue;
      asked.rank = i + 1;
      asked.accepted = hit.score;
    }
    out.push_back(asked);
  }
  return out;
}

// The score that at most one in a hundred of the persons on no list reach.
double alert_threshold(const std::vector<Asked>& asked) {
  std::vector<double> scores;
  for (const Asked& one : asked)
    if (one.question->kind == "negative") scores.push_back(one.top);
  if (scores.empty()) return 0;
  std::ranges::sort(scores, std::greater());
  return scores[scores.size() / 100] + 1;
}

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

void print_recall(const char* what, const std::vector<Asked>& asked) {
  const double threshold = alert_threshold(asked);
  std::printf("\n%s\n%-14s %6s %8s %8s %8s | overlap >= .5: %5s %8s %8s\n", what, "class", "asked", "@1", "@10",
              "alerts", "asked", "@10", "alerts");
  for (const auto& [kind, t] : tally(asked, threshold))
    std::printf("%-14s %6zu %8.3f %8.3f %8.3f | %20zu %8.3f %8.3f\n", kind.c_str(), t.questions,
                share(t.first, t.questions), share(t.ten, t.questions), share(t.alerts, t.questions), t.near,
                share(t.near_ten, t.near), share(t.near_alerts, t.near));
  std::printf("alert threshold: score %.2f, posterior %.3f\n", threshold / match::kWeightUnit,
              match::posterior_of(static_cast<match::Weight>(threshold)));
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

// Expected calibration error of the first hit's posterior, fifteen bins.
void print_calibration(const std::vector<Asked>& asked) {
  constexpr std::size_t kBins = 15;
  std::array<double, kBins> sum{}, right{}, count{};
  for (const Asked& one : asked) {
    if (one.top < -1e8 || (one.question->kind != "negative" && one.question->overlap < 0.5)) continue;
    const std::size_t bin = std::min(kBins - 1, static_cast<std::size_t>(one.posterior * kBins));
    sum[bin] += one.posterior;
    right[bin] += one.rank == 1;
    ++count[bin];
  }
  double error = 0, total = 0;
  for (std::size_t b = 0; b < kBins; ++b) error += std::abs(sum[b] - right[b]), total += count[b];
  std::printf("calibration error of the first hit (overlap >= .5 and persons on no list): %.4f over %.0f questions\n",
              error / std::max(1.0, total), total);
}

void print_labelled(const MatchData& data, match::Index& index) {
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

void measure(const MatchData& data, const std::string& folder, std::size_t size,
             const std::vector<const Question*>& questions, std::size_t rivals_each,
             const std::shared_ptr<const text::Analyser>& analyser) {
  std::printf("\n==== %zu records ====\n", size);
  const Folder scratch("match");
  std::vector<std::pair<std::string, std::string>> plain;  // for the rivals
  const auto keep = [&](std::span<const match::Record> records) {
    if (rivals_each)
      for (const match::Record& record : records) plain.emplace_back(record.id, record.names[0].text);
  };
  match::Builder builder(analyser, 2);
  const double cpu = process_cpu();
  auto begin = std::chrono::steady_clock::now();
  BENCH_MUST(builder.add(data.targets));
  keep(data.targets);
  if (size > data.targets.size())
    BENCH_MUST(
        generate_records(folder, size - data.targets.size(), [&](std::span<const match::Record> batch) -> Result<> {
          keep(batch);
          return builder.add(batch);
        }));
  const std::string path = scratch / "persons.idx";
  BENCH_MUST(builder.write(path));
  std::printf("build: %.1f s by the clock, %.1f s of CPU (2 threads, the generator's not counted)\n",
              seconds_since(begin), process_cpu() - cpu);
  begin = std::chrono::steady_clock::now();
  const double before = thread_cpu();
  const auto index = BENCH_MUST(match::Index::open(path, analyser));
  (void)ask_all(index->snapshot(), {questions.front()}, false);
  std::printf("cold start, to the first answer: %.3f s by the clock, %.3f s of CPU\n", seconds_since(begin),
              thread_cpu() - before);
  const match::Facts facts = index->snapshot().facts();
  std::printf("index: %.1f bytes a record; %llu names, %llu words\n",
              static_cast<double>(facts.bytes) / static_cast<double>(facts.records),
              static_cast<unsigned long long>(facts.names), static_cast<unsigned long long>(facts.words));

  const std::vector<Asked> by_name = ask_all(index->snapshot(), questions, false);
  print_recall("name only", by_name);
  const std::vector<Asked> by_year = ask_all(index->snapshot(), questions, true);
  print_recall("name and birth year (questions that have one)", by_year);
  print_speed("name only", by_name);
  print_speed("name and birth year", by_year);
  print_calibration(by_name);
  if (size == data.targets.size()) print_labelled(data, *index);
  if (rivals_each) measure_rivals(plain, questions, rivals_each);
  std::fflush(stdout);
}

// `--name=value`, or `--name value`.
std::string argument(int argc, char** argv, std::string_view name, std::string otherwise) {
  for (int i = 1; i + 1 < argc; ++i)
    if (argv[i] == "--" + std::string(name)) return argv[i + 1];
  return option(argc, argv, name, std::move(otherwise));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = argument(argc, argv, "data", "");
  if (folder.empty())
    return std::fprintf(stderr, "match_bench: --data DIR: say where the data are; see docs/matching.md\n"), 2;
  print_head("match: persons found among others");
  const MatchData data = BENCH_MUST(read_match_data(folder));
  const auto analyser = std::make_shared<const text::Analyser>(BENCH_MUST(text::Analyser::make()));
  std::printf("tables: %s\n", analyser->versions().text().c_str());
  const bool small = flag(argc, argv, "small");
  const std::size_t each = std::stoul(argument(argc, argv, "each", small ? "100" : "1000000"));
  const std::size_t rivals = std::stoul(argument(argc, argv, "rivals", small ? "5" : "20"));
  std::map<std::string, std::size_t> taken;
  std::vector<const Question*> questions;
  for (const Question& question : data.questions)
    if (taken[question.kind]++ < each || question.kind == "negative") questions.push_back(&question);
  measure(data, folder, data.targets.size(), questions, rivals, analyser);
  const bool ten = flag(argc, argv, "ten-million");
  if (flag(argc, argv, "million") || (!ten && !small)) measure(data, folder, 1'000'000, questions, rivals, analyser);
  if (ten) measure(data, folder, 10'000'000, questions, 0, analyser);
  return 0;
}
