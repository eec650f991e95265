#pragma once

// BacktestFigures: what a run has brought, in numbers, each with the name under which it is shown and
// ranked (docs/backtests.md, "Figures"). Plain values.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/decimal.h"

namespace livetape::jobs {

struct BacktestFigures {
  base::Amount final_equity;
  double total_return = 0;
  std::optional<double> annual_return, volatility, sharpe_ratio, sortino_ratio, calmar_ratio;
  double max_drawdown = 0;
  uint64_t trades = 0;
  std::optional<double> win_rate, profit_factor, sqn;
  // Share of the moments with bars at which a position was held at some time.
  double exposure = 0;
  base::Amount fees;
  // Close of the last bar / close of the first bar at which the strategy could decide - 1, the mean of
  // all symbols; nothing if one has no such bar.
  std::optional<double> buy_and_hold_return;
};

// How a figure is to be shown.
enum class FigureKind : uint8_t {
  kMoney,     // exact: see MoneyOf
  kCount,     // a whole number
  kFraction,  // of 1: shown as per cent
  kRatio,
};

struct FigureInfo {
  std::string_view name;
  FigureKind kind = FigureKind::kRatio;
  std::string_view meaning;
};

// All of them, in the order in which they are shown.
std::span<const FigureInfo> FigureList();
// nullptr: there is none of that name.
const FigureInfo* FindFigure(std::string_view name);

// The value of the figure of that name, which exists; nothing where it is not defined for the run.
std::optional<double> FigureOf(const BacktestFigures& figures, std::string_view name);
// The exact value of one that is money.
base::Amount MoneyOf(const BacktestFigures& figures, std::string_view name);

}  // namespace livetape::jobs
