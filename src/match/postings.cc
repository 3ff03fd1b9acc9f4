#include "match/postings.h"

#include <algorithm>

#include "match/model.h"

namespace entraide::match {

Beside beside(std::span<const Mark> marks) {
  Beside out{};
  if (marks.size() <= kBeside) {
    std::copy(marks.begin(), marks.end(), out.begin());
    return out;
  }
  const auto counted = std::count_if(marks.begin(), marks.end(), [](Mark mark) { return mark < kNotCounted; });
  out[0] = static_cast<Mark>(kManyMark | std::min<std::ptrdiff_t>(counted, 15));
  return out;
}

void put_postings(Bytes& to, std::span<const Posting> list) {
  put_varint(to, list.size());
  const auto put_block = [](Bytes& out, std::span<const Posting> block, bool with_first) {
    for (const Posting& posting : block)
      for (const Mark mark : posting.beside) put(out, mark);
    RecordNumber last = with_first ? 0 : block[0].record;
    for (const Posting& posting : block.subspan(with_first ? 0 : 1))
      put_varint(out, posting.record - std::exchange(last, posting.record));
  };
  if (list.size() <= BlockReader::kBlock) {
    if (!list.empty()) put_block(to, list, true);
    return;
  }
  Bytes blocks;
  for (std::size_t at = 0; at < list.size(); at += BlockReader::kBlock) {
    put(to, list[at].record);
    put(to, static_cast<std::uint32_t>(blocks.size()));
    put_block(blocks, list.subspan(at, std::min(BlockReader::kBlock, list.size() - at)), false);
  }
  append(to, blocks);
}

MarkWorths::Rule MarkWorths::rule_for(unsigned met, unsigned strangers) const {
  const auto less = [](unsigned from, unsigned by) { return from - std::min(from, by); };
  if (met < tokens_.needed) return {0, steps(model::weight(-1e3))};
  const unsigned missing = less(tokens_.counted, met + tokens_.initials), extra = less(strangers, tokens_.initials);
  const unsigned both = std::min(missing, extra);
  // At best words that contradict are as alike as any. A word that is thought to meet and does not would make of the first of
  // several extra ones another word, which costs as much and frees the next.
  const Weight another = model::kContradiction + tokens_.likeness + (tokens_.guessed ? model::kGuessed : 0);
  const unsigned extras = extra - both;
  const Weight least_extra =
      both == 0 && extras > 1
          ? std::max(model::extra_words(extras, false), model::kMissing + model::extra_words(extras - 1, true))
          : model::extra_words(extras, both > 0);
  const Weight besides = static_cast<Weight>(both) * another + static_cast<Weight>(missing - both) * model::kMissing +
                         least_extra + static_cast<Weight>(tokens_.initials) * model::kInitialWorth;
  // What the scorer rounds away is less than two for each contradiction.
  constexpr int kLeft = static_cast<int>((1 - model::kContradictionTakes) * 256) + 1;
  return {both > 0 ? kLeft : 256, steps(besides + 2 * static_cast<Weight>(both))};
}

void MarkWorths::begin(const Tokens& tokens, Weight all) {
  if (values_.empty()) {
    values_.assign(std::size_t{1} << 16, 0);
    std::fill(values_.begin() + 1, values_.begin() + kNotCounted, worth(0, 0, 1));
  }
  for (const Mark mark : raised_) {
    values_[mark] = worth(0, 0, 1);
    values_[mark | kNotCounted] = 0;
  }
  raised_.clear();
  // At best each token but the one whose list is read has met one of the many.
  for (unsigned others = 0; others < 16; ++others)
    values_[kManyMark + others] = worth(all, tokens.counted, others + 1 - std::min(others + 1, tokens.size));
  tokens_ = tokens;
  Rules& rules = kept_[(tokens.size + 3 * tokens.counted + 5 * tokens.initials + 7 * tokens.needed) % kRulesKept];
  rules_ = &rules;
  if (!rules.by_sum.empty() && rules.tokens == tokens) return;
  rules.tokens = tokens;
  rules.by_sum.resize(std::size_t{1} << (32 - kMetShift));
  for (std::size_t i = 0; i < rules.by_sum.size(); ++i)
    rules.by_sum[i] = rule_for(i & ((1u << (kStrangersShift - kMetShift)) - 1),
                               static_cast<unsigned>(i >> (kStrangersShift - kMetShift)));
}

void MarkWorths::raise(WordNumber word, Weight weight, unsigned met) {
  const Mark mark = mark_of(word, true);
  const Worth known = values_[mark | kNotCounted];  // it knows no strangers
  constexpr Worth kWeight = (1u << kMetShift) - 1;
  const Worth one = worth(weight, met, 0);
  const Worth both = std::max(known & kWeight, one & kWeight) | std::max(known & ~kWeight, one & ~kWeight);
  values_[mark] = values_[mark | kNotCounted] = both;
  raised_.push_back(mark);
}

}  // namespace entraide::match
