#pragma once

// A whole hub inside the test program: the real one, over a real SQLite file in a folder of its own, with a clock that
// the test sets. Nothing listens; requests go straight into the router (kit/http.h), acts come in by the real door.

#include <atomic>
#include <filesystem>

#include "demo/world.h"
#include "http/http.h"

namespace entraide::kit {

/// A clock that the test sets and that the hub's threads read.
class SettableClock final : public Clock {
 public:
  explicit SettableClock(Time start) : ms_(to_ms(start)) {}
  Time now() const override { return from_ms(ms_.load()); }
  void set(Time time) { ms_.store(to_ms(time)); }
  void advance(Milliseconds by) { ms_.fetch_add(by.count()); }

 private:
  std::atomic<std::int64_t> ms_;
};

/// A folder of its own, gone with it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The project's rulebook, loaded once for the whole program.
const rulebook::Rulebook& rules();
/// The values of a file in rulebook/examples/answers, by its name without the ending.
codec::Json answers(std::string_view name);
/// The name of a file there that answers this form; empty when there is none.
std::string answers_for(std::string_view form);
std::string read_text(const std::filesystem::path& file);

inline constexpr std::string_view kUrl = "http://hub.test";

class Hub {
 public:
  /// The clock begins where the answers of the rulebook's examples make sense: 2031-03-02T09:00:00Z.
  explicit Hub(bool demonstration = true);
  ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  hub::Hub& hub() { return *hub_; }
  const net::Router& router() const { return *router_; }
  metrics::Registry& metrics() { return metrics_; }
  SettableClock& clock() { return clock_; }
  Random& random() { return random_; }
  /// Another router over the same hub: for a server that listens, under its own URL.
  net::Router make_router(std::string url);
  /// How this hub is set up; and the same hub set up otherwise.
  http::Settings settings(std::string url = std::string(kUrl)) const;
  void serve(http::Settings settings);
  const std::filesystem::path& folder() const { return folder_.path(); }
  /// Where this hub looks for the keys of its people; nothing is there until somebody writes it.
  std::filesystem::path people_file() const { return folder() / "people.json"; }

  /// The people. Empty at first; `begin` and the rest send real acts through `POST /v1/acts`.
  demo::World& world() { return *world_; }
  /// Genesis, and for each code a country with its central authority `au:<code>:central`, one officer with the roles
  /// officer and magistrate, and the authority's first ring.
  void found(std::initializer_list<std::string_view> countries);
  demo::Door door();

  /// Ends the hub, so that its files are whole and closed.
  void stop();

 private:
  const bool demonstration_;
  TemporaryFolder folder_;
  SettableClock clock_;
  SystemRandom random_;
  metrics::Registry metrics_;
  std::unique_ptr<hub::Hub> hub_;
  std::unique_ptr<net::Router> router_;
  std::unique_ptr<demo::World> world_;
};

}  // namespace entraide::kit
