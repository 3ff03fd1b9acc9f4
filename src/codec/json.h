#pragma once

// Strict JSON: what two readers could take two ways is refused (RFC 8259, narrowed as RFC 7493 does).

#include <initializer_list>
#include <memory>
#include <optional>
#include <variant>

#include "base/base.h"

namespace entraide::codec {

/// A JSON value. Numbers are integers within +-2^53; objects keep the order in which they were written
/// and have no duplicate keys. A plain value: copying copies everything.
class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() = default;  // null
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(std::integral auto value) : value_(static_cast<std::int64_t>(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}

  /// `Json::object({{"v", 1}, {"to", Json::array({})}})`: what a person writes in code.
  static Json object(std::initializer_list<Member> members = {}) { return Json(Object(members)); }
  static Json array(std::initializer_list<Json> items = {}) { return Json(Array(items)); }

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_integer() const { return std::holds_alternative<std::int64_t>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  // The caller has asked `is_...` first; a wrong guess is a bug and stops the process.
  bool boolean() const { return get<bool>(); }
  std::int64_t integer() const { return get<std::int64_t>(); }
  const std::string& string() const { return get<std::string>(); }
  std::string& string() { return get<std::string>(); }
  const Array& array_items() const { return get<Array>(); }
  Array& array_items() { return get<Array>(); }
  const Object& members() const { return get<Object>(); }
  Object& members() { return get<Object>(); }

  /// The member of that name, or null where there is none or this is no object.
  const Json* find(std::string_view key) const;
  /// Follows names and array indices through a dotted path ("persons.0.name"); null where it ends early.
  const Json* at_path(std::string_view dotted) const;
  /// Sets or replaces a member; a null value becomes an object first.
  Json& set(std::string_view key, Json value);
  void push_back(Json value);

  /// Makes it an empty string, array or object, to be filled where it stands.
  template <class T>
  T& become() {
    return value_.template emplace<T>();
  }

  bool operator==(const Json&) const = default;

 private:
  template <class T>
  const T& get() const {
    const T* value = std::get_if<T>(&value_);
    ENSURE(value != nullptr);
    return *value;
  }
  template <class T>
  T& get() {
    T* value = std::get_if<T>(&value_);
    ENSURE(value != nullptr);
    return *value;
  }
  std::variant<std::monostate, bool, std::int64_t, std::string, Array, Object> value_;
};

struct JsonLimits {
  std::size_t bytes = 1 << 20;
  std::size_t depth = 16;
  std::size_t values = 200'000;  // all values of the document, so that `[[],[],...]` cannot eat memory
};

/// Reads one JSON text. Refuses, with a rule and an offset: bad UTF-8, duplicate keys, nesting deeper than
/// `limits.depth`, numbers that are not integers within +-2^53, anything after the value.
/// Rules: json.syntax, json.duplicate, json.depth, json.number, json.size. Any thread.
Result<Json> parse_json(BytesView text, const JsonLimits& limits = {});
inline Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {}) {
  return parse_json(bytes_of(text), limits);
}

/// Compact, members in their own order.
std::string to_json(const Json& value);
/// Writes one string, in its quotes, at the end of `out`: for texts that are put together where they are needed.
void append_json_string(std::string& out, std::string_view text);
/// With two spaces of indentation, for people.
std::string to_pretty_json(const Json& value);
/// RFC 8785 (JCS): members sorted by UTF-16 code units.
std::string canonical_json(const Json& value);

/// Reads the members of one object strictly: each by name and type, then `finish` refuses what is left.
/// The first fault is kept and every later read gives an empty value, so a reader is straight-line code:
///     ObjectReader in(value, "act");
///     const auto type = in.string("t");
///     TRY(in.finish());
class ObjectReader {
 public:
  /// `what` starts every path in messages ("act.to"). `value` must outlive the reader.
  ObjectReader(const Json& value, std::string what);

  std::string string(std::string_view key);
  /// The same where it stands: it lives as long as the value that is read.
  std::string_view text(std::string_view key);
  std::int64_t integer(std::string_view key);
  bool boolean(std::string_view key);
  const Json::Array& array(std::string_view key);
  std::vector<std::string> strings(std::string_view key);
  /// Any value that is there and not null; the null value otherwise.
  const Json& value(std::string_view key);

  std::optional<std::string> optional_string(std::string_view key);   // absent; null counts as a fault
  std::optional<std::int64_t> optional_integer(std::string_view key);
  std::optional<bool> optional_boolean(std::string_view key);
  std::vector<std::string> optional_strings(std::string_view key);    // absent is empty
  const Json* optional_value(std::string_view key);
  std::optional<std::string> nullable_string(std::string_view key);   // must be there, may be null

  bool has(std::string_view key) const;
  /// Notes a fault of the caller's own ("must be ...") at `key`, unless there is one already.
  void fault(std::string_view key, std::string what_is_wrong);
  bool failed() const { return failed_; }
  const std::string& what() const { return what_; }

  /// The first fault, or the first member that nobody read. Rule: json.member.
  Result<> finish();
  /// As `finish`, but members that nobody read are left alone.
  Result<> finish_open();

 private:
  const Json* take(std::string_view key, bool required);
  bool seen(std::size_t i) const;

  const Json::Object* object_ = nullptr;
  std::string what_;
  std::uint64_t seen_ = 0;  // which members have been read: the first 64, and those behind them
  std::vector<bool> seen_more_;
  bool failed_ = false;
  Error error_;
};

}  // namespace entraide::codec
