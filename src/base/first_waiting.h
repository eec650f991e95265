#pragma once

// FirstWaiting: when the first of what waits for one thread came. Whoever brings something marks, the
// thread that takes it all asks. Costs a look at one number unless it is the first.

#include <atomic>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/clock.h"

namespace livetape::base {

class FirstWaiting {
 public:
  // Any thread. Two that come at once may mark the later of their times.
  void Mark(const Clock& clock) {
    if (since_.load(std::memory_order_relaxed) != kNone) return;
    since_.store(clock.Mono().time_since_epoch().count(), std::memory_order_relaxed);
  }
  // The taking thread: what comes from now on is the next first. Nothing if nothing has come.
  std::optional<MonoTime> Take() {
    if (since_.load(std::memory_order_relaxed) == kNone) return std::nullopt;
    const int64_t since = since_.exchange(kNone, std::memory_order_relaxed);
    return MonoTime(std::chrono::nanoseconds(since));
  }

 private:
  static constexpr int64_t kNone = std::numeric_limits<int64_t>::min();
  std::atomic<int64_t> since_ = kNone;
};

}  // namespace livetape::base
