#include "match/evidence.h"

#include <algorithm>
#include <cstdlib>

#include "match/model.h"
#include "text/sounds.h"
#include "text/spelling.h"

namespace entraide::match {
namespace {

using text::Alphabet;
using text::FormKind;

/// Scripts that leave vowels out: there is no more than consonants to agree.
bool without_vowels(text::Script script) { return script == text::Script::arabic || script == text::Script::hebrew; }

Weight worth(EvidenceKind kind, Alphabet alphabet, text::Script script) {
  switch (kind) {
    case EvidenceKind::exact: return model::kExact;
    case EvidenceKind::variant: return model::kVariant;
    case EvidenceKind::nickname: return model::kNickname;
    case EvidenceKind::romanised: return model::kRomanised;
    case EvidenceKind::spelling: return model::kSpelling;
    case EvidenceKind::bare: return model::kBare;
    case EvidenceKind::glued: return model::kGlued;
    case EvidenceKind::syllables: return model::kSyllables;
    case EvidenceKind::skeleton:
      if (without_vowels(script))
        return alphabet == Alphabet::skeleton_strong ? model::kConsonantsStrong : model::kConsonantsWeak;
      if (script == text::Script::latin)
        return alphabet == Alphabet::skeleton_strong ? model::kWrittenStrong : model::kWrittenWeak;
      return alphabet == Alphabet::skeleton_strong ? model::kSkeletonStrong : model::kSkeletonWeak;
    default: return 0;
  }
}

/// The renderings that two letters may differ from: in Hebrew letters the right one is seldom the first.
std::uint8_t likely_forms(text::Script script) { return script == text::Script::hebrew ? 4 : 1; }

/// A word that many in the register have is meant as it is written: it may differ by little. `rare`: few have it.
unsigned edits_for(const QueryForm& form, text::Script script, bool rare, Effort effort) {
  const std::size_t size = form.letters.size();
  const bool written =
      form.kind == FormKind::exact;  // short words are looked for as they stand, not as they may sound
  if (size < 3) return written && size == 2 && effort == Effort::wide ? 1 : 0;
  if (!rare || form.count > 1 || (form.kind == FormKind::romanised && form.rank > likely_forms(script))) return 1;
  return size < (effort == Effort::near ? 7 : written ? 3 : 4) ? 1 : 2;
}

constexpr std::size_t kTellingLetters = 5;  // shorter words are near too many others

/// The edits of a word that was written as it stands, `cost` apart from the other one.
Weight written_worth(unsigned edits, std::size_t size, int cost) {
  edits = std::min(edits, 3u);
  const auto letters = static_cast<Weight>(std::min<std::size_t>(size, 12)) - 7;
  const int full = static_cast<int>(edits) * text::kSpellingLetter;
  return model::kEdit[edits] + static_cast<Weight>(edits + 1) * letters * model::kEditLetter / 2 +
         model::kRespelt[edits] * (full - std::min(cost, full)) / full;
}

/// Of a spelling that is one of several that were guessed. `alike`: the two sound the same.
Weight guessed_worth(unsigned edits, std::size_t size, bool alike) {
  edits = std::min(edits, 3u);
  if (alike && size >= kTellingLetters) return model::kSoundsAlike[edits];
  const auto letters = static_cast<Weight>(std::min<std::size_t>(size, 12)) - 8;
  return model::kEdit[edits] +
         static_cast<Weight>(edits) * letters * (letters < 0 ? model::kEditShort : model::kEditLong);
}

/// ln(e^a + e^b).
Weight sum_of_odds(Weight a, Weight b) {
  const Weight more = std::max(a, b), apart = std::abs(a - b);
  return more + static_cast<Weight>(std::lround(std::log1p(std::exp(-apart / kWeightUnit)) * kWeightUnit));
}

constexpr std::size_t kTermsMax = 20'000;      // of a name
constexpr std::size_t kSlotsLeast = 2048;      // most names need no more
constexpr Weight kGroupStep = 256;             // words of one group differ by less
constexpr Weight kGroupSteps = 80;
constexpr std::uint8_t kRareShare = kLeastShare + 8;  // 32 records

/// Three Han characters and more that are one word are the sound of a foreign name.
bool is_foreign_sound(const QueryToken& token) {
  return token.script == text::Script::han && token.span.end - token.span.begin >= 9;
}

/// Of a token's renderings, how many are looked for with edits. A foreign name in Hebrew or Han has so many that its own
/// spelling is often near one that is not among the first; a letter more or less makes another of a syllable; and of Arabic
/// words more edits find more strangers than persons.
std::size_t precise_forms(const QueryToken& token) {
  return token.script == text::Script::hebrew ? 16 : is_foreign_sound(token) ? 8 : 3;
}

/// How common the tokens of a name are, as they are written.
std::vector<std::uint8_t> shares_of(const QueryName& name, const Segment& common) {
  std::vector<std::uint8_t> out(name.tokens.size(), kLeastShare);
  for (const QueryForm& form : name.forms)
    if (form.kind == FormKind::exact && form.count == 1)
      if (const auto known = common.find_form(form.alphabet, form.letters))
        out[form.first] = std::max(out[form.first], common.share(*known));
  return out;
}

/// `use(form, rare)`: the forms that are looked for with edits.
template <class Use>
void each_near(const QueryName& name, const std::vector<std::uint8_t>& shares, Use use) {
  std::array<std::uint8_t, kQueryTokensMax * 4> looked{};
  for (std::size_t i = 0; i < name.forms.size() && i < 0xffff; ++i) {
    const QueryForm& form = name.forms[i];
    const bool joined = form.count > 1 && form.kind == FormKind::glued;
    const bool precise =
        form.kind == FormKind::exact || form.kind == FormKind::romanised || form.kind == FormKind::bare;
    if (form.alphabet != Alphabet::latin || !(joined || (precise && form.count == 1))) continue;
    if (form.first >= name.tokens.size() || form.first >= looked.size()) continue;
    if (!joined && looked[form.first]++ >= precise_forms(name.tokens[form.first])) continue;
    use(i, shares[form.first] <= kRareShare);
  }
}

}  // namespace

bool wide_finds_more(const QueryName& name, const Segment& common) {
  bool more = false;
  each_near(name, shares_of(name, common), [&](std::size_t form, bool rare) {
    const QueryForm& of = name.forms[form];
    const text::Script script = name.tokens[of.first].script;
    more = more || edits_for(of, script, rare, Effort::wide) > edits_for(of, script, rare, Effort::near);
  });
  return more;
}

Statistics::Statistics(std::uint64_t records) : records_(count_of(share_of(records))) {
  const double least = 8 / (static_cast<double>(records_) + 100'000);
  for (std::size_t share = 0; share < rarities_.size(); ++share) {
    const double count = static_cast<double>(count_of(static_cast<std::uint8_t>(share)));
    const double part = std::max(least, count / (static_cast<double>(records_) + model::kPseudoRecords));
    rarities_[share] = std::max<Weight>(0, model::weight(-std::log(part)));
  }
}

EvidenceKind agreement(Alphabet alphabet, FormKind of_query, FormKind of_word) {
  switch (alphabet) {
    case Alphabet::native: return EvidenceKind::exact;
    case Alphabet::variant: return EvidenceKind::variant;
    case Alphabet::skeleton_strong:
    case Alphabet::skeleton_weak: return EvidenceKind::skeleton;
    case Alphabet::syllables: return EvidenceKind::syllables;
    case Alphabet::latin: break;
  }
  const auto either = [&](FormKind kind) { return of_query == kind || of_word == kind; };
  if (either(FormKind::romanised)) return EvidenceKind::romanised;
  if (either(FormKind::nickname)) return EvidenceKind::nickname;
  if (either(FormKind::bare)) return EvidenceKind::bare;
  if (either(FormKind::glued)) return EvidenceKind::glued;
  if (either(FormKind::spelling)) return EvidenceKind::spelling;
  return EvidenceKind::exact;
}

EvidenceTable::EvidenceTable(const QueryName& name, const Segment& segment, const Segment& common,
                             const Statistics& statistics, Effort effort)
    : name_(&name), segment_(segment), common_(common), statistics_(statistics), likeness_(name, segment) {
  grow();
  token_shares_ = shares_of(name, common);
  for (std::size_t i = 0; i < name.forms.size() && i < 0xffff; ++i)
    look_up(name.forms[i], static_cast<std::uint16_t>(i));
  look_for_neighbours(effort, false);
  look_joined();
  for (std::size_t i = 0; i < name.tokens.size() && i < kQueryTokensMax; ++i) {
    has_initials_ = has_initials_ || name.tokens[i].initial;
    if (!name.tokens[i].counts) continue;
    all_missing_ += model::kMissing;
    counted_ |= 1u << i;
  }
  look_for_initials();
  note_beginnings();
  if (needed_tokens() != 0) seek_rarest_part();
  list_words();
}

EvidenceTable::EvidenceTable(const EvidenceTable& near, const QueryName& name)
    : name_(&name),
      segment_(near.segment_),
      common_(near.common_),
      statistics_(near.statistics_),
      likeness_(near.likeness_, name),
      dated_(near.dated_),
      slots_(near.slots_),
      mask_(near.mask_),
      used_(near.used_),
      terms_(near.terms_),
      token_shares_(near.token_shares_),
      begins_(near.begins_),
      has_initials_(near.has_initials_),
      all_missing_(near.all_missing_),
      counted_(near.counted_) {
  for (Slot& slot : slots_) slot.sought = false;
  partial_ = true;
  look_for_neighbours(Effort::wide, true);
  list_words();
}

void EvidenceTable::look_for_neighbours(Effort effort, bool only_wide) {
  std::array<Weight, kQueryTokensMax * 4> likeliest{};  // of a token's renderings: edits are measured from it
  each_near(*name_, token_shares_, [&](std::size_t i, bool rare) {
    const QueryForm& form = name_->forms[i];
    Weight likeliness = form.likeliness;
    const text::Script script = name_->tokens[form.first].script;
    const bool foreign = form.count == 1 && is_foreign_sound(name_->tokens[form.first]);
    const bool syllables = (script == text::Script::han && !foreign) || script == text::Script::hangul;
    if (form.kind != FormKind::exact && !syllables && form.letters.size() >= kTellingLetters) {
      // How a rendering differs from the word is what edits say: it is not charged again for being one of many. Not so
      // where a letter makes another syllable.
      if (form.rank == 1) likeliest[form.first] = form.likeliness;
      likeliness -= std::max(form.likeliness, likeliest[form.first]);
    }
    const unsigned edits = edits_for(form, script, rare, effort),
                   least = only_wide ? edits_for(form, script, rare, Effort::near) + 1 : 1;
    if (edits >= least) look_near(form, static_cast<std::uint16_t>(i), edits, least, likeliness);
  });
}

std::uint8_t EvidenceTable::own_share(unsigned first, unsigned count) const {
  // Of several tokens the rarest decides: together they are no commoner.
  std::uint8_t share = 255;
  for (unsigned i = first; i < first + count && i < token_shares_.size(); ++i)
    share = std::min(share, token_shares_[i]);
  return share == 255 ? kLeastShare : share;
}

void EvidenceTable::look_up(const QueryForm& form, std::uint16_t at) {
  const auto found = segment_.find_form(form.alphabet, form.letters);
  if (!found) return;
  std::uint8_t share = std::max(segment_.share(*found), own_share(form.first, form.count));
  if (&segment_ != &common_)
    if (const auto known = common_.find_form(form.alphabet, form.letters))
      share = std::max(share, common_.share(*known));
  segment_.words_of(*found, [&](const FormWord& word) {
    const EvidenceKind kind = agreement(form.alphabet, form.kind, word.kind);
    const std::uint8_t common = std::max(share, segment_.word_share(word.word));
    Term term{.first = form.first, .count = form.count, .kind = kind, .share = common, .form = at};
    if (kind == EvidenceKind::romanised) {
      term.rank = form.rank;
      term.of = form.of;
    }
    term.weight = worth(kind, form.alphabet, name_->tokens[form.first].script) + form.likeliness -
                  word.unlikeliness * static_cast<Weight>(kWeightUnit / 16) + statistics_.rarity(common);
    add(word.word, term);
  });
}

void EvidenceTable::look_near(const QueryForm& form, std::uint16_t at, unsigned edits, unsigned edits_least,
                              Weight likeliness) {
  thread_local std::vector<Neighbour> near;
  thread_local std::string sounds, other;
  find_neighbours(segment_, form.letters, edits, near);
  const std::uint8_t own = own_share(form.first, form.count);
  const bool guessed = name_->tokens[form.first].guessed(),
             telling = guessed && form.letters.size() >= kTellingLetters;
  sounds.clear();
  if (telling) text::append_sounds(form.letters, sounds);
  const Segment::Group* group = nullptr;
  for (std::size_t i = 0; i < near.size(); ++i) {
    // What is looked at next should be on its way.
    if (i + 8 < near.size()) segment_.prefetch_form(near[i + 8].form);
    if (i + 4 < near.size()) segment_.prefetch_words_of(near[i + 4].form);
    const Neighbour& neighbour = near[i];
    if (neighbour.edits < edits_least) continue;
    if (group == nullptr || neighbour.form < group->begin || neighbour.form >= group->end) {
      const auto of = std::find_if(
          segment_.groups().begin(), segment_.groups().end(),
          [&](const Segment::Group& one) { return neighbour.form >= one.begin && neighbour.form < one.end; });
      if (of == segment_.groups().end()) continue;
      group = &*of;
    }
    const std::string_view theirs = segment_.letters(*group, neighbour.form);
    other.clear();
    if (telling) text::append_sounds(theirs, other);
    const Weight worth = likeliness + (guessed ? guessed_worth(neighbour.edits, form.letters.size(), sounds == other)
                                               : written_worth(neighbour.edits, form.letters.size(),
                                                               text::spelling_cost(form.letters, theirs)));
    const std::uint8_t share = std::max(own, segment_.share(neighbour.form));
    segment_.words_of(neighbour.form, [&](const FormWord& word) {
      if (word.kind != FormKind::exact && word.kind != FormKind::romanised && word.kind != FormKind::bare &&
          word.kind != FormKind::glued)
        return;
      const std::uint8_t common = std::max(share, segment_.word_share(word.word));
      Term term{.first = form.first,
                .count = form.count,
                .kind = EvidenceKind::edit,
                .edits = neighbour.edits,
                .share = common,
                .form = at};
      term.weight = worth - word.unlikeliness * static_cast<Weight>(kWeightUnit / 16) + statistics_.rarity(common);
      add(word.word, term);
    });
  }
}

/// Words of the query that a record may have as one: two or three neighbours, written together.
void EvidenceTable::look_joined() {
  std::vector<std::uint16_t> latin(name_->tokens.size(), 0xffff);  // the first Latin form of each token
  for (std::size_t i = 0; i < name_->forms.size() && i < 0xffff; ++i) {
    const QueryForm& form = name_->forms[i];
    if (form.alphabet == Alphabet::latin && form.count == 1 && form.rank == 1 &&
        (form.kind == FormKind::exact || form.kind == FormKind::romanised) && latin[form.first] == 0xffff)
      latin[form.first] = static_cast<std::uint16_t>(i);
  }
  for (std::size_t first = 0; first + 1 < latin.size(); ++first) {
    if (latin[first] == 0xffff) continue;
    QueryForm joined = name_->forms[latin[first]];
    joined.kind = FormKind::glued;
    for (std::size_t next = first + 1; next < latin.size() && next < first + 4 && latin[next] != 0xffff; ++next) {
      const QueryForm& more = name_->forms[latin[next]];
      joined.letters += more.letters;
      joined.likeliness += more.likeliness;
      joined.count = static_cast<std::uint8_t>(next - first + 1);
      if (joined.letters.size() > 64) break;
      look_up(joined, latin[first]);
    }
  }
}

void EvidenceTable::grow() {
  const std::vector<Slot> old = std::move(slots_);
  slots_.assign(std::max<std::size_t>(kSlotsLeast, old.size() * 2), Slot{});
  mask_ = static_cast<std::uint32_t>(slots_.size() - 1);
  for (const Slot& known : old) {
    if (known.term == kNoTerm) continue;
    std::uint32_t slot = hash(known.word) & mask_;
    while (slots_[slot].term != kNoTerm) slot = (slot + 1) & mask_;
    slots_[slot] = known;
  }
}

void EvidenceTable::add(WordNumber word, Term term) {
  if (const QueryToken& token = name_->tokens[term.first]; term.count == 1 && !token.counts)
    term.weight =
        std::min(term.weight, token.role == text::Role::particle ? model::kParticleMost : model::kAsideMost);
  if (term.weight <= model::kLeastTerm || terms_.size() >= kTermsMax) return;
  if ((used_ + 1) * 2 > slots_.size()) grow();
  std::uint32_t slot = hash(word) & mask_;
  while (slots_[slot].term != kNoTerm && slots_[slot].word != word) slot = (slot + 1) & mask_;
  if (slots_[slot].term == kNoTerm) {
    slots_[slot].word = word;
    ++used_;
  } else {
    for (std::uint32_t i = slots_[slot].term; i != kNoTerm; i = terms_[i].next) {
      Term& known = terms_[i];
      if (known.first != term.first || known.count != term.count) continue;
      if (term.kind == EvidenceKind::romanised && known.kind == EvidenceKind::romanised) {
        // Several renderings lead to the same word: it is met if any of them does.
        const Weight sum = sum_of_odds(term.weight, known.weight);
        if (term.weight > known.weight) {
          const std::uint32_t next = known.next;
          known = term;
          known.next = next;
        }
        known.weight = sum;
        slots_[slot].sought = true;
        return;
      }
      if (term.weight > known.weight) {
        const std::uint32_t next = known.next;
        known = term;
        known.next = next;
        slots_[slot].sought = true;
      }
      return;
    }
  }
  slots_[slot].sought = true;
  term.next = slots_[slot].term;
  slots_[slot].term = static_cast<std::uint32_t>(terms_.size()) & kNoTerm;
  terms_.push_back(term);
}

void EvidenceTable::look_for_initials() {
  // A single letter in a record stands for any name that begins with it.
  for (std::size_t i = 0; i < name_->forms.size() && i < 0xffff; ++i) {
    const QueryForm& form = name_->forms[i];
    if (form.alphabet != Alphabet::latin || form.count != 1 || form.rank != 1 || form.letters.size() < 2) continue;
    const auto letter = segment_.find_form(Alphabet::latin, std::string_view(form.letters).substr(0, 1));
    if (!letter) continue;
    segment_.words_of(*letter, [&](const FormWord& word) {
      if (word.kind != FormKind::exact) return;
      Term term{.first = form.first,
                .count = 1,
                .kind = EvidenceKind::initial,
                .share = segment_.share(*letter),
                .weight = model::kInitialWorth,
                .form = static_cast<std::uint16_t>(i)};
      add(word.word, term);
    });
  }
}

void EvidenceTable::note_beginnings() {
  constexpr std::uint8_t kLikely = 4;  // renderings
  for (const QueryForm& form : name_->forms)
    if (form.alphabet == Alphabet::latin && form.count == 1 && form.first < begins_.size() && form.rank <= kLikely &&
        form.letters[0] >= 'a' && form.letters[0] <= 'z')
      begins_[form.first] |= 1u << (form.letters[0] - 'a');
}

/// A record has all parts of what was cut, so that one of them is enough to find it by.
void EvidenceTable::seek_rarest_part() {
  const std::uint32_t parts = needed_tokens();
  const auto met_by = [](const Term& term) { return ((1u << term.count) - 1) << term.first; };
  std::array<std::uint64_t, kQueryTokensMax> costs{};
  for (const Slot& slot : slots_) {
    std::uint32_t met = 0;
    for (std::uint32_t i = slot.term; i != kNoTerm; i = terms_[i].next) met |= met_by(terms_[i]) & parts;
    for (; met != 0; met &= met - 1)
      costs[static_cast<std::size_t>(std::countr_zero(met))] += count_of(segment_.word_share(slot.word));
  }
  auto rarest = static_cast<std::uint32_t>(std::countr_zero(parts));
  for (std::uint32_t token = rarest; token < costs.size(); ++token)
    if ((parts >> token & 1) != 0 && costs[token] < costs[rarest]) rarest = token;
  partial_ = true;
  for (Slot& slot : slots_) {
    slot.sought = false;
    for (std::uint32_t i = slot.term; i != kNoTerm; i = terms_[i].next)
      slot.sought |= met_by(terms_[i]) >> rarest & 1;
  }
}

void EvidenceTable::list_words() {
  const std::size_t tokens = name_->tokens.size();
  const auto counted_in = [&](const Term& term) {
    unsigned out = 0;
    for (unsigned token = term.first; token < unsigned{term.first} + term.count && token < tokens; ++token)
      out += name_->tokens[token].counts;
    return out;
  };
  struct Share {
    std::uint32_t word;
    std::uint16_t token, step;
    Weight weight;
  };
  std::vector<Share> shares;
  shares.reserve(terms_.size());
  most_.assign(tokens, 0);
  for (const Slot& slot : slots_) {
    if (slot.term == kNoTerm) continue;
    Weight worth = 0;
    unsigned met = 0;
    for (std::uint32_t i = slot.term; i != kNoTerm; i = terms_[i].next) {
      const Term& term = terms_[i];
      worth = std::max(worth, term.weight);
      met = std::max(met, counted_in(term));
      const Weight part = (term.weight + term.count - 1) / term.count;
      for (unsigned token = term.first; token < unsigned{term.first} + term.count && token < tokens; ++token) {
        const Weight weight = part + (name_->tokens[token].counts ? -model::kMissing : 0);
        most_[token] = std::max(most_[token], weight);
        // What rather speaks against a record is no way to find it.
        if ((partial_ && !slot.sought) || term.weight <= 0) continue;
        const auto step = static_cast<std::uint16_t>(std::clamp(weight / kGroupStep, 0, kGroupSteps - 1));
        shares.push_back(
            {static_cast<std::uint32_t>(words_.size()), static_cast<std::uint16_t>(token), step, weight});
      }
    }
    words_.push_back({slot.word, worth, met, count_of(segment_.word_share(slot.word))});
  }
  // Nearly all lists are short, and elsewhere in memory: they should be on their way when they are read.
  for (std::size_t i = 0; i < words_.size() + 16; ++i) {
    if (i < words_.size()) segment_.prefetch_posting_offset(words_[i].word);
    if (i >= 16) segment_.prefetch_postings(words_[i - 16].word);
  }
  // Counted into groups, the last step first.
  std::vector<std::uint32_t> ends(tokens * kGroupSteps + 1);
  const auto group_of = [](const Share& share) {
    return std::size_t{share.token} * kGroupSteps + static_cast<std::size_t>(kGroupSteps - 1 - share.step);
  };
  std::vector<Weight> most(tokens * kGroupSteps);
  for (const Share& share : shares) {
    const std::size_t group = group_of(share);
    ++ends[group + 1];
    most[group] = std::max(most[group], share.weight);
  }
  for (std::size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
  const std::vector<std::uint32_t> begins(ends.begin(), ends.end() - 1);
  grouped_.resize(shares.size());
  for (const Share& share : shares) grouped_[ends[group_of(share)]++] = share.word;
  groups_.resize(tokens);
  for (std::size_t token = 0; token < tokens; ++token)
    for (std::size_t group = token * kGroupSteps; group < (token + 1) * kGroupSteps; ++group)
      if (ends[group] > begins[group]) {
        const auto words =
            std::span<const std::uint32_t>(grouped_).subspan(begins[group], ends[group] - begins[group]);
        std::uint64_t postings = 0;
        for (const std::uint32_t word : words) postings += words_[word].postings;
        groups_[token].push_back({most[group], words, postings});
      }
}

}  // namespace entraide::match
