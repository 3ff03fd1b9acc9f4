#include "text/builder.h"

#include "text/skeleton.h"
#include "text/slavic.h"

namespace entraide::text {

namespace {

constexpr std::uint8_t kLetter = 1, kDigit = 2, kSilent = 3, kComma = 4, kOpen = 5, kClose = 6, kSpace = 7, kJoin = 8;

constexpr std::array<std::uint8_t, 128> ascii_kinds() {
  std::array<std::uint8_t, 128> out{};
  for (std::uint8_t& kind : out) kind = kJoin;
  for (unsigned char c = 'a'; c <= 'z'; ++c) out[c] = out[c - 32U] = kLetter;
  for (unsigned char c = '0'; c <= '9'; ++c) out[c] = kDigit;
  out['\''] = out['`'] = kSilent;
  out[','] = out[';'] = kComma;
  out['('] = out['['] = out['{'] = kOpen;
  out[')'] = out[']'] = out['}'] = kClose;
  out[' '] = out['\t'] = out['/'] = out['_'] = kSpace;
  return out;
}
constexpr std::array<std::uint8_t, 128> kAscii = ascii_kinds();

}  // namespace

void Builder::build(std::string_view text) {
  name_.store_.clear();
  name_.tokens_.clear();
  name_.forms_.clear();
  name_.truncated = name_.japanese = name_.family_first = false;
  name_.gender.reset();
  if (!cut_ascii(text)) {
    cut_any(text);
    cut_east_asian();
  }
  give_roles();
  set_repeats_aside();
  order_roles();
  if (depth_ == Depth::tokens) return;
  make_forms();
  sort_forms();
}

void Builder::add_token(Span span, Script script, std::uint32_t at, const Extra& extra) {
  const std::string_view word = std::string_view(name_.store_).substr(at);
  if (word.empty()) return;  // nothing but marks
  extras_[name_.tokens_.size()] = extra;
  extras_[name_.tokens_.size()].hash = WordTable::hash(word);
  name_.tokens_.push_back(
      {.span = span, .script = script, .at = at, .size = static_cast<std::uint32_t>(word.size())});
}

// Most names of most registers are ASCII: they are cut in one pass, without ICU.
bool Builder::cut_ascii(std::string_view text) {
  if (text.size() > kNameBytesMax) return false;
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  std::string& store = name_.store_;
  int depth = 0;
  bool comma = false, space = true;
  const std::uint32_t size = static_cast<std::uint32_t>(text.size());
  for (std::uint32_t i = 0; i < size;) {
    switch (kAscii[static_cast<unsigned char>(text[i])]) {
      case kComma:
        comma = true;
        space = true;
        ++i;
        continue;
      case kOpen:
        ++depth;
        space = true;
        ++i;
        continue;
      case kClose:
        depth = std::max(0, depth - 1);
        space = true;
        ++i;
        continue;
      case kSpace:
        space = true;
        ++i;
        continue;
      case kSilent:
      case kJoin: ++i; continue;
      default: break;
    }
    if (name_.tokens_.size() == kTokensMax) {
      name_.truncated = true;
      return true;
    }
    const std::uint32_t at = mark();
    Span span{i, i};
    bool lower = false, digits = true;
    std::uint32_t taken = 0;
    for (; i < size; ++i) {
      const std::uint8_t kind = kAscii[static_cast<unsigned char>(text[i])];
      if (kind == kSilent) continue;
      if (kind != kLetter && kind != kDigit) break;
      const char c = text[i];
      const bool capital = c >= 'A' && c <= 'Z';
      lower = lower || (kind == kLetter && !capital);
      digits = digits && kind == kDigit;
      span.end = i + 1;
      if (taken++ < kTokenLettersMax) {
        store.push_back(capital ? static_cast<char>(c + 32) : c);
      } else {
        name_.truncated = true;
      }
    }
    add_token(span, digits ? Script::digits : Script::latin, at,
              {.joined = !space && !name_.tokens_.empty(),
               .after_comma = comma && !name_.tokens_.empty(),
               .upper = !lower && taken >= 2,
               .aside = depth > 0});
    comma = space = false;
  }
  return true;
}

void Builder::cut_any(std::string_view text) {
  Name::Scratch& scratch = *name_.scratch_;
  name_.truncated = fold_letters(text, scratch.letters);
  scratch.raw.truncated = false;
  cut_tokens(text, scratch.letters, scratch.raw);
  name_.truncated = name_.truncated || scratch.raw.truncated;
  for (const RawToken& raw : scratch.raw.tokens) {
    const std::uint32_t at = mark();
    for (std::uint32_t i = raw.begin; i < raw.end; ++i) {
      const char32_t c = canonical_letter(scratch.raw.letters[i]);
      // Latin letters that nobody spells in a to z are left out: the alphabet of Latin forms has no others.
      if (c && (raw.script != Script::latin || c < 0x80)) append_utf8(name_.store_, c);
    }
    add_token(raw.span, raw.script, at,
              {.joined = raw.joined,
               .after_comma = raw.after_comma,
               .upper = raw.upper,
               .aside = raw.aside,
               .dotted = raw.dotted,
               .begin = raw.begin,
               .end = raw.end});
  }
}

void Builder::give_roles() {
  const std::size_t size = name_.tokens_.size();
  bool bracketed = false, outside = false;
  for (std::size_t i = 0; i < size; ++i) (extras_[i].aside ? bracketed : outside) = true;
  for (std::size_t i = 0; i < size; ++i) {
    Token& token = name_.tokens_[i];
    if (token.role != Role::unknown) continue;
    if (const WordRole* word = lexicon_.role_of(letters(i), extras_[i].hash)) {
      const bool lonely = size == 1 || is_name_here(*word, i);
      if (!lonely) {
        token.role = word->role;
        token.confidence = word->confidence;
        extras_[i].servant = word->servant;
      }
    } else if (token.size == 1 && token.script == Script::latin) {
      token.role = Role::initial;
      token.confidence = 0.9F;
    } else if (const Lexicon::Ending* ending =
                   size > 1 && token.size > 5 ? lexicon_.ending_of(letters(i)) : nullptr) {
      token.role = Role::patronymic;
      // At the end of a name it is a family name as often (Petrovic), in the middle hardly ever.
      token.confidence = i > 0 && i + 1 < size ? ending->confidence : ending->confidence * 0.4F;
      if (token.confidence > 0.5F) name_.gender = ending->gender;
    }
    // What stands in brackets is another spelling, another name or a trade: good to meet, not missed.
    if (bracketed && outside && extras_[i].aside && token.role != Role::honorific && token.role != Role::particle) {
      token.role = Role::suffix;
      token.confidence = 0.7F;
    }
  }
}

// A word that a name has twice, or two spellings of one word with a comma between, is missed once.
void Builder::set_repeats_aside() {
  constexpr std::size_t kLetters = 3, kWords = 3;
  std::vector<Token>& tokens = name_.tokens_;
  const auto same = [&](std::size_t one, std::size_t other) {
    if (tokens[one].script != tokens[other].script) return false;
    if (letters(one) == letters(other)) return true;
    if (tokens[one].script != Script::latin) return false;
    const std::string_view name = lexicon_.variant_of(letters(one), extras_[one].hash);
    if (!name.empty() && name == lexicon_.variant_of(letters(other), extras_[other].hash)) return true;
    if (!extras_[other].after_comma || extras_[one].after_comma == extras_[other].after_comma) return false;
    std::string ours, theirs;
    append_skeleton(letters(one), false, ours);
    append_skeleton(letters(other), false, theirs);
    return ours.size() >= kLetters && ours == theirs;
  };
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    if (tokens[i].role != Role::unknown || tokens[i].size < kLetters) continue;
    if (tokens.size() < kWords && !extras_[i].after_comma) continue;
    for (std::size_t before = 0; before < i; ++before)
      if (tokens[before].role == Role::unknown && same(before, i)) {
        tokens[i].role = Role::suffix;
        tokens[i].confidence = 0.6F;
        break;
      }
  }
}

