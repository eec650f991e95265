#pragma once

// EquityLog: what a backtest is worth at each moment, and at the end of each day and month. One
// thread owns it.

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/decimal.h"

namespace livetape::jobs {

// Two lists of the same length: half the memory of pairs.
struct EquityCurve {
  std::vector<base::WallTime> times;
  std::vector<base::Amount> equity;
};

struct MonthReturn {
  std::chrono::year_month month;  // UTC
  double fraction = 0;            // equity at its end / at the end of the month before - 1
};

class EquityLog {
 public:
  // Without the curve only the days are kept.
  EquityLog(base::Amount start, bool keeps_curve, size_t expected_points);

  void Add(base::WallTime time, base::Amount equity) {
    if (keeps_curve_) {
      curve_.times.push_back(time);
      curve_.equity.push_back(equity);
    }
    time_ = time;
    equity_ = equity;
    if (equity > peak_) {
      if (lowest_ < peak_) NoteDrawdown();
      peak_ = lowest_ = equity;
    } else if (equity < lowest_) {
      lowest_ = equity;
    }
  }
  // What was added last is the day's end.
  void EndDay();

  const EquityCurve& curve() const { return curve_; }
  EquityCurve TakeCurve() { return std::move(curve_); }
  base::WallTime newest() const { return time_; }
  base::Amount equity() const { return equity_; }
  // Lowest equity / highest before it - 1, of all that was added.
  double max_drawdown() const;
  std::vector<double> DayEnds() const;
  std::vector<MonthReturn> Months() const;

 private:
  void NoteDrawdown() { max_drawdown_ = max_drawdown(); }

  const bool keeps_curve_;
  const double start_;
  EquityCurve curve_;
  base::WallTime time_;
  base::Amount equity_;
  base::Amount peak_, lowest_;  // lowest since the peak
  double max_drawdown_ = 0;     // under peaks before this one
  struct DayEnd {
    base::WallTime time;
    base::Amount equity;
  };
  std::vector<DayEnd> days_;
};

// The points from `first` on, at most `most` of them, at least 4: where there are more, the lowest and
// the highest of each of most / 2 stretches of the same length, in their order. `first` and the last
// are always among them.
EquityCurve Thinned(const EquityCurve& curve, size_t first, size_t most);

}  // namespace livetape::jobs
