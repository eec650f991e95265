#pragma once

// Whether the store has the bars that a job asks for, and under which names. Functions; any thread.

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "jobs/backtest/bar_feed.h"
#include "jobs/backtest/strategy_catalog.h"
#include "market/instruments.h"
#include "model/bar.h"
#include "store/reader.h"

namespace livetape::api {

struct BarsWanted {
  std::vector<std::string> symbols{};
  model::Timeframe timeframe = model::Timeframe::k1d;
  jobs::TimeRange range{};
};

// Coins by the names that their bars are stored under: BTCUSD and BTC/USD are BTC where that is the
// instrument's, unless there are bars of just that name. Whether one has changed; a fault: two are the same.
std::expected<bool, jobs::ParameterFault> NameAsStored(std::vector<std::string>& symbols,
                                                       const market::Instruments& instruments,
                                                       store::Reader& reader);

// The first of the symbols that has no such bars, with what there is instead; nothing: all have.
std::optional<jobs::ParameterFault> CheckBars(const BarsWanted& wanted, store::Reader& reader);

}  // namespace livetape::api
