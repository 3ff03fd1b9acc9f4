#include "codec/json.h"

#include <algorithm>
#include <charconv>

#include "codec/json_scan.h"

namespace entraide::codec {
namespace {

void write_string(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  const char* at = text.data();
  const char* const end = at + text.size();
  for (;;) {
    const char* const run = at;  // what is written as it stands
    at = find_special(at, end);
    out.append(run, static_cast<std::size_t>(at - run));
    if (at == end) break;
    const char c = *at++;
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out += digits[static_cast<std::uint8_t>(c) >> 4];
        out += digits[static_cast<std::uint8_t>(c) & 15];
    }
  }
  out += '"';
}

// RFC 8785 section 3.2.3 sorts by UTF-16 code units. It differs from UTF-8 byte order only where a
// supplementary character (lead byte f0..f4) meets one of U+E000..U+FFFF (lead byte ee or ef).
bool utf16_less(std::string_view a, std::string_view b) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (y == b.end()) return false;
  if (x == a.end()) return true;
  const auto rank = [](char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return byte >= 0xf0 ? 0xed * 2 + 1 : byte * 2;
  };
  return rank(*x) < rank(*y);
}

struct Style {
  bool sorted = false;
  bool pretty = false;
};

void write(std::string& out, const Json& value, Style style, std::size_t depth) {
  const auto line = [&](std::size_t level) {
    if (!style.pretty) return;
    out += '\n';
    out.append(level * 2, ' ');
  };
  if (value.is_null()) {
    out += "null";
  } else if (value.is_bool()) {
    out += value.boolean() ? "true" : "false";
  } else if (value.is_integer()) {
    out += std::to_string(value.integer());
  } else if (value.is_string()) {
    write_string(out, value.string());
  } else if (value.is_array()) {
    out += '[';
    bool first = true;
    for (const Json& item : value.array_items()) {
      if (!first) out += ',';
      first = false;
      line(depth + 1);
      write(out, item, style, depth + 1);
    }
    if (!first) line(depth);
    out += ']';
  } else {
    out += '{';
    bool first = true;
    const auto put = [&](const Json::Member& member) {
      if (!first) out += ',';
      first = false;
      line(depth + 1);
      write_string(out, member.first);
      out += style.pretty ? ": " : ":";
      write(out, member.second, style, depth + 1);
    };
    if (style.sorted) {
      std::vector<const Json::Member*> members;
      for (const auto& member : value.members()) members.push_back(&member);
      std::sort(members.begin(), members.end(),
                [](const auto* a, const auto* b) { return utf16_less(a->first, b->first); });
      for (const auto* member : members) put(*member);
    } else {
      for (const auto& member : value.members()) put(member);
    }
    if (!first) line(depth);
    out += '}';
  }
}

const Json kNull;
const Json::Array kEmptyArray;

}  // namespace

const Json* Json::find(std::string_view key) const {
  if (!is_object()) return nullptr;
  for (const auto& [name, value] : members())
    if (name == key) return &value;
  return nullptr;
}

const Json* Json::at_path(std::string_view dotted) const {
  const Json* here = this;
  while (here != nullptr && !dotted.empty()) {
    const std::size_t dot = dotted.find('.');
    const std::string_view step = dotted.substr(0, dot);
    dotted = dot == std::string_view::npos ? std::string_view() : dotted.substr(dot + 1);
    if (here->is_array()) {
      std::size_t i = 0;
      const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), i);
      const bool index = error == std::errc() && end == step.data() + step.size();
      here = index && i < here->array_items().size() ? &here->array_items()[i] : nullptr;
    } else {
      here = here->find(step);
    }
  }
  return here;
}

Json& Json::set(std::string_view key, Json value) {
  if (is_null()) value_ = Object();
  for (auto& [name, old] : members()) {
    if (name == key) {
      old = std::move(value);
      return *this;
    }
  }
  members().emplace_back(std::string(key), std::move(value));
  return *this;
}

void Json::push_back(Json value) {
  if (is_null()) value_ = Array();
  array_items().push_back(std::move(value));
}

std::string to_json(const Json& value) {
  std::string out;
  write(out, value, {}, 0);
  return out;
}
void append_json_string(std::string& out, std::string_view text) { write_string(out, text); }
std::string to_pretty_json(const Json& value) {
  std::string out;
  write(out, value, {.pretty = true}, 0);
  return out;
}
std::string canonical_json(const Json& value) {
  std::string out;
  write(out, value, {.sorted = true}, 0);
  return out;
}

