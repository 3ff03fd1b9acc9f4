// Forms of tokens that are not in Latin letters.

#include <cmath>

#include "text/builder.h"
#include "text/official.h"
#include "text/skeleton.h"

namespace entraide::text {

namespace {

constexpr char32_t kAlif = 0x627, kLam = 0x644;

bool has_article(std::u32string_view letters) {
  return letters.size() >= 5 && letters[0] == kAlif && letters[1] == kLam;
}

}  // namespace

std::u32string_view Builder::raw(std::size_t i) const {
  return std::u32string_view(name_.scratch_->raw.letters).substr(extras_[i].begin, extras_[i].end - extras_[i].begin);
}

// How many renderings of a token are made. A foreign name in Hebrew letters and a Japanese one in Han characters may be
// spelt in more ways than any other, and renderings beyond the first few are looked up only as they stand, which costs little.
std::size_t Builder::depth_in(Script script) const {
  constexpr std::size_t kHebrew = 36, kHan = 24, kTokens = 8;
  if (depth_ != Depth::query || name_.tokens_.size() > kTokens) return depth();
  return script == Script::hebrew ? kHebrew : script == Script::han ? kHan : depth();
}

// The likeliest Latin spellings of the letters. Letters that the learned table does not know are spelt by ICU's rules, and
// then the whole word is, for half a word would be another name.
void Builder::renderings_of(std::u32string_view letters, Script script, std::size_t count,
                            std::vector<Rendering>& out) {
  Name::Scratch& scratch = *name_.scratch_;
  out.clear();
  // As many as most queries have, whoever asks: what was inserted is often sought next.
  const std::size_t made = std::max(count, depth_of(Depth::query));
  scratch.key.assign(letters);
  scratch.key.push_back(static_cast<char32_t>(script));
  scratch.key.push_back(static_cast<char32_t>(made));
  auto known = scratch.remembered.find(scratch.key);
  if (known == scratch.remembered.end()) {
    make_renderings(letters, script, made, out);
    if (scratch.remembered.size() >= Name::Scratch::kRemembered) scratch.remembered.clear();
    known = scratch.remembered.emplace(scratch.key, out).first;
  }
  const std::span<const Rendering> all = known->second;
  out.assign(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size())));
}

void Builder::make_renderings(std::u32string_view letters, Script script, std::size_t count,
                              std::vector<Rendering>& out) {
  Name::Scratch& scratch = *name_.scratch_;
  scratch.units.clear();
  append_units(letters, scratch.units);
  const Romaniser* romaniser = scripts_.of(script);
  const bool all_known = romaniser && std::ranges::all_of(scratch.units, [&](char32_t c) {
                           return romaniser->knows(c) || scripts_.letter(c).empty();
                         });
  if (script == Script::han && romaniser) by_sound(letters, count, out);
  else if (all_known) romaniser->romanise(scratch.units, count, out);
  else if (romaniser && script == Script::arabic) by_parts(*romaniser, count, out);
  if (script == Script::cyrillic && !out.empty()) {
    // States write by their tables, people as they are used to: each is right about half of the time.
    constexpr float kHalf = -0.6932F;
    for (Rendering& rendering : out) rendering.log_probability += kHalf;
    official_spellings(letters, scratch.more);
    for (const Rendering& official : scratch.more)
      merge_rendering(out, official.latin, official.log_probability + kHalf);
    likeliest_first(out);
    if (out.size() > count) out.resize(count);
  }
  std::string word;
  for (const char32_t c : letters)
    if (const char32_t folded = canonical_letter(c)) append_utf8(word, folded);
  std::span<const Rendering> known = scripts_.irregular(word);
  if (known.empty() && script == Script::han) {
    word.clear();
    for (const char32_t c : letters) append_utf8(word, scripts_.traditional(c));
    known = scripts_.irregular(word);
  }
  if (!known.empty()) {
    // What people write outweighs what the letters would give, and both stay.
    constexpr float kKnown = -0.36F, kGiven = -1.2F;  // ln .7, ln .3
    for (Rendering& rendering : out) rendering.log_probability += kGiven;
    for (const Rendering& usual : known) merge_rendering(out, usual.latin, usual.log_probability + kKnown);
    likeliest_first(out);
    if (out.size() > count) out.resize(count);
  }
  if (!out.empty()) return;
  std::string latin;
  for (const char32_t c : letters) {
    if (c < 0x80) {
      latin.push_back(static_cast<char>(c));
    } else {
      latin += scripts_.letter(c);
    }
  }
  if (!latin.empty() && latin.size() <= kTokenLettersMax * 2) out.push_back({std::move(latin), -0.5F});
}

