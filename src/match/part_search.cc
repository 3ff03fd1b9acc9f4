// Records are numbered by birth year, so that a birth date selects ranges of every list of records, and lists are read
// in those ranges first. Where the ranges hold good enough records, little of the rest is read.

#include "match/part_search.h"

#include <algorithm>
#include <limits>

#include "match/model.h"

namespace entraide::match {
namespace {

constexpr std::size_t kScoredMax = 800;  // records of a segment scored for a name
constexpr std::size_t kPassedOverMax = 1000;  // and looked at for nothing
constexpr double kReadMax = 16e6;  // postings read for a name
constexpr std::size_t kEarlyMax = 10;  // records scored for a name before it is known whether others are likelier
constexpr std::size_t kFreshMax = 1024;  // records found before they are looked at
constexpr Weight kBehind = model::weight(-9);  // what is so far behind the best is not looked for
constexpr Weight kNearly = model::weight(1.5);  // dates of one tier are worth nearly the same
constexpr Weight kNever = std::numeric_limits<Weight>::min() / 2;

bool better(const Candidate& a, const Candidate& b) {
  if (a.score != b.score) return a.score > b.score;
  return a.part != b.part ? a.part < b.part : a.record < b.record;
}

}  // namespace

void Best::add(const Candidate& candidate) {
  if (limit_ == 0 || candidate.score <= least_) return;
  if (heap_.size() == limit_) {
    if (!better(candidate, heap_.front())) return;
    std::pop_heap(heap_.begin(), heap_.end(), better);
    heap_.pop_back();
  }
  heap_.push_back(candidate);
  std::push_heap(heap_.begin(), heap_.end(), better);
  top_ = std::max(top_, candidate.score);
}

Weight Best::threshold() const {
  const Weight last = heap_.size() == limit_ && limit_ > 0 ? heap_.front().score : least_;
  return std::max(last, top_ + kBehind);
}

std::vector<Candidate> Best::take() {
  std::sort(heap_.begin(), heap_.end(), better);
  return std::move(heap_);
}

/// Working memory of a thread, kept between queries: a bit for each record of the greatest segment.
struct PartSearch::Scratch {
  std::vector<std::uint64_t> scored;
  std::vector<RecordNumber> scored_list;
  std::vector<Pending> fresh, pending;  // just found; a heap of what may have to be scored
  std::array<std::vector<bool>, kTiers> read;  // of the words of a table, for each tier of years
  MarkWorths worths;
  void fit(std::size_t records) {
    if (scored.size() * 64 < records) scored.resize(records / 64 + 1);
  }
};
PartSearch::Scratch& PartSearch::scratch() {
  thread_local Scratch of_thread;
  return of_thread;
}

PartSearch::PartSearch(const Query& query, const Person& person, const Part& part, std::uint32_t number,
                       const Scorer& scorer, Best& open, Best& referred, Answer& answer)
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

void PartSearch::run(std::span<const RecordNumber> first) {
  for (const RecordNumber record : first) score(record);
  for (const auto& [record, mark] : scorer_.identified())
    if (seen(record) != Seen::no) score(record);
  split_ranges();
  for (const EvidenceTable& table : scorer_.names()) {
    scored_ = 0;
    Weight all = 0;
    unsigned initials = 0;
    bool guessed = false;
    const std::vector<QueryToken>& tokens = table.name().tokens;
    for (std::size_t token = 0; token < tokens.size(); ++token) {
      all += table.most(token);
      initials += tokens[token].initial;
      guessed = guessed || tokens[token].guessed();
    }
    memory_.worths.begin(
        {static_cast<unsigned>(tokens.size()), table.counted(), initials,
         static_cast<unsigned>(std::popcount(table.needed_tokens())), guessed, table.most_likeness()},
        all);
    for (const EvidenceTable::Word& word : table.words()) memory_.worths.raise(word.word, word.weight, word.met);
    collect(table);
  }
  finish();
}

void PartSearch::run_exhaustively() {
  for (RecordNumber record = 0; record < segment_.records(); ++record)
    if (seen(record) != Seen::no) score(record);
  finish();
}

PartSearch::Seen PartSearch::seen(RecordNumber record) const {
  if (every_) return Seen::open;
  if (!part_.has(record)) return Seen::no;
  const std::uint16_t audience = segment_.audience(record);
  if (query_.open == nullptr || query_.open->has(audience)) return Seen::open;
  return query_.referred != nullptr && query_.referred->has(audience) ? Seen::referred : Seen::no;
}

Weight PartSearch::threshold() const {
  const Weight open = open_.threshold();
  return query_.referred == nullptr ? open : std::min(open, referred_.threshold());
}

bool PartSearch::is_scored(RecordNumber record) const {
  return (memory_.scored[record / 64] >> (record % 64) & 1) != 0;
}

void PartSearch::score(RecordNumber record) {
  if (is_scored(record)) return;
  memory_.scored[record / 64] |= std::uint64_t{1} << (record % 64);
  memory_.scored_list.push_back(record);
  const auto total = scorer_.score(record);
  ++answer_.considered;
  if (!total) return;
  (seen(record) == Seen::open ? open_ : referred_).add({*total, record, number_});
}

void PartSearch::finish() {
  for (const RecordNumber record : memory_.scored_list) memory_.scored[record / 64] = 0;
  memory_.scored_list.clear();
}

/// Years by what a record of them may get for its date: about the most, a little, or nothing but blame.
void PartSearch::split_ranges() {
  for (Tier& tier : tiers_) tier = {};
  spans_.clear();
  if (person_.born.empty()) {
    tiers_[0] = {{{0, 0, segment_.records()}}, 0};
    spans_.push_back({segment_.records(), 0});
    return;
  }
  const Weight most = date_bound(person_.born, 0);
  for (const Range& range : segment_.years()) {
    // No date is neither for nor against.
    const bool undated = range.year == 0 && !segment_.has_extras(range);
    const Weight bound = undated ? 0 : date_bound(person_.born, range.year);
    const std::size_t which = bound >= most - kNearly ? 0 : bound >= -kNearly ? 1 : 2;
    if (!spans_.empty() && spans_.back().tier == which) spans_.back().end = range.end;
    else spans_.push_back({range.end, which});
    Tier& tier = tiers_[which];
    tier.bound = tier.ranges.empty() ? bound : std::max(tier.bound, bound);
    if (!tier.ranges.empty() && tier.ranges.back().end == range.begin) tier.ranges.back().end = range.end;
    else tier.ranges.push_back(range);
  }
}

/// Finds and scores the records that could be among the best. Each tier of years has a plan: the one that promises the
/// most goes first.
void PartSearch::collect(const EvidenceTable& table) {
  table_ = &table;
  passed_over_ = 0;
  struct Side {
    ReadingPlan plan;
    std::size_t tier;
    Weight date_bound;  // no record of them gets more for its date
    bool done = false;
    Weight most() const { return done ? kNever : plan.unread() + date_bound; }
  };
  // What a record has besides its words, at most.
  const Weight fixed = scorer_.prior() + table.name().penalty;
  const Weight besides = fixed + scorer_.facts_bound();
  const Weight none_met = besides + table.all_missing();
  memory_.pending.clear();
  memory_.fresh.clear();
  std::vector<Side> sides;
  for (std::size_t i = 0; i < kTiers; ++i) {
    const Tier& tier = tiers_[i];
    memory_.read[i].assign(table.words().size(), false);
    if (tier.ranges.empty()) continue;
    std::uint64_t within = 0;
    for (const Range& range : tier.ranges) within += range.end - range.begin;
    sides.push_back(
        {ReadingPlan(table, static_cast<double>(within) / static_cast<double>(segment_.records())), i, tier.bound});
  }
  // A record is scored once nothing unread could be worth more: no other order scores fewer.
  while (!sides.empty()) {
    Side& side = *std::ranges::max_element(sides, {}, &Side::most);
    if (side.done || !score_pending(none_met + side.most()) || none_met + side.most() <= threshold()) break;
    const auto words = side.plan.next();
    side.done = words.empty();
    if (side.plan.read() > kReadMax) {
      answer_.bounded = true;
      break;
    }
    for (std::size_t i = 0; i < words.size(); ++i) {
      // What is read next should be on its way.
      if (i + 8 < words.size()) segment_.prefetch_posting_offset(table.words()[words[i + 8]].word);
      if (i + 4 < words.size()) segment_.prefetch_postings(table.words()[words[i + 4]].word);
      read(table, words[i], side.tier, besides);
      if (memory_.fresh.size() >= kFreshMax) take_in(fixed);
    }
    take_in(fixed);
    score_early();
  }
  score_pending(kNever);
}

void PartSearch::read(const EvidenceTable& table, std::uint32_t which, std::size_t tier, Weight besides) {
  if (memory_.read[tier][which]) return;
  memory_.read[tier][which] = true;
  const EvidenceTable::Word& word = table.words()[which];
  const Segment::List list = segment_.list(word.word);
  const Worth own = MarkWorths::worth(word.weight, word.met, 0);
  std::array<int, kTiers> least{};
  for (std::size_t i = 0; i < kTiers; ++i)
    least[i] = (threshold() - besides - tiers_[i].bound) >> 4;  // most * kStep + besides + bound > threshold
  const auto found = [&](RecordNumber record, int most, bool many) {
    if (seen(record) == Seen::no) return;
    __builtin_prefetch(&memory_.scored[record / 64]);
    if (many) segment_.prefetch_body_offset(record);
    segment_.prefetch_facts(record);
    memory_.fresh.push_back({most * MarkWorths::kStep, record, many});
  };
  if (!list.one_block()) {
    segment_.scan(list, tiers_[tier].ranges, memory_.worths, own, least[tier], found);
    return;
  }
  // To find a short list costs more than to read it: it is read once, for all tiers.
  for (std::vector<bool>& read : memory_.read) read[which] = true;
  int lowest = std::numeric_limits<int>::max();
  for (const Span& span : spans_) lowest = std::min(lowest, least[span.tier]);
  auto span = spans_.begin();
  segment_.scan(list, memory_.worths, own, lowest, [&](RecordNumber record, int most, bool many) {
    while (record >= span->end) ++span;
    if (most > least[span->tier]) found(record, most, many);
  });
}

/// Records that have just been found, with what their facts say.
void PartSearch::take_in(Weight fixed) {
  const Weight threshold_now = threshold();
  auto& fresh = memory_.fresh;
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    // What is looked at next should be on its way.
    if (i + 8 < fresh.size() && fresh[i + 8].many) segment_.prefetch_body(fresh[i + 8].record);
    Pending found = fresh[i];
    if (is_scored(found.record)) continue;
    if (found.many) found.bound = std::min(found.bound, most_of(found.record));
    found.besides = fixed + scorer_.quick_facts(found.record) + scorer_.slow_facts_bound();
    found.bound += found.besides;
    if (found.bound <= threshold_now) continue;
    segment_.prefetch_body_offset(found.record);
    memory_.pending.push_back(found);
    std::push_heap(memory_.pending.begin(), memory_.pending.end(),
                   [](const Pending& a, const Pending& b) { return a.bound < b.bound; });
  }
  fresh.clear();
}