ObjectReader::ObjectReader(const Json& value, std::string what) : what_(std::move(what)) {
  if (value.is_object()) {
    object_ = &value.members();
    if (object_->size() > 64) seen_more_.assign(object_->size() - 64, false);
  } else {
    failed_ = true;
    error_ = {Errc::invalid, "json.member", what_ + ": must be an object", what_};
  }
}

const Json* ObjectReader::take(std::string_view key, bool required) {
  if (object_ != nullptr) {
    for (std::size_t i = 0; i < object_->size(); ++i) {
      const auto& [name, value] = (*object_)[i];
      if (name != key) continue;
      if (i < 64) seen_ |= std::uint64_t{1} << i;
      else seen_more_[i - 64] = true;
      return failed_ ? nullptr : &value;
    }
  }
  if (required) fault(key, "is missing");
  return nullptr;
}

bool ObjectReader::has(std::string_view key) const {
  return object_ != nullptr &&
         std::any_of(object_->begin(), object_->end(), [&](const auto& member) { return member.first == key; });
}

bool ObjectReader::seen(std::size_t i) const { return i < 64 ? (seen_ >> i & 1) != 0 : seen_more_[i - 64]; }

void ObjectReader::fault(std::string_view key, std::string what_is_wrong) {
  if (failed_) return;
  failed_ = true;
  std::string path = what_ + "." + std::string(key);
  error_ = {Errc::invalid, "json.member", path + ": " + std::move(what_is_wrong), path};
}

std::string_view ObjectReader::text(std::string_view key) {
  const Json* v = take(key, true);
  if (v == nullptr) return {};
  if (!v->is_string()) return fault(key, "must be a text"), std::string_view();
  return v->string();
}
std::string ObjectReader::string(std::string_view key) { return std::string(text(key)); }
std::int64_t ObjectReader::integer(std::string_view key) {
  const Json* v = take(key, true);
  if (v == nullptr) return 0;
  if (!v->is_integer()) return fault(key, "must be an integer"), 0;
  return v->integer();
}
bool ObjectReader::boolean(std::string_view key) {
  const Json* v = take(key, true);
  if (v == nullptr) return false;
  if (!v->is_bool()) return fault(key, "must be true or false"), false;
  return v->boolean();
}
const Json::Array& ObjectReader::array(std::string_view key) {
  const Json* v = take(key, true);
  if (v == nullptr) return kEmptyArray;
  if (!v->is_array()) return fault(key, "must be a list"), kEmptyArray;
  return v->array_items();
}
std::vector<std::string> ObjectReader::strings(std::string_view key) {
  std::vector<std::string> out;
  for (const Json& item : array(key)) {
    if (!item.is_string()) return fault(key, "must be a list of texts"), std::vector<std::string>();
    out.push_back(item.string());
  }
  return out;
}
const Json& ObjectReader::value(std::string_view key) {
  const Json* v = take(key, true);
  if (v != nullptr && v->is_null()) return fault(key, "must not be null"), kNull;
  return v ? *v : kNull;
}
std::optional<std::string> ObjectReader::optional_string(std::string_view key) {
  if (!has(key)) return std::nullopt;
  return string(key);
}
std::optional<std::int64_t> ObjectReader::optional_integer(std::string_view key) {
  if (!has(key)) return std::nullopt;
  return integer(key);
}
std::optional<bool> ObjectReader::optional_boolean(std::string_view key) {
  if (!has(key)) return std::nullopt;
  return boolean(key);
}
std::vector<std::string> ObjectReader::optional_strings(std::string_view key) {
  return has(key) ? strings(key) : std::vector<std::string>();
}
const Json* ObjectReader::optional_value(std::string_view key) { return take(key, false); }
std::optional<std::string> ObjectReader::nullable_string(std::string_view key) {
  const Json* v = take(key, true);
  if (v == nullptr || v->is_null()) return std::nullopt;
  if (!v->is_string()) return fault(key, "must be a text or null"), std::nullopt;
  return v->string();
}

Result<> ObjectReader::finish_open() {
  if (failed_) return std::unexpected(error_);
  return {};
}
Result<> ObjectReader::finish() {
  TRY(finish_open());
  for (std::size_t i = 0; i < object_->size(); ++i)
    if (!seen(i)) {
      fault((*object_)[i].first, "is not known here");
      return std::unexpected(error_);
    }
  return {};
}

}  // namespace entraide::codec
