#include "passkeys/cbor.h"

#include <limits>

namespace entraide::passkeys {
namespace {

enum Type { kUnsigned = 0, kNegative = 1, kBytes = 2, kText = 3, kArray = 4, kMap = 5, kSimple = 7 };

std::unexpected<Error> no(const char* what) {
  return fail(Errc::invalid, "session.passkey.form", std::string("passkey: ") + what);
}

}  // namespace

Result<BytesView> CborReader::take(std::uint64_t count) {
  if (count > rest_.size()) return no("cut short");
  const BytesView out = rest_.first(static_cast<std::size_t>(count));
  rest_ = rest_.subspan(out.size());
  return out;
}

Result<CborReader::Head> CborReader::head() {
  const std::uint8_t first = TRY(take(1))[0];
  const int type = first >> 5, low = first & 31;
  if (low < 24) return Head{type, static_cast<std::uint64_t>(low)};
  if (low > 27) return no("an indefinite length, or one that there is not");
  const int bits = low - 24;  // 1, 2, 4 or 8 bytes
  std::uint64_t argument = 0;
  for (const std::uint8_t byte : TRY(take(std::uint64_t{1} << bits))) argument = argument << 8 | byte;
  const std::uint64_t least = bits == 0 ? 24 : std::uint64_t{1} << (8 << (bits - 1));
  if (argument < least) return no("a number that is longer than it need be");
  return Head{type, argument};
}

Result<std::int64_t> CborReader::integer() {
  const Head item = TRY(head());
  if ((item.type != kUnsigned && item.type != kNegative) ||
      item.argument > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return no("an integer must stand here");
  const auto value = static_cast<std::int64_t>(item.argument);
  return item.type == kUnsigned ? value : -1 - value;
}

Result<BytesView> CborReader::bytes() {
  const Head item = TRY(head());
  if (item.type != kBytes) return no("a byte string must stand here");
  return take(item.argument);
}

Result<std::size_t> CborReader::map() {
  const Head item = TRY(head());
  if (item.type != kMap || item.argument > rest_.size()) return no("a map must stand here");
  return static_cast<std::size_t>(item.argument);
}

Result<> CborReader::skip(int depth) {
  if (depth == 0) return no("too deep");
  const Head item = TRY(head());
  switch (item.type) {
    case kUnsigned:
    case kNegative: return {};
    case kBytes:
    case kText: TRY(take(item.argument)); return {};
    case kArray:
    case kMap: {
      if (item.argument > rest_.size()) return no("cut short");
      const std::uint64_t items = item.argument * (item.type == kMap ? 2 : 1);
      for (std::uint64_t i = 0; i < items; ++i) TRY(skip(depth - 1));
      return {};
    }
    case kSimple:
      if (item.argument >= 20 && item.argument <= 22) return {};
      return no("a value that has no place here");
    default: return no("a tag has no place here");
  }
}

}  // namespace entraide::passkeys
