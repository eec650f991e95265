#include <CLI/CLI.hpp>

#include "app/jobs/backtest_command.h"

namespace livetape::app {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  livetape backtest --csv GOOG=goog.csv --strategy sma_cross --param fast=10 --param slow=30\n"
    "  livetape backtest --symbols GOOG --strategy sma_cross --param fast=5,10,20 "
    "--param slow=30,50\n"
    "  livetape backtest --symbols GOOG --exec 'python3 my_strategy.py'\n"
    "  livetape backtest --recording session.rec --records records.ndjson\n"
    "Exit status: 0 done, 1 it could not be run or was stopped, 2 wrong usage.";

void AddStrategyOptions(CLI::App& sub, BacktestCommand& command) {
  sub.add_option("--strategy", command.strategy, "its name; --list shows all");
  sub.add_option("--param", command.params,
                 "name=value of the strategy; name=value,value,... tries all (a sweep)")
      ->take_all()
      ->allow_extra_args(false);
  sub.add_flag("--list", command.list_strategies, "print the strategies and their parameters");
  sub.add_option("--exec", command.exec,
                 "a program of your own as the strategy: a line of JSON a bar (docs/backtests.md)");
  sub.add_option("--exec-timeout", command.exec_timeout_s,
                 "seconds that it may take for an answer (10)")
      ->check(CLI::Range(0.001, 3600.0));
}

void AddRecordingOptions(CLI::App& sub, BacktestCommand& command) {
  sub.add_option("--recording", command.recording,
                 "play what `livetape serve --record FILE` has written (docs/recording.md)");
  sub.add_option(
      "--records", command.records,
      "with --recording: write the records of orders and fills to this file, a line each");
}

void AddBarOptions(CLI::App& sub, BacktestCommand& command) {
  sub.add_option("--symbols", command.symbols, "symbols, as a comma list; of files: all in them")
      ->delimiter(',');
  sub.add_option("--csv", command.csv,
                 "FILE or SYMBOL=FILE with bars, instead of the data folder's, any number of times")
      ->take_all()
      ->allow_extra_args(false);
  sub.add_option("--asset-class", command.asset_class,
                 "of symbols in files: us_equity (default) or crypto");
  sub.add_option("--from", command.from, "first date or time, inclusive");
  sub.add_option("--to", command.to, "last date or time, inclusive");
  sub.add_option("--timeframe", command.timeframe, "1s, 1m, 5m, 15m, 1h or 1d (1d)");
}

void AddMoneyOptions(CLI::App& sub, BacktestCommand& command) {
  sub.add_option("--cash", command.cash, "at the start (100000)");
  sub.add_option("--fee", command.fee, "fraction of the notional of each fill: 0.002 is 0.2 % (0)");
  sub.add_option("--slippage-bps", command.slippage_bps, "of market and stop orders (0)");
  sub.add_option("--fee-per-share", command.fee_per_share, "money for each unit (0)");
  sub.add_option("--fee-min", command.fee_min, "money for each fill, at least (0)");
  sub.add_option("--close-at-end", command.close_at_end,
                 "what becomes of a position at the last bar: close (default), open or none");
  sub.add_flag("--fractional", command.fractional, "trade parts of a unit");
}

void AddOutputOptions(CLI::App& sub, BacktestCommand& command) {
  sub.add_option("--rank-by", command.rank_by,
                 "figure that ranks a sweep, the largest first (sharpe_ratio)");
  sub.add_option("--rows", command.rows, "of a sweep's table to print (20)");
  sub.add_option("--threads", command.threads, "for a sweep (all processors)")
      ->check(CLI::Range(1U, 1024U));
  sub.add_option("--json", command.json, "write everything to this file");
  sub.add_option("--csv-out", command.csv_out,
                 "write equity, trades, fills and months, or the sweep, to this folder");
}

}  // namespace

CLI::App* AddBacktestCommand(CLI::App& app, BacktestCommand& command) {
  CLI::App* const sub =
      app.add_subcommand("backtest", "Try a strategy on bars of the past and print its figures");
  AddStrategyOptions(*sub, command);
  AddRecordingOptions(*sub, command);
  AddBarOptions(*sub, command);
  AddMoneyOptions(*sub, command);
  AddOutputOptions(*sub, command);
  sub->footer(kExamples);
  return sub;
}

}  // namespace livetape::app
