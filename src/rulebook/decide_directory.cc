// Judging an act of the directory, and when an act is late: neither needs a case.

#include "rulebook/model.h"

namespace entraide::rulebook {

using codec::Json;

Refused unknown_act(const Model& model) {
  const auto source = model.engine_sources.find("decide.act");
  return {"decide.act", source == model.engine_sources.end() ? "" : source->second, "t"};
}

std::optional<Time> acknowledgement_due(const Rulebook& rules, std::string_view act_type, const Json& d,
                                        Time admitted) {
  const auto& rule = rules.model().delivery;
  if (!rule) return std::nullopt;
  return add(admitted, is_urgent(rules, act_type, d) ? rule->urgent : rule->within);
}

Time admissible_until(const Rulebook& rules, std::string_view act_type, Time at) {
  const auto found = rules.model().directory_acts.find(act_type);
  if (found == rules.model().directory_acts.end() || !found->second->window) return at + kSigningWindow;
  return add(at, *found->second->window);
}

std::expected<void, Refused> decide_directory(const Rulebook& rules, const DirectoryFacts& facts) {
  const Model& model = rules.model();
  const auto found = model.directory_acts.find(facts.type);
  if (found == model.directory_acts.end()) return std::unexpected(unknown_act(model));
  const DirectoryAct& act = *found->second;
  const auto number = [](const auto& map, const std::string& role) {
    const auto at = map.find(role);
    return at == map.end() ? 0 : at->second;
  };
  for (const SignerNeed& need : act.signers) {
    // Nobody has said how many: then it cannot be enough.
    const int count = need.threshold ? number(facts.threshold, need.role) : need.count;
    if (count < 1 || number(facts.signers, need.role) < count)
      return std::unexpected(
          Refused{"decide.signers", act.source.id, "by", Json::object({{"role", need.role}, {"count", count}})});
  }
  if (act.device && !facts.device_signed)
    return std::unexpected(Refused{"decide.assurance.possession", act.source.id, "by"});
  return {};
}

}  // namespace entraide::rulebook
