#pragma once

// What the writer and the reader of sealed objects hold in common. Included by jwe*.cc only.

#include "crypto/jwe.h"

namespace entraide::crypto::jwe {

inline constexpr std::string_view kAlgorithm = "ECDH-ES+A256KW";
inline constexpr std::string_view kEncryption = "A256GCM";
inline constexpr std::size_t kContentKeyBytes = 32;
inline constexpr std::size_t kWrappedKeyBytes = kContentKeyBytes + 8;
inline constexpr std::size_t kIvBytes = 12;
inline constexpr std::size_t kTagBytes = 16;

inline std::unexpected<Error> refuse(const char* rule, const std::string& what) {
  return fail(Errc::invalid, rule, "sealed object: " + what);
}

/// The values of a protected header, the same for what is written and what is read. Rule: jwe.header.
Result<> check_header(const SealHeader& header);

}  // namespace entraide::crypto::jwe
