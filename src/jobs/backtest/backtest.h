#pragma once

// Backtest: a strategy trades on recorded bars, on the trading floor of paper trading with a simulated
// clock (docs/backtests.md). One thread runs it; the same input gives the same result.

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/decimal.h"
#include "base/result.h"
#include "floor/account_settings.h"
#include "floor/refusal.h"
#include "jobs/backtest/bar_feed.h"
#include "jobs/backtest/equity_log.h"
#include "jobs/backtest/figures.h"
#include "jobs/backtest/statistics.h"
#include "jobs/backtest/strategy.h"
#include "jobs/backtest/trade_log.h"
#include "jobs/bar_reader.h"
#include "market/sessions.h"
#include "model/instrument.h"

namespace livetape::jobs {

// What becomes of a position at the last bar of its symbol.
enum class CloseAtEnd : uint8_t {
  kOpen,   // it is closed at the open, and nothing else happens there
  kClose,  // at the close
  kNone,   // it stays open, and is no trade
};
inline constexpr std::array<std::string_view, 3> kCloseAtEndNames = {"open", "close", "none"};
constexpr std::string_view Name(CloseAtEnd v) { return kCloseAtEndNames[static_cast<size_t>(v)]; }

struct BacktestSymbol {
  std::string name;
  model::AssetClass asset_class = model::AssetClass::kUsEquity;
  BarReader* bars = nullptr;
};

struct BacktestSpec {
  TimeRange range;
  base::Amount cash = base::Amount::From(base::Decimal::FromUnits(100'000 * base::kDecimalScale));
  floor::Fees fees;
  base::Decimal slippage_bps;
  CloseAtEnd close_at_end = CloseAtEnd::kClose;
  bool fractional = false;
  market::Hours hours = market::Hours::kAlways;  // where days roll
  bool daily_bars = false;  // each bar is a day of the figures, wherever days roll
  double risk_free_rate = 0;
  bool keeps_curve = true;  // else only figures and trades
};

// How far a run has come.
struct BacktestProgress {
  uint64_t done = 0;              // bars of all symbols
  std::optional<uint64_t> total;  // if the readers know
  base::WallTime time;            // of the newest bar
  base::Amount equity;
  uint64_t trades = 0;
  const EquityCurve& curve;  // so far
};

class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  // On the thread of the run. The last call, of a run that was not stopped, has done all.
  virtual void OnProgress(const BacktestProgress& progress) = 0;
};

// How a run is watched and stopped.
struct BacktestControl {
  const base::Clock& clock;
  ProgressSink* sink = nullptr;
  std::chrono::milliseconds interval{100};  // between two calls of the sink, at least
  std::stop_token stop{};                   // looked at after every bar
};

struct BacktestResult {
  bool stopped = false;  // before its end: all is as of then
  bool ruined = false;   // the equity of an account was used up
  BacktestFigures figures;
  EquityCurve curve;
  std::vector<MonthReturn> months;
  std::vector<Trade> trades;  // the first kFillsKept
  std::vector<RunFill> fills;
  uint64_t fill_count = 0;
  // Orders that were not carried out, by reason.
  std::map<floor::RefusalReason, uint64_t> refused;
  uint64_t bars = 0;  // of all symbols
  base::WallTime first, last;
  int days_per_year = kTradingDays;
  uint64_t data_hash = 0;
};

// `spec.cash` is positive and there is a symbol; the error says which symbol has no bars, or a faulty
// one.
base::Result<BacktestResult> RunBacktest(const BacktestSpec& spec, const StrategyPlan& plan,
                                         std::span<const BacktestSymbol> symbols,
                                         const BacktestControl& control);

}  // namespace livetape::jobs
