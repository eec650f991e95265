#pragma once

// `livetape backtest`: runs a backtest or a sweep on bars of a data folder or of CSV files, prints what
// it has brought and writes it to files (docs/backtests.md). Main thread.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "config/load.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own
class App;
}

namespace livetape::app {

// As typed; what is not typed has the value that it shows.
struct BacktestCommand {
  config::LoadOptions load;
  bool list_strategies = false;
  std::string strategy, exec;
  std::vector<std::string> params;  // "fast=10", "slow=20,30"
  std::vector<std::string> symbols;
  std::vector<std::string> csv;  // "goog.csv", "GOOG=goog.csv"
  std::string asset_class = "us_equity";
  std::string from, to, timeframe = "1d";
  std::string cash = "100000", fee = "0", slippage_bps = "0", fee_per_share = "0", fee_min = "0";
  std::string close_at_end = "close", rank_by = "sharpe_ratio";
  bool fractional = false;
  unsigned threads = 0;  // 0: one for each processor
  unsigned rows = 20;
  double exec_timeout_s = 10;
  std::optional<std::string> json, csv_out;
  std::optional<std::string> recording, records;  // of `serve --record`; then there is no strategy
};

// Adds the command with its options, which fill in `command`. Its configuration's flags are added by
// who calls.
CLI::App* AddBacktestCommand(CLI::App& app, BacktestCommand& command);

// The exit status: 0 done; 1 it could not be run or was stopped; 2 what was asked for makes no sense.
// What there is to say has been printed.
int RunBacktestCommand(const BacktestCommand& command, const base::Clock& clock);

}  // namespace livetape::app
