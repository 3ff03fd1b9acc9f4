#include "match/match.h"

#include <map>

#include "base/mutex.h"

namespace entraide::match {

// Standing queries are records of an index of their own; meeting a record is one search in it. Scores do not depend on
// which side is called the query, but for how many renderings of a word are thought of.

struct Standing::Parts {
  std::unique_ptr<Index> index;
  mutable Mutex mutex;
  std::map<std::string, double, std::less<>> least GUARDED_BY(mutex);  // posterior_min by id
  double lowest GUARDED_BY(mutex)
  = 1;
};

Standing::Standing(std::shared_ptr<const text::Analyser> analyser) : parts_(std::make_unique<Parts>()) {
  parts_->index = Index::empty(std::move(analyser));
}
Standing::~Standing() = default;

Result<std::vector<Alert>> Standing::add(const Record& query, double posterior_min, const Snapshot& registered) {
  {
    const Lock lock(parts_->mutex);
    parts_->least[query.id] = posterior_min;
    parts_->lowest = std::min(parts_->lowest, posterior_min);
  }
  if (auto added = parts_->index->insert(query); !added) {
    if (added.error().rule != "match.record.exists") {
      const Lock lock(parts_->mutex);
      parts_->least.erase(query.id);
    }
    return std::unexpected(std::move(added).error());
  }
  // Records come far oftener than queries: they should meet one segment, not one for every few queries.
  while (parts_->index->maintain()) {}
  const Answer answer = registered.search({.person = query, .limit = 100, .posterior_min = posterior_min});
  std::vector<Alert> out;
  for (const Hit& hit : answer.hits) out.push_back({query.id, hit.id, hit});
  return out;
}

Result<> Standing::withdraw(std::string_view id) {
  TRY(parts_->index->withdraw(id));
  const Lock lock(parts_->mutex);
  if (const auto at = parts_->least.find(id); at != parts_->least.end()) parts_->least.erase(at);
  return {};
}

std::vector<Alert> Standing::meet(const Record& record, std::uint64_t population) const {
  double lowest = 1;
  {
    const Lock lock(parts_->mutex);
    lowest = parts_->lowest;
  }
  const Answer answer = parts_->index->snapshot().search(
      {.person = record, .limit = kHitsMax, .posterior_min = lowest, .population = population});
  std::vector<Alert> out;
  const Lock lock(parts_->mutex);
  for (const Hit& hit : answer.hits)
    if (const auto at = parts_->least.find(hit.id); at != parts_->least.end() && hit.posterior >= at->second)
      out.push_back({hit.id, record.id, hit});
  return out;
}

}  // namespace entraide::match
