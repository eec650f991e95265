#pragma once

// Momentum: holds those symbols of a portfolio that have risen most. Every `every` moments it ranks
// those with a bar by close / close `lookback` bars ago and holds the `top` best that have risen,
// each bought for one of `top` parts; what stays among them is kept as it is. What has not come to be
// bought yet, for want of a bar, and is not among them any more is given up. One thread owns it.

#include <cstdint>
#include <vector>

#include "base/decimal.h"
#include "jobs/backtest/strategy.h"

namespace livetape::jobs {

class Momentum final : public Strategy {
 public:
  // All positive.
  Momentum(size_t symbols, size_t lookback, uint32_t top, uint64_t every);

  void OnBars(std::span<const SymbolBar> bars, const Holdings& holdings,
              std::vector<Intent>& intents) override;

 private:
  // The newest lookback + 1 closes of a symbol.
  struct Closes {
    std::vector<base::Price> ring;
    size_t next = 0;
    bool full = false;
    base::Price newest() const { return ring[(next + ring.size() - 1) % ring.size()]; }
    base::Price oldest() const { return ring[next]; }
  };
  std::vector<Symbol> Best(std::span<const SymbolBar> bars) const;

  const uint32_t top_;
  const uint64_t every_;
  uint64_t rest_ = 0;  // moments until the next ranking
  std::vector<Closes> closes_;
  std::vector<bool> wanted_;  // by symbol: among the best at the last ranking
};

}  // namespace livetape::jobs
