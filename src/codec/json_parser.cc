// The reader of JSON texts (RFC 8259, narrowed as RFC 7493 does): one pass, no more memory than the value itself.

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "codec/codec.h"
#include "codec/json.h"
#include "codec/json_scan.h"

namespace entraide::codec {
namespace {

constexpr std::int64_t kIntegerMax = std::int64_t{1} << 53;

void append_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) return put(point);
  if (point < 0x800) {
    put(0xc0 | point >> 6);
  } else {
    if (point < 0x10000) {
      put(0xe0 | point >> 12);
    } else {
      put(0xf0 | point >> 18);
      put(0x80 | (point >> 12 & 0x3f));
    }
    put(0x80 | (point >> 6 & 0x3f));
  }
  put(0x80 | (point & 0x3f));
}

// Methods give false once something is wrong; `error_` says what, and reading goes no further.
class Parser {
 public:
  Parser(std::string_view text, const JsonLimits& limits)
      : begin_(text.data()), at_(text.data()), end_(text.data() + text.size()), limits_(limits) {}

  Result<Json> document() {
    Json out;
    skip_space();
    if (!value(out, 0)) return std::unexpected(std::move(error_));
    skip_space();
    if (at_ != end_) {
      not_json();
      return std::unexpected(std::move(error_));
    }
    return out;
  }

 private:
  bool refuse(Errc code, const char* rule, std::string message) {
    error_ = {code, rule, std::move(message)};
    return false;
  }
  bool not_json() {
    return refuse(Errc::invalid, "json.syntax", "json: not a JSON text, at byte " + std::to_string(at_ - begin_));
  }

  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\n' || *at_ == '\r')) ++at_;
  }
  bool take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  bool word(std::string_view word) {
    if (!std::string_view(at_, end_).starts_with(word)) return not_json();
    at_ += word.size();
    return true;
  }

  bool value(Json& out, std::size_t depth) {
    if (++values_ > limits_.values) return refuse(Errc::too_large, "json.size", "json: too many values");
    if (at_ == end_) return not_json();
    switch (*at_) {
      case '{': return object(out, depth);
      case '[': return array(out, depth);
      case '"': return string(out.become<std::string>());
      case 't': out = Json(true); return word("true");
      case 'f': out = Json(false); return word("false");
      case 'n': return word("null");
      default: return number(out);
    }
  }

  bool opens(std::size_t depth) {
    if (depth == limits_.depth)
      return refuse(Errc::invalid, "json.depth", "json: nested deeper than " + std::to_string(limits_.depth));
    ++at_;
    skip_space();
    return true;
  }

  bool array(Json& out, std::size_t depth) {
    if (!opens(depth)) return false;
    Json::Array& items = out.become<Json::Array>();
    if (!take(']')) {
      do {
        skip_space();
        if (!value(items.emplace_back(), depth + 1)) return false;
        skip_space();
      } while (take(','));
      if (!take(']')) return not_json();
    }
    return true;
  }

  bool object(Json& out, std::size_t depth) {
    constexpr std::size_t few = 16;
    if (!opens(depth)) return false;
    Json::Object& members = out.become<Json::Object>();
    std::unordered_set<std::string> names;  // filled only once there are more than a few members
    if (!take('}')) {
      members.reserve(8);
      do {
        skip_space();
        std::string name;
        if (at_ == end_ || *at_ != '"') return not_json();
        if (!string(name)) return false;
        bool is_new = true;
        if (members.size() < few) {
          is_new = std::ranges::none_of(members, [&](const auto& member) { return member.first == name; });
        } else {
          if (names.empty())
            for (const auto& member : members) names.insert(member.first);
          is_new = names.insert(name).second;
        }
        if (!is_new) return refuse(Errc::invalid, "json.duplicate", "json: a member is there twice");
        skip_space();
        if (!take(':')) return not_json();
        skip_space();
        if (!value(members.emplace_back(std::move(name), Json()).second, depth + 1)) return false;
        skip_space();
      } while (take(','));
      if (!take('}')) return not_json();
    }
    return true;
  }

  // RFC 8259 section 6: number = [ minus ] int [ frac ] [ exp ]; int = zero / ( digit1-9 *DIGIT )
  bool number(Json& out) {
    const char* const start = at_;
    take('-');
    const char* const digits = at_;
    if (!skip_digits()) return not_json();
    if (*digits == '0' && at_ - digits > 1) return at_ = digits + 1, not_json();
    bool is_integer = true;
    if (take('.')) {
      is_integer = false;
      if (!skip_digits()) return not_json();
    }
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
      is_integer = false;
      ++at_;
      if (!take('+')) take('-');
      if (!skip_digits()) return not_json();
    }
    std::int64_t number = 0;
    const auto read = std::from_chars(start, at_, number);
    if (!is_integer || read.ec != std::errc() || number < -kIntegerMax || number > kIntegerMax)
      return refuse(Errc::invalid, "json.number", "json: numbers are integers within +-2^53");
    out = Json(number);
    return true;
  }
  bool skip_digits() {
    const char* const start = at_;
    while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
    return at_ != start;
  }

  // At the opening quote; leaves `at_` behind the closing one.
  bool string(std::string& out) {
    ++at_;
    for (;;) {
      const char* const run = at_;
      at_ = find_special(at_, end_);
      out.append(run, static_cast<std::size_t>(at_ - run));
      if (at_ == end_) return not_json();
      if (take('"')) return true;
      if (!take('\\') || !escape(out)) return not_json();
    }
  }

  bool escape(std::string& out) {
    if (at_ == end_) return false;
    switch (*at_++) {
      case '"': out += '"'; return true;
      case '\\': out += '\\'; return true;
      case '/': out += '/'; return true;
      case 'b': out += '\b'; return true;
      case 'f': out += '\f'; return true;
      case 'n': out += '\n'; return true;
      case 'r': out += '\r'; return true;
      case 't': out += '\t'; return true;
      case 'u': break;
      default: return false;
    }
    std::uint32_t unit = 0;
    if (!hex_unit(unit)) return false;
    if (unit >= 0xdc00 && unit < 0xe000) return false;  // the second half of a pair, alone
    if (unit >= 0xd800 && unit < 0xdc00) {
      std::uint32_t second = 0;
      if (!take('\\') || !take('u') || !hex_unit(second) || second < 0xdc00 || second >= 0xe000) return false;
      unit = 0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00);
    }
    append_utf8(out, unit);
    return true;
  }
  bool hex_unit(std::uint32_t& unit) {
    if (end_ - at_ < 4) return false;
    const auto read = std::from_chars(at_, at_ + 4, unit, 16);
    if (read.ec != std::errc() || read.ptr != at_ + 4) return false;
    at_ += 4;
    return true;
  }

  const char* const begin_;
  const char* at_;
  const char* const end_;
  const JsonLimits limits_;
  std::size_t values_ = 0;
  Error error_;
};

}  // namespace

Result<Json> parse_json(BytesView bytes, const JsonLimits& limits) {
  if (bytes.size() > limits.bytes)
    return fail(Errc::too_large, "json.size", "json: larger than " + std::to_string(limits.bytes) + " bytes");
  const std::string_view text = text_of(bytes);
  if (!is_utf8(text)) return fail(Errc::invalid, "json.syntax", "json: not a JSON text: it is not UTF-8");
  return Parser(text, limits).document();
}

}  // namespace entraide::codec
