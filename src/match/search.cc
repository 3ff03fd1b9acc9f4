// Candidates, then scores. Words of the query are looked up rarest first; each record that has one of them collects
// what its words could be worth at most, and only records that could still be among the best are scored.
//
// Records are numbered by birth year, so that a birth date selects ranges of every list of records, and lists of
// common words are read in those ranges first. Where the ranges hold good enough records, the rest is not read at all.

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.h"
#include "codec/codec.h"
#include "match/model.h"
#include "match/score.h"
#include "match/segmenting.h"
#include "match/state.h"

namespace entraide::match {
namespace {

constexpr std::uint8_t kSmallShare = 36;  // 512 records: shorter lists are read whole
constexpr std::uint64_t kTouchedMax = 4'000'000;  // records that may be candidates of one name
constexpr std::size_t kScoredMax = 800;  // records scored, of a segment
constexpr Weight kBehind = model::weight(-9);  // what is so far behind the best is not looked for
constexpr Weight kCertain = model::weight(4);
constexpr unsigned kStep = 64;  // bounds are summed in sixteenths

struct Candidate {
  Weight score = 0;
  RecordNumber record = 0;
  std::uint32_t part = 0;
};
bool better(const Candidate& a, const Candidate& b) {
  if (a.score != b.score) return a.score > b.score;
  return a.part != b.part ? a.part < b.part : a.record < b.record;
}

/// The best so many.
class Best {
 public:
  explicit Best(std::size_t limit) : limit_(limit) {}
  void add(const Candidate& candidate) {
    if (limit_ == 0) return;
    if (heap_.size() == limit_) {
      if (!better(candidate, heap_.front())) return;
      std::pop_heap(heap_.begin(), heap_.end(), better);
      heap_.pop_back();
    }
    heap_.push_back(candidate);
    std::push_heap(heap_.begin(), heap_.end(), better);
    top_ = std::max(top_, candidate.score);
  }
  /// What a record must exceed to matter.
  Weight threshold() const {
    const Weight last = heap_.size() == limit_ && limit_ > 0 ? heap_.front().score : kNever;
    return std::max(last, top_ == kNever ? kNever : top_ + kBehind);
  }
  std::vector<Candidate> take() {
    std::sort(heap_.begin(), heap_.end(), better);
    return std::move(heap_);
  }
  static constexpr Weight kNever = std::numeric_limits<Weight>::min() / 2;

 private:
  std::size_t limit_;
  Weight top_ = kNever;
  std::vector<Candidate> heap_;
};

/// Working memory of a thread, kept between queries: four bytes and a bit for each record of the greatest segment.
struct Scratch {
  std::vector<std::uint32_t> sums;  // of bounds, in 1/16, above a bit for each token of the query that has been met
  std::vector<std::uint64_t> scored;  // a bit a record
  std::vector<RecordNumber> touched;
  std::vector<RecordNumber> scored_list;
  std::vector<std::pair<Weight, RecordNumber>> queue;
  void fit(std::size_t records) {
    if (sums.size() < records) sums.resize(records);
    if (scored.size() * 64 < records) scored.resize(records / 64 + 1);
  }
};
Scratch& scratch() {
  thread_local Scratch of_thread;
  return of_thread;
}

enum class Seen : std::uint8_t { no, open, referred };

class PartSearch {
 public:
  PartSearch(const Query& query, const Person& person, const Part& part, std::uint32_t number, const Scorer& scorer,
             Best& open, Best& referred, Answer& answer)
      : query_(query),
        person_(person),
        part_(part),
        segment_(*part.segment),
        number_(number),
        scorer_(scorer),
        open_(open),
        referred_(referred),
        answer_(answer),
        memory_(scratch()) {
    memory_.fit(segment_.records());
    every_ = part.gone == nullptr && query.open == nullptr && query.referred == nullptr;
  }

  /// `first`: records of this segment that are likely to be among the best.
  void run(std::span<const RecordNumber> first) {
    for (const RecordNumber record : first) score(record);
    for (const auto& [record, mark] : scorer_.identified())
      if (seen(record) != Seen::no) score(record);
    for (const EvidenceTable& table : scorer_.names()) {
      if (person_.born.empty()) {
        collect(table, all_ranges(), 0);
        continue;
      }
      split_ranges();
      collect(table, near_, near_bound_);
      // The same again in all other years, if anything there could still matter.
      collect(table, far_, far_bound_);
    }
    finish();
  }

