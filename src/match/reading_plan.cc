#include "match/reading_plan.h"

namespace entraide::match {
namespace {

constexpr double kWordCost = 40;  // to find a list costs as much as to read so many records

}  // namespace

ReadingPlan::ReadingPlan(const EvidenceTable& table, const Segment& segment, double part)
    : table_(table), segment_(segment), part_(part) {
  const auto& tokens = table.name().tokens;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    Token token{.groups = table.groups(i)};
    // Any word may begin with the letter: those are not looked for.
    if (tokens[i].initial != 0) token.least = model::kInitialWorth - (tokens[i].counts ? model::kMissing : 0);
    weigh(token);
    unread_ += token.most();
    tokens_.push_back(token);
  }
}

void ReadingPlan::weigh(Token& token) const {
  token.cost = 0;
  if (token.at == token.groups.size()) return;
  for (const std::uint32_t word : token.groups[token.at].words)
    token.cost += kWordCost + part_ * static_cast<double>(count_of(segment_.word_share(table_.words()[word].word)));
}

std::span<const std::uint32_t> ReadingPlan::next() {
  Token* best = nullptr;
  double least = 0;
  for (Token& token : tokens_) {
    if (token.at == token.groups.size()) continue;
    const Weight after =
        token.at + 1 < token.groups.size() ? std::max(token.groups[token.at + 1].most, token.least) : token.least;
    const double price = token.cost / static_cast<double>(std::max<Weight>(1, token.most() - after));
    if (best != nullptr && price >= least) continue;
    best = &token;
    least = price;
  }
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
