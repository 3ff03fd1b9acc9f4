#include "match/likeness.h"

#include <algorithm>

#include "match/model.h"
#include "text/sounds.h"
#include "text/spelling.h"

namespace entraide::match {
namespace {

constexpr std::size_t kLettersMax = 64;
constexpr int kJoinedMax = 6;  // words on both sides

Weight likeness(Weight share) { return std::max<Weight>(0, share - model::kLikeLeast) * model::kLikeSlope; }

}  // namespace

LetterPattern::LetterPattern(std::string_view letters) : size_(std::min(letters.size(), kLettersMax)) {
  for (std::size_t i = 0; i < size_; ++i) places_[place(letters[i])] |= std::uint64_t{1} << i;
}

Weight LetterPattern::shared(std::string_view other, Weight least) const {
  const auto longer = static_cast<Weight>(std::max(size_, other.size()));
  if (size_ == 0 || other.empty()) return 0;
  const Weight most = (1024 - least) * longer / 1024;
  if (longer - static_cast<Weight>(std::min(size_, other.size())) > most) return 0;
  const auto edits =
      static_cast<Weight>(alignment_distance(static_cast<unsigned>(size_), other, static_cast<unsigned>(most),
                                             [&](char letter) { return places_[place(letter)]; }));
  return edits > most ? 0 : 1024 * (longer - edits) / longer;
}

Likeness::Memory& Likeness::memory() const {
  if (memory_ != nullptr) return *memory_;
  memory_ = std::make_shared<Memory>();
  memory_->spellings.resize(name_.tokens.size());
  thread_local std::string sounds;
  for (const QueryForm& form : name_.forms) {
    if (form.alphabet != text::Alphabet::latin || form.count != 1 || form.rank != 1) continue;
    if (form.kind != text::FormKind::exact && form.kind != text::FormKind::romanised) continue;
    Spelling& spelling = memory_->spellings[form.first];
    if (!spelling.letters.empty() || form.letters.size() > kLettersMax) continue;
    spelling.letters = form.letters;
    spelling.by_letters = LetterPattern(form.letters);
    sounds.clear();
    text::append_sounds(form.letters, sounds);
    spelling.by_sounds = LetterPattern(sounds);
  }
  return *memory_;
}

Weight Likeness::of(std::size_t token, WordNumber word) const {
  Memory& memory = this->memory();
  const std::uint64_t pair = std::uint64_t{word} << 8 | token;
  Known& known = memory.known[(pair * 0x9e3779b97f4a7c15ull) >> 55];
  if (known.pair == pair) return known.likeness;
  const Spelling& ours = memory.spellings[token];
  const std::string_view theirs = segment_.latin(word);
  known = {pair, 0};
  if (ours.letters.empty() || theirs.empty() || theirs.size() > kLettersMax) return 0;
  known.likeness = compare(ours, theirs);
  return known.likeness;
}

Weight Likeness::compare(const Spelling& ours, std::string_view theirs) {
  Weight out = 0, respelt = 0;
  if (const Weight letters = ours.by_letters.shared(theirs, model::kLikeLettersLeast); letters > 0) {
    thread_local std::string sounds;
    sounds.clear();
    text::append_sounds(theirs, sounds);
    out = likeness((letters + ours.by_sounds.shared(sounds, model::kLikeLettersLeast)) / 2);
    if (letters >= model::kRespeltLetters) {
      const auto all = static_cast<int>(std::max(ours.letters.size(), theirs.size())) * text::kSpellingLetter;
      const Weight left = 1024 - 1024 * text::spelling_cost(ours.letters, theirs, all / 2) / all;
      respelt = std::max<Weight>(0, left - model::kRespeltLeast) * model::kRespeltSlope;
    }
  }
  const std::size_t shorter = std::min(ours.letters.size(), theirs.size());
  std::size_t same = 0;
  while (same < shorter && ours.letters[same] == theirs[same]) ++same;
  if (same >= 1) out += model::kLikeFirst;
  if (same >= 4) out += model::kLikeBeginning;
  if (shorter <= 2) out += model::kLikeShort;
  return std::min(out, model::kLikeMost) + respelt;
}

Weight Likeness::of_joined(std::uint32_t tokens, const IndexedName& name, std::uint32_t words) const {
  const int ours_size = std::popcount(tokens), theirs_size = std::popcount(words);
  if (ours_size == 0 || theirs_size == 0 || ours_size == theirs_size || ours_size + theirs_size > kJoinedMax)
    return 0;
  Memory& memory = this->memory();
  thread_local std::string ours, theirs;
  ours.clear();
  theirs.clear();
  for (; tokens != 0; tokens &= tokens - 1)
    ours += memory.spellings[static_cast<std::size_t>(std::countr_zero(tokens))].letters;
  for (; words != 0; words &= words - 1)
    theirs += segment_.latin(name.words[static_cast<std::size_t>(std::countr_zero(words))]);
  const std::size_t longer = std::max(ours.size(), theirs.size());
  if (longer > kLettersMax || std::min(ours.size(), theirs.size()) * 2 < longer) return 0;
  // An edit changes two bits at most.
  if (static_cast<std::size_t>(std::popcount(letter_bag(ours) ^ letter_bag(theirs))) > longer) return 0;
  return std::min(likeness(LetterPattern(ours).shared(theirs, model::kLikeJoinedLeast)), model::kLikeMost);
}

}  // namespace entraide::match
