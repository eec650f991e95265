#pragma once

// InstrumentTable: the instruments a feed has named, in order of their first appearance.
// One thread owns it.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/market_event.h"

namespace livetape::market {

inline constexpr size_t kFeedSymbolsMax = 10'000;

class InstrumentTable {
 public:
  // Every instrument is of `asset_class`; without one, of DefaultAssetClass(symbol).
  explicit InstrumentTable(std::optional<model::AssetClass> asset_class)
      : asset_class_(asset_class) {}

  // The id of `symbol`; a new one is listed in `events` first. An error when a new one would be the
  // (kFeedSymbolsMax + 1)th.
  base::Result<model::InstrumentId> Find(std::string_view symbol, base::WallTime time,
                                         std::vector<model::MarketEvent>& events);

  const std::vector<std::string>& symbols() const { return symbols_; }  // by id

 private:
  const std::optional<model::AssetClass> asset_class_;
  std::vector<std::string> symbols_;
  std::map<std::string, model::InstrumentId, std::less<>> ids_;
  model::InstrumentId last_;  // most lines are about the instrument of the line before
};

// 1 to 32 printable ASCII characters without blank, comma and quote.
bool IsSymbol(std::string_view text);

}  // namespace livetape::market
