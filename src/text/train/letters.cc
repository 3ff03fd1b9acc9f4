// The table of single letters, for scripts that nothing was learned of: ICU's general rules, as it has them when the table
// is made. What the program says at run time then does not depend on the ICU that it finds.

#include <unicode/translit.h>
#include <unicode/uchar.h>

#include <fstream>

#include "text/fold.h"
#include "text/train/letters.h"

namespace entraide::train {
namespace {

Result<> written(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush()) return fail(Errc::storage, "train.write", path + ": cannot be written");
  return {};
}

}  // namespace

Result<> write_letters(const std::string& path) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::Transliterator> rules(icu::Transliterator::createInstance(
      "Any-Latin; NFD; [:Nonspacing Mark:] Remove; Latin-ASCII; Lower", UTRANS_FORWARD, status));
  if (U_FAILURE(status)) return fail(Errc::internal, "train.icu", "ICU has no transliteration data");
  constexpr std::pair<char32_t, char32_t> kBlocks[] = {
      {0x370, 0x3ff},   {0x400, 0x52f},   {0x531, 0x587},   {0x5d0, 0x5ea},   {0x620, 0x6d5},
      {0x900, 0x97f},   {0x980, 0xdff},   {0xe00, 0xedf},   {0x1000, 0x109f}, {0x10d0, 0x10ff},
      {0x1200, 0x135a}, {0x1780, 0x17d3}, {0x3041, 0x3096}, {0x30a1, 0x30fa}};
  std::string out =
      "# One letter a line and how ICU " U_ICU_VERSION
      " romanises it by itself; written by entraide-train-names. Data of the Unicode CLDR, Unicode licence.\n";
  for (const auto& [first, last] : kBlocks) {
    for (char32_t c = first; c <= last; ++c) {
      const UChar32 code = static_cast<UChar32>(c);
      if (!u_isdefined(code) || u_tolower(code) != code) continue;
      icu::UnicodeString text(code);
      rules->transliterate(text);
      std::string latin;
      for (std::int32_t i = 0; i < text.length(); ++i)
        if (text[i] >= 'a' && text[i] <= 'z') latin.push_back(static_cast<char>(text[i]));
      if (latin.empty()) continue;
      text::append_utf8(out, c);
      out += " " + latin + "\n";
    }
  }
  return written(path, out);
}

Result<> write_traditional(const std::string& path) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::Transliterator> rules(
      icu::Transliterator::createInstance("Hans-Hant", UTRANS_FORWARD, status));
  if (U_FAILURE(status)) return fail(Errc::internal, "train.icu", "ICU has no transliteration data");
  std::string out = "# A simplified Han character a line and its traditional one, as ICU " U_ICU_VERSION
                    " has them; written by entraide-train-names. Data of the Unicode CLDR, Unicode licence.\n";
  for (char32_t c = 0x4e00; c < 0xa000; ++c) {
    icu::UnicodeString text(static_cast<UChar32>(c));
    rules->transliterate(text);
    const auto other = static_cast<char32_t>(text.char32At(0));
    if (other == c || text.countChar32() != 1) continue;
    text::append_utf8(out, c);
    out += " ";
    text::append_utf8(out, other);
    out += "\n";
  }
  return written(path, out);
}

}  // namespace entraide::train
