// Candidates, then scores: each segment is searched with what the others have found, and searched again, wider, where
// nothing found is good enough.

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "codec/codec.h"
#include "match/model.h"
#include "match/part_search.h"
#include "match/segmenting.h"
#include "match/state.h"

namespace entraide::match {
namespace {

constexpr Weight kCertain = model::weight(4);
constexpr Weight kAgainst = model::weight(-8);  // a record that the evidence speaks so clearly against is no hit

struct Pass {
  std::vector<std::unique_ptr<Scorer>> scorers;
  std::vector<Candidate> open, referred;
};

/// What a hit must score more than, before how alike its words are is read by their letters.
Weight least_of(const Query& query, Weight prior) {
  Weight least = prior + kAgainst, enough = model::weight(100);
  if (posterior_of(least + 1, prior, query.expected) >= query.posterior_min) return least;
  // Probabilities never fall as scores rise.
  while (enough - least > 1) {
    const Weight middle = least + (enough - least) / 2;
    (posterior_of(middle, prior, query.expected) >= query.posterior_min ? enough : least) = middle;
  }
  return std::max(prior + kAgainst, least - model::kLikeMost);
}

/// One pass over all segments; `near`: what the first one found, where this is the second, wider one.
Pass pass(const State& state, const Shared& shared, const Query& query, const Person& person, Weight prior,
          const Pass* near, bool exhaustively, Answer& answer) {
  Pass out;
  const std::size_t limit = std::min(query.limit, kHitsMax);
  const Weight least = least_of(query, prior);
  Best open(limit, least), referred(query.referred == nullptr ? 0 : limit, least);
  for (std::uint32_t i = 0; i < state.parts().size(); ++i) {
    const Part& part = state.parts()[i];
    std::vector<RecordNumber> first;
    if (near == nullptr) {
      out.scorers.push_back(std::make_unique<Scorer>(*shared.analyser, person, *part.segment, *state.common(),
                                                     state.statistics(), prior, Effort::near, query.expected));
    } else {
      out.scorers.push_back(std::make_unique<Scorer>(*near->scorers[i], person, *state.common(), state.statistics()));
      for (const std::vector<Candidate>* list : {&near->open, &near->referred})
        for (const Candidate& candidate : *list)
          if (candidate.part == i) first.push_back(candidate.record);
    }
    PartSearch search(query, person, part, i, *out.scorers.back(), open, referred, answer);
    if (exhaustively) search.run_exhaustively();
    else search.run(first);
  }
  out.open = open.take();
  out.referred = referred.take();
  return out;
}

/// Whether a hit leaves nothing to look for: it is nearly certain, or each word that counts has met one that is spelt
/// nearly the same. A slip beside a word too many may be chance, where no date agrees.
bool satisfying(const Trace& trace) {
  if (trace.score >= kCertain) return true;
  bool met = false, slip = false, extra = false, dated = false;
  for (const Evidence& evidence : trace.evidence) switch (evidence.kind) {
      case EvidenceKind::missing:
      case EvidenceKind::contradiction:
      case EvidenceKind::skeleton: return false;
      case EvidenceKind::identifier: return true;
      case EvidenceKind::initial:
        // A letter of the record for a word of the query says too little.
        if (evidence.query.end - evidence.query.begin > 1) return false;
        met = true;
        break;
      case EvidenceKind::edit:
        if (evidence.edits > 1 || evidence.weight < 0) return false;
        met = slip = true;
        break;
      case EvidenceKind::extra: extra = true; break;
      case EvidenceKind::birth_date:
        if (evidence.weight < 0) return false;
        dated = true;
        break;
      default: met = met || evidence.kind <= EvidenceKind::syllables;
    }
  return met && (dated || !slip || !extra);
}

Weight prior_of(std::uint64_t population) {
  // Rounded as counts are: one record more or less must not show.
  return -model::weight(std::log(static_cast<double>(count_of(share_of(population)))));
}

std::string ticket() {
  SystemRandom random;
  return codec::base64url(random.bytes(16));
}

Hit hit_of(const State& state, const Candidate& candidate, Trace trace) {
  Hit hit;
  hit.id = std::string(state.parts()[candidate.part].segment->id(candidate.record));
  hit.trace = std::move(trace);
  hit.score = hit.trace.score;
  hit.posterior = hit.trace.posterior;
  return hit;
}

}  // namespace

Answer search(const State& state, const Shared& shared, const Query& query, bool exhaustively) {
  Answer answer;
  if (state.common() == nullptr || query.limit == 0) return answer;
  Person person = prepare(*shared.analyser, query.person);
  const Weight prior = prior_of(query.population != 0 ? query.population : state.records());
  Pass found = pass(state, shared, query, person, prior, nullptr, exhaustively, answer);

  const auto look_closely = [&] {
    for (const auto& scorer : found.scorers) scorer->look_closely();
  };
  look_closely();
  const auto trace_of = [&](const Candidate& candidate) {
    return found.scorers[candidate.part]->trace(candidate.record);
  };
  bool satisfied = false;
  std::vector<Trace> traces;  // of the first open hits
  const auto look_at = [&](const std::vector<Candidate>& list) {
    traces.clear();
    for (std::size_t i = 0; i < list.size() && i < 3 && !satisfied; ++i) {
      traces.push_back(trace_of(list[i]));
      satisfied = satisfying(traces.back());
    }
  };
  look_at(found.referred);
  look_at(found.open);
  std::vector<QueryName> cuts;
  if (!satisfied) {
    for (std::size_t i = 0; i < person.names.size(); ++i) {
      answer.widened = answer.widened || wide_finds_more(person.names[i], *state.common());
      for (QueryName& cut : cut_names(*shared.analyser, person.names[i], *state.common(), state.statistics(), 4))
        cuts.push_back(std::move(cut));
    }
  }
  if (answer.widened || !cuts.empty()) {
    answer.widened = true;
    std::move(cuts.begin(), cuts.end(), std::back_inserter(person.names));
    found = pass(state, shared, query, person, prior, &found, exhaustively, answer);
    look_closely();
    traces.clear();
  }

  for (std::size_t i = 0; i < found.open.size(); ++i) {
    const Candidate& candidate = found.open[i];
    Hit hit = hit_of(state, candidate, i < traces.size() ? std::move(traces[i]) : trace_of(candidate));
    if (hit.posterior >= query.posterior_min) answer.hits.push_back(std::move(hit));
  }
  for (const Candidate& candidate : found.referred) {
    const double posterior = posterior_of(candidate.score, prior, query.expected);
    if (posterior < query.posterior_min) continue;
    answer.referrals.push_back(
        {ticket(), std::string(state.parts()[candidate.part].segment->id(candidate.record)), posterior});
  }
  std::sort(answer.hits.begin(), answer.hits.end(),
            [](const Hit& a, const Hit& b) { return a.score != b.score ? a.score > b.score : a.id < b.id; });
  return answer;
}

std::optional<Hit> compare(const State& state, const Shared& shared, const Query& query, std::string_view id) {
  const auto place = state.find(id);
  if (!place) return std::nullopt;
  const Part& part = state.parts()[place->part];
  if (query.open != nullptr && !query.open->has(part.segment->audience(place->record))) return std::nullopt;
  Person person = prepare(*shared.analyser, query.person);
  const std::size_t names = person.names.size();
  for (std::size_t i = 0; i < names; ++i)
    for (QueryName& cut : cut_names(*shared.analyser, person.names[i], *state.common(), state.statistics(), 4))
      person.names.push_back(std::move(cut));
  const Scorer scorer(*shared.analyser, person, *part.segment, *state.common(), state.statistics(),
                      prior_of(query.population != 0 ? query.population : state.records()), Effort::wide,
                      query.expected);
  Hit hit;
  hit.id = std::string(id);
  if (!scorer.score(place->record)) {
    hit.trace.prior = hit.trace.score = hit.score = scorer.prior();
    hit.posterior = hit.trace.posterior = 0;
    return hit;
  }
  hit.trace = scorer.trace(place->record);
  hit.score = hit.trace.score;
  hit.posterior = hit.trace.posterior;
  return hit;
}

}  // namespace entraide::match
