#include "jobs/backtest/simple_strategies.h"

#include "jobs/backtest/scripted_fixture.h"
#include "jobs/backtest/strategy_catalog.h"

namespace livetape::jobs {
namespace {

class SimpleStrategiesTest : public ScriptedFixture {
 protected:
  SimpleStrategiesTest() { spec_.close_at_end = CloseAtEnd::kNone; }
  std::string Fills(std::string_view name, const ParameterValues& values,
                    const std::vector<std::string_view>& prices) {
    return TextOf(Run(*PlanStrategy(name, values), Flat(prices)).fills);
  }
  std::string FillsAtCents(std::string_view name, const ParameterValues& values,
                           const std::vector<int64_t>& cents) {
    std::vector<std::string> texts;
    for (const int64_t each : cents) {
      texts.push_back(base::Price::FromUnits(each * base::kDecimalScale / 100).ToString());
    }
    return Fills(name, values, {texts.begin(), texts.end()});
  }
};

TEST_F(SimpleStrategiesTest, BuyAndHoldBuysAtTheSecondOpen) {
  EXPECT_EQ(Fills("buy_and_hold", {}, {"10", "20", "5", "40"}), "buy 50@20");
}

TEST_F(SimpleStrategiesTest, SmaCrossNeedsBothSidesOfACross) {
  const ParameterValues values = {{"fast", int64_t{1}}, {"slow", int64_t{2}}};
  // Above the average from the start is no cross; nor is from equal to above.
  EXPECT_EQ(Fills("sma_cross", values, {"10", "11", "12", "13"}), "");
  EXPECT_EQ(Fills("sma_cross", values, {"10", "10", "11", "12"}), "");
  EXPECT_EQ(Fills("sma_cross", values, {"10", "9", "10", "20", "10", "5"}), "buy 50@20; sell 50@5");
}

TEST_F(SimpleStrategiesTest, EmaCrossCrossesLikeTheSimpleOne) {
  const ParameterValues values = {{"fast", int64_t{1}}, {"slow", int64_t{3}}, {"short", true}};
  // Slow: 10 after three, 9.5, then 10.75: the close of 12 is above it; then 9.375 is above 8.
  EXPECT_EQ(Fills("ema_cross", values, {"10", "10", "10", "9", "12", "10", "8", "5"}),
            "buy 100@10; sell 100@8; sell 100@8");
}

// 0.1 + 0.1 + 0.1 is not three times 0.1 in floating point.
TEST_F(SimpleStrategiesTest, EmaCrossIsNotFromEqualToAbove) {
  for (const char* const price : {"0.1", "0.7", "2.3", "10.1", "99.99", "0.000000007"}) {
    for (int64_t fast = 1; fast < 12; ++fast) {
      const ParameterValues values = {{"fast", fast}, {"slow", int64_t{12}}, {"short", true}};
      std::vector<std::string_view> prices(14, price);
      prices.insert(prices.end(), {"120", "130", "140"});
      EXPECT_EQ(Fills("ema_cross", values, prices), "") << price << " " << fast;
    }
  }
}

TEST_F(SimpleStrategiesTest, RsiBuysWeaknessAndSellsStrength) {
  const ParameterValues values = {{"period", int64_t{2}}};
  // Two falls: 0. Two rises after them: over 70.
  EXPECT_EQ(Fills("rsi", values, {"10", "9", "8", "10", "20", "20"}), "buy 100@10; sell 100@20");
  ParameterValues both = values;
  both["short"] = true;
  EXPECT_EQ(Fills("rsi", both, {"10", "9", "8", "10", "20", "20"}),
            "buy 100@10; sell 100@20; sell 100@20");
}

TEST_F(SimpleStrategiesTest, BollingerBuysBelowTheBandUntilTheMean) {
  const ParameterValues values = {{"period", int64_t{4}}, {"deviations", 1.5}};
  // 10 10 10 6: mean 9, deviation 1.73, band 6.4: 6 is below. 10 10 6 8: mean 8.5, and 8 is not there
  // yet. 10 6 8 10: mean 8.5, 10 is.
  EXPECT_EQ(Fills("bollinger", values, {"10", "10", "10", "6", "8", "10", "10"}),
            "buy 125@8; sell 125@10");
}

// Of five numbers none is more than two deviations from the mean; one is just there where the other four
// are the same.
TEST_F(SimpleStrategiesTest, BollingerDoesNothingOnTheBand) {
  const ParameterValues values = {{"period", int64_t{5}}, {"deviations", 2.0}, {"short", true}};
  for (int64_t cents = 1'000; cents < 1'100; ++cents) {
    for (const int64_t last : {cents - 7, cents + 31}) {
      EXPECT_EQ(FillsAtCents(
                    "bollinger", values,
                    {cents + 13, cents - 45, cents + 71, cents, cents, cents, cents, last, last}),
                "")
          << cents;
    }
  }
}

// What was gained has been lost again: 50, which is neither below 50 nor above.
TEST_F(SimpleStrategiesTest, RsiDoesNothingOnItsBounds) {
  const ParameterValues low = {{"period", int64_t{3}}, {"lower", 50.0}, {"upper", 90.0}};
  const ParameterValues high = {
      {"period", int64_t{3}}, {"lower", 10.0}, {"upper", 50.0}, {"short", true}};
  for (int64_t c = 1'000; c < 1'100; ++c) {
    EXPECT_EQ(FillsAtCents("rsi", low, {c, c + 7, c + 4, c, c}), "") << c;
    EXPECT_EQ(FillsAtCents("rsi", high, {c, c + 30, c + 10, c, c}), "") << c;
  }
}

TEST_F(SimpleStrategiesTest, BollingerMaySellShortAboveTheBand) {
  const ParameterValues values = {{"period", int64_t{4}}, {"deviations", 1.5}, {"short", true}};
  EXPECT_EQ(Fills("bollinger", values, {"10", "10", "10", "14", "12", "10", "10"}),
            "sell 83@12; buy 83@10");
  EXPECT_EQ(Fills("bollinger", {{"period", int64_t{4}}, {"deviations", 1.5}},
                  {"10", "10", "10", "14", "12", "10", "10"}),
            "");
}

}  // namespace
}  // namespace livetape::jobs
