#include "hub/feed.h"

#include <algorithm>

#include "base/log.h"

namespace entraide::hub {
namespace {

constexpr std::int64_t kPage = 1000;
// Another node's commits come by notice; this is how late one is seen whose notice was lost.
constexpr Milliseconds kLookAtLeastEvery{1000};

}  // namespace

void Feed::start() {
  thread_ = std::thread([this] { run(); });
}

void Feed::stop() {
  {
    Lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  listeners_.clear();
  stop_waiting();
  // Those who had not been taken in yet, or whose thread never ran.
  std::vector<Waiting> asking;
  {
    Lock lock(mutex_);
    asking.swap(asking_);
  }
  for (Waiting& one : asking) waiting_.push_back(std::move(one));
  end_waiting(Moment::max());
}

void Feed::wake() {
  Lock lock(mutex_);
  if (nobody_listens_) return;
  woken_ = true;
  changed_.notify_one();
}

void Feed::subscribe(const Subject& authority, std::int64_t after, Listener listener) {
  Lock lock(mutex_);
  joining_.push_back({authority, after, std::move(listener)});
  changed_.notify_one();
}

void Feed::wait(const Subject& authority, std::int64_t after, Milliseconds patience, Waiter waiter) {
  {
    Lock lock(mutex_);
    if (!nobody_waits_ && !stopping_ && waiters_ < kWaitersMax) {
      ++waiters_;
      asking_.push_back({authority, after, std::chrono::steady_clock::now() + patience, std::move(waiter)});
      changed_.notify_one();
      return;
    }
  }
  waiter(std::nullopt);
}

void Feed::stop_waiting() {
  Lock lock(mutex_);
  nobody_waits_ = true;
  woken_ = true;
  changed_.notify_one();
}

Milliseconds Feed::until_next(Moment now) const {
  Milliseconds out = kLookAtLeastEvery;
  for (const Waiting& one : waiting_)
    out = std::min(out, std::chrono::ceil<Milliseconds>(std::max(one.until, now) - now));
  return out;
}

void Feed::run() {
  while (true) {
    std::vector<Joining> joining;
    std::vector<Waiting> asking;
    bool nobody_waits = false;
    {
      Lock lock(mutex_);
      nobody_listens_ = listeners_.empty() && waiting_.empty();
      while (!stopping_ && !woken_ && joining_.empty() && asking_.empty())
        if (!changed_.wait_for(mutex_, until_next(std::chrono::steady_clock::now()))) break;
      if (stopping_) return;
      nobody_listens_ = false;
      woken_ = false;
      joining.swap(joining_);
      asking.swap(asking_);
      nobody_waits = nobody_waits_;
    }
    if (auto told = tell_new(); !told) log::warning("feed.read", {{"rule", told.error().rule}});
    for (Joining& one : joining)
      if (auto welcomed = welcome(std::move(one)); !welcomed)
        log::warning("feed.read", {{"rule", welcomed.error().rule}});
    for (Waiting& one : asking)
      if (auto welcomed = welcome(std::move(one)); !welcomed)
        log::warning("feed.read", {{"rule", welcomed.error().rule}});
    end_waiting(nobody_waits ? Moment::max() : std::chrono::steady_clock::now());
  }
}

// What has happened already is told at once; for the rest they wait with the others.
Result<> Feed::welcome(Waiting waiting) {
  const bool behind = waiting.after < position_;
  waiting_.push_back(waiting);
  if (!behind) return {};
  const auto events = TRY(readers_([&](store::Connection& connection) {
    return delivery::after(connection, waiting.authority, waiting.after, 1);
  }));
  if (events.empty() || events.front().index > position_) return {};
  tell(events.front(),
       [&](const Waiting& one) { return one.authority == waiting.authority && one.after < events.front().index; });
  return {};
}

void Feed::tell(const std::optional<delivery::Event>& event, const std::function<bool(const Waiting&)>& whom) {
  const auto told = std::partition(waiting_.begin(), waiting_.end(), std::not_fn(whom));
  const std::vector<Waiting> gone(std::make_move_iterator(told), std::make_move_iterator(waiting_.end()));
  waiting_.erase(told, waiting_.end());
  for (const Waiting& one : gone) one.waiter(event);
  Lock lock(mutex_);
  waiters_ -= gone.size();
}

void Feed::end_waiting(Moment past) {
  tell(std::nullopt, [past](const Waiting& one) { return one.until <= past; });
}

// The newcomer hears the past up to where the others are; from there on they hear together.
Result<> Feed::welcome(Joining joining) {
  while (joining.after < position_) {
    const auto events = TRY(readers_([&](store::Connection& connection) {
      return delivery::after(connection, joining.authority, joining.after, kPage);
    }));
    for (const delivery::Event& event : events) {
      if (event.index > position_) break;
      if (!joining.listener(event)) return {};
      joining.after = event.index;
    }
    if (events.size() < static_cast<std::size_t>(kPage) || events.back().index > position_) break;
  }
  listeners_[joining.authority].push_back(std::move(joining.listener));
  return {};
}

Result<> Feed::tell_new() {
  if (listeners_.empty() && waiting_.empty()) {  // who comes later reads the past anyway
    const auto newest = TRY(readers_([&](store::Connection& connection) { return delivery::newest(connection); }));
    position_ = std::max(position_, newest.value_or(position_));
    return {};
  }
  while (true) {
    const auto page = TRY(
        readers_([&](store::Connection& connection) { return delivery::all_after(connection, position_, kPage); }));
    std::size_t told = page.size();
    // A page may end in the middle of an entry that reached several: leave that entry for the next page.
    if (page.size() == static_cast<std::size_t>(kPage))
      while (told > 0 && page[told - 1].index == page.back().index) --told;
    for (std::size_t i = 0; i < told; ++i) {
      const auto found = listeners_.find(page[i].authority);
      if (found == listeners_.end() && waiting_.empty()) continue;
      const delivery::Event event{page[i].index, page[i].data};
      tell(event, [&](const Waiting& one) { return one.authority == page[i].authority && one.after < event.index; });
      if (found == listeners_.end()) continue;
      std::erase_if(found->second, [&](const Listener& listener) { return !listener(event); });
      if (found->second.empty()) listeners_.erase(found);
    }
    if (told > 0) position_ = page[told - 1].index;
    if (page.size() < static_cast<std::size_t>(kPage)) return {};
  }
}

}  // namespace entraide::hub
