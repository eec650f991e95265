#pragma once

// SelectBars: which series of bars a backtest reads, told from what there is. Pure functions; the
// errors say what exists.

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "jobs/backtest/bar_feed.h"
#include "model/bar.h"
#include "store/bar_rows.h"

namespace livetape::app {

// The series of each symbol, in their order. `all`: every series there is.
base::Result<std::vector<store::BarSeries>> SelectBars(std::span<const store::BarSeries> all,
                                                       std::span<const std::string> symbols,
                                                       model::Timeframe timeframe,
                                                       const jobs::TimeRange& range);

// "2024-01-31", and with the time of day where it is not midnight.
std::string ShortTime(base::WallTime time);

}  // namespace livetape::app
