#pragma once

// The analyser that all of this folder's tests share: its tables are read once.

#include "testing/testing.h"
#include "text/text.h"

namespace entraide::text {

inline const Analyser& analyser() {
  static const Analyser made = MUST(Analyser::make());
  return made;
}

}  // namespace entraide::text
