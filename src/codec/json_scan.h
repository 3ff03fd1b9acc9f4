#pragma once

// What the reader and the writer of JSON strings hold in common. This folder's affair.

#include <bit>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace entraide::codec {

// Where the first quote, backslash or control character of a text stands (the bytes of longer UTF-8 sequences, which have
// their highest bit set, are none of these). Long texts are the rule here: sealed objects, sixteen bytes at a time.
inline const char* find_special(const char* at, const char* end) {
#ifdef __SSE2__
  const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), last_control = _mm_set1_epi8(0x1f);
  for (; end - at >= 16; at += 16) {
    const __m128i some = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(some, last_control), last_control);
    const __m128i found =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(some, quote), _mm_cmpeq_epi8(some, backslash)), control);
    if (const int mask = _mm_movemask_epi8(found); mask != 0)
      return at + std::countr_zero(static_cast<unsigned>(mask));
  }
#endif
  while (at != end && *at != '"' && *at != '\\' && static_cast<std::uint8_t>(*at) >= 0x20) ++at;
  return at;
}

}  // namespace entraide::codec
