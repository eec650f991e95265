#pragma once

// TradeLog: what the floor says of a backtest's orders, as fills and round trips. One thread owns
// it, the one of the floor.

#include <cstdint>
#include <map>
#include <vector>

#include "base/clock.h"
#include "base/decimal.h"
#include "floor/order_event.h"
#include "floor/trading_floor.h"
#include "jobs/backtest/statistics.h"
#include "jobs/backtest/strategy.h"

namespace livetape::jobs {

// Of a run the first so many fills and trades are kept; those after them count in every figure.
inline constexpr size_t kFillsKept = 1'000'000;

struct RunFill {
  base::WallTime time;
  Symbol symbol;
  model::Side side = model::Side::kBuy;
  model::OrderType type = model::OrderType::kMarket;
  bool maker = false;  // a limit that rested
  model::OrderId order;
  base::Quantity quantity;
  base::Price price;
  base::Price source_price;  // before slippage
  base::Quantity position;   // after it, signed
  base::Amount fee;
  base::Amount realized;  // by this fill, net of its fee
  base::Amount cash;      // after it
};

// One symbol from flat to flat. What is left open at the end is no trade.
struct Trade {
  Symbol symbol;
  bool is_long = true;
  base::WallTime opened, closed;
  base::Price entry, exit;  // averages, rounded
  base::Quantity quantity;  // the largest that was held
  base::Amount profit;      // net of all its fees
  base::Amount fees;
  double fraction = 0;  // profit / (average entry x quantity)
};

class TradeLog final : public floor::FloorObserver {
 public:
  // For symbols 0 to `symbols` - 1.
  explicit TradeLog(size_t symbols) : open_(symbols) {}

  void OnOrderEvent(const floor::OrderEvent& event) override;
  void OnRuined(model::AccountId account, base::WallTime time) override;
  // An order that was not even placed.
  void Refuse(floor::RefusalReason reason) { ++refused_[reason]; }

  const std::vector<RunFill>& fills() const { return fills_; }
  const std::vector<Trade>& trades() const { return trades_; }
  uint64_t fill_count() const { return fill_count_; }
  // Of all trades, in the order in which they ended.
  const std::vector<TradeOutcome>& outcomes() const { return outcomes_; }
  base::Amount fees() const { return fees_; }
  // Orders that the floor has refused or given up, by reason.
  const std::map<floor::RefusalReason, uint64_t>& refused() const { return refused_; }
  // Accounts whose equity was used up, in that order.
  const std::vector<model::AccountId>& ruined() const { return ruined_; }

  // Gives the lists away.
  std::vector<RunFill> TakeFills() { return std::move(fills_); }
  std::vector<Trade> TakeTrades() { return std::move(trades_); }

 private:
  struct OpenTrade {
    Trade trade;
    int64_t quantity = 0;                 // signed units
    base::Int128 bought = 0, closed = 0;  // units that opened, and that closed
    base::Amount entry_value, exit_value;
  };
  void Add(const floor::OrderEvent& event);
  static void Enter(OpenTrade& open, base::Quantity quantity, base::Price price);
  void Finish(OpenTrade& open, base::WallTime time);

  std::vector<OpenTrade> open_;
  std::vector<RunFill> fills_;
  std::vector<Trade> trades_;
  std::vector<TradeOutcome> outcomes_;
  uint64_t fill_count_ = 0;
  base::Amount fees_;
  std::map<floor::RefusalReason, uint64_t> refused_;
  std::vector<model::AccountId> ruined_;
};

}  // namespace livetape::jobs
