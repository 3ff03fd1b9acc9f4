// Which word of the query stands for which of a name, so that together they are worth most.

#include <algorithm>

#include "match/collector.h"
#include "match/model.h"
#include "match/score.h"

namespace entraide::match {
namespace {

struct Option {
  Meeting meeting;
  std::uint32_t words = 0;  // of the record's name, as bits
};

constexpr std::size_t kOptionsMax = 160;
constexpr unsigned kStepsMax = 3000;

/// The search for the best assignment: token by token, each with one of its options or none.
class Assignment {
 public:
  Assignment(const EvidenceTable& table, const Segment& segment, const IndexedName& name)
      : table_(table), tokens_(table.name().tokens), name_(name), needed_(table.needed_tokens()) {
    collect(table, segment);
    for (unsigned i = 0; i < name.size; ++i)
      if (counts(name.roles[i])) countable_ |= 1u << i;
  }

  NameScore best() {
    bound();
    NameScore now;
    best_.weight = model::weight(-1e5);
    step(0, 0, 0, now);
    return best_;
  }

 private:
  void collect(const EvidenceTable& table, const Segment& segment) {
    const auto add = [&](const Meeting& meeting) {
      if (size_ == kOptionsMax || std::size_t{meeting.first} + meeting.count > tokens_.size()) return;
      options_[size_++] = {meeting, ((1u << meeting.record_count) - 1) << meeting.record_first};
    };
    const auto terms = [&](WordNumber word, unsigned first, unsigned count) {
      for (const Term* term = table.find(word); term != nullptr; term = table.next(*term))
        add({term->kind, term->first, term->count, static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(count),
             term->weight, term});
    };
    for (unsigned i = 0; i < name_.size; ++i) terms(name_.words[i], i, 1);
    for (unsigned i = 0; i < name_.compounds_size; ++i)
      if (name_.compounds[i].count < 32)
        terms(name_.compounds[i].word, name_.compounds[i].first, name_.compounds[i].count);
    if (table.has_initials())
      for (unsigned i = 0; i < name_.size; ++i) {
        if (name_.words[i] >= segment.words()) continue;
        const char letter = segment.initial(name_.words[i]);
        for (std::size_t token = 0; token < tokens_.size(); ++token)
          if (tokens_[token].initial && table.begins(token, letter))
            add({EvidenceKind::initial, static_cast<std::uint8_t>(token), 1, static_cast<std::uint8_t>(i), 1,
                 model::kInitialWorth, nullptr});
      }
    std::sort(options_.begin(), options_.begin() + static_cast<std::ptrdiff_t>(size_),
              [](const Option& a, const Option& b) {
                if (a.meeting.first != b.meeting.first) return a.meeting.first < b.meeting.first;
                if (a.meeting.weight != b.meeting.weight) return a.meeting.weight > b.meeting.weight;
                return a.words < b.words;
              });
  }

  /// After token i at most this much can still be won.
  void bound() {
    std::size_t at = size_;
    for (std::size_t i = tokens_.size(); i-- > 0;) {
      most_[i] = most_[i + 1];
      while (at > 0 && options_[at - 1].meeting.first == i) {
        --at;
        const Meeting& meeting = options_[at].meeting;
        most_[i] = std::max(most_[i], meeting.weight + most_[i + meeting.count]);
      }
      begin_[i] = at;
    }
    begin_[tokens_.size()] = size_;
  }

  void step(std::size_t token, std::uint32_t used, std::uint32_t met, NameScore& now) {
    if (++steps_ > kStepsMax) return;
    if (now.weight + most_[token] <= best_.weight) return;
    if (token == tokens_.size()) return close(used, met, now);
    for (std::size_t i = begin_[token]; i < size_ && options_[i].meeting.first == token; ++i) {
      const Option& option = options_[i];
      if ((option.words & used) != 0 || now.meetings_size == now.meetings.size()) continue;
      now.meetings[now.meetings_size++] = option.meeting;
      now.weight += option.meeting.weight;
      step(token + option.meeting.count, used | option.words,
           met | ((1u << option.meeting.count) - 1) << option.meeting.first, now);
      now.weight -= option.meeting.weight;
      --now.meetings_size;
    }
    step(token + 1, used, met, now);
  }

  void close(std::uint32_t used, std::uint32_t met, const NameScore& now) {
    if ((needed_ & ~met) != 0) return;
    unsigned missing = 0;
    for (std::size_t i = 0; i < tokens_.size(); ++i) missing += tokens_[i].counts && (met >> i & 1) == 0;
    const auto extra = static_cast<unsigned>(std::popcount(countable_ & ~used));
    const unsigned both = std::min(missing, extra);
    bool out_of_order = false;
    for (unsigned i = 1; i < now.meetings_size; ++i)
      out_of_order = out_of_order || now.meetings[i].record_first < now.meetings[i - 1].record_first;
    const Weight contradiction =
        model::kContradiction - (both == 0 ? 0 : taken_by_another(now) / static_cast<Weight>(both));
    Weight weight = now.weight + static_cast<Weight>(missing - both) * model::kMissing +
                    model::extra_words(extra - both, both > 0) + (out_of_order ? model::kOrder : 0);
    if (weight + static_cast<Weight>(both) * model::kMissing <= best_.weight) return;
    const Others others = both == 0 ? Others() : others_of(used, met, both);
    std::uint32_t left = ~met;
    const auto contradict = [&](unsigned token, Weight likeness) {
      weight += worth_of_another(contradiction, likeness, tokens_[token]);
      left &= ~(1u << token);
    };
    for (unsigned i = 0; i < others.size; ++i) contradict(others.alike[i].token, others.alike[i].likeness);
    for (unsigned token = 0, rest = both - others.size; rest > 0 && token < tokens_.size(); ++token) {
      if (!tokens_[token].counts || (left >> token & 1) == 0) continue;
      contradict(token, others.joined);
      --rest;
    }
    if (weight <= best_.weight) return;
    best_ = now;
    best_.weight = weight;
    best_.alike_size = others.size;
    best_.alike = others.alike;
    best_.joined = others.joined;
    best_.contradictions = static_cast<std::uint8_t>(both);
    best_.missing = static_cast<std::uint8_t>(missing - both);
    best_.extra = static_cast<std::uint8_t>(extra - both);
    best_.contradiction = contradiction;
    best_.out_of_order = out_of_order;
  }

