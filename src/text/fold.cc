#include "text/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

namespace entraide::text {

namespace {

// Latin letters that no decomposition brings to a-z, by what people write instead.
const char* latin_letter(char32_t c) {
  switch (c) {
    case 0x00e6: return "ae";
    case 0x00f0: return "d";
    case 0x00f8: return "o";
    case 0x00fe: return "th";
    case 0x0111: return "d";
    case 0x0127: return "h";
    case 0x0131: return "i";
    case 0x0138: return "k";
    case 0x0142: return "l";
    case 0x014b: return "ng";
    case 0x0153: return "oe";
    case 0x0167: return "t";
    case 0x0180: return "b";
    case 0x0188: return "c";
    case 0x0192: return "f";
    case 0x0199: return "k";
    case 0x01b4: return "y";
    case 0x01dd: return "e";
    case 0x0253: return "b";
    case 0x0254: return "o";
    case 0x0256: return "d";
    case 0x0257: return "d";
    case 0x0259: return "a";
    case 0x025b: return "e";
    case 0x0263: return "g";
    case 0x0268: return "i";
    case 0x0269: return "i";
    case 0x026f: return "u";
    case 0x0272: return "n";
    case 0x0275: return "o";
    case 0x0289: return "u";
    case 0x028b: return "v";
    case 0x0292: return "z";
    case 0x00df: return "ss";
    case 0x1e9e: return "ss";
    case 0x0149: return "n";
    case 0x01a1: return "o";
    case 0x01b0: return "u";
    case 0x0237: return "j";
    case 0x0195: return "hv";
    case 0x0294:
    case 0x0295:
    case 0x02e4: return "";
    default: return nullptr;
  }
}

// Greek and Cyrillic keep what makes another letter; everything else there is an accent.
bool keeps_mark(char32_t base, char32_t mark, Script script) {
  switch (script) {
    case Script::cyrillic:
      return (mark == 0x306 && (base == 0x438 || base == 0x443)) ||
             (mark == 0x308 && (base == 0x456 || base == 0x435));
    case Script::arabic: return mark == 0x653 || mark == 0x654 || mark == 0x655;  // alif with madda or hamza
    case Script::kana: return mark == 0x3099 || mark == 0x309a;
    case Script::devanagari:
    case Script::thai:
    case Script::other: return true;
    default: return false;
  }
}

class Folder {
 public:
  explicit Folder(std::vector<Letter>& out) : out_(out) {}

  void ascii(char c, std::uint32_t at) {
    if (c == '\'') return geresh({at, at + 1});
    const char32_t lower = c >= 'A' && c <= 'Z' ? static_cast<char32_t>(c + 32) : static_cast<unsigned char>(c);
    push(lower, kind_of(lower), {at, at + 1});
  }

  /// A run of normalisation: the folded text of the bytes in `span`.
  void chunk(const icu::UnicodeString& folded, Span span) {
    const icu::Normalizer2& decompose = *nfd_;
    const icu::Normalizer2& compose = *nfc_;
    for (std::int32_t i = 0; i < folded.length();) {
      const UChar32 c = folded.char32At(i);
      i += U16_LENGTH(c);
      const char32_t letter = static_cast<char32_t>(c);
      const Kind kind = kind_of(letter);
      if (kind == Kind::silent) {
        if (letter == '\'' || letter == 0x5f3 || letter == 0x2019) geresh(span);
        continue;
      }
      if (kind == Kind::mark) {
        mark(letter, span);
        continue;
      }
      icu::UnicodeString parts;
      if (kind != Kind::letter || is_hangul(letter) || !decompose.getDecomposition(c, parts)) {
        letter_or_spelling(letter, kind, span);
        continue;
      }
      const char32_t base = static_cast<char32_t>(parts.char32At(0));
      const Script script = script_of(base);
      icu::UnicodeString kept(static_cast<UChar32>(base));
      for (std::int32_t k = U16_LENGTH(static_cast<UChar32>(base)); k < parts.length();) {
        const UChar32 m = parts.char32At(k);
        k += U16_LENGTH(m);
        if (keeps_mark(base, static_cast<char32_t>(m), script) || kind_of(static_cast<char32_t>(m)) == Kind::letter)
          kept.append(m);
      }
      UErrorCode status = U_ZERO_ERROR;
      const icu::UnicodeString whole = compose.normalize(kept, status);
      if (U_FAILURE(status)) continue;
      for (std::int32_t k = 0; k < whole.length();) {
        const UChar32 w = whole.char32At(k);
        k += U16_LENGTH(w);
        letter_or_spelling(static_cast<char32_t>(w), kind_of(static_cast<char32_t>(w)), span);
      }
      if (out_.empty()) continue;
      const char32_t first_mark = static_cast<char32_t>(parts.char32At(U16_LENGTH(static_cast<UChar32>(base))));
      if ((base == 'a' || base == 'o' || base == 'u') && first_mark == 0x308) out_.back().after = 'e';
      if (base == 'a' && first_mark == 0x30a) out_.back().after = 'a';
    }
  }

