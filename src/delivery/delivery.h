#pragma once

// What reached whom: the feed of each authority by ledger index, what its receivers have acknowledged, the counters
// that reveal a suppressed act, and the newest checkpoint that each device has bound itself to.

#include <optional>

#include "store/store.h"

namespace entraide::delivery {

std::span<const store::Migration> migrations();

/// One line of an authority's feed: an act or a note, as its routing label says (JSON).
struct Event {
  std::int64_t index = 0;
  std::string data;
};

/// Files the event under every authority that may see it.
Result<> put(store::Connection& connection, std::int64_t index, std::span<const Subject> authorities,
             std::string_view data);
/// Events of one authority after `after`, in order.
Result<std::vector<Event>> after(store::Connection& connection, const Subject& authority, std::int64_t after,
                                 std::int64_t limit);
/// Every event after `after` with whom it reached, in order: what feeds live streams.
struct Addressed {
  std::int64_t index = 0;
  Subject authority;
  std::string data;
};
Result<std::vector<Addressed>> all_after(store::Connection& connection, std::int64_t after, std::int64_t limit);
/// The index of the newest event: none while there is none.
Result<std::optional<std::int64_t>> newest(store::Connection& connection);
/// Whether an entry reached that authority.
Result<bool> reached(store::Connection& connection, const Subject& authority, std::int64_t index);
Result<store::Later<bool>> ask_reached(store::Connection& connection, const Subject& authority, std::int64_t index);

/// What the hub remembers of a device.
struct Counters {
  std::int64_t seen_checkpoint = 0;  // size of the newest checkpoint that it has named in an act; 0 for none
  std::int64_t sent = 0;             // how many acts it has sent to one authority (`st` of the last one)
};
Result<store::Later<Counters>> ask_counters(store::Connection& connection, const KeyId& device, const Subject& to);
Result<> set_sent(store::Connection& connection, const KeyId& device, const Subject& to, std::int64_t count);
Result<std::vector<std::pair<Subject, std::int64_t>>> all_sent(store::Connection& connection, const KeyId& device);
/// Never lowers it: an act that waited for its signatures names an older one than its device has seen since.
Result<> set_seen_checkpoint(store::Connection& connection, const KeyId& device, std::int64_t size);

/// What a receiver has said of an act: that it arrived, and that its sealed content was opened. Admission times.
struct Acknowledgement {
  Subject authority;
  Time delivered;
  std::optional<Time> opened;
  bool operator==(const Acknowledgement&) const = default;
};
Result<std::optional<Acknowledgement>> acknowledgement(store::Connection& connection, std::int64_t index,
                                                       const Subject& authority);
Result<std::vector<Acknowledgement>> acknowledgements(store::Connection& connection, std::int64_t index);
Result<store::Later<std::vector<Acknowledgement>>> ask_acknowledgements(store::Connection& connection,
                                                                        std::int64_t index);
/// The first word of that receiver about that act: a second one is a bug of the caller.
Result<> set_delivered(store::Connection& connection, std::int64_t index, const Subject& authority, Time at);
/// What was opened has arrived, whether or not that was said.
Result<> set_opened(store::Connection& connection, std::int64_t index, const Subject& authority, Time at);

}  // namespace entraide::delivery
