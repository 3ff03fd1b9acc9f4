#pragma once

// The matching engine: find the person, whatever the script, and say why.
//
//     auto analyser = std::make_shared<const text::Analyser>(TRY(text::Analyser::make()));
//     Builder builder(analyser);
//     for (const Record& record : records) TRY(builder.add(record));
//     TRY(builder.write("persons.idx"));
//
//     auto index = TRY(Index::open("persons.idx", analyser));
//     Answer answer = index->snapshot().search({.person = {.names = {{"Мухаммад Хусейн"}}, .born = {{1960}}}});
//     for (const Hit& hit : answer.hits) use(hit.id, hit.posterior, hit.trace);
//
// The score of a record is the sum of what each piece of evidence is worth, in natural logarithms of odds
// (Fellegi and Sunter), where a rare name is worth more than a common one *in this register*; with the prior
// it gives the probability that the record is the person. The trace of a hit holds the very numbers that were added:
// they are integers, so that they sum to the score to the last bit.
//
// The library reads and writes index files and nothing else. It starts no threads but those of `Builder::add`.

#include <memory>
#include <span>

#include "base/ids.h"
#include "match/record.h"
#include "text/text.h"

namespace entraide::match {

/// Raised whenever the same index would answer otherwise. `kFormat` is that of index files.
inline constexpr std::uint32_t kEngine = 5;
inline constexpr std::uint32_t kFormat = 2;

// ---- evidence ------------------------------------------------------------------------------

/// Odds in natural logarithms, times 1024. Whole numbers, so that sums do not depend on their order.
using Weight = std::int32_t;
inline constexpr double kWeightUnit = 1024;

enum class EvidenceKind : std::uint8_t {
  exact,        // the same word
  variant,      // two spellings of one name (Mohamed, Muhammad)
  nickname,     // Bill, William
  romanised,    // the same word through a script's learned renderings
  spelling,     // another regular way to write the same letters
  bare,         // with and without the article or prefix
  glued,        // written as one word and as several
  syllables,    // East Asian syllables, whichever romanisation
  skeleton,     // the same consonants
  edit,         // a few letters differ
  initial,      // a letter for a name
  order,        // the words stand in another order
  missing,      // a word of the query that the record's name has not
  extra,        // a word of the record's name that the query has not
  contradiction,  // a word on each side that should have met
  name_kind,    // the name that matched is a weak alias or a former name
  birth_date,
  gender,
  country,
  birth_place,
  father,
  mother,
  identifier,
};
inline constexpr std::size_t kEvidenceKinds = 23;
/// A stable lower-case word: "exact", "birth_date".
std::string_view word_for(EvidenceKind kind);

/// How two birth dates relate, best first.
enum class DateLevel : std::uint8_t {
  equal,
  year_month,      // the same year and month, and one side knows no day
  flipped,         // day and month have changed places
  one_digit,       // one digit of the whole date differs
  year,            // the same year, and one side knows no more (or says 1 January, which often means the same)
  same_year,       // the same year, but another day and month
  one_year,
  two_years,
  digits_swapped,  // the last two digits of the year have changed places
  disjoint,
};
inline constexpr std::size_t kDateLevels = 10;
std::string_view word_for(DateLevel level);

/// One piece of evidence: what was compared, how it agreed, what that is worth.
struct Evidence {
  EvidenceKind kind = EvidenceKind::exact;
  Weight weight = 0;
  text::Span query;         // bytes of the query's name (father, place, ...); empty where there is none
  text::Span record;        // bytes of the record's name
  std::uint8_t rank = 0;    // romanised: which of the renderings
  std::uint8_t of = 0;
  std::uint8_t edits = 0;   // edit: how many letters
  DateLevel level = DateLevel::equal;    // birth_date
  std::uint32_t shared_by = 0;           // about how many records of the register share this value; 0: not counted
  // The shared form, date, country or kind of identifier, never an identifier's value; of a contradiction "alike", where the
  // words have letters and sounds in common.
  std::string detail;
};

/// Why a record has its score. The prior, the evidence and nothing else sum to `score`.
struct Trace {
  Weight prior = 0;  // of one record among so many, before anything is compared
  std::vector<Evidence> evidence;
  Weight score = 0;
  double posterior = 0;  // calibrated from `score` and `prior` by the table that ships with the engine
  std::uint8_t query_name = 0;  // which of the person's names
  std::uint8_t record_name = 0;  // which of the record's names
  std::string query_text;  // as written
  std::string record_text;
};

/// The calibrated probability of a score in a register of this prior. Never falls as the score rises. `expected`: see
/// Query::expected. Any thread.
double posterior_of(Weight score, Weight prior, double expected = 0);

/// The trace as text for people, in "en", "fr", "es" or "ar"; any other language gives English.
std::string explain(const Trace& trace, std::string_view language);
/// One piece of it.
std::string explain(const Trace& trace, const Evidence& evidence, std::string_view language);

// ---- asking --------------------------------------------------------------------------------

/// A set of audiences. What a record's number of audience means, and who belongs to it, is the caller's business.
class Audiences {
 public:
  /// At most kAudienceMax.
  void add(std::uint32_t audience) {
    ENSURE(audience <= kAudienceMax);
    if (audience / 64 >= words_.size()) words_.resize(audience / 64 + 1);
    words_[audience / 64] |= std::uint64_t{1} << (audience % 64);
  }
  bool has(std::uint32_t audience) const {
    return audience / 64 < words_.size() && (words_[audience / 64] >> (audience % 64) & 1) != 0;
  }

