#pragma once

// LoadCsv: the bars of CSV files in memory, for a backtest without a store. The calling thread.

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "jobs/backtest/sweep.h"
#include "jobs/import/csv_import.h"
#include "model/bar.h"

namespace livetape::app {

struct CsvSource {
  std::string symbol;  // of files without a column of symbols; empty: the file's name says it
  std::string path;
};

// "GOOG=goog.csv" or "goog.csv".
CsvSource ParseCsvSource(const std::string& text);

struct LoadedCsv {
  std::vector<jobs::LoadedSymbol> symbols;  // by name; bars ascending
  std::vector<std::string> notes;           // about rows that were not taken
};

// All files together; of two bars of one symbol and time the last counts. The error names the file.
base::Result<LoadedCsv> LoadCsv(const std::vector<CsvSource>& sources, model::Timeframe timeframe,
                                model::AssetClass asset_class);

}  // namespace livetape::app