  /// Of what the words bring that agree, what one other word takes away.
  static Weight taken_by_another(const NameScore& now) {
    Weight best = 0;
    for (unsigned i = 0; i < now.meetings_size; ++i) best = std::max(best, now.meetings[i].weight);
    const Weight others = std::max<Weight>(0, now.weight - best);
    return static_cast<Weight>(best * model::kContradictionTakes + others * model::kContradictionTakesMore);
  }

  struct Others {
    std::uint8_t size = 0;
    decltype(NameScore::alike) alike{};
    Weight joined = 0;
  };
  /// Of the words that have not met, those that are alike, each once, the most alike first, `most` at most; or all of them
  /// as if they were written together, where that is more.
  Others others_of(std::uint32_t used, std::uint32_t met, unsigned most) const {
    Others out;
    std::uint32_t tokens = 0, words = countable_ & ~used;
    for (std::size_t token = 0; token < tokens_.size(); ++token)
      if (tokens_[token].counts && (met >> token & 1) == 0) tokens |= 1u << token;
    if ((tokens & (tokens - 1)) == 0 && (words & (words - 1)) == 0) {  // one of each, as mostly
      const int token = std::countr_zero(tokens), word = std::countr_zero(words);
      if (const Weight like =
              table_.likeness(static_cast<std::size_t>(token), name_.words[static_cast<std::size_t>(word)]);
          like > 0)
        out.alike[out.size++] = {static_cast<std::uint8_t>(token), static_cast<std::uint8_t>(word), like};
      return out;
    }
    out.joined = table_.likeness(tokens, name_, words);
    // Of long names the first few: what is not looked at is as different as can be.
    constexpr unsigned kEach = 6;
    NameScore::Alike pairs[kEach * kEach];
    unsigned size = 0, rows = 0;
    for (std::uint32_t ours = tokens; ours != 0 && rows < kEach; ours &= ours - 1, ++rows) {
      unsigned columns = 0;
      for (std::uint32_t theirs = words; theirs != 0 && columns < kEach; theirs &= theirs - 1, ++columns) {
        const auto token = static_cast<unsigned>(std::countr_zero(ours)),
                   word = static_cast<unsigned>(std::countr_zero(theirs));
        if (const Weight like = table_.likeness(token, name_.words[word]); like > 0)
          pairs[size++] = {static_cast<std::uint8_t>(token), static_cast<std::uint8_t>(word), like};
      }
    }
    Weight sum = 0;
    while (out.size < std::min<std::size_t>(most, out.alike.size())) {
      const NameScore::Alike* best = nullptr;
      for (unsigned i = 0; i < size; ++i)
        if ((tokens >> pairs[i].token & 1) != 0 && (words >> pairs[i].word & 1) != 0 &&
            (best == nullptr || pairs[i].likeness > best->likeness))
          best = &pairs[i];
      if (best == nullptr) break;
      out.alike[out.size++] = *best;
      sum += best->likeness;
      tokens &= ~(1u << best->token);
      words &= ~(1u << best->word);
    }
    if (sum > out.joined * static_cast<Weight>(most)) out.joined = 0;
    else out.size = 0;
    return out;
  }

  const EvidenceTable& table_;
  const std::vector<QueryToken>& tokens_;
  const IndexedName& name_;
  std::uint32_t needed_;  // a word is cut only where all its parts are met
  static thread_local std::array<Option, kOptionsMax> options_;  // kept: clearing it for every name would take longer
  std::size_t size_ = 0;
  std::array<Weight, kQueryTokensMax + 1> most_{};
  std::array<std::size_t, kQueryTokensMax + 1> begin_{};
  std::uint32_t countable_ = 0;
  unsigned steps_ = 0;
  NameScore best_;
};

thread_local std::array<Option, kOptionsMax> Assignment::options_;

bool inexact(const Meeting& meeting) {
  return meeting.kind == EvidenceKind::edit || meeting.kind == EvidenceKind::skeleton ||
         meeting.kind == EvidenceKind::initial;
}

}  // namespace

NameScore score_name(const EvidenceTable& table, const Segment& segment, const IndexedName& name) {
  NameScore out = Assignment(table, segment, name).best();
  if (name.kind == NameKind::weak_alias) {
    const bool loose = std::any_of(out.meetings.begin(), out.meetings.begin() + out.meetings_size, inexact);
    out.kind_weight = model::kWeakAlias + (loose ? model::kWeakAliasInexact : 0);
  } else if (name.kind == NameKind::former) {
    out.kind_weight = model::kFormerName;
  }
  out.weight += out.kind_weight + table.name().penalty;
  return out;
}

Weight worth_of_another(Weight contradiction, Weight likeness, const QueryToken& token) {
  return std::min(model::kMissing, contradiction + likeness + (token.guessed() ? model::kGuessed : 0));
}

}  // namespace entraide::match
