#pragma once

// BacktestRun: one run of a backtest, moment by moment (docs/backtests.md, "A bar, step by step"). One
// thread owns it; RunBacktest is how it is used.

#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "floor/trading_floor.h"
#include "jobs/backtest/backtest.h"
#include "jobs/backtest/day_cursor.h"
#include "jobs/backtest/desk.h"
#include "jobs/backtest/equity_log.h"
#include "jobs/backtest/timeline.h"
#include "jobs/backtest/trade_log.h"
#include "jobs/pace.h"

namespace livetape::jobs {

class BacktestRun {
 public:
  // What it is given outlives it.
  BacktestRun(const BacktestSpec& spec, const StrategyPlan& plan,
              std::span<const BacktestSymbol> symbols, const BacktestControl& control);

  base::Result<BacktestResult> Run();

 private:
  // What buying and holding a symbol brings.
  struct Benchmark {
    uint64_t bars = 0;
    base::Price first;  // 0: the strategy could not decide yet
    base::Price last;
  };

  void OpenDesks();
  // One moment; false: nobody has equity any more.
  bool Step();
  bool OrdersMayRest() const;
  bool SomethingHappensAtOpen() const;
  void Open(base::WallTime time, std::span<const SymbolBar> bars);
  void GiveUpLastBars(base::WallTime time);
  void CloseLastBars(base::WallTime time);
  void Mark(base::WallTime time);
  void EndRuined();
  bool Exposed(uint64_t fills_before) const;
  void Compare(const SymbolBar& b);
  void Report();
  BacktestResult Result(bool stopped);
  BacktestFigures Figures(int days_per_year) const;
  std::optional<double> BuyAndHold() const;
  Desk& DeskOf(Symbol symbol) { return *desks_[plan_.portfolio ? 0 : symbol.value()]; }

  const BacktestSpec& spec_;
  const StrategyPlan& plan_;
  const std::span<const BacktestSymbol> symbols_;
  const BacktestControl& control_;
  Pace pace_;
  Timeline timeline_;
  TradeLog log_;
  floor::TradingFloor floor_;
  std::vector<std::unique_ptr<Desk>> desks_;  // by account
  std::vector<base::Amount> worth_;
  base::Amount equity_;  // the sum of them
  EquityLog equity_log_;
  DayCursor days_;
  std::vector<Benchmark> benchmarks_;
  std::vector<model::AccountId> changed_;
  size_t ended_ = 0;  // desks without equity
  uint64_t moments_ = 0, exposed_ = 0, bars_ = 0;
  base::WallTime first_;
};

}  // namespace livetape::jobs
