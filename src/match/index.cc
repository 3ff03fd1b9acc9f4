#include <algorithm>
#include <cmath>

#include "base/mutex.h"
#include "match/collector.h"
#include "match/match.h"
#include "match/score.h"
#include "match/state.h"

namespace entraide::match {
namespace {

using Gone = std::vector<std::uint64_t>;

constexpr std::size_t kTogether = 8;        // segments of one size are joined when there are so many
constexpr std::size_t kJoinedAtOnce = 512;  // records: a writer joins no more by the way
constexpr std::size_t kPartsMax = 96;       // beyond that a writer joins whatever it takes

/// Sizes of one class are within a factor of eight.
unsigned size_class(std::size_t records) {
  unsigned out = 0;
  for (; records >= 8; records /= 8) ++out;
  return out;
}

Result<Part> part_of(std::span<const Collector* const> from, const Shared& shared, const Segment* common) {
  auto pieces = TRY(assemble(from, shared.versions, common, nullptr));
  return Part{.segment = TRY(Segment::from_bytes(join(std::move(pieces)), shared.versions)), .gone = nullptr};
}

Result<Part> joined(std::span<const Part> parts, const Shared& shared, const Segment* common) {
  Collector all(shared.analyser.get());
  for (const Part& part : parts) all.add(*part.segment, [&](RecordNumber record) { return part.has(record); });
  const Collector* const from[] = {&all};
  return part_of(from, shared, common);
}

void strike(Part& part, RecordNumber record) {
  auto gone = part.gone == nullptr ? std::make_shared<Gone>(part.segment->records() / 64 + 1)
                                   : std::make_shared<Gone>(*part.gone);
  (*gone)[record / 64] |= std::uint64_t{1} << (record % 64);
  part.gone = std::move(gone);
  ++part.gone_size;
}

}  // namespace

struct Index::Parts {
  std::shared_ptr<const Shared> shared;
  Mutex writer;                          // writers take turns
  mutable Mutex pointer;                 // held as long as it takes to copy a pointer
  std::shared_ptr<const State> state GUARDED_BY(pointer);

  std::shared_ptr<const State> current() const {
    const Lock lock(pointer);
    return state;
  }
  void publish(std::vector<Part> parts) {
    auto next = std::make_shared<const State>(std::move(parts));
    const Lock lock(pointer);
    state.swap(next);
  }
  /// The segment whose counts small ones borrow; null where there is none to speak of.
  static const Segment* lender(const State& state) {
    return state.common() != nullptr && state.common()->records() >= kJoinedAtOnce ? state.common() : nullptr;
  }

  /// Joins the newest segments while enough of them are of one size.
  Result<> tidy(std::vector<Part>& parts, const Segment* common, bool whatever) const {
    for (;;) {
      if (parts.size() < kTogether) return {};
      const unsigned last = size_class(parts.back().segment->records());
      std::size_t first = parts.size(), records = 0;
      while (first > 0 && size_class(parts[first - 1].segment->records()) <= last) records += parts[--first].size();
      if (parts.size() - first < kTogether || (records > kJoinedAtOnce && !whatever)) return {};
      Part part = TRY(joined(std::span(parts).subspan(first), *shared, common));
      parts.resize(first);
      parts.push_back(std::move(part));
    }
  }

  Result<> write(std::span<const Record> records, const State::Place* replaced) REQUIRES(writer) {
    const auto now = current();
    Collector collector(shared->analyser.get());
    for (const Record& record : records) collector.add(record);
    const Collector* const from[] = {&collector};
    const Segment* const common = lender(*now);
    Part added = TRY(part_of(from, *shared, common));
    std::vector<Part> parts = now->parts();
    if (replaced != nullptr) strike(parts[replaced->part], replaced->record);
    parts.push_back(std::move(added));
    TRY(tidy(parts, common, parts.size() > kPartsMax));
    publish(std::move(parts));
    return {};
  }
};

Index::Index() : parts_(std::make_unique<Parts>()) {}
Index::~Index() = default;

std::unique_ptr<Index> Index::empty(std::shared_ptr<const text::Analyser> analyser) {
  std::unique_ptr<Index> out(new Index);
  const Versions versions = Versions::of(*analyser);
  out->parts_->shared = std::make_shared<const Shared>(std::move(analyser), versions);
  out->parts_->publish({});
  return out;
}

Result<std::unique_ptr<Index>> Index::open(const std::string& path, std::shared_ptr<const text::Analyser> analyser) {
  std::unique_ptr<Index> out = empty(std::move(analyser));
  auto segment = TRY(Segment::map(path, out->parts_->shared->versions));
  if (segment->records() > 0) out->parts_->publish({Part{.segment = std::move(segment), .gone = nullptr}});
  return out;
}

Snapshot Index::snapshot() const {
  Snapshot out;
  out.state_ = parts_->current();
  out.shared_ = parts_->shared;
  return out;
}

Result<> Index::insert(std::span<const Record> records) {
  if (records.empty()) return {};
  for (const Record& record : records) TRY(check(record));
  const Lock lock(parts_->writer);
  const auto now = parts_->current();
  for (const Record& record : records)
    if (now->find(record.id))
      return fail(Errc::conflict, "match.record.exists", "record: there is one of this id already; correct it");
  return parts_->write(records, nullptr);
}

Result<> Index::correct(const Record& record) {
  TRY(check(record));
  const Lock lock(parts_->writer);
  const auto place = parts_->current()->find(record.id);
  if (!place) return fail(Errc::not_found, "match.record.unknown", "record: there is none of this id");
  return parts_->write({&record, 1}, &*place);
}

Result<> Index::withdraw(std::string_view id) {
  const Lock lock(parts_->writer);
  const auto now = parts_->current();
  const auto place = now->find(id);
  if (!place) return fail(Errc::not_found, "match.record.unknown", "record: there is none of this id");
  std::vector<Part> parts = now->parts();
  strike(parts[place->part], place->record);
  if (parts[place->part].size() == 0) parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(place->part));
  parts_->publish(std::move(parts));
  return {};
}

