#include "merkle/entry.h"

#include "codec/codec.h"
#include "crypto/digest.h"
#include "merkle/lines.h"

namespace entraide::merkle {

namespace {

constexpr std::string_view kFirstWord = "entraide/1 ";

std::unexpected<Error> malformed(std::string_view what) {
  return fail(Errc::invalid, "merkle.entry", "entry: " + std::string(what));
}

}  // namespace

std::string_view to_text(EntryKind kind) {
  switch (kind) {
    case EntryKind::act: return "act";
    case EntryKind::dir: return "dir";
    case EntryKind::map: return "map";
    case EntryKind::note: return "note";
  }
  ENSURE(!"an entry kind");
}

Result<EntryKind> entry_kind_from_text(std::string_view text) {
  for (const EntryKind kind : {EntryKind::act, EntryKind::dir, EntryKind::map, EntryKind::note})
    if (text == to_text(kind)) return kind;
  return fail(Errc::invalid, "merkle.entry.kind", "entry: the kind is not one of act, dir, map, note");
}

Commitment commit(const Blind& blind, const Digest& body_digest) {
  return {crypto::sha256(std::string_view("entraide/commit/v1\n"), blind, body_digest).value};
}

std::string to_text(const Entry& entry) {
  ENSURE(entry.unix_seconds >= 0 && entry.unix_seconds <= kEntrySecondsMax);
  std::string out;
  out.reserve(80);
  out += kFirstWord;
  out += to_text(entry.kind);
  out += '\n';
  out += std::to_string(entry.unix_seconds);
  out += '\n';
  out += codec::base64(entry.commitment.view());
  out += '\n';
  return out;
}

Result<Entry> parse_entry(std::string_view text) {
  LineReader lines(text);
  std::string_view first, second, third;
  if (!lines.next(first) || !lines.next(second) || !lines.next(third) || !lines.at_end())
    return malformed("not three lines that end in newline");
  if (!first.starts_with(kFirstWord)) return malformed("does not begin with \"entraide/1 \"");
  Entry out;
  out.kind = TRY(entry_kind_from_text(first.substr(kFirstWord.size())));
  const std::optional<std::uint64_t> seconds = decimal(second, kEntrySecondsMax);
  if (!seconds) return malformed("the time is not a number of seconds");
  out.unix_seconds = static_cast<std::int64_t>(*seconds);
  const std::optional<Digest> hash = base64_hash(third);
  if (!hash) return malformed("the commitment is not 32 bytes in base64");
  out.commitment.value = hash->value;
  return out;
}

}  // namespace entraide::merkle
