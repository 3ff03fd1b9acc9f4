#include "rulebook/condition.h"
#include "rulebook/model.h"

namespace entraide::rulebook {

bool is_urgent(const Rulebook& rules, std::string_view act_type, const codec::Json& d) {
  const Model& model = rules.model();
  const auto found = model.acts.find(act_type);
  if (found == model.acts.end()) return false;
  const Transition& transition = *found->second;
  if (transition.urgent) return true;
  if (!transition.urgent_when) return false;
  // Nothing but the act's own routing fields: the case has not been looked at yet.
  const CaseState empty;
  return holds(*transition.urgent_when, {.model = model, .state = &empty, .answers = &d, .label = &d});
}

}  // namespace entraide::rulebook
