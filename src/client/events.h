#pragma once

// What happens to an authority's cases, as it happens: server-sent events, resumed by ledger index.

#include "client/api.h"

namespace entraide::client {

struct Event {
  std::int64_t index = 0;  // in the ledger; -1 for what is no entry of it
  std::string name;        // act or note; presence, duty, draft, waiting and what a newer hub may tell of
  codec::Json data;
};

/// Takes a text/event-stream apart, whatever pieces it comes in. Bounded: a line longer than 64 KiB is a failure.
class EventParser {
 public:
  /// Rule: events.form.
  Result<std::vector<Event>> feed(std::string_view bytes);

 private:
  Result<> line(std::string_view text, std::vector<Event>& out);
  std::string pending_, id_, name_, data_;
};

/// Follows `authority` from after ledger index `after`, reconnecting (bounded back-off, no event lost or twice),
/// until `take` gives false. `alive` is asked now and then, also while nothing happens; false ends the watch.
Result<> follow_events(Api& api, const Subject& authority, std::int64_t after,
                       const std::function<bool(const Event&)>& take, const std::function<bool()>& alive);

}  // namespace entraide::client
