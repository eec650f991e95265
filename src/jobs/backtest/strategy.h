#pragma once

// Strategy: sees the bars of a backtest one after another and says what it wants to hold or order.
// One thread owns it.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "base/decimal.h"
#include "floor/account.h"
#include "floor/order_request.h"
#include "jobs/backtest/bar_feed.h"
#include "model/bar.h"
#include "model/instrument.h"

namespace livetape::jobs {

// Symbols of a backtest are numbered from 0; the floor's instruments have the same numbers.
using Symbol = model::InstrumentId;

struct SymbolBar {
  Symbol symbol;
  const model::Bar* bar = nullptr;
};

enum class Stance : uint8_t { kFlat, kLong, kShort };

// To hold nothing, or as much as the cash buys. One who has that stance already keeps what it has.
// What is held otherwise is closed before, and what is open in the symbol is canceled.
struct Target {
  Symbol symbol;
  Stance stance = Stance::kFlat;
  uint32_t parts = 1;  // of the cash at hand, one of so many equal parts
};
// What rests in a symbol is to be canceled.
struct CancelOpen {
  Symbol symbol;
};
// Wishes take effect at the next open of their symbol, in their order. A newer target replaces an
// older one of its symbol that still waits for a bar.
using Intent = std::variant<Target, CancelOpen, floor::OrderRequest>;

// What the account of a strategy has, at the marks of the moment.
class Holdings {
 public:
  explicit Holdings(const floor::Account& account) : account_(account) {}
  base::Quantity PositionIn(Symbol symbol) const {
    const floor::Position* const position = account_.Find(symbol);
    return position != nullptr ? position->quantity : base::Quantity();
  }
  Stance StanceIn(Symbol symbol) const {
    const base::Quantity quantity = PositionIn(symbol);
    if (quantity.zero()) return Stance::kFlat;
    return quantity.positive() ? Stance::kLong : Stance::kShort;
  }
  base::Amount cash() const { return account_.cash(); }
  base::Amount equity() const { return account_.equity(); }

 private:
  const floor::Account& account_;
};

class Strategy {
 public:
  virtual ~Strategy() = default;
  // All bars of one moment, by symbol; a strategy for a single symbol gets one at a time. They have
  // closed: what it wants is added to `intents`.
  virtual void OnBars(std::span<const SymbolBar> bars, const Holdings& holdings,
                      std::vector<Intent>& intents) = 0;
};

// How a strategy with its parameters is run.
struct StrategyPlan {
  // One account for all symbols; else each symbol gets a strategy of its own, and its share of the
  // cash.
  bool portfolio = false;
  // Bars of a symbol until it can first decide; buying and holding counts from there.
  size_t warm_up = 1;
  // Bars that it must not be run on.
  std::optional<ForbiddenSpan> forbidden{};
  // A fresh one, for so many symbols.
  std::function<std::unique_ptr<Strategy>(size_t symbols)> make;
};

}  // namespace livetape::jobs
