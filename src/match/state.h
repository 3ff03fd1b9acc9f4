#pragma once

// What an index consists of at one moment: segments that never change, and which of their records are gone.

#include "match/evidence.h"

namespace entraide::match {

struct Part {
  std::shared_ptr<const Segment> segment;
  std::shared_ptr<const std::vector<std::uint64_t>> gone;   // a bit a record; null: none
  std::uint32_t gone_size = 0;

  bool has(RecordNumber record) const { return gone == nullptr || ((*gone)[record / 64] >> (record % 64) & 1) == 0; }
  std::uint32_t size() const { return segment->records() - gone_size; }
};

class State {
 public:
  explicit State(std::vector<Part> parts) : parts_(std::move(parts)) {
    for (const Part& part : parts_) {
      records_ += part.size();
      if (common_ == nullptr || part.segment->records() > common_->records()) common_ = part.segment.get();
    }
    statistics_ = Statistics(records_);
  }

  const std::vector<Part>& parts() const { return parts_; }
  std::uint64_t records() const { return records_; }
  /// The greatest segment: how common words are is taken from it. Null where the index is empty.
  const Segment* common() const { return common_; }
  const Statistics& statistics() const { return statistics_; }

  struct Place {
    std::size_t part;
    RecordNumber record;
  };
  std::optional<Place> find(std::string_view id) const {
    for (std::size_t i = parts_.size(); i-- > 0;)
      if (const auto record = parts_[i].segment->find(id); record && parts_[i].has(*record)) return Place{i, *record};
    return std::nullopt;
  }

 private:
  std::vector<Part> parts_;
  std::uint64_t records_ = 0;
  const Segment* common_ = nullptr;
  Statistics statistics_;
};

/// What all snapshots of an index use.
struct Shared {
  std::shared_ptr<const text::Analyser> analyser;
  Versions versions;
};

Answer search(const State& state, const Shared& shared, const Query& query, bool exhaustively);
std::optional<Hit> compare(const State& state, const Shared& shared, const Query& query, std::string_view id);

}  // namespace entraide::match
