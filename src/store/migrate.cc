// Bringing a database's schema up to what this program knows.

#include <algorithm>
#include <map>

#include "store/schema.h"

namespace entraide::store {
namespace {

/// The steps of `known` that are not among `run`; refuses where the two do not belong together.
Result<std::vector<RunStep>> missing_steps(std::span<const Migration> known, const std::vector<RunStep>& run) {
  std::vector<RunStep> out;
  for (const Migration& step : known) {
    const auto same = [&](const RunStep& r) { return r.module == step.module && r.number == step.number; };
    const auto found = std::find_if(run.begin(), run.end(), same);
    const std::string name = std::string(step.module) + " " + std::to_string(step.number);
    if (found == run.end()) {
      out.push_back({std::string(step.module), step.number, std::string(step.text)});
    } else if (found->text != step.text) {
      return fail(Errc::invalid, "store.migration.changed",
                  "schema step " + name + ": was run on this database with another text; add a new step instead");
    }
  }
  for (const RunStep& r : run) {
    const auto same_module = [&](const Migration& step) { return step.module == r.module; };
    const auto same = [&](const Migration& step) { return same_module(step) && step.number == r.number; };
    if (std::any_of(known.begin(), known.end(), same_module) && std::none_of(known.begin(), known.end(), same))
      return fail(Errc::invalid, "store.migration.newer",
                  "schema step " + r.module + " " + std::to_string(r.number) +
                      ": this database was used by a newer version; run that version");
  }
  return out;
}

void ensure_counted(std::span<const Migration> known) {
  std::map<std::string_view, int> last;
  for (const Migration& step : known) ENSURE(step.number == ++last[step.module]);
}

}  // namespace

Result<> Database::migrate(std::span<const Migration> migrations) {
  ensure_counted(migrations);
  Connection connection = TRY(connect());
  Schema schema(connection);
  const std::vector<RunStep> run = TRY(schema.steps());
  const std::vector<RunStep> missing = TRY(missing_steps(migrations, run));
  if (missing.empty()) return {};

  Transaction transaction = TRY(Transaction::begin(connection));
  TRY(connection.lock_ledger());
  // Another node may have been faster: what counts is what is there under the lock.
  const std::vector<RunStep> now_run = TRY(schema.steps());
  const std::vector<RunStep> now_missing = TRY(missing_steps(migrations, now_run));
  auto position = static_cast<std::int64_t>(now_run.size());
  for (const RunStep& step : now_missing) TRY(schema.run(step, ++position));
  return transaction.commit();
}

}  // namespace entraide::store
