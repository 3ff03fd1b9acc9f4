#include "delivery/delivery.h"
#include "http/api/api.h"

namespace entraide::http {
namespace {

using codec::Json;

// Shorter than what proxies between us and a reader put up with in silence.
constexpr std::int64_t kWaitSecondsMax = 50;

// Where a stream begins: after the id that the reader saw last, after `after`, or with what is new from now on.
Result<std::int64_t> start_of(const Api& api, const net::Request& request) {
  const std::string* last = request.headers.find("last-event-id");
  if (last == nullptr) return number_of(request, "after", api.hub.tree_size() - 1, -1, std::int64_t{1} << 53);
  net::Request asked;
  asked.query.add("after", *last);
  return number_of(asked, "after", -1, -1, std::int64_t{1} << 53);
}

// Whether a device still speaks for an authority, or administers it. That changes with the directory, and with the second
// in which an assignment ends: what was worked out holds until then, not for each event anew. One thread.
class MayHear {
 public:
  MayHear(const ApiPtr& api, KeyId device, Subject who, bool administers)
      : api_(api), device_(std::move(device)), who_(std::move(who)), administers_(administers) {}

  bool operator()() {
    const auto api = api_.lock();
    if (api == nullptr) return false;
    const auto people = api->hub.directory();
    const Time now = api->hub.clock().now();
    if (people != people_ || to_seconds(now) != second_) {
      const auto still = who_is(device_, *people, now);
      may_ = still && (administers_ ? require_administrator(*api, *still, who_).has_value() : still->acts_for(who_));
      people_ = people;
      second_ = to_seconds(now);
    }
    return may_;
  }

 private:
  std::weak_ptr<Api> api_;
  KeyId device_;
  Subject who_;
  bool administers_;
  std::shared_ptr<const directory::Directory> people_;
  std::int64_t second_ = 0;
  bool may_ = false;
};

// Members of an authority hear what reaches it. Its administrators hear what waits for them, and of no act.
void stream(const ApiPtr& api, net::Request request, net::Reply reply) {
  const auto people = api->hub.directory();
  const auto caller = api->sessions.caller(request, api->url_of(request), *people);
  const Subject named(std::string(request.query.get("authority")));
  const bool administers = caller && require_administrator(*api, *caller, named);
  const auto authority = !caller       ? Result<Subject>(std::unexpected(caller.error()))
                         : administers ? Result<Subject>(named)
                                       : authority_of(*caller, request);
  const auto after = authority ? start_of(*api, request) : Result<std::int64_t>(std::unexpected(authority.error()));
  if (!after) return std::move(reply).send(problem_of(*api, after.error(), request));

  // The feed's thread owns the stream through its listener; a stream that has ended answers false and is forgotten.
  auto out = std::make_shared<net::EventStream>(std::move(reply).stream());
  // A device that was revoked meanwhile hears nothing more.
  const MayHear allowed(api, caller->device, *authority, administers);
  Live::Ear ear{.here =
                    [weak = std::weak_ptr(out), allowed = allowed]() mutable {
                      const auto stream = weak.lock();
                      return stream != nullptr && stream->open() && allowed();
                    },
                .hear =
                    [weak = std::weak_ptr(out)](const net::Event& event) {
                      const auto stream = weak.lock();
                      return stream != nullptr && stream->send(event);
                    }};
  if (administers) {
    api->live.join_administrators(*authority, std::move(ear));
    api->hub.feed().subscribe(*authority, api->hub.tree_size() - 1,
                              [out, allowed = allowed](const delivery::Event&) mutable { return allowed(); });
    return;
  }
  api->live.join(*authority, std::move(ear));
  api->hub.feed().subscribe(*authority, *after, [out, allowed = allowed](const delivery::Event& event) mutable {
    if (!allowed()) return false;
    return out->send(std::to_string(event.index),
                     event.data.find("\"t\":\"note.") == std::string::npos ? "act" : "note", event.data);
  });
}

struct Asked {
  Caller caller;
  Subject authority;
  std::int64_t after = 0, limit = 0, wait = 0;
};

Result<Asked> read_asked(Api& api, const net::Request& request) {
  const auto people = api.hub.directory();
  Asked out{TRY(api.sessions.caller(request, api.url_of(request), *people)), {}};
  out.authority = TRY(authority_of(out.caller, request));
  out.after = TRY(number_of(request, "after", -1, -1, std::int64_t{1} << 53));
  out.limit = TRY(number_of(request, "limit", 100, 1, 1000));
  out.wait = TRY(number_of(request, "wait", 0, 0, kWaitSecondsMax));
  return out;
}

Result<net::Response> page_of(std::int64_t after, const std::vector<delivery::Event>& events) {
  Json items = Json::array();
  for (const delivery::Event& event : events) items.push_back(TRY(codec::parse_json(event.data)));
  return json(200,
              Json::object({{"items", std::move(items)}, {"next", events.empty() ? after : events.back().index}}));
}

// Answers at once when there is something; otherwise with the first thing that comes, or with nothing in the end.
void changes(const ApiPtr& api, net::Request request, net::Reply reply) {
  const auto asked = read_asked(*api, request);
  if (!asked) return std::move(reply).send(problem_of(*api, asked.error(), request));
  const auto events = api->hub.read()([&](store::Connection& connection) {
    return delivery::after(connection, asked->authority, asked->after, asked->limit);
  });
  if (!events || !events->empty() || asked->wait == 0) {
    const auto page =
        events ? page_of(asked->after, *events) : Result<net::Response>(std::unexpected(events.error()));
    return std::move(reply).send(page ? *page : problem_of(*api, page.error(), request));
  }
  // A waiter is a value that can be copied, a reply is not.
  auto waiting = std::make_shared<std::pair<net::Request, net::Reply>>(std::move(request), std::move(reply));
  api->hub.feed().wait(
      asked->authority, asked->after, Seconds(asked->wait),
      [api, waiting, who = asked->authority, device = asked->caller.device,
       after = asked->after](const std::optional<delivery::Event>& event) {
        std::vector<delivery::Event> told;
        if (event) told.push_back(*event);
        // A device that was revoked while it waited hears nothing.
        const auto people = api->hub.directory();
        const auto still = who_is(device, *people, api->hub.clock().now());
        if (still && !still->acts_for(who)) told.clear();
        auto page = still ? page_of(after, told) : Result<net::Response>(std::unexpected(still.error()));
        std::move(waiting->second).send(page ? std::move(*page) : problem_of(*api, page.error(), waiting->first));
      });
}

}  // namespace

void add_event_routes(net::Router& router, ApiPtr api) {
  router.add("GET", "/v1/events",
             [api](net::Request request, net::Reply reply) { stream(api, std::move(request), std::move(reply)); },
             {.head = false});
  router.add(
      "GET", "/v1/changes",
      [api](net::Request request, net::Reply reply) { changes(api, std::move(request), std::move(reply)); }, kOnPool);
}

}  // namespace entraide::http
