#include "jobs/backtest/sma_cross.h"

#include <cmath>

#include "jobs/backtest/backtest_fixture.h"
#include "jobs/backtest/real_bars.h"

namespace livetape::jobs {
namespace {

class SmaCrossTest : public BacktestFixture {
 protected:
  static StrategyPlan Plan(size_t fast, size_t slow, bool goes_short) {
    return {.portfolio = false, .warm_up = slow, .make = [=](size_t) {
              return std::make_unique<SmaCross>(fast, slow, goes_short);
            }};
  }
};

// Google 2004 to 2008, 10 and 30 days, long and short: known answers.
class SmaCrossOfGoogle : public SmaCrossTest {
 protected:
  void SetUp() override {
    bars_ = GoogleDaily();
    if (!bars_) GTEST_SKIP() << kNoRealBars;
    ASSERT_EQ(bars_->size(), 1'047);
    spec_.cash = A("10000");
    spec_.close_at_end = CloseAtEnd::kOpen;
  }
  static void ExpectNear(std::optional<double> value, double expected) {
    ASSERT_TRUE(value.has_value());
    EXPECT_NEAR(*value, expected, std::abs(expected) * 1e-9);
  }
  std::optional<std::vector<model::Bar>> bars_;
};

TEST_F(SmaCrossOfGoogle, WithoutFees) {
  const BacktestResult result = Run(Plan(10, 30, true), *bars_);
  const BacktestFigures& figures = result.figures;
  EXPECT_EQ(figures.trades, 31);
  EXPECT_EQ(figures.final_equity.ToString(), "53310.62");
  ExpectNear(figures.total_return, 4.331062);
  ExpectNear(figures.sharpe_ratio, 1.04324299802462);
  ExpectNear(figures.sortino_ratio, 2.543520641816075);
  ExpectNear(figures.max_drawdown, -0.25932745606007156);
  ExpectNear(figures.win_rate, 0.5806451612903226);
  ExpectNear(figures.profit_factor, 4.787761003449651);
  ExpectNear(figures.sqn, 2.522423544631946);
  ExpectNear(figures.annual_return, 0.49658832381607);
  ExpectNear(figures.volatility, 0.47600446373123);
  ExpectNear(figures.exposure, 0.933142311365807);
  ExpectNear(figures.buy_and_hold_return, 1.7986882716049384);
  EXPECT_TRUE(figures.fees.zero());
  EXPECT_TRUE(result.refused.empty());
  EXPECT_EQ(result.fills.size(), 62);
  EXPECT_EQ(result.curve.times.size(), 1'047);
  EXPECT_EQ(result.curve.equity.back(), figures.final_equity);
}

TEST_F(SmaCrossOfGoogle, WithAFeeOfAFifthOfAPercent) {
  spec_.fees.rate = D("0.002");
  const BacktestFigures figures = Run(Plan(10, 30, true), *bars_).figures;
  EXPECT_EQ(figures.trades, 31);
  EXPECT_EQ(figures.final_equity.ToString(), "46847.91282");
  EXPECT_EQ(figures.fees.ToString(), "2537.23718");
}

TEST_F(SmaCrossOfGoogle, ClosedAtTheLastClose) {
  spec_.close_at_end = CloseAtEnd::kClose;
  EXPECT_EQ(Run(Plan(10, 30, true), *bars_).figures.final_equity.ToString(), "56238.52");
}

TEST_F(SmaCrossOfGoogle, LongOnly) {
  const BacktestFigures figures = Run(Plan(10, 30, false), *bars_).figures;
  EXPECT_EQ(figures.trades, 15);
  EXPECT_EQ(figures.final_equity.ToString(), "37145.9");
}

}  // namespace
}  // namespace livetape::jobs