  void separator(Span span) { push(' ', Kind::separator, span); }

  bool ready() {
    UErrorCode status = U_ZERO_ERROR;
    nfd_ = icu::Normalizer2::getNFDInstance(status);
    nfc_ = icu::Normalizer2::getNFCInstance(status);
    fold_ = icu::Normalizer2::getNFKCCasefoldInstance(status);
    return U_SUCCESS(status);
  }
  const icu::Normalizer2& fold() const { return *fold_; }

 private:
  void letter_or_spelling(char32_t c, Kind kind, Span span) {
    if (kind == Kind::silent) return;
    if (kind == Kind::mark) return mark(c, span);
    if (const char* spelt = c >= 0x80 ? latin_letter(c) : nullptr) {
      for (; *spelt; ++spelt) push(static_cast<char32_t>(*spelt), Kind::letter, span);
      if (c == 0xf8) out_.back().after = 'e';
      return;
    }
    push(c, kind, span);
  }

  // A mark stays where its script needs it, and belongs to the script of the letter before it.
  void mark(char32_t c, Span span) {
    if (out_.empty() || out_.back().kind != Kind::letter) return;
    const Letter& before = out_.back();
    const Script script = before.script;
    if (!keeps_mark(before.c, c, script)) {
      out_.back().span.end = std::max(out_.back().span.end, span.end);
      return;
    }
    out_.push_back({.c = c, .kind = Kind::letter, .script = script, .span = span});
  }

  // An apostrophe behind a Hebrew letter makes another sound of it; it is silent everywhere else.
  void geresh(Span span) {
    if (out_.empty()) return;
    Letter& before = out_.back();
    if (before.kind != Kind::letter || before.script != Script::hebrew || before.span.end != span.begin) return;
    before.c = with_geresh(before.c);
    before.span.end = span.end;
  }

  void push(char32_t c, Kind kind, Span span) {
    if (kind == Kind::silent) return;
    if (kind == Kind::digit && c >= 0x80) {
      const std::int32_t value = u_charDigitValue(static_cast<UChar32>(c));
      if (value >= 0) c = static_cast<char32_t>('0' + value);
    }
    const bool has_script = kind == Kind::letter || kind == Kind::digit;
    out_.push_back({.c = c, .kind = kind, .script = has_script ? script_of(c) : Script::other, .span = span});
  }

