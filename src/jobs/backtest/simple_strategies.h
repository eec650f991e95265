#pragma once

// The strategies for one symbol besides SmaCross: buy and hold, EMA cross, RSI, Bollinger bands. What
// they do: strategy_catalog.cc. One thread owns each.

#include "jobs/backtest/indicators.h"
#include "jobs/backtest/strategy.h"

namespace livetape::jobs {

class BuyAndHold final : public Strategy {
 public:
  void OnBars(std::span<const SymbolBar> bars, const Holdings& holdings,
              std::vector<Intent>& intents) override;

 private:
  bool bought_ = false;
};

class EmaCross final : public Strategy {
 public:
  // 0 < fast < slow.
  EmaCross(size_t fast, size_t slow, bool goes_short)
      : fast_(fast), slow_(slow), below_(goes_short ? Stance::kShort : Stance::kFlat) {}
  void OnBars(std::span<const SymbolBar> bars, const Holdings& holdings,
              std::vector<Intent>& intents) override;

 private:
  Ema fast_, slow_;
  const Stance below_;
  int side_ = 0;  // of the fast average at the bar before: above 1, below -1; 0: neither, or none
};

class RsiReversal final : public Strategy {
 public:
  // lower < upper.
  RsiReversal(size_t period, double lower, double upper, bool goes_short)
      : rsi_(period),
        lower_(lower),
        upper_(upper),
        above_(goes_short ? Stance::kShort : Stance::kFlat) {}
  void OnBars(std::span<const SymbolBar> bars, const Holdings& holdings,
              std::vector<Intent>& intents) override;

 private:
  Rsi rsi_;
  const double lower_, upper_;
  const Stance above_;
  Stance wanted_ = Stance::kFlat;
};

class BollingerReversal final : public Strategy {
 public:
  BollingerReversal(size_t period, double deviations, bool goes_short)
      : closes_(period), deviations_(deviations), goes_short_(goes_short) {}
  void OnBars(std::span<const SymbolBar> bars, const Holdings& holdings,
              std::vector<Intent>& intents) override;

 private:
  Stance Wish(double close) const;

  RollingDeviation closes_;
  const double deviations_;
  const bool goes_short_;
  Stance wanted_ = Stance::kFlat;
};

}  // namespace livetape::jobs
