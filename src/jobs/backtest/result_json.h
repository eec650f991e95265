#pragma once

// What a backtest has brought, as JSON text: the same on the command line and over HTTP
// (docs/backtests.md, "Results"). Pure functions; each appends one value. Money and prices are numbers
// with all their decimals; a figure that is not defined is null.

#include <span>
#include <string>

#include "jobs/backtest/backtest.h"
#include "jobs/backtest/backtest_request.h"
#include "jobs/backtest/sweep.h"

namespace livetape::jobs {

// {"final_equity": ..., "total_return": ..., ...}
void AppendFigures(std::string& out, const BacktestFigures& figures);
// {"fast": 10, "slow": 30, "short": false}
void AppendParameters(std::string& out, const ParameterValues& values);
// [{"time", "equity"}, ...]
void AppendEquity(std::string& out, const EquityCurve& curve);
// [{"month": "2024-01", "return": 0.01}, ...]
void AppendMonths(std::string& out, std::span<const MonthReturn> months);
// One round trip. `symbols`: names by number.
void AppendTrade(std::string& out, const Trade& trade, std::span<const std::string> symbols);
void AppendFill(std::string& out, const RunFill& fill, std::span<const std::string> symbols);
// {"params": {...}, "results": {...}, "ruined": false}
void AppendRow(std::string& out, const SweepRow& row);

// The request as it was understood, as in the body of POST /api/v1/backtests.
void AppendRequest(std::string& out, const BacktestRequest& request);

// 16 hexadecimal digits.
std::string HashText(uint64_t hash);

// A finite double in its shortest form, or null.
void AppendNumber(std::string& out, std::optional<double> value);

}  // namespace livetape::jobs
