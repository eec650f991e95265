#pragma once

// Files that `livetape backtest` writes: one JSON document, or a folder of CSV files. Main thread.

#include <string>

#include "base/result.h"
#include "jobs/backtest/backtest.h"
#include "jobs/backtest/backtest_request.h"
#include "jobs/backtest/sweep.h"

namespace livetape::app {

// {"version", "request", "params", "results", "trades", "fills", "equity", "months", ...}
base::Result<void> WriteJson(const std::string& path, const jobs::BacktestRequest& request,
                             const jobs::ParameterValues& values,
                             const jobs::BacktestResult& result);
// {"version", "request", "skipped", "rows": [{"params", "results", "ruined"}], ...}
base::Result<void> WriteJson(const std::string& path, const jobs::BacktestRequest& request,
                             uint64_t skipped, const jobs::SweepResult& result);

// equity.csv, trades.csv, fills.csv and months.csv in `folder`, which is made if it is not there.
base::Result<void> WriteCsv(const std::string& folder, const jobs::BacktestRequest& request,
                            const jobs::BacktestResult& result);
// sweep.csv: a column for each parameter and figure.
base::Result<void> WriteCsv(const std::string& folder, const jobs::SweepResult& result);

}  // namespace livetape::app
