#pragma once

// BarSink: where an import's bars go. Called by the import's thread.

#include <string>
#include <vector>

#include "base/result.h"
#include "model/bar.h"
#include "model/instrument.h"

namespace livetape::jobs {

inline constexpr size_t kSinkBarsMax = 4096;

// Bars of one symbol, 1 to kSinkBarsMax, each later than the one before. Their starts are aligned to
// the timeframe.
struct BarBatch {
  std::string symbol{};
  model::Timeframe timeframe = model::Timeframe::k1d;
  model::AssetClass asset_class = model::AssetClass::kUsEquity;
  std::vector<model::Bar> bars{};
};

class BarSink {
 public:
  virtual ~BarSink() = default;
  // May wait until there is room. An error ends the import. A later batch of the symbol may lie
  // before or between the bars of an earlier one; the last of two bars of one time counts.
  virtual base::Result<void> Take(BarBatch batch) = 0;
};

}  // namespace livetape::jobs
