#pragma once

// Instrument: what can be quoted and traded.

#include <cstdint>
#include <string>

#include "base/strong_id.h"

namespace livetape::model {

// Dense from 0 in order of creation, the same for the life of the process.
using InstrumentId = base::StrongId<struct InstrumentIdTag, uint32_t>;

enum class AssetClass : uint8_t { kUsEquity, kCrypto };

// Alpaca's spelling: "us_equity", "crypto".
constexpr const char* Name(AssetClass asset_class) {
  return asset_class == AssetClass::kUsEquity ? "us_equity" : "crypto";
}

struct Instrument {
  std::string symbol;  // "AAPL", "BTC", "BTCUSDT"
  AssetClass asset_class = AssetClass::kCrypto;
};

}  // namespace livetape::model
