#pragma once

// Names of persons as text: what a written name says, in any script, before anybody compares it with another.
//
// An `Analyser` cuts a name into tokens, folds every token to one canonical spelling, says what part of a name
// the token seems to be, and lists the *forms* under which it may be written elsewhere, each with a probability:
//
//     "عبد الرحمن الصالح"  ->  tokens  عبد (particle)  الرحمن  الصالح
//                              forms   abdalrahman  abdulrahman  abdurrahman ...   (tokens 0..1, glued)
//                                      alsalih  salih  alsaleh ...                 (token 2, romanised, bare)
//                                      bdrhmn (tokens 0..1), slh (token 2)         (skeletons)
//
// Two names of one person share forms; how much a shared form is worth is for `match/` to say. The module
// knows nothing of records, indexes or other names, reads no file and keeps no state.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/base.h"

namespace entraide::text {

enum class Script : std::uint8_t {
  latin,
  cyrillic,
  greek,
  arabic,
  hebrew,
  devanagari,
  hangul,
  han,     // Chinese names, and Japanese names in kanji: `Name::japanese` tells which is likelier
  kana,    // hiragana and katakana
  thai,
  other,   // any other alphabet: folded, and romanised by ICU's general rules
  digits,
};
inline constexpr std::size_t kScripts = 12;
/// ISO 15924, "Latn"; "Zyyy" for other and digits.
std::string_view iso_code(Script script);

/// What part of a name a token seems to be. A hint with a confidence, never a promise.
enum class Role : std::uint8_t { unknown, given, family, particle, honorific, kunya, patronymic, suffix, initial };
std::string_view word_for(Role role);

/// How a form came about. What `text` holds differs: do not compare forms of different *alphabets* (see
/// `alphabet_of`), they are different languages that happen to use the same letters.
enum class FormKind : std::uint8_t {
  exact,      // the folded token itself, in its own script (for Latin tokens: a-z and 0-9 only)
  romanised,  // a Latin rendering of a token in another script, by rank
  spelling,   // another Latin way to write the same letters (ue for u-umlaut)
  bare,       // without its glued article or prefix: alassad -> assad
  glued,      // several tokens written as one: abd al rahman -> abdalrahman
  variant,    // the representative of the token's class of spellings: mohamed -> muhammad
  nickname,   // the full name that a short one stands for: bill -> william
  skeleton_strong,  // consonants of the Latin rendering, classes kept apart: muhammad -> mhmd
  skeleton_weak,    // consonants merged by what transliterations confuse: q/k/g, z/s/j, v/w/b/f/p
  syllables,  // East Asian syllables by class, so that all romanisations meet: "jin-ping", "chin p'ing"
};
std::string_view word_for(FormKind kind);

/// Forms may be compared as text inside one alphabet only.
enum class Alphabet : std::uint8_t { native, latin, variant, skeleton_strong, skeleton_weak, syllables };
/// `exact` of a token that is not Latin is native; exact (Latin), romanised, spelling, bare, glued and nickname are
/// Latin; the rest are alphabets of their own.
Alphabet alphabet_of(FormKind kind, Script script);

/// Bytes [begin, end) of the text given to `analyse`.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

struct Form {
  FormKind kind = FormKind::exact;
  Alphabet alphabet = Alphabet::latin;
  std::uint8_t first = 0;   // the tokens it stands for: [first, first + count)
  std::uint8_t count = 1;
  std::uint8_t rank = 1;    // 1 is the likeliest of `of` renderings
  std::uint8_t of = 1;
  float log_probability = 0;  // natural logarithm, at most 0: that the token is written so by somebody else
  std::uint32_t at = 0;     // where its letters are in the name's store; use Name::letters
  std::uint32_t size = 0;
};

struct Token {
  Span span;
  Script script = Script::latin;
  Role role = Role::unknown;
  float confidence = 0;            // of `role`, 0 to 1
  std::uint32_t at = 0, size = 0;  // canonical letters; use Name::letters
  std::uint16_t forms = 0, forms_end = 0;  // forms whose `first` is this token: [forms, forms_end)
};

/// An analysed name. Reuse one object for many names: its memory is kept.
class Name {
 public:
  Name();
  Name(const Name&);
  Name(Name&&) noexcept;
  Name& operator=(const Name&);
  Name& operator=(Name&&) noexcept;
  ~Name();