  void run_exhaustively() {
    for (RecordNumber record = 0; record < segment_.records(); ++record)
      if (seen(record) != Seen::no) score(record);
    finish();
  }

 private:
  struct Range {
    RecordNumber begin, end;
  };
  struct Group {
    std::size_t token;
    Weight most;
  };

  Seen seen(RecordNumber record) const {
    if (every_) return Seen::open;
    if (!part_.has(record)) return Seen::no;
    const std::uint16_t audience = segment_.audience(record);
    if (query_.open == nullptr || query_.open->has(audience)) return Seen::open;
    return query_.referred != nullptr && query_.referred->has(audience) ? Seen::referred : Seen::no;
  }

  Weight threshold() const {
    const Weight open = open_.threshold();
    return query_.referred == nullptr ? open : std::min(open, referred_.threshold());
  }

  void score(RecordNumber record) {
    std::uint64_t& word = memory_.scored[record / 64];
    const std::uint64_t bit = std::uint64_t{1} << (record % 64);
    if ((word & bit) != 0) return;
    word |= bit;
    memory_.scored_list.push_back(record);
    const auto total = scorer_.score(record);
    ++answer_.considered;
    if (!total) return;
    const Candidate candidate{*total, record, number_};
    (seen(record) == Seen::open ? open_ : referred_).add(candidate);
  }

  void finish() {
    for (const RecordNumber record : memory_.scored_list) memory_.scored[record / 64] = 0;
    memory_.scored_list.clear();
  }

  std::vector<Range> all_ranges() const { return {{0, segment_.records()}}; }

  /// Years in which a record's date speaks for it, and the others.
  void split_ranges() {
    near_.clear();
    far_.clear();
    near_bound_ = far_bound_ = Best::kNever;
    for (const Segment::Range& range : segment_.years()) {
      const Weight bound = date_bound(person_.born, range.year);
      const bool near = bound >= 0;
      std::vector<Range>& to = near ? near_ : far_;
      Weight& most = near ? near_bound_ : far_bound_;
      most = std::max(most, bound);
      if (!to.empty() && to.back().end == range.begin) to.back().end = range.end;
      else to.push_back({range.begin, range.end});
    }
  }

  /// Finds and scores the records of these ranges that could be among the best. `date_bound`: no record of them gets
  /// more for its date.
  void collect(const EvidenceTable& table, const std::vector<Range>& ranges, Weight date_bound) {
    if (ranges.empty()) return;
    std::vector<Group> groups;
    Weight left = 0;
    for (std::size_t token = 0; token < table.entries().size(); ++token) {
      Weight most = table.entries()[token].empty() ? 0 : table.entries()[token][0].weight;
      if (table.name().tokens[token].initial != 0) most = std::max(most, model::kInitialWorth - model::kMissing);
      groups.push_back({token, most});
      left += most;
    }
    std::sort(groups.begin(), groups.end(),
              [](const Group& a, const Group& b) { return a.most != b.most ? a.most > b.most : a.token < b.token; });
    // What a record has besides its words, at most.
    const Weight besides =
        scorer_.prior() + scorer_.facts_bound() + date_bound + table.name().penalty + table.all_missing();
    Weight skipped = 0;  // what words that were not looked up could add
    std::uint32_t unknown = 0;  // the tokens of such words
    memory_.touched.clear();
    for (std::size_t g = 0; g < groups.size(); ++g) {
      left -= groups[g].most;
      const auto& entries = table.entries()[groups[g].token];
      const std::uint32_t stamp = 1u << groups[g].token;
      std::size_t i = 0;
      Weight skipped_here = 0;
      for (; i < entries.size(); ++i) {
        // A record that comes in only now has nothing but this word and those still to come.
        if (besides + entries[i].weight + left <= threshold() || memory_.touched.size() > kTouchedMax) {
          skipped_here = entries[i].weight;
          if (memory_.touched.size() > kTouchedMax) answer_.bounded = true;
          break;
        }
        read(entries[i], stamp, ranges);
      }
      if (i == entries.size() && table.name().tokens[groups[g].token].initial != 0) skipped_here = groups[g].most;
      skipped += skipped_here;
      if (skipped_here > 0) unknown |= stamp;
      // Scoring the most promising early raises the threshold for what follows.
      if (g + 1 < groups.size() && memory_.touched.size() <= kTouchedMax) try_best(left + skipped + besides);
    }
    settle(table, unknown, skipped + table.name().penalty + table.all_missing() + scorer_.prior(), skipped + besides);
    for (const RecordNumber record : memory_.touched) memory_.sums[record] = 0;
    memory_.touched.clear();
  }

