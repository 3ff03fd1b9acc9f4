#pragma once

// How alike words are that have not met. A word that another stands in for may still be the same word, spelt too differently
// for the index to find it: it takes away less the more letters and sounds the two share. Read only of records that are scored.

#include <memory>
#include <optional>
#include <string>

#include "match/letters.h"
#include "match/query_name.h"

namespace entraide::match {

/// The letters of one word, ready to be compared with many: the distance of EditPattern, in less memory.
class LetterPattern {
 public:
  LetterPattern() = default;
  explicit LetterPattern(std::string_view letters);
  std::size_t size() const { return size_; }
  /// The share of letters that need no edit, in 1/1024; 0 where it is less than `least`. Of words of 64 letters at most.
  Weight shared(std::string_view other, Weight least) const;

 private:
  static constexpr std::size_t kLetters = 37;  // a to z, digits, anything else
  static std::size_t place(char letter) {
    if (letter >= 'a' && letter <= 'z') return static_cast<std::size_t>(letter - 'a');
    return letter >= '0' && letter <= '9' ? static_cast<std::size_t>(letter - '0') + 26 : kLetters - 1;
  }
  std::array<std::uint64_t, kLetters> places_{};
  std::size_t size_ = 0;
};

/// The words of one name that is sought, as they are compared with words of a register's names. Remembers what it has
/// compared: one thread at a time.
class Likeness {
 public:
  /// Both must outlive it.
  Likeness(const QueryName& name, const Segment& segment) : name_(name), segment_(segment) {}
  /// The same words, and what is known of them.
  Likeness(const Likeness& known, const QueryName& name)
      : name_(name), segment_(known.segment_), memory_(known.memory_) {}

  /// What it adds that these two are alike: from 0 to model::kLikeMost. The same whichever of two words is sought.
  Weight of(std::size_t token, WordNumber word) const;
  /// The same of several words, as if they were written together: a space may have been left out, put in or moved.
  Weight of_joined(std::uint32_t tokens, const IndexedName& name, std::uint32_t words) const;

 private:
  struct Spelling {
    std::string_view letters;
    LetterPattern by_letters, by_sounds;
  };
  struct Known {
    std::uint64_t pair = ~std::uint64_t{0};
    Weight likeness = 0;
  };
  struct Memory {
    std::vector<Spelling> spellings;  // of the tokens
    std::array<Known, 512> known;  // by a hash of the pair: a new one takes the place of another
  };
  Memory& memory() const;
  static Weight compare(const Spelling& ours, std::string_view theirs);

  const QueryName& name_;
  const Segment& segment_;
  mutable std::shared_ptr<Memory> memory_;  // none until the first question
};

}  // namespace entraide::match
