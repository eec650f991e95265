#pragma once

// Statistics of a backtest: pure functions of equity at the end of each day, and of trades. One
// definition each (docs/backtests.md, "Statistics"). What a formula does not give is nothing: never
// infinity, never NaN.

#include <optional>
#include <span>

namespace livetape::jobs {

// Of a market that trades on weekends, and of one that does not.
inline constexpr int kCalendarDays = 365;
inline constexpr int kTradingDays = 252;

struct ReturnFigures {
  // (1 + g)^days - 1 with g the geometric mean of the daily returns.
  std::optional<double> annual_return;
  // sqrt((var + (1 + g)^2)^days - (1 + g)^(2 days)), var with ddof 1.
  std::optional<double> volatility;
  // (annual return - risk-free rate) / volatility; nothing when the returns do not vary.
  std::optional<double> sharpe_ratio;
  // annual return / (sqrt(mean(min(r, 0)^2) over all days) x sqrt(days)); nothing without a loss.
  std::optional<double> sortino_ratio;
};

// `equity`: at the end of each day, the first one positive; each but the first gives a return.
// Nothing from fewer than two returns. Equity that ends at 0 or less has lost all: -1.
ReturnFigures DescribeReturns(std::span<const double> equity, int days_per_year,
                              double risk_free_rate = 0);

// The lowest equity / highest equity before it - 1: negative or 0. The first is positive.
double MaxDrawdown(std::span<const double> equity);

// annual return / |max drawdown|; nothing without a drawdown.
std::optional<double> CalmarRatio(std::optional<double> annual_return, double max_drawdown);

// What one trade, from flat to flat, brought after its fees.
struct TradeOutcome {
  double profit = 0;    // money
  double fraction = 0;  // profit / (average entry x largest quantity)
};

struct TradeFigures {
  // Share of the trades with a profit; nothing without trades.
  std::optional<double> win_rate;
  // Sum of the positive fractions / |sum of the negative ones|; nothing when none is negative.
  std::optional<double> profit_factor;
  // sqrt(n) x mean(profit) / deviation(profit), ddof 1; nothing from fewer than two trades or when
  // all brought the same.
  std::optional<double> sqn;
};

TradeFigures DescribeTrades(std::span<const TradeOutcome> trades);

}  // namespace livetape::jobs
