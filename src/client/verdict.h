#pragma once

#include "base/base.h"

namespace entraide::client {

/// What became of one check. `not_shown` is for what the material at hand cannot show either way.
enum class Finding { holds, fails, not_shown };

struct Step {
  std::string check;  // stable, lower case: "inclusion", "signature", "chain"
  Finding finding = Finding::fails;
  std::string words;  // one sentence, for a person
};

/// The steps of a verification, in the order in which they were taken.
struct Verdict {
  std::vector<Step> steps;

  void holds(std::string check, std::string words) {
    steps.push_back({std::move(check), Finding::holds, std::move(words)});
  }
  void fails(std::string check, std::string words) {
    steps.push_back({std::move(check), Finding::fails, std::move(words)});
  }
  void not_shown(std::string check, std::string words) {
    steps.push_back({std::move(check), Finding::not_shown, std::move(words)});
  }
  /// Notes a result: holds with these words, or fails with the error's.
  template <class T>
  bool note(std::string check, const Result<T>& result, std::string words) {
    if (result) holds(std::move(check), std::move(words));
    else fails(std::move(check), result.error().message);
    return result.has_value();
  }
  /// Something was checked and nothing failed.
  bool good() const {
    bool any = false;
    for (const Step& step : steps) {
      if (step.finding == Finding::fails) return false;
      any = any || step.finding == Finding::holds;
    }
    return any;
  }
  const Step* first_failure() const {
    for (const Step& step : steps)
      if (step.finding == Finding::fails) return &step;
    return nullptr;
  }
};

}  // namespace entraide::client
