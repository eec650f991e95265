#include "jobs/backtest/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace livetape::jobs {
namespace {

// Numbers that should be equal differ by the rounding of a few operations: relative to their size,
// less than this is no deviation.
constexpr double kNoise = 1e-13;

std::optional<double> Finite(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

double Mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// ddof 1, of two values at least. `scale`: the size of the numbers that the values come from.
double Variance(std::span<const double> values, double scale) {
  const double mean = Mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  const double variance = sum / static_cast<double>(values.size() - 1);
  const double noise = kNoise * scale;
  return variance > noise * noise ? variance : 0;
}

// sqrt((var + growth^2)^days - growth^(2 days)), so written that nothing is lost when the two are
// nearly the same.
double YearlyDeviation(double variance, double growth, double days) {
  if (variance == 0) return 0;
  if (growth == 0) return std::sqrt(std::pow(variance, days));
  const double spread = days * std::log1p(variance / (growth * growth));
  // Where a factor leaves the range of a double, the product need not.
  constexpr double kExponentMax = 700;
  const double level = days * std::log(growth);
  if (spread <= kExponentMax && level >= -kExponentMax) {
    return std::pow(growth, days) * std::sqrt(std::expm1(spread));
  }
  const double logarithm = spread > kExponentMax ? spread : std::log(std::expm1(spread));
  return std::exp(level + logarithm / 2);
}

std::vector<double> ReturnsOf(std::span<const double> equity) {
  std::vector<double> returns;
  returns.reserve(equity.size());
  for (size_t i = 1; i < equity.size(); ++i) returns.push_back(equity[i] / equity[i - 1] - 1);
  return returns;
}

}  // namespace

ReturnFigures DescribeReturns(std::span<const double> equity, int days_per_year,
                              double risk_free_rate) {
  ReturnFigures figures;
  if (equity.size() < 3) return figures;
  const std::vector<double> returns = ReturnsOf(equity);
  const double days = days_per_year;
  const auto count = static_cast<double>(returns.size());
  // The product of all 1 + r is what the last has become of the first.
  const double growth =
      equity.back() > 0 ? std::exp(std::log(equity.back() / equity.front()) / count) : 0;
  figures.annual_return = Finite(std::pow(growth, days) - 1);
  figures.volatility = Finite(YearlyDeviation(Variance(returns, 1), growth, days));
  if (!figures.annual_return) return figures;
  if (figures.volatility && *figures.volatility > 0) {
    figures.sharpe_ratio = Finite((*figures.annual_return - risk_free_rate) / *figures.volatility);
  }
  double losses = 0;
  for (const double r : returns) losses += r < 0 ? r * r : 0;
  const double downside = std::sqrt(losses / count) * std::sqrt(days);
  if (downside > 0) figures.sortino_ratio = Finite(*figures.annual_return / downside);
  return figures;
}

double MaxDrawdown(std::span<const double> equity) {
  double peak = 0;
  double lowest = 0;
  for (const double value : equity) {
    peak = std::max(peak, value);
    if (peak > 0) lowest = std::min(lowest, value / peak - 1);
  }
  return lowest;
}

std::optional<double> CalmarRatio(std::optional<double> annual_return, double max_drawdown) {
  if (!annual_return || max_drawdown == 0) return std::nullopt;
  return Finite(*annual_return / std::abs(max_drawdown));
}

TradeFigures DescribeTrades(std::span<const TradeOutcome> trades) {
  TradeFigures figures;
  if (trades.empty()) return figures;
  const auto count = static_cast<double>(trades.size());
  double wins = 0, gained = 0, lost = 0, largest = 0;
  std::vector<double> profits;
  profits.reserve(trades.size());
  for (const TradeOutcome& trade : trades) {
    wins += trade.profit > 0 ? 1 : 0;
    (trade.fraction > 0 ? gained : lost) += trade.fraction;
    largest = std::max(largest, std::abs(trade.profit));
    profits.push_back(trade.profit);
  }
  figures.win_rate = wins / count;
  if (lost < 0) figures.profit_factor = Finite(gained / -lost);
  if (trades.size() < 2) return figures;
  const double variance = Variance(profits, largest);
  if (variance > 0) figures.sqn = Finite(std::sqrt(count) * Mean(profits) / std::sqrt(variance));
  return figures;
}

}  // namespace livetape::jobs