/// What the words of a record are worth at most, by all of them.
Weight PartSearch::most_of(RecordNumber record) const {
  int most = std::numeric_limits<int>::min() / 2;
  IndexedName name;
  std::array<bool, text::kTokensMax> counted;
  const auto part = [](Worth worth, unsigned from, unsigned to) { return worth >> from & ((1u << (to - from)) - 1); };
  for (NameReader names(segment_.body(record)); names.next(name);) {
    for (unsigned i = 0; i < name.size; ++i) counted[i] = counts(name.roles[i]);
    unsigned weight = 0, met = 0, strangers = 0;
    const auto add = [&](Mark mark) {
      const Worth worth = memory_.worths.of(mark);
      weight += part(worth, 0, kMetShift);
      met += part(worth, kMetShift, kStrangersShift);
      strangers += part(worth, kStrangersShift, 32);
    };
    for (unsigned k = 0; k < name.compounds_size; ++k) {
      const IndexedName::Compound& compound = name.compounds[k];
      for (unsigned i = compound.first; i < unsigned{compound.first} + compound.count; ++i) counted[i] = false;
      add(mark_of(compound.word, false));
    }
    for (unsigned i = 0; i < name.size; ++i) add(mark_of(name.words[i], counted[i]));
    most = std::max(most, memory_.worths.most(static_cast<int>(weight), met, strangers));
  }
  return most * MarkWorths::kStep;
}

