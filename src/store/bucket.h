#pragma once

// Buckets of time, aligned to the epoch. Pure functions.

#include <chrono>
#include <cstdint>
#include <limits>

#include "base/clock.h"

namespace livetape::store {

constexpr int64_t Nanoseconds(base::WallTime time) { return time.time_since_epoch().count(); }
constexpr base::WallTime TimeOf(int64_t nanoseconds) {
  return base::WallTime(std::chrono::nanoseconds(nanoseconds));
}

inline constexpr int64_t kMinute = std::chrono::nanoseconds(std::chrono::minutes(1)).count();

// Where the bucket of `time` begins, also before the epoch; `width` is positive. The first bucket of
// all begins with time itself.
constexpr int64_t BucketStart(int64_t time, int64_t width) {
  int64_t index = time / width, start = 0;
  if (time % width < 0) --index;
  if (__builtin_mul_overflow(index, width, &start)) return std::numeric_limits<int64_t>::min();
  return start;
}

}  // namespace livetape::store
