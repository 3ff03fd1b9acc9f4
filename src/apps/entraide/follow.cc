// wait and watch: what happens, as it happens.

#include "apps/entraide/case_view.h"
#include "client/events.h"
#include "codec/codec.h"

#include <algorithm>

namespace entraide::cli {
namespace {

using codec::Json;

constexpr Seconds kLookAtLeastEvery{15};

std::string member(const Json& object, std::string_view key) {
  const Json* value = object.find(key);
  return value != nullptr && value->is_string() ? value->string() : "";
}

/// Whether any thread of the case is in that state; `kind.state` asks about one kind.
bool is_in(const CaseView& file, const std::string& wanted) {
  const std::size_t dot = wanted.find('.');
  for (const Json& thread : file.json.find("threads")->array_items()) {
    if (dot != std::string::npos && member(thread, "kind") != wanted.substr(0, dot)) continue;
    if (member(thread, "state") == wanted.substr(dot == std::string::npos ? 0 : dot + 1)) return true;
  }
  return false;
}

bool is_over(const CaseView& file) {
  for (const Json& thread : file.json.find("threads")->array_items()) {
    const Json* final = thread.find("final");
    if (final == nullptr || !final->is_bool() || !final->boolean()) return false;
  }
  return true;
}

Result<> wait(Context& context) {
  const std::string name = *context.args().get("CASE");
  const std::string condition = *context.args().get("for");
  if (!condition.starts_with("state=") || condition.size() == 6)
    return fail(Errc::invalid, "usage",
                "--for " + condition + ": write state=answered, or state=assistance.answered");
  const std::string wanted = condition.substr(6);
  const Seconds limit = TRY(parse_period(context.args().get_or("timeout", "1h")));
  const Time until = context.clock().now() + limit;
  watch_for_interrupt();
  client::Api* hub = TRY(context.session());
  const Subject own = TRY(context.authority());
  const std::size_t dot = wanted.find('.');
  TRY(dot == std::string::npos ? check_state(*TRY(context.rules()), "", wanted)
                               : check_state(*TRY(context.rules()), wanted.substr(0, dot), wanted.substr(dot + 1)));
  CaseView file = TRY(read_case(context, name));
  const auto finished = [&]() -> std::optional<Result<>> {
    if (is_in(file, wanted)) return Result<>{};
    if (is_over(file))
      return Result<>(fail(Errc::conflict, "wait.over",
                           file.reference + " has ended in another state; it will not become " + wanted));
    return std::nullopt;
  };
  const Json* last = file.json.find("last_index");
  std::int64_t after = last != nullptr && last->is_integer() ? last->integer() : 0;
  std::optional<Result<>> result = finished();
  while (!result && !interrupted() && context.clock().now() < until) {
    // An event about the case wakes us at once; now and then we look anyway: what colleagues do makes no event here.
    const Time look = std::min(until, context.clock().now() + kLookAtLeastEvery);
    TRY(client::follow_events(
        *hub, own, after,
        [&](const client::Event& event) {
          after = event.index;
          return member(event.data, "case") != file.id.str();
        },
        [&] { return !interrupted() && context.clock().now() < look; }));
    auto again = read_case(context, name);
    if (!again && again.error().code != Errc::unavailable) return std::unexpected(again.error());
    if (!again) continue;  // the hub is away for a while; so is our patience, until its end
    file = std::move(*again);
    result = finished();
  }
  if (result && *result) {
    context.out().record(Json::object({{"reference", file.reference}, {"case", file.id.str()}, {"state", wanted}}));
    return {};
  }
  if (result) return *result;
  if (interrupted()) return fail(Errc::internal, "interrupted", "interrupted");
  return fail(Errc::unavailable, "wait.timeout",
              file.reference + " is not " + wanted + " after " + context.args().get_or("timeout", "1h") +
                  "; the same command waits on");
}

bool is_sent_to(const Json& event, const Subject& own) {
  const Json* to = event.find("to");
  return to != nullptr && to->is_array() &&
         std::find(to->array_items().begin(), to->array_items().end(), Json(own.str())) != to->array_items().end();
}

/// Fetches and checks what has arrived, and tells its sender so.
void acknowledge_arrival(Context& context, const Subject& own, const std::string& id) {
  if (context.args().has("no-ack")) return;
  const auto opened = [&]() -> Result<client::OpenedAct> {
    client::Reader reader = TRY(reader_for(context, own));
    return client::open_act(reader, TRY(act::act_id_from_text(id)));
  }();
  if (!opened) return context.out().warn("The sender was not told of " + id + ": " + opened.error().message);
  if (const client::Step* failed = opened->verdict.first_failure())
    return context.out().warn(id + " DOES NOT HOLD, and its sender was not told of it: " + failed->words);
  acknowledge(context, *opened, client::Acknowledgement::delivered);
}

Result<> watch(Context& context) {
  watch_for_interrupt();
  client::Api* hub = TRY(context.session());
  const Subject own = TRY(context.authority());
  std::int64_t after = 0;
  if (const auto from = context.args().get("after")) {
    after = std::atoll(from->c_str());
  } else {
    client::Mirror* mirror = TRY(context.fresh_mirror());
    after = static_cast<std::int64_t>(mirror->checkpoint().size) - 1;
  }
  context.out().say("Watching for " + own.str() + " from index " + std::to_string(after) + " on; Ctrl-C ends it.");
  const bool once = context.args().has("once");
  bool over = false;
  while (!over && !interrupted()) {
    std::string arrived;
    TRY(client::follow_events(
        *hub, own, after,
        [&](const client::Event& event) {
          Json data = event.data;
          data.set("event", event.name);
          context.out().event(
              data, member(event.data, "time") + "  " + member(event.data, "reference") + "  " +
                        member(event.data, "t") + "  from " + member(event.data, "for") +
                        (member(event.data, "due_at").empty() ? "" : "  due " + member(event.data, "due_at")));
          after = event.index;
          over = once;
          if (is_sent_to(event.data, own)) arrived = member(event.data, "id");
          return !over && arrived.empty() && !interrupted();
        },
        [] { return !interrupted(); }));
    // The stream is put down for a moment: one connection does one thing at a time. It goes on where it stopped.
    if (!arrived.empty()) acknowledge_arrival(context, own, arrived);
  }
  if (interrupted()) return fail(Errc::internal, "interrupted", "interrupted");
  return {};
}

}  // namespace

std::vector<Command> follow_commands() {
  return {
      {"wait",
       "",
       "Wait until a case has reached a state",
       {{"CASE", "CASE", "reference or case id", true},
        {"--for", "CONDITION", "state=answered, or state=assistance.answered", true},
        {"--timeout", "TIME", "30s, 15m, 8h; default 1h"}},
       &wait,
       "entraide wait FR-2026-00017 --for state=answered --timeout 8h"},
      {"watch",
       "inbox",
       "Print every event of your authority as it comes (NDJSON in a pipe)",
       {{"--after", "INDEX", "from after this ledger index on"},
        {"--once", "", "end after the first"},
        no_acknowledgement()},
       &watch,
       "entraide watch inbox | jq .",
       true},
  };
}

}  // namespace entraide::cli
