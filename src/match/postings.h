#pragma once

// What a list of records says of each: which words stand beside the one that the list is of, as marks of 16 bits. So a
// list alone tells what a record could be worth at most, and the record itself is read only where that is enough.

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <vector>

#include "match/match.h"
#include "match/wire.h"

namespace entraide::match {

using RecordNumber = std::uint32_t;
using WordNumber = std::uint32_t;

/// A word beside another: 0 is none. Words that are not missed where the other name lacks them have the top bit set.
using Mark = std::uint16_t;
inline constexpr Mark kNotCounted = 0x8000;
/// There are more words than fit: the low four bits are how many of them count.
inline constexpr Mark kManyMark = 0xfff0;
inline constexpr std::size_t kBeside = 3;
using Beside = std::array<Mark, kBeside>;
inline constexpr std::size_t kBesideBytes = sizeof(Beside);

inline Mark mark_of(WordNumber word, bool counts) {
  const auto mark = static_cast<Mark>(1 + (word * 0x9e3779b1u >> 17) % 0x7fef);
  return counts ? mark : static_cast<Mark>(mark | kNotCounted);
}

/// The marks of the words beside one; `counted` of them count.
Beside beside(std::span<const Mark> marks);

/// A record in the list of a word; once for each name that has the word.
struct Posting {
  RecordNumber record = 0;
  Beside beside{};
};
/// Appends a list to a segment's postings. docs/formats/match-index.md.
void put_postings(Bytes& to, std::span<const Posting> list);

/// What words of a record bring to a name that is sought, packed so that sums of it are sums of its parts: weight in
/// steps of 1/64, how many of the name's tokens they may meet, and how many of them count and the name does not know.
using Worth = std::uint32_t;
inline constexpr unsigned kMetShift = 22, kStrangersShift = 28;

/// What each mark is worth at most to a name that is sought: one table a thread, filled anew for every name and cleared
/// by what was filled.
class MarkWorths {
 public:
  static constexpr Weight kStep = 16;
  static int steps(Weight weight) { return (weight + kStep - 1) >> 4; }  // never too few
  static Worth worth(Weight weight, unsigned met, unsigned strangers) {
    return static_cast<Worth>(steps(weight)) | std::min(met, 15u) << kMetShift |
           std::min(strangers, 15u) << kStrangersShift;
  }

  /// Of the tokens of a name.
  struct Tokens {
    unsigned size = 0, counted = 0;  // missed where a record lacks them
    unsigned initials = 0;  // any word may stand for one
    unsigned needed = 0;  // a record that lacks one is worth nothing
    bool guessed = false;  // some are of another script
    Weight likeness = 0;  // the most that it adds to be like one of them
    friend bool operator==(const Tokens&, const Tokens&) = default;
  };
  /// `all`: the weight of the best words for all tokens.
  void begin(const Tokens& tokens, Weight all);
  /// `weight` must not be negative.
  void raise(WordNumber word, Weight weight, unsigned met);

  const Worth* values() const { return values_.data(); }
  Worth of(Mark mark) const { return values_[mark]; }
  /// No record with these words scores more for them, what it lacks and what contradicts included; in steps.
  int most(Worth sum) const {
    const Rule& rule = rules_->by_sum[sum >> kMetShift];
    return (static_cast<int>(sum & ((1u << kMetShift) - 1)) * rule.share >> 8) + rule.besides;
  }
  /// The same for words of which there are too many to pack.
  int most(int weight, unsigned met, unsigned strangers) const {
    const Rule rule = rule_for(met, strangers);
    return (weight * rule.share >> 8) + rule.besides;
  }

 private:
  struct Rule {
    int share, besides;  // of the weight, in 1/256; what is added
  };
  Rule rule_for(unsigned met, unsigned strangers) const;
  struct Rules {
    Tokens tokens;
    std::vector<Rule> by_sum;  // by how many are met, and strangers
  };

  std::vector<Worth> values_;
  std::vector<Mark> raised_;
  Tokens tokens_;
  static constexpr std::size_t kRulesKept = 16;
  std::array<Rules, kRulesKept> kept_;  // of late, by tokens: names have few shapes
  const Rules* rules_ = nullptr;
};

/// Reads a block of postings: `use(record, most, many)` for each that, with `own`, could be worth more than `least`
/// steps; `many`: it is a guess because there were more words than marks.
class BlockReader {
 public:
  static constexpr std::size_t kBlock = 128;

  /// `first`: the first record, where `has_first`; otherwise it stands among the differences. Reads nothing
  /// where the bytes are too few.
  template <class Use>
  static void read(BytesView bytes, std::size_t size, bool has_first, RecordNumber first, const MarkWorths& worths,
                   Worth own, int least, Use use) {
    if (bytes.size() < size * kBesideBytes || size > kBlock) return;
    struct Passed {
      std::uint32_t at;
      int most;
    };
    std::array<Passed, kBlock> passed;
    std::size_t count = 0;
    const std::uint8_t* at = bytes.data();
    const Worth* const values = worths.values();
    for (std::uint32_t i = 0; i < size; ++i, at += kBesideBytes) {
      Beside marks;
      std::memcpy(marks.data(), at, kBesideBytes);
      const int most = worths.most(own + values[marks[0]] + values[marks[1]] + values[marks[2]]);
      passed[count] = {i, most};
      count += most > least ? 1 : 0;
    }
    if (count == 0) return;
    Cursor in(bytes.subspan(size * kBesideBytes));
    RecordNumber record = has_first ? first : in.varint();
    std::uint32_t position = 0;
    for (std::size_t i = 0; i < count; ++i) {
      for (; position < passed[i].at; ++position) record += in.varint();
      Mark mark;
      std::memcpy(&mark, bytes.data() + std::size_t{passed[i].at} * kBesideBytes, sizeof mark);
      use(record, passed[i].most, mark >= kManyMark);
    }
  }
};

}  // namespace entraide::match
