#pragma once

// SmaCross: long when the fast moving average of closes crosses the slow one upwards; flat, or short,
// when it crosses it downwards. One symbol. One thread owns it.

#include "jobs/backtest/rolling_sum.h"
#include "jobs/backtest/strategy.h"

namespace livetape::jobs {

class SmaCross final : public Strategy {
 public:
  // 0 < fast < slow.
  SmaCross(size_t fast, size_t slow, bool goes_short)
      : fast_(fast), slow_(slow), below_(goes_short ? Stance::kShort : Stance::kFlat) {}

  void OnBars(std::span<const SymbolBar> bars, const Holdings& holdings,
              std::vector<Intent>& intents) override;

 private:
  RollingSum fast_, slow_;
  const Stance below_;
  int side_ = 0;  // of the fast average at the bar before: above 1, below -1; 0: neither, or none
};

}  // namespace livetape::jobs
