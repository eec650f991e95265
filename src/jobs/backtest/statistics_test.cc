#include "jobs/backtest/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "jobs/backtest/real_bars.h"

namespace livetape::jobs {
namespace {

using Equity = std::vector<double>;
using Trades = std::vector<TradeOutcome>;

void ExpectNear(std::optional<double> value, double expected) {
  ASSERT_TRUE(value.has_value());
  EXPECT_NEAR(*value, expected, std::abs(expected) * 1e-9);
}

TEST(Statistics, ReturnsOfFourDays) {
  // Returns 0.1, -0.1, 0.0555...: by the formulas of the header, computed apart.
  const ReturnFigures figures = DescribeReturns(Equity{100, 110, 99, 104.5}, kTradingDays);
  ExpectNear(figures.annual_return, 39.343019258746274);
  ExpectNear(figures.volatility, 149.05875527868773);
  ExpectNear(figures.sharpe_ratio, 0.26394302827223126);
  ExpectNear(figures.sortino_ratio, 42.926753290788156);
}

TEST(Statistics, AYearHasAsManyDaysAsItsMarket) {
  const Equity equity = {100, 101, 100.5, 102, 101.8};
  ExpectNear(DescribeReturns(equity, kTradingDays).annual_return, 2.076876140150141);
  const ReturnFigures figures = DescribeReturns(equity, kCalendarDays);
  ExpectNear(figures.annual_return, 4.093129777953691);
  ExpectNear(figures.volatility, 0.9264961528257127);
  ExpectNear(figures.sharpe_ratio, 4.417859443312408);
  ExpectNear(figures.sortino_ratio, 80.47234243856572);
}

TEST(Statistics, TheRiskFreeRateIsTakenFromTheReturn) {
  const Equity equity = {100, 101, 100.5, 102, 101.8};
  const ReturnFigures figures = DescribeReturns(equity, kTradingDays, 0.02);
  ExpectNear(figures.sharpe_ratio, (2.076876140150141 - 0.02) / 0.46389896624757804);
}

TEST(Statistics, OneReturnIsNotEnough) {
  for (const Equity& equity : {Equity{}, Equity{100}, Equity{100, 110}}) {
    const ReturnFigures figures = DescribeReturns(equity, kTradingDays);
    EXPECT_FALSE(figures.annual_return || figures.volatility || figures.sharpe_ratio ||
                 figures.sortino_ratio);
  }
  EXPECT_TRUE(DescribeReturns(Equity{100, 110, 100}, kTradingDays).sharpe_ratio);
}

TEST(Statistics, WithoutVariationThereIsNoSharpeRatio) {
  const ReturnFigures flat = DescribeReturns(Equity{100, 100, 100, 100}, kTradingDays);
  EXPECT_EQ(flat.annual_return, 0);
  EXPECT_EQ(flat.volatility, 0);
  EXPECT_FALSE(flat.sharpe_ratio || flat.sortino_ratio);
  // Each day grows by the same part; in binary the returns differ by a rounding.
  const ReturnFigures even = DescribeReturns(Equity{1, 1.1, 1.21, 1.331, 1.4641}, kTradingDays);
  EXPECT_TRUE(even.annual_return);
  EXPECT_EQ(even.volatility, 0);
  EXPECT_FALSE(even.sharpe_ratio);
}

TEST(Statistics, WithoutALossThereIsNoSortinoRatio) {
  const ReturnFigures figures = DescribeReturns(Equity{100, 101, 103, 104}, kTradingDays);
  EXPECT_TRUE(figures.sharpe_ratio);
  EXPECT_FALSE(figures.sortino_ratio);
}

TEST(Statistics, WhoLosesAllLosesAllOfAYear) {
  for (const double last : {0.0, -5.0}) {
    const ReturnFigures figures = DescribeReturns(Equity{100, 50, last}, kTradingDays);
    EXPECT_EQ(figures.annual_return, -1);
    for (const auto& figure : {figures.volatility, figures.sharpe_ratio, figures.sortino_ratio}) {
      EXPECT_TRUE(!figure || std::isfinite(*figure));
    }
  }
}

TEST(Statistics, WhatIsTooLargeForANumberIsNothing) {
  const ReturnFigures figures = DescribeReturns(Equity{1, 1e4, 1e3, 1e7}, kCalendarDays);
  EXPECT_FALSE(figures.annual_return || figures.volatility || figures.sharpe_ratio);
}

// A year of such days multiplies 10^-378 with more than 10^308, or with less.
TEST(Statistics, WhatFitsIntoANumberIsOneThoughItsFactorsDoNot) {
  const ReturnFigures wild = DescribeReturns(Equity{1, 10, 1e-3}, kTradingDays);
  EXPECT_NEAR(*wild.volatility / 1.1754943656335164e214, 1, 1e-11);
  EXPECT_NEAR(*wild.sharpe_ratio / -8.507059065834517e-215, 1, 1e-11);
  const ReturnFigures lost = DescribeReturns(Equity{1, 0.1, 1e-3}, kTradingDays);
  EXPECT_NEAR(*lost.volatility / 4.1182588743229158e-290, 1, 1e-11);
}

TEST(Statistics, ADrawdownCountsFromTheHighestBefore) {
  EXPECT_EQ(MaxDrawdown(Equity{}), 0);
  EXPECT_EQ(MaxDrawdown(Equity{100, 101, 102}), 0);
  EXPECT_DOUBLE_EQ(MaxDrawdown(Equity{100, 80, 200, 150, 170, 300}), -0.25);
  EXPECT_DOUBLE_EQ(MaxDrawdown(Equity{100, 200, -50}), -1.25) << "shorts lose more than all";
}

TEST(Statistics, CalmarNeedsADrawdown) {
  EXPECT_EQ(CalmarRatio(0.3, -0.15), 2);
  EXPECT_EQ(CalmarRatio(-0.3, -0.15), -2);
  EXPECT_FALSE(CalmarRatio(0.3, 0));
  EXPECT_FALSE(CalmarRatio(std::nullopt, -0.15));
}

TEST(Statistics, OfTrades) {
  const TradeFigures figures = DescribeTrades(Trades{{10, 0.1}, {-4, -0.08}, {6, 0.02}, {0, 0}});
  EXPECT_EQ(figures.win_rate, 0.5) << "a trade that brings nothing is no win";
  ExpectNear(figures.profit_factor, 0.12 / 0.08);
  // Profits 10, -4, 6, 0: mean 3, squares around it 49 + 49 + 9 + 9.
  ExpectNear(figures.sqn, 2 * 3 / std::sqrt(116.0 / 3));
}

TEST(Statistics, OfTradesWithoutThoseTheyNeed) {
  const TradeFigures none = DescribeTrades(Trades{});
  EXPECT_FALSE(none.win_rate || none.profit_factor || none.sqn);
  const TradeFigures one = DescribeTrades(Trades{{10, 0.1}});
  EXPECT_EQ(one.win_rate, 1);
  EXPECT_FALSE(one.profit_factor) << "not infinity";
  EXPECT_FALSE(one.sqn);
  const TradeFigures equal = DescribeTrades(Trades{{-5, -0.05}, {-5, -0.05}});
  EXPECT_EQ(equal.win_rate, 0);
  EXPECT_EQ(equal.profit_factor, 0);
  EXPECT_FALSE(equal.sqn);
}

// Known answers of checks on public data: SPY's daily closes of 1998 to 2021.
TEST(Statistics, OfTwentyThreeYearsOfSpy) {
  const auto text = LeanSpy("daily/spy.zip", "spy.csv");
  if (!text) GTEST_SKIP() << kNoRealBars;
  Equity closes;
  for (const auto& row : CsvRows(*text)) closes.push_back(std::stod(row.at(4)) / 10'000);
  ASSERT_EQ(closes.size(), 5'849);
  ExpectNear(DescribeReturns(closes, kTradingDays).sharpe_ratio, 0.29766073832449);
  ExpectNear(MaxDrawdown(closes), -0.5645140664961603);
}

}  // namespace
}  // namespace livetape::jobs
