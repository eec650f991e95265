#pragma once

// DefaultAssetClass: which class a symbol has when nobody says. Pure function.

#include <string_view>

#include "model/instrument.h"

namespace livetape::market {

// us_equity for one to five capital letters that are not the name of a known coin (the list is in
// the .cc file); crypto for everything else: "AAPL" and "F" are shares, "BTC", "BTCUSDT", "BTC/USD"
// and "room-7" are not.
model::AssetClass DefaultAssetClass(std::string_view symbol);

}  // namespace livetape::market
