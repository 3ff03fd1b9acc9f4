#include "net/pool.h"

#include <pthread.h>

#include <csignal>

namespace entraide::net {

void block_signals_in_this_thread() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

Pool::Pool(std::size_t threads, std::size_t queue_max) : queue_max_(queue_max) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

bool Pool::reserve() {
  if (reserved_.fetch_add(1, std::memory_order_relaxed) < queue_max_) return true;
  reserved_.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

void Pool::run_reserved(Task task) { add({std::move(task), true}); }
void Pool::run(Task task) { add({std::move(task), false}); }

void Pool::add(Queued queued) {
  {
    Lock lock(mutex_);
    if (stopping_) return;  // and the task goes, unrun, with its reply
    queue_.push_back(std::move(queued));
  }
  wake_.notify_one();
}

void Pool::work() {
  block_signals_in_this_thread();
  for (;;) {
    Queued next;
    {
      Lock lock(mutex_);
      while (queue_.empty() && !stopping_) wake_.wait(mutex_);
      if (stopping_) return;
      next = std::move(queue_.front());
      queue_.pop_front();
    }
    if (next.reserved) reserved_.fetch_sub(1, std::memory_order_relaxed);
    next.task();
  }
}

void Pool::stop() {
  std::deque<Queued> dropped;
  {
    Lock lock(mutex_);
    stopping_ = true;
    dropped.swap(queue_);
  }
  wake_.notify_all();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

}  // namespace entraide::net
