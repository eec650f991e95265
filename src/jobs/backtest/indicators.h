#pragma once

// Indicators: what strategies look at, each one step of constant cost a bar. Floating point: they
// decide when to trade, never what money there is. One thread owns each.

#include <cmath>
#include <cstddef>
#include <vector>

#include "base/assert.h"

namespace livetape::jobs {

// Exponential moving average: after the mean of the first `length` values each new one counts
// 2 / (length + 1).
class Ema {
 public:
  explicit Ema(size_t length) : length_(length), weight_(2.0 / (static_cast<double>(length) + 1)) {
    LT_ASSERT(length > 0);
  }
  void Add(double value) {
    if (seen_ >= length_) {
      value_ += weight_ * (value - value_);
      return;
    }
    value_ += value;
    if (++seen_ == length_) value_ /= static_cast<double>(length_);
  }
  bool full() const { return seen_ >= length_; }
  double value() const { return value_; }

 private:
  const size_t length_;
  const double weight_;
  size_t seen_ = 0;
  double value_ = 0;  // the sum, until it is full
};

// Relative strength index by Wilder: 100 x g / (g + l), g and l the means of the first `length` gains
// and losses, from then on smoothed: (mean x (length - 1) + new) / length.
class Rsi {
 public:
  explicit Rsi(size_t length) : length_(length) { LT_ASSERT(length > 0); }
  void Add(double value) {
    if (seen_ > 0) {
      const double change = value - last_;
      const double gain = change > 0 ? change : 0;
      const double loss = change < 0 ? -change : 0;
      const auto n = static_cast<double>(length_);
      const double kept = full() ? (n - 1) / n : 1;
      gains_ = gains_ * kept + gain / n;
      losses_ = losses_ * kept + loss / n;
    }
    last_ = value;
    if (!full()) ++seen_;
  }
  // There have been `length` changes.
  bool full() const { return seen_ > length_; }
  // 50 when nothing has moved.
  double value() const {
    const double sum = gains_ + losses_;
    return sum > 0 ? 100 * gains_ / sum : 50;
  }

 private:
  const size_t length_;
  size_t seen_ = 0;  // values, until it is full
  double last_ = 0;
  double gains_ = 0, losses_ = 0;
};

// Mean and deviation (ddof 0) of the newest `length` values. What rounding adds up to is cleared
// away once in `length` values, by summing anew.
class RollingDeviation {
 public:
  explicit RollingDeviation(size_t length) : window_(length) { LT_ASSERT(length > 0); }
  void Add(double value) {
    double& oldest = window_[at_];
    const double in = value - base_, out = full_ ? oldest - base_ : 0;
    sum_ += in - out;
    squares_ += in * in - out * out;
    oldest = value;
    if (++at_ < window_.size()) return;
    at_ = 0;
    full_ = true;
    SumAnew();
  }
  bool full() const { return full_; }
  double mean() const { return base_ + sum_ / count(); }
  double deviation() const {
    const double mean = sum_ / count();
    const double variance = squares_ / count() - mean * mean;
    return variance > 0 ? std::sqrt(variance) : 0;
  }

 private:
  double count() const { return static_cast<double>(window_.size()); }
  // Sums are of distances from a value of the window, so that their squares are small.
  void SumAnew() {
    base_ = window_.back();
    sum_ = squares_ = 0;
    for (const double value : window_) {
      sum_ += value - base_;
      squares_ += (value - base_) * (value - base_);
    }
  }

  std::vector<double> window_;
  size_t at_ = 0;
  bool full_ = false;
  double base_ = 0, sum_ = 0, squares_ = 0;
};

}  // namespace livetape::jobs
