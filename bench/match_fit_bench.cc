// Says how far the weights of src/match/model.h are from what the data say, so that a person can set them anew.
//   match_fit_bench --data DIR [--each N] [--million]
// The questions of DIR are asked of its list (of a million records with --million), by name and by name and year of birth;
// every hit among ten is right or wrong, and so is every labelled pair. Logistic regression with the engine's own score as one
// term and a count of each kind of evidence as the others: a count's coefficient, divided by that of the score, is what
// should be added to the weight of that kind. Every class of questions weighs the same, persons on no list as much as
// all classes together, the labelled pairs a quarter of everything. Five folds by question: the loss is of questions that the fit has not seen.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>

#include "bench/match_data.h"

using namespace entraide;
using namespace entraide::bench;

namespace {

using match::Evidence;
using match::EvidenceKind;

constexpr std::array kTerms = {"one",
                               "score",
                               "exact",
                               "variant",
                               "nickname",
                               "romanised",
                               "spelling",
                               "bare",
                               "glued",
                               "syllables",
                               "skeleton",
                               "edit1 short",
                               "edit1 middle",
                               "edit1 long",
                               "edit2 short",
                               "edit2 long",
                               "edit3",
                               "initial",
                               "order",
                               "missing",
                               "missing, two",
                               "extra",
                               "extra, two",
                               "contradiction",
                               "contradictions, two",
                               "others' worth beside a contradiction",
                               "year",
                               "year near",
                               "year other"};
constexpr std::size_t kSize = kTerms.size();
using Row = std::array<double, kSize>;

struct Example {
  Row terms{};
  std::string kind;
  double weight = 1;
  bool right = false;
  std::size_t fold = 0;
};

std::size_t term_of(std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(kTerms, name) - kTerms.begin());
}

Row terms_of(const match::Trace& trace) {
  Row out{};
  out[0] = 1;
  out[1] = trace.score / match::kWeightUnit;
  double worth = 0, contradictions = 0, missing = 0, extra = 0;
  const auto count = [&](std::string_view name) { ++out[term_of(name)]; };
  for (const Evidence& evidence : trace.evidence) {
    const std::uint32_t letters = evidence.query.end - evidence.query.begin;
    if (evidence.kind <= EvidenceKind::initial) worth += std::max(0.0, evidence.weight / match::kWeightUnit);
    switch (evidence.kind) {
      case EvidenceKind::edit:
        if (evidence.edits == 1) count(letters < 5 ? "edit1 short" : letters < 8 ? "edit1 middle" : "edit1 long");
        else if (evidence.edits == 2) count(letters < 8 ? "edit2 short" : "edit2 long");
        else count("edit3");
        break;
      case EvidenceKind::missing: ++missing; break;
      case EvidenceKind::extra: ++extra; break;
      case EvidenceKind::contradiction: ++contradictions; break;
      case EvidenceKind::birth_date:
        count(evidence.level <= match::DateLevel::same_year   ? "year"
              : evidence.level <= match::DateLevel::two_years ? "year near"
                                                              : "year other");
        break;
      default:
        if (const std::size_t term = term_of(match::word_for(evidence.kind)); term < kSize) ++out[term];
    }
  }
  out[term_of("missing")] = missing;
  out[term_of("missing, two")] = std::max(0.0, missing - 1);
  out[term_of("extra")] = extra;
  out[term_of("extra, two")] = std::max(0.0, extra - 1);
  out[term_of("contradiction")] = contradictions;
  out[term_of("contradictions, two")] = std::max(0.0, contradictions - 1);
  out[term_of("others' worth beside a contradiction")] = contradictions > 0 ? worth : 0;
  return out;
}

double probability(const Row& at, const Row& terms) {
  double sum = 0;
  for (std::size_t i = 0; i < kSize; ++i) sum += at[i] * terms[i];
  return 1 / (1 + std::exp(-std::clamp(sum, -30.0, 30.0)));
}

double loss(const Row& at, const std::vector<Example>& examples, std::size_t fold) {
  double sum = 0, weight = 0;
  for (const Example& example : examples) {
    if (example.fold != fold) continue;
    const double p = probability(at, example.terms);
    sum -= example.weight * std::log(std::max(1e-9, example.right ? p : 1 - p));
    weight += example.weight;
  }
  return sum / std::max(1e-9, weight);
}

// Newton's method with a ridge; `free`: which terms may differ from zero. Leaves out one fold.
Row fit(const std::vector<Example>& examples, std::size_t without, std::size_t free) {
  Row at{};
  at[1] = 1;
  for (int round = 0; round < 25; ++round) {
    std::vector<std::array<double, kSize + 1>> system(free);
    for (std::size_t i = 0; i < free; ++i) {
      const double ridge = i < 2 ? 1e-6 : 1e-4 * static_cast<double>(examples.size());
      system[i][i] = ridge;
      system[i][kSize] = -ridge * at[i];
    }
    for (const Example& example : examples) {
      if (example.fold == without) continue;
      const double p = probability(at, example.terms), slope = example.weight * p * (1 - p);
      for (std::size_t i = 0; i < free; ++i) {
        if (example.terms[i] == 0) continue;
        system[i][kSize] += example.weight * ((example.right ? 1 : 0) - p) * example.terms[i];
        for (std::size_t j = 0; j < free; ++j) system[i][j] += slope * example.terms[i] * example.terms[j];
      }
    }
    for (std::size_t i = 0; i < free; ++i) {
      for (std::size_t k = 0; k < free; ++k) {
        if (k == i || system[i][i] == 0) continue;
        const double factor = system[k][i] / system[i][i];
        if (factor == 0) continue;
        for (std::size_t j = i; j < free; ++j) system[k][j] -= factor * system[i][j];
        system[k][kSize] -= factor * system[i][kSize];
      }
    }
    double moved = 0;
    for (std::size_t i = 0; i < free; ++i) {
      const double step = std::clamp(system[i][kSize] / std::max(1e-12, system[i][i]), -1.0, 1.0);
      at[i] += step;
      moved = std::max(moved, std::abs(step));
    }
    if (moved < 1e-5) break;
  }
  return at;
}