bool Index::maintain() {
  // The joining is done on a snapshot; what has been withdrawn meanwhile is struck out of its result.
  const auto before = parts_->current();
  const std::vector<Part>& parts = before->parts();
  // The newest segments together, as long as the result is not much greater than what it is made of.
  std::size_t first = parts.size(), records = 0;
  while (first > 0 &&
         parts[first - 1].segment->records() <= std::max<std::size_t>(2 * records, kJoinedAtOnce * kTogether))
    records += parts[--first].size();
  if (parts.size() - first < 4) return false;
  auto made = joined(std::span(parts).subspan(first), *parts_->shared, Parts::lender(*before));
  if (!made) return false;  // too large for one segment: they stay apart

  const Lock lock(parts_->writer);
  std::vector<Part> next = parts_->current()->parts();
  // A writer may have joined some of them itself; then this was for nothing.
  const auto same = [](const Part& a, const Part& b) { return a.segment == b.segment; };
  const auto at =
      std::search(next.begin(), next.end(), parts.begin() + static_cast<std::ptrdiff_t>(first), parts.end(), same);
  if (at == next.end()) return false;
  const auto end = at + static_cast<std::ptrdiff_t>(parts.size() - first);
  for (auto part = at; part != end; ++part) {
    const Part& was = parts[first + static_cast<std::size_t>(part - at)];
    if (part->gone_size == was.gone_size) continue;
    for (RecordNumber record = 0; record < part->segment->records(); ++record)
      if (was.has(record) && !part->has(record))
        if (const auto gone = made->segment->find(part->segment->id(record))) strike(*made, *gone);
  }
  const auto left = next.erase(at, end);
  if (made->size() > 0) next.insert(left, std::move(*made));
  parts_->publish(std::move(next));
  return true;
}

Result<Digest> Index::write(const std::string& path) const {
  const auto now = parts_->current();
  Collector all(parts_->shared->analyser.get());
  for (const Part& part : now->parts()) all.add(*part.segment, [&](RecordNumber record) { return part.has(record); });
  const Collector* const from[] = {&all};
  Digest content;
  const auto pieces = TRY(assemble(from, parts_->shared->versions, nullptr, &content));
  TRY(write_file(path, pieces));
  return content;
}

// ---- snapshots -----------------------------------------------------------------------------

Answer Snapshot::search(const Query& query) const { return match::search(*state_, *shared_, query, false); }
Answer Snapshot::search_exhaustively(const Query& query) const {
  return match::search(*state_, *shared_, query, true);
}
std::optional<Hit> Snapshot::compare(const Query& query, std::string_view id) const {
  return match::compare(*state_, *shared_, query, id);
}

std::optional<Record> Snapshot::find(std::string_view id) const {
  const auto place = state_->find(id);
  if (!place) return std::nullopt;
  const Segment& segment = *state_->parts()[place->part].segment;
  Record out;
  out.id = std::string(id);
  IndexedName name;
  std::size_t number = 0;
  for (NameReader names(segment.body(place->record)); names.next(name); ++number)
    out.names.push_back({std::string(segment.name_text(place->record, number)), name.kind});
  const Birth birth = segment.birth(place->record);
  out.gender = birth.gender();
  out.audience = segment.audience(place->record);
  if (birth.extra()) {
    const Extra extra = segment.extra(place->record);
    out.born = extra.born;
    for (const std::uint16_t country : extra.countries) out.countries.push_back(country_letters(country));
    for (const std::string_view place_name : extra.places) out.birth_places.emplace_back(place_name);
  } else {
    if (birth.date().year != 0) out.born.push_back(birth.date());
    if (const std::uint16_t country = segment.country(place->record); country != 0)
      out.countries.push_back(country_letters(country));
  }
  return out;
}

Facts Snapshot::facts() const {
  Facts out;
  out.records = state_->records();
  out.segments = state_->parts().size();
  out.versions = shared_->versions.text();
  for (const Part& part : state_->parts()) {
    out.names += part.segment->header().names;
    out.words += part.segment->words();
    out.bytes += part.segment->bytes();
  }
  if (!state_->parts().empty()) out.content = state_->parts().front().segment->header().content;
  return out;
}

}  // namespace entraide::match
