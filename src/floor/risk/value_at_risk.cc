#include "floor/risk/value_at_risk.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include "base/assert.h"
#include "base/random.h"

namespace livetape::floor {
namespace {

template <size_t n>
double Polynomial(const std::array<double, n>& factors, double x) {
  double sum = 0;
  for (const double factor : factors) sum = sum * x + factor;
  return sum;
}

// Acklam's factors for the middle and for the tails.
constexpr std::array<double, 6> kMiddleAbove = {-3.969683028665376e+01, 2.209460984245205e+02,
                                                -2.759285104469687e+02, 1.383577518672690e+02,
                                                -3.066479806614716e+01, 2.506628277459239e+00};
constexpr std::array<double, 6> kMiddleBelow = {-5.447609879822406e+01, 1.615858368580409e+02,
                                                -1.556989798598866e+02, 6.680131188771972e+01,
                                                -1.328068155288572e+01, 1};
constexpr std::array<double, 6> kTailAbove = {-7.784894002430293e-03, -3.223964580411365e-01,
                                              -2.400758277161838e+00, -2.549732539343734e+00,
                                              4.374664141464968e+00,  2.938163982698783e+00};
constexpr std::array<double, 5> kTailBelow = {7.784695709041462e-03, 3.224671290700398e-01,
                                              2.445134137142996e+00, 3.754408661907416e+00, 1};
constexpr double kTail = 0.02425;

// Subtracting from 0 instead of negating: no loss is 0, not -0.

// How many values the tail mean is of. 1 - 0.9 is a hair less than 0.1, and means that.
size_t TailSize(size_t n, double share) {
  constexpr double kHair = 1e-9;
  return static_cast<size_t>(std::floor(static_cast<double>(n - 1) * share + kHair)) + 1;
}

}  // namespace

double NormalDensity(double z) { return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi); }

double NormalQuantile(double p) {
  LT_ASSERT(p > 0 && p < 1, "{}", p);
  // The upper half by the lower one, where 1 - p would lose digits of small tails.
  if (p > 0.5) return -NormalQuantile(1 - p);
  double x = 0;
  if (p < kTail) {
    const double q = std::sqrt(-2 * std::log(p));
    x = Polynomial(kTailAbove, q) / Polynomial(kTailBelow, q);
  } else {
    const double q = p - 0.5;
    x = q * Polynomial(kMiddleAbove, q * q) / Polynomial(kMiddleBelow, q * q);
  }
  const double error = std::erfc(-x / std::numbers::sqrt2) / 2 - p;
  const double step = error / NormalDensity(x);
  return x - step / (1 + x * step / 2);
}

double Percentile(std::span<const double> sorted, double share) {
  LT_ASSERT(!sorted.empty() && share >= 0 && share <= 1, "{} of {}", share, sorted.size());
  const double place = static_cast<double>(sorted.size() - 1) * share;
  const auto below = static_cast<size_t>(std::floor(place));
  if (below + 1 >= sorted.size()) return sorted.back();
  return std::lerp(sorted[below], sorted[below + 1], place - std::floor(place));
}

double TailMean(std::span<const double> sorted, double share) {
  LT_ASSERT(!sorted.empty() && share >= 0 && share <= 1, "{} of {}", share, sorted.size());
  const auto tail = sorted.first(std::min(TailSize(sorted.size(), share), sorted.size()));
  return std::accumulate(tail.begin(), tail.end(), 0.0) / static_cast<double>(tail.size());
}

Moments MomentsOf(std::span<const double> returns) {
  LT_ASSERT(returns.size() >= 2, "{}", returns.size());
  const auto n = static_cast<double>(returns.size());
  const double mean = std::accumulate(returns.begin(), returns.end(), 0.0) / n;
  double squares = 0;
  for (const double value : returns) squares += (value - mean) * (value - mean);
  return {.mean = mean, .deviation = std::sqrt(squares / (n - 1))};
}

TailRisk HistoricalRisk(std::span<double> returns, double confidence) {
  LT_ASSERT(!returns.empty());
  const double share = 1 - confidence;
  // Only the tail and the value after it are asked for.
  const size_t needed = std::min(TailSize(returns.size(), share) + 1, returns.size());
  const auto middle = returns.begin() + static_cast<std::ptrdiff_t>(needed);
  std::partial_sort(returns.begin(), middle, returns.end());
  return {.var = 0 - Percentile(returns, share), .cvar = 0 - TailMean(returns, share)};
}

TailRisk ParametricRisk(const Moments& moments, double confidence) {
  const double share = 1 - confidence;
  const double z = NormalQuantile(share);
  return {.var = 0 - (moments.mean + moments.deviation * z),
          .cvar = moments.deviation * NormalDensity(z) / share - moments.mean};
}

MonteCarlo::MonteCarlo(double confidence, uint64_t seed, size_t draws) : confidence_(confidence) {
  LT_ASSERT(draws >= 2, "{}", draws);
  base::Random random(seed);
  std::vector<double> values(draws);
  for (double& value : values) value = random.Normal();
  const double share = 1 - confidence;
  const size_t needed = std::min(TailSize(draws, share) + 1, draws);
  // The order within the tail counts for nothing, but for its last two.
  const auto last = values.begin() + static_cast<std::ptrdiff_t>(needed - 1);
  std::nth_element(values.begin(), last, values.end());
  std::nth_element(values.begin(), last - 1, last);
  quantile_ = Percentile(values, share);
  tail_mean_ = TailMean(values, share);
}

TailRisk MonteCarlo::Of(const Moments& moments) const {
  return {.var = 0 - (moments.mean + moments.deviation * quantile_),
          .cvar = 0 - (moments.mean + moments.deviation * tail_mean_)};
}

}  // namespace livetape::floor