// Whether a word that mostly does something else is a name where it stands.
bool Builder::is_name_here(const WordRole& word, std::size_t i) const {
  const std::size_t size = name_.tokens_.size();
  const bool last = i + 1 == size;
  switch (word.role) {
    case Role::particle:
      // Ben, in front of one other word, is short for Benjamin as often as it means a son.
      if (i == 0 && size == 2 && (letters(i) == "ben" || letters(i) == "בן")) return true;
      [[fallthrough]];
    case Role::kunya: return last;  // it binds nothing
    case Role::suffix: return i == 0;  // Md Rahman
    case Role::honorific: {
      if (i > 0 && extras_[i - 1].servant) return true;  // the servant of the King: one of the names of God
      // Titles stand in front, or apart at the end: Ada King, Omar al-Sayyid. East Asian ones follow the name.
      const Script script = name_.tokens_[i].script;
      const bool follows = script == Script::han || script == Script::hangul || script == Script::kana;
      constexpr float kNothingElse = 0.95F;  // Mr, Dr
      return last && i > 0 && !extras_[i].after_comma && !extras_[i].aside && !follows &&
             word.confidence < kNothingElse;
    }
    default: return false;
  }
}

// Family and given names by how the name is laid out: a comma, capitals, else the custom of its script.
void Builder::order_roles() {
  std::vector<Token>& tokens = name_.tokens_;
  const std::size_t size = tokens.size();
  std::size_t comma = 0, upper = 0, named = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (extras_[i].after_comma && !comma) comma = i;
    if (tokens[i].role != Role::unknown) continue;
    ++named;
    upper += extras_[i].upper;
  }
  const bool by_case = upper && upper < named;
  for (std::size_t i = 0; i < size; ++i) {
    Token& token = tokens[i];
    if (token.role != Role::unknown) continue;
    const auto give = [&](Role role, float confidence) { token.role = role, token.confidence = confidence; };
    if (by_case) {
      give(extras_[i].upper ? Role::family : Role::given, 0.85F);
    } else if (comma) {
      give(i < comma ? Role::family : Role::given, 0.85F);
    } else if (size > 1) {
      const bool last = i + 1 == size || (i + 2 == size && tokens[size - 1].role == Role::suffix);
      give(last ? Role::family : Role::given, i == 0 || last ? 0.6F : 0.3F);
    }
  }
  name_.family_first = comma != 0 || (by_case && size && extras_[0].upper);
}

