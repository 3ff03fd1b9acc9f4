#pragma once

// Acts as the hub gives them, one or many at once. Nothing of it is believed before open.h has judged it.

#include <map>

#include "client/api.h"

namespace entraide::client {

struct FetchedAct {
  std::string body, receipt;
  codec::Json delivery;                       // what the receivers have acknowledged, as the hub says
  std::map<std::string, std::string> sealed;  // JWEs that came along, by their hash as the hub says it
};

Result<FetchedAct> fetch_act(Api& api, const ActId& id);

/// Many at once, each with its sealed summary. Those that are missing are not there, or not for this reader.
/// Rule: act.record (the hub gave something else than was asked for), and the hub's.
Result<std::map<ActId, FetchedAct>> fetch_with_summaries(Api& api, std::span<const ActId> ids);

}  // namespace entraide::client
