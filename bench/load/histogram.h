#pragma once

// LatencyHistogram: counts of whole microseconds in log-linear buckets, of fixed size.
//
// After Gil Tene's HdrHistogram: every power of two is cut into kSteps equal buckets, so that a
// percentile is at most 1/kSteps (0.8 %) above the true one. Owned by one thread.

#include <array>
#include <cstddef>
#include <cstdint>

namespace livetape::bench {

class LatencyHistogram {
 public:
  // Values above this are counted as this: 19 hours.
  static constexpr uint64_t kLargest = (uint64_t{1} << 36) - 1;

  void Add(uint64_t micros);

  uint64_t count() const { return count_; }
  // The largest value added, exact up to kLargest; 0 when empty.
  uint64_t largest() const { return largest_; }
  // The smallest value that at least `share` (0 to 1) of all values do not exceed, rounded up to
  // the end of its bucket and never above largest(); 0 when empty.
  uint64_t Percentile(double share) const;

 private:
  static constexpr unsigned kStepBits = 7;
  static constexpr uint64_t kSteps = uint64_t{1} << kStepBits;
  static constexpr size_t kBuckets = (36 - kStepBits + 1) * kSteps;

  static size_t BucketOf(uint64_t micros);
  static uint64_t EndOf(size_t bucket);

  std::array<uint64_t, kBuckets> counts_{};
  uint64_t count_ = 0;
  uint64_t largest_ = 0;
};

}  // namespace livetape::bench
