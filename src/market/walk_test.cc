#include "market/walk.h"

#include <gtest/gtest.h>

#include <cmath>

namespace livetape::market {
namespace {

TEST(Walk, SpreadsByItsVolatility) {
  SymbolSpec spec = DefaultSpec("BTC", 1);
  spec.annual_volatility = 0.5;
  double sum = 0, squares = 0;
  constexpr int kWalks = 4000;
  for (uint64_t seed = 0; seed < kWalks; ++seed) {
    Walk walk(spec, base::Random(seed));
    int64_t ticks = 0;
    for (int day = 0; day < 30; ++day) ticks = walk.Step(86400);
    const double change = std::log(static_cast<double>(ticks) / 100 / 64250);
    sum += change;
    squares += change * change;
  }
  const double mean = sum / kWalks;
  const double deviation = std::sqrt(squares / kWalks - mean * mean);
  const double expected = 0.5 * std::sqrt(30.0 / 365);
  EXPECT_NEAR(deviation, expected, 0.05 * expected);
  EXPECT_NEAR(mean, -expected * expected / 2, 4 * expected / std::sqrt(kWalks));
}

TEST(Walk, WithoutVolatilityStandsStill) {
  SymbolSpec spec = DefaultSpec("AAPL", 1);
  spec.annual_volatility = 0;
  Walk walk(spec, base::Random(1));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(walk.Step(3600), 18734);
}

TEST(Walk, ReflectsAtItsBounds) {
  SymbolSpec spec = DefaultSpec("AAPL", 1);
  spec.annual_volatility = 10;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Walk walk(spec, base::Random(seed));
    for (int i = 0; i < 2000; ++i) {
      const int64_t ticks = walk.Step(kSecondsPerYear);  // a step of 1000 %
      ASSERT_GE(ticks, 10);
      ASSERT_LE(ticks, 18734 * 1000 + 1);
    }
  }
}

}  // namespace
}  // namespace livetape::market
