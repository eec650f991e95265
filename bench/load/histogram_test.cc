#include "load/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"

namespace livetape::bench {
namespace {

TEST(LatencyHistogram, EmptySaysZero) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.Percentile(0.99), 0u);
  EXPECT_EQ(histogram.largest(), 0u);
}

TEST(LatencyHistogram, SmallValuesAreExact) {
  LatencyHistogram histogram;
  for (uint64_t value = 1; value <= 100; ++value) histogram.Add(value);
  EXPECT_EQ(histogram.Percentile(0.5), 50u);
  EXPECT_EQ(histogram.Percentile(0.99), 99u);
  EXPECT_EQ(histogram.Percentile(1), 100u);
  EXPECT_EQ(histogram.Percentile(0), 1u);
}

TEST(LatencyHistogram, NeverAboveTheLargestValue) {
  LatencyHistogram histogram;
  histogram.Add(1'000'000);
  EXPECT_EQ(histogram.Percentile(0.5), 1'000'000u);
}

TEST(LatencyHistogram, HugeValuesAreCountedAsTheLargest) {
  LatencyHistogram histogram;
  histogram.Add(UINT64_MAX);
  EXPECT_EQ(histogram.count(), 1u);
  EXPECT_EQ(histogram.largest(), LatencyHistogram::kLargest);
  EXPECT_EQ(histogram.Percentile(0.5), LatencyHistogram::kLargest);
}

TEST(LatencyHistogram, PercentilesAreWithinOnePercentOfTheSortedValues) {
  constexpr uint64_t kSeed = 20240808;
  base::Random random(kSeed);
  LatencyHistogram histogram;
  std::vector<uint64_t> values;
  for (int i = 0; i < 50'000; ++i) {
    // Spread over all scales from 1 us to 10^10 us.
    values.push_back(static_cast<uint64_t>(std::pow(10.0, 10 * random.Unit())));
    histogram.Add(values.back());
  }
  std::ranges::sort(values);
  for (const double share : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999}) {
    const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(values.size())));
    const uint64_t exact = values[rank - 1];
    const uint64_t got = histogram.Percentile(share);
    EXPECT_GE(got, exact) << "share " << share << " seed " << kSeed;
    EXPECT_LE(static_cast<double>(got), static_cast<double>(exact) * 1.008 + 1)
        << "share " << share << " seed " << kSeed;
  }
}

}  // namespace
}  // namespace livetape::bench
