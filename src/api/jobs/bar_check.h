#pragma once

// CheckBars: whether the store has the bars that a job asks for. A function; any thread.

#include <optional>
#include <string>
#include <vector>

#include "jobs/backtest/bar_feed.h"
#include "jobs/backtest/strategy_catalog.h"
#include "model/bar.h"
#include "store/reader.h"

namespace livetape::api {

struct BarsWanted {
  std::vector<std::string> symbols{};
  model::Timeframe timeframe = model::Timeframe::k1d;
  jobs::TimeRange range{};
};

// The first of the symbols that has no such bars, with what there is instead; nothing: all have.
std::optional<jobs::ParameterFault> CheckBars(const BarsWanted& wanted, store::Reader& reader);

}  // namespace livetape::api
