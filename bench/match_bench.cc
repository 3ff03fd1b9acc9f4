// How well and how fast persons are found: recall per class, alerts, calibration, time and memory, at list, register and
// world size, beside PostgreSQL trigrams and Xapian on the same records and questions.
//   match_bench --data DIR [--list] [--million] [--ten-million] [--each N] [--rivals N] [--small] [--keep FOLDER]
//               [--misses FILE]
// --each: at most N questions a class (default all); --rivals: N questions a class to each rival (default 20, 0 for none);
// without a size, the list and a million. --keep: indexes stay there, and one of the same versions is not built again.
// --misses: why persons were not found is printed, and what was asked and not answered goes to that file: real names,
// keep it as you keep the data.

#include <unistd.h>

#include <algorithm>
#include <map>

#include "bench/match_misses.h"
#include "bench/match_rivals.h"
#include "bench/match_stress.h"

using namespace entraide;
using namespace entraide::bench;

namespace {

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
    Asked asked{.question = question,
                .seconds = thread_cpu() - begin,
                .considered = answer.considered,
                .widened = answer.widened,
                .bounded = answer.bounded};
    for (std::size_t i = 0; i < answer.hits.size(); ++i) {
      const match::Hit& hit = answer.hits[i];
      if (i == 0) {
        asked.top = hit.score;
        asked.posterior = hit.posterior;
        asked.prior = hit.trace.prior;
        asked.first = hit.trace.record_text;
      }
      if (i + 1 == query.limit) {
        asked.last = hit.score;
        asked.tenth = hit.trace.record_text;
        asked.tenth_same = std::ranges::all_of(hit.trace.evidence, [](const match::Evidence& evidence) {
          return evidence.kind == match::EvidenceKind::exact || evidence.kind > match::EvidenceKind::contradiction;
        });
      }
      if (asked.rank || std::ranges::find(question->accepted, hit.id) == question->accepted.end()) continue;
      asked.rank = i + 1;
      asked.accepted = hit.score;
    }
    out.push_back(asked);
  }
  return out;
}

struct Plan {
  std::string folder, keep;  // of the data; where indexes stay, or empty
  std::FILE* misses = nullptr;
  std::size_t rivals_each = 0;
};

void measure(const MatchData& data, const Plan& plan, std::size_t size, const std::vector<const Question*>& questions,
             const std::shared_ptr<const text::Analyser>& analyser) {
  const std::size_t rivals_each = size > 1'000'000 ? 0 : plan.rivals_each;
  std::printf("\n==== %zu records ====\n", size);
  const Folder scratch("match");
  const std::string path =
      plan.keep.empty() ? scratch / "persons.idx" : plan.keep + "/" + std::to_string(size) + ".idx";
  std::vector<std::pair<std::string, std::string>> plain;  // for the rivals
  const auto keep = [&](std::span<const match::Record> records) {
    if (rivals_each)
      for (const match::Record& record : records) plain.emplace_back(record.id, record.names[0].text);
  };
  if (!plan.keep.empty() && !rivals_each && match::Index::open(path, analyser)) {
    std::printf("index: as it was kept\n");
  } else {
    match::Builder builder(analyser, 2);
    const double cpu = process_cpu();
    const auto begin = std::chrono::steady_clock::now();
    BENCH_MUST(builder.add(data.targets));
    keep(data.targets);
    if (size > data.targets.size())
      BENCH_MUST(generate_records(plan.folder, size - data.targets.size(),
                                  [&](std::span<const match::Record> batch) -> Result<> {
                                    keep(batch);
                                    return builder.add(batch);
                                  }));
    BENCH_MUST(builder.write(path));
    std::printf("build: %.1f s by the clock, %.1f s of CPU (2 threads, the generator's not counted)\n",
                seconds_since(begin), process_cpu() - cpu);
  }
  const auto begin = std::chrono::steady_clock::now();
  const double before = thread_cpu();
  const auto index = BENCH_MUST(match::Index::open(path, analyser));
  (void)ask_all(index->snapshot(), {questions.front()}, false);
  std::printf("cold start, to the first answer: %.3f s by the clock, %.3f s of CPU\n", seconds_since(begin),
              thread_cpu() - before);
  const match::Facts facts = index->snapshot().facts();
  std::printf("memory of this process: %.0f MiB now, %.0f at most\n", memory_of(getpid()).now,
              memory_of(getpid()).most);
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
  measure_adversarial(data, index->snapshot());
  if (plan.misses) {
    std::fprintf(plan.misses, "# %zu records\n", size);
    print_misses("name only", index->snapshot(), by_name, false);
    print_misses("name and birth year", index->snapshot(), by_year, true);
    note_misses(plan.misses, index->snapshot(), by_name, false);
    note_misses(plan.misses, index->snapshot(), by_year, true);
  }
  if (size == data.targets.size()) print_labelled(data, *index, plan.misses);
  measure_inserts(data, *index, analyser);
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
  Plan plan{.folder = folder, .keep = argument(argc, argv, "keep", "")};
  plan.rivals_each = std::stoul(argument(argc, argv, "rivals", small ? "5" : "20"));
  if (const std::string misses = argument(argc, argv, "misses", ""); !misses.empty()) {
    plan.misses = std::fopen(misses.c_str(), "w");
    if (!plan.misses) return std::fprintf(stderr, "match_bench: %s: cannot be written\n", misses.c_str()), 2;
  }
  std::map<std::string, std::size_t> taken;
  std::vector<const Question*> questions;
  for (const Question& question : data.questions)
    if (taken[question.kind]++ < each || question.kind == "negative") questions.push_back(&question);
  const bool list = flag(argc, argv, "list"), million = flag(argc, argv, "million");
  const bool ten = flag(argc, argv, "ten-million"), some = list || million || ten || small;
  if (list || small || !some) measure(data, plan, data.targets.size(), questions, analyser);
  if (million || !some) measure(data, plan, 1'000'000, questions, analyser);
  if (ten) measure(data, plan, 10'000'000, questions, analyser);
  if (plan.misses) std::fclose(plan.misses);
  return 0;
}