/// A bound takes for granted that words that contradict are as alike as any. Most are not, which costs less to see than to score.
bool PartSearch::may_matter(const Pending& found) const {
  const EvidenceTable& table = *table_;
  if (table.has_initials()) return true;
  const Weight most_like = table.most_likeness(), least = threshold();
  const std::uint32_t counted = table.counted_tokens();
  const unsigned counted_size = table.counted();
  IndexedName name;
  for (NameReader names(segment_.body(found.record)); names.next(name);) {
    if (name.kind == NameKind::father || name.kind == NameKind::mother) continue;
    for (unsigned i = 0; i < name.compounds_size; ++i)
      if (table.find(name.compounds[i].word) != nullptr) return true;
    int weight = 0;
    unsigned met = 0, strangers = 0;
    std::array<WordNumber, 4> others;
    for (unsigned i = 0; i < name.size; ++i) {
      const Term* term = table.find(name.words[i]);
      if (term == nullptr) {
        if (!counts(name.roles[i])) continue;
        if (strangers == others.size()) return true;
        others[strangers++] = name.words[i];
        continue;
      }
      Weight best = 0;
      bool meets = false;
      for (; term != nullptr; term = table.next(*term)) {
        if (term->count > 1) return true;
        best = std::max(best, term->weight);
        meets = meets || (counted >> term->first & 1) != 0;
      }
      weight += MarkWorths::steps(best);
      met += meets;
    }
    const unsigned missing = counted_size - std::min(counted_size, met), both = std::min(missing, strangers);
    if (both == 0 || missing != strangers) return true;  // of unequal numbers, those written together may be alike
    Weight like = 0;
    for (unsigned i = 0; i < strangers && like < most_like; ++i)
      for (std::uint32_t tokens = counted; tokens != 0; tokens &= tokens - 1)
        like = std::max(like, table.likeness(static_cast<std::size_t>(std::countr_zero(tokens)), others[i]));
    if (like >= most_like) return true;
    if (memory_.worths.most(weight, met, strangers) * MarkWorths::kStep + found.besides -
            static_cast<Weight>(both) * (most_like - std::min(like, most_like)) >
        least)
      return true;
  }
  return false;
}