// Han characters as the sound of a name. What was learned of is written in traditional characters mostly: simplified ones are
// read as either, whichever the table finds likelier. Gives ln P of the characters.
float Builder::by_sound(std::u32string_view characters, std::size_t count, std::vector<Rendering>& out) {
  const Romaniser& romaniser = *scripts_.of(Script::han);
  std::u32string units;
  append_units(characters, units);
  float likelihood = 0;
  romaniser.romanise(units, count, out, &likelihood);
  std::u32string other_units;
  std::vector<Rendering> others;
  for (const char32_t c : units) other_units.push_back(scripts_.traditional(c));
  if (other_units != units) {
    float other = 0;
    romaniser.romanise(other_units, count, others, &other);
    const float total = add_logarithms(likelihood, other);
    for (Rendering& rendering : out) rendering.log_probability += likelihood - total;
    for (Rendering& rendering : others)
      merge_rendering(out, std::move(rendering.latin), rendering.log_probability + other - total);
    likelihood = total;
  }
  // Characters that sound the same are written for the same syllables, whichever was learned of.
  if (count > 1 && scripts_.east_asia().mandarin_sounds(units, other_units)) {
    constexpr float kByCharacter = -0.598F, kBySound = -0.799F;  // ln .55, ln .45
    scripts_.east_asia().sounds().romanise(other_units, count, others);
    if (!out.empty())
      for (Rendering& rendering : out) rendering.log_probability += kByCharacter;
    const float part = out.empty() ? 0 : kBySound;
    for (Rendering& rendering : others)
      merge_rendering(out, std::move(rendering.latin), rendering.log_probability + part);
  }
  likeliest_first(out);
  if (out.size() > count) out.resize(count);
  return likelihood;
}

// The letters that the learned table does not know are spelt one by one, what is between them by the table.
void Builder::by_parts(const Romaniser& romaniser, std::size_t count, std::vector<Rendering>& out) {
  const std::u32string_view units = name_.scratch_->units;
  out.assign(1, {});
  std::vector<Rendering> part, longer;
  for (std::size_t begin = 0, end = 0; begin < units.size(); begin = end) {
    const bool known = romaniser.knows(units[begin]);
    end = begin + 1;
    while (end < units.size() && romaniser.knows(units[end]) == known) ++end;
    if (known) {
      romaniser.romanise(units.substr(begin, end - begin), count, part);
    } else {
      part.assign(1, {});
      for (const char32_t c : units.substr(begin, end - begin)) part[0].latin += scripts_.letter(c);
    }
    if (part.empty()) continue;
    longer.clear();
    for (const Rendering& before : out)
      for (const Rendering& after : part)
        merge_rendering(longer, before.latin + after.latin, before.log_probability + after.log_probability);
    likeliest_first(longer);
    if (longer.size() > count) longer.resize(count);
    std::swap(out, longer);
  }
  std::erase_if(out, [](const Rendering& rendering) {
    return rendering.latin.empty() || rendering.latin.size() > Romaniser::kLatinMax;
  });
}

