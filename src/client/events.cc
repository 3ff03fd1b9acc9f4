#include "client/events.h"

#include <charconv>

namespace entraide::client {
namespace {

constexpr std::size_t kLineBytesMax = 64 << 10;
constexpr Milliseconds kLongestPause{10'000};

}  // namespace

Result<std::vector<Event>> EventParser::feed(std::string_view bytes) {
  std::vector<Event> out;
  pending_ += bytes;
  std::size_t start = 0;
  for (std::size_t end = pending_.find('\n'); end != std::string::npos; end = pending_.find('\n', start)) {
    std::string_view text(pending_.data() + start, end - start);
    if (text.ends_with('\r')) text.remove_suffix(1);
    TRY(line(text, out));
    start = end + 1;
  }
  pending_.erase(0, start);
  if (pending_.size() > kLineBytesMax || data_.size() > kLineBytesMax)
    return fail(Errc::too_large, "events.form", "the event stream has a line longer than 64 KiB");
  return out;
}

Result<> EventParser::line(std::string_view text, std::vector<Event>& out) {
  if (text.empty()) {
    if (!data_.empty()) {
      Event event{-1, name_, TRY(codec::parse_json(data_))};
      // All else is true only now, whatever it is called: no place in the ledger, and nothing to resume.
      if (name_.empty() || name_ == "act" || name_ == "note") {
        const auto [end, error] = std::from_chars(id_.data(), id_.data() + id_.size(), event.index);
        if (error != std::errc() || end != id_.data() + id_.size() || event.index < 0)
          return fail(Errc::invalid, "events.form", "an event has no ledger index as its id");
      }
      out.push_back(std::move(event));
    }
    name_.clear();
    data_.clear();
    return {};
  }
  if (text.starts_with(':')) return {};  // a heartbeat
  const std::size_t colon = text.find(':');
  const std::string_view field = text.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "id") id_ = value;
  else if (field == "event") name_ = value;
  else if (field == "data") data_ += data_.empty() ? std::string(value) : "\n" + std::string(value);
  return {};
}

Result<> follow_events(Api& api, const Subject& authority, std::int64_t after,
                       const std::function<bool(const Event&)>& take, const std::function<bool()>& alive) {
  Milliseconds wait{250};
  int refusals = 0;  // a session that ends is made anew; one that is refused again is a device that was revoked
  while (alive()) {
    EventParser parser;
    Result<> fault;
    bool stopped = false;
    const auto piece = [&](std::string_view bytes) {
      if (!alive()) return false;
      auto events = parser.feed(bytes);
      if (!events) {
        fault = std::unexpected(events.error());
        return false;
      }
      for (const Event& event : *events) {
        if (event.index <= after) continue;  // sent again after a reconnection
        after = event.index;
        wait = Milliseconds{250};
        if (!take(event)) {
          stopped = true;
          return false;
        }
      }
      return true;
    };
    auto done = api.stream("/v1/events?authority=" + escape(authority.str()) + "&after=" + std::to_string(after),
                           {{"Accept", "text/event-stream"}, {"Last-Event-ID", std::to_string(after)}}, piece);
    if (stopped || !alive()) return {};
    TRY(std::move(fault));
    refusals = !done && done.error().code == Errc::unauthenticated ? refusals + 1 : 0;
    if (!done && done.error().code != Errc::unavailable &&
        (done.error().code != Errc::unauthenticated || refusals > 1))
      return done;
    api.pause(wait);
    wait = std::min(wait * 2, kLongestPause);
  }
  return {};
}

}  // namespace entraide::client
