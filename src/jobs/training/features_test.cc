#include "jobs/training/features.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

#include "jobs/training/sample_bars.h"

namespace livetape::jobs {
namespace {

constexpr uint64_t kSeed = 20'261;

std::vector<FeatureRow> RowsOf(const std::vector<model::Bar>& bars) {
  FeatureWindow window;
  std::vector<FeatureRow> rows;
  for (const model::Bar& bar : bars) {
    window.Add(bar);
    if (window.full()) rows.push_back(window.Row());
  }
  return rows;
}

float Value(const FeatureRow& row, std::string_view name) {
  const auto it = std::ranges::find(kFeatureNames, name);
  EXPECT_NE(it, kFeatureNames.end()) << name;
  return row[static_cast<size_t>(it - kFeatureNames.begin())];
}

TEST(Features, FirstRowComesWithTheWarmUpsLastBar) {
  EXPECT_EQ(RowsOf(RandomWalk(kFeatureWarmUp - 1, kSeed)).size(), 0);
  EXPECT_EQ(RowsOf(RandomWalk(kFeatureWarmUp, kSeed)).size(), 1);
}

// Closes 1, 2, 3, ... 100: all can be worked out by hand.
TEST(Features, AreTheirFormulas) {
  std::vector<model::Bar> bars;
  for (size_t i = 1; i <= 100; ++i) {
    bars.push_back(DayBar(i, static_cast<double>(i), i == 100 ? 39.0 : 19.0));
  }
  const FeatureRow row = RowsOf(bars).back();
  EXPECT_NEAR(Value(row, "return_1"), 100.0 / 99 - 1, 1e-7);
  EXPECT_NEAR(Value(row, "return_5"), 100.0 / 95 - 1, 1e-7);
  EXPECT_NEAR(Value(row, "return_10"), 100.0 / 90 - 1, 1e-7);
  EXPECT_NEAR(Value(row, "return_20"), 100.0 / 80 - 1, 1e-7);
  EXPECT_NEAR(Value(row, "sma_distance_10"), 100 / 95.5 - 1, 1e-7);
  EXPECT_NEAR(Value(row, "sma_distance_20"), 100 / 90.5 - 1, 1e-7);
  EXPECT_NEAR(Value(row, "sma_distance_50"), 100 / 75.5 - 1, 1e-7);
  EXPECT_FLOAT_EQ(Value(row, "rsi_14"), 1);
  EXPECT_NEAR(Value(row, "volume_change"), std::log(40.0 / 20), 1e-6);
  EXPECT_NEAR(Value(row, "volume_ratio"), std::log(40.0 / 21), 1e-6);
  for (const auto& [name, length] : {std::pair("volatility_10", 10), {"volatility_20", 20}}) {
    std::vector<double> returns;
    for (int i = 101 - length; i <= 100; ++i) returns.push_back(1.0 * i / (i - 1) - 1);
    const double mean = std::accumulate(returns.begin(), returns.end(), 0.0) / length;
    double squares = 0;
    for (const double r : returns) squares += (r - mean) * (r - mean);
    EXPECT_NEAR(Value(row, name), std::sqrt(squares / (length - 1)), 1e-9) << name;
  }
}

TEST(Features, LaterBarsChangeNoEarlierRow) {
  SCOPED_TRACE(kSeed);
  const std::vector<model::Bar> bars = RandomWalk(200, kSeed);
  const std::vector<FeatureRow> rows = RowsOf(bars);
  const std::vector<model::Bar> others = RandomWalk(200, kSeed + 1);
  for (size_t t = kFeatureWarmUp - 1; t < bars.size(); t += 7) {
    std::vector<model::Bar> changed = bars;
    std::copy(others.begin() + static_cast<long>(t) + 1, others.end(),
              changed.begin() + static_cast<long>(t) + 1);
    const std::vector<FeatureRow> after = RowsOf(changed);
    const size_t known = t + 1 - (kFeatureWarmUp - 1);
    EXPECT_TRUE(std::equal(rows.begin(), rows.begin() + static_cast<long>(known), after.begin()))
        << "bars after " << t << " have changed rows before";
    if (known < rows.size()) {
      EXPECT_NE(rows[known], after[known]) << t;
    }
  }
}

TEST(Features, EachBarCountsInItsRow) {
  std::vector<model::Bar> bars = RandomWalk(120, kSeed);
  const FeatureRow row = RowsOf(bars).back();
  bars.back().close = base::Price::FromUnits(bars.back().close.units() * 101 / 100);
  EXPECT_NE(RowsOf(bars).back(), row);
}

TEST(Features, OnlyTheRsiRemembersMoreThanTheWarmUp) {
  const std::vector<model::Bar> bars = RandomWalk(300, kSeed);
  FeatureRow late = RowsOf({bars.end() - kFeatureWarmUp, bars.end()}).back();
  FeatureRow early = RowsOf(bars).back();
  float& late_rsi = late[7];
  float& early_rsi = early[7];
  EXPECT_EQ(kFeatureNames[7], "rsi_14");
  // What the warm-up leaves of it: (13 / 14)^36, at most.
  EXPECT_NEAR(late_rsi, early_rsi, 0.07);
  late_rsi = early_rsi = 0;
  EXPECT_EQ(late, early);
}

TEST(Features, AreFiniteWhateverTheBars) {
  std::vector<model::Bar> still, wild;
  for (size_t i = 0; i < 60; ++i) {
    still.push_back(DayBar(i, 5, 0));
    model::Bar& bar = wild.emplace_back(DayBar(i, 5, 0));
    bar.close = base::Price::FromUnits(i % 2 == 0 ? 1 : INT64_MAX);
    bar.volume = base::Amount::FromUnits(base::Int128{i % 3 == 0 ? -5 : INT64_MAX} << 60);
  }
  for (const FeatureRow& row : RowsOf(wild)) {
    EXPECT_TRUE(std::ranges::all_of(row, [](float value) { return std::isfinite(value); }));
  }
  for (const FeatureRow& row : RowsOf(still)) {
    FeatureRow nothing{};
    nothing[7] = 0.5F;  // an index in the middle
    EXPECT_EQ(row, nothing);
  }
}

TEST(Features, LabelIsTheNextBarsRise) {
  const auto price = [](std::string_view text) { return *base::Price::Parse(text); };
  EXPECT_TRUE(ClosesHigher(price("10.01"), price("10")));
  EXPECT_FALSE(ClosesHigher(price("10"), price("10")));
  EXPECT_FALSE(ClosesHigher(price("9.99"), price("10")));
}

}  // namespace
}  // namespace livetape::jobs
