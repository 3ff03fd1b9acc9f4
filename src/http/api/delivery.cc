#include <algorithm>

#include "http/api/api.h"

namespace entraide::http {

using codec::Json;

Json delivery_of(const Api& api, const ledger::Entry& entry, const act::Act& act,
                 std::span<const delivery::Acknowledgement> said) {
  Json out = Json::array();
  if (act.to.empty()) return out;
  const auto rules = api.hub.shelf().find(act.rulebook);
  const auto due = rules ? rulebook::acknowledgement_due(*rules, act.type, act.d, entry.time()) : std::nullopt;
  for (const Subject& receiver : act.to) {
    const auto one =
        std::find_if(said.begin(), said.end(), [&](const auto& saying) { return saying.authority == receiver; });
    const bool arrived = one != said.end();
    out.push_back(Json::object({{"authority", receiver.str()},
                                {"delivered_at", arrived ? Json(codec::rfc3339(one->delivered)) : Json()},
                                {"opened_at", arrived && one->opened ? Json(codec::rfc3339(*one->opened)) : Json()},
                                {"due_at", due ? Json(codec::rfc3339(*due)) : Json()},
                                {"overdue", due.has_value() && !arrived && api.hub.clock().now() > *due}}));
  }
  return out;
}

}  // namespace entraide::http
