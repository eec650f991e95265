#pragma once

// Sweep: the same backtest with many combinations of parameters, over several threads, and the table
// of their figures (docs/backtests.md, "Sweeps"). RunSweep starts the threads and waits for them.

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jobs/backtest/backtest.h"
#include "jobs/backtest/backtest_request.h"
#include "jobs/backtest/model_strategy.h"
#include "jobs/backtest/strategy_catalog.h"
#include "model/bar.h"
#include "model/instrument.h"

namespace livetape::jobs {

// Of all symbols: 320 MB. More than that is an error, which says so.
inline constexpr size_t kSweepBarsMax = 5'000'000;

// The bars of one symbol in memory, shared by all runs.
struct LoadedSymbol {
  std::string name;
  model::AssetClass asset_class = model::AssetClass::kUsEquity;
  std::vector<model::Bar> bars;
};

// Reads all bars of the range; `stop` is looked at now and then, and ends it with what is read by then.
base::Result<std::vector<LoadedSymbol>> LoadSymbols(std::span<const BacktestSymbol> symbols,
                                                    const TimeRange& range,
                                                    const std::stop_token& stop);

struct SweepCandidate {
  ParameterValues values;
  StrategyPlan plan;  // `make` is called by any thread
};

struct PlannedSweep {
  std::vector<SweepCandidate> candidates{};  // in the order of the combinations
  // Combinations that are invalid, or whose model may not be used on the bars.
  uint64_t skipped = 0;
};

// The fault of a sweep of which nothing is left, from that of its first combination.
ParameterFault NoneCanBeRun(uint64_t combinations, ParameterFault first);

// The plans of a request's combinations. A fault, that of the first one, where none can be run.
std::expected<PlannedSweep, ParameterFault> PlanSweep(const BacktestRequest& request,
                                                      const CheckedBacktest& checked,
                                                      const ModelSource& models,
                                                      std::span<const LoadedSymbol> symbols);

struct SweepRow {
  ParameterValues values;
  BacktestFigures figures;
  bool ruined = false;
};

struct SweepProgress {
  uint64_t done = 0, total = 0;         // bars of all runs
  uint64_t runs = 0, combinations = 0;  // runs that have ended, of so many
};

class SweepSink {
 public:
  virtual ~SweepSink() = default;
  // By any thread of the sweep, one at a time; `done` never goes back. The last call, of a sweep that
  // was not stopped, has done all.
  virtual void OnProgress(const SweepProgress& progress) = 0;
};

struct SweepControl {
  const base::Clock& clock;
  SweepSink* sink = nullptr;
  std::chrono::milliseconds interval{100};  // between two calls of the sink, at least
  std::stop_token stop{};                   // looked at after every bar
  size_t threads = 1;                       // the calling one among them
};

struct SweepResult {
  bool stopped = false;  // rows are of the runs that had ended
  // Best first: the largest `rank_by`, those without one last; of the same, in the order of the
  // candidates.
  std::vector<SweepRow> rows;
  uint64_t bars = 0;  // of all symbols, seen by each run
  base::WallTime first, last;
  int days_per_year = kTradingDays;
  uint64_t data_hash = 0;
};

// Each candidate's run has the figures that RunBacktest gives it alone. `rank_by` is a figure's name.
// There are symbols and candidates, 1 to kCombinationsMax; each symbol has a bar, else the error says
// so.
base::Result<SweepResult> RunSweep(const BacktestSpec& spec,
                                   std::span<const SweepCandidate> candidates,
                                   std::span<const LoadedSymbol> symbols, std::string_view rank_by,
                                   const SweepControl& control);

}  // namespace livetape::jobs
