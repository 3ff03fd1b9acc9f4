#pragma once

// What goes into a statement and what comes out of it.

#include <concepts>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"

namespace entraide::store {

/// One argument of a statement. It borrows: what it was made from must live until the call returns.
/// Integers (also `Time`, as milliseconds, and bool, as 0 or 1) go to `bigint` columns, texts and text
/// identifiers to `text`, bytes and hashes to `bytes`; an empty optional is null.
class Value {
 public:
  enum class Kind : std::uint8_t { null, integer, text, blob };

  Value() = default;
  Value(std::nullptr_t) {}
  Value(std::nullopt_t) {}
  template <std::integral T>
  Value(T integer) : kind_(Kind::integer), integer_(static_cast<std::int64_t>(integer)) {
    ENSURE(std::in_range<std::int64_t>(static_cast<std::common_type_t<T, int>>(integer)));
  }
  Value(Time time) : Value(to_ms(time)) {}
  template <class T>
    requires std::convertible_to<const T&, std::string_view>
  Value(const T& text) : Value(Kind::text, bytes_of(std::string_view(text))) {}
  template <class T>
    requires(std::convertible_to<const T&, BytesView> && !std::convertible_to<const T&, std::string_view>)
  Value(const T& blob) : Value(Kind::blob, BytesView(blob)) {}
  template <class Tag>
  Value(const TextId<Tag>& id) : Value(id.str()) {}
  template <class Tag>
  Value(const Hash32<Tag>& hash) : Value(hash.view()) {}
  template <class T>
  Value(const std::optional<T>& value) : Value(value ? Value(*value) : Value()) {}

  Kind kind() const { return kind_; }
  std::int64_t integer() const { return integer_; }
  BytesView bytes() const { return bytes_; }
  std::string_view text() const { return text_of(bytes_); }

 private:
  Value(Kind kind, BytesView bytes) : kind_(kind), bytes_(bytes) {}

  Kind kind_ = Kind::null;
  std::int64_t integer_ = 0;
  BytesView bytes_;
};

class Rows;

/// One row of an answer, columns by index from 0. It borrows from its `Rows` and follows them when they move.
/// Asking for another type than the column has means that code and schema disagree: it stops the process.
class Row {
 public:
  std::size_t size() const { return columns_; }
  bool is_null(std::size_t column) const { return cell(column).kind == Value::Kind::null; }
  std::int64_t integer(std::size_t column) const { return cell(column, Value::Kind::integer).integer; }
  Time time(std::size_t column) const { return from_ms(integer(column)); }
  std::string_view text(std::size_t column) const { return text_of(bytes(cell(column, Value::Kind::text))); }
  BytesView blob(std::size_t column) const { return bytes(cell(column, Value::Kind::blob)); }

  std::optional<std::int64_t> optional_integer(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional(integer(column));
  }
  std::optional<std::string_view> optional_text(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional(text(column));
  }
  std::optional<BytesView> optional_blob(std::size_t column) const {
    return is_null(column) ? std::nullopt : std::optional(blob(column));
  }
  /// A column of exactly 32 bytes, as `Digest`, `ActId` and their like.
  template <class Hash>
  Hash hash(std::size_t column) const {
    const BytesView from = blob(column);
    Hash out;
    ENSURE(from.size() == out.value.size());
    std::copy(from.begin(), from.end(), out.value.begin());
    return out;
  }
  /// The column as it is, for code that carries rows without knowing them.
  Value value(std::size_t column) const;

 private:
  friend class Rows;
  struct Cell {
    Value::Kind kind = Value::Kind::null;
    std::int64_t integer = 0;  // the integer, or where text and blob start
    std::size_t size = 0;
  };
  Row(const Cell* cells, const std::uint8_t* heap, std::size_t columns)
      : cells_(cells), heap_(heap), columns_(columns) {}

  const Cell& cell(std::size_t column) const {
    ENSURE(column < columns_);
    return cells_[column];
  }
  const Cell& cell(std::size_t column, Value::Kind kind) const {
    const Cell& at = cell(column);
    ENSURE(at.kind == kind);
    return at;
  }
  BytesView bytes(const Cell& of) const { return {heap_ + of.integer, of.size}; }

  const Cell* cells_;
  const std::uint8_t* heap_;
  std::size_t columns_;
};

/// A whole answer in memory. `for (const Row row : rows)`.
class Rows {
 public:
  std::size_t size() const { return columns_ == 0 ? 0 : cells_.size() / columns_; }
  bool empty() const { return cells_.empty(); }
  Row operator[](std::size_t row) const {
    ENSURE(row < size());
    return at(row);
  }
  Row front() const { return (*this)[0]; }

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Row;
    using difference_type = std::ptrdiff_t;
    using pointer = const Row*;
    using reference = Row;
    Iterator(const Rows* rows, std::size_t row) : rows_(rows), row_(row) {}
    Row operator*() const { return (*rows_)[row_]; }
    Iterator& operator++() {
      ++row_;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const Rows* rows_;
    std::size_t row_;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size()}; }

  // For the engines: cells are added row by row, `columns` to a row.
  explicit Rows(std::size_t columns = 0) : columns_(columns) {}
  void add(const Value& value);
  void clear();

 private:
  Row at(std::size_t row) const { return {cells_.data() + row * columns_, heap_.data(), columns_}; }

  std::size_t columns_;
  std::vector<Row::Cell> cells_;
  Bytes heap_;
};

}  // namespace entraide::store
