#pragma once

// Value at risk and its tail mean, by three methods, of one series of returns (docs/risk.md). Pure
// functions of doubles: these are statistics, no money. Any thread.
//
// Losses are positive fractions: var = -quantile(1 - confidence). A confidence is inside (0, 1), and
// its tail share is c = 1 - confidence.

#include <cstddef>
#include <cstdint>
#include <span>

namespace livetape::floor {

inline constexpr size_t kMonteCarloDraws = 100'000;

struct TailRisk {
  double var = 0;   // what is lost at least in the worst share c
  double cvar = 0;  // what is lost on average in it
};

struct Moments {
  double mean = 0;
  double deviation = 0;  // of the sample: its variance is divided by n - 1
};

// Of the standard normal distribution. 0 < p < 1. By P. J. Acklam's rational approximation and one
// step of Halley's method: within 10^-14.
double NormalQuantile(double p);
double NormalDensity(double z);

// Between the two nearest values, linearly: at place (n - 1) x share. `sorted` ascends and is not
// empty; 0 <= share <= 1.
double Percentile(std::span<const double> sorted, double share);
// Mean of the lowest floor((n - 1) x share) + 1 values. `sorted` ascends, at least that far, and is
// not empty.
double TailMean(std::span<const double> sorted, double share);

// At least 2 values.
Moments MomentsOf(std::span<const double> returns);

// At least 1 value, which it sorts.
TailRisk HistoricalRisk(std::span<double> returns, double confidence);
// Of a normal distribution: var = -(mean + deviation x z), cvar = deviation x phi(z) / c - mean.
TailRisk ParametricRisk(const Moments& moments, double confidence);

// The two figures of `draws` seeded draws of the standard normal distribution: their quantile and
// the mean of their tail. Draws of any normal distribution are these, scaled and moved, and so are
// its figures.
class MonteCarlo {
 public:
  MonteCarlo(double confidence, uint64_t seed, size_t draws = kMonteCarloDraws);

  double confidence() const { return confidence_; }
  TailRisk Of(const Moments& moments) const;

 private:
  double confidence_;
  double quantile_ = 0, tail_mean_ = 0;
};

}  // namespace livetape::floor
