#include "bench/match_stress.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

namespace entraide::bench {

namespace {

constexpr std::size_t kStanding = 1000, kBatched = 10'000, kBatch = 100, kSingle = 1000;

std::vector<match::Record> newcomers(const MatchData& data, std::size_t size) {
  std::vector<match::Record> out;
  const std::size_t step = std::max<std::size_t>(1, data.questions.size() / size);
  for (std::size_t i = 0; i < data.questions.size() && out.size() < size; i += step) {
    const Question& question = data.questions[i];
    match::Record record{.id = "new:" + std::to_string(i), .names = {{question.name}}};
    if (question.year) record.born.push_back({.year = question.year});
    out.push_back(std::move(record));
  }
  return out;
}

std::vector<std::string> common_words(const MatchData& data, std::size_t size) {
  std::map<std::string, std::size_t> counts;
  for (const match::Record& record : data.targets) {
    const std::string& name = record.names[0].text;
    for (std::size_t at = 0; at < name.size();) {
      const std::size_t end = std::min(name.find(' ', at), name.size());
      if (end > at) ++counts[name.substr(at, end - at)];
      at = end + 1;
    }
  }
  std::vector<std::pair<std::size_t, std::string>> order;
  for (const auto& [word, count] : counts) order.emplace_back(count, word);
  std::ranges::sort(order, std::greater());
  std::vector<std::string> out;
  for (std::size_t i = 0; i < order.size() && i < size; ++i) out.push_back(order[i].second);
  return out;
}

}  // namespace

void measure_inserts(const MatchData& data, match::Index& index,
                     const std::shared_ptr<const text::Analyser>& analyser) {
  match::Standing standing(analyser);
  const match::Snapshot before = match::Index::empty(analyser)->snapshot();
  for (std::size_t i = 0; i < kStanding && i < data.targets.size(); ++i)
    (void)BENCH_MUST(standing.add(data.targets[i * 17 % data.targets.size()], 0.5, before));
  const std::vector<match::Record> records = newcomers(data, kBatched + kSingle);
  const std::uint64_t population = index.snapshot().facts().records;
  std::atomic<bool> done = false;
  std::thread tidier([&] {
    while (!done)
      if (!index.maintain()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });

  std::size_t alerts = 0, inserted = 0;
  auto begin = std::chrono::steady_clock::now();
  const double cpu = thread_cpu();
  for (; inserted + kBatch <= std::min(kBatched, records.size()); inserted += kBatch) {
    const auto batch = std::span(records).subspan(inserted, kBatch);
    BENCH_MUST(index.insert(batch));
    for (const match::Record& record : batch) alerts += standing.meet(record, population).size();
  }
  const double count = static_cast<double>(inserted);
  std::printf(
      "inserts with alert search, %zu standing queries, batches of %zu: %.0f records/s by the clock, %.0f a second "
      "of "
      "the writer's CPU; %zu alerts\n",
      kStanding, kBatch, count / seconds_since(begin), count / (thread_cpu() - cpu), alerts);

  std::vector<double> seconds, cpus;
  for (; inserted < records.size(); ++inserted) {
    begin = std::chrono::steady_clock::now();
    const double cpu_before = thread_cpu();
    BENCH_MUST(index.insert(records[inserted]));
    alerts += standing.meet(records[inserted], population).size();
    const bool there = index.snapshot().find(records[inserted].id).has_value();
    cpus.push_back(thread_cpu() - cpu_before);
    seconds.push_back(seconds_since(begin));
    if (!there) std::printf("inserts: a record was not visible\n");
  }
  done = true;
  tidier.join();
  std::printf(
      "one by one, insert and alert search to visible: by the clock p50 %.2f ms, p99 %.2f ms; CPU p50 %.2f ms, p99 "
      "%.2f ms; %zu segments at the end\n",
      quantile(seconds, 0.5) * 1e3, quantile(seconds, 0.99) * 1e3, quantile(cpus, 0.5) * 1e3,
      quantile(cpus, 0.99) * 1e3, index.snapshot().facts().segments);
}

void measure_adversarial(const MatchData& data, const match::Snapshot& snapshot) {
  const std::vector<std::string> common = common_words(data, 64);
  std::map<std::string, std::vector<std::string>> kinds;
  for (std::size_t i = 0; i < 250; ++i) {
    const std::string& some = data.targets[i * 31 % data.targets.size()].names[0].text;
    const auto word = [&](std::size_t at) { return common[(i * 7 + at * 13) % common.size()]; };
    std::string many, all;
    for (std::size_t k = 0; k < 64; ++k) many += (k % 2 ? word(k) : data.questions[i * 64 + k].name) + " ";
    for (std::size_t k = 0; k < 2 + i % 15; ++k) all += word(k) + " ";
    std::string joined;
    while (joined.size() < 400) joined += word(joined.size());
    kinds["64 words"].push_back(many);
    kinds["400 bytes a word"].push_back(joined + " " + joined.substr(i % 50) + " " + some);
    kinds["common words only"].push_back(all);
    kinds["two common words"].push_back(word(0) + " " + word(1));
    kinds["initials"].push_back("a b " + word(0).substr(0, 1) + " " + word(1));
    kinds["scripts mixed"].push_back(some + " \u202e" + data.questions[i * 97 % data.questions.size()].name +
                                     "\u200b" + data.questions[i * 53 % data.questions.size()].name);
  }
  std::vector<double> all;
  for (const auto& [kind, names] : kinds) {
    std::vector<double> seconds;
    std::size_t bounded = 0;
    for (const std::string& name : names) {
      const double begin = thread_cpu();
      bounded += snapshot.search({.person = {.names = {{name}}}}).bounded;
      seconds.push_back(thread_cpu() - begin);
    }
    all.insert(all.end(), seconds.begin(), seconds.end());
    std::printf("made to be slow, %s: CPU p50 %.2f ms, most %.2f ms; %zu of %zu cut short\n", kind.c_str(),
                quantile(seconds, 0.5) * 1e3, quantile(seconds, 1) * 1e3, bounded, names.size());
  }
  std::printf("made to be slow, all: CPU p99.9 %.2f ms\n", quantile(all, 0.999) * 1e3);
}

}  // namespace entraide::bench