  std::span<const Token> tokens() const { return tokens_; }
  /// All forms, ordered by first token, then by kind, count, rank.
  std::span<const Form> forms() const { return forms_; }
  std::span<const Form> forms_of(const Token& token) const {
    return std::span(forms_).subspan(token.forms, token.forms_end - token.forms);
  }
  /// UTF-8. Valid until the object is analysed into again.
  std::string_view letters(const Token& token) const { return view(token.at, token.size); }
  std::string_view letters(const Form& form) const { return view(form.at, form.size); }

  /// The canonical tokens, one space between: equal texts are equal names but for case, marks and spacing.
  std::string canonical() const;

  bool truncated = false;  // something was over a limit and was left out
  bool japanese = false;  // Han tokens are likelier Japanese than Chinese (kana nearby, or the dictionary says so)
  bool family_first = false;  // the writer put the family name first: "SURNAME, given", or East Asian order
  std::optional<char> gender;  // 'f' or 'm' where an ending or particle gives it away (-ovna, bint)

 private:
  friend class Analyser;
  friend class Builder;
  std::string_view view(std::uint32_t at, std::uint32_t size) const { return {store_.data() + at, size}; }
  std::string store_;
  std::vector<Token> tokens_;
  std::vector<Form> forms_;
  struct Scratch;
  std::unique_ptr<Scratch>
      scratch_;  // working memory, and the renderings of tokens met lately; never part of the value
};

/// How many forms to make. What an index keeps is read a million times, what a query brings is thought over once.
enum class Depth : std::uint8_t {
  tokens,  // no forms: where the words stand, and their roles
  index,  // at most 4 romanisations a token
  query,  // at most 12
};

/// What the analysis depends on. An index built under other versions must be built again.
struct Versions {
  std::string icu;  // "72.1"
  std::string unicode;  // "15.0.0.0"
  std::uint32_t rules = 0;  // of this module's code: raised when the same tables give other forms
  std::uint64_t tables = 0;  // FNV-1a over all compiled-in tables
  friend bool operator==(const Versions&, const Versions&) = default;
  /// One line for an index header: `icu 72.1 unicode 15.0 rules 1 tables 0123456789abcdef`.
  std::string text() const;
};

inline constexpr std::size_t kNameBytesMax = 4096;  // of a name; the rest is not read
inline constexpr std::size_t kTokensMax = 32;  // of a name; the rest is not read
inline constexpr std::size_t kTokenLettersMax = 64;  // code points of a token; the rest is not read
inline constexpr std::size_t kFormsMax = 640;  // of a name

/// Immutable once made; any thread, any number at once. Making one takes milliseconds and a few megabytes: make
/// one for the process.
class Analyser {
 public:
  /// Fails (`text.unicode`) when ICU has no data for the rules pinned here.
  static Result<Analyser> make();
  Analyser(Analyser&&) noexcept;
  Analyser& operator=(Analyser&&) noexcept;
  ~Analyser();

  /// Reads any bytes: what is not UTF-8 counts as a space. Never fails; an empty name has no tokens.
  /// Time is bounded by the limits above. Without allocation once `out` has grown.
  void analyse(std::string_view name, Depth depth, Name& out) const;
  Name analyse(std::string_view name, Depth depth = Depth::query) const;

  /// Folds one token of any script to its canonical letters (no forms): for keys that are not names.
  std::string fold(std::string_view text) const;

  const Versions& versions() const;

 private:
  struct Data;
  explicit Analyser(std::unique_ptr<const Data> data);
  std::unique_ptr<const Data> data_;
  friend class Builder;
};

}  // namespace entraide::text
