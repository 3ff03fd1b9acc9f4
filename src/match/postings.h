#pragma once

// What a list of records says of each: which words stand beside the one that the list is of, as marks of 16 bits. So a
// list alone tells what a record could be worth at most, and the record itself is read only where that is enough.

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

/// What each mark is worth at most to a name that is sought, in sixteenths of 1/64: one table a thread, filled anew for
/// every name and cleared by what was filled.
class MarkWorths {
 public:
  static constexpr Weight kStep = 16;
  static int steps(Weight weight) { return (weight + kStep - 1) >> 4; }  // never too few

  /// `stranger`: what a word costs, or brings, that the name does not know and that counts. `many`: what all words
  /// of the name are worth together; `tokens`: how many it has.
  void begin(Weight stranger, Weight many, unsigned tokens);
  void raise(WordNumber word, Weight worth);
  const std::int16_t* values() const { return values_.data(); }
  int of(Mark mark) const { return values_[mark]; }

 private:
  static std::int16_t narrow(int steps) { return static_cast<std::int16_t>(steps > 32'000 ? 32'000 : steps); }
  std::vector<std::int16_t> values_;
  std::vector<Mark> raised_;
  std::int16_t stranger_ = 0;
};

/// Reads a block of postings: `use(record, sum, many)` for each whose marks are worth more than `least` together; `many`:
/// the sum is a guess because there were more words than marks.
class BlockReader {
 public:
  static constexpr std::size_t kBlock = 128;

  /// `first`: the first record, where `has_first`; otherwise it stands among the differences. Reads nothing
  /// where the bytes are too few.
  template <class Use>
  static void read(BytesView bytes, std::size_t size, bool has_first, RecordNumber first, const std::int16_t* worths,
                   int least, Use use) {
    if (bytes.size() < size * kBesideBytes || size > kBlock) return;
    struct Passed {
      std::uint32_t at;
      int sum;
    };
    std::array<Passed, kBlock> passed;
    std::size_t count = 0;
    const std::uint8_t* at = bytes.data();
    for (std::uint32_t i = 0; i < size; ++i, at += kBesideBytes) {
      Beside marks;
      std::memcpy(marks.data(), at, kBesideBytes);
      const int sum = worths[marks[0]] + worths[marks[1]] + worths[marks[2]];
      passed[count] = {i, sum};
      count += sum > least ? 1 : 0;
    }
    if (count == 0) return;
    Cursor in(bytes.subspan(size * kBesideBytes));
    RecordNumber record = has_first ? first : in.varint();
    std::uint32_t position = 0;
    for (std::size_t i = 0; i < count; ++i) {
      for (; position < passed[i].at; ++position) record += in.varint();
      Mark mark;
      std::memcpy(&mark, bytes.data() + std::size_t{passed[i].at} * kBesideBytes, sizeof mark);
      use(record, passed[i].sum, mark >= kManyMark);
    }
  }
};

}  // namespace entraide::match
