#pragma once

// RollingSum: the exact sum of the newest prices, one addition a bar. One thread owns it.

#include <cstddef>
#include <vector>

#include "base/assert.h"
#include "base/decimal.h"

namespace livetape::jobs {

class RollingSum {
 public:
  // Of `length` prices, at least one.
  explicit RollingSum(size_t length) : window_(length) { LT_ASSERT(length > 0); }

  void Add(base::Price price) {
    int64_t& oldest = window_[at_];
    sum_ += price.units() - base::Int128{oldest};
    oldest = price.units();
    if (++at_ == window_.size()) {
      at_ = 0;
      full_ = true;
    }
  }
  // There have been as many as it is long.
  bool full() const { return full_; }
  size_t length() const { return window_.size(); }
  base::Int128 units() const { return sum_; }
  // Of what it is long; full.
  double mean() const {
    return static_cast<double>(sum_) / 1e9 / static_cast<double>(window_.size());
  }

 private:
  std::vector<int64_t> window_;
  size_t at_ = 0;
  bool full_ = false;
  base::Int128 sum_ = 0;
};

}  // namespace livetape::jobs