  void read(const EvidenceTable::Entry& entry, std::uint32_t stamp, const std::vector<Range>& ranges) {
    const std::uint32_t step = (static_cast<std::uint32_t>(entry.weight) + kStep - 1) / kStep << kQueryTokensMax;
    std::uint32_t* const sums = memory_.sums.data();
    const auto use = [&](RecordNumber record) {
      std::uint32_t& sum = sums[record];
      if (sum == 0) {
        if (!every_ && seen(record) == Seen::no) return;
        memory_.touched.push_back(record);
      } else if ((sum & stamp) != 0) {
        return;  // the same token of the query, and it was worth more
      }
      sum = (sum + step) | stamp;
    };
    if (ranges.size() > 1 && segment_.word_share(entry.word) <= kSmallShare) {
      std::size_t at = 0;
      segment_.postings(entry.word, ranges.front().begin, ranges.back().end, [&](RecordNumber record) {
        while (record >= ranges[at].end) ++at;
        if (record >= ranges[at].begin) use(record);
      });
      return;
    }
    for (const Range& range : ranges) segment_.postings(entry.word, range.begin, range.end, use);
  }

  Weight bound_of(RecordNumber record) const {
    return static_cast<Weight>(memory_.sums[record] >> kQueryTokensMax) * static_cast<Weight>(kStep);
  }

  /// Scores a few records with the greatest sums.
  void try_best(Weight besides) {
    auto& queue = memory_.queue;
    queue.clear();
    const std::size_t few = query_.limit + 4;
    const Weight threshold_now = threshold();
    Weight least = 0;
    for (const RecordNumber record : memory_.touched) {
      const Weight bound = bound_of(record);
      if (bound <= least || bound + besides <= threshold_now) continue;
      queue.emplace_back(bound, record);
      if (queue.size() >= 4 * few) {
        std::nth_element(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(few), queue.end(), first);
        queue.resize(few);
        least = std::min_element(queue.begin(), queue.end())->first;
      }
    }
    std::sort(queue.begin(), queue.end(), first);
    if (queue.size() > few) queue.resize(few);
    for (const auto& [bound, record] : queue) score(record);
  }

  static bool first(const std::pair<Weight, RecordNumber>& a, const std::pair<Weight, RecordNumber>& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  }

  /// Scores all that could still be among the best, the most promising first. `fixed`: what every record may add to its
  /// words, its facts aside; `besides`: with the most that facts can add.
  void settle(const EvidenceTable& table, std::uint32_t unknown, Weight fixed, Weight besides) {
    auto& queue = memory_.queue;
    queue.clear();
    const Weight threshold_now = threshold();
    for (std::size_t i = 0; i < memory_.touched.size(); ++i) {
      const RecordNumber record = memory_.touched[i];
      if (bound_of(record) + besides > threshold_now) queue.emplace_back(0, record);
    }
    for (std::size_t i = 0; i < queue.size(); ++i) {
      if (i + 16 < queue.size()) segment_.prefetch_facts(queue[i + 16].second);
      const RecordNumber record = queue[i].second;
      const auto met =
          static_cast<unsigned>(std::popcount((memory_.sums[record] | unknown) & table.counted_tokens()));
      queue[i].first =
          bound_of(record) + fixed + scorer_.quick_facts(record, table.counted(), met) + scorer_.slow_facts_bound();
    }
    std::erase_if(queue, [&](const auto& item) { return item.first <= threshold_now; });
    std::make_heap(queue.begin(), queue.end(), last);
    while (!queue.empty()) {
      // A few at a time, so that memory answers while others are scored.
      std::array<std::pair<Weight, RecordNumber>, 8> some;
      std::size_t size = 0;
      for (; size < some.size() && !queue.empty(); ++size) {
        std::pop_heap(queue.begin(), queue.end(), last);
        some[size] = queue.back();
        queue.pop_back();
        segment_.prefetch_body(some[size].second);
      }
      for (std::size_t i = 0; i < size; ++i) {
        if (some[i].first <= threshold()) return;
        if (++scored_ > kScoredMax) {
          answer_.bounded = true;
          return;
        }
        score(some[i].second);
      }
    }
  }
  static bool last(const std::pair<Weight, RecordNumber>& a, const std::pair<Weight, RecordNumber>& b) {
    return first(b, a);
  }

