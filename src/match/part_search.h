#pragma once

// The search of one segment: lists are read as the plan says, records that could be among the best are scored.

#include "match/reading_plan.h"
#include "match/score.h"
#include "match/state.h"

namespace entraide::match {

struct Candidate {
  Weight score = 0;
  RecordNumber record = 0;
  std::uint32_t part = 0;
};

/// The best so many of what is worth more than `least`.
class Best {
 public:
  Best(std::size_t limit, Weight least) : limit_(limit), least_(least) {}
  void add(const Candidate& candidate);
  bool full() const { return heap_.size() >= limit_; }
  /// What a record must exceed to matter.
  Weight threshold() const;
  std::vector<Candidate> take();

 private:
  std::size_t limit_;
  Weight least_, top_ = std::numeric_limits<Weight>::min() / 2;
  std::vector<Candidate> heap_;
};

class PartSearch {
 public:
  PartSearch(const Query& query, const Person& person, const Part& part, std::uint32_t number, const Scorer& scorer,
             Best& open, Best& referred, Answer& answer);

  /// `first`: records of this segment that are likely to be among the best.
  void run(std::span<const RecordNumber> first);
  void run_exhaustively();

 private:
  using Range = Segment::Range;
  enum class Seen : std::uint8_t { no, open, referred };
  struct Pending {
    Weight bound;
    RecordNumber record;
    bool many;
    Weight besides = 0;  // of the bound: what is not for words
  };
  struct Scratch;
  static Scratch& scratch();

  Seen seen(RecordNumber record) const;
  bool is_scored(RecordNumber record) const;
  Weight threshold() const;
  void score(RecordNumber record);
  void finish();
  void split_ranges();
  void collect(const EvidenceTable& table);
  void read(const EvidenceTable& table, std::uint32_t word, std::size_t tier, Weight besides);
  void take_in(Weight fixed);
  Weight most_of(RecordNumber record) const;
  bool may_matter(const Pending& found) const;
  bool score_pending(Weight least);
  void score_early();

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
  std::size_t scored_ = 0, passed_over_ = 0;
  const EvidenceTable* table_ = nullptr;  // whose lists are read
  struct Tier {
    std::vector<Range> ranges;
    Weight bound = 0;  // no record of them gets more for its date
  };
  static constexpr std::size_t kTiers = 3;
  std::array<Tier, kTiers> tiers_;
  struct Span {
    RecordNumber end;
    std::size_t tier;
  };
  std::vector<Span> spans_;  // all records of the segment, ascending: in which tier they are
};

}  // namespace entraide::match