/// As long as there are fewer hits than are wanted, nearly every record matters: a few of the likeliest are scored before
/// it is known whether others are likelier.
void PartSearch::score_early() {
  const auto last = [](const Pending& a, const Pending& b) { return a.bound < b.bound; };
  for (; scored_ < kEarlyMax && !memory_.pending.empty() && !open_.full(); ++scored_) {
    std::pop_heap(memory_.pending.begin(), memory_.pending.end(), last);
    const RecordNumber record = memory_.pending.back().record;
    memory_.pending.pop_back();
    score(record);
  }
}

/// Scores what could be worth `least` or more and matters, the most promising first. False when there has been enough.
bool PartSearch::score_pending(Weight least) {
  auto& pending = memory_.pending;
  const auto last = [](const Pending& a, const Pending& b) { return a.bound < b.bound; };
  while (!pending.empty() && pending.front().bound >= least && pending.front().bound > threshold()) {
    // A few at a time, so that memory answers while others are scored.
    std::array<Pending, 8> some;
    std::size_t size = 0;
    for (; size < some.size() && !pending.empty() && pending.front().bound >= least; ++size) {
      std::pop_heap(pending.begin(), pending.end(), last);
      some[size] = pending.back();
      pending.pop_back();
    }
    for (std::size_t i = 0; i < size; ++i) segment_.prefetch_body(some[i].record);
    for (std::size_t i = 0; i < size; ++i) {
      if (some[i].bound <= threshold()) break;
      if (is_scored(some[i].record)) continue;
      const bool matters = may_matter(some[i]);
      if (!matters) ++passed_over_;
      if (scored_ + matters > kScoredMax || passed_over_ > kPassedOverMax) {
        answer_.bounded = true;
        return false;
      }
      if (!matters) continue;
      ++scored_;
      score(some[i].record);
    }
  }
  return true;
}

}  // namespace entraide::match
