#include "app/jobs/bar_selection.h"

#include <gtest/gtest.h>

#include "base/time_text.h"

namespace livetape::app {
namespace {

using model::Timeframe;

base::WallTime T(std::string_view text) { return *base::ParseRfc3339(text); }

class BarSelectionTest : public testing::Test {
 protected:
  // What is selected, or the error.
  std::string Select(const std::vector<std::string>& symbols, Timeframe timeframe,
                     const jobs::TimeRange& range = {}) const {
    const auto selected = SelectBars(all_, symbols, timeframe, range);
    if (!selected) return selected.error().message;
    std::string text;
    for (const store::BarSeries& series : *selected) {
      text += series.symbol + " " + std::to_string(series.bars) + ";";
    }
    return text;
  }
  static store::BarSeries Series(std::string symbol, Timeframe timeframe, uint64_t bars) {
    return {.symbol = std::move(symbol),
            .timeframe = timeframe,
            .bars = bars,
            .first = T("2024-01-01"),
            .last = T("2024-01-31T15:30:00Z")};
  }
  std::vector<store::BarSeries> all_ = {Series("GOOG", Timeframe::k1d, 22),
                                        Series("GOOG", Timeframe::k1m, 900),
                                        Series("SPY", Timeframe::k1d, 21)};
};

TEST_F(BarSelectionTest, GivesTheSeriesInTheOrderOfTheSymbols) {
  EXPECT_EQ(Select({"SPY", "GOOG"}, Timeframe::k1d), "SPY 21;GOOG 22;");
}

TEST_F(BarSelectionTest, SaysWhichSymbolsThereAre) {
  EXPECT_EQ(Select({"GOOG", "XYZ"}, Timeframe::k1d),
            "there are no bars of XYZ; there are those of: GOOG, SPY");
  all_.clear();
  for (int i = 10; i < 35; ++i) {
    all_.push_back(Series("S" + std::to_string(i), Timeframe::k1d, 1));
  }
  EXPECT_TRUE(Select({"XYZ"}, Timeframe::k1d).ends_with(", S29 and 5 more"));
  all_.clear();
  EXPECT_EQ(Select({"XYZ"}, Timeframe::k1d),
            "there are no bars at all yet: livetape import puts some there");
}

TEST_F(BarSelectionTest, SaysWhichBarsASymbolHas) {
  EXPECT_EQ(Select({"SPY"}, Timeframe::k1m),
            "SPY has no bars of 1m; it has 21 of 1d from 2024-01-01 to 2024-01-31T15:30:00Z");
  EXPECT_EQ(Select({"GOOG"}, Timeframe::k1d, {.from = T("2024-02-01"), .to = std::nullopt}),
            "GOOG has no bars of 1d from 2024-02-01 to the end; it has 22 of 1d from 2024-01-01 to "
            "2024-01-31T15:30:00Z; 900 of 1m from 2024-01-01 to 2024-01-31T15:30:00Z");
}

TEST_F(BarSelectionTest, ARangeThatTouchesTheBarsIsEnough) {
  EXPECT_EQ(Select({"SPY"}, Timeframe::k1d, {.from = T("2024-01-31T15:30:00Z"), .to = {}}),
            "SPY 21;");
  EXPECT_EQ(Select({"SPY"}, Timeframe::k1d, {.from = {}, .to = T("2024-01-01")}), "SPY 21;");
}

}  // namespace
}  // namespace livetape::app
