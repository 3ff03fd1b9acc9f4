#include "http/live.h"

#include <algorithm>

#include "codec/codec.h"
#include "codec/json.h"

namespace entraide::http {
namespace {

using codec::Json;

constexpr Milliseconds kTickEvery{1000};

// Without an id: what is gone when it is over is not resumed.
net::Event event_of(const Presence& presence, std::string_view state, Time at) {
  return net::make_event("", "presence",
                         codec::to_json(Json::object({{"case", presence.case_id},
                                                      {"reference", presence.reference},
                                                      {"officer", presence.officer.str()},
                                                      {"state", state},
                                                      {"at", codec::rfc3339(at)}})));
}

net::Event event_of(const Subject& authority, bool listening, Time at) {
  return net::make_event(
      "", "duty",
      codec::to_json(
          Json::object({{"authority", authority.str()}, {"listening", listening}, {"at", codec::rfc3339(at)}})));
}

std::string_view name_of(News news) {
  switch (news) {
    case News::draft: return "draft";
    case News::waiting: return "waiting";
    case News::enrolment: return "enrolment";
  }
  ENSURE(false);
}

std::unexpected<Error> full() {
  return fail(Errc::unavailable, "api.live.full", "too many desks of this authority are open; try again later");
}

}  // namespace

Live::Live(const Clock& clock, metrics::Registry& metrics)
    : clock_(clock),
      unheard_(metrics.gauge("entraide_duty_unheard_authorities",
                             "authorities whose alarms somebody listened to and nobody listens to now")) {}

Live::~Live() {
  std::thread thread;
  {
    Lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

void Live::start() {
  Lock lock(mutex_);
  if (!thread_.joinable() && !stopping_) thread_ = std::thread([this] { run(); });
}

void Live::run() {
  while (true) {
    {
      Lock lock(mutex_);
      if (!stopping_) changed_.wait_for(mutex_, kTickEvery);
      if (stopping_) return;
    }
    tick();
  }
}

void Live::tell(std::vector<Ear>& ears, const net::Event& event) {
  std::erase_if(ears, [&](const Ear& ear) { return !ear.here() || !ear.hear(event); });
}

void Live::join(const Subject& authority, Ear ear) {
  Lock lock(mutex_);
  Room& room = rooms_[authority];
  if (room.ears.size() >= kStreamsMax) return;  // acts are told all the same
  for (const auto& [key, presence] : room.presences) ear.hear(event_of(presence, presence.state, presence.since));
  if (room.unheard_since) ear.hear(event_of(authority, false, *room.unheard_since));
  room.ears.push_back(std::move(ear));
}

void Live::join_administrators(const Subject& authority, Ear ear) {
  Lock lock(mutex_);
  Room& room = rooms_[authority];
  if (room.administrators.size() < kStreamsMax) room.administrators.push_back(std::move(ear));
}

Result<> Live::present(const Subject& authority, Presence presence) {
  const Time now = clock_.now();
  const std::pair key{presence.case_id, presence.officer};
  Lock lock(mutex_);
  Room& room = rooms_[authority];
  const auto known = room.presences.find(key);
  if (presence.state == "left") {
    if (known == room.presences.end()) return {};
    tell(room.ears, event_of(known->second, "left", now));
    room.presences.erase(known);
    return {};
  }
  presence.seen = now;
  if (known != room.presences.end() && known->second.state == presence.state) {
    known->second.seen = now;
    return {};
  }
  if (known == room.presences.end() && room.presences.size() >= kPresencesMax) return full();
  presence.since = now;
  tell(room.ears, event_of(presence, presence.state, now));
  room.presences[key] = std::move(presence);
  return {};
}

Result<> Live::on_duty(const Subject& authority, const KeyId& device, const Subject& officer, bool armed) {
  const Time now = clock_.now();
  Lock lock(mutex_);
  Room& room = rooms_[authority];
  const auto known = room.desks.find(device);
  if (known == room.desks.end() && room.desks.size() >= kDutyDevicesMax) return full();
  OnDuty& desk = room.desks[device];
  if (known == room.desks.end() || desk.armed != armed) desk.since = now;
  desk.officer = officer;
  desk.armed = armed;
  desk.seen = now;
  if (!armed) return {};
  const bool heard_anew = !room.last_armed || room.unheard_since;
  room.last_armed = now;
  room.unheard_since.reset();
  if (heard_anew) tell(room.ears, event_of(authority, true, now));
  count_unheard();
  return {};
}

Duty Live::duty(const Subject& authority) const {
  Lock lock(mutex_);
  Duty out;
  const auto room = rooms_.find(authority);
  if (room == rooms_.end()) return out;
  out.listening = room->second.last_armed && !room->second.unheard_since;
  out.unheard_since = room->second.unheard_since;
  for (const auto& [device, desk] : room->second.desks) out.officers.push_back(desk);
  return out;
}

void Live::tell(News news, const Subject& authority, const std::string& id) {
  Lock lock(mutex_);
  const auto room = rooms_.find(authority);
  if (room == rooms_.end()) return;
  const std::string name(name_of(news));
  const auto text = codec::to_json(
      Json::object({{"authority", authority.str()}, {name, id}, {"at", codec::rfc3339(clock_.now())}}));
  tell(news == News::draft ? room->second.ears : room->second.administrators, net::make_event("", name, text));
}

void Live::count_unheard() {
  unheard_.set(std::ranges::count_if(rooms_, [](const auto& room) { return room.second.unheard_since.has_value(); }));
}

void Live::tick() {
  const Time now = clock_.now();
  Lock lock(mutex_);
  for (auto& [authority, room] : rooms_) {
    for (auto it = room.presences.begin(); it != room.presences.end();) {
      if (now - it->second.seen < kPresenceLasts) {
        ++it;
        continue;
      }
      tell(room.ears, event_of(it->second, "left", now));
      it = room.presences.erase(it);
    }
    std::erase_if(room.desks, [&](const auto& desk) { return now - desk.second.seen >= kDutyLasts; });
    if (room.last_armed && !room.unheard_since && now - *room.last_armed >= kDutyLasts) {
      room.unheard_since = now;
      tell(room.ears, event_of(authority, false, now));
    }
    for (std::vector<Ear>* ears : {&room.ears, &room.administrators})
      std::erase_if(*ears, [](const Ear& ear) { return !ear.here(); });
  }
  std::erase_if(rooms_, [](const auto& room) { return room.second.empty(); });
  count_unheard();
}

}  // namespace entraide::http
