#include "market/walk.h"

#include <algorithm>
#include <cmath>

namespace livetape::market {

Walk::Walk(const SymbolSpec& spec, base::Random random)
    : random_(random),
      volatility_(spec.annual_volatility),
      tick_(static_cast<double>(TickUnits(spec)) / 1e9) {
  const double start = spec.start_price.Approximate();
  log_low_ = std::log(std::max(start / 1000, 10 * tick_));
  log_high_ = std::log(std::min(start * 1000, 9e8));
  log_price_ = std::log(start);
}

int64_t Walk::Step(double seconds) { return StepScaled(std::sqrt(seconds / kSecondsPerYear)); }

int64_t Walk::StepScaled(double root_years) {
  const double sigma = volatility_ * root_years;
  // The drift of -sigma^2/2 keeps the expected price where it is.
  log_price_ += sigma * random_.Normal() - sigma * sigma / 2;
  if (log_price_ > log_high_) log_price_ = 2 * log_high_ - log_price_;
  if (log_price_ < log_low_) log_price_ = 2 * log_low_ - log_price_;
  log_price_ = std::clamp(log_price_, log_low_, log_high_);  // a step wider than the range
  return Ticks();
}

int64_t Walk::Ticks() const { return std::llround(std::exp(log_price_) / tick_); }

}  // namespace livetape::market
