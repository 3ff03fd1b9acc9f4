#pragma once

// The score of one record: names assigned word by word, facts compared, everything summed; and the same sum as a
// trace.

#include "match/evidence.h"
#include "match/facts.h"

namespace entraide::match {

/// A word or two of the query and of a record's name that have met.
struct Meeting {
  EvidenceKind kind = EvidenceKind::exact;
  std::uint8_t first = 0, count = 1;              // of the query's tokens
  std::uint8_t record_first = 0, record_count = 1;
  Weight weight = 0;
  const Term* term = nullptr;                     // null: an initial of the query
};

struct NameScore {
  Weight weight = 0;
  std::uint8_t meetings_size = 0;
  std::array<Meeting, kQueryTokensMax> meetings;
  // What the weight is made of besides meetings.
  std::uint8_t contradictions = 0, missing = 0, extra = 0;
  std::uint8_t alike_size = 0;  // of the contradictions: so many are between words that are alike
  struct Alike {
    std::uint8_t token = 0, word = 0;  // of the query and of the record's name
    Weight likeness = 0;
  };
  std::array<Alike, 4> alike;
  Weight joined = 0;  // how alike all are, written together, where that is more
  Weight contradiction = 0;  // of each, but for how alike they are
  bool out_of_order = false;
  Weight kind_weight = 0;
  bool empty() const { return meetings_size == 0; }
};

/// The best assignment of a name's words to the query's, each used once. Exact while it takes few steps, the best
/// found so far beyond that.
NameScore score_name(const EvidenceTable& table, const Segment& segment, const IndexedName& name);
/// What a word of the query and another one of the record take away. `contradiction`: NameScore::contradiction.
Weight worth_of_another(Weight contradiction, Weight likeness, const QueryToken& token);

/// What is sought, prepared once a query: nothing here depends on a segment.
struct Person {
  std::vector<QueryName> names;     // and their cut versions
  std::vector<QueryName> parents;   // kind says which
  std::vector<BirthDate> born;
  Gender gender = Gender::unknown;
  std::vector<std::uint16_t> countries;
  std::vector<std::vector<std::string>> places;
  struct Mark {
    IdentifierType type;
    std::uint64_t key;
    bool near;
  };
  std::vector<Mark> marks;
};
Person prepare(const text::Analyser& analyser, const Record& person);

/// How a record of a segment compares with what is sought.
class Scorer {
 public:
  /// `person` must outlive the scorer.
  Scorer(const text::Analyser& analyser, const Person& person, const Segment& segment, const Segment& common,
         const Statistics& statistics, Weight prior, Effort effort, double expected = 0);
  /// A scorer of wide effort from one of near effort: `person` has the same names first, and others after them.
  Scorer(const Scorer& near, const Person& person, const Segment& common, const Statistics& statistics);

  const std::vector<EvidenceTable>& names() const { return names_; }
  const std::vector<std::pair<RecordNumber, Person::Mark>>& identified() const { return identified_; }
  Weight prior() const { return prior_; }
  /// From here on, how alike words are that do not meet is read by their letters.
  void look_closely() {
    for (EvidenceTable& table : names_) table.look_closely();
  }

  /// Nothing where no word and no identifier has met.
  std::optional<Weight> score(RecordNumber record) const;
  /// The same, with reasons. Only for records that have a score.
  Trace trace(RecordNumber record) const;
  /// No record scores more for gender, countries, places, parents and identifiers together.
  Weight facts_bound() const { return facts_bound_; }
  /// The part of it that is quickly known: gender, country, birth date; what needs the extras at most.
  Weight quick_facts(RecordNumber record) const;
  Weight slow_facts_bound() const { return slow_facts_bound_; }

 private:
  struct Finding;
  std::optional<Weight> evaluate(RecordNumber record, Trace* trace) const;
  Weight identifiers(RecordNumber record, Trace* trace) const;
  Weight parents(RecordNumber record, Trace* trace) const;
  void describe(const NameScore& best, const EvidenceTable& table, std::string_view record_text, Trace& trace) const;

  const text::Analyser& analyser_;
  const Person& person_;
  const Segment& segment_;
  Weight prior_;
  double expected_ = 0;
  std::vector<EvidenceTable> names_, parents_;
  std::vector<std::pair<RecordNumber, Person::Mark>> identified_;  // by record
  Weight facts_bound_ = 0, slow_facts_bound_ = 0;
};

}  // namespace entraide::match
