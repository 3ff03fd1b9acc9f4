// Where East Asian names written in one piece are cut, and the forms of their parts.

#include <cmath>

#include "text/builder.h"
#include "text/skeleton.h"

namespace entraide::text {

namespace {

constexpr float kUnlikely = 5;  // nats behind the best reading: no forms

bool is_han_token(const Token& token) { return token.script == Script::han; }

// The long vowels that ENAMDICT spells out and passports do not: Kouichi as Koichi, Oohara as Ohara.
std::string without_long_vowels(std::string_view latin) {
  std::string out;
  for (std::size_t i = 0; i < latin.size(); ++i) {
    const bool long_o = !out.empty() && out.back() == 'o' && (latin[i] == 'u' || latin[i] == 'o');
    const bool long_u = !out.empty() && out.back() == 'u' && latin[i] == 'u';
    if (!long_o && !long_u) out.push_back(latin[i]);
  }
  return out;
}

}  // namespace

void Builder::split_token(std::size_t i, std::size_t family) {
  if (name_.tokens_.size() == kTokensMax) return;
  const std::vector<Span>& spans = name_.scratch_->raw.spans;
  Token first = name_.tokens_[i], second = first;
  Extra given = extras_[i];
  const std::u32string_view all = raw(i);
  std::string head;
  for (const char32_t c : all.substr(0, family)) append_utf8(head, canonical_letter(c));
  first.size = static_cast<std::uint32_t>(head.size());
  second.at += first.size;
  second.size -= first.size;
  const std::uint32_t cut = extras_[i].begin + static_cast<std::uint32_t>(family);
  second.span.begin = spans[cut].begin;
  // One character may be written for both: U+3370 is two digits and a Han character.
  first.span.end = std::max(second.span.begin, spans[cut - 1].end);
  extras_[i].end = given.begin = cut;
  given.joined = true;
  given.hash = WordTable::hash(name_.view(second.at, second.size));
  extras_[i].hash = WordTable::hash(name_.view(first.at, first.size));
  first.role = Role::family;
  second.role = Role::given;
  first.confidence = second.confidence = 0.85F;
  name_.tokens_[i] = first;
  name_.tokens_.insert(name_.tokens_.begin() + static_cast<std::ptrdiff_t>(i) + 1, second);
  for (std::size_t k = name_.tokens_.size() - 1; k > i + 1; --k) extras_[k] = extras_[k - 1];
  extras_[i + 1] = given;
  extras_[i].east = extras_[i + 1].east = true;
  name_.family_first = true;
}

// Korean: one token, two to five syllables, the first of them a family name; or the family name stands apart.
void Builder::cut_korean(std::size_t i, bool alone) {
  const std::u32string_view syllables = raw(i);
  const EastAsia& east = scripts_.east_asia();
  if (!alone) return;
  const std::size_t family = syllables.size() <= 5 ? east.korean_family(syllables) : 0;
  if (family && syllables.size() - family <= 3) split_token(i, family);
}

// ln P of the characters as the sound of a foreign name.
float Builder::foreign(std::u32string_view characters) {
  constexpr float kSeldom = -2.3F;  // ln .1: most names in Han characters are of people who write them
  std::vector<Rendering> ignored;
  return by_sound(characters, 1, ignored) + kSeldom;
}

// Chinese, Japanese and foreign: whichever tables find the characters likeliest; all hypotheses leave forms, the best one
// cuts, and a foreign name that is hardly anything else is not cut.
void Builder::plan_han() {
  std::vector<std::size_t> tokens;
  for (std::size_t i = 0; i < name_.tokens_.size(); ++i)
    if (is_han_token(name_.tokens_[i]) && (!extras_[i].aside || i == 0)) tokens.push_back(i);
  if (tokens.empty() || tokens.size() > 2) return;
  const EastAsia& east = scripts_.east_asia();
  std::vector<Rendering>& scratch = name_.scratch_->more;
  han_ = {};
  struct Split {
    float score;
    std::size_t family, given;  // for two tokens which is which; for one token, how many characters
  };
  const auto better = [](const Split& a, const Split& b) { return a.score > b.score; };
  std::vector<Split> chinese, japanese_splits;
  if (tokens.size() == 1) {
    const std::u32string_view all = raw(tokens[0]);
    if (all.size() < 2 || all.size() > 8 || extras_[tokens[0]].dotted) return;
    for (std::size_t k = 1; k < all.size(); ++k) {
      if (k <= 2)
        chinese.push_back({east.chinese_family(all.substr(0, k)) + east.chinese_given(all.substr(k)), k, 0});
      if (k <= 4)
        japanese_splits.push_back(
            {japanese(all.substr(0, k), true, 2, scratch) + japanese(all.substr(k), false, 2, scratch), k, 0});
    }
  } else {
    const std::u32string_view a = raw(tokens[0]), b = raw(tokens[1]);
    if (extras_[tokens[1]].dotted || a.size() > 5 || b.size() > 5) return;
    for (const bool swapped : {false, true}) {
      const std::u32string_view family = swapped ? b : a, given = swapped ? a : b;
      const float order = swapped ? -1.0F : 0.0F;
      chinese.push_back({east.chinese_family(family) + east.chinese_given(given) + order, swapped ? 1U : 0U, 0});
      japanese_splits.push_back(
          {japanese(family, true, 2, scratch) + japanese(given, false, 2, scratch) + order, swapped ? 1U : 0U, 0});
    }
  }
  std::ranges::sort(chinese, better);
  std::ranges::sort(japanese_splits, better);
  const float c = chinese.empty() ? -200 : chinese[0].score,
              j = japanese_splits.empty() ? -200 : japanese_splits[0].score;
  const float f = tokens.size() == 1 ? foreign(raw(tokens[0])) : -200;
  const float total = add_logarithms(add_logarithms(c, j), f);
  if (std::max(c, j) < std::max(-150.0F, total - kUnlikely)) return;
  han_.used = true;
  han_.chinese = c - total;
  han_.japanese = j - total;
  han_.foreign = f - total;
  name_.japanese = j > c;
  const std::size_t best = (j > c ? japanese_splits : chinese)[0].family;
  const std::u32string whole(tokens.size() == 1 ? raw(tokens[0]) : std::u32string_view());
  if (tokens.size() == 1) {
    split_token(tokens[0], best);
    han_.family = tokens[0];
    han_.given = tokens[0] + 1;
    if (name_.tokens_.size() <= han_.given) return void(han_.used = false);
  } else {
    han_.family = tokens[best];
    han_.given = tokens[1 - best];
    extras_[han_.family].east = extras_[han_.given].east = true;
    name_.tokens_[han_.family].role = Role::family;
    name_.tokens_[han_.given].role = Role::given;
    name_.tokens_[han_.family].confidence = name_.tokens_[han_.given].confidence = 0.85F;
    name_.family_first = best == 0;
  }
  // Readings of both parts under every hypothesis that is not far behind.
  for (const Split& split : chinese) {
    const float share = split.score - total;
    if (share < -kUnlikely) break;
    const std::u32string_view family =
        whole.empty() ? raw(tokens[split.family]) : std::u32string_view(whole).substr(0, split.family);
    const std::u32string_view given =
        whole.empty() ? raw(tokens[1 - split.family]) : std::u32string_view(whole).substr(split.family);
    for (const bool is_family : {true, false}) {
      east.chinese(is_family ? family : given, is_family, depth_in(Script::han), scratch);
      for (Rendering& r : scratch)
        merge_rendering(is_family ? han_.family_forms : han_.given_forms, r.latin, r.log_probability + share);
    }
  }
  for (const Split& split : japanese_splits) {
    const float share = split.score - total;
    if (share < -kUnlikely) break;
    const std::u32string_view family =
        whole.empty() ? raw(tokens[split.family]) : std::u32string_view(whole).substr(0, split.family);
    const std::u32string_view given =
        whole.empty() ? raw(tokens[1 - split.family]) : std::u32string_view(whole).substr(split.family);
    for (const bool is_family : {true, false}) {
      japanese(is_family ? family : given, is_family, depth_in(Script::han), scratch);
      for (Rendering& r : scratch) {
        std::vector<Rendering>& into = is_family ? han_.family_forms : han_.given_forms;
        const std::string plain = without_long_vowels(r.latin);
        if (plain != r.latin) merge_rendering(into, plain, r.log_probability + share - 0.7F);
        merge_rendering(into, std::move(r.latin), r.log_probability + share - (plain != r.latin ? 0.7F : 0));
      }
    }
  }
  for (std::vector<Rendering>* forms : {&han_.family_forms, &han_.given_forms}) {
    likeliest_first(*forms);
    const std::size_t most = depth_in(Script::han) + depth_in(Script::han) / 2;
    if (forms->size() > most) forms->resize(most);
  }
}

void Builder::cut_east_asian() {
  std::size_t hangul = 0, at = 0;
  for (std::size_t i = 0; i < name_.tokens_.size(); ++i)
    if (name_.tokens_[i].script == Script::hangul) ++hangul, at = i;
  if (hangul == 1) cut_korean(at, true);
  // A family name of one syllable before a given name of one to three.
  if (hangul == 2 && at > 0 && name_.tokens_[at - 1].script == Script::hangul && raw(at - 1).size() <= 2 &&
      raw(at).size() <= 3 &&
      scripts_.east_asia().korean_family(std::u32string(raw(at - 1)) + U"가") == raw(at - 1).size())
    extras_[at - 1].east = extras_[at].east = true;
  plan_han();
}

// Of two syllables at least: one says too little.
void Builder::syllable_class(std::size_t first, std::size_t count, std::string_view latin, float log_probability) {
  constexpr std::size_t kLetters = 4;
  std::string key;
  append_syllable_class(latin, key);
  if (key.size() >= kLetters) add_text(FormKind::syllables, first, count, key, log_probability);
}

void Builder::syllable_classes(std::size_t first, std::size_t count, const std::vector<Rendering>& renderings) {
  std::vector<std::string>& seen = name_.scratch_->seen;
  seen.clear();
  for (std::size_t k = 0; k < std::min<std::size_t>(6, renderings.size()) && seen.size() < 3; ++k) {
    std::string key;
    append_syllable_class(renderings[k].latin, key);
    if (std::ranges::find(seen, key) != seen.end()) continue;
    seen.push_back(std::move(key));
    syllable_class(first, count, renderings[k].latin, renderings[k].log_probability);
  }
}

// True when the token's forms are made here.
bool Builder::east_forms(std::size_t i) {
  if (!extras_[i].east) return false;
  std::vector<Rendering>& renderings = name_.scratch_->renderings;
  if (name_.tokens_[i].script == Script::hangul) {
    std::u32string units;
    append_units(raw(i), units);
    scripts_.east_asia().korean().romanise(units, depth(), renderings);
    romanised(FormKind::romanised, i, 1, renderings, -0.1F);
    if (is(i, Role::given)) syllable_classes(i, 1, renderings);
    // Foreign names in Hangul may begin like a family name: the whole as one word.
    if (i + 1 < name_.tokens_.size() && extras_[i + 1].east && extras_[i + 1].joined) {
      const std::u32string whole = std::u32string(raw(i)) + std::u32string(raw(i + 1));
      renderings_of(whole, Script::hangul, depth() / 2, renderings);
      romanised(FormKind::glued, i, 2, renderings, -1.5F);
    }
    return true;
  }
  if (!han_.used) return false;
  romanised(FormKind::romanised, i, 1, i == han_.family ? han_.family_forms : han_.given_forms, 0);
  if (i == han_.given && !name_.japanese) syllable_classes(i, 1, han_.given_forms);
  if (i == han_.family && han_.given == i + 1 && extras_[i + 1].joined && han_.foreign > -kUnlikely) {
    const std::u32string whole = std::u32string(raw(i)) + std::u32string(raw(i + 1));
    renderings_of(whole, Script::han, depth() / 2, renderings);
    romanised(FormKind::glued, i, 2, renderings, han_.foreign);
  }
  return true;
}

// "Jin Ping", "Yong Nam": two syllables in a name of three or four such words are mostly one given name.
void Builder::syllable_pairs(std::size_t i) {
  const std::size_t size = name_.tokens_.size();
  const auto latin = [&](std::size_t k) { return name_.tokens_[k].script == Script::latin; };
  // "Xi Jinping": a word of two syllables beside one of one.
  if (size == 2 && latin(0) && latin(1) && name_.tokens_[i].size >= 5 && name_.tokens_[i].size <= 12 &&
      is_syllable(letters(1 - i)))
    syllable_class(i, 1, letters(i), -0.3F);
  if (size < 3 || size > 5 || i + 1 >= size || !latin(i) || !latin(i + 1)) return;
  if (!is_syllable(letters(i)) || !is_syllable(letters(i + 1))) return;
  // All the others too, but for one name chosen abroad: "Chan Siu Ming, Peter".
  std::size_t others = 0;
  for (std::size_t k = 0; k < size; ++k)
    if (name_.tokens_[k].role != Role::honorific) others += !latin(k) || !is_syllable(letters(k));
  if (others > (size > 3 ? 1U : 0U)) return;
  const std::string joined = std::string(letters(i)) + std::string(letters(i + 1));
  syllable_class(i, 2, joined, -0.3F);
  if (!extras_[i + 1].joined)
    add_text(FormKind::glued, i, 2, joined, -0.4F);  // halves of a hyphenated name are joined already
}

}  // namespace entraide::text