void Builder::romanised(FormKind kind, std::size_t first, std::size_t count, const std::vector<Rendering>& renderings,
                        float log_share) {
  for (std::size_t k = 0; k < renderings.size(); ++k)
    add_text(kind, first, count, renderings[k].latin, renderings[k].log_probability + log_share, k + 1,
             renderings.size());
  // The few skeletons that the renderings boil down to.
  const std::size_t skeletons = depth_ == Depth::query ? 3 : 2;
  std::vector<std::string>& seen = name_.scratch_->seen;
  seen.clear();
  // Of a Han character only likely readings: unlikely ones are of other names, not other spellings.
  constexpr float kUnlikely = 5;
  const bool han = name_.tokens_[first].script == Script::han;
  for (const Rendering& rendering : renderings) {
    if (han && rendering.log_probability < renderings[0].log_probability - kUnlikely) break;
    std::string skeleton;
    append_skeleton(rendering.latin, false, skeleton);
    if (std::ranges::find(seen, skeleton) != seen.end()) continue;
    seen.push_back(std::move(skeleton));
    skeletons_of(first, count, rendering.latin, log_share - 0.3F * static_cast<float>(seen.size() - 1));
    if (seen.size() == skeletons) break;
  }
}

// The class of the likeliest spelling that has one.
void Builder::variant_of_renderings(std::size_t first, std::size_t count, const std::vector<Rendering>& renderings,
                                    float log_share) {
  std::string_view before;
  for (std::size_t k = 0, found = 0; k < renderings.size() && k < 8 && found < 2; ++k) {
    const std::string_view name = lexicon_.variant_of(renderings[k].latin, WordTable::hash(renderings[k].latin));
    if (name.empty() || name == before) continue;
    before = name;
    add_text(FormKind::variant, first, count, name, renderings[k].log_probability * 0.5F + log_share, ++found);
  }
}

void Builder::native_forms(std::size_t i) {
  const Token token = name_.tokens_[i];
  if (token.script == Script::digits || token.role == Role::honorific || extras_[i].begin == extras_[i].end) return;
  if (east_forms(i)) return;
  if (token.role == Role::initial) {
    if (const WordRole* word = lexicon_.role_of(letters(i), extras_[i].hash); word && word->letter)
      add_text(FormKind::romanised, i, 1, std::string_view(&word->letter, 1), 0);
  }
  if (token.script == Script::arabic && has_article(raw(i))) return arabic_forms(i);
  std::vector<Rendering>& renderings = name_.scratch_->renderings;
  renderings_of(raw(i), token.script, depth_in(token.script), renderings);
  romanised(FormKind::romanised, i, 1, renderings, 0);
  if (token.script == Script::arabic) arabic_skeletons(i, raw(i));
  variant_of_renderings(i, 1, renderings, 0);
  if (token.role == Role::patronymic && !renderings.empty())
    patronymic_variant(i, 1, renderings[0].latin, renderings[0].log_probability * 0.5F - 0.2F);
  for (std::size_t k = 0; k < std::min<std::size_t>(3, renderings.size()); ++k)
    compound(i, 1, renderings[k].latin, renderings[k].log_probability - 0.1F);
}

// The article is written or not, joined or apart; the name after it is what counts.
void Builder::arabic_forms(std::size_t i) {
  std::vector<Rendering>& renderings = name_.scratch_->renderings;
  renderings_of(raw(i).substr(2), Script::arabic, depth(), renderings);
  romanised(FormKind::bare, i, 1, renderings, -0.1F);
  arabic_skeletons(i, raw(i).substr(2));
  variant_of_renderings(i, 1, renderings, -0.1F);
  const std::size_t joined = depth() / 4;
  for (std::size_t k = 0; k < std::min(joined, renderings.size()); ++k)
    add_text(FormKind::romanised, i, 1, "al" + renderings[k].latin, renderings[k].log_probability - 1, k + 1, joined);
}

// Vowels are not written, and waw is a vowel or not: the consonants say more than the likeliest renderings do.
void Builder::arabic_skeletons(std::size_t i, std::u32string_view letters) {
  std::vector<std::string>& known = name_.scratch_->seen;  // what the renderings have left
  std::vector<std::string> spelt;
  consonants_of_arabic(letters, spelt);
  for (const std::string& latin : spelt) {
    std::string skeleton;
    append_skeleton(latin, false, skeleton);
    if (std::ranges::find(known, skeleton) != known.end()) continue;
    known.push_back(std::move(skeleton));
    skeletons_of(i, 1, latin, -0.6F);
  }
}

}  // namespace entraide::text
