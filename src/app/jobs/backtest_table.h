#pragma once

// What `livetape backtest` prints: the figures, months and trades of a run, the ranked table of a
// sweep, the strategies there are. Pure functions of values to text.

#include <span>
#include <string>

#include "jobs/backtest/backtest.h"
#include "jobs/backtest/backtest_request.h"
#include "jobs/backtest/sweep.h"

namespace livetape::app {

// `title` names the strategy with its parameters.
std::string Table(const std::string& title, const jobs::BacktestRequest& request,
                  const jobs::BacktestResult& result);

// At most `rows` of the ranked rows.
std::string Table(const jobs::BacktestRequest& request, const jobs::PlannedSweep& planned,
                  const jobs::SweepResult& result, size_t rows);

// All strategies with their parameters.
std::string StrategyTable();

// 1234567.891 as "1,234,567.89".
std::string MoneyText(base::Amount amount);

}  // namespace livetape::app
