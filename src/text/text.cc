#include "text/text.h"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/uvernum.h>

#include "text/builder.h"
#include "text/data.h"

namespace entraide::text {

std::string_view iso_code(Script script) {
  constexpr std::string_view codes[kScripts] = {"Latn", "Cyrl", "Grek", "Arab", "Hebr", "Deva",
                                                "Hang", "Hani", "Kana", "Thai", "Zyyy", "Zyyy"};
  return codes[static_cast<std::size_t>(script)];
}

std::string_view word_for(Role role) {
  constexpr std::string_view words[] = {"unknown", "given",      "family", "particle", "honorific",
                                        "kunya",   "patronymic", "suffix", "initial"};
  return words[static_cast<std::size_t>(role)];
}

std::string_view word_for(FormKind kind) {
  constexpr std::string_view words[] = {"exact",   "romanised", "spelling",        "bare",          "glued",
                                        "variant", "nickname",  "skeleton_strong", "skeleton_weak", "syllables"};
  return words[static_cast<std::size_t>(kind)];
}

Alphabet alphabet_of(FormKind kind, Script script) {
  switch (kind) {
    case FormKind::exact:
      return script == Script::latin || script == Script::digits ? Alphabet::latin : Alphabet::native;
    case FormKind::variant: return Alphabet::variant;
    case FormKind::skeleton_strong: return Alphabet::skeleton_strong;
    case FormKind::skeleton_weak: return Alphabet::skeleton_weak;
    case FormKind::syllables: return Alphabet::syllables;
    default: return Alphabet::latin;
  }
}

Name::Name() : scratch_(std::make_unique<Scratch>()) {}
Name::Name(const Name& other)
    : truncated(other.truncated),
      japanese(other.japanese),
      family_first(other.family_first),
      gender(other.gender),
      store_(other.store_),
      tokens_(other.tokens_),
      forms_(other.forms_),
      scratch_(std::make_unique<Scratch>()) {}
Name::Name(Name&&) noexcept = default;
Name& Name::operator=(const Name& other) { return *this = Name(other); }
Name& Name::operator=(Name&&) noexcept = default;
Name::~Name() = default;

std::string Name::canonical() const {
  std::string out;
  for (const Token& token : tokens_) {
    if (!out.empty()) out.push_back(' ');
    out += letters(token);
  }
  return out;
}

std::string Versions::text() const {
  return fmt::format("icu {} unicode {} rules {} tables {:016x}", icu, unicode, rules, tables);
}

struct Analyser::Data {
  Lexicon lexicon;
  Scripts scripts;
  Versions versions;
};

Analyser::Analyser(std::unique_ptr<const Data> data) : data_(std::move(data)) {}
Analyser::Analyser(Analyser&&) noexcept = default;
Analyser& Analyser::operator=(Analyser&&) noexcept = default;
Analyser::~Analyser() = default;

Result<Analyser> Analyser::make() {
  constexpr std::uint32_t kRules = 12;
  std::vector<Letter> probe;
  fold_letters("\xc3\x89", probe);  // E with acute
  if (probe.size() != 1 || probe[0].c != 'e')
    return fail(Errc::internal, "text.unicode",
                "text: ICU has no normalisation data; install the data of its version");
  auto data = std::make_unique<Data>();
  data->lexicon = TRY(Lexicon::read());
  data->scripts = TRY(Scripts::read());
  UVersionInfo unicode;
  u_getUnicodeVersion(unicode);
  char text[U_MAX_VERSION_STRING_LENGTH];
  u_versionToString(unicode, text);
  data->versions = {.icu = U_ICU_VERSION, .unicode = text, .rules = kRules, .tables = data::digest()};
  return Analyser(std::move(data));
}

void Analyser::analyse(std::string_view name, Depth depth, Name& out) const {
  if (!out.scratch_) out.scratch_ = std::make_unique<Name::Scratch>();  // it was moved from
  Builder(data_->lexicon, data_->scripts, depth, out).build(name);
}

Name Analyser::analyse(std::string_view name, Depth depth) const {
  Name out;
  analyse(name, depth, out);
  return out;
}

std::string Analyser::fold(std::string_view text) const { return fold_word(text); }

const Versions& Analyser::versions() const { return data_->versions; }

}  // namespace entraide::text