  const Query& query_;
  const Person& person_;
  const Part& part_;
  const Segment& segment_;
  std::uint32_t number_;
  const Scorer& scorer_;
  Best& open_;
  Best& referred_;
  Answer& answer_;
  Scratch& memory_;
  bool every_ = false;
  std::size_t scored_ = 0;
  std::vector<Range> near_, far_;
  Weight near_bound_ = 0, far_bound_ = 0;
};

/// One pass over all segments.
struct Pass {
  std::vector<std::unique_ptr<Scorer>> scorers;
  std::vector<Candidate> open, referred;
};

Pass pass(const State& state, const Shared& shared, const Query& query, const Person& person, Weight prior,
          Effort effort, bool exhaustively, std::span<const Candidate> likely, Answer& answer) {
  Pass out;
  const std::size_t limit = std::min(query.limit, kHitsMax);
  Best open(limit), referred(query.referred == nullptr ? 0 : limit);
  for (std::uint32_t i = 0; i < state.parts().size(); ++i) {
    const Part& part = state.parts()[i];
    out.scorers.push_back(std::make_unique<Scorer>(*shared.analyser, person, *part.segment, *state.common(),
                                                   state.statistics(), prior, effort));
    std::vector<RecordNumber> first;
    for (const Candidate& candidate : likely)
      if (candidate.part == i) first.push_back(candidate.record);
    PartSearch search(query, person, part, i, *out.scorers.back(), open, referred, answer);
    if (exhaustively) search.run_exhaustively();
    else search.run(first);
  }
  out.open = open.take();
  out.referred = referred.take();
  return out;
}

/// Whether a hit leaves nothing to look for: it is nearly certain, or each word that counts has met one that is spelt
/// nearly the same.
bool satisfying(const Trace& trace) {
  if (trace.score >= kCertain) return true;
  bool met = false;
  for (const Evidence& evidence : trace.evidence) switch (evidence.kind) {
      case EvidenceKind::missing:
      case EvidenceKind::contradiction:
      case EvidenceKind::skeleton: return false;
      case EvidenceKind::identifier: return true;
      case EvidenceKind::edit:
        if (evidence.edits > 1) return false;
        met = true;
        break;
      case EvidenceKind::birth_date:
        if (evidence.weight < 0) return false;
        break;
      default: met = met || evidence.kind <= EvidenceKind::syllables;
    }
  return met;
}

Weight prior_of(std::uint64_t population) {
  // Rounded as counts are: one record more or less must not show.
  return -model::weight(std::log(static_cast<double>(count_of(share_of(population)))));
}

std::string ticket() {
  SystemRandom random;
  return codec::base64url(random.bytes(16));
}

Hit hit_of(const State& state, const Pass& from, const Candidate& candidate) {
  Hit hit;
  hit.id = std::string(state.parts()[candidate.part].segment->id(candidate.record));
  hit.trace = from.scorers[candidate.part]->trace(candidate.record);
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
  Pass found = pass(state, shared, query, person, prior, Effort::near, exhaustively, {}, answer);

  bool satisfied = false;
  const auto look_at = [&](const std::vector<Candidate>& list) {
    for (std::size_t i = 0; i < list.size() && i < 3 && !satisfied; ++i)
      satisfied = satisfying(found.scorers[list[i].part]->trace(list[i].record));
  };
  look_at(found.open);
  look_at(found.referred);
  if (!satisfied && !person.names.empty()) {
    answer.widened = true;
    const std::size_t names = person.names.size();
    person.names.reserve(names * 5);
    for (std::size_t i = 0; i < names; ++i)
      for (QueryName& cut : cut_names(*shared.analyser, person.names[i], *state.common(), state.statistics(), 4))
        person.names.push_back(std::move(cut));
    std::vector<Candidate> likely = std::move(found.open);
    likely.insert(likely.end(), found.referred.begin(), found.referred.end());
    found = pass(state, shared, query, person, prior, Effort::wide, exhaustively, likely, answer);
  }

  for (const Candidate& candidate : found.open) {
    if (posterior_of(candidate.score) < query.posterior_min) continue;
    answer.hits.push_back(hit_of(state, found, candidate));
  }
  for (const Candidate& candidate : found.referred) {
    const double posterior = posterior_of(candidate.score);
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
                      prior_of(query.population != 0 ? query.population : state.records()), Effort::wide);
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
