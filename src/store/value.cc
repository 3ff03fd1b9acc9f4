#include "store/value.h"

namespace entraide::store {

Value Row::value(std::size_t column) const {
  const Cell& at = cell(column);
  switch (at.kind) {
    case Value::Kind::null: return {};
    case Value::Kind::integer: return at.integer;
    case Value::Kind::text: return text_of(bytes(at));
    case Value::Kind::blob: return bytes(at);
  }
  return {};
}

void Rows::add(const Value& value) {
  Row::Cell cell{.kind = value.kind()};
  if (value.kind() == Value::Kind::integer) {
    cell.integer = value.integer();
  } else {
    cell.integer = static_cast<std::int64_t>(heap_.size());
    cell.size = value.bytes().size();
    append(heap_, value.bytes());
  }
  cells_.push_back(cell);
}

void Rows::clear() {
  cells_.clear();
  heap_.clear();
}

}  // namespace entraide::store
