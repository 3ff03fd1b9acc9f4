#pragma once

// When a case is due, for whom.

#include "codec/json.h"

namespace entraide::cli {

/// The end of the first of `reader`'s own running clocks, by which the hub orders the inbox; else of the first of anybody's;
/// null where none runs. `file`: a case as the hub tells it.
inline codec::Json first_due(const codec::Json& file, std::string_view reader) {
  using codec::Json;
  Json own, any;
  const Json* clocks = file.find("clocks");
  if (clocks == nullptr || !clocks->is_array()) return any;
  for (const Json& clock : clocks->array_items()) {
    const Json *state = clock.find("state"), *due = clock.find("due_at"), *owner = clock.find("owner");
    if (state == nullptr || *state != Json("running") || due == nullptr || !due->is_string()) continue;
    Json& first = owner != nullptr && *owner == Json(reader) ? own : any;
    if (first.is_null() || due->string() < first.string()) first = *due;
  }
  return own.is_null() ? any : own;
}

}  // namespace entraide::cli
