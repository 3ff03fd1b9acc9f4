#pragma once

// Words with a role, and short names: read once from the tables, then only looked up.

#include "text/text.h"

namespace entraide::text {

/// A hash table from words to small numbers; one allocation for the words, no node a word.
class WordTable {
 public:
  static constexpr std::uint32_t kNone = 0xffffffffU;
  /// A word put twice keeps its first value; says which that is.
  std::uint32_t put(std::string_view word, std::uint32_t value);
  std::uint32_t find(std::string_view word) const { return find(word, hash(word)); }
  std::uint32_t find(std::string_view word, std::uint32_t hashed) const {
    if (slots_.empty()) return kNone;
    for (std::uint32_t at = hashed & mask_;; at = (at + 1) & mask_) {
      const Slot& slot = slots_[at];
      if (slot.value == kNone) return kNone;
      if (slot.hash == hashed && std::string_view(letters_).substr(slot.at, slot.size) == word) return slot.value;
    }
  }
  std::size_t size() const { return count_; }
  static std::uint32_t hash(std::string_view word);

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t value = kNone;
    std::uint32_t at = 0;
    std::uint32_t size = 0;
  };
  void grow();
  std::string letters_;
  std::vector<Slot> slots_;
  std::uint32_t mask_ = 0;
  std::size_t count_ = 0;
};

struct WordRole {
  Role role = Role::unknown;
  float confidence = 0;
  bool servant = false;  // abd and its kin: "servant of", always one name with what follows
  char letter = '\0';    // the Latin letter whose name the word is
};

class Lexicon {
 public:
  static Result<Lexicon> read();

  const WordRole* role_of(std::string_view word) const;
  const WordRole* role_of(std::string_view word, std::uint32_t hashed) const;
  /// Patronymic by ending; 'm' or 'f' with its confidence.
  struct Ending {
    std::string letters;
    char gender = 'm';
    float confidence = 0;
  };
  const Ending* ending_of(std::string_view word) const;
  /// The full names that a short one stands for, likeliest first.
  std::span<const std::string> full_names(std::string_view word, std::uint32_t hashed) const;
  /// The spelling that stands for all spellings of a name; empty where there are no others.
  std::string_view variant_of(std::string_view word, std::uint32_t hashed) const;

 private:
  WordTable words_;
  std::vector<WordRole> roles_;
  std::vector<Ending> endings_;
  WordTable short_names_;
  std::vector<std::vector<std::string>> full_names_;
  WordTable variants_;
  std::vector<std::string> names_;
};

/// One token of any script, folded to canonical letters, everything else left out.
std::string fold_word(std::string_view text);

}  // namespace entraide::text
