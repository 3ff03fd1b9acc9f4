#include "match/reading_plan.h"

#include <limits>

namespace entraide::match {
namespace {

constexpr double kWordCost = 40;  // to find a list costs as much as to read so many records

}  // namespace

ReadingPlan::ReadingPlan(const EvidenceTable& table, double part) : table_(table), part_(part) {
  const auto& tokens = table.name().tokens;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    Token token{.groups = table.groups(i)};
    // Any word may begin with the letter: those are not looked for.
    if (tokens[i].initial) token.least = model::kInitialWorth - (tokens[i].counts ? model::kMissing : 0);
    token.any = std::max(token.least, table.most(i));
    weigh(token);
    unread_ += token.most();
    any_ += token.any;
    tokens_.push_back(token);
  }
}

void ReadingPlan::weigh(Token& token) const {
  token.cost = 0;
  if (token.at == token.groups.size()) return;
  const EvidenceTable::Group& group = token.groups[token.at];
  token.cost = kWordCost * static_cast<double>(group.words.size()) + part_ * static_cast<double>(group.postings);
}

Weight ReadingPlan::most_of_sought() const {
  Weight most = std::numeric_limits<Weight>::min() / 2;
  for (const Token& token : tokens_)
    if (!token.done()) most = std::max(most, any_ - token.any + token.groups[token.at].most);
  return most;
}

/// The token whose sought words could bring the most.
ReadingPlan::Token* ReadingPlan::dearest() {
  Token* best = nullptr;
  for (Token& token : tokens_) {
    if (token.done()) continue;
    const auto gain = [](const Token& of) { return of.groups[of.at].most - of.any; };
    if (best == nullptr || gain(token) > gain(*best)) best = &token;
  }
  return best;
}

/// The token whose next words lower what is unread at the least cost.
ReadingPlan::Token* ReadingPlan::cheapest() {
  Token* best = nullptr;
  double least = 0;
  for (Token& token : tokens_) {
    if (token.done()) continue;
    const Weight after =
        token.at + 1 < token.groups.size() ? std::max(token.groups[token.at + 1].most, token.least) : token.least;
    const double price = token.cost / static_cast<double>(std::max<Weight>(1, token.most() - after));
    if (best != nullptr && price >= least) continue;
    best = &token;
    least = price;
  }
  return best;
}

std::span<const std::uint32_t> ReadingPlan::next() {
  Token* const best = table_.partial() ? dearest() : cheapest();
  if (best == nullptr) return {};
  const auto words = best->groups[best->at].words;
  read_ += best->cost;
  unread_ -= best->most();
  ++best->at;
  unread_ += best->most();
  weigh(*best);
  return words;
}

}  // namespace entraide::match
