// JSON from outside. What is accepted has one meaning: written again in each of our three ways, it reads back to
// the same value.

#include "codec/codec.h"
#include "codec/json.h"

using namespace entraide;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes{data, size};
  const Result<codec::Json> value = codec::parse_json(bytes);
  if (!value) return 0;
  ENSURE(codec::is_utf8(text_of(bytes)));

  const Result<codec::Json> compact = codec::parse_json(codec::to_json(*value));
  ENSURE(compact && *compact == *value);
  const Result<codec::Json> pretty = codec::parse_json(codec::to_pretty_json(*value), {.bytes = 64 << 20});
  ENSURE(pretty && *pretty == *value);
  const std::string canonical = codec::canonical_json(*value);
  const Result<codec::Json> again = codec::parse_json(canonical);
  ENSURE(again && codec::canonical_json(*again) == canonical);
  return 0;
}