void Builder::make_forms() {
  for (std::size_t i = 0; i < name_.tokens_.size() && name_.forms_.size() < kFormsMax; ++i) {
    const Token token = name_.tokens_[i];
    name_.forms_.push_back({.kind = FormKind::exact,
                            .alphabet = alphabet_of(FormKind::exact, token.script),
                            .first = static_cast<std::uint8_t>(i),
                            .at = token.at,
                            .size = token.size});
    if (token.script == Script::latin) latin_forms(i);
    else native_forms(i);
    glued_forms(i);
    arabic_compounds(i);
    syllable_pairs(i);
  }
}

void Builder::latin_forms(std::size_t i) {
  const Token token = name_.tokens_[i];
  if (token.size < 2 || token.role == Role::honorific || token.role == Role::particle) return;
  const std::uint32_t hashed = extras_[i].hash;
  const std::span<const std::string> full = lexicon_.full_names(letters(i), hashed);
  for (std::size_t k = 0; k < full.size(); ++k) {
    add_text(FormKind::nickname, i, 1, full[k], -0.7F - 0.5F * static_cast<float>(k), k + 1, full.size());
    if (const std::string_view name = lexicon_.variant_of(full[k], WordTable::hash(full[k])); !name.empty())
      add_text(FormKind::variant, i, 1, name, -2.2F - 0.5F * static_cast<float>(k));
  }
  if (const std::string_view name = lexicon_.variant_of(letters(i), hashed); !name.empty())
    add_text(FormKind::variant, i, 1, name, -0.1F);
  if (token.role == Role::patronymic) patronymic_variant(i, 1, letters(i), -0.2F);
  slavic_variant(i);
  if (extras_[i].begin != extras_[i].end) other_spelling(i);
  compound(i, 1, letters(i), -0.1F);
  skeletons_of(i, 1, letters(i), 0);
}

// One spelling for the three languages' spellings of a family or father's name.
void Builder::slavic_variant(std::size_t i) {
  std::string& spelling = name_.scratch_->spelling;
  spelling = "~";  // no other class begins so
  if (append_slavic_spelling(letters(i), spelling)) add_text(FormKind::variant, i, 1, spelling, -0.3F);
}

// Mueller for Müller.
void Builder::other_spelling(std::size_t i) {
  const RawTokens& raw_tokens = name_.scratch_->raw;
  std::string spelt;
  bool other = false;
  for (std::uint32_t k = extras_[i].begin; k < extras_[i].end; ++k) {
    if (raw_tokens.letters[k] < 0x80) spelt.push_back(static_cast<char>(raw_tokens.letters[k]));
    if (!raw_tokens.after[k]) continue;
    spelt.push_back(raw_tokens.after[k]);
    other = true;
  }
  if (other) add_text(FormKind::spelling, i, 1, spelt, -1);
}

