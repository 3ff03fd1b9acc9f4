// Names from outside, hostile ones: any bytes give tokens and forms inside the limits, spans inside the text, and the same
// name again when it is read again.

#include "codec/codec.h"
#include "text/text.h"

using namespace entraide;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const text::Analyser analyser = *text::Analyser::make();
  static text::Name name, again;
  if (size == 0) return 0;
  const text::Depth depth = data[0] & 1 ? text::Depth::query : text::Depth::index;
  const std::string_view written = text_of({data + 1, size - 1});
  analyser.analyse(written, depth, name);

  ENSURE(name.tokens().size() <= text::kTokensMax && name.forms().size() <= text::kFormsMax);
  std::size_t forms = 0;
  for (const text::Token& token : name.tokens()) {
    ENSURE(token.span.begin < token.span.end && token.span.end <= written.size());
    ENSURE(token.size > 0 && token.size <= text::kTokenLettersMax * 4 && codec::is_utf8(name.letters(token)));
    ENSURE(token.confidence >= 0 && token.confidence <= 1);
    ENSURE(token.forms == forms && token.forms_end >= token.forms);
    forms = token.forms_end;
  }
  ENSURE(forms == name.forms().size());
  for (const text::Form& form : name.forms()) {
    ENSURE(form.count > 0 && std::size_t{form.first} + form.count <= name.tokens().size());
    ENSURE(form.log_probability <= 0 && form.size > 0 && codec::is_utf8(name.letters(form)));
    if (form.alphabet == text::Alphabet::latin)
      for (const char c : name.letters(form)) ENSURE((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
  }
  // What was remembered from the first reading changes nothing.
  analyser.analyse(written, depth, again);
  ENSURE(again.canonical() == name.canonical() && again.forms().size() == name.forms().size());
  for (std::size_t i = 0; i < name.forms().size(); ++i)
    ENSURE(again.letters(again.forms()[i]) == name.letters(name.forms()[i]) &&
           again.forms()[i].log_probability == name.forms()[i].log_probability);
  return 0;
}