 private:
  std::vector<std::uint64_t> words_;
};

struct Query {
  Record person;  // id and audience are not looked at
  std::size_t limit = 10;  // at most kHitsMax
  double posterior_min = 0;  // hits below it are left out
  /// Whose records the asker may see; null: all. A record outside both sets counts nowhere: not in ranks, not in
  /// counts, not in the work done.
  const Audiences* open = nullptr;
  /// Whose records answer only with a referral to their owner.
  const Audiences* referred = nullptr;
  std::uint64_t population = 0;  // the prior is 1 / this; 0: the number of records of the snapshot
  /// How many of those whom the asker asks for have a record, as a share above 0 and below 1: at a border few, in the
  /// inquiry after a suspect many. Probabilities are of such askers; scores and order do not depend on it. Anything else: two
  /// in three, which is what the probabilities were learned from.
  double expected = 0;
};
inline constexpr std::size_t kHitsMax = 1000;

struct Hit {
  std::string id;
  Weight score = 0;
  double posterior = 0;
  Trace trace;
};

/// A hit that the asker must not learn of: it goes to the owner's queue, and the asker may be given its ticket,
/// which says nothing and is another one each time.
struct Referral {
  std::string ticket;  // 22 characters
  std::string id;
  double posterior = 0;
};

struct Answer {
  std::vector<Hit> hits;  // best first; equal scores by id
  std::vector<Referral> referrals;
  std::uint64_t considered = 0;  // visible records that were scored
  bool widened = false;  // the second, wider search was needed
  bool bounded = false;  // the limit on work was reached: rarer spellings may be missing
};

// ---- the index -----------------------------------------------------------------------------

struct Facts {
  std::uint64_t records = 0;
  std::uint64_t names = 0;
  std::uint64_t words = 0;  // distinct
  std::uint64_t bytes = 0;  // of all segments, files and memory
  std::size_t segments = 0;
  std::string versions;  // format, engine, tables, ICU and Unicode
  Digest content;  // of the first segment
};

class State;
struct Shared;

/// The index as it was at one moment. Cheap to copy; what it shows never changes. Any thread.
class Snapshot {
 public:
  Answer search(const Query& query) const;
  /// Every visible record scored, no candidates chosen: the measure for `search`. Slow.
  Answer search_exhaustively(const Query& query) const;
  /// One record against a query; nothing where there is no such record that the asker may see.
  std::optional<Hit> compare(const Query& query, std::string_view id) const;
  /// The names and facts of a record as they are kept (identifiers are kept as hashes and not given back).
  std::optional<Record> find(std::string_view id) const;
  Facts facts() const;

 private:
  friend class Index;
  std::shared_ptr<const State> state_;
  std::shared_ptr<const Shared> shared_;
};

/// A register of persons that can be searched while it changes. Readers take snapshots and never wait; writers take
/// turns. What is written becomes visible to later snapshots when the call returns. Changes live in memory until
/// `write`: whoever keeps the ledger applies them again after a restart.
class Index {
 public:
  /// Maps an index file; reads only its header. Rules: match.index.form (not an index, cut off or damaged),
  /// match.index.version (built under other versions: build it again), file.read.
  static Result<std::unique_ptr<Index>> open(const std::string& path, std::shared_ptr<const text::Analyser> analyser);
  static std::unique_ptr<Index> empty(std::shared_ptr<const text::Analyser> analyser);
  ~Index();

  Snapshot snapshot() const;

  /// All or none, in one step for readers. Rules: match.record.*, match.record.exists.
  Result<> insert(std::span<const Record> records);
  Result<> insert(const Record& record) { return insert({&record, 1}); }
  /// Replaces the record of that id in one step. Rules: match.record.*, match.record.unknown.
  Result<> correct(const Record& record);
  /// Rule: match.record.unknown.
  Result<> withdraw(std::string_view id);

  /// Joins small segments so that searches stay fast; searches and inserts go on meanwhile. Call it now and then
  /// from a thread that may take its time. True if it did something.
  bool maintain();
  /// Writes all that is visible now as one index file: a new file, synced, then renamed over `path`. Equal records
  /// give equal bytes, in whatever order they came. Rules: file.write, match.index.size.
  Result<Digest> write(const std::string& path) const;

 private:
  Index();
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// Checks every byte of an index file against the hash in its header. Rules as Index::open, match.index.hash.
Result<Digest> verify_index(const std::string& path);

/// Makes an index file from records. One thread calls; `add` may use several for the analysis of a batch.
class Builder {
 public:
  explicit Builder(std::shared_ptr<const text::Analyser> analyser, unsigned threads = 1);
  Builder(Builder&&) noexcept;
  ~Builder();

  /// Rules: match.record.*. A failed batch leaves the builder as it was.
  Result<> add(std::span<const Record> records);
  Result<> add(const Record& record) { return add({&record, 1}); }
  /// Rules: match.record.exists (two records of one id), match.index.size, file.write. The builder is empty then.
  Result<Digest> write(const std::string& path);
  /// The same bytes in memory.
  Result<Bytes> bytes();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// ---- standing queries ----------------------------------------------------------------------

struct Alert {
  std::string standing;  // the id of the standing query
  std::string record;  // the id of the record
  Hit hit;  // the standing query's person is the record of its trace
};

/// Queries that wait for records: watch lists, open requests. A new record is matched against all of them in one
/// search; a new query against the register as it is. Any thread; readers never wait.
class Standing {
 public:
  explicit Standing(std::shared_ptr<const text::Analyser> analyser);
  ~Standing();

  /// `query.id` names it. Gives the alerts that the register holds already. Rules: match.record.*.
  Result<std::vector<Alert>> add(const Record& query, double posterior_min, const Snapshot& registered);
  Result<> withdraw(std::string_view id);
  /// The standing queries that a new record answers. `population`: the size of the register it goes into.
  std::vector<Alert> meet(const Record& record, std::uint64_t population) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace entraide::match