// The child of Sergei in three languages: the class of the father's name, and whether a son or a daughter.
void Builder::patronymic_variant(std::size_t first, std::size_t count, std::string_view latin,
                                 float log_probability) {
  const Lexicon::Ending* ending = lexicon_.ending_of(latin);
  if (!ending) return;
  const std::string_view root = latin.substr(0, latin.size() - ending->letters.size());
  // The ending may have taken the last vowels of the father's name, or left some of its own.
  std::string_view father;
  std::string name;
  const auto try_name = [&](std::string_view stem, std::string_view more) {
    if (!father.empty() || stem.size() < 3) return;
    name.assign(stem).append(more);
    father = lexicon_.variant_of(name, WordTable::hash(name));
  };
  for (const std::string_view more : {"", "i", "iy", "ei", "ey", "y"}) try_name(root, more);
  for (std::size_t cut = 1; cut <= 2 && cut < root.size(); ++cut) try_name(root.substr(0, root.size() - cut), "");
  if (father.empty()) return;
  name.assign(father);
  name += ending->gender == 'f' ? "+ovna" : "+ovich";
  add_text(FormKind::variant, first, count, name, log_probability);
}

// Particles are written with the name that they bind, and halves of a hyphenated name together.
void Builder::glued_forms(std::size_t i) {
  const std::size_t size = name_.tokens_.size();
  const bool binds = is(i, Role::particle) || is(i, Role::kunya);
  std::size_t end = i + 1;
  if (binds) {
    while (end < size && (is(end, Role::particle) || is(end, Role::kunya))) ++end;
    ++end;
  } else if (i + 1 < size && extras_[i + 1].joined) {
    end = i + 2;
  }
  if (end == i + 1 || end > size || end - i > 4) return;
  for (std::size_t k = i; k < end; ++k)
    if (name_.tokens_[k].script != name_.tokens_[i].script) return;
  if (name_.tokens_[i].script != Script::latin) return;
  const std::uint32_t at = mark();
  for (std::size_t k = i; k < end; ++k) name_.store_.append(name_.store_, name_.tokens_[k].at, name_.tokens_[k].size);
  add(FormKind::glued, i, end - i, at, -0.2F);
}

void Builder::skeletons_of(std::size_t first, std::size_t count, std::string_view latin, float log_probability) {
  constexpr std::size_t kLetters = 2;
  std::string& store = name_.store_;
  char copy[kTokenLettersMax * 2];  // `latin` may be a view of the store that grows here
  if (latin.size() > sizeof copy) return;
  std::copy(latin.begin(), latin.end(), copy);
  latin = {copy, latin.size()};
  std::uint32_t at = mark();
  append_skeleton(latin, false, store);
  if (store.size() - at >= kLetters) add(FormKind::skeleton_strong, first, count, at, log_probability - 0.3F);
  at = mark();
  append_skeleton(latin, true, store);
  if (store.size() - at > kLetters) add(FormKind::skeleton_weak, first, count, at, log_probability - 0.6F);
}

void Builder::add(FormKind kind, std::size_t first, std::size_t count, std::uint32_t at, float log_probability,
                  std::size_t rank, std::size_t of) {
  if (name_.forms_.size() >= kFormsMax) {
    name_.truncated = true;
    return;
  }
  name_.forms_.push_back({.kind = kind,
                          .alphabet = alphabet_of(kind, Script::latin),
                          .first = static_cast<std::uint8_t>(first),
                          .count = static_cast<std::uint8_t>(count),
                          .rank = static_cast<std::uint8_t>(rank),
                          .of = static_cast<std::uint8_t>(of),
                          .log_probability = log_probability,
                          .at = at,
                          .size = mark() - at});
}

void Builder::add_text(FormKind kind, std::size_t first, std::size_t count, std::string_view text,
                       float log_probability, std::size_t rank, std::size_t of) {
  const std::uint32_t at = mark();
  name_.store_.append(text);
  add(kind, first, count, at, log_probability, rank, of);
}

// Forms come out by token; only their order within one token is left to make.
void Builder::sort_forms() {
  std::vector<Form>& forms = name_.forms_;
  const auto order = [](const Form& a, const Form& b) {
    return std::tuple(a.first, a.kind, a.count, a.rank, a.at) < std::tuple(b.first, b.kind, b.count, b.rank, b.at);
  };
  if (!std::ranges::is_sorted(forms, order)) std::ranges::sort(forms, order);
  std::uint16_t at = 0;
  for (std::size_t i = 0; i < name_.tokens_.size(); ++i) {
    name_.tokens_[i].forms = at;
    while (at < forms.size() && forms[at].first == i) ++at;
    name_.tokens_[i].forms_end = at;
  }
}

}  // namespace entraide::text
