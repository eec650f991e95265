#include "load/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/assert.h"

namespace livetape::bench {

// Values below kSteps have a bucket each. Above, the position of the highest bit chooses a row of
// kSteps buckets and the kStepBits bits after it choose the bucket in the row.
size_t LatencyHistogram::BucketOf(uint64_t micros) {
  if (micros < kSteps) return micros;
  const auto shift = static_cast<unsigned>(std::bit_width(micros)) - 1 - kStepBits;
  return (shift + 1) * kSteps + ((micros >> shift) - kSteps);
}

uint64_t LatencyHistogram::EndOf(size_t bucket) {
  if (bucket < kSteps) return bucket;
  const size_t shift = bucket / kSteps - 1;
  return ((kSteps + bucket % kSteps + 1) << shift) - 1;
}

void LatencyHistogram::Add(uint64_t micros) {
  micros = std::min(micros, kLargest);
  ++counts_[BucketOf(micros)];
  ++count_;
  largest_ = std::max(largest_, micros);
}

uint64_t LatencyHistogram::Percentile(double share) const {
  LT_ASSERT(share >= 0 && share <= 1, "share {}", share);
  if (count_ == 0) return 0;
  const auto rank =
      std::max<uint64_t>(1, static_cast<uint64_t>(std::ceil(share * static_cast<double>(count_))));
  uint64_t seen = 0;
  for (size_t bucket = 0; bucket < kBuckets; ++bucket) {
    seen += counts_[bucket];
    if (seen >= rank) return std::min(EndOf(bucket), largest_);
  }
  return largest_;
}

}  // namespace livetape::bench
