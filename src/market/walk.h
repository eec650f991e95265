#pragma once

// Walk: a geometric random walk on a grid of ticks, with a floor and a ceiling that reflect.
//
// The walk is kept as the logarithm of the price, in floating point: it is made up, and only what
// comes out (whole ticks) is a price. One thread owns it.

#include <cstdint>

#include "base/random.h"
#include "market/symbol_spec.h"

namespace livetape::market {

class Walk {
 public:
  // Starts at the spec's start price; never leaves [1/1000, 1000] times it, nor [10 ticks, 9 x
  // 10^8]. `spec` has passed Check.
  Walk(const SymbolSpec& spec, base::Random random);

  // The price after `seconds` more, in ticks.
  int64_t Step(double seconds);
  // The same, with the square root of `seconds` / kSecondsPerYear already taken.
  int64_t StepScaled(double root_years);

  base::Random& random() { return random_; }

 private:
  int64_t Ticks() const;

  base::Random random_;
  const double volatility_;
  const double tick_;
  double log_low_, log_high_;
  double log_price_;
};

}  // namespace livetape::market