  std::vector<Letter>& out_;
  const icu::Normalizer2* nfd_ = nullptr;
  const icu::Normalizer2* nfc_ = nullptr;
  const icu::Normalizer2* fold_ = nullptr;
};

// The end of the run that starts at `begin` and that no normalisation reaches beyond; 0 code points are never in it.
std::uint32_t run_end(std::string_view name, std::uint32_t begin, const icu::Normalizer2& fold,
                      icu::UnicodeString& run) {
  constexpr int kRunMax = 24;  // longer runs of marks are hostile: cut, each piece normalised alone
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(name.data());
  const std::int32_t size = static_cast<std::int32_t>(name.size());
  std::int32_t at = static_cast<std::int32_t>(begin);
  run.remove();
  for (int count = 0; at < size && count < kRunMax; ++count) {
    std::int32_t next = at;
    UChar32 c = 0;
    U8_NEXT(bytes, next, size, c);
    if (c < 0) break;
    if (count && fold.hasBoundaryBefore(c)) break;
    run.append(c);
    at = next;
  }
  return static_cast<std::uint32_t>(at);
}

}  // namespace

bool fold_letters(std::string_view name, std::vector<Letter>& out) {
  out.clear();
  const bool cut = name.size() > kNameBytesMax;
  if (cut) {
    std::size_t end = kNameBytesMax;
    while (end && (static_cast<unsigned char>(name[end]) & 0xc0) == 0x80) --end;
    name = name.substr(0, end);
  }
  Folder folder(out);
  if (!folder.ready()) return true;
  icu::UnicodeString run, folded;
  const std::uint32_t size = static_cast<std::uint32_t>(name.size());
  for (std::uint32_t at = 0; at < size;) {
    const char c = name[at];
    const bool alone = at + 1 == size || static_cast<unsigned char>(name[at + 1]) < 0x80;
    if (static_cast<unsigned char>(c) < 0x80 && alone) {
      folder.ascii(c, at++);
      continue;
    }
    const std::uint32_t end = run_end(name, at, folder.fold(), run);
    if (end == at) {  // not UTF-8
      folder.separator({at, at + 1});
      ++at;
      continue;
    }
    UErrorCode status = U_ZERO_ERROR;
    folder.fold().normalize(run, folded, status);
    if (U_SUCCESS(status)) folder.chunk(folded, {at, end});
    at = end;
  }
  return cut;
}

char32_t with_geresh(char32_t c) {
  switch (c) {
    case 0x5d2:  // gimel: j
    case 0x5d3:  // dalet: dh
    case 0x5d6:  // zayin: zh
    case 0x5d7:  // het: kh
    case 0x5ea:  // tav: th
    case 0x5e5:
    case 0x5e6: return kGeresh + c;  // tsade: ch
    default: return c;
  }
}

char32_t without_geresh(char32_t c) { return c >= kGeresh + 0x5d0 && c <= kGeresh + 0x5ea ? c - kGeresh : c; }

char32_t canonical_letter(char32_t c) {
  c = without_geresh(c);
  switch (c) {
    case 0x622:
    case 0x623:
    case 0x625:
    case 0x671: return 0x627;  // alif with madda, hamza or wasla
    case 0x649:
    case 0x6cc:
    case 0x626:
    case 0x6d0: return 0x64a;  // alif maqsura, Farsi yeh, hamza on yeh
    case 0x624: return 0x648;
    case 0x629:
    case 0x6c1:
    case 0x6be:
    case 0x6d5:
    case 0x6c0:
    case 0x6c2:
    case 0x6c3: return 0x647;  // teh marbuta, Urdu heh
    case 0x6a9:
    case 0x6aa: return 0x643;
    case 0x6ba: return 0x646;
    case 0x621: return 0;
    case 0x653:
    case 0x654:
    case 0x655: return 0;
    case 0x451: return 0x435;  // yo
    case 0x491: return 0x433;
    case 0x5da: return 0x5db;
    case 0x5dd: return 0x5de;
    case 0x5df: return 0x5e0;
    case 0x5e3: return 0x5e4;
    case 0x5e5: return 0x5e6;
    case 0x3c2: return 0x3c3;  // final sigma
    case 0x93c: return 0;      // nukta
    case 0x200c:
    case 0x200d: return 0;
    default: return c;
  }
}

void append_utf8(std::string& to, char32_t c) {
  if (c < 0x80) {
    to.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    to.push_back(static_cast<char>(0xc0 | (c >> 6)));
    to.push_back(static_cast<char>(0x80 | (c & 0x3f)));
  } else if (c < 0x10000) {
    to.push_back(static_cast<char>(0xe0 | (c >> 12)));
    to.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3f)));
    to.push_back(static_cast<char>(0x80 | (c & 0x3f)));
  } else {
    to.push_back(static_cast<char>(0xf0 | (c >> 18)));
    to.push_back(static_cast<char>(0x80 | ((c >> 12) & 0x3f)));
    to.push_back(static_cast<char>(0x80 | ((c >> 6) & 0x3f)));
    to.push_back(static_cast<char>(0x80 | (c & 0x3f)));
  }
}

void decode_utf8(std::string_view text, std::u32string& out) {
  out.clear();
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const std::int32_t size = static_cast<std::int32_t>(text.size());
  for (std::int32_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    if (c >= 0) out.push_back(static_cast<char32_t>(c));
  }
}

std::u32string decode_utf8(std::string_view text) {
  std::u32string out;
  decode_utf8(text, out);
  return out;
}

}  // namespace entraide::text
