#pragma once

#include <initializer_list>

#include "base/base.h"

namespace entraide::log {

enum class Level { debug, info, warning, error };

/// One named value of a log line. Never a key, a person's name or sealed content: identifiers and counts.
struct Field {
  std::string_view name;
  std::string value;

  Field(std::string_view n, std::string_view v) : name(n), value(v) {}
  Field(std::string_view n, const char* v) : name(n), value(v) {}
  Field(std::string_view n, std::integral auto v) : name(n), value(std::to_string(v)) {}
};

/// Lines below this level are dropped. Default `info`. Any thread.
void set_level(Level level);

/// Writes one JSON line to standard error, whole or not at all: time, level, event, fields.
/// `event` is a stable lower-case dotted name. Any thread.
void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});

inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::info, event, fields);
}
inline void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::warning, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::error, event, fields);
}

}  // namespace entraide::log
