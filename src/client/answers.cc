#include "client/answers.h"

#include <charconv>

#include <unistd.h>
#include <yaml.h>

#include "client/files.h"

namespace entraide::client {
namespace {

using codec::Json;

constexpr std::size_t kAnswersBytesMax = 4 << 20;
constexpr std::size_t kDepthMax = 16;
constexpr std::int64_t kIntegerMax = std::int64_t{1} << 53;

/// libyaml's parser, event by event.
class YamlReader {
 public:
  explicit YamlReader(std::string_view text) {
    ENSURE(yaml_parser_initialize(&parser_) == 1);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  YamlReader(const YamlReader&) = delete;
  YamlReader& operator=(const YamlReader&) = delete;
  ~YamlReader() {
    if (has_event_) yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }

  Result<Json> document() {
    TRY(expect(YAML_STREAM_START_EVENT));
    TRY(expect(YAML_DOCUMENT_START_EVENT));
    TRY(next());
    Json value = TRY(read(0));
    TRY(expect(YAML_DOCUMENT_END_EVENT));
    TRY(expect(YAML_STREAM_END_EVENT));
    return value;
  }

 private:
  std::unexpected<Error> wrong(const std::string& rule, const std::string& what, yaml_mark_t at) const {
    const std::string place = "line " + std::to_string(at.line + 1) + ", column " + std::to_string(at.column + 1);
    return fail(Errc::invalid, rule, "answers: " + place + ": " + what, place);
  }
  Result<> next() {
    if (has_event_) yaml_event_delete(&event_);
    has_event_ = yaml_parser_parse(&parser_, &event_) == 1;
    if (has_event_) return {};
    const yaml_mark_t at = parser_.problem_mark;
    return wrong("answers.yaml", parser_.problem != nullptr ? parser_.problem : "not YAML", at);
  }
  Result<> expect(yaml_event_type_t type) {
    TRY(next());
    if (event_.type == type) return {};
    return wrong("answers.yaml", type == YAML_STREAM_END_EVENT ? "more than one document" : "no document",
                 event_.start_mark);
  }

  Result<Json> read(std::size_t depth) {
    if (depth > kDepthMax) return wrong("answers.depth", "nested deeper than 16", event_.start_mark);
    switch (event_.type) {
      case YAML_SCALAR_EVENT: return scalar();
      case YAML_SEQUENCE_START_EVENT: return sequence(depth);
      case YAML_MAPPING_START_EVENT: return mapping(depth);
      case YAML_ALIAS_EVENT: return wrong("answers.yaml", "anchors and aliases are not used here", event_.start_mark);
      default: return wrong("answers.yaml", "a value was expected", event_.start_mark);
    }
  }

  Result<Json> sequence(std::size_t depth) {
    if (event_.data.sequence_start.anchor != nullptr || event_.data.sequence_start.tag != nullptr)
      return wrong("answers.yaml", "anchors and tags are not used here", event_.start_mark);
    Json out = Json::array();
    while (true) {
      TRY(next());
      if (event_.type == YAML_SEQUENCE_END_EVENT) return out;
      Json item = TRY(read(depth + 1));
      out.push_back(std::move(item));
    }
  }

  Result<Json> mapping(std::size_t depth) {
    if (event_.data.mapping_start.anchor != nullptr || event_.data.mapping_start.tag != nullptr)
      return wrong("answers.yaml", "anchors and tags are not used here", event_.start_mark);
    Json out = Json::object();
    while (true) {
      TRY(next());
      if (event_.type == YAML_MAPPING_END_EVENT) return out;
      if (event_.type != YAML_SCALAR_EVENT) return wrong("answers.yaml", "a key must be a word", event_.start_mark);
      const yaml_mark_t at = event_.start_mark;
      const std::string key(reinterpret_cast<const char*>(event_.data.scalar.value), event_.data.scalar.length);
      if (out.find(key) != nullptr) return wrong("answers.duplicate", "\"" + key + "\" is answered twice", at);
      TRY(next());
      Json value = TRY(read(depth + 1));
      out.set(key, std::move(value));
    }
  }

  Result<Json> scalar() {
    const auto& data = event_.data.scalar;
    if (data.anchor != nullptr || data.tag != nullptr)
      return wrong("answers.yaml", "anchors and tags are not used here", event_.start_mark);
    std::string text(reinterpret_cast<const char*>(data.value), data.length);
    if (data.style != YAML_PLAIN_SCALAR_STYLE) return Json(std::move(text));
    if (text.empty() || text == "~" || text == "null") return Json();
    if (text == "true") return Json(true);
    if (text == "false") return Json(false);
    // Only what reads back the same is a number: 010 and +5 stay text, as does a telephone number.
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size() && std::to_string(number) == text &&
        number <= kIntegerMax && number >= -kIntegerMax)
      return Json(number);
    return Json(std::move(text));
  }

  yaml_parser_t parser_{};
  yaml_event_t event_{};
  bool has_event_ = false;
};

}  // namespace

Result<Json> parse_yaml(std::string_view text) { return YamlReader(text).document(); }

Result<Json> read_answers(const std::filesystem::path& file) {
  const Bytes bytes = TRY(read_file(file == "-" ? "/dev/stdin" : file, kAnswersBytesMax));
  Json value = TRY(file.extension() == ".json" ? codec::parse_json(bytes, {.bytes = kAnswersBytesMax})
                                               : parse_yaml(text_of(bytes)));
  if (!value.is_object())
    return fail(Errc::invalid, "answers.yaml", file.string() + ": must be answers by field name");
  return value;
}

}  // namespace entraide::client
