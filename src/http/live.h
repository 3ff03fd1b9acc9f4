#pragma once

// What is true only now: who of my colleagues reads which case, and whether anybody listens for alarms. In memory, on this
// node alone, told through the event stream to colleagues of the same authority and to nobody else. Its administrators, who
// read no case, hear on streams of their own what waits for them.

#include <functional>
#include <map>
#include <optional>
#include <thread>

#include "base/clock.h"
#include "base/ids.h"
#include "base/metrics.h"
#include "base/mutex.h"
#include "net/reply.h"

namespace entraide::http {

constexpr Seconds kPresenceLasts{60};
constexpr Seconds kDutyLasts{120};
constexpr std::size_t kPresencesMax = 500;  // of one authority
constexpr std::size_t kDutyDevicesMax = 500;
constexpr std::size_t kStreamsMax = 2000;

/// "Bilel is reading this."
struct Presence {
  std::string case_id, reference;
  Subject officer;
  std::string state;  // reading or writing
  Time since{}, seen{};
};

/// An open desk that says whether its alarm can be heard.
struct OnDuty {
  Subject officer;
  bool armed = false;
  Time since{}, seen{};
};
/// What somebody has written or removed, and others fetch anew.
enum class News {
  draft,  // of the team: its members hear
  waiting,  // an act of the directory that lacks signatures, or has them all now: the administrators hear
  enrolment,  // an invitation, or the newcomer who answered it: the administrators hear
};
struct Duty {
  bool listening = false;
  std::optional<Time> unheard_since;  // since when nobody listens, where somebody did
  std::vector<OnDuty> officers;
};

class Live {
 public:
  Live(const Clock& clock, metrics::Registry& metrics);
  ~Live();
  Live(const Live&) = delete;

  /// One who hears.
  struct Ear {
    std::function<bool()> here;  // false: gone, or not allowed to hear any more
    std::function<bool(const net::Event&)> hear;  // false: gone
  };
  /// `ear` hears what changes for `authority`, first what holds now. Any thread; neither function may block.
  void join(const Subject& authority, Ear ear);
  /// `ear` hears what waits for the administrators of `authority`, from now on, and nothing else. As above.
  void join_administrators(const Subject& authority, Ear ear);
  /// `state` is reading, writing or left. Rule: api.live.full. Any thread.
  Result<> present(const Subject& authority, Presence presence);
  /// A sign of life of a desk; one entry a device. Rule: api.live.full. Any thread.
  Result<> on_duty(const Subject& authority, const KeyId& device, const Subject& officer, bool armed);
  Duty duty(const Subject& authority) const;
  /// There is something of `authority` to fetch; `id`: its name in the API. Any thread.
  void tell(News news, const Subject& authority, const std::string& id);

  /// Lets lapse what has not been heard of.
  void tick();
  /// From now on that happens by itself, each second.
  void start();

 private:
  struct Room {  // an authority
    std::vector<Ear> ears;
    std::vector<Ear> administrators;
    std::map<std::pair<std::string, Subject>, Presence> presences;  // by case and officer
    std::map<KeyId, OnDuty> desks;
    std::optional<Time> last_armed;
    std::optional<Time> unheard_since;
    bool empty() const {
      return ears.empty() && administrators.empty() && presences.empty() && desks.empty() && !last_armed;
    }
  };
  void run();
  void tell(std::vector<Ear>& ears, const net::Event& event) REQUIRES(mutex_);
  void count_unheard() REQUIRES(mutex_);

  const Clock& clock_;
  metrics::Gauge& unheard_;
  mutable Mutex mutex_;
  Condition changed_;
  std::map<Subject, Room> rooms_ GUARDED_BY(mutex_);
  std::thread thread_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_)
  = false;
};

}  // namespace entraide::http
