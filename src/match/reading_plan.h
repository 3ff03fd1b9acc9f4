#pragma once

// In which order the lists of a query's words are read. A record none of whose words has been read is worth at most the
// sum, over the tokens of the query, of the greatest weight that is still unread. The plan lowers that sum at the least
// cost: rare words first, since their lists are short and their weights great, and common words not at all where the sum
// falls below what is wanted without them.
//
// Where only some words are sought, a record that matters has one of those, and anything else besides: the words of the
// token that could bring the most are read, until that is too little.

#include "match/evidence.h"

namespace entraide::match {

class ReadingPlan {
 public:
  /// `part`: of the records, how many will be looked at in each list.
  ReadingPlan(const EvidenceTable& table, double part);

  /// What a record has at most for words, what it costs to miss them aside, if none of its words has been read.
  Weight unread() const { return table_.partial() ? most_of_sought() : unread_; }
  /// The next words to read, by `table.words()`; empty at the end. `unread` has fallen then.
  std::span<const std::uint32_t> next();
  /// About how many postings the words given so far have, in the part that is looked at.
  double read() const { return read_; }

 private:
  struct Token {
    std::span<const EvidenceTable::Group> groups;
    std::size_t at = 0;
    Weight least = 0;  // what is left when all has been read
    Weight any = 0;  // by any word, sought or not
    double cost = 0;  // of the next group
    bool done() const { return at == groups.size(); }
    Weight most() const { return at < groups.size() ? std::max(groups[at].most, least) : least; }
  };
  void weigh(Token& token) const;
  Weight most_of_sought() const;
  Token* dearest();
  Token* cheapest();

  const EvidenceTable& table_;
  double part_;
  std::vector<Token> tokens_;
  Weight unread_ = 0, any_ = 0;
  double read_ = 0;
};

}  // namespace entraide::match
