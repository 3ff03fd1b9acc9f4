// What the matching engine reads: index files, tables, FollowTheMoney entities, identifiers and dates. The first byte
// says which.

#include "match/identifiers.h"
#include "match/readers.h"
#include "match/state.h"

using namespace entraide;
using namespace entraide::match;

namespace {

const Shared& shared() {
  static const Shared one = [] {
    auto analyser = std::make_shared<const text::Analyser>(std::move(*text::Analyser::make()));
    const Versions versions = Versions::of(*analyser);
    return Shared{std::move(analyser), versions};
  }();
  return one;
}

/// A good index with some bytes replaced: position and value, three bytes each, then one to search for.
void index_file(BytesView data) {
  static const Bytes good = [] {
    Builder builder(shared().analyser);
    for (int i = 0; i < 40; ++i) {
      Record record{.id = "r" + std::to_string(i),
                    .names = {{"Ada Number" + std::to_string(i % 7)}, {"Яков", NameKind::alias}}};
      if (i % 3 == 0) record.born = {{static_cast<std::uint16_t>(1950 + i), 1, 2}};
      if (i % 5 == 0) record.birth_places = {"Port"};
      if (i % 5 == 1) record.identifiers = {{IdentifierType::phone, "+331234567" + std::to_string(i)}};
      ENSURE(builder.add(record));
    }
    return *builder.bytes();
  }();
  Bytes bytes = good;
  for (; data.size() >= 4; data = data.subspan(4)) {
    const std::size_t at = 64 + (data[0] | data[1] << 8 | data[2] << 16) % (bytes.size() - 64);
    bytes[at] = data[3];
  }
  Versions versions = shared().versions;
  if (const auto header = Header::parse(bytes)) versions = header->versions;
  const auto segment = Segment::from_bytes(std::move(bytes), versions);
  if (!segment) return;
  const State state({Part{.segment = *segment, .gone = nullptr}});
  Query query{.person = {.names = {{"Ada Number3"}, {"Yakov"}}, .born = {{1953, 1, 2}}}};
  query.person.identifiers = {{IdentifierType::phone, "+3312345671"}};
  (void)search(state, shared(), query, false);
  (void)compare(state, shared(), query, "r3");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const BytesView rest(data + 1, size - 1);
  const std::string_view text = text_of(rest);
  switch (data[0] % 4) {
    case 0: index_file(rest); break;
    case 1: {
      const std::size_t end = text.find('\n');
      if (const auto head = TsvHead::parse(text.substr(0, end)); head && end != text.npos)
        if (const auto record = head->record(text.substr(end + 1)); record && !record->id.empty())
          ENSURE(check(*record));
      break;
    }
    case 2:
      if (const auto record = record_from_entity(text); record && *record) ENSURE(check(**record));
      break;
    default: {
      if (const auto date = BirthDate::parse(text)) ENSURE(*BirthDate::parse(date->text()) == *date);
      if (text.empty()) break;
      const auto type = static_cast<IdentifierType>(static_cast<unsigned char>(text[0]) % kIdentifierTypes);
      const std::string normal = normal_form({type, std::string(text.substr(1))});
      ENSURE(near_forms(type, normal).size() <= kNearMax);
    }
  }
  return 0;
}
