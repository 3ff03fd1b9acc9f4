#include "text/lexicon.h"

#include <charconv>

#include "text/data.h"
#include "text/fold.h"

namespace entraide::text {

std::uint32_t WordTable::hash(std::string_view word) {
  std::uint64_t h = 0x9e3779b97f4a7c15U ^ word.size();
  for (const char c : word) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  h ^= h >> 29;
  return static_cast<std::uint32_t>(h);
}

std::uint32_t WordTable::put(std::string_view word, std::uint32_t value) {
  if (const std::uint32_t there = find(word); there != kNone) return there;
  if (count_ * 2 >= slots_.size()) grow();
  const std::uint32_t hashed = hash(word);
  std::uint32_t at = hashed & mask_;
  while (slots_[at].value != kNone) at = (at + 1) & mask_;
  slots_[at] = {hashed, value, static_cast<std::uint32_t>(letters_.size()), static_cast<std::uint32_t>(word.size())};
  letters_ += word;
  ++count_;
  return value;
}

void WordTable::grow() {
  std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(std::max<std::size_t>(64, slots_.size() * 2)));
  mask_ = static_cast<std::uint32_t>(slots_.size() - 1);
  for (const Slot& slot : old) {
    if (slot.value == kNone) continue;
    std::uint32_t at = slot.hash & mask_;
    while (slots_[at].value != kNone) at = (at + 1) & mask_;
    slots_[at] = slot;
  }
}

std::string fold_word(std::string_view text) {
  std::vector<Letter> letters;
  fold_letters(text, letters);
  std::string out;
  for (const Letter& letter : letters) {
    if (letter.kind != Kind::letter && letter.kind != Kind::digit) continue;
    if (const char32_t c = canonical_letter(letter.c)) append_utf8(out, c);
  }
  return out;
}

namespace {

// Calls `use(words of the line)` for every line that is neither empty nor a comment.
template <class Use>
Result<> each_line(std::string_view text, Use use) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    words.clear();
    while (!line.empty()) {
      const std::size_t gap = std::min(line.find(' '), line.size());
      if (gap) words.push_back(line.substr(0, gap));
      line.remove_prefix(std::min(gap + 1, line.size()));
    }
    TRY(use(words));
  }
  return {};
}

Result<Role> role_named(std::string_view word) {
  for (const Role role : {Role::honorific, Role::suffix, Role::particle, Role::kunya})
    if (word_for(role) == word) return role;
  if (word == "servant") return Role::particle;
  return fail(Errc::internal, "text.table", "words table: unknown role \"" + std::string(word) + "\"");
}

}  // namespace

Result<Lexicon> Lexicon::read() {
  Lexicon out;
  TRY(each_line(data::words(), [&](const std::vector<std::string_view>& line) -> Result<> {
    if (line.size() < 3)
      return fail(Errc::internal, "text.table", "words table: a line needs a role, a confidence and words");
    float confidence = 0;
    std::from_chars(line[1].data(), line[1].data() + line[1].size(), confidence);
    if (line[0].starts_with("ending-")) {
      for (std::size_t i = 2; i < line.size(); ++i)
        out.endings_.push_back({fold_word(line[i]), line[0].back(), confidence});
      return {};
    }
    if (line[0] == "letter") {
      for (std::size_t i = 2; i < line.size(); ++i) {
        const std::size_t colon = line[i].find(':');
        if (colon == std::string_view::npos)
          return fail(Errc::internal, "text.table", "words table: a letter needs its name, a colon and itself");
        out.roles_.push_back({Role::initial, confidence, false, line[i].back()});
        out.words_.put(fold_word(line[i].substr(0, colon)), static_cast<std::uint32_t>(out.roles_.size() - 1));
      }
      return {};
    }
    const Role role = TRY(role_named(line[0]));
    out.roles_.push_back({role, confidence, line[0] == "servant"});
    for (std::size_t i = 2; i < line.size(); ++i)
      out.words_.put(fold_word(line[i]), static_cast<std::uint32_t>(out.roles_.size() - 1));
    return {};
  }));
  // The longest ending wins.
  std::ranges::sort(out.endings_, [](const Ending& a, const Ending& b) {
    return a.letters.size() != b.letters.size() ? a.letters.size() > b.letters.size() : a.letters < b.letters;
  });
  TRY(each_line(data::nicknames(), [&](const std::vector<std::string_view>& line) -> Result<> {
    const std::uint32_t next = static_cast<std::uint32_t>(out.full_names_.size());
    const std::uint32_t at = out.short_names_.put(fold_word(line[0]), next);
    if (at == next) out.full_names_.emplace_back();
    for (std::size_t i = 1; i < line.size(); ++i) out.full_names_[at].push_back(fold_word(line[i]));
    return {};
  }));
  // Our own classes come first: a spelling belongs to the first class that claims it, and so does the class that it leads.
  for (const std::string_view table : {data::spellings(), data::variants()}) {
    TRY(each_line(table, [&](const std::vector<std::string_view>& line) -> Result<> {
      std::uint32_t name = out.variants_.find(line[0]);
      if (name == WordTable::kNone) {
        name = static_cast<std::uint32_t>(out.names_.size());
        out.names_.emplace_back(line[0]);
      }
      for (const std::string_view word : line) out.variants_.put(word, name);
      return {};
    }));
  }
  return out;
}

std::string_view Lexicon::variant_of(std::string_view word, std::uint32_t hashed) const {
  const std::uint32_t at = variants_.find(word, hashed);
  return at == WordTable::kNone ? std::string_view() : names_[at];
}

const WordRole* Lexicon::role_of(std::string_view word, std::uint32_t hashed) const {
  const std::uint32_t at = words_.find(word, hashed);
  return at == WordTable::kNone ? nullptr : &roles_[at];
}

const WordRole* Lexicon::role_of(std::string_view word) const { return role_of(word, WordTable::hash(word)); }

const Lexicon::Ending* Lexicon::ending_of(std::string_view word) const {
  constexpr std::size_t kStemMin = 2;
  for (const Ending& ending : endings_)
    if (word.size() >= ending.letters.size() + kStemMin && word.ends_with(ending.letters)) return &ending;
  return nullptr;
}

std::span<const std::string> Lexicon::full_names(std::string_view word, std::uint32_t hashed) const {
  const std::uint32_t at = short_names_.find(word, hashed);
  if (at == WordTable::kNone) return {};
  return full_names_[at];
}

}  // namespace entraide::text
