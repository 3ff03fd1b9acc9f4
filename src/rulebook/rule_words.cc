#include "rulebook/rule_words.h"

#include "codec/json.h"

namespace entraide::rulebook {

std::string built_in_words(std::string_view language, std::string_view rule) {
  const std::string key = "rule." + std::string(rule), quoted = '"' + key + '"';
  for (const WordsFile& file : words_files()) {
    if (file.language != language || file.text.find(quoted) == std::string_view::npos) continue;
    const auto words = codec::parse_json(file.text);
    ENSURE(words.has_value());  // the tests read every file
    if (const codec::Json* text = words->find(key)) return text->string();
  }
  return {};
}

}  // namespace entraide::rulebook
