#include "match/postings.h"

#include <algorithm>

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

void MarkWorths::begin(Weight stranger, Weight many, unsigned tokens) {
  if (values_.empty()) values_.assign(std::size_t{1} << 16, 0);
  for (const Mark mark : raised_) {
    values_[mark] = stranger_;
    values_[mark | kNotCounted] = 0;
  }
  raised_.clear();
  if (const std::int16_t value = narrow(steps(stranger)); value != stranger_) {
    stranger_ = value;
    std::fill(values_.begin() + 1, values_.begin() + kNotCounted, value);
  }
  // At best each token but the one whose list is read has met one of the many.
  for (unsigned counted = 0; counted < 16; ++counted) {
    const unsigned strangers = counted + 1 > tokens ? counted + 1 - tokens : 0;
    values_[kManyMark + counted] =
        narrow(steps(many + std::min<Weight>(stranger, 0) * static_cast<Weight>(strangers)));
  }
}

void MarkWorths::raise(WordNumber word, Weight worth) {
  const Mark mark = mark_of(word, true);
  const std::int16_t value = narrow(steps(worth));
  if (value > values_[mark]) values_[mark] = value;
  if (value > values_[mark | kNotCounted]) values_[mark | kNotCounted] = value;
  raised_.push_back(mark);
}

}  // namespace entraide::match
