#pragma once

// DemoStrategy: trades the default paper account by a simple rule, so that a fresh screen has orders,
// positions and an equity curve that lives. It is a demonstration and no advice: on made prices,
// which are random, nothing can be earned, and on real ones it has never been shown to. One thread
// owns it; it has no clock, no randomness and places nothing itself: the same calls give the same
// intents.
//
// The rule, per symbol: the first price of each second goes into two exponential averages. Once there
// are `slow` prices in them, it watches for crosses. When the
// fast one crosses above the slow one, it wants to be long, when it crosses below, flat; before the
// first cross it wants nothing. Long is a fixed fraction of the account's equity, bought at once by
// a market order if the account is flat in the symbol; flat is all of the position sold. It is never
// short, never adds, and treats the account as its own: what someone else bought, it sells too.
//
// Invariants: (1) at most `orders_per_minute` intents in any minute, over all symbols; (2) at least
// `cool_down` between two of one symbol; what is wanted meanwhile waits; (3) a purchase is, at the
// price given, worth at most its fraction of equity, and 19/20 of the cash; (4) a sale is all of a
// long position.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/decimal.h"
#include "model/instrument.h"
#include "model/order.h"

namespace livetape::app {

struct DemoOptions {
  int fast = 8, slow = 24;   // seconds; 1 <= fast < slow
  int64_t share_bps = 1000;  // of equity per symbol, in 1/10000; 1 to 10000
  size_t orders_per_minute = 4;
  std::chrono::seconds cool_down{30};
};

// How the account stands in one symbol.
struct DemoStanding {
  base::Amount equity;
  base::Amount cash;        // that may be spent
  base::Quantity position;  // what open orders hold left out; negative: short
  bool open_order = false;  // one is still open, so nothing is done
};

// A market order for the symbol.
struct DemoIntent {
  model::Side side = model::Side::kBuy;
  // > 0. A purchase is of whole shares (us_equity) or has at most 4 decimals; a sale may have more
  // if someone else bought them.
  base::Quantity quantity;
  friend bool operator==(const DemoIntent&, const DemoIntent&) = default;
};

class DemoStrategy {
 public:
  explicit DemoStrategy(const DemoOptions& options = {});

  // Symbols count from 0.
  size_t AddSymbol(model::AssetClass asset_class);

  // Whether OnPrice would look at a price of this time, so that nobody finds out how the account
  // stands for each tick.
  bool Due(base::WallTime time, size_t symbol) const;
  // Later prices of a second, and earlier times than the last, do nothing. After a minute without a
  // price a symbol's averages begin anew.
  std::optional<DemoIntent> OnPrice(base::WallTime time, size_t symbol, base::Price price,
                                    const DemoStanding& standing);

 private:
  enum class Wish : uint8_t { kNone, kLong, kFlat };
  struct Symbol {
    model::AssetClass asset_class;
    std::optional<base::WallTime> priced, ordered;  // last
    int prices = 0;                                 // in the averages; not counted beyond `slow`
    double fast = 0, slow = 0;
    int side = 0;  // of the fast one: 1 above the slow one, -1 below; 0: it never left it
    Wish wish = Wish::kNone;
  };
  void Average(Symbol& symbol, double price);
  bool MayOrder(base::WallTime time, const Symbol& symbol);
  base::Quantity Affordable(model::AssetClass asset_class, base::Price price,
                            const DemoStanding& standing) const;

  const DemoOptions options_;
  std::vector<Symbol> symbols_;
  std::deque<base::WallTime> ordered_;  // within the last minute, oldest first
};

}  // namespace livetape::app
