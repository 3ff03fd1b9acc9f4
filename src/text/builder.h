#pragma once

// Builds one `Name`: tokens first, then roles, then forms. Lives for the length of one call of `analyse`.

#include "text/lexicon.h"
#include "text/tokens.h"

namespace entraide::text {

struct Name::Scratch {
  std::vector<Letter> letters;
  RawTokens raw;
  std::vector<Form> sorted;
  std::vector<Token> tokens;
};

class Builder {
 public:
  Builder(const Lexicon& lexicon, Depth depth, Name& name) : lexicon_(lexicon), depth_(depth), name_(name) {}
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
    std::uint32_t begin = 0, end = 0;  // letters for the romaniser, of tokens that are not Latin
  };

  bool cut_ascii(std::string_view text);
  void cut_any(std::string_view text);
  void add_token(Span span, Script script, std::uint32_t at, const Extra& extra);
  void give_roles();
  void order_roles();
  void make_forms();
  void latin_forms(std::size_t i);
  void glued_forms(std::size_t i);
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
  const Depth depth_;
  Name& name_;
  std::array<Extra, kTokensMax> extras_;
};

}  // namespace entraide::text
