#pragma once

// Builds one `Name`: tokens first, then roles, then forms. Lives for the length of one call of `analyse`.

#include <unordered_map>

#include "text/lexicon.h"
#include "text/romanise.h"
#include "text/scripts.h"
#include "text/tokens.h"

namespace entraide::text {

struct Name::Scratch {
  std::vector<Letter> letters;
  RawTokens raw;
  std::u32string units;
  std::vector<Rendering> renderings, more;
  std::vector<std::string> seen;
  // Names repeat: the renderings of words met lately, thrown away whole when there are too many. They do not depend on when
  // they were made, so remembering them changes nothing but the time.
  static constexpr std::size_t kRemembered = 8192;
  std::unordered_map<std::u32string, std::vector<Rendering>> remembered;
  struct Japanese {
    std::vector<Rendering> readings;
    float likelihood = 0;
  };
  std::unordered_map<std::u32string, Japanese> remembered_japanese;
  std::u32string key;
  std::string spelling;
};

class Builder {
 public:
  Builder(const Lexicon& lexicon, const Scripts& scripts, Depth depth, Name& name)
      : lexicon_(lexicon), scripts_(scripts), depth_(depth), name_(name) {}
  void build(std::string_view text);

 private:
  // What the roles and forms need to know of a token beyond what the caller sees.
  struct Extra {
    std::uint32_t hash = 0;
    bool joined = false;
    bool after_comma = false;
    bool upper = false;
    bool aside = false;
    bool dotted = false;
    bool servant = false;
    bool east = false;  // part of an East Asian name whose readings are known by its place
    std::uint32_t begin = 0, end = 0;  // letters for the romaniser, of tokens that are not Latin
  };

  bool cut_ascii(std::string_view text);
  void cut_any(std::string_view text);
  void add_token(Span span, Script script, std::uint32_t at, const Extra& extra);
  void give_roles();
  bool is_name_here(const WordRole& word, std::size_t i) const;
  void set_repeats_aside();
  void order_roles();
  void make_forms();
  void latin_forms(std::size_t i);
  void native_forms(std::size_t i);
  void arabic_forms(std::size_t i);
  void renderings_of(std::u32string_view letters, Script script, std::size_t count, std::vector<Rendering>& out);
  void make_renderings(std::u32string_view letters, Script script, std::size_t count, std::vector<Rendering>& out);
  float by_sound(std::u32string_view characters, std::size_t count, std::vector<Rendering>& out);
  void by_parts(const Romaniser& romaniser, std::size_t count, std::vector<Rendering>& out);
  void arabic_skeletons(std::size_t i, std::u32string_view letters);
  void romanised(FormKind kind, std::size_t first, std::size_t count, const std::vector<Rendering>& renderings,
                 float log_share);
  void variant_of_renderings(std::size_t first, std::size_t count, const std::vector<Rendering>& renderings,
                             float log_share);
  void other_spelling(std::size_t i);
  void slavic_variant(std::size_t i);
  void patronymic_variant(std::size_t first, std::size_t count, std::string_view latin, float log_probability);
  void glued_forms(std::size_t i);
  void arabic_compounds(std::size_t i);
  void compound(std::size_t first, std::size_t count, std::string_view latin, float log_probability);
  void cut_east_asian();
  void cut_korean(std::size_t i, bool alone);
  void plan_han();
  void split_token(std::size_t i, std::size_t family);
  float foreign(std::u32string_view characters);
  float japanese(std::u32string_view part, bool family, std::size_t count, std::vector<Rendering>& out);
  float read_japanese(std::u32string_view part, bool family, std::size_t count, std::vector<Rendering>& out);
  void read_kana(std::u32string_view part, std::vector<Rendering>& out);
  std::string spoken(std::u32string_view kana) const;
  static void read_by_dictionary(const EastAsia::Readings& readings, std::vector<Rendering>& out);
  bool east_forms(std::size_t i);
  void syllable_classes(std::size_t first, std::size_t count, const std::vector<Rendering>& renderings);
  void syllable_class(std::size_t first, std::size_t count, std::string_view latin, float log_probability);
  void syllable_pairs(std::size_t i);
  std::u32string_view raw(std::size_t i) const;
  static constexpr std::size_t depth_of(Depth depth) { return depth == Depth::query ? 12 : 4; }
  std::size_t depth() const { return depth_of(depth_); }
  std::size_t depth_in(Script script) const;
  void skeletons_of(std::size_t first, std::size_t count, std::string_view latin, float log_probability);
  void sort_forms();

  std::string_view letters(std::size_t i) const { return name_.letters(name_.tokens_[i]); }
  bool is(std::size_t i, Role role) const { return name_.tokens_[i].role == role; }
  /// Adds a form whose letters are what `store_` got since `at`.
  void add(FormKind kind, std::size_t first, std::size_t count, std::uint32_t at, float log_probability,
           std::size_t rank = 1, std::size_t of = 1);
  void add_text(FormKind kind, std::size_t first, std::size_t count, std::string_view text, float log_probability,
                std::size_t rank = 1, std::size_t of = 1);
  std::uint32_t mark() const { return static_cast<std::uint32_t>(name_.store_.size()); }

  const Lexicon& lexicon_;
  const Scripts& scripts_;
  const Depth depth_;
  Name& name_;
  std::array<Extra, kTokensMax> extras_;
  // How the Han characters of the name are read, when it is a name of family and given name.
  struct Han {
    bool used = false;
    float chinese = 0, japanese = 0, foreign = -100;  // ln P of each; a foreign name is one word
    std::size_t family = 0, given = 0;
    std::vector<Rendering> family_forms, given_forms;
  };
  Han han_;
};

}  // namespace entraide::text
