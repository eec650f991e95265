#pragma once

// SymbolSpec: how one made-up instrument behaves. Plain value.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/decimal.h"
#include "base/random.h"
#include "base/result.h"
#include "model/instrument.h"

namespace livetape::market {

struct SymbolSpec {
  std::string symbol;
  model::AssetClass asset_class = model::AssetClass::kUsEquity;
  base::Price start_price;       // a whole number of ticks
  double annual_volatility = 0;  // standard deviation of a year's log return, 0 to 10
  double spread_bps = 1;         // ask - bid, in 1/10000 of the price; at least one tick
  int price_decimals = 2;        // 0 to 9; a tick is 10^-price_decimals
};

// AAPL, TSLA, GOOGL, BTC and ETH have fixed specs; any other name gets plausible values drawn from
// the seed and the name. The class is DefaultAssetClass's unless given.
SymbolSpec DefaultSpec(std::string_view symbol, uint64_t seed,
                       std::optional<model::AssetClass> asset_class = std::nullopt);

// What is wrong with `spec`, in words that name the symbol and the allowed range.
base::Result<void> Check(const SymbolSpec& spec);

// A tick in units of Price.
int64_t TickUnits(const SymbolSpec& spec);

// The random stream number `stream` of a symbol. It depends on nothing but its arguments, so that
// adding a symbol changes no other one.
base::Random SymbolRandom(uint64_t seed, std::string_view symbol, uint64_t stream);

// Nobody's market closes in the made-up world.
inline constexpr double kSecondsPerYear = 365.0 * 86400.0;

}  // namespace livetape::market
