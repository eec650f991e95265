#pragma once

// Bars as the store takes and gives them. Plain values.

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/bar.h"
#include "model/instrument.h"

namespace livetape::store {

// Bars of one symbol and timeframe, each later than the one before. A bar of a time that is known
// takes the place of the one that is there; the others are added.
struct BarRows {
  std::string symbol{};
  model::Timeframe timeframe = model::Timeframe::k1d;
  model::AssetClass asset_class = model::AssetClass::kUsEquity;  // the last written counts
  std::vector<model::Bar> bars{};
};

// What there is of one symbol and timeframe; at least one bar.
struct BarSeries {
  std::string symbol{};
  model::Timeframe timeframe = model::Timeframe::k1d;
  model::AssetClass asset_class = model::AssetClass::kUsEquity;
  uint64_t bars = 0;
  base::WallTime first{}, last{};  // starts of the oldest and the newest bar
};

}  // namespace livetape::store
