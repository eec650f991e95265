#pragma once

// Desk: one account of a backtest with its strategy: turns what the strategy wants into orders, at
// the next open (docs/backtests.md, "A bar, step by step"). One thread owns it.

#include <memory>
#include <span>
#include <vector>

#include "base/clock.h"
#include "floor/trading_floor.h"
#include "jobs/backtest/strategy.h"
#include "jobs/backtest/trade_log.h"

namespace livetape::jobs {

class Desk {
 public:
  // The floor and the log outlive it.
  Desk(floor::TradingFloor& floor, TradeLog& log, model::AccountId account,
       std::unique_ptr<Strategy> strategy, bool fractional);

  // The bars of now have opened: what waits for one of them is done.
  void Act(base::WallTime time, std::span<const SymbolBar> bars) {
    if (!waiting_.empty()) ActOn(time, bars);
  }
  // What waits for the symbol is forgotten, and its open orders are canceled.
  void GiveUp(base::WallTime time, Symbol symbol);
  // The same, and what is held is sold, or bought back, now.
  void Leave(base::WallTime time, Symbol symbol);
  // The bars have closed.
  void See(std::span<const SymbolBar> bars);

  const floor::Account& account() const { return account_; }
  // Something is to be done at the next open.
  bool waits() const { return !waiting_.empty(); }
  // The strategy has placed orders of its own, which may still be open.
  bool orders_may_rest() const { return may_rest_; }
  // Has no equity any more: it sees and does nothing from then on.
  bool ended() const { return ended_; }
  void End() { ended_ = true; }

 private:
  void ActOn(base::WallTime time, std::span<const SymbolBar> bars);
  void Do(base::WallTime time, const Intent& intent);
  void Pursue(base::WallTime time, const Target& target);
  void Close(base::WallTime time, Symbol symbol);
  void CancelOpenIn(base::WallTime time, Symbol symbol);
  void Place(base::WallTime time, Symbol symbol, model::Side side, base::Quantity quantity);
  void ForgetOlderTargets(size_t first_new);

  floor::TradingFloor& floor_;
  TradeLog& log_;
  const model::AccountId id_;
  const floor::Account& account_;
  const std::unique_ptr<Strategy> strategy_;
  const bool fractional_;
  bool ended_ = false;
  bool may_rest_ = false;  // the strategy has placed orders of its own
  std::vector<Intent> waiting_;
};

}  // namespace livetape::jobs
