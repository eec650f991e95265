#include "jobs/backtest/indicators.h"

#include <gtest/gtest.h>

#include <array>

#include "base/random.h"
#include "jobs/backtest/rolling_sum.h"

namespace livetape::jobs {
namespace {

TEST(RollingSum, IsOfTheNewestOnly) {
  RollingSum sum(3);
  const std::array<int64_t, 6> expected = {5, 12, 14, 18, 12, 20};
  const std::array<int64_t, 6> values = {5, 7, 2, 9, 1, 10};
  for (size_t i = 0; i < values.size(); ++i) {
    sum.Add(base::Price::FromUnits(values[i] * base::kDecimalScale));
    EXPECT_EQ(sum.full(), i >= 2);
    EXPECT_EQ(static_cast<int64_t>(sum.units() / base::kDecimalScale), expected[i]);
  }
  EXPECT_DOUBLE_EQ(sum.mean(), 20.0 / 3);
}

TEST(Ema, BeginsWithTheMeanOfTheFirst) {
  Ema ema(3);  // each new value counts a half
  ema.Add(10);
  ema.Add(20);
  EXPECT_FALSE(ema.full());
  ema.Add(30);
  ASSERT_TRUE(ema.full());
  EXPECT_DOUBLE_EQ(ema.value(), 20);
  ema.Add(40);
  EXPECT_DOUBLE_EQ(ema.value(), 30);
  ema.Add(10);
  EXPECT_DOUBLE_EQ(ema.value(), 20);
}

// The example that is printed wherever the index is explained, of 33 closes and 14 days.
TEST(Rsi, OfTheWellKnownExample) {
  constexpr std::array kCloses = {44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955,
                                  45.4245, 45.8433, 46.0826, 45.8931, 46.0328, 45.6140, 46.2820,
                                  46.2820, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439};
  constexpr std::array kIndex = {70.53, 66.32, 66.55, 69.41, 66.36, 57.97};
  Rsi rsi(14);
  size_t told = 0;
  for (const double close : kCloses) {
    rsi.Add(close);
    if (!rsi.full()) continue;
    EXPECT_NEAR(rsi.value(), kIndex.at(told++), 0.01);
  }
  EXPECT_EQ(told, kIndex.size());
}

TEST(Rsi, AtItsEnds) {
  Rsi rising(2), falling(2), still(2);
  for (int i = 0; i < 5; ++i) {
    rising.Add(100 + i);
    falling.Add(100 - i);
    still.Add(100);
  }
  EXPECT_EQ(rising.value(), 100);
  EXPECT_EQ(falling.value(), 0);
  EXPECT_EQ(still.value(), 50);
}

TEST(RollingDeviation, OfAKnownWindow) {
  RollingDeviation rolling(8);
  rolling.Add(1'000'000);  // is gone again when the window is full of the others
  for (const double value : {2, 4, 4, 4, 5, 5, 7, 9}) rolling.Add(value);
  ASSERT_TRUE(rolling.full());
  EXPECT_NEAR(rolling.mean(), 5, 1e-9);
  EXPECT_NEAR(rolling.deviation(), 2, 1e-4);
}

TEST(RollingDeviation, DoesNotDriftAway) {
  constexpr size_t kLength = 20;
  base::Random random(3);
  RollingDeviation rolling(kLength);
  std::vector<double> all;
  for (int i = 0; i < 10'000; ++i) {
    // From large prices to small ones and back, as a split does.
    all.push_back((i / 500 % 2 == 0 ? 50'000 : 5) + random.Unit());
    rolling.Add(all.back());
    if (!rolling.full()) continue;
    double mean = 0, squares = 0;
    for (size_t k = all.size() - kLength; k < all.size(); ++k) mean += all[k] / kLength;
    for (size_t k = all.size() - kLength; k < all.size(); ++k) {
      squares += (all[k] - mean) * (all[k] - mean) / kLength;
    }
    ASSERT_NEAR(rolling.mean(), mean, 1e-8) << i;
    ASSERT_NEAR(rolling.deviation(), std::sqrt(squares), 1e-3) << i;
  }
}

}  // namespace
}  // namespace livetape::jobs
