#include "base/clock.h"

#include "base/assert.h"

namespace livetape::base {

WallTime RealClock::Wall() const {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

MonoTime RealClock::Mono() const {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now());
}

void ManualClock::Advance(std::chrono::nanoseconds by) {
  LT_ASSERT(by.count() >= 0, "by {} ns", by.count());
  wall_.store(wall_.load() + by);
  mono_.store(mono_.load() + by);
}

}  // namespace livetape::base
