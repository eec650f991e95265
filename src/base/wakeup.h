#pragma once

// Wakeup: lets one thread sleep until another says that there is work, or a deadline passes.
//
// A signal is never lost: one given while nobody sleeps ends the next Wait at once. Giving it is
// a single atomic exchange unless the sleeper sleeps.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace livetape::base {

class Wakeup {
 public:
  // Any thread.
  void Signal() {
    if (signalled_.exchange(true)) return;
    if (!sleeping_.load()) return;
    const std::scoped_lock lock(mutex_);
    condition_.notify_one();
  }

  // The owner: returns when signalled, or at the deadline.
  void WaitFor(std::chrono::nanoseconds timeout) {
    if (signalled_.exchange(false)) return;
    std::unique_lock lock(mutex_);
    sleeping_.store(true);
    condition_.wait_for(lock, timeout, [this] { return signalled_.load(); });
    sleeping_.store(false);
    signalled_.store(false);
  }

 private:
  std::atomic<bool> signalled_ = false;
  std::atomic<bool> sleeping_ = false;
  std::mutex mutex_;
  std::condition_variable condition_;
};

}  // namespace livetape::base
