#pragma once

// What each word of a segment says about one name that is sought: looked up once a query, so that scoring a record
// is a few table look-ups.

#include "match/letters.h"
#include "match/likeness.h"
#include "match/model.h"
#include "match/query_name.h"

namespace entraide::match {

/// How common things are in the register that is searched. Taken from its greatest segment and rounded, so that
/// the score of one record does not depend on whether another one is there.
class Statistics {
 public:
  Statistics() : Statistics(0) {}
  explicit Statistics(std::uint64_t records);
  /// -ln of the share of records that have a word of this share.
  Weight rarity(std::uint8_t share) const { return rarities_[share <= 160 ? share : 160]; }
  std::uint64_t records() const { return records_; }

 private:
  std::uint64_t records_;
  std::array<Weight, 161> rarities_{};
};

inline constexpr std::uint32_t kNoTerm = 0x7fff'ffff;

/// A word of the register as evidence for tokens [first, first + count) of the query.
struct Term {
  std::uint8_t first = 0, count = 1;
  EvidenceKind kind = EvidenceKind::exact;
  std::uint8_t edits = 0, rank = 0, of = 0, share = 0;
  Weight weight = 0;
  std::uint32_t next = kNoTerm;   // of the same word
  std::uint16_t form = 0;       // of the query's forms
};

/// How far to look: `near` is what nearly every query needs, `wide` more edits at more cost.
enum class Effort : std::uint8_t { near, wide };

class EvidenceTable {
 public:
  EvidenceTable(const QueryName& name, const Segment& segment, const Segment& common, const Statistics& statistics,
                Effort effort);
  /// The table of `near` at wide effort. Words of which it says no more than `near` did are not sought. So records are not
  /// found that have none of the others, nor those whose only such word rather speaks against them.
  EvidenceTable(const EvidenceTable& near, const QueryName& name);

  const QueryName& name() const { return *name_; }
  /// The first term of a word, or null.
  const Term* find(WordNumber word) const {
    for (std::uint32_t slot = hash(word) & mask_;; slot = (slot + 1) & mask_) {
      if (slots_[slot].term == kNoTerm) return nullptr;
      if (slots_[slot].word == word) return &terms_[slots_[slot].term];
    }
  }
  /// What it adds that a token and a word that do not meet are alike; nothing where they could have met and been worth
  /// something, for then they are no other words.
  Weight likeness(std::size_t token, WordNumber word) const {
    for (const Term* term = find(word); term != nullptr; term = next(*term))
      if (term->first == token && term->count == 1 && term->weight >= 0) return 0;
    if (!closely_ && dated_ && (word >= segment_.words() || !begins(token, segment_.initial(word)))) return 0;
    return likeness_.of(token, word);
  }
  /// Of all of them, as if they were written together.
  Weight likeness(std::uint32_t tokens, const IndexedName& name, std::uint32_t words) const {
    return closely_ ? likeness_.of_joined(tokens, name, words) : 0;
  }
  /// Records are looked for as if it added no more than this.
  Weight most_likeness() const {
    return closely_ ? model::kLikeMost : dated_ ? model::kLikeNearDated : model::kLikeNear;
  }
  void look_closely() { closely_ = true; }
  /// A date tells persons apart.
  void expect_date() { dated_ = true; }
  const Term* next(const Term& term) const { return term.next == kNoTerm ? nullptr : &terms_[term.next]; }
  bool has_initials() const { return has_initials_; }
  Weight all_missing() const { return all_missing_; }
  /// How many tokens of the query count.
  unsigned counted() const { return static_cast<unsigned>(std::popcount(counted_)); }
  /// They, as bits.
  std::uint32_t counted_tokens() const { return counted_; }
  /// Those that a record must have to be worth anything: the parts of what was cut.
  std::uint32_t needed_tokens() const { return name_->cut & counted_; }

  /// A word that may stand for something in the query: the most that it can bring, and how many of the tokens that
  /// count it can meet.
  struct Word {
    WordNumber word;
    Weight weight;
    unsigned met;
    std::uint64_t postings;  // about how many it has
  };
  std::span<const Word> words() const { return words_; }
  /// Whether some words are not sought: a record with none of the others need not be found.
  bool partial() const { return partial_; }
  /// For each token of the query: the words that may stand for it, speak for a record and are sought, by `words()`, in
  /// groups of nearly equal weight, greatest first. A term over several tokens is divided among them, and a token that
  /// counts brings what it would cost to miss it: `all_missing` and the greatest weights of the tokens that a record has
  /// sum to no less than its score, but for words that rather speak against it.
  struct Group {
    Weight most;
    std::span<const std::uint32_t> words;
    std::uint64_t postings;  // about how many they have
  };
  std::span<const Group> groups(std::size_t token) const { return groups_[token]; }
  /// Whether a spelling of a token begins with this letter (a to z).
  bool begins(std::size_t token, char letter) const {
    return letter >= 'a' && letter <= 'z' && (begins_[token] >> (letter - 'a') & 1) != 0;
  }
  /// The greatest weight of all words that may stand for a token, sought or not.
  Weight most(std::size_t token) const { return most_[token]; }

 private:
  struct Slot {
    WordNumber word = 0;
    std::uint32_t term : 31 = kNoTerm;
    std::uint32_t sought : 1 = 0;
  };
  static std::uint32_t hash(WordNumber word) { return word * 0x9e3779b1u >> 7; }
  void add(WordNumber word, Term term);
  void grow();
  void look_up(const QueryForm& form, std::uint16_t at);
  void look_for_neighbours(Effort effort, bool only_wide);
  void look_near(const QueryForm& form, std::uint16_t at, unsigned edits, unsigned edits_least, Weight likeliness);
  void look_joined();
  void look_for_initials();
  void note_beginnings();
  void seek_rarest_part();
  void list_words();
  std::uint8_t own_share(unsigned first, unsigned count) const;

  const QueryName* name_;
  const Segment& segment_;
  const Segment& common_;
  const Statistics& statistics_;
  Likeness likeness_;
  bool closely_ = false;
  bool dated_ = false;
  std::vector<Slot> slots_;
  std::uint32_t mask_ = 0, used_ = 0;
  std::vector<Term> terms_;
  std::vector<Word> words_;
  std::vector<std::vector<Group>> groups_;
  std::vector<Weight> most_;
  bool partial_ = false;
  std::vector<std::uint32_t> grouped_;  // what groups are of
  std::vector<std::uint8_t> token_shares_;
  std::array<std::uint32_t, kQueryTokensMax> begins_{};
  bool has_initials_ = false;
  Weight all_missing_ = 0;
  std::uint32_t counted_ = 0;
};

/// Whether a table of wide effort may hold more than one of near effort.
bool wide_finds_more(const QueryName& name, const Segment& common);

/// What a form of the query and one of a word have in common when they are spelt alike.
EvidenceKind agreement(text::Alphabet alphabet, text::FormKind of_query, text::FormKind of_word);

}  // namespace entraide::match
