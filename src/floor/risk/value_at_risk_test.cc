#include "floor/risk/value_at_risk.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace livetape::floor {
namespace {

TEST(ValueAtRisk, PercentilesLieBetweenTheNearestValues) {
  const std::vector<double> values = {1, 81, 82, 83, 84, 85};
  EXPECT_DOUBLE_EQ(Percentile(values, 0.1), 41);
  EXPECT_DOUBLE_EQ(Percentile(values, 0.2), 81);
  EXPECT_DOUBLE_EQ(Percentile(values, 0.3), 81.5);
  EXPECT_DOUBLE_EQ(Percentile(values, 0), 1);
  EXPECT_DOUBLE_EQ(Percentile(values, 1), 85);
  EXPECT_DOUBLE_EQ(Percentile(std::vector<double>{7}, 0.05), 7);
}

TEST(ValueAtRisk, TheTailHasOneValueMoreThanTheShareOfTheRest) {
  const std::vector<double> values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  EXPECT_DOUBLE_EQ(TailMean(values, 0.05), 1);
  EXPECT_DOUBLE_EQ(TailMean(values, 0.1), 1.5);
  EXPECT_DOUBLE_EQ(TailMean(values, 0.25), 2);
  EXPECT_DOUBLE_EQ(TailMean(values, 1), 6);
}

TEST(ValueAtRisk, QuantilesOfTheNormalDistributionAreKnown) {
  EXPECT_NEAR(NormalQuantile(0.5), 0, 1e-15);
  EXPECT_NEAR(NormalQuantile(0.05), -1.6448536269514722, 1e-13);
  EXPECT_NEAR(NormalQuantile(0.01), -2.3263478740408408, 1e-13);
  EXPECT_NEAR(NormalQuantile(0.975), 1.9599639845400545, 1e-13);
  EXPECT_NEAR(NormalQuantile(1e-10), -6.361340902404056, 1e-11);
  for (double p = 0.001; p < 1; p += 0.001) {
    EXPECT_NEAR(std::erfc(-NormalQuantile(p) / std::sqrt(2.0)) / 2, p, 1e-14) << p;
  }
}

TEST(ValueAtRisk, HistoricalAsTheToyPercentiles) {
  std::vector<double> returns = {0.81, -0.01, 0.84, 0.82, 0.85, 0.83};
  const TailRisk risk = HistoricalRisk(returns, 0.8);
  EXPECT_NEAR(risk.var, -0.81, 1e-12);
  EXPECT_NEAR(risk.cvar, -0.4, 1e-12);  // of the lowest floor(5 x 0.2) + 1 = 2
}

TEST(ValueAtRisk, ParametricByItsFormula) {
  const Moments moments = MomentsOf(std::vector<double>{0.01, -0.02, 0.03, 0.0});
  EXPECT_NEAR(moments.mean, 0.005, 1e-15);
  EXPECT_NEAR(moments.deviation, std::sqrt(0.0013 / 3), 1e-15);
  const TailRisk risk = ParametricRisk(moments, 0.95);
  EXPECT_NEAR(risk.var, 1.6448536269514722 * moments.deviation - 0.005, 1e-15);
  // phi(1.645) = 0.10313564
  EXPECT_NEAR(risk.cvar, moments.deviation * 0.10313564037537139 / 0.05 - 0.005, 1e-13);
}

TEST(ValueAtRisk, MonteCarloComesNearTheFormulaAndRepeats) {
  const Moments moments{.mean = 0.0004, .deviation = 0.012};
  for (const double confidence : {0.9, 0.95, 0.99}) {
    const TailRisk exact = ParametricRisk(moments, confidence);
    const double z = NormalQuantile(1 - confidence);
    // Of the quantile of so many draws.
    const double error = moments.deviation *
                         std::sqrt((1 - confidence) * confidence / kMonteCarloDraws) /
                         NormalDensity(z);
    for (const uint64_t seed : {1U, 2U, 3U}) {
      const TailRisk risk = MonteCarlo(confidence, seed).Of(moments);
      EXPECT_NEAR(risk.var, exact.var, 5 * error) << confidence << " seed " << seed;
      EXPECT_NEAR(risk.cvar, exact.cvar, 10 * error) << confidence << " seed " << seed;
      EXPECT_EQ(risk.var, MonteCarlo(confidence, seed).Of(moments).var);
    }
  }
}

}  // namespace
}  // namespace livetape::floor