void ask(const match::Snapshot& snapshot, const MatchData& data, std::size_t each, std::vector<Example>& out) {
  std::map<std::string, std::size_t> taken;
  for (std::size_t q = 0; q < data.questions.size(); ++q) {
    const Question& question = data.questions[q];
    const bool negative = question.kind == "negative";
    if (taken[question.kind]++ >= each && !negative) continue;
    if (!negative && question.overlap < 0.5 && question.kind.starts_with("alias_latn")) continue;
    for (const bool with_year : {false, true}) {
      if (with_year && question.year == 0) continue;
      match::Query query;
      query.person.names.push_back({question.name});
      if (with_year) query.person.born.push_back({.year = question.year});
      for (const match::Hit& hit : snapshot.search(query).hits)
        out.push_back({.terms = terms_of(hit.trace),
                       .kind = question.kind,
                       .right = !negative && std::ranges::find(question.accepted, hit.id) != question.accepted.end(),
                       .fold = q % 5});
    }
  }
}

void ask_labelled(match::Index& index, const MatchData& data, std::vector<Example>& out) {
  for (std::size_t i = 0; i < data.pairs.size(); ++i)
    BENCH_MUST(index.insert({.id = "labelled:" + std::to_string(i), .names = {{data.pairs[i].right}}}));
  const match::Snapshot snapshot = index.snapshot();
  for (std::size_t i = 0; i < data.pairs.size(); ++i) {
    match::Query query;
    query.person.names.push_back({data.pairs[i].left});
    if (const auto hit = snapshot.compare(query, "labelled:" + std::to_string(i)))
      out.push_back({.terms = terms_of(hit->trace), .kind = "labelled", .right = data.pairs[i].same, .fold = i % 5});
  }
}

void weigh(std::vector<Example>& examples) {
  std::map<std::string, double> sizes;
  for (const Example& example : examples) ++sizes[example.kind];
  const double classes = static_cast<double>(sizes.size()) - 2, all = static_cast<double>(examples.size());
  for (Example& example : examples) {
    const double part = example.kind == "labelled" ? 0.25 : 0.375 / (example.kind == "negative" ? 1 : classes);
    example.weight = all * part / sizes[example.kind];
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::string folder;
  std::size_t each = 300;
  bool million = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--data" && i + 1 < argc) folder = argv[++i];
    else if (word == "--each" && i + 1 < argc) each = std::stoul(argv[++i]);
    else if (word == "--million") million = true;
  }
  if (folder.empty()) return std::fprintf(stderr, "match_fit_bench --data DIR [--each N] [--million]\n"), 2;
  const MatchData data = BENCH_MUST(read_match_data(folder));
  const auto analyser = std::make_shared<const text::Analyser>(BENCH_MUST(text::Analyser::make()));
  const Folder scratch("fit");
  match::Builder builder(analyser, 2);
  BENCH_MUST(builder.add(data.targets));
  if (million)
    BENCH_MUST(generate_records(folder, 1'000'000 - data.targets.size(),
                                [&](std::span<const match::Record> batch) { return builder.add(batch); }));
  BENCH_MUST(builder.write(scratch / "fit.idx"));
  const auto index = BENCH_MUST(match::Index::open(scratch / "fit.idx", analyser));
  std::vector<Example> examples;
  ask(index->snapshot(), data, each, examples);
  ask_labelled(*index, data, examples);
  weigh(examples);

  double plain = 0, fitted = 0;
  for (std::size_t fold = 0; fold < 5; ++fold) {
    plain += loss(fit(examples, fold, 2), examples, fold) / 5;
    fitted += loss(fit(examples, fold, kSize), examples, fold) / 5;
  }
  std::printf("%zu hits and pairs; loss of questions not seen: %.4f with the score alone, %.4f fitted\n",
              examples.size(), plain, fitted);
  const Row at = fit(examples, 5, kSize);
  std::printf("score counts %.3f, constant %.3f\n", at[1], at[0]);
  for (std::size_t i = 2; i < kSize; ++i) {
    double right = 0, wrong = 0;
    for (const Example& example : examples)
      if (example.terms[i] != 0) ++(example.right ? right : wrong);
    std::printf("%-40s %+7.2f   (in %.0f right, %.0f wrong)\n", kTerms[i], at[i] / at[1], right, wrong);
  }
  return 0;
}
