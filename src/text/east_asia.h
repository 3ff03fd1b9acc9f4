#pragma once

// Chinese, Japanese and Korean names: where the family name ends, and how each system romanises the syllables.

#include <optional>

#include "text/romanise.h"

namespace entraide::text {

class EastAsia {
 public:
  static Result<EastAsia> read();

  /// ln P that the characters are a Chinese family name, or that they are Chinese given-name characters.
  float chinese_family(std::u32string_view characters) const;
  float chinese_given(std::u32string_view characters) const;
  /// Pinyin, Wade-Giles, Cantonese as Hong Kong spells it, and the customary spellings of families abroad.
  /// At most about `count` of them.
  void chinese(std::u32string_view characters, bool family, std::size_t count, std::vector<Rendering>& out) const;

  /// The usual Mandarin syllable of each character as a unit for a romaniser; false where one has none.
  bool mandarin_sounds(std::u32string_view characters, std::u32string& out) const;
  /// Foreign names by the sound of their characters in Mandarin.
  const Romaniser& sounds() const { return *sounds_; }

  /// How many syllables of the Hangul are a Korean family name: 2, 1 or 0.
  std::size_t korean_family(std::u32string_view syllables) const;

  /// The readings of a Japanese given name of one character; empty where it is none.
  std::span<const std::string_view> japanese_single(char32_t c) const;

  /// Readings of a Japanese name that the learned table does not give early: usual ones first, how many is said; empty where
  /// the table says enough.
  struct Readings {
    std::vector<std::string_view> all;
    std::size_t usual = 0;
  };
  Readings japanese_readings(std::u32string_view characters, bool family) const;
  /// The form that Japan has used since 1946 of a Han character, every other letter itself.
  char32_t modern(char32_t c) const;

  const Romaniser& korean() const { return *korean_; }
  const Romaniser& japanese(bool family) const { return family ? *japanese_family_ : *japanese_given_; }

 private:
  struct Hanzi {
    char32_t c = 0;
    std::string_view mandarin, cantonese;  // one or several, a comma between
  };
  const Hanzi* of(char32_t c) const;

  std::vector<Hanzi> hanzi_;  // sorted
  std::vector<std::pair<std::u32string, float>> families_;  // sorted: ln P
  std::vector<std::pair<std::u32string, std::vector<std::string>>> customary_;  // sorted
  std::vector<std::u32string> korean_families_;  // sorted
  std::vector<std::pair<char32_t, std::vector<std::string_view>>> single_;  // sorted
  using Lines = std::vector<std::pair<std::string_view, std::string_view>>;  // sorted: characters, their readings
  Lines family_readings_, given_readings_;
  std::vector<std::pair<char32_t, char32_t>> modern_;  // sorted
  std::optional<Romaniser> sounds_, korean_, japanese_family_, japanese_given_;
};

/// Wade-Giles, without apostrophes and dots, of a pinyin syllable (v for u with dots).
std::string wade_giles(std::string_view pinyin);
/// One way to spell a syllable, and how many of a hundred spell it so, as a share.
struct Spelling {
  std::string latin;
  double share = 0;
};
/// The spellings that Hong Kong uses for a Jyutping syllable without its tone, commonest first.
std::vector<Spelling> hong_kong(std::string_view jyutping);
/// Whether Latin letters can be one Chinese or Korean syllable in some romanisation.
bool is_syllable(std::string_view latin);
/// What all romanisations of East Asian syllables have in common: consonants and vowels by class, appended to `out`.
/// jinping, chinping and jinpyng give the same.
void append_syllable_class(std::string_view latin, std::string& out);

}  // namespace entraide::text
