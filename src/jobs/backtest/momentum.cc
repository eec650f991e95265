#include "jobs/backtest/momentum.h"

#include <algorithm>

#include "base/assert.h"

namespace livetape::jobs {

Momentum::Momentum(size_t symbols, size_t lookback, uint32_t top, uint64_t every)
    : top_(top), every_(every), closes_(symbols), wanted_(symbols) {
  LT_ASSERT(lookback > 0 && top > 0 && every > 0);
  for (Closes& closes : closes_) closes.ring.resize(lookback + 1);
}

void Momentum::OnBars(std::span<const SymbolBar> bars, const Holdings& holdings,
                      std::vector<Intent>& intents) {
  bool ready = false;
  for (const SymbolBar& b : bars) {
    Closes& closes = closes_[b.symbol.value()];
    closes.ring[closes.next] = b.bar->close;
    if (++closes.next == closes.ring.size()) {
      closes.next = 0;
      closes.full = true;
    }
    ready = ready || closes.full;
  }
  if (!ready) return;
  if (rest_ > 0) {
    --rest_;
    return;
  }
  rest_ = every_ - 1;

  const std::vector<Symbol> best = Best(bars);
  uint32_t free = top_;
  for (uint32_t i = 0; i < closes_.size(); ++i) {
    const Symbol symbol(i);
    const bool held = holdings.StanceIn(symbol) != Stance::kFlat;
    const bool stays = std::ranges::find(best, symbol) != best.end();
    // The wish to buy may still wait for a bar.
    if (!stays && (held || wanted_[i])) intents.emplace_back(Target{symbol, Stance::kFlat});
    if (stays && held) --free;
    wanted_[i] = stays;
  }
  for (const Symbol symbol : best) {
    if (holdings.StanceIn(symbol) != Stance::kFlat) continue;
    intents.emplace_back(Target{symbol, Stance::kLong, free--});
  }
}

// Of those with a bar now, which can be traded at the next open.
std::vector<Symbol> Momentum::Best(std::span<const SymbolBar> bars) const {
  std::vector<Symbol> risen;
  for (const SymbolBar& b : bars) {
    const Closes& closes = closes_[b.symbol.value()];
    if (closes.full && closes.newest() > closes.oldest()) risen.push_back(b.symbol);
  }
  // By newest / oldest, compared without dividing; of the same, the first symbol.
  std::ranges::stable_sort(risen, [this](Symbol one, Symbol other) {
    const Closes& a = closes_[one.value()];
    const Closes& b = closes_[other.value()];
    return base::Int128{a.newest().units()} * b.oldest().units() >
           base::Int128{b.newest().units()} * a.oldest().units();
  });
  if (risen.size() > top_) risen.resize(top_);
  return risen;
}

}  // namespace livetape::jobs
