#pragma once

// Bytes and times as tests write them.

#include "codec/codec.h"
#include "testing/testing.h"

namespace entraide::crypto {

inline Bytes unhex(std::string_view text) { return MUST(codec::from_hex(text)); }
inline Time at(std::string_view text) { return MUST(codec::from_rfc3339(text)); }

}  // namespace entraide::crypto
