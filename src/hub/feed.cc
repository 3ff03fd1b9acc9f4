#include "hub/feed.h"

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
}

void Feed::wake() {
  Lock lock(mutex_);
  woken_ = true;
  changed_.notify_one();
}

void Feed::subscribe(const Subject& authority, std::int64_t after, Listener listener) {
  Lock lock(mutex_);
  joining_.push_back({authority, after, std::move(listener)});
  changed_.notify_one();
}

void Feed::run() {
  while (true) {
    std::vector<Joining> joining;
    {
      Lock lock(mutex_);
      while (!stopping_ && !woken_ && joining_.empty())
        if (!changed_.wait_for(mutex_, kLookAtLeastEvery)) break;
      if (stopping_) return;
      woken_ = false;
      joining.swap(joining_);
    }
    if (auto told = tell_new(); !told) log::warning("feed.read", {{"rule", told.error().rule}});
    for (Joining& one : joining)
      if (auto welcomed = welcome(std::move(one)); !welcomed)
        log::warning("feed.read", {{"rule", welcomed.error().rule}});
  }
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
  if (listeners_.empty()) {  // who comes later reads the past anyway
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
      if (found == listeners_.end()) continue;
      const delivery::Event event{page[i].index, page[i].data};
      std::erase_if(found->second, [&](const Listener& listener) { return !listener(event); });
      if (found->second.empty()) listeners_.erase(found);
    }
    if (told > 0) position_ = page[told - 1].index;
    if (page.size() < static_cast<std::size_t>(kPage)) return {};
  }
}

}  // namespace entraide::hub
