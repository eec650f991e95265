#include "jobs/backtest/sma_cross.h"

namespace livetape::jobs {

void SmaCross::OnBars(std::span<const SymbolBar> bars, const Holdings& /*holdings*/,
                      std::vector<Intent>& intents) {
  const base::Price close = bars.front().bar->close;
  fast_.Add(close);
  slow_.Add(close);
  if (!slow_.full()) return;
  // Averages, compared without dividing: exact.
  const base::Int128 fast = fast_.units() * static_cast<int64_t>(slow_.length());
  const base::Int128 slow = slow_.units() * static_cast<int64_t>(fast_.length());
  const int side = static_cast<int>(fast > slow) - static_cast<int>(fast < slow);
  // A cross goes from strictly one side to strictly the other between two bars.
  if (side * side_ < 0) {
    intents.emplace_back(Target{bars.front().symbol, side > 0 ? Stance::kLong : below_});
  }
  side_ = side;
}

}  // namespace livetape::jobs
