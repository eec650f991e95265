#pragma once

// BacktestRequest: a backtest or a sweep of many as somebody asks for it (docs/backtests.md,
// "Request"), and the check of it. Pure functions; what bars there are is not looked at here.

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jobs/backtest/backtest.h"
#include "jobs/backtest/strategy_catalog.h"
#include "model/bar.h"

namespace livetape::jobs {

inline constexpr size_t kCombinationsMax = 10'000;
inline constexpr size_t kBacktestSymbolsMax = 1'000;
// That the combinations of a sweep may share out among them: all are held in memory.
inline constexpr size_t kSweepModelsMax = 100;

struct BacktestRequest {
  std::string strategy;
  // Several values of one parameter ask for a sweep over all combinations.
  std::map<std::string, std::vector<ParameterValue>, std::less<>> params{};
  std::vector<std::string> symbols{};
  model::Timeframe timeframe = model::Timeframe::k1d;
  BacktestSpec spec{};
  std::string rank_by = "sharpe_ratio";  // a figure's name
};

// What is to be run.
struct CheckedBacktest {
  bool sweep = false;
  // Complete and valid, in the order of the lists: the last parameter's values change fastest. One, if
  // it is no sweep.
  std::vector<ParameterValues> combinations{};
  uint64_t skipped = 0;  // invalid ones, of a sweep
};

// The fault names the field of the request ("symbols", "params.fast") and says what would be right.
std::expected<CheckedBacktest, ParameterFault> Check(const BacktestRequest& request);

// The beginning or the end of a range as text: a date, or a time in RFC 3339. Both are inclusive, and
// a date as the end means all of its day (UTC).
base::Result<base::WallTime> ParseFrom(std::string_view text);
base::Result<base::WallTime> ParseTo(std::string_view text);

// The values as `fast=10 slow=30 short=false`.
std::string Text(const ParameterValues& values);
std::string Text(const ParameterValue& value);

}  // namespace livetape::jobs
