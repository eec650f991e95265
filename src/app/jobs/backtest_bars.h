#pragma once

// BacktestBars: the bars that a backtest of the command line reads: out of a data folder's store, or
// out of CSV files in memory. Main thread.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/jobs/loaded_csv.h"
#include "base/result.h"
#include "jobs/backtest/backtest.h"
#include "store/bar_rows.h"
#include "store/reader.h"

namespace livetape::app {

class BacktestBars {
 public:
  static base::Result<BacktestBars> OfStore(const std::filesystem::path& folder);
  static BacktestBars OfCsv(std::vector<jobs::LoadedSymbol> symbols, model::Timeframe timeframe);

  // Names of all symbols in files; of a store none, which may have very many.
  std::vector<std::string> FileSymbols() const;

  // To the bars of these symbols in the range; the error says what there is.
  base::Result<void> Select(std::span<const std::string> symbols, model::Timeframe timeframe,
                            const jobs::TimeRange& range);
  // Fresh readers of what was selected, in the order of its symbols. They live as long as this, and
  // until the next call.
  std::vector<jobs::BacktestSymbol> Readers();

 private:
  BacktestBars() = default;

  std::unique_ptr<store::Reader> store_;  // null: files
  std::vector<jobs::LoadedSymbol> loaded_;
  std::vector<store::BarSeries> series_;  // all, then those selected
  jobs::TimeRange range_;
  std::vector<std::unique_ptr<jobs::BarReader>> readers_;
};

}  // namespace livetape::app
